from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.rewriting import cover
from policybuilder.domain.rewriting.cover import Cover, cheapest_cover
from tests.domain.strategies import law

PLENTY = 10**9


def rows(*numbers):
    return sum(1 << number for number in numbers)


def covered(candidates, chosen):
    together = 0
    for at in chosen:
        together |= candidates[at][0]
    return together


def by_trying_all(candidates):
    """The best cover by the words of the docstring, from all sets of candidates."""
    everything = covered(candidates, range(len(candidates)))
    sets = [chosen for size in range(len(candidates) + 1) for chosen in combinations(range(len(candidates)), size)]
    covers = [chosen for chosen in sets if covered(candidates, chosen) == everything]
    return min(covers, key=lambda chosen: (sum(candidates[at][1] for at in chosen), len(chosen), chosen))


def triples(points):
    """All triples {x, y, z} and {x at level i, y at level i, their middle at level i + 1}: a Steiner system of 3, 9, 27
    points. To hit all of its triples with few points is a known hard case of set cover."""
    if points == 3:
        return [(0, 1, 2)]
    third = points // 3
    within = triples(third)
    found = [tuple(x + third * level for x in triple) for level in range(3) for triple in within]
    found += [(x, x + third, x + 2 * third) for x in range(third)]
    for a, b, c in within:
        for x, y, z in ((a, b, c), (a, c, b), (b, a, c), (b, c, a), (c, a, b), (c, b, a)):
            found.append((x, y + third, z + 2 * third))
    return found


def points_that_hit(sets):
    """A candidate for each point; its rows are the sets that it is in."""
    points = sorted({point for points in sets for point in points})
    return [(rows(*(at for at, one in enumerate(sets) if point in one)), 1) for point in points]


@pytest.mark.parametrize(
    ("candidates", "chosen"),
    [
        ([], ()),
        ([(rows(0), 1)], (0,)),
        ([(rows(0), 1), (rows(1), 1), (rows(0, 1), 3)], (0, 1)),
        ([(rows(0), 2), (rows(1), 2), (rows(0, 1), 3)], (2,)),
        # as cheap: the fewest, then the earliest
        ([(rows(0), 1), (rows(1), 1), (rows(0, 1), 2)], (2,)),
        ([(rows(0), 5), (rows(0), 5)], (0,)),
        ([(rows(0, 1), 2), (rows(1, 2), 2), (rows(2, 0), 2)], (0, 1)),
        # what covers more is not taken where it is dearer
        ([(rows(0, 1, 2), 9), (rows(0, 1), 2), (rows(2), 2)], (1, 2)),
        # two covers that have nothing to do with each other
        ([(rows(0, 1), 2), (rows(1, 2), 2), (rows(2, 0), 2), (rows(5, 6), 1), (rows(6), 1), (rows(5), 1)], (0, 1, 3)),
    ],
)
def test_cheapest_cover_chooses(candidates, chosen):
    found = cheapest_cover(candidates, PLENTY)

    assert (found.chosen, found.proven) == (chosen, True)


@law
@given(st.lists(st.tuples(st.integers(1, 2**7 - 1), st.integers(1, 4)), max_size=9))
def test_cheapest_cover_is_the_one_that_trying_all_finds(candidates):
    found = cheapest_cover(candidates, PLENTY)

    assert (found.chosen, found.proven) == (by_trying_all(candidates), True)


@law
@given(st.data())
def test_cheapest_cover_of_pairs_is_the_one_that_trying_all_finds(data):
    """Pairs of rows at one cost: nothing can be reduced, and the prices never reach the cost of a cover."""
    pairs = list(combinations(range(7), 2))
    candidates = [(rows(*pair), 2) for pair in data.draw(st.permutations(pairs))[:11]]

    assert cheapest_cover(candidates, PLENTY).chosen == by_trying_all(candidates)


def test_cheapest_cover_solves_steiner_triples():
    """Five points hit all triples of nine: D. R. Fulkerson, G. L. Nemhauser, L. E. Trotter, "Two computationally
    difficult set covering problems", Mathematical Programming Study 2 (1974)."""
    candidates = points_that_hit(triples(9))

    found = cheapest_cover(candidates, PLENTY)

    assert (found.chosen, found.proven) == (by_trying_all(candidates), True)
    assert len(found.chosen) == 5


@pytest.mark.parametrize("effort", [0, 1_000, 20_000])
def test_cheapest_cover_out_of_effort_still_covers(effort):
    candidates = points_that_hit(triples(27))

    found = cheapest_cover(candidates, effort)

    assert covered(candidates, found.chosen) == covered(candidates, range(27))
    assert not found.proven
    assert found.effort < effort + 8_000
    assert found == cheapest_cover(candidates, effort)


def test_cheapest_cover_tells_its_effort(monkeypatch):
    candidates = points_that_hit(triples(9))
    assert cheapest_cover([], PLENTY) == Cover((), True, 0)
    everything = cheapest_cover(candidates, PLENTY)

    monkeypatch.setattr(cover, "TIES", 0)
    without_ties = cheapest_cover(candidates, PLENTY)

    assert 0 < without_ties.effort < everything.effort
    assert without_ties.proven
    assert not cheapest_cover(candidates, without_ties.effort // 2).proven
