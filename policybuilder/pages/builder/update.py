"""What a change did to a builder that is open in a browser: only that is sent."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

from policybuilder.domain.building.operation_states import NO_STATE
from policybuilder.domain.catalog.entries import Action
from policybuilder.web.element_ids import element_id

from .granted import GrantedChange, granted_change
from .page import BuilderPage
from .singles import SingleAction, changed_singles
from .tree import Counts, Row, UsedService


@dataclass(frozen=True)
class Counter:
    """The counter of a service or category in the tree that changed; a category has one in the rail as well where the
    tree shows one service."""

    element_id: str
    counts: Counts
    in_rail: bool


@dataclass(frozen=True)
class Update:
    """What a change did to a page that is open in a browser: only this is sent.

    `rows` have another state, `boxes` are rows whose boxes are not as the browser has them, `singles` those of single
    actions that are not as they were. `used` are the services in use whose counts changed, unless other services are
    in use now: `others_used`.
    """

    rows: tuple[Row, ...]
    boxes: tuple[Row, ...]
    counters: tuple[Counter, ...]
    used: tuple[UsedService, ...]
    others_used: bool
    grants: GrantedChange
    singles: tuple[SingleAction, ...]


Box = tuple[str, str]  # ids of a category and of one of its operations


@dataclass(frozen=True, slots=True)
class Boxes:
    """The boxes that a submitted form held, `ticked` ones among them; `options` of these with the option's slug.

    An operation has a box in each of the tables that publish it.
    """

    shown: frozenset[Box] = frozenset()
    ticked: frozenset[Box] = frozenset()
    options: frozenset[tuple[str, str, str]] = frozenset()

    @property
    def operations(self) -> frozenset[str]:
        """The ids of those that are shown."""
        return frozenset(id_ for _, id_ in self.shown)


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
    rows, turned = _rows(after, boxes, changed)
    grants = granted_change(before.granted.groups, after.granted.groups)
    changed_rows = changed_singles(before.singles, after.singles, singles)
    counters = tuple(_counters(after, counted, changed))
    was, now = before.tree.used, after.tree.used
    others_used = [each.service for each in was] != [each.service for each in now]
    used = () if others_used else tuple(each for each in now if each not in was)
    return Update(tuple(rows), tuple(turned), counters, used, others_used, grants, changed_rows)


def _rows(after: BuilderPage, boxes: Boxes, changed: Set[str]) -> tuple[list[Row], list[Row]]:
    """Those with another state, and those whose boxes are not as the browser has them."""
    rows, turned = [], []
    touched = changed | after.selection.operations | {id_ for _, id_ in boxes.ticked}
    touched |= {id_ for _, id_, _ in boxes.options}
    sent: dict[Box, set[str]] = {}
    for category, id_, slug in boxes.options:
        sent.setdefault((category, id_), set()).add(slug)
    for box in sorted(box for box in boxes.shown if box[1] in touched):
        category, id_ = box
        row = after.tree.row(after.catalog.operations[id_], after.catalog.categories[category])
        on = {option.slug for option, is_on in row.options if is_on}
        if row.state.selected != (box in boxes.ticked) or on != sent.get(box, set()):
            turned.append(row)
        elif id_ in changed:
            rows.append(row)
    return rows, turned


def _counters(after: BuilderPage, counted: Counted, changed: Set[str]) -> Iterator[Counter]:
    """Those of the categories and services that what has changed is in, where there is a place for them."""
    catalog, tree = after.catalog, after.tree
    touched = {category.id for id_ in changed for category in catalog.categories_by_operation[id_]}
    for id_ in sorted(touched & counted.categories):
        counts = tree.counts(catalog.categories[id_].operations)
        yield Counter(element_id(id_), counts, in_rail=tree.service is not None)
    for slug in sorted({catalog.categories[id_].service for id_ in touched} & counted.services):
        yield Counter(element_id(slug), tree.service_counts(catalog.services_by_slug[slug]), in_rail=False)


def _changed(before: BuilderPage, after: BuilderPage, id_: str) -> bool:
    return before.states.get(id_, NO_STATE) != after.states.get(id_, NO_STATE)
