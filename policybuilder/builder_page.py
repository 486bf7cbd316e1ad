"""The builder for one draft, as values for its templates: the tree, and the policy beside it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.functional import cached_property
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import JsonLexer

from . import drafts
from .addresses import View, address
from .builder_tree import NO_STATE, Branch, Counts, Row, RowState, Trunk, dom_id, row_states
from .domain.catalog import Access, Action, Catalog, Category, Operation, Support
from .domain.closure import Grant, left_out, preview_cascade
from .domain.compiler import Policy, compile_selection
from .domain.document import MAX_ACTIONS, MAX_CHARACTERS, dump
from .domain.matching import action_key, service_of
from .domain.scope import Verdict
from .domain.search import find
from .domain.selection import Dependencies, Selection
from .drafts import Draft

ROWS_AT_ONCE = 300  # a larger catalogue's categories are filled in as they are opened, to keep the first page small

CULPRITS_IN_ALARM = 2

_LEXER = JsonLexer()
_FORMATTER = HtmlFormatter(nowrap=True, classprefix="j-")


_VERDICTS = {
    Verdict.IAM_ONLY: "IAM-only",
    Verdict.UNKNOWN: "Scope unknown",
    Verdict.VARIES: "Works in enterprise projects, in part",
    Verdict.IAM_AND_ENTERPRISE: "Works in IAM and enterprise projects",
}


@lru_cache(maxsize=64)
def compiled(catalog: Catalog, selection: Selection) -> Policy:
    """`compile_selection`, remembered: what a tick compares with is what the tick before it led to."""
    return compile_selection(catalog, selection)


@lru_cache(maxsize=64)
def highlighted(text: str) -> str:
    return highlight(text, _LEXER, _FORMATTER)


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A granted action beside the operations that need it and, on the first of a service, the service's name."""

    grant: Grant
    action: Action | None
    service: str
    single: bool
    needed_by: tuple[Operation, ...]

    @property
    def dom_id(self) -> str:
        return dom_id(self.grant.action)

    @property
    def support(self) -> Support:
        return self.action.scope.enterprise_project if self.action else Support.UNKNOWN

    @property
    def html(self) -> str:
        return _grant_html(self)


@lru_cache(maxsize=4096)
def _grant_html(row: GrantRow) -> str:
    """Remembered, since a tick changes few of the rows, and rendering them all takes longer than everything else."""
    return render_to_string("builder.html#grant-row", {"row": row})


@dataclass(frozen=True)
class Culprit:
    """A selected operation that brings actions which have no effect in enterprise projects."""

    operation: Operation
    actions: tuple[str, ...]
    alternative: Operation | None


@dataclass(frozen=True)
class Alarm:
    """The change that made the policy IAM-only, in clauses, with the first culprits and how many follow them."""

    changes: tuple[str, ...]
    culprits: tuple[Culprit, ...]
    more: int


