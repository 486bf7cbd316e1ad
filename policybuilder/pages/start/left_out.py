"""What a starting point for one kind of project leaves out, and what does the same job in its place."""

from collections import Counter
from dataclasses import dataclass

from policybuilder.catalog_files.judged_starting_points import left_out
from policybuilder.catalog_files.starting_points import Template, Variant
from policybuilder.domain.access.evaluation import Project
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Operation, Support
from policybuilder.domain.catalog.scope import Goal
from policybuilder.domain.words import counted, have


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
        number = len(self.replaced)
        return (
            f"Replaces {counted(number, 'operation')} that {have(number)} no effect in {Goal(self.project.value).place}"
        )

    @property
    def missing_said(self) -> str:
        """Leaves out 3 operations that have no effect in enterprise projects; of several kinds, how many of each."""
        supports = Counter(_support(operation, self.project) for _, operation in self.missing)
        none, working = supports[Support.NO], supports[Support.YES]
        parts = [
            (none, have(none)),
            (len(self.missing) - none - working, "may have"),
            (working, f"{'needs' if working == 1 else 'need'} an action that may have"),
        ]
        (first, has), *others = ((number, has) for number, has in parts if number)
        effect = f"no effect in {Goal(self.project.value).place}"
        said = f"Leaves out {counted(len(self.missing), 'operation')}"
        if not others:
            return f"{said} that {has} {effect}"
        return ", ".join((f"{said}: {first:,} {has} {effect}", *(f"{number:,} {has} none" for number, has in others)))


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
