"""The operations that a button left out, and how an address keeps the button, for people without JavaScript."""

from collections.abc import Set
from dataclasses import dataclass

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.only_reading import changing_actions, only_reading
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Access, Operation
from policybuilder.domain.catalog.scope import Goal, works_at
from policybuilder.domain.findings import Plural
from policybuilder.drafts.selection_commands import operations_below
from policybuilder.web.commands import RefusedError

KEY = "omitted"
SELECTED = "{n} selected."
IDLE = "{n} left out: no effect in {place}."
NOT_ONLY_READING = Plural(
    "1 left out: it reads, but needs actions that can change something.",
    "{n} left out: they read, but need actions that can change something.",
)

# The buttons that select several operations, with the access that they select; None: every access.
SELECTING = {"all": None, "reading": Access.READ, "changing": Access.WRITE}


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button that selects several operations, and the service, category or search result that it is for."""

    name: str
    subject: str

    @classmethod
    def read(cls, text: str) -> "Pressed | None":
        """None for any text that `written` does not write."""
        name, _, subject = text.partition(":")
        return cls(name, subject) if name in SELECTING and subject else None

    @property
    def written(self) -> str:
        return f"{self.name}:{self.subject}"


@dataclass(frozen=True, slots=True)
class NotOnlyReading:
    """A reading operation that Read leaves out, and the actions with it that can change something."""

    name: str
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Omitted:
    """The operations that the button `pressed` left out, and the number that it selected. `idle` counts the operations
    without an effect at the goal."""

    pressed: Pressed
    selected: int
    idle: int
    not_only_reading: tuple[NotOnlyReading, ...]
    goal: Goal

    @property
    def in_words(self) -> str:
        """11 selected. 27 left out: no effect in enterprise projects."""
        said = [SELECTED.format(n=self.selected)]
        if self.idle:
            said.append(IDLE.format(n=self.idle, place=self.goal.place))
        if number := len(self.not_only_reading):
            said.append(NOT_ONLY_READING.format(n=number))
        return " ".join(said)


def find_omitted(catalog: Catalog, block: Block, goal: Goal, pressed: Pressed, in_sight: Set[str]) -> Omitted | None:
    """None where the button left nothing out, and for a subject that the catalogue does not have."""
    try:
        below = {operation.id: operation for operation in operations_below(catalog, pressed.subject, in_sight)}
    except RefusedError:
        return None
    access = SELECTING[pressed.name]
    wanted = [operation for operation in below.values() if access in (None, operation.access)]
    working = [operation for operation in wanted if works_at(operation, goal)]
    more = _not_only_reading(catalog, block, working) if access is Access.READ else ()
    if len(working) == len(wanted) and not more:
        return None
    return Omitted(pressed, len(working) - len(more), len(wanted) - len(working), more, goal)


def _not_only_reading(catalog: Catalog, block: Block, operations: list[Operation]) -> tuple[NotOnlyReading, ...]:
    only = only_reading(catalog, block)
    return tuple(
        NotOnlyReading(catalog.titles.operation_name(each, each.service), changing_actions(catalog, block, each))
        for each in operations
        if each.id not in only
    )
