"""The tree of the builder as values for its templates: rows, categories and services with their states and counts."""

from collections.abc import Iterator
from dataclasses import dataclass

from .domain.catalog import Access, Catalog, Category, Operation, Option, Service
from .domain.compiler import Policy
from .domain.search import mark


def dom_id(name: str) -> str:
    """Part of an element id, made from the id of an operation or category or from the name of an action."""
    return name.replace("/", "--").replace(":", "__").replace("*", "_all")


@dataclass(frozen=True, slots=True)
class RowState:
    """What the document means for one operation. `needed_by` and `missing` are ids and actions."""

    selected: bool = False
    allowed: bool = False
    needed_by: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def also_allowed(self) -> bool:
        return self.allowed and not self.selected


NO_STATE = RowState()


def row_states(catalog: Catalog, policy: Policy) -> dict[str, RowState]:
    """The state of every operation that the policy means something for; all others are RowState()."""
    missing = {entry.id: entry.missing for entry in policy.operations.incomplete}
    needed_by = {grant.action: grant.needed_by for grant in policy.grants}
    selected = frozenset(policy.operations.selected)
    states = {}
    for id_ in selected | policy.operations.allowed | missing.keys():
        own = catalog.operations[id_].all_actions()
        by = {other for name in own for other in needed_by.get(name, ())} - {id_}
        states[id_] = RowState(
            selected=id_ in selected,
            allowed=id_ in policy.operations.allowed,
            needed_by=tuple(sorted(by)),
            missing=missing.get(id_, ()),
        )
    return states


@dataclass(frozen=True)
class Row:
    operation: Operation
    state: RowState
    options: tuple[tuple[Option, bool], ...]
    words: tuple[str, ...] = ()
    catalog: Catalog | None = None

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
