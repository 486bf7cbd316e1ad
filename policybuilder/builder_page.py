"""The builder for one draft, as values for its templates: the tree, and the policy beside it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.utils.functional import cached_property

from . import drafts
from .addresses import View, address
from .builder_grants import GrantItem, GrantRow, grant_items
from .builder_scope import Alarm, Culprit, blocks_to_blame, describe_change, find_culprits
from .builder_statements import (
    NOTHING_TYPED,
    ConditionEditor,
    ConditionFields,
    StatementLine,
    Typed,
    condition_editor,
    lines,
)
from .builder_tree import NO_STATE, Branch, Counts, Row, RowState, Trunk, dom_id, row_states
from .domain.blocks import Block, CompiledBlock, CompiledPolicy, compile_blocks
from .domain.catalog import Access, Catalog, Category, Operation
from .domain.closure import left_out, preview_cascade
from .domain.condition_words import in_words
from .domain.document import MAX_ACTIONS, MAX_CHARACTERS, MAX_STATEMENTS, Condition, Effect
from .domain.policy_check import PolicyFinding
from .domain.scope import Verdict
from .domain.search import find
from .domain.selection import Dependencies, Selection
from .drafts import Draft
from .json_marking import marked
from .wording import file_name, verdict_kind, verdict_line, verdict_numbers, verdict_short

ROWS_AT_ONCE = 300  # a larger catalogue's categories are filled in as they are opened, to keep the first page small

CULPRITS_IN_ALARM = 2

_WAYS_ON = {
    "access": "Who may do what",
    "compare": "Compare",
    "sheet": "Acceptance sheet",
    "picture": "Picture",
    "refused": "A call was refused",
}


@lru_cache(maxsize=64)
def compiled(catalog: Catalog, blocks: tuple[Block, ...], extra: str) -> CompiledPolicy:
    """`compile_blocks`, remembered: what a tick compares with is what the tick before it led to."""
    return compile_blocks(catalog, blocks, extra)


@dataclass(frozen=True)
class ShownFinding:
    """A finding with the line of the JSON that it is about, counted from 1, or None."""

    found: PolicyFinding
    line: int | None


class Page:
    """The builder for one draft. Everything that templates ask for twice is kept."""

    def __init__(
        self,
        catalog: Catalog,
        draft: Draft,
        view: View,
        previous: Draft | None = None,
        typed: Typed = NOTHING_TYPED,
    ):
        self.catalog = catalog
        self.typed = typed
        self.draft = draft
        self.view = view
        self.previous = previous
        self.policy = compiled(catalog, draft.blocks, draft.extra)
        self.at = draft.editable(view.at)

    @property
    def part(self) -> CompiledBlock:
        """The block that the tree edits."""
        return self.policy.blocks[self.at]

    @property
    def block(self) -> Block:
        return self.draft.blocks[self.at]

    @property
    def selection(self) -> Selection:
        return self.block.selection

    @property
    def denies(self) -> bool:
        return self.block.effect is Effect.DENY

    @cached_property
    def states(self) -> dict[str, RowState]:
        return row_states(self.catalog, self.policy, self.at)

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
        return self.draft.blocks == (Block(),) and not self.draft.extra

    @property
    def title(self) -> str:
        return f"{self.draft.name} · Policy Builder" if self.draft.name else "Policy Builder"

    # The tree

    def row(self, operation: Operation) -> Row:
        chosen = self.selection.chosen_options(operation)
        selected = operation.id in self.selection.operations
        return Row(
            operation,
            self.states.get(operation.id, NO_STATE),
            tuple((option, selected and option in chosen) for option in operation.options),
            self.view.wanted.words,
            self.catalog,
            self.denies,
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
        selected = self.selection.operations
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
        return self.policy.text

    @property
    def json_marked(self) -> str:
        gravest: dict[int, str] = {}
        for shown in self.findings:
            if shown.line is not None:
                gravest.setdefault(shown.line, shown.found.finding.severity.value)
        return marked(self.json, gravest)

    @cached_property
    def grant_items(self) -> tuple[GrantItem, ...]:
        return tuple(grant_items(self.catalog, self.part))

    @property
    def grants(self) -> tuple[GrantRow, ...]:
        return tuple(item for item in self.grant_items if isinstance(item, GrantRow))

    @property
    def needed_count(self) -> int:
        return len(self.part.grants) - self.part.selected_count

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
    def single_actions(self) -> tuple[str, ...]:
        """The actions and wildcards that stand by themselves, of all blocks."""
        return tuple(sorted({name for block in self.draft.blocks for name in block.selection.actions}))

    @property
    def left_out(self) -> list[tuple[str, str, list[str]]]:
        """Each action that was left out, its element id, and the titles of the operations that need it."""
        found = left_out(self.catalog, self.selection)
        titles = {id_: self.catalog.operations[id_].title for ids in found.values() for id_ in ids}
        return [(name, dom_id(name), [titles[id_] for id_ in ids]) for name, ids in found.items()]

    @property
    def cascades(self) -> bool:
        return self.selection.dependencies is Dependencies.ALL

    @cached_property
    def cascade(self):
        return preview_cascade(self.catalog, self.selection)

    @property
    def verdict_kind(self) -> str:
        return verdict_kind(self.policy.scope)

    @property
    def verdict_short(self) -> str:
        return verdict_short(self.policy.scope)

    @property
    def verdict_numbers(self) -> str:
        return verdict_numbers(self.policy.scope)

    @property
    def verdict_line(self) -> str:
        return verdict_line(self.policy.scope)

    @property
    def iam_only(self) -> bool:
        return self.policy.scope.verdict is Verdict.IAM_ONLY

    @property
    def max_characters(self) -> int:
        return MAX_CHARACTERS

    @property
    def max_actions(self) -> int:
        return MAX_ACTIONS

    @cached_property
    def findings(self) -> tuple[ShownFinding, ...]:
        """All but the scope, which the verdict says already, and the emptiness of an empty draft."""
        hidden = {"PB002", "PB003", "PB004"} | ({"IAM.1028"} if self.policy.empty else set())
        return tuple(
            ShownFinding(found, None if found.start is None else self.policy.source.position(found.start).line)
            for found in self.policy.findings
            if found.finding.code not in hidden
        )

    @cached_property
    def culprits(self) -> tuple[Culprit, ...]:
        return find_culprits(self.catalog, self.policy, self.at)

    @property
    def other_culprits(self) -> tuple[int, ...]:
        """The other blocks, counted from 1, that hold IAM-only actions."""
        return tuple(at + 1 for at in blocks_to_blame(self.catalog, self.policy) if at != self.at)

    @property
    def single_culprits(self) -> tuple[str, ...]:
        """Single actions and wildcards that have no effect in enterprise projects, or match one that has none."""
        iam_only = set(self.policy.scope.iam_only)
        singles = self.selection.actions
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
    def shorten_address(self) -> str:
        return address(self.draft, name="shorten")

    @property
    def ways_on(self) -> tuple[tuple[str, str], ...]:
        """Title and address of the pages about this draft."""
        return tuple((title, address(self.draft, name=name)) for name, title in _WAYS_ON.items())

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
        return len(self.token) <= drafts.MAX_LINK

    @cached_property
    def alarm(self) -> Alarm | None:
        """Set when the last change made the policy IAM-only."""
        if self.previous is None or not self.iam_only:
            return None
        before = compiled(self.catalog, self.previous.blocks, self.previous.extra)
        if before.scope.verdict is Verdict.IAM_ONLY:
            return None
        changes = tuple(describe_change(self.catalog, self.previous, self.draft))
        return Alarm(changes, self.culprits[:CULPRITS_IN_ALARM], max(0, len(self.culprits) - CULPRITS_IN_ALARM))

    # The statements

    @cached_property
    def statements(self) -> tuple[StatementLine, ...]:
        return lines(self.policy, self.at)

    @property
    def statement(self) -> StatementLine:
        return self.statements[self.at]

    @property
    def full(self) -> bool:
        return len(self.draft.blocks) >= MAX_STATEMENTS

    @property
    def conditions(self) -> tuple[tuple[int, Condition, str], ...]:
        """Each condition of the block, with its number and in plain words."""
        return tuple((at, each, in_words(each)) for at, each in enumerate(self.block.conditions))

    @cached_property
    def condition_editor(self) -> ConditionEditor:
        """Filled with what was typed, else with the condition that is edited."""
        at, fields = self.view.condition, self.typed.condition
        if fields.empty and at is not None and at < len(self.block.conditions):
            fields = ConditionFields.of(self.block.conditions[at])
        return condition_editor(self.catalog, fields)

    @property
    def summary(self) -> str:
        return summary(self)


def summary(page: Page) -> str:
    """The status line: 12 actions: 4 selected, 8 needed."""
    if page.policy.empty:
        return "No actions yet"
    blocks = [part for part in page.policy.blocks if part.count]
    if len(blocks) == 1 and page.part.grants:
        total = _counted(len(page.part.grants), "action")
        if page.denies:
            return f"{total} denied"
        return f"{total}: {page.part.selected_count} selected, {page.needed_count} needed"
    said = [_counted(len(blocks), "statement")]
    for effect, done in ((Effect.ALLOW, "allowed"), (Effect.DENY, "denied")):
        names = {grant.action for part in blocks if part.block.effect is effect for grant in part.grants}
        said += [f"{_counted(len(names), 'action')} {done}"] if names else []
    return ", ".join(said)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
