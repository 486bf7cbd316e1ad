"""One side of a comparison: a text, the policy in it, and what stands in the way of comparing it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from policybuilder.catalog_files.starting_points import current_system_policies
from policybuilder.domain.access.evaluation import level_of_policy
from policybuilder.domain.catalog.action_names import is_wildcard
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.jsontext.nodes import Array, Node, Object, String
from policybuilder.domain.jsontext.source import JsonText, Repair, read
from policybuilder.domain.policy.reading import FoundPolicy, entries, find_policies, to_document, value
from policybuilder.domain.policy.unclear import Unclear, unclear_parts
from policybuilder.domain.rules.names import remarks_on_names
from policybuilder.domain.words import SHOWN_CHARACTERS, counted, printable
from policybuilder.domain.work import Work
from policybuilder.drafts.file import NO_POLICY, is_draft_file
from policybuilder.web.wording import CHECK_OFFERS, actions_in_words

from .form import SideText

SEVERAL_POLICIES = "There are {n:,} policies in this text."
NO_STATEMENTS = "There is no list of statements in this text."
EMPTY_LIST = "The list holds no policy."

FIRST_SHOWN = 5  # of repairs, unclear parts and names
MOST_CHOICES = 20


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a text cannot be compared. Line and column count from 1; both are None where it is about the whole text.

    `choices`: the policies of which one is to be chosen.
    """

    message: str
    hint: str
    line: int | None = None
    column: int | None = None
    choices: "tuple[PolicyChoice, ...]" = ()


@dataclass(frozen=True, slots=True)
class PolicyChoice:
    """One of several policies in a text. `number` counts from 1; `name` is "" where it has none."""

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class UnclearRow:
    line: int
    unclear: Unclear


class ComparedSide:
    """One policy: its text as it was read. `name` is before or after."""

    def __init__(self, catalog: Catalog, name: str, field: SideText, work: Work):
        self._catalog = catalog
        self.name = name
        self.title, self.which = ("Before", "earlier") if name == "before" else ("After", "later")
        self.field = field
        self.source: JsonText = read(field.text, work=work)
        self.body: Node | None = None
        self.problem: Obstacle | None = None
        if not field.blank:
            self.body, self.problem = (
                (None, Obstacle(NO_POLICY, "")) if is_draft_file(field.text) else _body(self.source)
            )
        self.remarks = remarks_on_names(catalog, self.source)[:FIRST_SHOWN] if self.body is not None else ()
        self.document = to_document(self.body)
        self.level = self._level(catalog)

    def _level(self, catalog: Catalog) -> Level | None:
        """The level that the policy certainly has: its role's type, else the level of the services that it names."""
        found = find_policies(self.source.root) if self.source.root is not None and self.body is not None else ()
        return level_of_policy(catalog, self.document, found[0].role_type if found else "")

    @property
    def repairs(self) -> tuple[Repair, ...]:
        return () if self.field.blank else self.source.repairs

    @property
    def first_repairs(self) -> tuple[Repair, ...]:
        return self.repairs[:FIRST_SHOWN]

    @property
    def more_repairs(self) -> int:
        return max(len(self.repairs) - FIRST_SHOWN, 0)

    @cached_property
    def unclear(self) -> tuple[UnclearRow, ...]:
        found = unclear_parts(self.body) if self.body is not None else ()
        return tuple(UnclearRow(self.source.position_of(each.node).line, each) for each in found)

    @cached_property
    def other_unclear(self) -> tuple[UnclearRow, ...]:
        """Those of which no remark speaks, which offers what to do as well."""
        said = {remark.found.finding.place for remark in self.remarks}
        return tuple(row for row in self.unclear if row.unclear.place not in said)

    @property
    def first_unclear(self) -> tuple[UnclearRow, ...]:
        return self.other_unclear[:FIRST_SHOWN]

    @property
    def more_unclear(self) -> int:
        return max(len(self.other_unclear) - FIRST_SHOWN, 0)

    @property
    def undoable(self) -> bool:
        return self.field.previous is not None and self.field.previous != self.field.text

    @property
    def to_check(self) -> bool:
        """Whether there is something that the page for checking says more about."""
        return bool(self.problem or self.repairs or self.unclear)

    @cached_property
    def said(self) -> str:
        """What was read, in a few words; "" for what cannot be compared."""
        if self.body is None:
            return ""
        system = _system_names().get(self.field.text)
        found = find_policies(self.source.root)[0] if self.source.root is not None else None
        name = f"{system}, system-defined" if system else _name(found)
        number = actions_in_words(self._catalog, self.document) or "no action"
        size = f"{counted(len(self.document.statements), 'statement')}, {number}"
        return f"{name}: {size}" if name else f"Read: {size}"

    def names(self) -> Iterator[str]:
        """Every action and wildcard that stands in it, those of NotAction included."""
        for statement in self.document.statements:
            yield from statement.actions
            yield from statement.not_actions


def _name(policy: FoundPolicy | None) -> str:
    given = policy.name.value if policy and isinstance(policy.name, String) else ""
    return printable(given[:SHOWN_CHARACTERS]).strip()


def names_in_words(names: Iterable[str]) -> str:
    """3 actions and 1 wildcard."""
    all_names = list(names)
    wildcards = sum(map(is_wildcard, all_names))
    parts = ((len(all_names) - wildcards, "action"), (wildcards, "wildcard"))
    return " and ".join(counted(number, what) for number, what in parts if number)


@cache
def _system_names() -> dict[str, str]:
    """The text of each system-defined policy, as a field is filled with it -> its name."""
    return {policy.text: policy.name for policy in current_system_policies()}


def _body(source: JsonText) -> tuple[Node | None, Obstacle | None]:
    """The one policy of a text, or why there is none."""
    if source.root is None:
        fault = source.faults[0]
        hint = f"{fault.hint} {CHECK_OFFERS}" if fault.readings else fault.hint
        return None, Obstacle(fault.message, hint, fault.line, fault.column)
    number = len(entries(source.root))
    if number == 0:
        return None, Obstacle(EMPTY_LIST, "Paste one: one policy is compared with one.")
    if number > 1:
        found = find_policies(source.root, MOST_CHOICES)
        return None, Obstacle(
            SEVERAL_POLICIES.format(n=number),
            "One policy is compared with one: choose it. Undo brings the others back.",
            choices=tuple(PolicyChoice(at, _name(policy)) for at, policy in enumerate(found, 1)),
        )
    body = find_policies(source.root)[0].body
    if isinstance(value(body, "Statement"), Array | Object):
        return body, None
    return None, Obstacle(NO_STATEMENTS, "Paste the whole policy, from its first {.")