class Page:
    """The builder for one draft. Everything that templates ask for twice is kept."""

    def __init__(self, catalog: Catalog, draft: Draft, view: View, previous: Draft | None = None):
        self.catalog = catalog
        self.draft = draft
        self.view = view
        self.previous = previous
        self.policy = compiled(catalog, draft.selection)

    @cached_property
    def states(self) -> dict[str, RowState]:
        return row_states(self.catalog, self.policy)

    @cached_property
    def token(self) -> str:
        return drafts.encode(self.draft)

    @cached_property
    def previous_token(self) -> str | None:
        return None if self.previous is None else drafts.encode(self.previous)

    @property
    def undoable(self) -> bool:
        return self.previous is not None and self.previous != self.draft

    @property
    def empty(self) -> bool:
        return not self.policy.grants and not self.draft.selection.operations

    @property
    def title(self) -> str:
        return f"{self.draft.name} · Policy Builder" if self.draft.name else "Policy Builder"

    # The tree

    def row(self, operation: Operation) -> Row:
        chosen = self.draft.selection.chosen_options(operation)
        selected = operation.id in self.draft.selection.operations
        return Row(
            operation,
            self.states.get(operation.id, NO_STATE),
            tuple((option, selected and option in chosen) for option in operation.options),
            self.view.wanted.words,
            self.catalog,
        )

    def counts(self, operations: Iterable[Operation]) -> Counts:
        states = [self.states.get(operation.id, NO_STATE) for operation in operations]
        return Counts(len(states), sum(state.selected for state in states), sum(state.also_allowed for state in states))

    @cached_property
    def trunks(self) -> tuple[Trunk, ...]:
        """The services and categories with what the filters let through; those with nothing are left away."""
        found = set(self.found)
        return self._trunks(lambda category: self.branch(category, found), hide_empty=self.filtered)

    @cached_property
    def all_trunks(self) -> tuple[Trunk, ...]:
        """Every service and category, without rows."""
        return self._trunks(lambda category: self.branch(category, set()), hide_empty=False)

    def _trunks(self, grow: Callable[[Category], Branch], *, hide_empty: bool) -> tuple[Trunk, ...]:
        trunks = []
        for service in self.catalog.services:
            branches = tuple(b for c in service.categories if (b := grow(c)).shown or not hide_empty)
            if branches:
                trunks.append(Trunk(service, branches, self.counts(service.operations)))
        return tuple(trunks)

    @cached_property
    def found(self) -> tuple[str, ...]:
        """Ids of the operations that pass the filters."""
        selected = self.draft.selection.operations
        return tuple(operation.id for operation in find(self.catalog, self.view.wanted, selected))

    @property
    def filtered(self) -> bool:
        return self.view.wanted.active

    def branch(self, category: Category, found: set[str]) -> Branch:
        shown = tuple(operation for operation in category.operations if operation.id in found)
        states = [self.states.get(operation.id, NO_STATE) for operation in category.operations]
        opened = not self.view.opened.isdisjoint({"all", category.id}) or (self.empty and category is self.first)
        filled = len(self.found) <= ROWS_AT_ONCE or opened or any(state.selected for state in states)
        return Branch(
            category=category,
            rows=tuple(self.row(operation) for operation in shown) if filled else None,
            shown=len(shown),
            open=opened or (filled and (self.filtered or any(state is not NO_STATE for state in states))),
            counts=self.counts(category.operations),
            filtered=self.filtered,
        )

    @cached_property
    def first(self) -> Category | None:
        return next(iter(self.catalog.categories.values()), None)

    # The policy

    @property
    def json(self) -> str:
        return dump(self.policy.document)

    @property
    def json_marked(self) -> str:
        return highlighted(self.json)

    @cached_property
    def grants(self) -> tuple[GrantRow, ...]:
        names = {service.action_prefix: service.title for service in reversed(self.catalog.services)}
        singles = self.draft.selection.actions
        rows, last = [], ""
        for grant in self.policy.grants:
            prefix = service_of(grant.action)
            rows.append(
                GrantRow(
                    grant,
                    self.catalog.action(grant.action),
                    names.get(prefix, prefix) if prefix != last else "",
                    grant.action in singles,
                    tuple(self.catalog.operations[id_] for id_ in grant.needed_by),
                )
            )
            last = prefix
        return tuple(rows)

    @property
    def needed_count(self) -> int:
        return len(self.policy.grants) - self.policy.selected_count

    @property
    def writing_count(self) -> int:
        return sum(1 for row in self.grants if row.action is None or row.action.access is Access.WRITE)

    @property
    def also_allowed(self) -> tuple[Operation, ...]:
        return tuple(self.catalog.operations[id_] for id_ in self.policy.operations.also_allowed)

    @property
    def selected_operations(self) -> tuple[Operation, ...]:
        return tuple(self.catalog.operations[id_] for id_ in self.policy.operations.selected)

    @property
    def left_out(self) -> list[tuple[str, str, list[str]]]:
        """Each action that was left out, its element id, and the titles of the operations that need it."""
        found = left_out(self.catalog, self.draft.selection)
        titles = {id_: self.catalog.operations[id_].title for ids in found.values() for id_ in ids}
        return [(name, dom_id(name), [titles[id_] for id_ in ids]) for name, ids in found.items()]

    @property
    def cascades(self) -> bool:
        return self.draft.selection.dependencies is Dependencies.ALL

    @cached_property
    def cascade(self):
        return preview_cascade(self.catalog, self.draft.selection)

    @property
    def verdict_short(self) -> str:
        """The verdict in two or three words, for where there is no room."""
        if not self.policy.grants:
            return "Nothing is granted yet"
        return _VERDICTS[self.policy.scope.verdict]

    @property
    def verdict_numbers(self) -> str:
        """What follows the words "IAM-only"."""
        scope = self.policy.scope
        if scope.none_in_enterprise:
            return ": cannot be applied in Enterprise Management"
        have = "has" if len(scope.iam_only) == 1 else "have"
        return f": {len(scope.iam_only)} of {scope.total} actions {have} no effect in an enterprise project"

    @property
    def verdict_line(self) -> str:
        scope = self.policy.scope
        if not self.policy.grants or scope.verdict is Verdict.IAM_AND_ENTERPRISE:
            return self.verdict_short
        if scope.verdict is Verdict.IAM_ONLY:
            return f"{self.verdict_short}{self.verdict_numbers}"
        if scope.verdict is Verdict.UNKNOWN:
            return f"{self.verdict_short} for {len(scope.unknown)} of {scope.total} actions"
        return f"Works in enterprise projects, in part for {len(scope.varies)} of {scope.total} actions"

    @property
    def iam_only(self) -> bool:
        return self.policy.scope.verdict is Verdict.IAM_ONLY

    @property
    def max_characters(self) -> int:
        return MAX_CHARACTERS

    @property
    def max_actions(self) -> int:
        return MAX_ACTIONS

    @property
    def findings(self):
        """All but the scope, which the verdict says already, and the emptiness of an empty draft."""
        hidden = {"PB002", "PB003", "PB004"} | ({"IAM.1028"} if not self.policy.grants else set())
        return [finding for finding in self.policy.findings if finding.code not in hidden]

    @cached_property
    def culprits(self) -> tuple[Culprit, ...]:
        """The selected operations that bring IAM-only actions, those with an alternative first."""
        iam_only = set(self.policy.scope.iam_only)
        brought: dict[str, list[str]] = {}
        for grant in self.policy.grants:
            if grant.action in iam_only:
                own = {o.id for o in self.catalog.operations_by_action.get(action_key(grant.action), ())}
                for id_ in {*grant.needed_by, *(own & self.draft.selection.operations)}:
                    brought.setdefault(id_, []).append(grant.action)
        culprits = []
        for id_, actions in sorted(brought.items()):
            operation = self.catalog.operations[id_]
            alternative = operation.enterprise_alternative
            culprits.append(
                Culprit(operation, tuple(actions), self.catalog.operations[alternative] if alternative else None)
            )
        return tuple(sorted(culprits, key=lambda culprit: culprit.alternative is None))

    @property
    def single_culprits(self) -> tuple[str, ...]:
        """Single actions and wildcards that have no effect in enterprise projects, or match one that has none."""
        iam_only = set(self.policy.scope.iam_only)
        singles = self.draft.selection.actions
        return tuple(sorted(name for name in singles if iam_only.intersection(self.catalog.expand(name))))

    @property
    def swappable(self) -> int:
        return sum(1 for culprit in self.culprits if culprit.alternative)

    @property
    def name_problem(self) -> str:
        """What IAM would say about the policy's name (IAM.1001, IAM.1002), empty when nothing."""
        name = self.draft.name
        if len(name) > 64:
            return f"IAM takes at most 64 characters in a name; this one has {len(name)}."
        if " " in name:
            return "IAM refuses names with spaces. Use hyphens."
        return ""

    @property
    def file_name(self) -> str:
        return file_name(self.draft.name)

    @property
    def download_address(self) -> str:
        return address(self.draft, name="download")

    @property
    def split_address(self) -> str:
        return address(self.draft, name="split")

    @property
    def causes_address(self) -> str:
        return address(self.draft, name="causes")

    @property
    def here(self) -> str:
        return address(self.draft, self.view)

    @property
    def here_from(self) -> str:
        """The address with what the draft was before, for a browser without JavaScript to undo the change."""
        return address(self.draft, self.view, **{"from": self.previous_token or ""} if self.previous else {})

    @property
    def linkable(self) -> bool:
        return len(self.token) <= drafts.MAX_TOKEN

    @cached_property
    def alarm(self) -> Alarm | None:
        """Set when the last change made the policy IAM-only."""
        if self.previous is None or not self.iam_only:
            return None
        before = compiled(self.catalog, self.previous.selection)
        if before.scope.verdict is Verdict.IAM_ONLY:
            return None
        changes = tuple(describe_change(self.catalog, self.previous.selection, self.draft.selection))
        return Alarm(changes, self.culprits[:CULPRITS_IN_ALARM], max(0, len(self.culprits) - CULPRITS_IN_ALARM))


