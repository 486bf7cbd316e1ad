"""Policy text as people paste it: read with the place of everything, repaired where that is certain, or faulted.

`read` never raises, takes linear time, and pays for it; `read_own` is for what the program itself printed. What a
policy may be wrapped in stands in carriers/, what in its JSON is repaired, and what not, in reader.py. Only the place
of the first fault is told: what comes after it is guesswork.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from policybuilder.domain.findings import Values, Wording, fill
from policybuilder.domain.words import printable
from policybuilder.domain.work import Work, WorkSpentError

from .carriers.unwrapping import Attempt, attempt, unwrap
from .nodes import Duplicate, Node
from .passage import Passage
from .repair_kinds import NEEDS_CONSENT, WORDING, RepairKind
from .repairs import Edit, FaultFoundError, Ledger, LikelyReading

MAX_BYTES = 32_768  # IAM.1101, of the text in UTF-8
TOO_LONG = "IAM.1101"
EXCERPT_CHARACTERS = 80
TEXT_IS_LONG = Wording(
    "The text has {n:,} bytes; IAM takes {limit:,}.",
    "Paste one policy only, without spaces that it does not need, or split it.",
)
REPAIRED_IS_LONG = Wording(
    "The repaired text would have {n:,} bytes; IAM takes {limit:,}.", "Shorten it before it is repaired."
)
TOO_MUCH = Wording("There is too much here to unwrap and to repair at once; it was not read.", "Paste one policy only.")

_LINE_BREAK = re.compile(r"\r\n|\n|\r")


class Position(NamedTuple):
    """Both count from 1, columns in characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Fault:
    """What could not be read. `code` is IAM's, where it has one. `values` fill the placeholders of `wording`.

    `readings` are what the place can mean where that is likely but not certain, the likeliest first.
    """

    line: int
    column: int
    offset: int
    wording: Wording
    values: Values = field(default_factory=dict, hash=False)
    code: str = ""
    readings: tuple[LikelyReading, ...] = ()

    @property
    def message(self) -> str:
        return fill(self.wording.message, self.values)

    @property
    def hint(self) -> str:
        return fill(self.wording.hint, self.values)


@dataclass(frozen=True, slots=True)
class Repair:
    """One repair; line, column and offset are those of its first place. The same text gives the same ids. `values` fill
    the placeholders of its text.

    `edits` are of the text as it was unwrapped; what takes off a wrapping has none.
    """

    id: str
    kind: RepairKind
    line: int
    column: int
    offset: int
    values: Values = field(hash=False)
    edits: tuple[Edit, ...]

    @property
    def message(self) -> str:
        return fill(WORDING[self.kind].template, self.values)

    @property
    def needs_consent(self) -> bool:
        """Whether the text can be meant in another way too."""
        return self.kind in NEEDS_CONSENT


