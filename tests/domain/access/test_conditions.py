import random

import pytest

from policybuilder.domain.access.conditions import (
    NO_VALUE,
    NOTHING_KNOWN,
    PREFIX_WITH_NULL,
    UNREADABLE_VALUE,
    Context,
    Outcome,
    all_hold,
    holds,
)
from policybuilder.domain.policy.condition_terms import (
    GLOBAL_KEYS,
    IF_EXISTS,
    OPERATORS,
    SET_PREFIXES,
    KeyType,
    parse_operator,
)
from policybuilder.domain.policy.document import Condition
from tests.domain import plain_evaluator
from tests.domain.plain_evaluator import condition_holds
from tests.laws import examples
from tests.sweeps import sweep

KEY = "ecs:Tag"


def outcome(operator, wanted, *given, key=KEY):
    """Whether the condition holds for a request with these values; none where the key is absent."""
    return holds(Condition(operator, key, tuple(wanted)), Context.of({key: given})).holds


@sweep(
    ("operator", "wanted", "passing", "failing"),
    [
        ("StringEquals", ["anna", "bert"], ["anna", "bert"], ["Anna", "ann", "", "anna "]),
        ("StringNotEquals", ["anna", "bert"], ["Anna", "carl", ""], ["anna", "bert"]),
        ("StringEqualsIgnoreCase", ["Anna", "straße"], ["anna", "ANNA", "STRASSE"], ["ann"]),
        ("StringNotEqualsIgnoreCase", ["Anna"], ["ann"], ["anna", "ANNA"]),
        ("StringMatch", ["ops-*"], ["ops-", "ops-1\n2"], ["Ops-1", "xops-1"]),
        ("StringMatch", ["?ps*-x?", "[ab]"], ["ops-xy", "ops--xz", "[ab]"], ["ops-x", "ps-xy", "a"]),
        ("StringNotMatch", ["ops-*", "dev-*"], ["qa-1", "OPS-1"], ["ops-1", "dev-1"]),
        ("StringLike", ["*a*b"], ["ab", "xaxb"], ["ba", "aB"]),
        ("StringStartWith", ["ops", "*"], ["ops", "ops-1", "*x"], ["Ops", "xops"]),
        ("StringEndWith", ["ops"], ["ops", "x-ops"], ["opsx", "OPS"]),
        ("NumberEquals", ["5", "0.1"], ["5", "5.0", "+5", "0.10"], ["5.000000000000000000000000000001", "-5"]),
        ("NumberNotEquals", ["5"], ["5.1"], ["5.00"]),
        ("NumberLessThan", ["10", "3"], ["9", "-11", "9.99"], ["10", "10.0", "11"]),
        ("NumberLessThanEquals", ["10"], ["10", "9"], ["10.01"]),
        ("NumberGreaterThan", ["10"], ["10.01", "100"], ["10", "9"]),
        ("NumberGreaterThanEquals", ["10"], ["10", "100"], ["9.9"]),
        ("DateLessThan", ["2026-03-01"], ["2026-02-28T23:59:59.999999", "2026-03-01T01:00+02:00"], ["2026-03-01"]),
        ("DateLessThanEquals", ["2026-03-01T12:00:00Z"], ["2026-03-01T14:00+02:00"], ["2026-03-01T12:00:01Z"]),
        ("DateGreaterThan", ["2026-03-01T12:00:00+02:00"], ["2026-03-01T10:00:01Z"], ["2026-03-01T10:00Z"]),
        ("DateGreaterThanEquals", ["2026-03-01T00:00:00"], ["2026-03-01", "2026-02-28T23:00-01:00"], ["2026-02-28"]),
        ("DateGreaterThan", ["0001-01-01T00:00+14:00"], ["9999-12-31T23:59-14:00"], ["0001-01-01T00:00+14:00"]),
        ("Bool", ["true"], ["true", "True", "TRUE"], ["false", "False"]),
        ("Bool", ["true", "False"], ["true", "false"], []),
    ],
)
def test_operator_passes_one_of_its_values(operator, wanted, passing, failing):
    assert [outcome(operator, wanted, value) for value in passing] == [True] * len(passing)
    assert [outcome(operator, wanted, value) for value in failing] == [False] * len(failing)


@sweep("base", OPERATORS)
def test_every_operator_is_evaluated(base):
    value = {"number": "5", "date": "2026-03-01", "boolean": "true", "presence": "false"}.get(OPERATORS[base], "a")

    assert outcome(base, [value], value) in (True, False)


