"""Browser input -> domain values. Nothing here raises: what cannot be used is named in `problems` and left out."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace

from django.http import QueryDict

from policybuilder.domain.building.closure import prune
from policybuilder.domain.building.selection import Dependencies, Selection
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.search import find
from policybuilder.drafts.addresses import View
from policybuilder.drafts.draft import Draft, clean_name
from policybuilder.drafts.link import decode
from policybuilder.drafts.reading import read_draft, read_view
from policybuilder.drafts.selection_commands import SELECTION_COMMANDS
from policybuilder.web.commands import RefusedError
from policybuilder.web.uploads import MAX_KEY, MAX_VALUES

from .commands import DRAFT_COMMANDS, Change
from .statements import ConditionFields, Typed
from .tree import ROWS_AT_ONCE
from .update import Boxes

MAX_VIEW = 2000


@dataclass(frozen=True, slots=True)
class Submission:
    """A submitted builder: the draft as it was, as the form's boxes and button make it, and what went wrong.

    `boxes` are what the browser shows, `view` is what it is to show; `view_changed` when its tree shows another one, or
    a tree of the other effect. `typed` is what was refused. The fields of the search, of the single action, and of the
    name and the switch are out of date in the browser when the submission `cleared` the search, `added` the action or
    `restored` another draft; the editor of effect, conditions and resources is when `limits_changed`.
    """

    before: Draft
    after: Draft
    boxes: Boxes
    view: View
    view_changed: bool
    cleared: bool
    added: bool
    restored: bool
    limits_changed: bool
    typed: Typed
    problems: tuple[str, ...]


def read_submission(catalog: Catalog, data: QueryDict) -> Submission:
    opened = read_draft(catalog, data)
    before, problems = opened.draft, list(opened.problems)
    boxes = _read_boxes(catalog, data)
    shown_before = read_view(QueryDict(data.get("view", "")[:MAX_VIEW]))
    at = before.editable(shown_before.at)
    shown_before = replace(shown_before, at=at)
    view = replace(read_view(data), opened=shown_before.opened, at=at, condition=shown_before.condition)
    block = before.blocks[at]
    switch = Dependencies.ALL if data.get("dependencies") == "all" else Dependencies.DIRECT
    ticked = replace(_apply_boxes(catalog, block.selection, boxes), dependencies=switch)
    label = clean_name(data.get("label", block.label))
    after = before.with_block(at, replace(block, selection=ticked, label=label))
    after = replace(after, name=clean_name(data.get("name", before.name)))
    typed = read_typed(data)
    command, _, subject = data.get("do", "").partition(":")
    if command == "search" and data.get("action"):
        command = "add"  # Return in the field of the single action presses the form's first button
    try:
        if command == "undo":
            undone = decode(catalog, data.get("previous", ""))
            after, problems = undone.draft, problems + list(undone.problems)
        elif command == "open":
            view = view.opening(subject)
        elif command == "clear":
            view = replace(View(), at=view.at)
        elif command in SELECTION_COMMANDS:
            subject = data.get("action", "").strip() if command == "add" else subject
            in_sight = _in_sight(catalog, block.selection, boxes, shown_before)
            selection = SELECTION_COMMANDS[command](catalog, after.blocks[at].selection, subject, in_sight)
            after = after.with_block(at, replace(after.blocks[at], selection=selection))
        elif command in DRAFT_COMMANDS:
            changed = DRAFT_COMMANDS[command](catalog, Change(after, view, typed), subject)
            after, view, typed = changed.draft, changed.view, changed.typed
        elif command and command != "search":
            raise RefusedError(
                f"The page sent “{command[:50]}”, which is nothing that the builder can do. Reload the page."
            )
    except RefusedError as refused:
        problems.append(str(refused))
    view = replace(view, at=after.editable(view.at))
    restored = command in ("undo", "reset") or view.at != at or len(after.blocks) != len(before.blocks)
    pruned = after.blocks[view.at]
    after = after.with_block(view.at, replace(pruned, selection=prune(catalog, pruned.selection)))
    return Submission(
        before=before,
        after=after,
        boxes=boxes,
        view=view,
        view_changed=view != shown_before or after.blocks[view.at].effect is not block.effect,
        cleared=command == "clear",
        added=after.blocks[view.at].selection.actions > block.selection.actions,
        restored=restored,
        limits_changed=restored or _limits(after, view) != _limits(before, shown_before),
        typed=typed,
        problems=tuple(problems),
    )


def _limits(draft: Draft, view: View) -> tuple[object, ...]:
    """What the editor of effect, conditions and resources shows, but for the label."""
    block = draft.blocks[view.at]
    return block.effect, block.conditions, block.resources, view.condition


def read_typed(data: Mapping[str, str]) -> Typed:
    """The editor of a condition and the field of a resource, as they were typed."""

    def field(name: str, most: int) -> str:
        return data.get(name, "")[:most]

    return Typed(
        ConditionFields(
            key=field("condition-key", MAX_KEY).strip(),
            operator=field("condition-operator", MAX_KEY),
            prefix=field("condition-prefix", MAX_KEY),
            if_exists=data.get("condition-if-exists") == "1",
            values=field("condition-values", MAX_VALUES),
        ),
        field("resource", MAX_KEY).strip(),
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


def _in_sight(catalog: Catalog, before: Selection, boxes: Boxes, view: View) -> Set[str]:
    """The operations that the filters let through: those in the form, and those whose category is not filled in yet."""
    if not view.wanted.active:
        return catalog.operations.keys()
    found = find(catalog, view.wanted, before.operations)
    if len(found) <= ROWS_AT_ONCE:
        return boxes.shown
    filled = {catalog.operations[id_].category_id for id_ in boxes.shown}
    return boxes.shown.union(operation.id for operation in found if operation.category_id not in filled)
