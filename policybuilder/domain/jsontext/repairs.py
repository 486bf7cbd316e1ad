"""What is repaired in a JSON text, and how a repair is refused.

Two sorts. A slip of one place (a missing comma) is one repair of its own. A spelling that runs through a text (the
quotes of a word processor, comments) is one repair with all its places: it has one cause, a long policy would
otherwise need hundreds, and accepting half of it helps nobody.

Kinds of NEEDS_CONSENT are no repairs that are made by themselves: what they make of the text is a likely reading, and
not the only one. Where such a place is met it is a fault with its readings, unless all of them were consented to.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from policybuilder.domain.findings import NO_VALUES, Template, Values, Wording, fill

from .repair_kinds import WORDING, RepairKind

MAX_REPAIRS = 100  # what needs more was hardly meant to be JSON
MAX_PLACES = 4_000  # of one repair; no policy of 32 KB comes near
TOO_MANY_REPAIRS = Wording(
    "Too much would have to be repaired; reading stopped here.",
    "Check that the text is a policy in JSON, and correct by hand what stands above.",
)


class Edit(NamedTuple):
    """`text` takes the place of the characters from `start` to `end` of the text that was read."""

    start: int
    end: int
    text: str


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with all the edits, which do not overlap, and nothing else changed."""
    pieces, at = [], 0
    for start, end, replacement in sorted(edits):
        pieces += [text[at:start], replacement]
        at = end
    return "".join([*pieces, text[at:]])


@dataclass(frozen=True, slots=True)
class LikelyReading:
    """What a place can mean that is not clear: `title` says what to do for it, as a button does."""

    template: Template
    edits: tuple[Edit, ...]
    values: Values = field(default_factory=dict, hash=False)

    @property
    def title(self) -> str:
        return fill(self.template, self.values)

    def apply(self, text: str) -> str:
        return apply_edits(text, self.edits)


class FaultFoundError(Exception):
    """Ends the reading of a text: `offset`, `wording`, `values` and `readings` of its fault."""

    def __init__(
        self, offset: int, wording: Wording, values: Values = NO_VALUES, readings: Sequence[LikelyReading] = ()
    ) -> None:
        super().__init__(wording.message)
        self.offset, self.wording, self.values, self.readings = offset, wording, values, tuple(readings)


@dataclass(slots=True)
class FoundRepair:
    """A repair in the making; `offset` is that of its first place."""

    id: str
    kind: RepairKind
    offset: int
    what: str
    edits: list[Edit]
    places: int = 1

    @property
    def values(self) -> Values:
        return {"what": self.what, "n": self.places}


class Ledger:
    """The repairs of one reading, each under its id: the kind, and the place where a kind can have several.

    Offsets that are given to it are of the text that is read; those of its repairs, and in their ids, of the text as it
    was pasted: `origin` makes the one of the other. With `consenting`, the likeliest reading of each place that is not
    clear is made as well. `literal`: what JSON allows stays as it is, whatever it says.
    """

    def __init__(
        self,
        refused: frozenset[str],
        *,
        consenting: bool = False,
        literal: bool = False,
        origin: Callable[[int], int] = lambda at: at,
    ) -> None:
        self.refused = refused
        self.literal = literal
        self._consenting = consenting
        self._origin = origin
        self._found: dict[str, FoundRepair] = {}

    def add(self, kind: RepairKind, offset: int, edits: Iterable[Edit], what: str = "") -> None:
        """Repairs the place at `offset`, or raises FaultFoundError where that is refused or one too many."""
        wording = WORDING[kind]
        place = self._origin(offset)
        id_ = str(kind) if wording.many else f"{kind}-{place}"
        if id_ in self.refused:
            raise FaultFoundError(offset, wording.fault, {"what": what})
        repair = self._found.get(id_)
        if (repair.places == MAX_PLACES) if repair else (len(self._found) == MAX_REPAIRS):
            raise FaultFoundError(offset, TOO_MANY_REPAIRS)
        if repair:
            repair.edits.extend(edits)
            repair.places += 1
        else:
            self._found[id_] = FoundRepair(id_, kind, place, what, list(edits))

    def propose(self, kind: RepairKind, offset: int, readings: Sequence[LikelyReading], what: str) -> LikelyReading:
        """The likeliest reading of the place, made with consent. Raises FaultFoundError with all of them without it."""
        if not self._consenting:
            raise FaultFoundError(offset, WORDING[kind].fault, {"what": what}, readings)
        self.add(kind, offset, readings[0].edits, what)
        return readings[0]

    @property
    def places(self) -> int:
        """How many places were repaired."""
        return sum(repair.places for repair in self._found.values())

    def found(self) -> list[FoundRepair]:
        """In the order of the text."""
        return sorted(self._found.values(), key=lambda repair: repair.offset)

    def apply(self, text: str) -> str:
        """The text with all repairs and nothing else changed."""
        return apply_edits(text, (edit for repair in self._found.values() for edit in repair.edits))
