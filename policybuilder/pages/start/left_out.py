"""What a starting point for one kind of project leaves out, and what does the same job in its place."""

from collections import Counter
from dataclasses import dataclass

from policybuilder.catalog_files.judged_starting_points import left_out
from policybuilder.catalog_files.starting_points import Template, Variant
from policybuilder.domain.access.evaluation import Project
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Operation, Support
from policybuilder.domain.catalog.scope import Goal
from policybuilder.domain.findings import Plural

REPLACES = Plural(
    "Replaces 1 operation that has no effect in {place}",
    "Replaces {n:,} operations that have no effect in {place}",
)
NO_EFFECT = Plural(
    "Leaves out 1 operation that has no effect in {place}",
    "Leaves out {n:,} operations that have no effect in {place}",
)
PERHAPS_NO_EFFECT = Plural(
    "Leaves out 1 operation that may have no effect in {place}",
    "Leaves out {n:,} operations that may have no effect in {place}",
)
NEEDS_ACTION = Plural(
    "Leaves out 1 operation that needs an action that may have no effect in {place}",
    "Leaves out {n:,} operations that need an action that may have no effect in {place}",
)


@dataclass(frozen=True, slots=True)
class Replaced:
    """The name of an operation, and the one in the variant that does its job."""

    name: str
    instead: Operation


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What the variant for one kind of project has not, each with its name: what other operations in it do, and the
    rest. Either can be empty."""

    project: Project
    replaced: tuple[Replaced, ...]
    missing: tuple[tuple[str, Operation], ...]

    @property
    def replaced_said(self) -> str:
        return REPLACES.format(n=len(self.replaced), place=Goal(self.project.value).place)

    @property
    def missing_said(self) -> str:
        """A sentence for each reason why operations are left out."""
        supports = Counter(_support(operation, self.project) for _, operation in self.missing)
        none, working = supports[Support.NO], supports[Support.YES]
        reasons = ((NO_EFFECT, none), (PERHAPS_NO_EFFECT, len(self.missing) - none - working), (NEEDS_ACTION, working))
        place = Goal(self.project.value).place
        return ". ".join(template.format(n=number, place=place) for template, number in reasons if number)


def _support(operation: Operation, project: Project) -> Support:
    scope = operation.scope
    return scope.iam_project if project is Project.IAM else scope.enterprise_project


def find_left_out(catalog: Catalog, template: Template, variant: Variant) -> LeftOut:
    gone = left_out(template, variant)
    listed = [(catalog.titles.operation_name(each), each) for id_, each in catalog.operations.items() if id_ in gone]
    instead = {operation.id: _instead(catalog, variant, operation) for _, operation in listed}
    return LeftOut(
        variant.project,
        tuple(Replaced(name, found) for name, each in listed if (found := instead[each.id])),
        tuple((name, each) for name, each in listed if instead[each.id] is None),
    )


def _instead(catalog: Catalog, variant: Variant, operation: Operation) -> Operation | None:
    found = operation.enterprise_alternative
    return catalog.operation(found) if found is not None and found in variant.operations else None
