"""What a change did to a builder that is open in a browser: only the parts that differ are sent.

A part is a template and the values that it is made of. One that is made of what it was made of before is not sent. The
values of the draft itself, in a link or a field, are marked with `data-draft`: the browser puts the new ones there
(`static/js/parts.js`), so a draft alone makes no part another one.
"""

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, replace
from typing import Any

from policybuilder.domain.building.operation_states import NO_STATE
from policybuilder.drafts.omitted import Omitted
from policybuilder.web.element_ids import element_id

from .form import BESIDE, Fields, Submission, row_beside
from .found import MOST_SINGLES
from .granted import granted_change
from .page import BuilderPage
from .tree import AccessLevel, Counts


@dataclass(frozen=True, slots=True)
class Screen:
    """A page with what its fields hold and with what it says of the last request. `unfinished` and `omitted` are
    UNKNOWN where a browser shows something of them, and does not tell what."""

    page: BuilderPage
    fields: Fields
    unfinished: object
    omitted: object

    @classmethod
    def sent(cls, page: BuilderPage, submission: Submission) -> "Screen":
        """The screen that a form was sent from."""
        unfinished = UNKNOWN if "told" in submission.data else ()
        return cls(page, submission.fields, unfinished, UNKNOWN if "omitted" in submission.data else None)

    @classmethod
    def of(cls, page: BuilderPage, omitted: Omitted | None) -> "Screen":
        """The screen that a page will be."""
        condition, view = page.editor.condition.fields, page.view
        fields = Fields(
            name=page.draft.name,
            goal=page.draft.goal,
            label=page.block.label,
            cascades=page.dependencies.cascades,
            query=view.query,
            wanted=view.wanted,
            typed=replace(page.typed, condition=condition),
            listed=condition.key,
            kind=condition.kind.value,
        )
        return cls(page, fields, page.typed.unfinished, omitted)


UNKNOWN = float("nan")  # equals nothing, not even itself


@dataclass(frozen=True, slots=True)
class Part:
    """A template, and the value that it shows where that is not the page."""

    template: str
    of: Any = None


@dataclass(frozen=True, slots=True)
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


def _verdict(page: BuilderPage) -> object:
    verdict, causes = page.verdict, page.causes
    if causes.iam_only:
        return verdict.kind, verdict.line, causes.denied, causes.swappable
    return verdict.kind, verdict.line, verdict.varies, verdict.unknown, verdict.without_effect


def _json(page: BuilderPage) -> object:
    if page.policy.empty:
        return _linked(page)
    divided = page.policy.divided  # then each has its name, size and ways to take it along
    taken = page.links.linkable, page.draft.partial
    more = [(each.name, each.document.size, taken) for each in page.documents if divided]
    return more, [(each.level, each.document.text, each.severities) for each in page.documents]


def _statement_list(page: BuilderPage) -> object:
    lines = [
        (line.kind, line.current, line.block.effect, line.block.label, line.what, line.limits, line.json)
        for line in page.editor.lines
    ]
    return lines, page.editor.full


def _take(page: BuilderPage) -> object:
    if page.draft.partial or page.policy.empty:
        return page.draft.partial
    return [(each.level, each.name) for each in page.documents], page.links.linkable, page.links.room


def _what_now(page: BuilderPage) -> object:
    policy, draft = page.policy, page.draft
    return page.links.linkable and not policy.empty and (policy.divided, policy.only_global, draft.goal, draft.partial)


def _linked(page: BuilderPage) -> tuple[bool, bool]:
    """Whether links can hold the draft, and whether they hold one."""
    return page.links.linkable, page.links.token != ""


