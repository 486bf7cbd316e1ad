"""What a rule about a pasted policy is, what it is given, and the changes of the text that it can offer.

A rule is a function from a `PolicySubject` to `Remark`s; `Rule` gives it its code. The rules themselves stand in
iam_*.py (IAM's own codes) and own_*.py (PB codes); `check` runs them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from policybuilder.domain.access.document_scope import judge_document
from policybuilder.domain.access.excluded import Excluded
from policybuilder.domain.access.openings import Opening
from policybuilder.domain.access.operations import OperationAccess
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.known_actions import Known, KnownActions
from policybuilder.domain.catalog.scope import Goal, PolicyScope
from policybuilder.domain.findings import Severity, Template, Values, Wording, fill
from policybuilder.domain.jsontext.nodes import Array, Duplicate, Node, Object, walk
from policybuilder.domain.jsontext.repairs import Edit, apply_edits
from policybuilder.domain.policy.document import Document, Size
from policybuilder.domain.policy.reading import (
    ActionView,
    FoundPolicy,
    StatementView,
    document_of,
    measure_body,
    statements,
    value,
)
from policybuilder.domain.work import Work

MOST_COMPARISONS = 8_000  # of one action with another of the same policy
MOST_STATEMENTS = 1_000
MOST_DENIALS = 30_000  # looks at names, for the jobs that Denies leave open
ERROR_CODES = "IAM API reference, error codes"
OURS = "Policy Builder"
OUR_ADVICE = "our advice"
SYNTAX = "IAM user manual, syntax of policies"
SCOPE_COLUMNS = "tables of supported actions, columns IAM Project and Enterprise Project"


@dataclass(frozen=True, slots=True)
class Fix:
    """A change of the text; nothing outside of the edits changes. `edits` do not overlap.

    `certain` is False for an offer that changes what the policy decides. A button that corrects every mistake at once
    leaves it out.
    """

    template: Template
    edits: tuple[Edit, ...]
    certain: bool = True
    values: Values = field(default_factory=dict, hash=False)

    @property
    def title(self) -> str:
        return fill(self.template, self.values)

    def apply(self, text: str) -> str:
        return apply_edits(text, self.edits)


@dataclass(frozen=True, slots=True)
class Remark:
    """What a rule found. `place` is only given where the place is not that of `node`."""

    node: Node | None
    wording: Wording
    values: Values = field(default_factory=dict, hash=False)
    fix: Fix | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """A policy's name, level or description. `text` is None where it is no text; `node` where it was given apart.

    `place` is None where it is that of `node`, whose key may be misspelt.
    """

    place: str | None
    node: Node | None
    text: str | None
    missing: bool = False

    def remark(self, wording: Wording, values: Values | None = None, fix: Fix | None = None) -> Remark:
        return Remark(self.node, wording, values or {}, fix, place=self.place)


@dataclass(frozen=True, slots=True)
class Selected:
    """What is known of a policy that was made of a selection, and of no pasted one.

    `denied_by`: id of an operation with an own action that is denied -> the blocks that deny it, counted from 0.
    `openings`: the wildcards that operations depend on and that allow what nobody selected. `undivided`: why it is not
    two policies, though its actions are of both levels, and what to do; "" where it is, or they are not.
    `missing_denied_by`: what an incomplete operation lacks because a Deny takes it, or a part of it, away -> these
    blocks. `undeniable`: ids of what is selected to be denied and needs no authorization.
    `excluded`: what has no effect at the `goal`.
    """

    operations: OperationAccess
    denied_by: Mapping[str, tuple[int, ...]]
    scope: PolicyScope
    openings: tuple[Opening, ...] = ()
    undivided: str = ""
    missing_denied_by: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    undeniable: tuple[str, ...] = ()
    goal: Goal = Goal.UNDECIDED
    excluded: Excluded = field(default_factory=Excluded)


@dataclass(frozen=True, slots=True)
class UncheckedAction:
    """An action of which it is not known whether IAM takes it; `in_part`: part of what its wildcard means is known.

    `misspelt`: its service is not in lower case. `empty`: a list without actions, with its place as the name.
    """

    name: str
    node: Node
    in_part: bool
    misspelt: bool = False
    empty: bool = False


@dataclass(frozen=True)
class PolicySubject:
    """One policy and everything that rules ask about it. `text` is the whole text, for fixes.

    With `selected`, nobody wrote the text: what is to be said of the policy as a whole has no place in it, and the way
    out is another selection.
    """

    text: str
    found: FoundPolicy
    known: KnownActions
    duplicates: tuple[Duplicate, ...] = ()
    name: Label | None = None
    level: Label | None = None
    description: Label | None = None
    selected: Selected | None = None

    @property
    def catalog(self) -> Catalog:
        return self.known.catalog

    @property
    def body(self) -> Object | None:
        return self.found.body if isinstance(self.found.body, Object) else None

    @cached_property
    def comparisons(self) -> Work:
        return Work(MOST_COMPARISONS)

    @cached_property
    def denial_work(self) -> Work:
        return Work(MOST_DENIALS)

    @cached_property
    def all_statements(self) -> tuple[StatementView, ...]:
        return statements(self.found.body)

    @property
    def statements(self) -> tuple[StatementView, ...]:
        """Those that rules look at; no policy of MOST_STATEMENTS is accepted."""
        return self.all_statements[:MOST_STATEMENTS]

    @cached_property
    def document(self) -> Document:
        return document_of(self.all_statements)

    @cached_property
    def size(self) -> Size:
        return measure_body(self.found.body)

    @cached_property
    def members(self) -> dict[int, tuple[Object, int]]:
        """Where the key at an offset stands: its object and its index there."""
        root = self.found.role or self.found.body
        objects = (node for node in walk(root) if isinstance(node, Object)) if root else ()
        return {each.key.start: (node, index) for node in objects for index, each in enumerate(node.members)}

    @cached_property
    def scope(self) -> PolicyScope:
        return self.selected.scope if self.selected else judge_document(self.known, self.document)

    @cached_property
    def unchecked(self) -> tuple[UncheckedAction, ...]:
        """Each name once, where it stands first, then the empty lists. Unless it `gave_up`, the others were checked."""
        extents = ((e, self.known.extent(e.name) if e.name else Known.NOT) for e in self._first_entries.values())
        unchecked = tuple(
            UncheckedAction(entry.spelling, entry.node, extent is Known.IN_PART, misspelt=entry.name is None)
            for entry, extent in extents
            if extent is not Known.WHOLLY
        )
        return (*unchecked, *self._empty_lists())

    @property
    def all_actions(self) -> tuple[UncheckedAction, ...]:
        """As `unchecked`, whatever is known of them."""
        first = self._first_entries.values()
        known = {each.name: each for each in self.unchecked}
        entries = (UncheckedAction(e.spelling, e.node, in_part=False, misspelt=e.name is None) for e in first)
        return (*(known.get(each.name, each) for each in entries), *self._empty_lists())

    @cached_property
    def _first_entries(self) -> dict[str, ActionView]:
        first: dict[str, ActionView] = {}
        for view in self.statements:
            for entry in (*view.actions, *view.not_actions):
                if entry.name or entry.in_lower_case:
                    first.setdefault(entry.spelling, entry)
        return first

    def _empty_lists(self) -> Iterator[UncheckedAction]:
        for view in self.statements:
            for key, node in (("Action", view.action), ("NotAction", view.not_action)):
                if isinstance(node, Array) and not node.items:
                    yield UncheckedAction(f"Statement[{view.index}].{key}", node, in_part=False, empty=True)

    def as_a_whole(self, wording: Wording, values: Values | None = None, place: str = "") -> Iterator[Remark]:
        """A remark about the policy as a whole, or its member `place`; none about what is no policy."""
        if self.body is None:
            return
        if self.selected:
            yield Remark(None, wording, values or {}, place=place)
        else:
            node = value(self.body, place) if place else None
            yield Remark(node or self.body, wording, values or {})

    @property
    def gave_up(self) -> bool:
        """Whether something was left out, because there is too much of it."""
        too_many = len(self.all_statements) > MOST_STATEMENTS
        return too_many or self.comparisons.spent or self.known.budget.spent or self.denial_work.spent


Check = Callable[[PolicySubject], Iterator[Remark]]


@dataclass(frozen=True, slots=True)
class Rule:
    """`title` says what is wrong, `source` where the rule comes from: a page, or why we say so. `note` says where it
    applies, if not everywhere."""

    code: str
    severity: Severity
    title: str
    check: Check
    source: str = ERROR_CODES
    note: str = ""


WRITE = "Write {text:quoted}"
TAKE_OUT = "Take it out"
MAKE_LIST = "Make it a list"


def rewrite(node: Node, replacement: str, title: Template) -> Fix:
    """`replacement` is JSON."""
    return Fix(title, (Edit(node.start, node.end, replacement),))


def respell(node: Node, plain: str) -> Fix:
    """Another text in place of a value. `plain` has nothing in it that JSON escapes."""
    return Fix(WRITE, (Edit(node.start, node.end, f'"{plain}"'),), values={"text": plain})


def wrap(node: Node, title: Template) -> Fix:
    return Fix(title, (Edit(node.start, node.start, "["), Edit(node.end, node.end, "]")))


def remove_item(owner: Array, index: int, title: Template) -> Fix | None:
    """Takes an item out of its list with one comma and the space beside it; the last one left stays."""
    items = owner.items
    if len(items) < 2:
        return None
    begin, end = (items[index - 1].end, items[index].end) if index else (items[0].start, items[1].start)
    return Fix(title, (Edit(begin, end, ""),))


def insert_after(owner: Array, index: int, names: Sequence[str], text: str, title: Template) -> Fix:
    """Further texts after an item, each with the space that the first item has. They hold nothing that JSON escapes."""
    space = text[owner.start + 1 : owner.items[0].start] or " "
    at = owner.items[index].end
    return Fix(
        title, (Edit(at, at, "".join(f',{space}"{name}"' for name in names)),), values={"names": names, "n": len(names)}
    )


def remove_member(owner: Object, index: int, title: Template, values: Values | None = None) -> Fix | None:
    """As `remove_item`, for a key with its value."""
    members = owner.members
    if len(members) < 2:
        return None
    begin, end = members[0].key.start, members[1].key.start
    if index:
        begin, end = members[index - 1].value.end, members[index].value.end
    return Fix(title, (Edit(begin, end, ""),), values=values or {})


def insert_first(owner: Object, json: str, text: str, title: Template) -> Fix:
    """A member in front of the others, with the space that the first one has."""
    if not owner.members:
        return Fix(title, (Edit(owner.start + 1, owner.start + 1, json),))
    at = owner.members[0].key.start
    space = text[owner.start + 1 : at] or " "
    return Fix(title, (Edit(at, at, f"{json},{space}"),))
