"""The tree of the builder as values for its templates: rows, categories and services with their states and counts."""

from collections.abc import Iterator
from dataclasses import dataclass

from .domain.access import Concerned
from .domain.blocks import CompiledPolicy
from .domain.catalog import Access, Catalog, Category, Operation, Option, Service
from .domain.document import Effect
from .domain.search import mark


def dom_id(name: str) -> str:
    """Part of an element id, made from the id of an operation or category or from the name of an action."""
    return name.replace("/", "--").replace(":", "__").replace("*", "_all")


@dataclass(frozen=True, slots=True)
class RowState:
    """What the whole document means for one operation, and whether it is selected in the block that is edited.

    `needed_by` and `missing` are ids and actions; `denied` are the missing actions that a Deny takes away. Blocks are
    numbers, counted from 1: `denied_by` deny one of its own actions, `elsewhere` are others that allow it.
    """

    selected: bool = False
    allowed: bool = False
    conditional: bool = False
    needed_by: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    denied_by: tuple[int, ...] = ()
    elsewhere: tuple[int, ...] = ()

    @property
    def also_allowed(self) -> bool:
        return self.allowed and not self.selected and not self.elsewhere


NO_STATE = RowState()


def row_states(catalog: Catalog, policy: CompiledPolicy, at: int) -> dict[str, RowState]:
    """The state of every operation that the policy or its block `at` means something for; others are RowState()."""
    part = policy.blocks[at]
    missing = {entry.id: entry.missing for entry in policy.operations.incomplete}
    needed_by = {grant.action: grant.needed_by for grant in part.grants}
    selected = part.block.selection.operations
    works = policy.operations.allowed | policy.operations.conditional
    elsewhere = {
        number: other.block.selection.operations
        for number, other in enumerate(policy.blocks, 1)
        if number != at + 1 and other.block.effect is Effect.ALLOW
    }
    denying = Concerned(s for s in policy.document.statements if s.effect is Effect.DENY)
    states = {}
    for id_ in selected.union(works, missing, policy.denied_by, *elsewhere.values()):
        own = catalog.operations[id_].all_actions()
        by = {other for name in own for other in needed_by.get(name, ())} - {id_}
        lacks = missing.get(id_, ())
        states[id_] = RowState(
            selected=id_ in selected,
            allowed=id_ in policy.operations.allowed,
            conditional=id_ in policy.operations.conditional,
            needed_by=tuple(sorted(by)),
            missing=lacks,
            denied=tuple(name for name in lacks if denying.part(name)),
            denied_by=tuple(number + 1 for number in policy.denied_by.get(id_, ())),
            elsewhere=tuple(number for number, operations in elsewhere.items() if id_ in operations),
        )
    return states


@dataclass(frozen=True)
class Row:
    """One operation. `denying`: the block that is edited denies what is ticked."""

    operation: Operation
    state: RowState
    options: tuple[tuple[Option, bool], ...]
    words: tuple[str, ...] = ()
    catalog: Catalog | None = None
    denying: bool = False

    @property
    def dom_id(self) -> str:
        return dom_id(self.operation.id)

    def title(self) -> Iterator[tuple[str, bool]]:
        return mark(self.operation.title, self.words)

    def actions(self) -> list[list[tuple[str, bool]]]:
        return [list(mark(name, self.words)) for name in self.operation.all_actions()]

    def calls(self) -> list[list[tuple[str, bool]]]:
        return [list(mark(str(call), self.words)) for call in self.operation.calls]

    def needed_by_titles(self) -> list[str]:
        return [self.catalog.operations[id_].title for id_ in self.state.needed_by]


@dataclass(frozen=True)
class Branch:
    """A category in the tree. `rows` is None while it is not filled in; `count` counts what the filter lets through."""

    category: Category
    rows: tuple[Row, ...] | None
    shown: int
    open: bool
    counts: "Counts"
    filtered: bool

    @property
    def dom_id(self) -> str:
        return dom_id(self.category.id)

    @property
    def shown_value(self) -> str:
        """For the hidden field that says which boxes the form holds: the category, and the slugs if not all of them."""
        if not self.filtered:
            return self.category.id
        return " ".join([self.category.id, *(row.operation.slug for row in self.rows or ())])

    @property
    def has_reading(self) -> bool:
        return any(operation.access is Access.READ for operation in self.category.operations)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many operations there are, how many of them are selected, and how many work beside these."""

    total: int
    selected: int
    also: int

    @property
    def state(self) -> str:
        if not self.selected:
            return "none"
        return "all" if self.selected == self.total else "mixed"

    def share(self, number: int) -> str:
        """`number` as a length on a bar of 100; at least 4 when it is not zero, so that it can be seen."""
        return str(max(4, round(100 * number / self.total))) if number else "0"

    @property
    def selected_share(self) -> str:
        return self.share(self.selected)

    @property
    def also_share(self) -> str:
        return self.share(self.also)


@dataclass(frozen=True)
class Trunk:
    """A service in the tree."""

    service: Service
    branches: tuple[Branch, ...]
    counts: Counts

    @property
    def dom_id(self) -> str:
        return dom_id(self.service.slug)
