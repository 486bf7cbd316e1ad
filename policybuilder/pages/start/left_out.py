"""What a starting point for one kind of project leaves out, and what does the same job in its place."""

from collections import Counter
from dataclasses import dataclass

from policybuilder.domain.access.evaluation import Project
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Operation, Support
from policybuilder.domain.words import counted
from policybuilder.store.judged_starting_points import left_out
from policybuilder.store.starting_points import Template, Variant

from .words import PLACES


@dataclass(frozen=True, slots=True)
class LeftOutRow:
    """`instead` does the same job and is in it; "" where nothing does."""

    name: str
    operation: Operation
    instead: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What the variant for one kind of project leaves out, of which some operation at least."""

    project: Project
    rows: tuple[LeftOutRow, ...]

    @property
    def said(self) -> str:
        """Leaves out 3 operations that have no effect in enterprise projects; of several kinds, how many of each."""
        supports = Counter(_support(row.operation, self.project) for row in self.rows)
        none, working = supports[Support.NO], supports[Support.YES]
        parts = [
            (none, "has" if none == 1 else "have"),
            (len(self.rows) - none - working, "may have"),
            (working, f"{'needs' if working == 1 else 'need'} an action that may have"),
        ]
        (first, has), *others = ((number, has) for number, has in parts if number)
        effect = f"no effect in {PLACES[self.project]}"
        said = f"Leaves out {counted(len(self.rows), 'operation')}"
        if not others:
            return f"{said} that {has} {effect}"
        return ", ".join((f"{said}: {first:,} {has} {effect}", *(f"{number:,} {has} none" for number, has in others)))


def _support(operation: Operation, project: Project) -> Support:
    scope = operation.scope
    return scope.iam_project if project is Project.IAM else scope.enterprise_project


def find_left_out(catalog: Catalog, template: Template, variant: Variant) -> LeftOut | None:
    gone = left_out(template, variant)
    rows = tuple(
        LeftOutRow(catalog.operation_name(each), each, _instead(catalog, variant, each))
        for id_, each in catalog.operations.items()
        if id_ in gone
    )
    return LeftOut(variant.project, rows) if rows else None


def _instead(catalog: Catalog, variant: Variant, operation: Operation) -> str:
    found = operation.enterprise_alternative
    return catalog.operation(found).title if found in variant.operations else ""
