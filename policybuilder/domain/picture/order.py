"""The order of things in columns so that few lines cross, and their heights so that lines are short.

Barycentre sweeps: time and again, everything is sorted by where its neighbours stand. Groups stay together.
Source: Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of Hierarchical System Structures" (1981).
"""

from bisect import bisect_right, insort
from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import pairwise

Key = Hashable
Columns = list[list[list[Key]]]  # columns of groups of keys
_ROUNDS = 8  # after this many sweeps an order hardly changes


def few_crossings(columns: Columns, neighbours: Mapping[Key, Sequence[Key]]) -> Columns:
    """The best order of the columns, of the groups in each and of the keys in each group that the sweeps come by."""
    best, fewest = columns, crossings(columns, neighbours)
    for _ in range(_ROUNDS):
        for at in (1, 2, 1, 0):
            columns = [*columns[:at], _sorted(columns, at, neighbours), *columns[at + 1 :]]
        found = crossings(columns, neighbours)
        if found < fewest:
            best, fewest = columns, found
    return best


def crossings(columns: Columns, neighbours: Mapping[Key, Sequence[Key]]) -> int:
    """How many pairs of lines between neighbouring columns cross."""
    places = [{key: at for at, key in enumerate(_keys(column))} for column in columns]
    total = 0
    for left, right in pairwise(places):
        passed: list[int] = []
        for key in left:
            ends = sorted(right[other] for other in neighbours.get(key, ()) if other in right)
            total += sum(len(passed) - bisect_right(passed, end) for end in ends)
            for end in ends:
                insort(passed, end)
    return total


def spread(wanted: Sequence[float], heights: Sequence[float], gap: float, top: float, bottom: float) -> list[float]:
    """The top of each thing: in order, `gap` apart, not above `top`, not below `bottom` unless there is no room,
    and else with the least squares of the distances to the wanted tops.

    That is isotonic regression: neighbours that would overlap are pooled, and a pool goes to the mean of its wishes.
    """
    before, offsets = 0.0, []
    for height in heights:
        offsets.append(before)
        before += height + gap
    most = max(top, bottom - before + gap)
    pools: list[tuple[float, int]] = []
    for wish, offset in zip(wanted, offsets, strict=True):
        mean, count = wish - offset, 1
        while pools and pools[-1][0] > mean:
            other, others = pools.pop()
            mean, count = (mean * count + other * others) / (count + others), count + others
        pools.append((mean, count))
    settled = [round(min(max(mean, top), most)) for mean, count in pools for _ in range(count)]
    return [start + offset for start, offset in zip(settled, offsets, strict=True)]


def _keys(column: Sequence[Sequence[Key]]) -> Iterator[Key]:
    return (key for group in column for key in group)


def _sorted(columns: Columns, at: int, neighbours: Mapping[Key, Sequence[Key]]) -> list[list[Key]]:
    """Column `at` sorted by the mean place of each key's neighbours; what has none stays where it is."""
    places: dict[Key, float] = {}
    for column in columns:
        keys = list(_keys(column))
        places |= {key: (number + 0.5) / len(keys) for number, key in enumerate(keys)}

    means: dict[Key, float] = {}
    for key in _keys(columns[at]):
        nearby = [places[other] for other in neighbours.get(key, ())]
        means[key] = sum(nearby) / len(nearby) if nearby else places[key]
    groups = [sorted(group, key=means.__getitem__) for group in columns[at]]
    return sorted(groups, key=lambda group: sum(means[key] for key in group) / len(group))
