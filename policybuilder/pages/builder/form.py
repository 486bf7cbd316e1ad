"""A submitted builder -> the draft as its boxes and fields make it, and what its button asks for.

Nothing here raises: what cannot be used is named in `problems` and left out.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace

from django.http import QueryDict

from policybuilder.domain.building.selection import Dependencies, Selection
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Category, Operation
from policybuilder.domain.catalog.scope import Goal
from policybuilder.domain.policy.condition_terms import GLOBAL_KEYS, global_key
from policybuilder.domain.searching.search import Filter
from policybuilder.drafts.addresses import View
from policybuilder.drafts.conditions import ConditionFields, Typed, in_utc
from policybuilder.drafts.draft import Draft, clean_name
from policybuilder.drafts.link import decode
from policybuilder.drafts.reading import read_draft, read_view
from policybuilder.web.commands import Command, read_command
from policybuilder.web.uploads import MAX_KEY, MAX_VALUES, line_feeds

from .rail import service_shown

BESIDE = "@"  # what the place of a box begins with that is in the row of another operation

Box = tuple[str, str]  # a place and the id of an operation: that of a category of it, or of a row that names it
MAX_VIEW = 2000
_NOTHING_TO_SEARCH = (
    "The text names no API call and no action, so nothing is searched, and nothing of it was kept. Paste the address, "
    "the line for curl or the whole message."
)


@dataclass(frozen=True, slots=True)
class Boxes:
    """The boxes that a submitted form held, `ticked` ones among them; `options` of these with the option's slug.

    An operation has a box in each of the tables that publish it, and one in each row that it does the job of.
    """

    shown: frozenset[Box] = frozenset()
    ticked: frozenset[Box] = frozenset()
    options: frozenset[tuple[str, str, str]] = frozenset()

    @property
    def listed(self) -> frozenset[str]:
        """The ids of those that have a row."""
        return frozenset(id_ for place, id_ in self.shown if not place.startswith(BESIDE))


@dataclass(frozen=True, slots=True)
class Fields:
    """What the fields of a builder hold beside its boxes. `query` and `wanted` are those of the search.

    The operators to choose from are those of the key `listed`; the field for values is one for this `kind`.
    """

    name: str
    goal: Goal
    label: str
    cascades: bool
    query: str
    wanted: Filter
    typed: Typed
    listed: str
    kind: str


@dataclass(frozen=True, slots=True)
class Submission:
    """A form as a browser sent it. `before` is the draft that it shows, `filled_in` the same with its boxes and fields.

    `data` is all that it holds. `shown` is what of the draft the browser shows, `view` what it is to show. `undone` is
    the draft to go back (or on) to, with the block of it to show, None unless that is the command. `unread` has a
    sentence for each part of a draft that could not be read.
    """

    data: QueryDict
    before: Draft
    filled_in: Draft
    boxes: Boxes
    fields: Fields
    shown: View
    view: View
    command: Command
    undone: tuple[Draft, int] | None
    unread: tuple[str, ...]
    problems: tuple[str, ...]


def read_submission(catalog: Catalog, data: QueryDict) -> Submission:
    opened = read_draft(catalog, data)
    before, unread = opened.draft, opened.problems
    boxes = _read_boxes(catalog, data)
    shown, view = read_view(catalog, QueryDict(data.get("view", "")[:MAX_VIEW])), read_view(catalog, data)
    service = service_shown(catalog, before.blocks, shown.service)
    at, slug = before.editable(shown.at), service.slug if service else ""
    asked_at = view.at if "statement" in data else at
    shown = replace(shown, at=at, condition=view.condition, service=slug)
    lists_all = shown.all and (view.query, view.wanted) == (shown.query, shown.wanted)
    view = replace(view, opened=shown.opened, at=at, service=slug, all=lists_all)
    fields = _read_fields(data, before, view)
    undone = None
    command = _read_command(data, fields.typed.action)
    if command.name == "undo":
        previous = decode(catalog, data.get("previous", ""))
        undone, unread = (previous.draft, asked_at), unread + previous.problems
    block = before.blocks[at]
    switch = Dependencies.ALL if fields.cascades else Dependencies.DIRECT
    selection = replace(_apply_boxes(catalog, block.selection, boxes), dependencies=switch)
    filled_in = before.with_block(at, replace(block, selection=selection, label=fields.label))
    return Submission(
        data=data,
        before=before,
        filled_in=replace(filled_in, name=fields.name, goal=fields.goal),
        boxes=boxes,
        fields=fields,
        shown=shown,
        view=view,
        command=command,
        undone=undone,
        unread=tuple(dict.fromkeys(unread)),
        problems=(_NOTHING_TO_SEARCH,) if fields.query and not view.query else (),
    )


def _read_command(data: QueryDict, typed: str) -> Command:
    """Where "add" names no action, it is the one that is typed. Return in its field presses the form's first button."""
    command = read_command(data)
    if command == Command("add") or (command.name == "search" and typed):
        return Command("add", typed)
    return command


