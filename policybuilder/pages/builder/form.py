"""A submitted builder -> the draft as its boxes and fields make it, and what its button asks for.

Nothing here raises: what cannot be used is named in `problems` and left out.
"""

from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass, replace

from django.http import QueryDict

from policybuilder.domain.building.selection import Dependencies, Selection
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Action
from policybuilder.domain.catalog.scope import Goal
from policybuilder.domain.policy.condition_terms import GLOBAL_KEYS, global_key
from policybuilder.drafts.addresses import View
from policybuilder.drafts.draft import Draft, clean_name
from policybuilder.drafts.link import decode
from policybuilder.drafts.reading import read_draft, read_view
from policybuilder.web.commands import Command, read_command
from policybuilder.web.uploads import MAX_KEY, MAX_VALUES, line_feeds

from .conditions import ConditionFields, in_utc
from .rows import BESIDE, places_beside, row_beside
from .singles import MOST_SINGLES
from .statements import Typed
from .tree import service_shown
from .update import Box, Boxes, Counted

MAX_VIEW = 2000
_NOTHING_TO_SEARCH = (
    "The text names no API call and no action, so nothing is searched, and nothing of it was kept. Paste the address, "
    "the line for curl or the whole message."
)


@dataclass(frozen=True, slots=True)
class Submission:
    """What a browser sent. `before` is the draft that it shows, `filled_in` the same with its boxes and fields as sent.

    `shown` is what of the draft the browser shows, `view` what it is to show; `query` what was typed to be searched,
    with single spaces, of which the view may have less. `undone` is the draft to go back (or on) to, None unless that
    is the command, and `undone_at` the block of it to show. `typed` stands in the fields of a condition and a resource,
    `action` in that of a single action; `told` when the browser shows something about the condition, `omitted` when it
    says what a button left out; `key_changed` when the operators that can be chosen are not those of the key;
    `value_type` the type that the field for its values is for, "" where there is none. `unread` has a sentence for each
    part of a draft that could not be read.
    """

    before: Draft
    filled_in: Draft
    boxes: Boxes
    counted: Counted
    singles: tuple[Action, ...]
    shown: View
    view: View
    query: str
    typed: Typed
    action: str
    told: bool
    omitted: bool
    key_changed: bool
    value_type: str
    command: Command
    undone: Draft | None
    undone_at: int
    unread: tuple[str, ...]
    problems: tuple[str, ...]


def read_submission(catalog: Catalog, data: QueryDict) -> Submission:
    opened = read_draft(catalog, data)
    before, unread = opened.draft, opened.problems
    boxes = _read_boxes(catalog, data)
    shown = read_view(catalog, QueryDict(data.get("view", "")[:MAX_VIEW]))
    view = read_view(catalog, data)
    query = " ".join(data.get("q", "").split())
    problems = (_NOTHING_TO_SEARCH,) if query and not view.query else ()
    service = service_shown(catalog, before.blocks, shown.service)
    shown = replace(
        shown,
        at=before.editable(shown.at),
        condition=view.condition,
        service=service.slug if service else "",
    )
    lists_all = shown.all and (view.query, view.wanted) == (shown.query, shown.wanted)
    command, undone = _read_command(data), None
    typed = _read_typed(data)
    key_changed = typed.condition.key != data.get("condition-listed", "")
    if key_changed:
        typed = replace(typed, condition=typed.condition.fitting())
    if command.name == "undo":
        previous = decode(catalog, data.get("previous", ""))
        undone, unread = previous.draft, unread + previous.problems
    return Submission(
        before=before,
        filled_in=_filled_in(catalog, before, shown.at, boxes, data),
        boxes=boxes,
        counted=_read_counted(data),
        singles=_read_singles(catalog, data),
        shown=shown,
        view=replace(view, opened=shown.opened, at=shown.at, service=shown.service, all=lists_all),
        query=query,
        typed=typed,
        action=data.get("action", "").strip(),
        told="told" in data,
        omitted="omitted" in data,
        key_changed=key_changed,
        value_type=data.get("condition-type", ""),
        command=command,
        undone=undone,
        undone_at=view.at if "statement" in data else shown.at,
        unread=tuple(dict.fromkeys(unread)),
        problems=problems,
    )


def _read_command(data: QueryDict) -> Command:
    """Where "add" names no action, it is the one that is typed. Return in its field presses the form's first button."""
    command, typed = read_command(data), data.get("action", "").strip()
    if command == Command("add") or (command.name == "search" and typed):
        return Command("add", typed)
    return command


def _filled_in(catalog: Catalog, before: Draft, at: int, boxes: Boxes, data: QueryDict) -> Draft:
    """The draft with the boxes, the switch, the label of the block `at`, the name and the goal as they were sent."""
    block = before.blocks[at]
    switch = Dependencies.ALL if data.get("dependencies") == "all" else Dependencies.DIRECT
    selection = replace(_apply_boxes(catalog, block.selection, boxes), dependencies=switch)
    label = clean_name(data.get("label", block.label))
    draft = before.with_block(at, replace(block, selection=selection, label=label))
    goal = data.get("goal", "")
    return replace(
        draft,
        name=clean_name(data.get("name", before.name)),
        goal=Goal(goal) if goal in list(Goal) else before.goal,
    )


