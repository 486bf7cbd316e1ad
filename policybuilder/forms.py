"""Browser input -> domain values. Nothing here raises: what cannot be used is named in `problems` and left out."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace

from django.http import QueryDict

from . import drafts
from .addresses import View
from .builder_page import ROWS_AT_ONCE
from .builder_update import Boxes
from .domain.catalog import Access, Catalog, Operation
from .domain.closure import prune
from .domain.matching import ActionNameError, parse_action
from .domain.search import Filter, find, split_words
from .domain.selection import Dependencies, Selection
from .drafts import Draft, Opened

MAX_QUERY = 100
MAX_VIEW = 2000


def read_view(data: QueryDict) -> View:
    """The search, the filters and the opened categories, from an address or a form."""
    query = drafts.clean_name(data.get("q", ""))[:MAX_QUERY]
    wanted = Filter(
        words=split_words(query),
        reading=data.get("reading") == "1",
        enterprise=data.get("enterprise") == "1",
        native={"native": True, "own": False}.get(data.get("api", "")),
        selected=data.get("selected") == "1",
    )
    return View(query, wanted, frozenset(data.getlist("open")[:50]))


def read_draft(catalog: Catalog, data: Mapping[str, str], key: str = "draft") -> Opened:
    return drafts.decode(catalog, data.get(key, ""))


@dataclass(frozen=True, slots=True)
class Submission:
    """A submitted builder: the draft as it was, as the form's boxes and button make it, and what went wrong.

    `boxes` are what the browser shows, `view` is what it is to show; `view_changed` when its tree shows another one.
    The fields of the search, of the single action, and of the name and the switch are out of date in the browser when
    the submission `cleared` the search, `added` the action or `restored` another draft.
    """

    before: Draft
    after: Draft
    boxes: Boxes
    view: View
    view_changed: bool
    cleared: bool
    added: bool
    restored: bool
    problems: tuple[str, ...]


def read_submission(catalog: Catalog, data: QueryDict) -> Submission:
    opened = read_draft(catalog, data)
    before, problems = opened.draft, list(opened.problems)
    boxes = _read_boxes(catalog, data)
    shown_before = read_view(QueryDict(data.get("view", "")[:MAX_VIEW]))
    view = replace(read_view(data), opened=shown_before.opened)
    ticked = _apply_boxes(catalog, before.selection, boxes)
    switch = Dependencies.ALL if data.get("dependencies") == "all" else Dependencies.DIRECT
    ticked = replace(ticked, dependencies=switch)
    after = Draft(ticked, drafts.clean_name(data.get("name", before.name)))
    command, _, subject = data.get("do", "").partition(":")
    if command == "search" and data.get("action"):
        command = "add"  # Return in the field of the single action presses the form's first button, which is this one
    if command == "undo":
        undone = drafts.decode(catalog, data.get("previous", ""))
        after, problems = undone.draft, problems + list(undone.problems)
    elif command == "open":
        view = view.opening(subject)
    elif command == "clear":
        view = View()
    elif command in _COMMANDS:
        subject = data.get("action", "").strip() if command == "add" else subject
        in_sight = _in_sight(catalog, before.selection, boxes, shown_before)
        try:
            selection = _COMMANDS[command](catalog, after.selection, subject, in_sight)
        except _Refused as refused:
            problems.append(str(refused))
        else:
            after = replace(after, selection=selection)
    elif command and command != "search":
        problems.append(f"The page sent “{command[:50]}”, which is nothing that the builder can do. Reload the page.")
    after = replace(after, selection=prune(catalog, after.selection))
    return Submission(
        before=before,
        after=after,
        boxes=boxes,
        view=view,
        view_changed=view != shown_before,
        cleared=command == "clear",
        added=after.selection.actions > before.selection.actions,
        restored=command in ("undo", "reset"),
        problems=tuple(problems),
    )


def _read_boxes(catalog: Catalog, data: QueryDict) -> Boxes:
    """Unticked boxes send nothing, so the fields `shown` say which ones there are: a category, or some of its slugs."""
    shown: set[str] = set()
    for value in data.getlist("shown"):
        category, *slugs = value.split(" ")
        if category in catalog.categories:
            ids = {operation.id for operation in catalog.categories[category].operations}
            shown |= ids & {f"{category}/{slug}" for slug in slugs} if slugs else ids
    ticked = {id_ for id_ in data.getlist("o") if id_ in catalog.operations}
    options = set()
    for value in data.getlist("p"):
        id_, _, slug = value.partition("#")
        if id_ in catalog.operations and any(option.slug == slug for option in catalog.operations[id_].options):
            options.add((id_, slug))
    return Boxes(frozenset(shown | ticked), frozenset(ticked), frozenset(options))


def _apply_boxes(catalog: Catalog, before: Selection, boxes: Boxes) -> Selection:
    """The selection with the boxes as they are.

    An operation ticked just now has all options unless some are ticked; ticking an option ticks its operation.
    """
    by_option = {id_ for id_, _ in boxes.options if id_ not in before.operations}
    ticked = boxes.ticked | by_option
    after = before.untick(boxes.shown - ticked).tick(ticked)
    for id_ in ticked:
        pairs = frozenset((id_, option.slug) for option in catalog.operations[id_].options)
        chosen = pairs & boxes.options
        if pairs and (chosen or id_ in before.operations):
            after = replace(after, options_off=(after.options_off - pairs) | (pairs - chosen))
    return after


class _Refused(Exception):
    """A command that cannot be carried out; the text is for the user."""


def _in_sight(catalog: Catalog, before: Selection, boxes: Boxes, view: View) -> Set[str]:
    """The operations that the filters let through: those in the form, and those whose category is not filled in yet."""
    if not view.wanted.active:
        return catalog.operations.keys()
    found = find(catalog, view.wanted, before.operations)
    if len(found) <= ROWS_AT_ONCE:
        return boxes.shown
    filled = {catalog.operations[id_].category_id for id_ in boxes.shown}
    return boxes.shown.union(operation.id for operation in found if operation.category_id not in filled)


def _operations(catalog: Catalog, subject: str, in_sight: Set[str]) -> Iterator[Operation]:
    """The operations in sight below a service or category: what the filters hide stays as it is."""
    if subject not in catalog.categories and subject not in {service.slug for service in catalog.services}:
        raise _Refused(f"“{subject[:200]}” is no category of the catalogue (any more). Reload the page.")
    return (o for o in catalog.operations.values() if o.id in in_sight and o.id.startswith(f"{subject}/"))


def _ids(operations: Iterable[Operation]) -> frozenset[str]:
    return frozenset(operation.id for operation in operations)


def _operation(catalog: Catalog, subject: str) -> str:
    if subject not in catalog.operations:
        raise _Refused(f"“{subject[:200]}” is no operation of the catalogue (any more). Reload the page.")
    return subject


def _select_all(catalog: Catalog, selection: Selection, subject: str, in_sight: Set[str]) -> Selection:
    return selection.tick(_ids(_operations(catalog, subject, in_sight)))


def _select_none(catalog: Catalog, selection: Selection, subject: str, in_sight: Set[str]) -> Selection:
    return selection.untick(_ids(_operations(catalog, subject, in_sight)))


def _select_reading(catalog: Catalog, selection: Selection, subject: str, in_sight: Set[str]) -> Selection:
    return selection.tick(_ids(o for o in _operations(catalog, subject, in_sight) if o.access is Access.READ))


def _reset(catalog: Catalog, selection: Selection, subject: str, in_sight: Set[str]) -> Selection:
    return Selection()


def _untick(catalog: Catalog, selection: Selection, subject: str, in_sight: Set[str]) -> Selection:
    return selection.untick([_operation(catalog, subject)])


def _swap(catalog: Catalog, selection: Selection, subject: str, in_sight: Set[str]) -> Selection:
    return selection.swap_for_enterprise(catalog, [_operation(catalog, subject)])


def _swap_all(catalog: Catalog, selection: Selection, subject: str, in_sight: Set[str]) -> Selection:
    return selection.swap_for_enterprise(catalog, selection.operations)


def _complete(catalog: Catalog, selection: Selection, subject: str, in_sight: Set[str]) -> Selection:
    """Whatever the operation lacks: it is selected, its options are on and none of its dependencies is left out."""
    operation = catalog.operations[_operation(catalog, subject)]
    pairs = {(operation.id, option.slug) for option in operation.options}
    if selection.chosen_options(operation):
        pairs = set()
    return replace(
        selection.tick([operation.id]),
        options_off=selection.options_off - pairs,
        without=selection.without - set(operation.all_dependencies()),
    )


def _leave_out(catalog: Catalog, selection: Selection, subject: str, in_sight: Set[str]) -> Selection:
    return replace(selection, without=selection.without | {_action(catalog, subject)})


def _put_back(catalog: Catalog, selection: Selection, subject: str, in_sight: Set[str]) -> Selection:
    return replace(selection, without=selection.without - {subject})


def _add(catalog: Catalog, selection: Selection, subject: str, in_sight: Set[str]) -> Selection:
    return replace(selection, actions=selection.actions | {_action(catalog, subject)})


def _remove(catalog: Catalog, selection: Selection, subject: str, in_sight: Set[str]) -> Selection:
    return replace(selection, actions=selection.actions - {subject})


def _action(catalog: Catalog, name: str) -> str:
    """The action as the catalogue spells it. A wildcard stays as it is, if it matches something."""
    if not name:
        raise _Refused("Type an action to add, e.g. ecs:servers:list.")
    try:
        parse_action(name)
    except ActionNameError as error:
        raise _Refused(str(error)) from None
    known = catalog.action(name)
    if known is None and not catalog.expand(name):
        raise _Refused(f"“{name}” is not in the catalogue. Choose an action from the list.")
    return known.name if known else name


_COMMANDS = {
    "all": _select_all,
    "none": _select_none,
    "reading": _select_reading,
    "reset": _reset,
    "untick": _untick,
    "swap": _swap,
    "swap-all": _swap_all,
    "complete": _complete,
    "leave-out": _leave_out,
    "put-back": _put_back,
    "add": _add,
    "remove": _remove,
}
