"""What the policies of a group decide about every operation, as values for the matrix."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from policybuilder.catalog_files.searching import search_of
from policybuilder.domain.access.decisions import Answer
from policybuilder.domain.access.evaluation import OperationDecisions, Project
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Category, Operation, Service
from policybuilder.domain.searching.search import mark
from policybuilder.web.element_ids import element_id

from .cells import Cell, ProjectCoverage, StatementNames
from .form import Shown

# Of a larger catalogue, only services in use and what was opened have categories and rows, to keep the page small.
ROWS_AT_ONCE = 300
CATEGORIES_AT_ONCE = 60


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
    """A service. `branches` is None while it is not filled in; `shown` counts what the filter lets through."""

    service: Service
    coverages: tuple[ProjectCoverage, ProjectCoverage]
    shown: int
    branches: tuple[MatrixBranch, ...] | None
    open: bool

    @property
    def element_id(self) -> str:
        return element_id(self.service.slug)

    @property
    def sections(self) -> list[tuple[str, list[MatrixBranch]]]:
        """The categories below the title of each set of tables, which is "" where there is only one."""
        together = groupby(self.branches or (), key=lambda branch: branch.category.section)
        return [(section, list(branches)) for section, branches in together]


class Matrix:
    """The decisions about the whole catalogue, and what of them is shown: each operation once, by `category_of`."""

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
        self._marks = search_of(catalog).marks(shown.wanted)
        self.rows = {id_: self._row(catalog.operations[id_], found, names) for id_, found in decisions.items()}

    def _row(self, operation: Operation, decisions: OperationDecisions, names: StatementNames) -> MatrixRow:
        return MatrixRow(
            operation,
            Cell(operation, Project.IAM, decisions.iam_project, names),
            Cell(operation, Project.ENTERPRISE, decisions.enterprise_project, names),
            self._marks,
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
        return self._decided(search_of(self._catalog).operations(self._shown.wanted, frozenset()))

    def _decided(self, operations: Iterable[Operation]) -> tuple[str, ...]:
        """Ids of those about which the decision is made that is looked for."""
        decision = self._shown.decision
        return tuple(
            operation.id
            for operation in operations
            if not decision or any(cell.kind == decision for cell in self.rows[operation.id].cells)
        )

    @property
    def hidden(self) -> int:
        """How many more there are for which nobody states the scope that the filter asks for."""
        return len(self._decided(search_of(self._catalog).hidden_operations(self._shown.wanted, frozenset())))

    @cached_property
    def trunks(self) -> tuple[MatrixTrunk, ...]:
        """The services and categories with what the filters let through; those with nothing are left out."""
        trunks: list[MatrixTrunk] = []
        room = CATEGORIES_AT_ONCE
        for service, tables in self._tables:
            rows = [operation for _, operations in tables for operation in operations]
            shown = sum(operation.id in self._found for operation in rows)
            if not shown:
                continue
            opened = self._opened(service) or (room > 0 and self._is_in_use(rows)) or not trunks
            branches = None
            if opened or self._small:
                branches = tuple(b for table in tables if (b := self._branch(*table)).shown)
                room -= len(branches)
            trunks.append(MatrixTrunk(service, self.coverages(rows), shown, branches, opened or self._shown.filtered))
        return tuple(trunks)

    @cached_property
    def _tables(self) -> list[tuple[Service, list[tuple[Category, tuple[Operation, ...]]]]]:
        tables = self._catalog.by_category(self._catalog.operations.values())
        together = groupby(tables, key=lambda table: table[0].service)
        return [(self._catalog.services_by_slug[slug], list(inside)) for slug, inside in together]

    @cached_property
    def _found(self) -> frozenset[str]:
        return frozenset(self.found)

    @property
    def _small(self) -> bool:
        return len(self.found) <= ROWS_AT_ONCE

    def _opened(self, service: Service) -> bool:
        return not self._shown.opened.isdisjoint({service.slug, *(category.id for category in service.categories)})

    def _is_in_use(self, operations: Iterable[Operation]) -> bool:
        """Whether the policies say something about one of them."""
        return any(
            cell.decision.decision is not Answer.NOT_ALLOWED
            for operation in operations
            if not operation.free
            for cell in self.rows[operation.id].cells
        )

    def _branch(self, category: Category, operations: tuple[Operation, ...]) -> MatrixBranch:
        rows = tuple(self.rows[operation.id] for operation in operations if operation.id in self._found)
        opened = category.id in self._shown.opened
        filled = self._small or opened
        return MatrixBranch(
            category=category,
            coverages=self.coverages(operations),
            shown=len(rows),
            rows=rows if filled else None,
            open=opened or (filled and self._shown.filtered),
        )
