"""Sets of values: what is said to be apart has nothing in common, and what a pattern covers fits it."""

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.access.text_sets import ANY, MOST_SIGNS, ONE, Resources, Texts, covers
from policybuilder.domain.access.value_sets import Presence, apart, passing
from policybuilder.domain.policy.condition_terms import KeyType, parse_operator
from policybuilder.domain.work import Work
from tests.domain.access.test_comparison_laws import TESTS
from tests.domain.plain_evaluator import condition_holds
from tests.domain.strategies import some
from tests.laws import tried

WORDS = ["".join(signs) for length in range(5) for signs in product("ab", repeat=length)]
SIGNS = st.lists(st.sampled_from(["a", "b", ANY, ONE]), max_size=6).map(tuple)


def free(steps):
    """Whatever it takes."""


def fits(glob, word):
    parts = {ANY: "[ab]*", ONE: "[ab]"}
    return re.fullmatch("".join(parts.get(sign, sign) for sign in glob), word) is not None


@tried(500)
@given(SIGNS, SIGNS)
def test_pattern_covers_only_what_fits_it(pattern, inside):
    fitting = [word for word in WORDS if fits(inside, word)]

    if covers(pattern, inside):
        assert all(fits(pattern, word) for word in fitting)
    if ANY not in inside and ONE not in inside:
        assert covers(pattern, inside) is fits(pattern, "".join(inside))
    assert covers(inside, inside)


@st.composite
def of_one_key(draw):
    operators, wanted, values = TESTS[draw(st.sampled_from([key for key in TESTS if key != "x:Flag"]))]
    return draw(
        st.lists(st.tuples(st.sampled_from(operators), some(wanted, 2, least=1)), min_size=1, max_size=3)
    ), values


@tried(800)
@given(of_one_key())
def test_no_value_passes_tests_whose_sets_are_apart(case):
    tests, values = case
    passed = [value for value in values if all(condition_holds(name, wanted, [value]) for name, wanted in tests)]

    if apart([passing(parse_operator(name), wanted) for name, wanted in tests], free):
        assert passed == []


@tried(200)
@given(of_one_key())
def test_set_and_its_opposite_are_apart(case):
    tests, _ = case
    for name, wanted in tests:
        found = passing(parse_operator(name), wanted)
        assert apart([found, found.complement()], free)
        assert found.complement().complement() == found


@pytest.mark.parametrize(
    ("one", "other", "proven"),
    [
        (["a*"], ["b*"], True),
        (["*a"], ["?*b"], True),
        (["a*b"], ["ab*c"], True),
        (["a*"], ["*b"], False),
        (["a"], ["a?", "*b"], True),
    ],
)
def test_patterns_are_apart_by_their_ends(one, other, proven):
    sets = [Texts.of("StringMatch", one), Texts.of("StringMatch", other)]

    assert apart(sets, free) is apart(sets[::-1], free) is proven


def test_nothing_is_proven_of_patterns_that_are_too_long():
    glob, text = f"{'a' * MOST_SIGNS}*", "ab"
    long_, short = Texts.of("StringMatch", [glob]), Texts.of("StringEquals", [text])

    assert not apart([long_, short], free)
    assert not apart([short, long_.complement()], free)


def test_resources_of_different_names_may_be_one():
    """Whether a call can be for several of them is not documented."""
    assert not apart([Resources.of(["obs:*:*:bucket:a"]), Resources.of(["obs:*:*:bucket:b"])], free)


def test_every_look_is_paid_for():
    budget = Work(10**9)

    def spend(steps):
        assert budget.take(steps)

    many = [Texts.of("StringMatch", [f"{kind}{number}*" for number in range(200)]) for kind in "ab"]
    assert apart(many, spend)
    assert 10**9 - budget.left > 200 * 200


def test_types_say_nothing_of_each_other():
    texts = passing(parse_operator("StringEquals"), ["5"])
    numbers = passing(parse_operator("NumberEquals"), ["6"])

    assert (texts.kind, numbers.kind) == (KeyType.STRING, KeyType.NUMBER)
    assert not apart([texts, numbers], free)


def test_contradiction_within_one_type_is_found_beside_every_other_type():
    tests = {
        "StringEquals": ["a"],
        "NumberLessThan": ["5"],
        "DateLessThan": ["2026-06-01"],
        "Bool": ["true"],
    }
    sets = [*(passing(parse_operator(name), wanted) for name, wanted in tests.items()), Presence(True)]

    assert not apart(sets, free)
    for each in sets:
        assert apart([*sets, each.complement()], free), each
        assert apart([each.complement(), *sets[::-1]], free), each