def describe_change(catalog: Catalog, before: Selection, after: Selection) -> Iterator[str]:
    """What was added between two selections, a few words each: “Starting an ECS” was selected."""
    ticked = [id_ for id_ in catalog.operations if id_ in after.operations - before.operations]
    for id_ in ticked[:3]:
        yield f"“{catalog.operations[id_].title}” was selected"
    if len(ticked) > 3:
        more = len(ticked) - 3
        yield "1 more operation was selected" if more == 1 else f"{more} more operations were selected"
    for id_, slug in sorted(before.options_off - after.options_off):
        title = next((o.title for o in catalog.operations[id_].options if o.slug == slug), slug)
        if id_ in before.operations & after.operations:
            yield f"the option “{title}” was switched on"
    for name in sorted(after.actions - before.actions):
        yield f"the action {name} was added"
    for name in sorted(before.without - after.without):
        yield f"{name} was put back"
    if after.dependencies is Dependencies.ALL and before.dependencies is not Dependencies.ALL:
        yield "dependencies of dependencies were switched on"


def summary(page: Page) -> str:
    """The status line: 12 actions: 4 selected, 8 needed."""
    total = len(page.policy.grants)
    if not total:
        return "No actions yet"
    actions = "1 action" if total == 1 else f"{total} actions"
    return f"{actions}: {page.policy.selected_count} selected, {page.needed_count} needed"


def file_name(name: str) -> str:
    """A file name made from the policy's name: letters, digits, hyphens, underscores and dots only."""
    kept = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in name).strip("-.")
    return f"{kept[:64] or 'ecs-policy'}.json"
