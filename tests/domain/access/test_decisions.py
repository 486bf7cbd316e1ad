from itertools import product

import pytest

from policybuilder.domain.access.decisions import Answer, Decision, Possible, best, worst

ALLOWED, DENIED, NOT_ALLOWED = Answer.ALLOWED, Answer.DENIED, Answer.NOT_ALLOWED
A, B = (0, 0), (1, 2)


def possible(*answers, missing=(), reasons=(), **places):
    made = {answer: frozenset(places.get(answer.name.lower(), ())) for answer in answers}
    return Possible(made, frozenset(missing), frozenset(reasons))


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