# What follows from the draft and from the statement that is shown.
OF_THE_DRAFT: dict[str, Callable[[BuilderPage], object]] = {
    "_site.html#brand": _linked,
    "_site.html#nav": _linked,
    "builder/page.html#title": lambda page: page.title,
    "builder/page.html#fields": lambda page: page.links.token,
    "builder/page.html#reset": lambda page: page.draft.empty,
    "builder/policy.html#draft-file": lambda page: (page.draft.empty, page.draft.partial, page.links.token != ""),
    "builder/policy.html#verdict": _verdict,
    # The list below it is fetched when it is opened, and is about this very draft.
    "builder/policy.html#causes": lambda page: page.causes.iam_only and (page.links.token, page.verdict.asks_why),
    "builder/policy.html#totals": lambda page: (
        *(page.summary.totals, page.summary.writing, page.policy.divided, page.documents[0].document.size),
        page.summary.near_a_limit and _linked(page),
    ),
    "builder/policy.html#findings": lambda page: page.findings,
    "builder/policy.html#ways-on": lambda page: page.links.linkable and not page.policy.empty,
    "builder/policy.html#json": _json,
    "builder/policy.html#untouched": lambda page: page.links.token,
    "builder/wildcards.html#wildcards": lambda page: page.dependencies.wildcards,
    "builder/granted.html#left-out": lambda page: page.dependencies.left_out,
    "builder/policy.html#also": lambda page: (page.summary.also_allowed, page.policy.empty),
    "builder/granted.html#tally-grants": lambda page: page.granted.count,
    "builder/policy.html#tally-also": lambda page: len(page.summary.also_allowed),
    "builder/policy.html#cascade": lambda page: (
        *(page.denies and page.editor.current.number, page.dependencies.cascades, page.dependencies.cascade),
    ),
    "builder/statements.html#statement-list": _statement_list,
    "builder/policy.html#name-problem": lambda page: page.summary.name_problem,
    "builder/policy.html#bar": lambda page: (page.verdict.kind, page.verdict.short, page.summary.totals),
    "builder/policy.html#take": _take,
    "next/what_now.html": _what_now,
    # Whether the browser shows an alarm, nobody knows: each change of the draft says anew.
    "builder/alarm.html#alarm": lambda page: (page.links.token, page.at),
    "builder/granted.html#heading-grants": lambda page: (
        *(len(page.editor.lines) > 1, page.editor.current.number, page.denies),
    ),
    "builder/statements.html#statement-add": lambda page: (page.editor.full, page.draft.extra),
}


def _around_condition(screen: Screen) -> object:
    """What is said of a condition depends on all that is typed, from one key to the next."""
    unknown = screen.unfinished is UNKNOWN or not screen.fields.typed.empty
    return UNKNOWN if unknown else (screen.page.block.conditions, screen.page.editor.edited)


def _tree(page: BuilderPage) -> object:
    return page.tree_view, page.block.effect, page.draft.goal


# What else is on the screen: the fields, and the tree.
OF_THE_SCREEN: dict[str, Callable[[Screen], object]] = {
    "_problems.html#place": lambda screen: UNKNOWN,
    "builder/tree.html#omitted": lambda screen: screen.omitted,
    "builder/policy.html#unfinished": lambda screen: screen.unfinished,
    "builder/policy.html#draft-file-view": lambda screen: screen.page.tree_view,
    "builder/statements.html#limits": lambda screen: (screen.page.at, screen.page.block.effect, screen.fields.label),
    "builder/statements.html#condition-list": lambda screen: (screen.page.block.conditions, screen.page.editor.edited),
    "builder/condition.html#condition-editor": lambda screen: screen.fields.typed.condition.condition(),
    "builder/condition.html#condition-update": _around_condition,
    "builder/condition.html#condition-operators": lambda screen: screen.fields.listed,
    "builder/condition.html#condition-value": lambda screen: screen.fields.kind,
    "builder/statements.html#resource-list": lambda screen: screen.page.block.resources,
    "builder/statements.html#resource-field": lambda screen: screen.fields.typed.resource,
    "builder/tree.html#find": lambda screen: replace(screen.fields.wanted, words=()),
    "builder/tree.html#search-field": lambda screen: screen.fields.query,
    "builder/granted.html#action-field": lambda screen: screen.fields.typed.action,
    "builder/tree.html#goal": lambda screen: screen.fields.goal,
    "builder/policy.html#name-field": lambda screen: screen.fields.name,
    "builder/policy.html#switch": lambda screen: screen.fields.cascades,
    "builder/tree.html#tree": lambda screen: _tree(screen.page),
    "builder/rail.html#rail-body": lambda screen: _tree(screen.page),
    "builder/rail.html#rail-now": lambda screen: screen.page.tree.catalog.titles.has_several and _tree(screen.page),
    "builder/policy.html#status": lambda screen: UNKNOWN,
}

# A part comes with the one that it is within.
WITHIN = {
    "builder/policy.html#untouched": "builder/policy.html#json",
    "builder/statements.html#condition-list": "builder/statements.html#limits",
    "builder/condition.html#condition-editor": "builder/statements.html#limits",
    "builder/condition.html#condition-update": "builder/condition.html#condition-editor",
    "builder/condition.html#condition-operators": "builder/condition.html#condition-editor",
    "builder/condition.html#condition-value": "builder/condition.html#condition-editor",
    "builder/statements.html#resource-list": "builder/statements.html#limits",
    "builder/statements.html#resource-field": "builder/statements.html#limits",
    "builder/tree.html#search-field": "builder/tree.html#find",
}