@dataclass(frozen=True, slots=True)
class JsonText:
    """A text that was read. Offsets of faults and repairs are of `text`, as it was pasted.

    `passage` is the JSON in it, once all wrapping was off: offsets of nodes are of `passage.text`.
    `root` is None exactly when there is a fault; `repairs` are then those before it, and `repaired_text` has only them.
    Duplicate keys are no fault: all of them are in `root`, and in `duplicates` once more.
    """

    text: str
    root: Node | None
    faults: tuple[Fault, ...]
    repairs: tuple[Repair, ...]
    duplicates: tuple[Duplicate, ...]
    repaired_text: str
    line_starts: tuple[int, ...] = field(repr=False)
    passage: Passage = field(repr=False)

    def position(self, offset: int) -> Position:
        return _position(self.line_starts, offset)

    def position_of(self, node: Node) -> Position:
        """Where a node of `root` stands in `text`."""
        return self.position(self.passage.origin(node.start))


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of one line for showing. The marked character is `text[mark]`, or comes right after the text."""

    text: str
    mark: int


def read(
    text: str,
    without: Collection[str] = frozenset(),
    work: Work | None = None,
    *,
    consenting: bool = False,
    literal: bool = False,
) -> JsonText:
    """Reads `text`, refusing the repairs whose ids are in `without`: their places are faults instead.

    So are places that can be meant in several ways. With `consenting` each is read in the likeliest one: that is to be
    offered, and never to be acted upon before somebody agreed.

    With `literal`, what JSON allows is never repaired: of what a program wrote, and nobody typed, every letter counts.

    Texts of one request share its `work`. A text for which too little of it is left has a fault, and work.spent is set.
    """
    size = _size(text)
    if size > MAX_BYTES:
        fault = Fault(1, 1, 0, TEXT_IS_LONG, {"n": size, "limit": MAX_BYTES}, TOO_LONG)
        return JsonText(text, None, (fault,), (), (), text, (0,), Passage(text))
    refused = frozenset(without)
    wrapping, work = Ledger(refused, consenting=consenting), work or Work()
    try:
        if literal:
            reading = attempt(Passage(text), literal=True, work=work)
        else:
            reading = unwrap(text, wrapping, work, consenting=consenting)
        if refused or (literal and consenting):
            reading = attempt(reading.passage, refused, consenting=consenting, literal=literal, work=work)
    except FaultFoundError as found:
        reading = Attempt(Passage(text), Ledger(refused), fault=found)
    except WorkSpentError:
        reading = Attempt(Passage(text), Ledger(refused), fault=FaultFoundError(0, TOO_MUCH))
    return _answer(text, wrapping, reading)


def read_own(text: str) -> JsonText:
    """Reads what the program printed of parts that were read, each within its limits: there are none for the whole.

    Nothing is repaired, and there is no fault.
    """
    return _answer(text, Ledger(frozenset()), attempt(Passage(text), literal=True, bounded=False), bounded=False)


def _answer(text: str, wrapping: Ledger, reading: Attempt, *, bounded: bool = True) -> JsonText:
    starts = (0, *(match.end() for match in _LINE_BREAK.finditer(text)))
    root, duplicates, faults = reading.root, reading.duplicates, tuple(_faults(starts, text, reading))
    repaired = reading.ledger.apply(reading.passage.text)
    if root and bounded and (size := _size(repaired)) > MAX_BYTES:
        root, duplicates = None, ()
        faults = (Fault(1, 1, 0, REPAIRED_IS_LONG, {"n": size, "limit": MAX_BYTES}, TOO_LONG),)
    found = sorted((*wrapping.found(), *reading.ledger.found()), key=lambda repair: repair.offset)
    repairs = tuple(
        Repair(r.id, r.kind, *_position(starts, r.offset), r.offset, r.values, tuple(r.edits)) for r in found
    )
    return JsonText(text, root, faults, repairs, duplicates, repaired, starts, reading.passage)


def _faults(starts: Sequence[int], text: str, reading: Attempt) -> Iterator[Fault]:
    """A reading of a text that was wrapped puts what was in the wrapping in place of it all."""
    if reading.fault is None:
        return
    passage, found = reading.passage, reading.fault
    offset, readings = passage.origin(found.offset), found.readings
    if passage.wrapped:
        readings = tuple(
            LikelyReading(each.template, (Edit(0, len(text), each.apply(passage.text)),), each.values)
            for each in readings
        )
    yield Fault(*_position(starts, offset), offset, found.wording, found.values, readings=readings)


def excerpt(text: str, offset: int) -> Excerpt:
    """What stands around `offset` on its line: EXCERPT_CHARACTERS at most, invisible characters made visible."""
    offset = max(0, min(offset, len(text)))
    begin = max(0, offset - EXCERPT_CHARACTERS * 3 // 4)
    begin = max(begin, text.rfind("\n", begin, offset) + 1, text.rfind("\r", begin, offset) + 1)
    piece = _LINE_BREAK.split(text[begin : begin + EXCERPT_CHARACTERS], maxsplit=1)[0]
    return Excerpt(printable(piece), offset - begin)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _position(line_starts: Sequence[int], offset: int) -> Position:
    line = bisect_right(line_starts, offset)
    return Position(line, offset - line_starts[line - 1] + 1)