# (operator, values of the request: none, one that matches, two of which one matches, two that do not)
@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("StringEquals", [False, True, True, False]),
        ("StringNotEquals", [None, False, False, True]),
        ("StringEqualsIfExists", [True, True, True, False]),
        ("StringNotEqualsIfExists", [True, False, False, True]),
        ("ForAllValues:StringEquals", [None, True, False, False]),
        ("ForAnyValue:StringEquals", [False, True, True, False]),
        ("ForAllValues:StringNotEquals", [None, False, False, True]),
        ("ForAnyValue:StringNotEquals", [False, False, True, True]),
        ("ForAnyValue:StringEqualsIfExists", [True, True, True, False]),
        ("ForAllValues:StringEqualsIfExists", [True, True, False, False]),
    ],
)
def test_keys_of_no_one_or_several_values(operator, expected):
    given = [(), ("a",), ("a", "x"), ("x", "y")]

    assert [outcome(operator, ["a", "b"], *values) for values in given] == expected


def test_request_without_the_key_is_decided_only_where_the_manual_says_how():
    values = {KeyType.NUMBER: "1", KeyType.DATE: "2027-01-31", KeyType.BOOLEAN: "true"}
    prefixes = ("", *(f"{prefix}:" for prefix in SET_PREFIXES))
    bases = [base for base in OPERATORS if base != "Null"]
    for name in (f"{prefix}{base}{ending}" for prefix in prefixes for base in bases for ending in ("", IF_EXISTS)):
        operator = parse_operator(name)
        condition = Condition(name, "x:k", (values.get(operator.type, "a"),))
        found = holds(condition, Context.of({"x:k": []})).holds
        assert found is operator.holds_without_key is plain_evaluator.condition_holds(name, condition.values, []), name


@pytest.mark.parametrize(
    ("wanted", "absent", "present"),
    [(["true"], True, False), (["False"], False, True), (["true", "false"], True, True)],
)
def test_null_asks_whether_the_key_is_absent(wanted, absent, present):
    assert outcome("Null", wanted) is absent
    assert outcome("Null", wanted, "") is present


@pytest.mark.parametrize(
    "operator", ["StringEquals", "StringNotEquals", "StringEqualsIfExists", "ForAnyValue:Bool", "Null"]
)
def test_key_that_was_not_given_is_missing(operator):
    condition = Condition(operator, "obs:Prefix", ("true",))

    assert holds(condition, Context.of({"obs:prefixes": ["true"]})) == Outcome(None, frozenset({"obs:Prefix"}))


def test_keys_are_compared_ignoring_case():
    condition = Condition("StringEquals", "G:USERNAME", ("anna",))

    assert holds(condition, Context.of({"g:userName": ["anna"]})).holds is True
    assert holds(condition, Context.of({"g:username": ["bert"], "g:UserName": ["anna"]})).holds is True
    assert holds(condition, NOTHING_KNOWN) == Outcome(None, frozenset({"g:UserName"}))


@sweep(
    ("condition", "reason"),
    [
        (Condition("", "", ()), "A condition cannot be read."),
        (Condition("StringIs", KEY, ("a",)), "“StringIs” is no operator."),
        (Condition("stringEquals", KEY, ("a",)), "“stringEquals” is no operator."),
        (Condition("NullIfExists", KEY, ("true",)), "“NullIfExists” is no operator."),
        (Condition("ForSomeValues:Bool", KEY, ("true",)), "“ForSomeValues:Bool” is no operator."),
        (Condition("ForAnyValue:Null", KEY, ("true",)), PREFIX_WITH_NULL.format(prefix="ForAnyValue")),
        (Condition("StringEquals", KEY, ()), NO_VALUE.format(operator="StringEquals", key="“ecs:Tag”")),
        (
            Condition("NumberEquals", KEY, ("5", "five")),
            UNREADABLE_VALUE.format(value="“five”", owner="NumberEquals", type="number"),
        ),
        (
            Condition("DateLessThan", KEY, ("2026-02-30",)),
            UNREADABLE_VALUE.format(value="“2026-02-30”", owner="DateLessThan", type="time in ISO 8601"),
        ),
        (
            Condition("Bool", KEY, ("yes",)),
            UNREADABLE_VALUE.format(value="“yes”", owner="Bool", type="“true” or “false”"),
        ),
        (Condition("Null", KEY, ("",)), UNREADABLE_VALUE.format(value="“”", owner="Null", type="“true” or “false”")),
        (Condition("StringEquals", "g:mfaage", ("5",)), "g:MFAAge is a number; StringEquals compares strings."),
    ],
)
@sweep("given", [{}, {KEY: ["5"], "": ["5"], "g:MFAAge": ["5"]}, {KEY: []}])
def test_condition_that_cannot_be_read_is_not_guessed(condition, reason, given):
    assert holds(condition, Context.of(given)) == Outcome(None, frozenset(), frozenset({reason}))


