"""The operations and actions behind a refusal, with the draft's answer to each: values for the page's template."""

from dataclasses import dataclass
from enum import StrEnum

from policybuilder.domain.building.operation_states import OperationState
from policybuilder.domain.catalog.entries import Action, Operation
from policybuilder.web.element_ids import element_id


class Standing(StrEnum):
    """What a draft means for something that was refused."""

    FREE = "free"  # needs no authorization
    CONDITIONAL = "conditional"
    DENIED = "denied"
    INCOMPLETE = "incomplete"
    ALLOWED = "allowed"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Limit:
    """A statement, counted from 1, that allows or denies for some requests only; `words` say for which, or ""."""

    number: int
    denies: bool
    words: str


@dataclass(frozen=True, slots=True)
class Addition:
    """What comes of adding something: the actions that come into the draft, sorted, and the statement that they go to,
    counted from 1. `limited`: that one does not hold for every request. `refused` says why it cannot be.
    """

    actions: tuple[str, ...] = ()
    number: int = 1
    limited: bool = False
    refused: str = ""


@dataclass(frozen=True, slots=True)
class OperationCard:
    """An operation that can be meant. `alternative` does its job in enterprise projects, where it does not work."""

    operation: Operation
    name: str
    category: str
    selected: bool
    state: OperationState
    standing: Standing
    limits: tuple[Limit, ...]
    addition: Addition
    alternative: Operation | None
    alternative_name: str
    alternative_allowed: bool
    alternative_denied: bool
    here: str

    @property
    def id(self) -> str:
        return element_id(self.operation.id)

    @property
    def addable(self) -> bool:
        """Whether the addition allows the operation. Under a Deny it does not."""
        wanted = self.standing is Standing.ABSENT or (self.standing is Standing.INCOMPLETE and self.addition.actions)
        return bool(wanted) and not self.addition.refused

    @property
    def swappable(self) -> bool:
        """Whether to offer the alternative in its place: what a Deny keeps shut is not led round it."""
        shut = bool(self.state.denied_by) or self.alternative_denied
        return self.alternative is not None and not self.alternative_allowed and not shut

    @property
    def dependencies(self) -> tuple[str, ...]:
        own = set(self.operation.all_actions())
        return tuple(dict.fromkeys(name for name in self.operation.all_dependencies() if name not in own))


@dataclass(frozen=True, slots=True)
class ActionGroup:
    """An action with the operations that it authorises, or if it authorises none, the operations that need it.

    `more` are not shown. `left_out`: a statement of the draft, counted from 1, where it is left out on purpose.
    """

    action: Action | None
    cards: tuple[OperationCard, ...]
    needing: tuple[OperationCard, ...] = ()
    more: int = 0
    standing: Standing = Standing.ABSENT
    left_out: int | None = None
    addition: Addition = Addition()

    @property
    def id(self) -> str:
        return element_id(self.action.name) if self.action else "no-action"


def standing_of(operation: Operation, state: OperationState) -> Standing:
    if operation.free:
        return Standing.FREE
    if state.conditional:
        return Standing.CONDITIONAL
    if state.allowed:
        return Standing.ALLOWED
    if state.denied_by:
        return Standing.DENIED
    return Standing.INCOMPLETE if state.missing else Standing.ABSENT
