"""What the policies of a group decide about every operation, as values for the matrix."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from policybuilder.domain.access.decisions import Answer, Decision, Place
from policybuilder.domain.access.evaluation import OperationDecisions, Project
from policybuilder.domain.access.operations import Concerned
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Access, Category, Operation, Service, Support
from policybuilder.domain.catalog.search import find, mark
from policybuilder.domain.policy.document import Statement
from policybuilder.web.element_ids import element_id

from .form import Shown

ROWS_AT_ONCE = 300  # of a larger catalogue, only categories that were opened have rows, to keep the page small
NAMED = 2  # statements, actions or keys that a cell names one by one

_LABELS = {
    "allowed": "Allowed",
    "free": "Allowed",
    "incomplete": "Incomplete",
    "denied": "Denied",
    "depends": "Depends",
    "not_allowed": "Not allowed",
}
_COUNTED = {"incomplete": "incomplete", "denied": "denied", "depends": "depending", "not_allowed": "not allowed"}


Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class StatementLink:
    """A statement of the page, by the name of its policy and its number, counted from 1."""

    policy: str
    number: int
    target: str


@dataclass(frozen=True, slots=True)
class Few(Generic[Thing]):
    """The first of several things, and how many more there are."""

    first: Sequence[Thing]
    more: int

    @classmethod
    def of(cls, things: Sequence[Thing]) -> "Few[Thing]":
        return cls(things[:NAMED], max(0, len(things) - NAMED))


class StatementNames:
    """How the page calls policies and statements, and what each statement says."""

    def __init__(self, policies: Sequence[str], statements: Mapping[Place, Statement]):
        self._policies = policies
        self._statements = statements

    def link(self, place: Place) -> StatementLink:
        return StatementLink(self._policies[place[0]], place[1] + 1, statement_id(place))

    def speaks_of(self, place: Place, name: str) -> bool:
        return Concerned([self._statements[place]]).part(name)


@dataclass(frozen=True)
class Cell:
    """One decision. `kind` is that of the answer, "incomplete" where only dependencies are missing, "free" without any
    authorization.
    """

    operation: Operation
    project: Project
    decision: Decision
    names: StatementNames

    @cached_property
    def kind(self) -> str:
        answer = self.decision.decision
        if answer is Answer.ALLOWED:
            return "allowed" if self.operation.all_actions() else "free"
        if answer is Answer.NOT_ALLOWED and not self._own_missing:
            return "incomplete"
        return answer.value

    @property
    def passes_as(self) -> str:
        """What the filter by decision knows it as."""
        return "allowed" if self.kind == "free" else self.kind

    @property
    def label(self) -> str:
        return _LABELS[self.kind]

    @property
    def _own_missing(self) -> bool:
        return not set(self.operation.all_actions()).isdisjoint(self.decision.missing_actions)

    @property
    def because(self) -> Few[StatementLink]:
        few = Few.of(self.decision.because)
        return Few([self.names.link(place) for place in few.first], few.more)

    @property
    def missing(self) -> Few[str]:
        """What an incomplete operation lacks; of one that is denied for a dependency, which that is."""
        missing = self.decision.missing_actions
        if self.kind == "incomplete":
            return Few.of(missing)
        if self.kind == "denied" and not self._own_missing:
            by = self.decision.because[:NAMED]
            return Few.of([name for name in missing if any(self.names.speaks_of(place, name) for place in by)])
        return Few((), 0)

    @property
    def keys(self) -> Few[str]:
        return Few.of(self.decision.missing_keys)

    @property
    def reasons(self) -> tuple[str, ...]:
        return self.decision.reasons

    @property
    def unsupported(self) -> bool:
        """Whether enterprise projects are why it is not allowed there."""
        supported = self.operation.scope.enterprise_project is not Support.NO
        return self.project is Project.ENTERPRISE and self.kind == "not_allowed" and not supported


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


@dataclass(frozen=True, slots=True)
class Bar:
    """How many of the operations of one access are allowed, and of how many that depends."""

    access: Access
    total: int
    allowed: int
    depends: int

    @property
    def title(self) -> str:
        return "Reading" if self.access is Access.READ else "Writing"

    @property
    def letter(self) -> str:
        return self.title[0]

    def _share(self, number: int) -> int:
        """On a bar of 100; at least 4 when it is not zero, so that it can be seen."""
        return max(4, round(100 * number / self.total)) if number else 0

    @property
    def allowed_share(self) -> str:
        return str(self._share(self.allowed))

    @property
    def depends_share(self) -> str:
        return str(self._share(self.depends))


@dataclass(frozen=True)
class ProjectCoverage:
    """What is allowed of some operations in one kind of project. `assumed`: with what has no place granted there."""

    project: Project
    cells: tuple[Cell, ...]
    assumed: bool = False

    @property
    def title(self) -> str:
        return "In the IAM project" if self.project is Project.IAM else "In enterprise projects"

    @property
    def assumes(self) -> str:
        if not self.assumed:
            return ""
        return "if granted there" if self.project is Project.IAM else "if granted in Enterprise Management"

    @property
    def total(self) -> int:
        return len(self.cells)

    @property
    def allowed(self) -> int:
        return sum(cell.passes_as == "allowed" for cell in self.cells)

    @property
    def bars(self) -> tuple[Bar, ...]:
        """Reading and writing; without those that there are none of."""
        bars = []
        for access in Access:
            kinds = [cell.passes_as for cell in self.cells if cell.operation.access is access]
            if kinds:
                bars.append(Bar(access, len(kinds), kinds.count("allowed"), kinds.count("depends")))
        return tuple(bars)

    @property
    def others(self) -> str:
        """3 incomplete, 5 denied; what there is none of is not said."""
        kinds = [cell.kind for cell in self.cells]
        return ", ".join(f"{kinds.count(kind):,} {words}" for kind, words in _COUNTED.items() if kind in kinds)


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


def statement_id(place: Place) -> str:
    """The id of a statement's element."""
    return f"policy-{place[0] + 1}-statement-{place[1] + 1}"
