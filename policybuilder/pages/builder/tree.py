"""The tree of the builder as values for its templates: services and categories with rows and counts, and the rail."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from django.utils.functional import cached_property

from policybuilder.catalog_files.searching import search_of
from policybuilder.domain.building.only_reading import only_reading
from policybuilder.domain.building.operation_states import NO_STATE, OperationState
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Access, Category, Operation, Service
from policybuilder.domain.catalog.scope import Goal, works_at
from policybuilder.domain.policy.document import Effect
from policybuilder.drafts.addresses import View
from policybuilder.drafts.draft import Draft
from policybuilder.web.element_ids import element_id
from policybuilder.web.wording import GOALS

from .rail import RailGroup, RailService, UsedService, services_in_use, services_with_operations
from .rows import Row

ROWS_AT_ONCE = 100  # a service with more has its categories filled in as they are opened
MOST_ROWS = 600  # that are drawn together, however much is found or selected
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


@dataclass(frozen=True)
class Branch:
    """A category in the tree. `rows` is None while it is not filled in; `shown` counts what the filter lets through."""

    category: Category
    rows: tuple[Row, ...] | None
    shown: int
    open: bool
    counts: Counts
    levels: tuple[AccessLevel, ...]
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


@dataclass(frozen=True)
class Trunk:
    """A service in the tree with its categories; under filters with those in which something passes. `shown` counts
    what does."""

    service: Service
    branches: tuple[Branch, ...]
    shown: int
    counts: Counts
    levels: tuple[AccessLevel, ...]

    @property
    def element_id(self) -> str:
        return element_id(self.service.slug)

    @property
    def sections(self) -> list[tuple[str, list[Branch]]]:
        """The categories below the title of each set of tables, which is "" where there is only one."""
        together = groupby(self.branches, key=lambda branch: branch.category.section)
        return [(section, list(branches)) for section, branches in together]

    @property
    def held_value(self) -> str:
        """For the hidden field that says which counters of the service the browser has."""
        return " ".join([self.service.slug, *(branch.category.slug for branch in self.branches)])


class Tree:
    """The tree of the block of a draft that `view` names, as far as the filters let it through.

    It shows one service, or what is searched or selected; `service` is the one that is shown without a search.
    """

    def __init__(
        self,
        catalog: Catalog,
        draft: Draft,
        states: Mapping[str, OperationState],
        view: View,
        service: Service | None,
    ):
        block = draft.blocks[view.at]
        self.catalog = catalog
        self._draft = draft
        self.selection = block.selection
        self.only_reading = only_reading(catalog, block)
        self._denies = block.effect is Effect.DENY
        self._states = states
        self.view = view
        self._service = service

    @property
    def goals(self) -> list[tuple[Goal, str, bool]]:
        """Where a policy can be granted, in words, and whether this one is to be."""
        return [(goal, title, goal is self._draft.goal) for goal, title in GOALS.items()]

    # What is shown

    @property
    def searching(self) -> bool:
        """Whether the tree is a list of what was found."""
        return bool(self.view.wanted.words)

    @property
    def filtered(self) -> bool:
        return self.view.wanted.active

    @property
    def service(self) -> Service | None:
        """The one service that is shown; None where the tree shows what is searched or selected."""
        return None if self.searching or self.view.wanted.selected else self._service

    @cached_property
    def found(self) -> tuple[Operation, ...]:
        """The operations of all services that pass the filters; best first where something is searched."""
        return search_of(self.catalog).operations(self.view.wanted, self.selection.operations, frozenset(self.in_use))

    @cached_property
    def _found_ids(self) -> frozenset[str]:
        return frozenset(operation.id for operation in self.found)

    @cached_property
    def trunks(self) -> tuple[Trunk, ...]:
        """The service that is shown, or those of which something is, in the catalogue's order."""
        if self.searching:
            return ()
        if self.view.wanted.selected:
            return tuple(trunk for service in self.services if (trunk := self.trunk(service)).shown)
        return (self.trunk(self._service),) if self._service else ()

    @property
    def crowded(self) -> bool:
        """Whether so much is selected that what is shown of it is filled in where it is opened only."""
        return self.view.wanted.selected and len(self.found) > MOST_ROWS

    def trunk(self, service: Service) -> Trunk:
        small = self._numbers[service.slug] <= ROWS_AT_ONCE or self.view.wanted.selected
        branches = (self.branch(category, small=small) for category in service.categories)
        return Trunk(
            service,
            tuple(branch for branch in branches if branch.shown or not self.filtered),
            self._numbers[service.slug],
            self.counts(self.catalog.operations_by_service[service.slug]),
            self.levels(self.catalog.operations_by_service[service.slug]),
        )

    def branch(self, category: Category, *, small: bool = False) -> Branch:
        """`small`: its rows come at once, whether it is open or not."""
        shown = tuple(operation for operation in category.operations if operation.id in self._found_ids)
        states = [self._state(operation) for operation in category.operations]
        opened = self._opened(category)
        filled = opened or (not self.crowded and (small or any(state.selected for state in states)))
        return Branch(
            category=category,
            rows=tuple(self.row(operation, category) for operation in shown) if filled else None,
            shown=len(shown),
            open=opened or (filled and (self.filtered or any(state is not NO_STATE for state in states))),
            counts=self.counts(category.operations),
            levels=self.levels(category.operations),
            filtered=self.filtered,
        )

    def row(self, operation: Operation, category: Category | None = None) -> Row:
        """Its row in that category; else in its own, or the first that is there."""
        chosen, other = self.selection.chosen_options(operation), operation.enterprise_alternative
        selected = operation.id in self.selection.operations
        return Row(
            operation,
            category or self.catalog.category_of(operation),
            self._state(operation),
            tuple((option, selected and option in chosen) for option in operation.options),
            self.marks,
            self.catalog,
            self._denies,
            self._draft.goal if self._idle(operation) else None,
            other in self.selection.operations if other else None,
        )

    def counts(self, operations: Iterable[Operation]) -> Counts:
        here, others = (list(map(self._state, each)) for each in self.parted(operations))
        return Counts(
            len(here),
            sum(state.selected for state in here),
            sum(state.also_allowed for state in (*here, *others)),
            len(others),
            sum(state.selected for state in others),
        )

    def levels(self, operations: Iterable[Operation]) -> tuple[AccessLevel, ...]:
        """Of those that the filters let through."""
        return self.levels_among(self._shown(operations))

    def levels_among(self, operations: Iterable[Operation]) -> tuple[AccessLevel, ...]:
        """Of those that have an effect where the policy is to be granted: one for each access, also where no operation
        has it. A reading operation that grants more than reading does not count, so no button selects it."""
        found: dict[Access, list[bool]] = {access: [] for access in Access}
        for operation in self.parted(operations)[0]:
            if operation.access is Access.WRITE or operation.id in self.only_reading:
                found[operation.access].append(operation.id in self.selection.operations)
        return tuple(AccessLevel(access, len(on), bool(on) and all(on)) for access, on in found.items())

    def parted(self, operations: Iterable[Operation]) -> tuple[Iterable[Operation], Iterable[Operation]]:
        """Those that have an effect where the policy is to be granted, and those that have none there."""
        if self._draft.goal is Goal.UNDECIDED:
            return operations, ()
        every = tuple(operations)
        return [each for each in every if not self._idle(each)], [each for each in every if self._idle(each)]

    def _shown(self, operations: Iterable[Operation]) -> Iterable[Operation]:
        """Those that the filters let through."""
        if not self.filtered:
            return operations
        return (operation for operation in operations if operation.id in self._found_ids)

    def _idle(self, operation: Operation) -> bool:
        return self._draft.goal is not Goal.UNDECIDED and not works_at(operation, self._draft.goal)

    # The rail

    @cached_property
    def services(self) -> tuple[Service, ...]:
        return services_with_operations(self.catalog)

    @cached_property
    def groups(self) -> tuple[RailGroup, ...]:
        """Every service below what it is sold under, in the order in which the groups come up."""
        together: dict[str, list[RailService]] = {}
        for service in self.services:
            number, current = self._numbers[service.slug], service is self.service
            line = RailService(service, number, self.filtered, current, self.catalog)
            together.setdefault(service.group, []).append(line)
        return tuple(
            RailGroup(title, tuple(lines), any(each.current or (self.filtered and each.number) for each in lines))
            for title, lines in together.items()
        )

    @cached_property
    def used(self) -> tuple[UsedService, ...]:
        """The services in use, in the catalogue's order."""
        denied = services_in_use(self.catalog, [block for block in self._draft.blocks if block.effect is Effect.DENY])
        return tuple(
            UsedService(
                service,
                number,
                len(self.catalog.operations_by_service[service.slug]),
                service is self.service,
                service.slug in denied,
            )
            for service in self.services
            if (number := self.in_use[service.slug])
        )

    @cached_property
    def in_use(self) -> Counter[str]:
        return services_in_use(self.catalog, self._draft.blocks)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        """Slug of a service -> how many of its operations the filters let through."""
        return {
            service.slug: sum(1 for _ in self._shown(self.catalog.operations_by_service[service.slug]))
            for service in self.services
        }

    @cached_property
    def marks(self) -> tuple[str, ...]:
        return search_of(self.catalog).marks(self.view.wanted)

    def _state(self, operation: Operation) -> OperationState:
        return self._states.get(operation.id, NO_STATE)

    def _opened(self, category: Category) -> bool:
        """As the address says, and the first one where nothing is there yet to look at."""
        opened = self.view.opened
        first = self._service is not None and category is self._service.categories[0]
        return ("all" in opened and not self.crowded) or category.id in opened or (first and self._draft.empty)
