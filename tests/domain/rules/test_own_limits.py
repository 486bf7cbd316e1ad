"""What a statement's tests come to: values with a star, tests that never hold together, windows of a day."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.policy.condition_terms import GLOBAL_KEYS
from policybuilder.domain.rules import own_conditions, own_limits
from tests.domain import plain_evaluator
from tests.domain.access.test_comparison_laws import TESTS, conditions
from tests.domain.policy_cases import allow, checked, deny, policy
from tests.domain.strategies import some
from tests.laws import tried

LIST = "ecs:servers:list"
NEVER, STAR, ONCE, UNREADABLE = "PB045", "PB044", "PB046", "PB027"


def said(code, *statements):
    """The findings with that code."""
    return [each.finding for each in checked(policy(*statements)).findings if each.finding.code == code]


def under(key="g:UserName", effect=allow, **tests):
    return effect(LIST, Condition={name.replace("_", ":"): {key: values} for name, values in tests.items()})


@pytest.mark.parametrize(
    ("statement", "wording"),
    [
        (under(StringEquals=["ops*"]), own_limits.STAR_ALLOWS_NOTHING),
        (under(StringEquals=["ops*"], effect=deny), own_limits.STAR_DENIES_NOTHING),
        (under(StringNotEquals=["ops*"]), own_limits.STAR_KEEPS_NOBODY_OUT),
        (under(StringNotEquals=["ops*"], effect=deny), own_limits.STAR_SPARES_NOBODY),
        ({**under(StringEquals=["ops*"]), "Effect": "Perhaps"}, own_limits.STAR_IN_A_VALUE),
    ],
)
def test_star_that_is_no_wildcard_says_what_it_means_for_the_effect(statement, wording):
    (finding,) = said(STAR, statement)

    assert finding.wording == wording


@pytest.mark.parametrize(
    ("operator", "value", "match", "pattern"),
    [
        ("StringEquals", "eu-de*", "StringMatch", "eu-de*"),
        ("StringNotEqualsIfExists", "eu-de*", "StringNotMatchIfExists", "eu-de*"),
        ("ForAnyValue:StringEquals", "a*", "ForAnyValue:StringMatch", "a*"),
        ("StringEqualsIgnoreCase", "A*", "StringMatch", "A*"),
        ("StringNotEqualsIgnoreCase", "A*", "StringNotMatch", "A*"),
        ("StringStartWith", "ops-*", "StringMatch", "ops-*"),
        ("StringStartWith", "a*b", "StringMatch", "a*b*"),
        ("StringEndWith", "*-ops", "StringMatch", "*-ops"),
    ],
)
def test_star_that_is_no_wildcard_has_a_way_out(operator, value, match, pattern):
    (finding,) = said(STAR, allow(LIST, Condition={operator: {"x:k": [value]}}))

    assert finding.values == {"operator": operator, "value": value, "match": match, "pattern": pattern}


@pytest.mark.parametrize(
    ("statement", "never"),
    [
        (under("g:CurrentTime", DateLessThan=["2020-01-01"], DateGreaterThan=["2021-01-01"]), True),
        (under("g:CurrentTime", DateLessThan=["2021-01-01"], DateGreaterThan=["2020-01-01"]), False),
        (under("g:CurrentTime", DateLessThan=["2020-01-01", "2022-01-01"], DateGreaterThan=["2021-01-01"]), False),
        (under("g:MFAAge", NumberLessThanEquals=["5"], NumberGreaterThanEquals=["5"]), False),
        (under("g:MFAAge", NumberLessThan=["5"], NumberGreaterThanEquals=["5.0"]), True),
        (under("g:MFAPresent", Bool=["true"], BoolIfExists=["false"]), True),
        (under(StringEquals=["a"], StringMatch=["b*"]), True),
        (under(StringEquals=["a"], StringMatch=["b*", "?"]), False),
        (under(StringEqualsIfExists=["a"], StringMatchIfExists=["b*"]), False),  # where the key is absent
        (under(StringEquals=["a"], StringNotEquals=["a", "b"]), True),
        (under(StringEquals=["a"], Null=["true"]), True),
        (under(StringEqualsIfExists=["a"], Null=["true"]), False),
        (under(StringNotEquals=["a"], Null=["true"]), False),
        # A key that is not global may have several values.
        (under("x:k", StringEquals=["a"], StringMatch=["b*"]), False),
        (under("x:k", StringEquals=["a"], StringNotMatch=["a*"]), True),
        (under("x:k", StringEquals=["a"], ForAllValues_StringEquals=["b"]), True),
        (under("x:k", StringEquals=["a"], Null=["true"]), True),
        # Three that never hold together, any two of which do.
        (under(StringEquals=["a", "b"], StringNotEquals=["a"], StringNotMatch=["b*"]), True),
    ],
)
def test_tests_that_never_hold_together_are_found(statement, never):
    assert bool(said(NEVER, statement)) is never


def test_deny_that_never_applies_protects_nothing():
    (finding,) = said(NEVER, under(StringEquals=["a"], Null=["true"], effect=deny))

    assert finding.wording == own_limits.DENY_NEVER_HOLDS
    assert finding.values == {"operators": ["StringEquals", "Null"], "key": "g:UserName"}


@tried(300)
@given(
    st.sampled_from(list(TESTS)).flatmap(
        lambda key: st.tuples(
            st.lists(conditions([key]), min_size=2, max_size=3, unique_by=lambda test: test[0]),
            st.just(key),
            st.lists(some(TESTS[key][2], 1 if key in GLOBAL_KEYS else 3), min_size=12, max_size=12),
        )
    )
)
def test_what_is_said_never_to_hold_holds_for_no_request(case):
    tests, key, requests = case
    condition = {name: {key: values} for name, _, values in tests}
    if not said(NEVER, allow(LIST, Condition=condition)):
        return
    for values in requests:
        held = plain_evaluator.applies({"Condition": condition}, {key.lower(): values})
        assert not held, (json.dumps(condition), values)


@pytest.mark.parametrize(
    ("tests", "window"),
    [
        (
            {"DateGreaterThanEquals": ["2026-01-31T08:00Z"], "DateLessThan": ["2026-01-31T18:00:00Z"]},
            {"first": "2026-01-31T08:00:00Z", "last": "2026-01-31T18:00:00Z"},
        ),
        (
            {"DateGreaterThan": ["2026-01-31T08:00+01:00"], "DateLessThan": ["2026-02-01T07:59+01:00"]},
            {"first": "2026-01-31T08:00:00+01:00", "last": "2026-02-01T07:59:00+01:00"},
        ),
        ({"DateGreaterThan": ["2026-01-31T08:00Z"], "DateLessThan": ["2026-02-01T08:00Z"]}, None),
        ({"DateGreaterThan": ["2026-01-31T08:00Z"]}, None),
        ({"DateLessThan": ["2026-01-31T08:00Z"], "DateGreaterThan": ["2026-01-31T18:00Z"]}, None),
    ],
)
def test_window_of_less_than_a_day_is_no_daily_one(tests, window):
    findings = said(ONCE, under("g:CurrentTime", **tests))

    assert [finding.values for finding in findings] == ([window] if window else [])


@pytest.mark.parametrize("value", ["08:00", "18:00Z", "8:00", "T08:00:00", "08:00:00+01:00", "6:30 pm", "18.00"])
def test_time_of_day_is_no_date(value):
    (finding,) = said(UNREADABLE, under("g:CurrentTime", DateLessThan=[value]))

    assert (finding.wording, finding.values["value"]) == (own_conditions.TIME_WITHOUT_DATE, value)
