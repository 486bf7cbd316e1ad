"""Two policies compared, as values for the template: the verdict, what is gained and lost, and each wildcard."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import cached_property

from policybuilder.catalog_files.starting_points import SystemPolicy, current_system_policies
from policybuilder.domain.access.comparison import Comparison, Difference, compare
from policybuilder.domain.access.doubts import Doubt
from policybuilder.domain.access.new_access import NewAccess, Witness
from policybuilder.domain.access.operations import OperationAccess, what_allows
from policybuilder.domain.catalog.action_names import action_key, is_wildcard
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Access, Operation
from policybuilder.domain.findings import Plural
from policybuilder.domain.jsontext.writer import write_compact
from policybuilder.domain.words import counted, listed, quoted
from policybuilder.domain.work import Work, WorkSpentError

from .commands import Comparing
from .named_actions import MOST_NAMES, NamedActions
from .sides import ComparedSide, names_in_words

MISSING = "The {which} policy is missing"
CHOOSE = "Choose the {which} policy"
CHOOSE_BOTH = "Choose the earlier and the later policy"
SIDE_NOT_READ = "The {which} policy cannot be read"
UNCLEAR = Plural(
    "Not certain: 1 part of the policies has no clear meaning",
    "Not certain: {n:,} parts of the policies have no clear meaning",
)
REACHES_FURTHER = "New access: not proven. Nothing new today, but {wildcards} may reach further than before"

FEW_OPERATIONS = 24  # up to this number, all their categories start open
NAMED_ACTIONS = 3  # of one operation
TOO_MUCH = (
    "The two policies hold more wildcards and exceptions, or more of them under conditions, than can be compared at "
    "once. Compare them in parts, a service at a time."
)

HEADLINES = {
    "empty": "Nothing to compare yet",
    "too-much": "This is too much to compare at once",
    "identical": "New access: no. The two policies are the same",
    "unchanged": "New access: no, proven. Nothing is lost either",
    "less": "New access: no, proven",
    "more": "New access: yes",
    "unproven": "New access: not proven",
}
DOUBTS = {
    Doubt.RESOURCE_SUPPORT: "A statement is for some resources only. Few services are documented to honour them.",
    Doubt.ABSENT_KEY: "A condition is negated, or uses ForAllValues. IAM's manual does not say whether it holds for a "
    "request without its key.",
    Doubt.OPERATOR_MEANING: "A condition has an unknown operator, or one that does not fit its key or prefix.",
    Doubt.MIXED_TYPES: "A condition compares numbers, times or Booleans, and its key may have values of another type.",
    Doubt.UNREADABLE: "A condition or a resource cannot be read.",
}


@dataclass(frozen=True, slots=True)
class OperationRow:
    """`note` says for which requests, where it is not all of them before or after; `actions` are those behind it."""

    operation: Operation
    note: str
    actions: tuple[str, ...]

    @property
    def first_actions(self) -> tuple[str, ...]:
        return self.actions[:NAMED_ACTIONS]

    @property
    def more_actions(self) -> int:
        return max(len(self.actions) - NAMED_ACTIONS, 0)


@dataclass(frozen=True, slots=True)
class CategoryRows:
    name: str
    total: int
    rows: tuple[OperationRow, ...]

    @property
    def count(self) -> str:
        return f"{len(self.rows)} of {self.total}"


@dataclass(frozen=True, slots=True)
class NamedAction:
    name: str
    wildcard: bool
    known: bool


@dataclass(frozen=True, slots=True)
class AccessChange:
    """What one policy does and the other does not. `id` is gained, lost or undenied."""

    id: str
    groups: tuple[CategoryRows, ...]
    actions: tuple[NamedAction, ...]

    @property
    def operations(self) -> int:
        return sum(len(group.rows) for group in self.groups)

    @property
    def access_words(self) -> str:
        """53 can change, 35 read."""
        changing = sum(row.operation.access is Access.WRITE for group in self.groups for row in group.rows)
        reading = self.operations - changing
        parts = ((changing, "can change"), (reading, "reads" if reading == 1 else "read"))
        return ", ".join(f"{number:,} {said}" for number, said in parts if number)

    @property
    def few(self) -> bool:
        return self.operations <= FEW_OPERATIONS

    @property
    def first_actions(self) -> tuple[NamedAction, ...]:
        return self.actions[:MOST_NAMES]

    @property
    def more_actions(self) -> int:
        return max(len(self.actions) - MOST_NAMES, 0)

    @property
    def actions_words(self) -> str:
        """49 actions and 6 wildcards."""
        return names_in_words(each.name for each in self.actions)


class ComparePage:
    def __init__(self, catalog: Catalog, comparing: Comparing, work: Work):
        self.catalog = catalog
        self.before = ComparedSide(catalog, "before", comparing.before, work)
        self.after = ComparedSide(catalog, "after", comparing.after, work)
        self.comparison: Comparison | None = None
        self.changes: tuple[AccessChange, ...] = ()  # what is gained, then what is lost; each where there is something
        self.too_much = ""
        if self.ready and not self.identical:
            try:
                self._compare(work)
            except WorkSpentError:
                self.too_much = TOO_MUCH

    def _compare(self, work: Work) -> None:
        """Raises WorkSpentError."""
        before, after = (what_allows(self.catalog, side.document, work=work) for side in self.sides)
        levels = self.before.level, self.after.level
        comparison = compare(self.catalog, self.before.document, self.after.document, work, levels)
        both = (
            self._change("gained", comparison.gained, before, after),
            self._change("lost", comparison.lost, after, before),
        )
        self.comparison, self.changes = comparison, tuple(change for change in both if change.actions)

    @property
    def sides(self) -> tuple[ComparedSide, ComparedSide]:
        return self.before, self.after

    @property
    def system_policies(self) -> tuple[SystemPolicy, ...]:
        return current_system_policies()

    @property
    def ready(self) -> bool:
        return self.before.body is not None and self.after.body is not None

    @cached_property
    def identical(self) -> bool:
        """Whether they are the same JSON of the same level, its spaces apart."""
        before, after = self.before.body, self.after.body
        if self.before.level is not self.after.level:
            return False
        return before is not None and after is not None and write_compact(before) == write_compact(after)

    @property
    def missing(self) -> ComparedSide | None:
        """The side that is empty, where only one is."""
        blank = [side for side in self.sides if side.field.blank]
        return blank[0] if len(blank) == 1 else None

    @property
    def unclear(self) -> int:
        return sum(len(side.unclear) for side in self.sides)

    # The verdict

    @cached_property
    def outcome(self) -> str:
        """What is known, from nothing to all of it: see `headline`."""
        if any(side.problem for side in self.sides):
            return "unreadable"
        if not self.ready:
            return "missing" if self.missing else "empty"
        if self.identical:
            return "identical"
        if self.comparison is None:
            return "too-much"
        if self.unclear:
            return "uncertain"
        gained, lost = self.comparison.gained.actions, self.comparison.lost.actions
        match self.comparison.new_access:
            case NewAccess.NO:
                return "less" if lost or self.comparison.no_longer_denied else "unchanged"
            case NewAccess.YES:
                return "more"
        return "beyond" if all(map(is_wildcard, gained)) else "unproven"

    @property
    def headline(self) -> str:
        if self.outcome in HEADLINES:
            return HEADLINES[self.outcome]
        if self.outcome == "missing" and self.missing:
            return MISSING.format(which=self.missing.which)
        if self.outcome == "unreadable":
            unreadable = [side for side in self.sides if side.problem]
            if all(side.problem.choices for side in unreadable if side.problem):
                return CHOOSE_BOTH if len(unreadable) > 1 else CHOOSE.format(which=unreadable[0].which)
            return SIDE_NOT_READ.format(which=unreadable[0].which) if len(unreadable) == 1 else "Neither can be read"
        if self.outcome == "uncertain":
            return UNCLEAR.format(n=self.unclear)
        reaching = counted(len(self.comparison.gained.actions) if self.comparison else 0, "wildcard")
        return REACHES_FURTHER.format(wildcards=reaching)

    @property
    def witness(self) -> Witness | None:
        return self.comparison.witness if self.comparison else None

    @property
    def witness_terms(self) -> tuple[str, ...]:
        """The keys of the witness in words: “g:UserName” is “anna”; “ecs:tag” is absent."""
        return tuple(
            f"{quoted(key)} is {listed(map(quoted, values), most=len(values)) if values else 'absent'}"
            for key, values in (self.witness.context if self.witness else ())
        )

    @property
    def doubts(self) -> tuple[str, ...]:
        """Why new access is not proven."""
        return tuple(DOUBTS[doubt] for doubt in (self.comparison.reasons if self.comparison else ()))

    @property
    def counts(self) -> str:
        """3 operations more, 2 lost."""
        if self.comparison is None:
            return ""
        gained, lost = self.comparison.gained, self.comparison.lost
        changed = set(gained.operations) & set(lost.operations)
        parts = []
        if more := len(gained.operations) - len(changed):
            parts.append(f"{counted(more, 'operation')} more")
        elif gained.actions and not changed and self.outcome != "beyond":
            parts.append(f"{names_in_words(gained.actions)} more, though no whole operation")
        if fewer := len(lost.operations) - len(changed):
            parts.append(f"{fewer:,} lost" if more else f"{counted(fewer, 'operation')} lost")
        elif lost.actions and not changed:
            parts.append("none lost" if more else f"{names_in_words(lost.actions)} lost, though no whole operation")
        if changed:
            parts.append(f"{counted(len(changed), 'operation')} for other requests than before")
        return ", ".join(parts)

    @property
    def counts_after_headline(self) -> str:
        if not self.counts or self.outcome == "uncertain":
            return ""
        sign = {"beyond": ";", "unproven": ". Perhaps"}.get(self.outcome, ".")
        return f"{sign} {self.counts}"

    @property
    def summary(self) -> str:
        """For the status line, which screen readers read out."""
        return f"{self.headline}{self.counts_after_headline}"

    @cached_property
    def named(self) -> NamedActions:
        return NamedActions(self.catalog, self.before, self.after)

    # What changes

    @property
    def no_longer_denied(self) -> AccessChange | None:
        """The actions that were denied and are not; None without any."""
        names = self.comparison.no_longer_denied if self.comparison else ()
        return AccessChange("undenied", (), self._named(names)) if names else None

    def _change(
        self, id_: str, difference: Difference, without: OperationAccess, having: OperationAccess
    ) -> AccessChange:
        changed = {action_key(name) for name in difference.actions}
        operations = map(self.catalog.operation, difference.operations)
        groups = tuple(
            CategoryRows(
                self.catalog.titles.category_name(category),
                len(category.operations),
                tuple(
                    OperationRow(
                        operation=operation,
                        note=_note(id_, operation.id in without.conditional, operation.id in having.conditional),
                        actions=tuple(dict.fromkeys(n for n in operation.names() if action_key(n) in changed)),
                    )
                    for operation in inside
                ),
            )
            for category, inside in self.catalog.by_category(operations)
        )
        return AccessChange(id_, groups, self._named(difference.actions))

    def _named(self, names: Iterable[str]) -> tuple[NamedAction, ...]:
        """Wildcards first, since they reach furthest."""
        found = (
            NamedAction(n, is_wildcard(n), is_wildcard(n) or self.catalog.action_index.action(n) is not None)
            for n in names
        )
        return tuple(sorted(found, key=lambda each: not each.wildcard))


def _note(id_: str, in_part_without: bool, in_part: bool) -> str:
    """For which requests, where it is not none of them before and all now, or the other way round."""
    if in_part_without and in_part:
        return "for other requests than before"
    if in_part_without:
        return "before for some requests only" if id_ == "gained" else "now for some requests only"
    return "for some requests only" if in_part else ""
