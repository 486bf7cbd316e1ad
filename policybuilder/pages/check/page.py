"""A checked text, as values for its templates: the verdict, the repairs, each policy, and the text line by line."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import cached_property

from policybuilder.domain.access.operations import OperationAccess, what_allows
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.findings import Plural
from policybuilder.domain.jsontext.nodes import String
from policybuilder.domain.jsontext.source import TOO_LONG, Excerpt, Fault, Repair, excerpt
from policybuilder.domain.policy.document import MAX_ACTIONS, MAX_CHARACTERS, MAX_STATEMENTS
from policybuilder.domain.rules.check import CheckedPolicy, PolicyFinding
from policybuilder.domain.rules.outcome import Outcome
from policybuilder.domain.rules.own_whole import is_divided
from policybuilder.domain.words import SHOWN_CHARACTERS, counted, printable
from policybuilder.web.wording import VerdictInWords

from .listing import FaultLine, Stretch, TextMark, fault_lines, listing
from .reading import Reading
from .verdict import CLEAN, OUTCOME_WORDS, REPAIRED, answer, counts_in_words

TOO_LONG_FOR_IAM = "This is too long for IAM"
NOT_CLEAR = "What is meant in line {line}, column {column} is not clear"
ALLOWED = "It allows {n:,} of the {total:,} operations that need authorization."
ALLOWED_NONE = "It allows none of the {total:,} operations that need authorization."
ALLOWED_IN_PART = "It allows {n:,} under its conditions or for its resources only."
INCOMPLETE = Plural(
    "{n} is incomplete: it lacks an action that it needs.",
    "{n:,} are incomplete: they lack actions that they need.",
)
NOT_READ = "This cannot be read beyond line {line}, column {column}"

FIRST_SHOWN = 8  # of a list of repairs or findings
LONG_LINE = 400  # characters; what is said about such a line is hard to find in it


@dataclass(frozen=True, slots=True)
class RepairRow:
    repair: Repair
    place: Excerpt
    made: bool

    @property
    def pieces(self) -> tuple[str, str, str]:
        """The place: what stands before, the character itself, what comes after it."""
        text, mark = self.place.text, self.place.mark
        return text[:mark], text[mark : mark + 1], text[mark + 1 :]


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """A finding with the line it stands beside. `number` counts them as they are listed."""

    found: PolicyFinding
    number: int
    line: int
    column: int

    @property
    def severity(self) -> str:
        return self.found.finding.severity.value

    @property
    def command(self) -> str:
        return f"fix:{self.found.finding.code}:{self.found.start}"

    @property
    def divides(self) -> str:
        """The command that divides a policy of both levels; "" for any other, and where that is not what to do."""
        return f"divide:{self.found.policy}" if is_divided(self.found.finding) else ""


@dataclass(frozen=True, slots=True)
class Meter:
    name: str
    label: str
    value: int
    most: int

    @property
    def words(self) -> str:
        return f"{self.value:,} of {self.most:,}"


@dataclass(frozen=True, slots=True)
class CheckedPolicyCard:
    """One policy of the text and all that is said about it."""

    index: int
    checked: CheckedPolicy
    remarks: tuple[RemarkRow, ...]
    outcome: Outcome
    access: OperationAccess
    operations: int
    line: int

    @property
    def given_name(self) -> str:
        node = self.checked.found.name
        return printable(node.value[:SHOWN_CHARACTERS]).strip() if isinstance(node, String) else ""

    @property
    def name(self) -> str:
        return self.given_name or f"Policy {self.index + 1}"

    @property
    def first_remarks(self) -> tuple[RemarkRow, ...]:
        return self.remarks[:FIRST_SHOWN]

    @property
    def more_remarks(self) -> tuple[RemarkRow, ...]:
        return self.remarks[FIRST_SHOWN:]

    @property
    def wrapped(self) -> bool:
        """Whether something stands around the document, which the console does not take."""
        return self.checked.found.body is not None and bool(self.checked.found.base)

    @property
    def verdict(self) -> str:
        return VerdictInWords(self.checked.scope).line if self.checked.scope.total else "There is no action in it"

    @property
    def kind(self) -> str:
        return VerdictInWords(self.checked.scope).kind

    @property
    def outcome_words(self) -> str:
        counts = counts_in_words(_findings(self.remarks)) or "nothing to say"
        return f"{OUTCOME_WORDS[self.outcome]}: {counts}"

    @property
    def meters(self) -> tuple[Meter, ...]:
        size = self.checked.size
        return (
            Meter("characters", "Characters", size.characters, MAX_CHARACTERS),
            Meter("statements", "Statements", size.statements, MAX_STATEMENTS),
            Meter("actions", "Largest statement", size.largest_statement, MAX_ACTIONS),
        )

    @property
    def allows(self) -> str:
        """What the policy allows of the catalogue, in sentences."""
        access = self.access
        said = [(ALLOWED if access.allowed else ALLOWED_NONE).format(n=len(access.allowed), total=self.operations)]
        for template, found in ((ALLOWED_IN_PART, access.conditional), (INCOMPLETE, access.incomplete)):
            if found:
                said.append(template.format(n=len(found)))
        return " ".join(said)


class CheckPage:
    """The page for one text. `previous` is what undo goes back to."""

    def __init__(self, catalog: Catalog, reading: Reading, previous: str | None = None):
        self.catalog = catalog
        self.reading = reading
        self.previous = previous

    @property
    def text(self) -> str:
        return self.reading.pasted.text

    @property
    def without(self) -> list[str]:
        return sorted(self.reading.pasted.without)

    @property
    def empty(self) -> bool:
        return self.reading.pasted.blank

    @property
    def undoable(self) -> bool:
        return self.previous is not None and self.previous != self.text

    # The verdict

    @property
    def outcome(self) -> str:
        """empty, unreadable, or an `Outcome`."""
        if self.empty:
            return "empty"
        if not self.reading.readable:
            return "unreadable"
        return self.reading.checked.outcome

    @property
    def headline(self) -> str:
        if self.outcome == "empty":
            return "No policy yet"
        if self.fault:
            if self.fault.code == TOO_LONG:
                return TOO_LONG_FOR_IAM
            if self.fault.readings:
                return NOT_CLEAR.format(line=self.fault.line, column=self.fault.column)
            return NOT_READ.format(line=self.fault.line, column=self.fault.column)
        said = answer(self.reading.checked)
        return REPAIRED.format(answer=said) if self.reading.repaired else said[0].upper() + said[1:]

    @property
    def counts_after(self) -> str:
        """The counts as they follow the headline: apart from names, where it ends with them."""
        if not self.counts:
            return ""
        return f": {self.counts}" if self.outcome == "refused" or self.reading.checked.whole else f" ({self.counts})"

    @property
    def counts(self) -> str:
        """What was found, in words; for a text that cannot be read, that is said by the fault."""
        if self.outcome in ("empty", "unreadable"):
            return ""
        return counts_in_words(self.reading.checked.findings) or CLEAN

    @property
    def summary(self) -> str:
        """For the status line, which screen readers read out."""
        return ". ".join(filter(None, [self.headline, self.counts.capitalize()]))

    # Repairs and the fault

    @cached_property
    def repairs(self) -> tuple[RepairRow, ...]:
        text, refused = self.text, self.reading.pasted.without
        return tuple(RepairRow(r, excerpt(text, r.offset), r.id not in refused) for r in self.reading.repairs)

    @property
    def first_repairs(self) -> tuple[RepairRow, ...]:
        return self.repairs[:FIRST_SHOWN]

    @property
    def more_repairs(self) -> tuple[RepairRow, ...]:
        return self.repairs[FIRST_SHOWN:]

    @property
    def repairs_words(self) -> str:
        made = sum(row.made for row in self.repairs)
        refused = len(self.repairs) - made
        words = f"{counted(made, 'repair')} made"
        return f"{words}, {refused:,} undone" if refused else words

    @property
    def fault(self) -> Fault | None:
        return next(iter(self.reading.final.faults), None) if not self.empty else None

    @property
    def fault_repair(self) -> Repair | None:
        """The refused repair that would mend the fault."""
        refused = (row.repair for row in self.repairs if not row.made)
        return next((repair for repair in refused if self.fault and repair.offset == self.fault.offset), None)

    @property
    def fault_lines(self) -> tuple[FaultLine, ...]:
        if self.fault is None or self.fault.code == TOO_LONG:
            return ()
        return fault_lines(self.reading.final, self.fault)

    # Policies and findings

    @cached_property
    def remarks(self) -> tuple[RemarkRow, ...]:
        """All findings, gravest first; what has no place of its own stands beside the first line."""
        rows = []
        for number, found in enumerate(self.reading.checked.findings):
            line, column = self.reading.final.position(found.start or 0)
            rows.append(RemarkRow(found, number, line, column))
        return tuple(rows)

    @cached_property
    def cards(self) -> tuple[CheckedPolicyCard, ...]:
        by_policy: defaultdict[int, list[RemarkRow]] = defaultdict(list)
        for row in self.remarks:
            by_policy[row.found.policy].append(row)
        return tuple(self._card(at, each, by_policy[at]) for at, each in enumerate(self.reading.checked.policies))

    def _card(self, index: int, checked: CheckedPolicy, remarks: list[RemarkRow]) -> CheckedPolicyCard:
        begin = checked.found.role or checked.found.body
        return CheckedPolicyCard(
            index=index,
            checked=checked,
            remarks=tuple(remarks),
            outcome=self.reading.checked.outcome_of(index),
            access=what_allows(self.catalog, checked.document),
            operations=sum(not operation.free for operation in self.catalog.operations.values()),
            line=self.reading.final.position_of(begin).line if begin else 1,
        )

    @property
    def fixable(self) -> int:
        return sum(found.fix is not None and found.fix.certain for found in self.reading.checked.findings)

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """The text as IAM would be given it, with the findings beside their lines in the order of the text."""
        source = self.reading.final
        if source.root is None:
            return ()
        marks = [
            TextMark(found.start, found.end, found.finding.severity.value.title())
            for found in self.reading.checked.findings
            if found.start is not None and found.end is not None
        ]
        by_line: defaultdict[int, list[RemarkRow]] = defaultdict(list)
        for row in sorted(self.remarks, key=lambda row: row.column):
            by_line[row.line].append(row)
        return listing(source, marks, by_line)

    @property
    def long_line(self) -> bool:
        """Whether the text is better read as the console prints it."""
        return any(len(line) > LONG_LINE for line in self.reading.final.text.split("\n"))

    @property
    def name(self) -> str:
        """That of the only policy, "" where it has none or there are several."""
        return self.cards[0].given_name if len(self.cards) == 1 else ""


def _findings(rows: Iterable[RemarkRow]) -> Iterator[PolicyFinding]:
    return (row.found for row in rows)
