"""What is decided about one operation in one kind of project, and about several together, as templates show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from policybuilder.domain.access.decisions import Answer, Decision, Place
from policybuilder.domain.access.evaluation import Project
from policybuilder.domain.access.operations import Concerned
from policybuilder.domain.catalog.entries import Access, Operation, Support
from policybuilder.domain.policy.document import Statement
from policybuilder.web.wording import free_in_words

NAMED = 2  # statements, actions or keys that a cell names one by one

_LABELS = {
    "allowed": "Allowed",
    "free": "Allowed",
    "incomplete": "Incomplete",
    "denied": "Denied",
    "depends": "Conditional",
    "not_allowed": "Not allowed",
}
_COUNTED = {"incomplete": "incomplete", "denied": "denied", "depends": "conditional", "not_allowed": "not allowed"}

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
            return "free" if self.operation.free else "allowed"
        if answer is Answer.NOT_ALLOWED and not self._own_missing:
            return "incomplete"
        return answer.value

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


@dataclass(frozen=True, slots=True)
class Bar:
    """The operations of one access that need authorization: how many are allowed, and how many under conditions."""

    access: Access
    total: int
    allowed: int
    depends: int

    @property
    def title(self) -> str:
        return "Read" if self.access is Access.READ else "Change"

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
    """The decisions about some operations in one kind of project. `assumed`: policies without a place count as granted
    there.

    Operations that need no authorization are counted in `free` only: no policy allows or denies them.
    """

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

    @cached_property
    def free(self) -> int:
        return sum(cell.kind == "free" for cell in self.cells)

    @property
    def total(self) -> int:
        return len(self.cells) - self.free

    @cached_property
    def allowed(self) -> int:
        return sum(cell.kind == "allowed" for cell in self.cells)

    @property
    def bars(self) -> tuple[Bar, ...]:
        """Of each access that there are operations of."""
        bars = []
        for access in Access:
            kinds = [cell.kind for cell in self.cells if cell.operation.access is access and cell.kind != "free"]
            if kinds:
                bars.append(Bar(access, len(kinds), kinds.count("allowed"), kinds.count("depends")))
        return tuple(bars)

    @property
    def others(self) -> str:
        """3 incomplete, 5 denied, 15 need no authorization. Zero counts are omitted."""
        kinds = [cell.kind for cell in self.cells]
        said = [f"{kinds.count(kind):,} {words}" for kind, words in _COUNTED.items() if kind in kinds]
        return ", ".join([*said, free_in_words(self.free)] if self.free else said)


def statement_id(place: Place) -> str:
    """The id of a statement's element."""
    return f"policy-{place[0] + 1}-statement-{place[1] + 1}"
