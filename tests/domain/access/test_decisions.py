from itertools import compress, product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from policybuilder.domain.access.conditions import Outcome
from policybuilder.domain.access.decisions import NOT_ALLOWED as NOBODY
from policybuilder.domain.access.decisions import Answer, Decision, Possible, best, unless, worst
from tests.laws import tried

ALLOWED, DENIED, NOT_ALLOWED = Answer.ALLOWED, Answer.DENIED, Answer.NOT_ALLOWED
A, B = (0, 0), (1, 2)


def possible(*answers, missing=(), reasons=(), **places):
    """What is missing decides between the answers, all of them."""
    made = {answer: frozenset(places.get(answer.name.lower(), ())) for answer in answers}

    def whether(answer):
        if len(answers) > 1 and answer in answers:
            return Outcome(None, frozenset(missing), frozenset(reasons))
        return Outcome(answer in answers)

    return Possible(made, whether(DENIED), whether(ALLOWED))


@pytest.mark.parametrize(
    ("one", "other", "together", "either"),
    [
        (ALLOWED, ALLOWED, ALLOWED, ALLOWED),
        (ALLOWED, NOT_ALLOWED, NOT_ALLOWED, ALLOWED),
        (ALLOWED, DENIED, DENIED, ALLOWED),
        (NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED),
        (NOT_ALLOWED, DENIED, DENIED, NOT_ALLOWED),
        (DENIED, DENIED, DENIED, DENIED),
    ],
)
def test_worst_of_what_is_needed_together_and_best_of_several_ways(one, other, together, either):
    for pair in ([one, other], [other, one]):
        assert set(worst(map(possible, pair)).answers) == {together}
        assert set(best(map(possible, pair)).answers) == {either}


def test_nothing_needed_is_allowed():
    assert worst([]).decide() == Decision(ALLOWED)


def test_every_pair_of_possible_answers_counts():
    rank = [DENIED, NOT_ALLOWED, ALLOWED]
    sets = [[a for a, taken in zip(rank, chosen, strict=True) if taken] for chosen in product((0, 1), repeat=3)][1:]
    for one, other in product(sets, sets):
        pairs = list(product(one, other))
        assert set(worst([possible(*one), possible(*other)]).answers) == {min(p, key=rank.index) for p in pairs}
        assert set(best([possible(*one), possible(*other)]).answers) == {max(p, key=rank.index) for p in pairs}


def test_decision_names_the_statements_that_made_it():
    one, other = possible(ALLOWED, allowed=[B]), possible(ALLOWED, allowed=[A])
    denied = possible(DENIED, denied=[B])

    assert worst([one, other]).decide() == Decision(ALLOWED, (A, B))
    assert worst([other, denied]).decide(["z", "y"]) == Decision(DENIED, (B,), missing_actions=("y", "z"))
    assert best([other, denied]).decide() == Decision(ALLOWED, (A,))


def test_several_answers_depend_on_what_is_missing():
    one = possible(ALLOWED, NOT_ALLOWED, allowed=[A], missing=["x:b"], reasons=["Why."])
    other = possible(ALLOWED, DENIED, allowed=[A], denied=[B], missing=["x:a"])

    assert worst([one, other]).decide() == Decision(Answer.DEPENDS, (A, B), ("x:a", "x:b"), (), ("Why.",))


def test_one_answer_depends_on_nothing():
    one = possible(ALLOWED, NOT_ALLOWED, allowed=[A], missing=["x:b"], reasons=["Why."])

    assert worst([one, possible(DENIED, denied=[B])]).decide() == Decision(DENIED, (B,))


@pytest.mark.parametrize("certain", [DENIED, NOT_ALLOWED])
def test_what_cannot_change_the_answer_any_more_is_not_missing(certain):
    settled = possible(certain, DENIED, missing=["x:a"]) if certain is NOT_ALLOWED else possible(DENIED)
    other = possible(ALLOWED, NOT_ALLOWED, missing=["x:b"], reasons=["Why."])

    assert "x:b" not in worst([settled, other]).decide().missing_keys
    assert worst([settled, other]).decide().reasons == ()


# Laws. Each part of a call has a key of its own, which says which of its statements speak; so all worlds can be tried.

SPOKEN = st.lists(st.tuples(st.sampled_from([DENIED, ALLOWED]), st.booleans()), max_size=3)
CALLS = st.lists(st.lists(SPOKEN, min_size=1, max_size=2), min_size=1, max_size=3)
RANK = [DENIED, NOT_ALLOWED, ALLOWED]


def named(calls):
    """Each part as [(what is said, its key, or None where it is said for certain)]."""
    numbered = iter(range(100))
    return [
        [[(answer, None if certain else f"x:{next(numbered)}") for answer, certain in part] for part in ways]
        for ways in calls
    ]


def composed(ways, keys=frozenset()):
    """Needed together: all of them; of each, one of its ways. `keys` are those that hold, None: nothing is known."""
    return worst(best(made(part, keys) for part in parts) for parts in ways)


def made(part, keys):
    found = NOBODY
    for answer, key in reversed(part):
        open_ = Outcome(None, frozenset({key})) if keys is None else Outcome(key in keys)
        found = unless(answer, Outcome(True) if key is None else open_, frozenset(), found)
    return found


def plainly(ways, keys):
    def said(part):
        return next((answer for answer, key in part if key is None or key in keys), NOT_ALLOWED)

    return min((max((said(part) for part in parts), key=RANK.index) for parts in ways), key=RANK.index)


@tried(200)
@given(CALLS)
def test_decision_depends_on_exactly_the_keys_that_can_change_it(calls):
    ways = named(calls)
    keys = [key for parts in ways for part in parts for _, key in part if key]
    assume(len(keys) <= 8)
    worlds = [frozenset(compress(keys, bits)) for bits in product((0, 1), repeat=len(keys))]
    ends = {world: plainly(ways, world) for world in worlds}

    found = composed(ways, None)

    assert set(found.answers) == set(ends.values())
    assert all(composed(ways, world).decide().decision is end for world, end in ends.items())
    changing = {key for key in keys if any(end is not ends[world ^ {key}] for world, end in ends.items())}
    assert set(found.decide().missing_keys) == changing
