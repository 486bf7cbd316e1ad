"""A submitted builder -> the draft as its boxes and fields make it, and what its button asks for.

Nothing here raises: what cannot be used is named in `problems` and left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.http import QueryDict

from policybuilder.domain.building.selection import Dependencies, Selection
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.drafts.addresses import View
from policybuilder.drafts.draft import Draft, clean_name
from policybuilder.drafts.link import decode
from policybuilder.drafts.reading import read_draft, read_view
from policybuilder.web.commands import Command, read_command
from policybuilder.web.uploads import MAX_KEY, MAX_VALUES

from .statements import ConditionFields, Typed
from .update import Boxes

MAX_VIEW = 2000


@dataclass(frozen=True, slots=True)
class Submission:
    """What a browser sent. `before` is the draft that it shows, `filled_in` the same with its boxes and fields as sent.

    `shown` is what of the draft the browser shows, `view` what it is to show. `undone` is the draft to go back (or on)
    to, None unless that is the command, and `undone_at` the block of it to show. `typed` stands in the fields of a
    condition and a resource; `told` when the browser shows something about that; `key_changed` when the operators that
    can be chosen are not those of the key.
    """

    before: Draft
    filled_in: Draft
    boxes: Boxes
    shown: View
    view: View
    typed: Typed
    told: bool
    key_changed: bool
    command: Command
    undone: Draft | None
    undone_at: int
    problems: tuple[str, ...]


def read_submission(catalog: Catalog, data: QueryDict) -> Submission:
    opened = read_draft(catalog, data)
    before, problems = opened.draft, opened.problems
    boxes = _read_boxes(catalog, data)
    shown = read_view(QueryDict(data.get("view", "")[:MAX_VIEW]))
    view = read_view(data)
    shown = replace(shown, at=before.editable(shown.at), condition=view.condition)
    command, undone = _read_command(data), None
    if command.name == "undo":
        previous = decode(catalog, data.get("previous", ""))
        undone, problems = previous.draft, problems + previous.problems
    return Submission(
        before=before,
        filled_in=_filled_in(catalog, before, shown.at, boxes, data),
        boxes=boxes,
        shown=shown,
        view=replace(view, opened=shown.opened, at=shown.at),
        typed=_read_typed(data),
        told="told" in data,
        key_changed=data.get("condition-key", "").strip() != data.get("condition-listed", ""),
        command=command,
        undone=undone,
        undone_at=view.at if "statement" in data else shown.at,
        problems=problems,
    )


def _read_command(data: QueryDict) -> Command:
    """The subject of "add" is the single action that is typed. Return in its field presses the form's first button."""
    command, action = read_command(data), data.get("action", "")
    if command.name == "add" or (command.name == "search" and action):
        return Command("add", action.strip())
    return command


def _filled_in(catalog: Catalog, before: Draft, at: int, boxes: Boxes, data: QueryDict) -> Draft:
    """The draft with the boxes, the switch, the label of the block `at` and the name as they were sent."""
    block = before.blocks[at]
    switch = Dependencies.ALL if data.get("dependencies") == "all" else Dependencies.DIRECT
    selection = replace(_apply_boxes(catalog, block.selection, boxes), dependencies=switch)
    label = clean_name(data.get("label", block.label))
    draft = before.with_block(at, replace(block, selection=selection, label=label))
    return replace(draft, name=clean_name(data.get("name", before.name)))


def _read_typed(data: Mapping[str, str]) -> Typed:
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
