"""Sets of small numbers as the bits of one integer, which Python combines faster than its sets. A member is its bit."""

from collections.abc import Iterable, Iterator


def bits(members: int) -> Iterator[int]:
    """The members, each as its bit, lowest first."""
    while members:
        lowest = members & -members
        yield lowest
        members ^= lowest


def union(sets: Iterable[int]) -> int:
    together = 0
    for members in sets:
        together |= members
    return together
