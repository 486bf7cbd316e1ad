"""Which sets of texts a glob can pick out of a list, and the shortest glob for each.

Globs have no end, but the sets do, and for the names of actions they are few: some 700 for the 40 verbs of ECS. They
are found by growing all globs at once, a character a time. What decides how a glob can go on is where its end can stand
in each text, so of two globs with the same ends only the first is grown.

Those ends are one integer, a bit for each place of each text, hence one step for all texts. Source: R. Baeza-Yates and
G. H. Gonnet, "A New Approach to Text Searching", Communications of the ACM 35 (1992), the shift-and method.
"""

from collections.abc import Sequence
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
    # Every text has a bit before each of its characters, one behind the last, and a guard above, which is never set.
    starts = 0
    places: dict[str, int] = {}
    end_of: list[int] = []
    at = 0
    for text in texts:
        starts |= 1 << at
        for character in text:
            places[character] = places.get(character, 0) | 1 << at
            at += 1
        end_of.append(1 << at)
        at += 2
    ends = sum(end_of)
    wanted_ends = sum(end for index, end in enumerate(end_of) if wanted >> index & 1)
    guards = ends << 1
    alphabet = sorted(places.items())

    best: dict[int, str] = {}

    def settled(alive: int) -> bool:
        subset = alive
        while subset:
            if subset & wanted_ends and subset not in best:
                return False
            subset = (subset - 1) & alive
        return True

    # A glob is kept with where it ends and where it would with "*" behind it: from the first place of a text to its
    # end. That is one subtraction: a guard lends to its text, and the bits from the lowest one up come out set. (The
    # guards of other texts stay, which does no harm.)
    seen = {starts}
    queue = [(starts, starts | (guards - starts), "")]
    steps = 0
    stride = 1 + at // 1000
    complete = True
    for state, starred, glob in queue:
        matched = state & ends
        if matched & wanted_ends and matched not in best:
            best[matched] = glob
        alive = starred & ends
        if alive.bit_count() <= FEW and settled(alive):
            continue
        if steps >= most_steps:
            complete = False
            break
        steps += stride
        if starred not in seen:
            seen.add(starred)
            queue.append((starred, starred, glob + "*"))
        for character, place in alphabet:
            grown = (state & place) << 1
            if grown and grown not in seen:
                seen.add(grown)
                open_end = grown | (guards - grown)
                if open_end & wanted_ends:
                    queue.append((grown, open_end, glob + character))
    for end, text in zip(end_of, texts, strict=True):
        if end & wanted_ends:
            best.setdefault(end, text)
    index_of = {end: 1 << index for index, end in enumerate(end_of)}
    found = [(sum(index_of[end] for end in bits(matched)), glob) for matched, glob in best.items()]
    return Globs(tuple(sorted(found, key=lambda entry: (len(entry[1]), entry[1]))), complete, steps)
