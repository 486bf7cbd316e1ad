"""The tree of the builder as values for its templates: rows, categories and services with their states and counts."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

from django.utils.functional import cached_property

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.operation_states import NO_STATE, OperationState
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Access, Category, Operation, Option, Service
from policybuilder.domain.catalog.search import find, mark
from policybuilder.domain.policy.document import Effect
from policybuilder.drafts.addresses import View
from policybuilder.web.element_ids import element_id

from .wildcards import RowWildcard, row_wildcards

ROWS_AT_ONCE = 300  # a larger catalogue's categories are filled in as they are opened, to keep the first page small


@dataclass(frozen=True)
class Row:
    """One operation. `denying`: the block that is edited denies what is ticked."""

    operation: Operation
    state: OperationState
    options: tuple[tuple[Option, bool], ...]
    words: tuple[str, ...]
    catalog: Catalog
    denying: bool

    @property
    def element_id(self) -> str:
        return element_id(self.operation.id)

    def title(self) -> Iterator[tuple[str, bool]]:
        return mark(self.operation.title, self.words)

    def actions(self) -> list[list[tuple[str, bool]]]:
        return [list(mark(name, self.words)) for name in self.operation.all_actions()]

    def calls(self) -> list[list[tuple[str, bool]]]:
        return [list(mark(str(call), self.words)) for call in self.operation.calls]

    def wildcards(self) -> list[RowWildcard]:
        """A Deny names no dependencies, and shuts what a wildcard would open."""
        return [] if self.denying else list(row_wildcards(self.catalog, self.operation))

    def way_round(self) -> Operation | None:
        return self.catalog.operations.get(self.state.way_round)

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
    def element_id(self) -> str:
        return element_id(self.category.id)

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
    """How many operations there are, how many of them are selected, and how many more work with these."""

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
    def element_id(self) -> str:
        return element_id(self.service.slug)


class Tree:
    """The tree of one block, as far as the filters let it through. `untouched`: nothing was selected anywhere yet."""

    def __init__(
        self, catalog: Catalog, block: Block, states: Mapping[str, OperationState], view: View, *, untouched: bool
    ):
        self._catalog = catalog
        self._selection = block.selection
        self._denies = block.effect is Effect.DENY
        self._states = states
        self._view = view
        self._untouched = untouched

    @cached_property
    def trunks(self) -> tuple[Trunk, ...]:
        """The services and categories with what the filters let through; those without any are not among them."""
        found = set(self.found)
        return self._trunks(lambda category: self._branch(category, found), hide_empty=self.filtered)

    @cached_property
    def all_trunks(self) -> tuple[Trunk, ...]:
        """Every service and category, without rows."""
        return self._trunks(lambda category: self._branch(category, set()), hide_empty=False)

    @cached_property
    def found(self) -> tuple[str, ...]:
        """Ids of the operations that pass the filters."""
        return tuple(o.id for o in find(self._catalog, self._view.wanted, self._selection.operations))

    @property
    def filtered(self) -> bool:
        return self._view.wanted.active

    def branch(self, category: Category) -> Branch:
        return self._branch(category, set(self.found))

    def row(self, operation: Operation) -> Row:
        chosen = self._selection.chosen_options(operation)
        selected = operation.id in self._selection.operations
        return Row(
            operation,
            self._state(operation),
            tuple((option, selected and option in chosen) for option in operation.options),
            self._view.wanted.words,
            self._catalog,
            self._denies,
        )

    def counts(self, operations: Iterable[Operation]) -> Counts:
        states = [self._state(operation) for operation in operations]
        return Counts(len(states), sum(state.selected for state in states), sum(state.also_allowed for state in states))

    def _state(self, operation: Operation) -> OperationState:
        return self._states.get(operation.id, NO_STATE)

    def _trunks(self, grow: Callable[[Category], Branch], *, hide_empty: bool) -> tuple[Trunk, ...]:
        trunks = []
        for service in self._catalog.services:
            branches = tuple(b for c in service.categories if (b := grow(c)).shown or not hide_empty)
            if branches:
                trunks.append(Trunk(service, branches, self.counts(service.operations)))
        return tuple(trunks)

    def _branch(self, category: Category, found: Set[str]) -> Branch:
        shown = tuple(operation for operation in category.operations if operation.id in found)
        states = [self._state(operation) for operation in category.operations]
        opened = not self._view.opened.isdisjoint({"all", category.id}) or (self._untouched and category is self._first)
        filled = len(self.found) <= ROWS_AT_ONCE or opened or any(state.selected for state in states)
        return Branch(
            category=category,
            rows=tuple(self.row(operation) for operation in shown) if filled else None,
            shown=len(shown),
            open=opened or (filled and (self.filtered or any(state is not NO_STATE for state in states))),
            counts=self.counts(category.operations),
            filtered=self.filtered,
        )

    @cached_property
    def _first(self) -> Category | None:
        return next(iter(self._catalog.categories.values()), None)
