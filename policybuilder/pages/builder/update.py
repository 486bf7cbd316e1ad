"""What a change did to a builder that is open in a browser: only that is sent."""

from dataclasses import dataclass

from policybuilder.domain.building.operation_states import NO_STATE
from policybuilder.web.element_ids import element_id

from .granted import GrantedChange, granted_change
from .page import BuilderPage
from .tree import Counts, Row


@dataclass(frozen=True)
class Counter:
    """The counter of a service or category that changed, with where the browser has a place for it."""

    element_id: str
    counts: Counts
    in_rail: bool
    in_tree: bool


@dataclass(frozen=True)
class Update:
    """What a change did to a page that is open in a browser: only this is sent.

    `rows` have another state, `boxes` are rows whose boxes are not as the browser has them.
    """

    rows: tuple[Row, ...]
    boxes: tuple[Row, ...]
    counters: tuple[Counter, ...]
    grants: GrantedChange


@dataclass(frozen=True, slots=True)
class Boxes:
    """The boxes that a submitted form held: operations, and (operation, option) pairs; `ticked` ones among them."""

    shown: frozenset[str] = frozenset()
    ticked: frozenset[str] = frozenset()
    options: frozenset[tuple[str, str]] = frozenset()


def changes_between(before: BuilderPage, after: BuilderPage, boxes: Boxes) -> Update:
    """What differs between two pages, as far as the browser that sent `boxes` has it on screen."""
    catalog = after.catalog
    changed = {id_ for id_ in before.states.keys() | after.states.keys() if _changed(before, after, id_)}
    rows, turned = [], []
    touched = changed | boxes.ticked | {id_ for id_, _ in boxes.options} | after.selection.operations
    for id_ in sorted(boxes.shown & touched):
        row = after.tree.row(catalog.operations[id_])
        on = frozenset((id_, option.slug) for option, is_on in row.options if is_on)
        if row.state.selected != (id_ in boxes.ticked) or on != {pair for pair in boxes.options if pair[0] == id_}:
            turned.append(row)
        elif id_ in changed:
            rows.append(row)
    categories = [c for c in catalog.categories.values() if any(o.id in changed for o in c.operations)]
    services = [s for s in catalog.services if any(c.service == s.slug for c in categories)]
    # A filter takes away the categories in which it finds nothing. What is on screen was found for the draft before,
    # or for an even older one when the filter is for what is selected; but then all its categories have their boxes.
    found = None
    if after.tree.filtered:
        found = boxes.shown if after.view.wanted.selected else boxes.shown.union(before.tree.found)
    counters = [
        Counter(element_id(c.id), after.tree.counts(c.operations), in_rail=True, in_tree=_holds(found, f"{c.id}/"))
        for c in categories
    ]
    counters += [
        Counter(element_id(s.slug), after.tree.counts(s.operations), in_rail=False, in_tree=_holds(found, f"{s.slug}/"))
        for s in services
    ]
    return Update(
        tuple(rows), tuple(turned), tuple(counters), granted_change(before.granted.items, after.granted.items)
    )


def _changed(before: BuilderPage, after: BuilderPage, id_: str) -> bool:
    return before.states.get(id_, NO_STATE) != after.states.get(id_, NO_STATE)


def _holds(found: frozenset[str] | None, prefix: str) -> bool:
    """Whether there is an operation below `prefix` among `found`; None stands for all."""
    return found is None or any(id_.startswith(prefix) for id_ in found)