def _read_fields(data: Mapping[str, str], before: Draft, view: View) -> Fields:
    """A field that is not sent is as the draft has it, but for a switch, which is off."""
    goal, listed = data.get("goal", ""), data.get("condition-listed", "")
    typed = _read_typed(data)
    if typed.condition.key != listed:
        typed = replace(typed, condition=typed.condition.fitting())
    return Fields(
        name=clean_name(data.get("name", before.name)),
        goal=Goal(goal) if goal in list(Goal) else before.goal,
        label=clean_name(data.get("label", before.blocks[view.at].label)),
        cascades=data.get("dependencies") == "all",
        query=" ".join(data.get("q", "").split()),
        wanted=view.wanted,
        typed=typed,
        listed=listed,
        kind=data.get("condition-type", "") or typed.condition.kind.value,
    )


def _read_typed(data: Mapping[str, str]) -> Typed:
    """What is typed of a condition, a resource and an action. A line break is one character, as for the field's own
    limit."""

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
        data.get("action", "").strip(),
    )


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
    if place.startswith(BESIDE) and (row := row_beside(catalog, place)):
        return (place, id_) if row[0].enterprise_alternative == id_ else None
    there = [found.id for found in catalog.categories_by_operation.get(id_, ())]
    if place:
        return (place, id_) if place in there else None
    return (there[0], id_) if there else None


def _apply_boxes(catalog: Catalog, before: Selection, boxes: Boxes) -> Selection:
    """The selection with the boxes as they are; of several boxes for one thing, the one counts that was turned.

    An operation ticked just now has all options unless some are ticked; ticking an option ticks its operation.
    """
    places: dict[str, set[str]] = defaultdict(set)  # where each operation has a box
    for place, id_ in {*boxes.shown, *[(place, id_) for place, id_, _ in boxes.options]}:
        places[id_].add(place)
    operations = {id_ for _, id_ in boxes.shown}
    ticked = {id_ for _, id_, _ in boxes.options if id_ not in before.operations}
    for id_ in operations:
        if _is_on({(place, id_) in boxes.ticked for place in places[id_]}, was=id_ in before.operations):
            ticked.add(id_)
    after = before.untick(operations - ticked).tick(ticked)
    for id_ in ticked:
        was_ticked = id_ in before.operations
        tables = [place for place in places[id_] if not place.startswith(BESIDE)]  # options are nowhere else
        pairs = frozenset([(id_, option.slug) for option in catalog.operations[id_].options])
        if not tables or not pairs:
            continue
        chosen = set()
        for pair in pairs:
            on = {(place, *pair) in boxes.options for place in tables}
            if _is_on(on, was=was_ticked and pair not in before.options_off):
                chosen.add(pair)
        if chosen or was_ticked:
            after = replace(after, options_off=(after.options_off - pairs) | (pairs - chosen))
    return after


def _is_on(boxes: Set[bool], *, was: bool) -> bool:
    """What all boxes say; where they do not agree, the one that says what was not so before was turned."""
    return next(iter(boxes)) if len(boxes) == 1 else not was


def places_beside(catalog: Catalog, boxes: Iterable[Box]) -> set[Box]:
    """The boxes that rows have for what does their job in enterprise projects. `boxes` are the rows' own."""
    found = set()
    for category, id_ in boxes:
        if other := catalog.operations[id_].enterprise_alternative:
            home = catalog.category_of(catalog.operations[id_]).id == category
            found.add((f"{BESIDE}{id_}" if home else f"{BESIDE}{category}/{id_}", other))
    return found


def row_beside(catalog: Catalog, place: str) -> tuple[Operation, Category] | None:
    """The row that such a place is in; None where there is none (any more)."""
    parts = place.removeprefix(BESIDE).split("/")
    operation = catalog.operations.get("/".join(parts[-3:]))
    if operation is None:
        return None
    tables = catalog.categories_by_operation[operation.id]
    named = catalog.category_of(operation).id if len(parts) == 3 else "/".join(parts[:-3])
    return next(((operation, table) for table in tables if table.id == named), None)
