"""The tree of the builder as values for its templates: groups, services, categories and rows with states and counts."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import groupby

from django.utils.functional import cached_property

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.operation_states import NO_STATE, OperationState
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Access, Category, Operation, Option, Service
from policybuilder.domain.policy.document import Effect
from policybuilder.domain.searching.search import mark
from policybuilder.drafts.addresses import View
from policybuilder.store.searching import search_of
from policybuilder.web.element_ids import element_id

from .wildcards import RowWildcard, row_wildcards

# A larger catalogue's services and categories are filled in as they are opened, to keep the first page small.
ROWS_AT_ONCE = 300
CATEGORIES_AT_ONCE = 60
MOST_ROWS = 600  # that are filled in together, however many are asked for


@dataclass(frozen=True)
class Row:
    """One operation in one of the tables that publish it. `denying`: the block that is edited denies what is ticked."""

    operation: Operation
    category: Category
    state: OperationState
    options: tuple[tuple[Option, bool], ...]
    words: tuple[str, ...]
    catalog: Catalog
    denying: bool

    @property
    def at_home(self) -> bool:
        return self.category is self.catalog.category_of(self.operation)

    @property
    def element_id(self) -> str:
        return element_id(self.operation.id if self.at_home else f"{self.category.id}/{self.operation.id}")

    @property
    def suffix(self) -> str:
        """What tells its boxes from those of the same operation in another table."""
        return "" if self.at_home else f" {self.category.id}"

    def title(self) -> Iterator[tuple[str, bool]]:
        return mark(self.operation.title, self.words)

    def actions(self) -> list[list[tuple[str, bool]]]:
        return [list(mark(name, self.words)) for name in self.operation.all_actions()]

    def calls(self) -> list[list[tuple[str, bool]]]:
        return [list(mark(str(call), self.words)) for call in self.operation.calls]

    def wildcards(self) -> list[RowWildcard]:
        """A Deny names no dependencies, and shuts what a wildcard would open."""
        return [] if self.denying else list(row_wildcards(self.catalog, self.operation))

    def way_round(self) -> str:
        """The name of the operation that does the same job and is not denied; "" without one."""
        found = self.catalog.operations.get(self.state.way_round)
        return self._named(found) if found else ""

    def needed_by(self) -> list[str]:
        return [self._named(self.catalog.operations[id_]) for id_ in self.state.needed_by]

    def _named(self, operation: Operation) -> str:
        return self.catalog.operation_name(operation, self.category.service)


@dataclass(frozen=True)
class Branch:
    """A category in the tree. `rows` is None while it is not filled in; `shown` counts what the filter lets through."""

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
        """For the hidden field that says which boxes the form holds: the category, and if not all of them the slugs, or
        the ids of rows of other categories."""
        if not self.filtered:
            return self.category.id
        return " ".join([self.category.id, *(self._slug(row.operation) for row in self.rows or ())])

    def _slug(self, operation: Operation) -> str:
        return operation.slug if operation.category_id == self.category.id else operation.id

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
    """A service in the tree. `branches` is None while it is not filled in; `shown` counts what filters let through."""

    service: Service
    branches: tuple[Branch, ...] | None
    shown: int
    open: bool
    counts: Counts

    @property
    def element_id(self) -> str:
        return element_id(self.service.slug)

    @property
    def sections(self) -> list[tuple[str, list[Branch]]]:
        """The categories below the title of each set of tables, which is "" where there is only one."""
        together = groupby(self.branches or (), key=lambda branch: branch.category.section)
        return [(section, list(branches)) for section, branches in together]

    @property
    def held_value(self) -> str:
        """For the hidden field that says which categories of the service the browser has."""
        return " ".join([self.service.slug, *(branch.category.slug for branch in self.branches or ())])


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
        trunks = (self.trunk(service) for service in self._services)
        return tuple(trunk for trunk in trunks if trunk.shown)

    @property
    def groups(self) -> list[tuple[str, list[Trunk]]]:
        """The services by what they are sold under, in the order in which the groups come up."""
        return _grouped(self.trunks)

    @cached_property
    def rail(self) -> list[tuple[str, list[Trunk]]]:
        """Every service, whatever the filters say; those that start open with their categories, without rows."""
        return _grouped(
            Trunk(
                service,
                tuple(self._bare(category) for category in service.categories) if self._starts_open(service) else None,
                0,
                False,
                self.service_counts(service),
            )
            for service in self._services
        )

    @property
    def several(self) -> bool:
        return self._catalog.has_several

    @property
    def service_slugs(self) -> str:
        """For the hidden field that says which services the browser has."""
        return " ".join(trunk.service.slug for trunk in self.trunks)

    @cached_property
    def found(self) -> frozenset[str]:
        """Ids of the operations that pass the filters."""
        return frozenset(
            o.id for o in search_of(self._catalog).operations(self._view.wanted, self._selection.operations)
        )

    @cached_property
    def hidden(self) -> int:
        """How many more there are for which nobody states the scope that the filter asks for."""
        return len(search_of(self._catalog).hidden_operations(self._view.wanted, self._selection.operations))

    @property
    def filtered(self) -> bool:
        return self._view.wanted.active

    @cached_property
    def small(self) -> bool:
        """Whether everything that the filters let through is filled in at once."""
        return len(self.found) <= ROWS_AT_ONCE

    @property
    def expansion(self) -> str:
        """What there is to expand: everything; of many rows the services, while one is not filled in; else ""."""
        if len(self.found) <= MOST_ROWS:
            return "everything"
        return "services" if any(trunk.branches is None for trunk in self.trunks) else ""

    def trunk(self, service: Service) -> Trunk:
        starts_open = self._starts_open(service)
        shown = len({o.id for o in service.operations if o.id in self.found})
        branches = None
        if starts_open or self.small:
            branches = tuple(b for c in service.categories if (b := self.branch(c)).shown or not self.filtered)
        return Trunk(
            service, branches, shown, starts_open or (self.small and self.filtered), self.service_counts(service)
        )

    def row(self, operation: Operation, category: Category | None = None) -> Row:
        """Its row in that category; else in its own, or the first that is there."""
        chosen = self._selection.chosen_options(operation)
        selected = operation.id in self._selection.operations
        return Row(
            operation,
            category or self._catalog.category_of(operation),
            self._state(operation),
            tuple((option, selected and option in chosen) for option in operation.options),
            self._view.wanted.words,
            self._catalog,
            self._denies,
        )

    def service_counts(self, service: Service) -> Counts:
        return self.counts({operation.id: operation for operation in service.operations}.values())

    def counts(self, operations: Iterable[Operation]) -> Counts:
        states = [self._state(operation) for operation in operations]
        return Counts(len(states), sum(state.selected for state in states), sum(state.also_allowed for state in states))

    def branch(self, category: Category) -> Branch:
        shown = tuple(operation for operation in category.operations if operation.id in self.found)
        opened = self._opened(category)
        filled = self.small or opened or category.id in self._with_selected
        states = (self._state(operation) for operation in category.operations)
        return Branch(
            category=category,
            rows=tuple(self.row(operation, category) for operation in shown) if filled else None,
            shown=len(shown),
            open=opened or (filled and (self.filtered or any(state is not NO_STATE for state in states))),
            counts=self.counts(category.operations),
            filtered=self.filtered,
        )

    def _bare(self, category: Category) -> Branch:
        return Branch(category, None, 0, False, self.counts(category.operations), self.filtered)

    def _state(self, operation: Operation) -> OperationState:
        return self._states.get(operation.id, NO_STATE)

    @cached_property
    def _services(self) -> tuple[Service, ...]:
        """Those that have operations."""
        return tuple(service for service in self._catalog.services if service.categories)

    def _opened(self, category: Category) -> bool:
        opened = self._view.opened
        if "all" in opened and len(self.found) <= MOST_ROWS:
            return True
        return category.id in opened or (self._untouched and category is self._first)

    def _starts_open(self, service: Service) -> bool:
        opened = self._view.opened
        return (
            "all" in opened
            or service.slug in opened
            or service is self._services[0]
            or service.slug in self._in_use
            or any(category.id in opened for category in service.categories)
        )

    @cached_property
    def _in_use(self) -> frozenset[str]:
        """The services of what is selected, in any block; of many the first ones."""
        found, room = set(), CATEGORIES_AT_ONCE
        for service in self._services:
            states = (self._state(operation) for operation in service.operations)
            if room > 0 and any(state.selected or state.elsewhere for state in states):
                found.add(service.slug)
                room -= len(service.categories)
        return frozenset(found)

    @cached_property
    def _with_selected(self) -> Set[str]:
        """The categories of what is selected in the block; of many the first ones."""
        found, room = set(), ROWS_AT_ONCE
        for category in self._catalog.categories.values():
            if room > 0 and not self._selection.operations.isdisjoint(o.id for o in category.operations):
                found.add(category.id)
                room -= len(category.operations)
        return found

    @cached_property
    def _first(self) -> Category | None:
        return next(iter(self._catalog.categories.values()), None)


def _grouped(trunks: Iterable[Trunk]) -> list[tuple[str, list[Trunk]]]:
    groups: dict[str, list[Trunk]] = {}
    for trunk in trunks:
        groups.setdefault(trunk.service.group, []).append(trunk)
    return list(groups.items())
