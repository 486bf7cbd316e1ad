"""What is counted of the operations below a heading of the tree, and what its buttons select."""

from collections.abc import Iterable, Set
from dataclasses import dataclass

from policybuilder.domain.building.operation_states import OperationState
from policybuilder.domain.catalog.entries import Access, Operation

_WORDS = {Access.READ: ("Read", "reading"), Access.WRITE: ("Change", "changing")}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many operations there are, how many of them are selected, and how many more work with these.

    Those that have no effect where the policy is to be granted are `idle`, and counted apart.
    """

    total: int
    selected: int
    also: int
    idle: int = 0
    idle_selected: int = 0

    @property
    def state(self) -> str:
        if not self.selected + self.idle_selected:
            return "none"
        return "all" if self.total and self.selected == self.total else "mixed"


@dataclass(frozen=True, slots=True)
class AccessLevel:
    """The operations of one level of access below a heading, which a button selects, or takes back when `all` are."""

    access: Access
    total: int
    all: bool

    @property
    def word(self) -> str:
        return _WORDS[self.access][0]

    @property
    def command(self) -> str:
        """What the button does, though it be pressed twice."""
        return ("none-" if self.all else "") + _WORDS[self.access][1]


def counts_of(working: Iterable[OperationState], idle: Iterable[OperationState]) -> Counts:
    """Of operations as their states."""
    here, others = list(working), list(idle)
    return Counts(
        len(here),
        sum(state.selected for state in here),
        sum(state.also_allowed for state in (*here, *others)),
        len(others),
        sum(state.selected for state in others),
    )


def levels_of(operations: Iterable[Operation], selected: Set[str], only_reading: Set[str]) -> tuple[AccessLevel, ...]:
    """One for each access, also where no operation has it. `selected` and `only_reading` are ids: a reading operation
    that is not among the latter grants more than reading, so no button selects it."""
    found: dict[Access, list[bool]] = {access: [] for access in Access}
    for operation in operations:
        if operation.access is Access.WRITE or operation.id in only_reading:
            found[operation.access].append(operation.id in selected)
    return tuple(AccessLevel(access, len(on), bool(on) and all(on)) for access, on in found.items())
