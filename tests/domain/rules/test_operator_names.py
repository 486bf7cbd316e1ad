"""One slip in an operator of a condition: what is suggested is that operator, with its prefix and its suffix."""

import pytest

from policybuilder.domain.policy.condition_terms import IF_EXISTS, OPERATORS, SET_PREFIXES, parse_operator
from policybuilder.domain.rules.operator_names import near, near_boolean, of_buckets, respelt
from tests.sweeps import sweep

KNOWN = [
    f"{prefix}{base}{suffix}"
    for prefix in ("", *(f"{prefix}:" for prefix in SET_PREFIXES))
    for base in OPERATORS
    for suffix in ("", IF_EXISTS)
    if parse_operator(f"{prefix}{base}{suffix}") and not (prefix and base == "Null")
]


def slips(name):
    """A sign left out, two signs swapped, a sign twice, a letter in another case."""
    for at, sign in enumerate(name):
        before, after = name[:at], name[at + 1 :]
        yield from (f"{before}{after}", f"{before}{after[:1]}{sign}{after[1:]}", f"{before}{sign}{sign}{after}")
        yield f"{before}{sign.swapcase()}{after}"


@sweep("name", KNOWN)
def test_slip_is_taken_for_what_it_was(name):
    for slip in slips(name):
        if parse_operator(slip) is None:
            assert (respelt(slip) or near(slip)[0]) == name, slip


@sweep("name", KNOWN)
def test_only_the_case_of_letters_is_respelt(name):
    assert respelt(name.upper()) == respelt(name.lower()) == name
    assert respelt(f"{name}x") is None


@pytest.mark.parametrize("text", ["NumericEquals", "ForAnyValue:numericequalsIfExists", "ForAnyValueNumericEquals"])
def test_operator_of_buckets_keeps_its_prefix_and_suffix(text):
    prefix = "ForAnyValue:" if "Any" in text else ""

    assert of_buckets(text) == f"{prefix}NumberEquals{IF_EXISTS if IF_EXISTS in text else ''}"


def test_nothing_is_near_what_is_far():
    assert near("x" * 100) == near("Quux") == []
    assert of_buckets("StringEquals") is None


def test_word_that_means_a_boolean_is_taken_for_it():
    meant = {
        "yes": "true",
        "On": "true",
        " TRUE ": "true",
        "treu": "true",
        "no": "false",
        "OFF": "false",
        "flase": "false",
    }

    assert {text: near_boolean(text) for text in (*meant, "false", "maybe", "1")} == {
        **meant,
        "false": "false",
        "maybe": None,
        "1": None,
    }
