"""Which sets of texts a glob can pick out of a list, and the shortest glob for each.

Globs have no end, but the sets do, and for the names of actions they are few: some 700 for the 40 verbs of ECS. They
are found by growing all globs at once, a character a time. What decides how a glob can go on is where its end can stand
in each text, so of two globs with the same ends only the first is grown.

Those ends are one integer, a bit for each place of each text, hence one step for all texts. Source: R. Baeza-Yates and
G. H. Gonnet, "A New Approach to Text Searching", Communications of the ACM 35 (1992), the shift-and method.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .bitsets import bits

FEW = 3  # of so few texts all subsets are looked up, to see that there is nothing left to find


@dataclass(frozen=True, slots=True)
class Globs:
    """`found`: (set, glob), shortest glob first, then alphabetically; bit i of a set stands for text i.

    `complete` says that no other set can be picked out; without it, the longer globs were not looked at. `steps` is
    the work that it took.
    """

    found: tuple[tuple[int, str], ...]
    complete: bool
    steps: int


def find_globs(texts: Sequence[str], wanted: int, most_steps: int) -> Globs:
    """The shortest glob for every set that holds one of the `wanted` texts, given as bits.

    The texts differ, and none has a "*". Of globs of the same length the alphabetically first is taken. Stops after
    `most_steps`: growing a glob is one, of about 4 µs, and another one for every thousand characters of the texts.
    """
    places = _Places(texts, wanted)
    best: dict[int, str] = {}  # by the ends that a glob matches
    seen = {places.starts}
    queue = [(places.starts, places.starred(places.starts), "")]
    steps = 0
    complete = True
    for state, starred, glob in queue:
        matched = state & places.ends
        if matched & places.wanted:
            best.setdefault(matched, glob)
        alive = starred & places.ends
        if alive.bit_count() <= FEW and places.settled(alive, best):
            continue
        if steps >= most_steps:
            complete = False
            break
        steps += places.stride
        for grown, sign in places.grown(state, starred):
            if grown not in seen:
                seen.add(grown)
                open_end = places.starred(grown)
                if open_end & places.wanted:
                    queue.append((grown, open_end, glob + sign))
    for end, text in zip(places.end_of, texts, strict=True):
        if end & places.wanted:
            best.setdefault(end, text)
    index_of = {end: 1 << index for index, end in enumerate(places.end_of)}
    found = [(sum(index_of[end] for end in bits(matched)), glob) for matched, glob in best.items()]
    return Globs(tuple(sorted(found, key=lambda entry: (len(entry[1]), entry[1]))), complete, steps)


class _Places:
    """Where the end of a glob can stand in each text, as bits: one before each character, one behind the last, and a
    guard above, which is never set. `ends` are the places behind the last characters, `wanted` those of wanted texts.
    """

    def __init__(self, texts: Sequence[str], wanted: int):
        self.starts = 0
        self.end_of: list[int] = []
        places: dict[str, int] = {}
        at = 0
        for text in texts:
            self.starts |= 1 << at
            for character in text:
                places[character] = places.get(character, 0) | 1 << at
                at += 1
            self.end_of.append(1 << at)
            at += 2
        self.ends = sum(self.end_of)
        self.wanted = sum(end for index, end in enumerate(self.end_of) if wanted >> index & 1)
        self.stride = 1 + at // 1000
        self._guards = self.ends << 1
        self._alphabet = sorted(places.items())

    def starred(self, state: int) -> int:
        """The places with "*" behind the glob: from the first place of a text to its end.

        That is one subtraction: a guard lends to its text, and the bits from the lowest one up come out set. (The
        guards of other texts stay, which does no harm.)
        """
        return state | (self._guards - state)

    def grown(self, state: int, starred: int) -> Iterator[tuple[int, str]]:
        """The places after one more sign, "*" first."""
        yield starred, "*"
        for character, place in self._alphabet:
            if after := (state & place) << 1:
                yield after, character

    def settled(self, alive: int, best: Mapping[int, str]) -> bool:
        """Whether `best` has a glob for every set of the texts that are still alive."""
        subset = alive
        while subset:
            if subset & self.wanted and subset not in best:
                return False
            subset = (subset - 1) & alive
        return True
