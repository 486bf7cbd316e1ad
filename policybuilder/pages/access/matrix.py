"""What the policies of a group decide about every operation, as values for the matrix."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from policybuilder.domain.access.evaluation import OperationDecisions, Project
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Category, Operation, Service
from policybuilder.domain.catalog.search import find, mark
from policybuilder.web.element_ids import element_id

from .cells import Cell, ProjectCoverage, StatementNames
from .form import Shown

ROWS_AT_ONCE = 300  # of a larger catalogue, only categories that were opened have rows, to keep the page small


@dataclass(frozen=True)
class MatrixRow:
    operation: Operation
    iam: Cell
    enterprise: Cell
    words: tuple[str, ...] = ()

    @property
    def cells(self) -> tuple[Cell, Cell]:
        return self.iam, self.enterprise

    @property
    def element_id(self) -> str:
        return element_id(self.operation.id)

    def title(self) -> list[tuple[str, bool]]:
        return list(mark(self.operation.title, self.words))


@dataclass(frozen=True)
class MatrixBranch:
    """A category. `rows` are those that the filter lets through, None while they are not filled in."""

    category: Category
    coverages: tuple[ProjectCoverage, ProjectCoverage]
    shown: int
    rows: tuple[MatrixRow, ...] | None
    open: bool

    @property
    def element_id(self) -> str:
        return element_id(self.category.id)


@dataclass(frozen=True)
class MatrixTrunk:
    service: Service
    branches: tuple[MatrixBranch, ...]


class Matrix:
    """The decisions about the whole catalogue, and what of them is shown."""

    def __init__(
        self,
        catalog: Catalog,
        decisions: Mapping[str, OperationDecisions],
        names: StatementNames,
        shown: Shown,
        *,
        assumed: bool = False,
    ):
        self._catalog = catalog
        self._assumed = assumed
        self._shown = shown
        self.rows = {id_: self._row(catalog.operations[id_], found, names) for id_, found in decisions.items()}

    def _row(self, operation: Operation, decisions: OperationDecisions, names: StatementNames) -> MatrixRow:
        return MatrixRow(
            operation,
            Cell(operation, Project.IAM, decisions.iam_project, names),
            Cell(operation, Project.ENTERPRISE, decisions.enterprise_project, names),
            self._shown.wanted.words,
        )

    def coverages(self, operations: Iterable[Operation]) -> tuple[ProjectCoverage, ProjectCoverage]:
        rows = [self.rows[operation.id] for operation in operations]
        return (
            ProjectCoverage(Project.IAM, tuple(row.iam for row in rows), self._assumed),
            ProjectCoverage(Project.ENTERPRISE, tuple(row.enterprise for row in rows), self._assumed),
        )

    @cached_property
    def total(self) -> tuple[ProjectCoverage, ProjectCoverage]:
        return self.coverages(self._catalog.operations.values())

    @cached_property
    def found(self) -> tuple[str, ...]:
        """Ids of the operations that pass the filters."""
        decision = self._shown.decision
        return tuple(
            operation.id
            for operation in find(self._catalog, self._shown.wanted, frozenset())
            if not decision or any(cell.passes_as == decision for cell in self.rows[operation.id].cells)
        )

    @cached_property
    def trunks(self) -> tuple[MatrixTrunk, ...]:
        """The services and categories with what the filters let through; those with nothing are left out."""
        found = frozenset(self.found)
        trunks = []
        for service in self._catalog.services:
            branches = tuple(b for category in service.categories if (b := self._branch(category, found)).shown)
            if branches:
                trunks.append(MatrixTrunk(service, branches))
        return tuple(trunks)

    def _branch(self, category: Category, found: frozenset[str]) -> MatrixBranch:
        rows = tuple(self.rows[operation.id] for operation in category.operations if operation.id in found)
        opened = category.id in self._shown.opened
        filled = len(found) <= ROWS_AT_ONCE or opened
        return MatrixBranch(
            category=category,
            coverages=self.coverages(category.operations),
            shown=len(rows),
            rows=rows if filled else None,
            open=opened or (filled and self._shown.filtered),
        )
