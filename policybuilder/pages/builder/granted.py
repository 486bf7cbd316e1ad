"""The granted actions as the builder lists them, in groups, each with its reasons, and what a change does to that list.

Source of what is conditional: the notes in the "Dependencies" columns, "using an existing EIP".
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import ClassVar

from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from policybuilder.domain.building.blocks import Block, block_grants
from policybuilder.domain.building.closure import Grant
from policybuilder.domain.building.reach import can_change, reach
from policybuilder.domain.catalog.action_names import is_wildcard, matches, service_of
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Action, Operation, Support, combine
from policybuilder.domain.policy.document import Effect
from policybuilder.domain.remembering import remembered
from policybuilder.web.element_ids import element_id

FOLDED_FROM = 30  # actions in a group

CHOSEN, DEPENDENCIES, CONDITIONAL = "chosen", "dependencies", "conditional"
_TITLES = {CHOSEN: "Chosen", DEPENDENCIES: "Added as dependencies", CONDITIONAL: "Conditional dependencies"}


class GrantItem:
    """One element of a list of granted actions."""

    template: ClassVar[str]

    @property
    def place(self) -> str:
        """The id of the element."""
        raise NotImplementedError

    @cached_property
    def html(self) -> SafeString:
        return render_to_string(f"builder/granted.html#{self.template}", {"item": self})

    @property
    def oob_html(self) -> SafeString:
        """With the mark by which htmx puts it in its place."""
        return SafeString(self.html.replace("<li", '<li hx-swap-oob="true"', 1))


@dataclass(frozen=True)
class GrantRow(GrantItem):
    """A granted action with the names of the operations that need it. `matches` are what a wildcard covers today.

    `group` is where it is listed. `changes`: it can change something, or nobody knows. `denied`: it stands in a Deny,
    where a wildcard is not replaced by what it matches.
    """

    template = "grant-row"

    grant: Grant
    group: str
    changes: bool
    action: Action | None
    unknown: bool
    single: bool
    denied: bool
    needed_by: tuple[str, ...]
    matches: tuple[str, ...]
    support: Support

    @property
    def can_be_left_out(self) -> bool:
        """Of a wildcard there is more to choose, in a list of its own."""
        return not self.grant.selected and not is_wildcard(self.grant.action)

    @property
    def expandable(self) -> bool:
        return self.single and bool(self.matches) and not self.denied

    @property
    def element_id(self) -> str:
        return element_id(self.grant.action)

    @property
    def place(self) -> str:
        return f"grant-{self.element_id}"


@dataclass(frozen=True)
class ServiceHead(GrantItem):
    """The name of a service, before its actions in a group. `changes`: one of these can change something."""

    template = "grant-head"

    group: str
    prefix: str
    title: str
    changes: bool

    @property
    def place(self) -> str:
        return f"service-{self.group}-{element_id(self.prefix)}"


@dataclass(frozen=True)
class GrantGroup:
    """Some of the granted actions, a head before those of each service.

    `count` is of actions that no group before it has; a wildcard counts as what it matches.
    """

    slug: str
    items: tuple[GrantItem, ...]
    count: int

    @property
    def title(self) -> str:
        return _TITLES[self.slug]

    @property
    def conditional(self) -> bool:
        return self.slug == CONDITIONAL

    @property
    def rows(self) -> tuple[GrantRow, ...]:
        return tuple(item for item in self.items if isinstance(item, GrantRow))

    @property
    def folded(self) -> bool:
        """Whether it is so where nobody has opened or closed it."""
        return len(self.rows) >= FOLDED_FROM


def _weight(row: GrantRow, *made_from: object, **how: object) -> int:
    """In names, for each of which a rendered row has some hundred bytes."""
    return 10 + len(row.needed_by) + len(row.matches)


# The rows of a whole catalogue fit in several times.
@remembered(40_000, weigh=_weight)
def _grant_row(catalog: Catalog, grant: Grant, *, single: bool, denied: bool) -> GrantRow:
    """Remembered, since a tick changes few of the rows, and rendering them all takes longer than everything else."""
    needed_by = [catalog.operations[id_] for id_ in grant.needed_by]
    return GrantRow(
        grant=grant,
        group=_group(grant, needed_by),
        changes=can_change(catalog, grant.action),
        action=catalog.action_index.described(grant.action),
        unknown=not catalog.action_index.has(grant.action),
        single=single,
        denied=denied,
        needed_by=tuple(map(catalog.titles.operation_name, needed_by)),
        matches=catalog.action_index.expand(grant.action) if is_wildcard(grant.action) else (),
        support=combine(scope.enterprise_project for scope in catalog.action_index.scopes(grant.action)),
    )


def _group(grant: Grant, needed_by: Sequence[Operation]) -> str:
    if grant.selected:
        return CHOSEN
    return CONDITIONAL if all(_needed_for_one_way(grant.action, each) for each in needed_by) else DEPENDENCIES


def _needed_for_one_way(name: str, operation: Operation) -> bool:
    """Whether it is a dependency of options of the operation only."""
    optional = (each for option in operation.options for each in option.dependencies)
    return _covered(name, optional) and not _covered(name, operation.dependencies)


def _covered(name: str, patterns: Iterable[str]) -> bool:
    return any(matches(pattern, name) for pattern in patterns)


_service_head = lru_cache(maxsize=512)(ServiceHead)  # with its HTML


# What a change is compared with is what the change before it led to.
@remembered(12_000, weigh=lambda groups, *made_from: sum(_weight(row) for group in groups for row in group.rows))
def grant_groups(catalog: Catalog, block: Block) -> tuple[GrantGroup, ...]:
    """What one block grants, with its reasons: all groups, those without any action as well, since a change puts them
    in. Those of each are sorted by action."""
    denied = block.effect is Effect.DENY
    rows = [
        _grant_row(catalog, grant, single=grant.action in block.selection.actions, denied=denied)
        for grant in block_grants(catalog, block)
    ]
    groups: list[GrantGroup] = []
    counted: frozenset[str] = frozenset()
    for slug in _TITLES:
        listed = [row for row in rows if row.group == slug]
        every = counted | reach(catalog, (row.grant.action for row in listed)).actions
        groups.append(GrantGroup(slug, tuple(_with_heads(catalog, slug, listed)), len(every) - len(counted)))
        counted = every
    return tuple(groups)


def _with_heads(catalog: Catalog, group: str, rows: Iterable[GrantRow]) -> Iterator[GrantItem]:
    for prefix, of_service in groupby(rows, lambda row: service_of(row.grant.action)):
        listed = tuple(of_service)
        service = catalog.prefixes.services_by_prefix.get(prefix)
        title = service.title if service else prefix
        yield _service_head(group, prefix, title, changes=any(row.changes for row in listed))
        yield from listed


@dataclass(frozen=True)
class GrantedActions:
    """What one block grants, in groups. A wildcard counts as what it matches."""

    groups: tuple[GrantGroup, ...]

    @property
    def rows(self) -> tuple[GrantRow, ...]:
        return tuple(row for group in self.groups for row in group.rows)

    @property
    def count(self) -> int:
        return sum(group.count for group in self.groups)


def granted_change(
    before: Sequence[GrantGroup], after: Sequence[GrantGroup]
) -> tuple[list[tuple[str, object]], list[tuple[str, object]]]:
    """The way from one list to another, as templates with the values that they show: the items that go, which may come
    back elsewhere, and the others. A long way is the list as a whole.

    All lists have one order, so an item that stays in its group keeps its place.
    """
    gone: list[tuple[str, object]] = []
    changes: list[tuple[str, object]] = []
    touched = 0
    for old, group in zip(before, after, strict=True):
        if old == group:
            continue
        was = {item.place: item for item in old.items}
        will_be = {item.place for item in group.items}
        gone += [("builder/granted.html#grant-gone", place) for place in was if place not in will_be]
        where, inserted = f"afterbegin:#grants-{group.slug}", list[GrantItem]()
        for item in group.items:
            if item.place in was:
                where, inserted = f"afterend:#{item.place}", list[GrantItem]()
                if was[item.place] != item:
                    changes.append(("builder/granted.html#grant-changed", item))
                    touched += 1
                continue
            if not inserted:
                changes.append(("builder/granted.html#grants-inserted", (where, inserted)))
            inserted.append(item)
            touched += 1
        if old.count != group.count:
            changes.append(("builder/granted.html#tally-group", group))
    if len(gone) + touched > sum([len(group.items) for group in after]) // 2:
        return [], [("builder/granted.html#granted-list", None)]
    return gone, changes
