"""What a change did to a builder that is open in a browser: only that is sent."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from typing import TypeVar

from policybuilder.domain.building.operation_states import NO_STATE
from policybuilder.domain.catalog.entries import Action
from policybuilder.web.element_ids import element_id

from .counts import AccessLevel, Counts
from .granted import GrantedChange, granted_change
from .page import BuilderPage
from .rail import UsedService
from .rows import BESIDE, Row, row_beside
from .singles import SingleAction, changed_singles

T = TypeVar("T")


@dataclass(frozen=True)
class Counter:
    """The counter and the buttons of a service or category in the tree. `counts` is None and `levels` is empty where
    they did not change. A category has a counter in the rail as well where the tree shows one service. `below` is the
    slug or id, as commands name it."""

    below: str
    title: str
    counts: Counts | None
    levels: tuple[AccessLevel, ...]
    in_rail: bool

    @property
    def element_id(self) -> str:
        return element_id(self.below)


@dataclass(frozen=True)
class Update:
    """What a change did to a page that is open in a browser: only this is sent.

    `rows` have another state, `boxes` are rows whose boxes are not as the browser has them, `beside` those of which
    only the box of what does the same in enterprise projects is not. `found`: the buttons above what was found changed.
    `singles` are those of single actions that are not as they were. `used` are the services in use whose counts
    changed, unless other services are in use now: `others_used`.
    """

    rows: tuple[Row, ...]
    boxes: tuple[Row, ...]
    beside: tuple[Row, ...]
    found: bool
    counters: tuple[Counter, ...]
    used: tuple[UsedService, ...]
    others_used: bool
    grants: GrantedChange
    singles: tuple[SingleAction, ...]


Box = tuple[str, str]  # a place and the id of an operation: that of a category of it, or of a row that names it


@dataclass(frozen=True, slots=True)
class Boxes:
    """The boxes that a submitted form held, `ticked` ones among them; `options` of these with the option's slug.

    An operation has a box in each of the tables that publish it, and one in each row that it does the job of.
    """

    shown: frozenset[Box] = frozenset()
    ticked: frozenset[Box] = frozenset()
    options: frozenset[tuple[str, str, str]] = frozenset()

    @property
    def operations(self) -> frozenset[str]:
        """The ids of those that are shown."""
        return frozenset(id_ for _, id_ in self.shown)

    @property
    def listed(self) -> frozenset[str]:
        """The ids of those that have a row."""
        return frozenset(id_ for place, id_ in self.shown if not place.startswith(BESIDE))


@dataclass(frozen=True, slots=True)
class Counted:
    """The services and categories of which the browser that sent a form has counters in the tree."""

    categories: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()


def changes_between(
    before: BuilderPage, after: BuilderPage, boxes: Boxes, counted: Counted, singles: Iterable[Action] = ()
) -> Update:
    """What differs between two pages, as far as the browser that sent `boxes` and `singles` has it on screen."""
    changed = {id_ for id_ in before.states.keys() | after.states.keys() if _changed(before, after, id_)}
    touched = changed | _touched(after, boxes)
    rows, turned = _rows(after, boxes, changed, touched)
    beside = _beside(after, boxes, touched, turned)
    grants = granted_change(before.granted.groups, after.granted.groups)
    changed_rows = changed_singles(before.singles, after.singles, singles)
    counters = tuple(_counters(before, after, counted, changed))
    tree = after.tree
    found = tree.searching and tree.found_levels != before.tree.levels_among(tree.found)
    was, now = before.tree.used, after.tree.used
    others_used = [each.service for each in was] != [each.service for each in now]
    used = () if others_used else tuple(each for each in now if each not in was)
    return Update(tuple(rows), tuple(turned), beside, found, counters, used, others_used, grants, changed_rows)


def _touched(after: BuilderPage, boxes: Boxes) -> set[str]:
    """The operations of which a box may not be as the browser has it."""
    ticked = {id_ for _, id_ in boxes.ticked} | {id_ for _, id_, _ in boxes.options}
    return ticked | after.selection.operations


def _rows(after: BuilderPage, boxes: Boxes, changed: Set[str], touched: Set[str]) -> tuple[list[Row], list[Row]]:
    """Those with another state, and those whose boxes are not as the browser has them."""
    rows, turned = [], []
    sent: dict[Box, set[str]] = {}
    for category, id_, slug in boxes.options:
        sent.setdefault((category, id_), set()).add(slug)
    for box in sorted(box for box in boxes.shown if box[1] in touched and not box[0].startswith(BESIDE)):
        category, id_ = box
        row = after.tree.row(after.catalog.operations[id_], after.catalog.categories[category])
        on = {option.slug for option, is_on in row.options if is_on}
        if row.state.selected != (box in boxes.ticked) or on != sent.get(box, set()):
            turned.append(row)
        elif id_ in changed:
            rows.append(row)
    return rows, turned


def _beside(after: BuilderPage, boxes: Boxes, touched: Set[str], whole: Iterable[Row]) -> tuple[Row, ...]:
    """The rows of which the other box is not as the browser has it; those that are sent `whole` have it."""
    keys = {f"{BESIDE}{row.key}" for row in whole}
    turned = sorted(
        (place, id_)
        for place, id_ in boxes.shown
        if place.startswith(BESIDE)
        and id_ in touched
        and place not in keys
        and (id_ in after.selection.operations) != ((place, id_) in boxes.ticked)
    )
    found = (row_beside(after.catalog, place) for place, _ in turned)
    return tuple(after.tree.row(*row) for row in found if row)


def _counters(before: BuilderPage, after: BuilderPage, counted: Counted, changed: Set[str]) -> Iterator[Counter]:
    """The counters of the changed categories and services that the browser shows."""
    catalog, was, tree = after.catalog, before.tree, after.tree
    turned = changed | (tree.only_reading ^ was.only_reading)  # the Read buttons count these differently
    touched = {category.id for id_ in turned for category in catalog.categories_by_operation[id_]}
    for id_ in sorted(touched & counted.categories):
        category = catalog.categories[id_]
        counts = _if_changed(was.counts(category.operations), tree.counts(category.operations))
        levels = _if_changed(was.levels(category), tree.levels(category)) or ()
        yield Counter(id_, category.title, counts, levels, in_rail=tree.service is not None)
    for slug in sorted({catalog.categories[id_].service for id_ in touched} & counted.services):
        service = catalog.services_by_slug[slug]
        counts = _if_changed(was.service_counts(service), tree.service_counts(service))
        levels = _if_changed(was.service_levels(service), tree.service_levels(service)) or ()
        yield Counter(slug, service.title, counts, levels, in_rail=False)


def _if_changed(before: T, after: T) -> T | None:
    return None if after == before else after


def _changed(before: BuilderPage, after: BuilderPage, id_: str) -> bool:
    return before.states.get(id_, NO_STATE) != after.states.get(id_, NO_STATE)