@pytest.mark.parametrize(
    ("operator", "wanted", "given", "reason"),
    [
        (
            "NumberLessThan",
            "5",
            ["4", "four"],
            UNREADABLE_VALUE.format(value="“four”", owner="“ecs:Tag”", type="number"),
        ),
        (
            "DateLessThan",
            "2026-03-01",
            ["soon"],
            UNREADABLE_VALUE.format(value="“soon”", owner="“ecs:Tag”", type="time in ISO 8601"),
        ),
        (
            "BoolIfExists",
            "true",
            ["1"],
            UNREADABLE_VALUE.format(value="“1”", owner="“ecs:Tag”", type="“true” or “false”"),
        ),
    ],
)
def test_value_of_the_request_that_cannot_be_read_is_not_guessed(operator, wanted, given, reason):
    found = holds(Condition(operator, KEY, (wanted,)), Context.of({KEY: given}))

    assert found == Outcome(None, frozenset(), frozenset({reason}))


def test_null_fits_every_global_key():
    assert [outcome("Null", ["false"], "x", key=key) for key in GLOBAL_KEYS] == [True] * len(GLOBAL_KEYS)


A, B = Condition("StringEquals", "x:a", ("1",)), Condition("Bool", "x:b", ("true",))
UNREADABLE = Condition("", "", ())


@pytest.mark.parametrize(
    ("conditions", "given", "expected"),
    [
        ([], {}, Outcome(True)),
        ([A, B], {"x:a": ["1"], "x:b": ["true"]}, Outcome(True)),
        ([A, B], {"x:a": ["1"], "x:b": ["false"]}, Outcome(False)),
        ([A, B], {"x:a": ["2"]}, Outcome(False)),
        ([UNREADABLE, A], {"x:a": ["2"]}, Outcome(False)),
        ([A, B], {"x:a": ["1"]}, Outcome(None, frozenset({"x:b"}))),
        ([A, B], {}, Outcome(None, frozenset({"x:a", "x:b"}))),
        (
            [UNREADABLE, A, B],
            {"x:b": ["true"]},
            Outcome(None, frozenset({"x:a"}), frozenset({"A condition cannot be read."})),
        ),
    ],
)
def test_conditions_hold_all_together(conditions, given, expected):
    assert all_hold(conditions, Context.of(given)) == expected


VALUES = {
    KeyType.STRING: ["", "a", "A", "ab", "aB", "a*", "?b", "*", "ba*b", "a\nb", "[ab]"],
    KeyType.NUMBER: ["0", "-0", "1", "1.0", "1.10", "1.1", "-3", "+2", "10", "9"],
    KeyType.DATE: [
        "2026-03-01",
        "2026-03-01T00:00",
        "2026-03-01T00:00:00Z",
        "2026-03-01T01:00:00+01:00",
        "2026-02-28T23:59:59.5-00:30",
        "2026-03-01T00:00:00.000001",
        "2025-12-31T23:59:59+14:00",
    ],
    KeyType.BOOLEAN: ["true", "false", "True", "FALSE"],
    KeyType.PRESENCE: ["true", "false", "True", "FALSE"],
}


def test_conditions_agree_with_a_plain_evaluator():
    chance = random.Random(4)
    for _ in range(examples(20_000)):
        base = chance.choice(list(OPERATORS))
        values = VALUES[OPERATORS[base]]
        prefix = "" if base == "Null" else chance.choice(["", "", "ForAllValues:", "ForAnyValue:"])
        operator = f"{prefix}{base}{'' if base == 'Null' else chance.choice(['', 'IfExists'])}"
        wanted = chance.choices(values, k=chance.randint(1, 3))
        given = None if chance.random() < 0.1 else chance.choices(values, k=chance.randint(0, 3))
        context = NOTHING_KNOWN if given is None else Context.of({KEY: given})

        found = holds(Condition(operator, KEY, tuple(wanted)), context).holds

        assert found == condition_holds(operator, wanted, given), (operator, wanted, given)