def changed_parts(after: BuilderPage, submission: Submission, omitted: Omitted | None = None) -> list[Part]:
    """The parts of a page that are not as the browser has them that sent `submission`."""
    before = BuilderPage(after.catalog, submission.before, submission.shown, policy=after.before or after.policy)
    was, screen = Screen.sent(before, submission), Screen.of(after, omitted)
    names: list[str] = []
    gone: list[tuple[str, object]] = []
    changes: list[tuple[str, object]] = []
    if (before.draft, before.at) != (after.draft, after.at):
        names = [name for name, made_of in OF_THE_DRAFT.items() if made_of(before) != made_of(after)]
        gone, changes = granted_change(before.granted.groups, after.granted.groups)
    names += [name for name, made_of in OF_THE_SCREEN.items() if made_of(was) != made_of(screen)]
    sent = set(names)
    for name in names:  # of three within each other, the innermost comes with the outermost as well
        outer = WITHIN.get(name, "")
        if outer in sent or WITHIN.get(outer, "") in sent:
            sent.discard(name)
    parts = [Part(name) for name in names if name in sent]
    parts = [*[Part(*each) for each in gone], *parts, *[Part(*each) for each in changes]]
    if "builder/tree.html#tree" not in sent:
        parts += _in_tree(before, after, submission)
    return parts


def _in_tree(before: BuilderPage, after: BuilderPage, submission: Submission) -> Iterator[Part]:
    """What differs in the tree and in the rail, as far as the browser has it on screen."""
    was, tree = before.tree, after.tree
    ids = before.states.keys() | after.states.keys()
    changed = {id_ for id_ in ids if before.states.get(id_, NO_STATE) != after.states.get(id_, NO_STATE)}
    if tree.searching and after.search.levels != was.levels_among(tree.found):
        yield Part("builder/found.html#found-tools")
    yield from _rows(after, submission, changed)
    yield from _counters(before, after, submission, changed)
    for name in dict.fromkeys(submission.data.get("singles", "").split(" ")[:MOST_SINGLES]):
        # One that no longer passes the filter stays until the tree is filtered anew, as operations do.
        action = after.catalog.action_index.actions.get(name)
        if action and before.search.single_row(action) != after.search.single_row(action):
            yield Part("builder/singles.html#single", after.search.single_row(action))
    if tree.catalog.titles.has_several and [each.service for each in was.used] != [each.service for each in tree.used]:
        yield Part("builder/rail.html#rail-used")
    elif tree.catalog.titles.has_several:
        yield from (Part("builder/rail.html#used-count", each) for each in tree.used if each not in was.used)


def _rows(after: BuilderPage, submission: Submission, changed: Set[str]) -> Iterator[Part]:
    """The rows with another state, the rows whose boxes are not as the browser has them, and rows of which only the box
    of what does the same in enterprise projects is not."""
    catalog, boxes, selected = after.catalog, submission.boxes, after.selection.operations
    touched = {*changed, *selected, *[box[1] for box in boxes.ticked], *[option[1] for option in boxes.options]}
    whole = set()
    beside = []
    for place, id_ in sorted([box for box in boxes.shown if box[1] in touched]):
        if place.startswith(BESIDE):
            beside.append((place, id_))
            continue
        row = after.tree.row(catalog.operations[id_], catalog.categories[place])
        on = [(place, id_, option.slug) in boxes.options for option, _ in row.options]
        if row.state.selected != ((place, id_) in boxes.ticked) or on != [is_on for _, is_on in row.options]:
            whole.add(f"{BESIDE}{row.key}")
            yield Part("builder/tree.html#row", row)
        elif id_ in changed:
            yield Part("builder/tree.html#state", row)
    for place, id_ in beside:
        turned = place not in whole and (id_ in selected) != ((place, id_) in boxes.ticked)
        if turned and (found := row_beside(catalog, place)):
            yield Part("builder/tree.html#beside", after.tree.row(*found))


def _counters(before: BuilderPage, after: BuilderPage, submission: Submission, changed: Set[str]) -> Iterator[Part]:
    """The counters of the changed categories and services that the browser shows, by the fields `held`: each is a
    service with its categories."""
    catalog, was, tree = after.catalog, before.tree, after.tree
    turned = changed | (tree.only_reading ^ was.only_reading)  # the Read buttons count these differently
    touched = {category.id for id_ in turned for category in catalog.categories_by_operation[id_]}
    for value in sorted(set(submission.data.getlist("held"))):
        slug, *slugs = value.split(" ")
        ids = [id_ for each in slugs if (id_ := f"{slug}/{each}") in touched]
        below = [(id_, catalog.categories[id_].title, catalog.categories[id_].operations) for id_ in ids]
        if any(id_.startswith(f"{slug}/") for id_ in touched) and (service := catalog.services_by_slug.get(slug)):
            below.append((slug, service.title, catalog.operations_by_service[slug]))
        for name, title, operations in below:
            counts, levels = tree.counts(operations), tree.levels(operations)
            new = None if counts == was.counts(operations) else counts
            others = () if levels == was.levels(operations) else levels
            in_rail = new is not None and "/" in name and tree.service is not None
            yield Part("builder/tree.html#counter", Counter(name, title, new, others, in_rail))