def _read_typed(data: Mapping[str, str]) -> Typed:
    """The editor of a condition and the field of a resource, as they were typed. A line break is one character, as for
    the field's own limit."""

    def field(name: str, most: int) -> str:
        return line_feeds(data.get(name, ""))[:most]

    chosen, typed = field("condition-about", MAX_KEY), field("condition-key", MAX_KEY).strip()
    return Typed(
        ConditionFields(
            key=chosen if chosen in GLOBAL_KEYS and global_key(typed) != chosen else typed,
            operator=field("condition-operator", MAX_KEY),
            prefix=field("condition-prefix", MAX_KEY),
            if_exists=data.get("condition-if-exists") == "1",
            values=field("condition-values", MAX_VALUES) or in_utc(field("condition-time", MAX_KEY)),
        ),
        field("resource", MAX_KEY).strip(),
    )


def _read_counted(data: QueryDict) -> Counted:
    """A field `held` for each service in the tree, with its categories."""
    held = [value.split(" ") for value in data.getlist("held")]
    return Counted(
        categories=frozenset(f"{service}/{slug}" for service, *slugs in held for slug in slugs),
        services=frozenset(service for service, *_ in held),
    )


def _read_singles(catalog: Catalog, data: Mapping[str, str]) -> tuple[Action, ...]:
    """The single actions that the browser has on screen."""
    names = dict.fromkeys(data.get("singles", "").split(" ")[:MOST_SINGLES])
    return tuple(catalog.action_index.actions[name] for name in names if name in catalog.action_index.actions)


def _read_boxes(catalog: Catalog, data: QueryDict) -> Boxes:
    """Unticked boxes send nothing, so the fields `shown` say which ones there are: a category, or some of its rows; or
    no category, and operations in their own.

    What a box sends ends with its place, where that is not the operation's own category. `beside` says that rows have a
    box for what does their job in enterprise projects.
    """
    shown: set[Box] = set()
    for value in data.getlist("shown"):
        category, *rows = value.split(" ")
        if category in catalog.categories:
            ids = {operation.id for operation in catalog.categories[category].operations}
            wanted = ids & {row if "/" in row else f"{category}/{row}" for row in rows} if rows else ids
            shown |= {(category, id_) for id_ in wanted}
        elif not category:
            shown |= {box for row in rows if (box := _box(catalog, row, ""))}
    if "beside" in data:
        shown |= places_beside(catalog, shown)
    ticked = {box for value in data.getlist("o") if (box := _box(catalog, *value.partition(" ")[::2]))}
    options = set()
    for value in data.getlist("p"):
        option, _, category = value.partition(" ")
        id_, _, slug = option.partition("#")
        box = _box(catalog, id_, category)
        if box and any(option.slug == slug for option in catalog.operations[id_].options):
            options.add((*box, slug))
    return Boxes(frozenset(shown | ticked), frozenset(ticked), frozenset(options))


def _box(catalog: Catalog, id_: str, place: str) -> Box | None:
    """None for what the catalogue does not have (any more)."""
    there = [found.id for found in catalog.categories_by_operation.get(id_, ())]
    if row := row_beside(catalog, place):
        return (place, id_) if row[0].enterprise_alternative == id_ else None
    if place:
        return (place, id_) if place in there else None
    return (there[0], id_) if there else None


def _apply_boxes(catalog: Catalog, before: Selection, boxes: Boxes) -> Selection:
    """The selection with the boxes as they are; of several boxes for one thing, the one counts that was turned.

    An operation ticked just now has all options unless some are ticked; ticking an option ticks its operation.
    """
    places: dict[str, set[str]] = defaultdict(set)  # where each operation has a box
    for place, id_ in {*boxes.shown, *((place, id_) for place, id_, _ in boxes.options)}:
        places[id_].add(place)
    by_option = {id_ for _, id_, _ in boxes.options if id_ not in before.operations}
    ticked = by_option | {
        id_
        for id_ in boxes.operations
        if _is_on({(place, id_) in boxes.ticked for place in places[id_]}, was=id_ in before.operations)
    }
    after = before.untick(boxes.operations - ticked).tick(ticked)
    for id_ in ticked:
        was_ticked = id_ in before.operations
        tables = [place for place in places[id_] if not place.startswith(BESIDE)]  # options stand nowhere else
        if not tables:
            continue
        pairs = frozenset((id_, option.slug) for option in catalog.operations[id_].options)
        chosen = frozenset(
            pair
            for pair in pairs
            if _is_on(
                {(place, *pair) in boxes.options for place in tables},
                was=was_ticked and pair not in before.options_off,
            )
        )
        if pairs and (chosen or was_ticked):
            after = replace(after, options_off=(after.options_off - pairs) | (pairs - chosen))
    return after


def _is_on(boxes: Set[bool], *, was: bool) -> bool:
    """What all boxes say; where they do not agree, the one that says what was not so before was turned."""
    return next(iter(boxes)) if len(boxes) == 1 else not was
