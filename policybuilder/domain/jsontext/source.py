"""Policy text as people paste it: read with the place of everything, repaired where that is certain, or faulted.

`read` never raises and takes linear time. What it repairs, and what not, stands in reader.py. Only the place of the
first fault is told: what comes after it is guesswork.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from policybuilder.domain.words import printable

from .nodes import Duplicate, Node
from .reader import Reader
from .repairs import NEEDS_CONSENT, Edit, FaultFoundError, Ledger, LikelyReading, RepairKind

MAX_BYTES = 32_768  # IAM.1101, of the text in UTF-8
TOO_LONG = "IAM.1101"
EXCERPT_CHARACTERS = 80

_LINE_BREAK = re.compile(r"\r\n|\n|\r")


class Position(NamedTuple):
    """Both count from 1, columns in characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Fault:
    """What could not be read: `message` says what is wrong, `hint` what to do. `code` is IAM's, where it has one.

    `readings` are what the place can mean where that is likely but not certain, the likeliest first.
    """

    line: int
    column: int
    offset: int
    message: str
    hint: str
    code: str = ""
    readings: tuple[LikelyReading, ...] = ()


@dataclass(frozen=True, slots=True)
class Repair:
    """One repair; line, column and offset are those of its first place. The same text gives the same ids."""

    id: str
    kind: RepairKind
    line: int
    column: int
    offset: int
    message: str
    edits: tuple[Edit, ...]

    @property
    def needs_consent(self) -> bool:
        """Whether the text can be meant in another way too."""
        return self.kind in NEEDS_CONSENT


@dataclass(frozen=True, slots=True)
class JsonText:
    """A text that was read. Offsets, those of nodes too, are of `text`, not of `repaired_text`.

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

    def position(self, offset: int) -> Position:
        return _position(self.line_starts, offset)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of one line for showing. The marked character is `text[mark]`, or comes right after the text."""

    text: str
    mark: int


def read(
    text: str, without: Collection[str] = frozenset(), *, consenting: bool = False, literal: bool = False
) -> JsonText:
    """Reads `text`, refusing the repairs whose ids are in `without`: their places are faults instead.

    So are places that can be meant in several ways. With `consenting` each is read in the likeliest one: that is to be
    offered, and never to be acted upon before somebody agreed.

    With `literal`, what JSON allows is never repaired: of what a program wrote, and nobody typed, every letter counts.
    """
    size = _size(text)
    if size > MAX_BYTES:
        message = f"The text has {size:,} bytes; IAM takes {MAX_BYTES:,}."
        hint = "Paste one policy only, without spaces that it does not need, or split it."
        return JsonText(text, None, (Fault(1, 1, 0, message, hint, TOO_LONG),), (), (), text, (0,))
    starts = (0, *(match.end() for match in _LINE_BREAK.finditer(text)))
    ledger = Ledger(frozenset(without), consenting=consenting, literal=literal)
    root: Node | None = None
    faults: tuple[Fault, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    try:
        reader = Reader(text, ledger)
        root = reader.read()
        duplicates = tuple(reader.duplicates)
    except FaultFoundError as found:
        place = _position(starts, found.offset)
        faults = (Fault(*place, found.offset, found.message, found.hint, readings=found.readings),)
    repaired = ledger.apply(text)
    if root and (size := _size(repaired)) > MAX_BYTES:
        message = f"The repaired text would have {size:,} bytes; IAM takes {MAX_BYTES:,}."
        root, duplicates = None, ()
        faults = (Fault(1, 1, 0, message, "Shorten it before it is repaired.", TOO_LONG),)
    repairs = tuple(
        Repair(r.id, r.kind, *_position(starts, r.offset), r.offset, r.message(), tuple(r.edits))
        for r in ledger.found()
    )
    return JsonText(text, root, faults, repairs, duplicates, repaired, starts)


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
