"""What `compare` calls no new access holds for every request, by two evaluators that share no code with it."""

import json
from collections import Counter
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.access.comparison import compare
from policybuilder.domain.access.conditions import Context
from policybuilder.domain.access.decisions import Answer
from policybuilder.domain.access.evaluation import Evaluator, GrantedPolicy, Project, Request
from policybuilder.domain.access.new_access import NewAccess
from policybuilder.domain.jsontext.source import read
from policybuilder.domain.policy.reading import to_document
from tests.builders import catalog, operation
from tests.domain import plain_evaluator
from tests.domain.policy_cases import policy
from tests.domain.strategies import some
from tests.laws import tried

GET, OLDER, UNKNOWN = "ecs:servers:get", "ecs:servers:show", "obs:bucket:get"
CATALOG = catalog(operation("ecs/a/get", GET), operation("ecs/a/list", "ecs:servers:list", needs=["evs:disks:get"]))
NAMES = [GET, OLDER, UNKNOWN, "ecs:servers:list", "evs:disks:get", "evs:never:known"]
PATTERNS = [GET, "ecs:Servers:GET", OLDER, UNKNOWN, "ecs:*:*", "ecs:servers:l*", "*:*:get", "*:*:*"]
# By the key: operators and values of a condition, and values of a request.
TESTS = {
    "x:Text": (
        [f"String{kind}" for kind in ("Equals", "NotEquals", "EqualsIgnoreCase", "Match", "NotMatch", "StartWith")],
        ["a", "ab", "A", "a*", "*b", "?", "b?*"],
        ["a", "ab", "A", "b", "bb", "a*", ""],
    ),
    "x:Number": (
        [f"Number{kind}" for kind in ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan")],
        ["1", "2", "2.0", "3"],
        ["0", "1", "1.5", "2", "3", "4"],
    ),
    "g:CurrentTime": (
        ["DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"],
        ["2026-01-01", "2026-01-01T01:00+01:00", "2026-06-01"],
        ["2025-12-31", "2026-01-01", "2026-02-01", "2026-06-01", "2026-07-01"],
    ),
    "x:Flag": (["Bool"], ["true", "false", "TRUE"], ["true", "False"]),
}
URIS = ["obs:*:*:bucket:*", "obs:*:*:bucket:a", "obs:*:*:bucket:b*", "obs:eu-de:*:bucket:a", "/iam/a", "/iam/*"]
ASKED = ["obs:eu-de:me:bucket:a", "obs:eu-de:me:bucket:bc", "obs:x:me:object:a", "/iam/a", "/iam/b"]


@st.composite
def conditions(draw, keys=tuple(TESTS)):
    key = draw(st.sampled_from(keys))
    operators, wanted, _ = TESTS[key]
    if draw(st.integers(0, 5)) == 0:
        return "Null", key, draw(some(["true", "false"], 2, least=1))
    prefix = draw(st.sampled_from(["", "", "", "ForAllValues:", "ForAnyValue:"]))
    name = f"{prefix}{draw(st.sampled_from(operators))}{draw(st.sampled_from(['', '', 'IfExists']))}"
    return name, draw(st.sampled_from([key, key.upper()])), draw(some(wanted, 2, least=1))


@st.composite
def statements(draw, effects=("Allow", "Allow", "Deny")):
    return {
        "effect": draw(st.sampled_from(effects)),
        "names": draw(some(PATTERNS, 2, least=1)),
        "excepted": draw(st.integers(0, 5)) == 0,
        "conditions": draw(st.lists(conditions(), max_size=2, unique_by=lambda test: (test[0], test[1].lower()))),
        "uris": draw(st.one_of(st.none(), st.none(), st.none(), some(URIS, 2, least=1))),
    }


def written(statement):
    data = {"Effect": statement["effect"], "NotAction" if statement["excepted"] else "Action": statement["names"]}
    for operator, key, values in statement["conditions"]:
        data.setdefault("Condition", {}).setdefault(operator, {})[key] = values
    if statement["uris"]:
        data["Resource"] = {"uri": statement["uris"]} if "/iam/*" in statement["uris"] else statement["uris"]
    return data


def with_test(row, name, key, values):
    """The statement with this test in place of its first one."""
    others = [test for test in row["conditions"][1:] if (test[0], test[1].lower()) != (name, key.lower())]
    return row | {"conditions": [(name, key, values), *others]}


@st.composite
def changed_tests(draw, row):
    """Statements with other values, or each with one of them, or with or without IfExists."""
    name, key, values = row["conditions"][0]
    how = draw(st.sampled_from(["values", "divided", "suffix"]))
    if how == "divided" or name == "Null":
        return [with_test(row, name, key, [value]) for value in values]
    if how == "values":
        (wanted,) = (wanted for known, (_, wanted, _) in TESTS.items() if known.lower() == key.lower())
        return [with_test(row, name, key, draw(some(wanted, 3, least=1)))]
    return [with_test(row, name.removesuffix("IfExists") if "IfExists" in name else f"{name}IfExists", key, values)]


@st.composite
def changed(draw, rows):
    """The statements with one small change."""
    at = draw(st.integers(0, len(rows) - 1))
    row, other = rows[at], draw(statements())
    if row["conditions"] and draw(st.booleans()):
        instead = draw(changed_tests(row))
    else:
        instead = draw(
            st.sampled_from(
                [[], [row, other], *([row | {part: other[part]}] for part in ("conditions", "names", "uris"))]
            )
        )
    return [*rows[:at], *instead, *rows[at + 1 :]]


@st.composite
def pairs(draw):
    before = draw(st.lists(statements(), min_size=1, max_size=3))
    after = draw(changed(before))
    if after and draw(st.booleans()):
        after = draw(changed(after))
    return draw(st.sampled_from([(before, after), (after, before)]))


@st.composite
def requests(draw):
    """A resource, and values of the keys: none, one or more of each. Every request has a time."""
    return draw(st.sampled_from([None, *ASKED])), {
        key.lower(): draw(some(values, 2, least=key == "g:CurrentTime")) for key, (_, _, values) in TESTS.items()
    }


def is_for(uri, asked):
    """Whether a resource is one of those that a URI stands for."""
    wanted, found = uri.split(":", 4), asked.split(":", 4)
    if len(wanted) != len(found):
        return False
    pairs_ = list(zip(wanted, found, strict=True))
    fits = all(one in ("*", other) for one, other in pairs_[:-1])
    return fits and plain_evaluator.one_matches("StringMatch", found[-1], wanted[-1].replace("?", "[?]"))


def plainly_allowed(rows, name, resource, context, reading):
    """Every condition can be decided, so that there is no third answer."""
    effects = set()
    for row in rows:
        data = written(row)
        if not plain_evaluator.speaks_of(data, name) or (
            row["uris"] and not (resource and any(is_for(uri, resource) for uri in row["uris"]))
        ):
            continue
        if plain_evaluator.applies({key: data[key] for key in data if key != "Resource"}, context, reading):
            effects.add(row["effect"])
    return effects == {"Allow"}


def document(rows):
    return to_document(read(policy(*map(written, rows))).root)


@tried(500)
@given(pairs(), st.lists(requests(), min_size=6, max_size=12))
def test_no_new_access_holds_for_every_request(pair, asked):
    before, after = map(document, pair)
    if not compare(CATALOG, before, after).no_new_access:
        return
    was, is_ = (Evaluator(CATALOG, [GrantedPolicy("", each, Project.IAM)]) for each in (before, after))
    for resource, context in asked:
        for name in NAMES:
            for reading in plain_evaluator.READINGS:
                allowed = [plainly_allowed(rows, name, resource, context, reading) for rows in pair]
                assert allowed != [False, True], (json.dumps([written(row) for row in pair[0]]), name, context, reading)
        for target in [*NAMES, *CATALOG.operations]:
            request = Request(target, Project.IAM, Context.of(context))
            if is_.evaluate(request).decision is Answer.ALLOWED:
                assert was.evaluate(request).decision is Answer.ALLOWED, (target, context)


@tried(300)
@given(pairs(), st.lists(requests(), max_size=2))
def test_witness_is_refused_before_and_allowed_after_in_every_reading(pair, more):
    found = compare(CATALOG, *map(document, pair))

    assert (found.witness is None) is (found.new_access is not NewAccess.YES)
    assert not found.reasons or found.new_access is NewAccess.NOT_PROVEN
    if not found.witness:
        return
    assert found.witness.known is (CATALOG.action_index.action(found.witness.action) is not None)
    needed = {key.lower(): list(values) for key, values in found.witness.context}
    without = {key.lower(): [] if key != "g:CurrentTime" else ["2026-01-01"] for key in TESTS}
    for resource, others in [*more, (None, without)]:
        for reading in plain_evaluator.READINGS:
            allowed = [plainly_allowed(rows, found.witness.action, resource, others | needed, reading) for rows in pair]
            assert allowed == [False, True], (pair, found.witness, resource, others)


FORMS = [
    f"{prefix}{base}{suffix}"
    for base in ("StringEquals", "StringNotEquals", "StringNotMatch")
    for prefix in ("", "ForAllValues:", "ForAnyValue:")
    for suffix in ("", "IfExists")
]
WITH_KEY = [{"x:text": list(values)} for count in (0, 1, 2) for values in product("ab", repeat=count)]


@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_new_access_is_decided_only_where_every_reading_of_absent_keys_agrees(effect):
    """Every form of operator against every other, over requests with no value, one and two: “no” means that no reading
    lets a new request through, “yes” that every reading does."""
    answers = Counter()
    for one, other in product([None, *FORMS], repeat=2):
        pair = [
            [{"Effect": effect, "Action": [GET], **({"Condition": {form: {"x:Text": ["a"]}}} if form else {})}]
            for form in (one, other)
        ]
        if effect == "Deny":
            pair = [[{"Effect": "Allow", "Action": [GET]}, *rows] for rows in pair]
        gains = {
            any(
                [_allowed(rows, context, reading) for rows in pair] == [False, True]
                for context in [{"x:text": []}, *WITH_KEY]
            )
            for reading in plain_evaluator.READINGS
        }
        before, after = (to_document(read(policy(*rows)).root) for rows in pair)
        found = compare(CATALOG, before, after).new_access
        answers[found] += 1
        if found is NewAccess.NO:
            assert gains == {False}, (one, other)
        elif found is NewAccess.YES:
            assert gains == {True}, (one, other)
        else:
            assert True in gains, (one, other)
    assert set(answers) == set(NewAccess)


@pytest.mark.parametrize("after", ["StringNotEqualsIfExists", "ForAllValues:StringNotEquals"])
def test_absent_key_of_a_negated_operator_proves_nothing(after):
    before = {"Effect": "Allow", "Action": [GET], "Condition": {"StringNotEquals": {"x:Text": ["a"]}}}
    changed = before | {"Condition": {after: {"x:Text": ["a"]}}}
    pair = (to_document(read(policy(each)).root) for each in (before, changed))

    assert compare(CATALOG, *pair).new_access is NewAccess.NOT_PROVEN


def _allowed(rows, context, reading):
    effects = {row["Effect"] for row in rows if plain_evaluator.applies(row, context, reading)}
    return effects == {"Allow"}


@pytest.mark.parametrize("value", ["soon", "5 ", "maybe"])
@pytest.mark.parametrize("kind", ["Number", "Date", "Bool"])
def test_value_that_cannot_be_read_is_let_in_by_neither_half(kind, value):
    halves = {
        "Number": [{"NumberLessThan": {"x:k": ["5"]}}, {"NumberGreaterThanEqualsIfExists": {"x:k": ["5"]}}],
        "Date": [{"DateLessThan": {"x:k": ["2026-01-01"]}}, {"DateGreaterThanEqualsIfExists": {"x:k": ["2026-01-01"]}}],
        "Bool": [{"Bool": {"x:k": ["true"]}}, {"BoolIfExists": {"x:k": ["false"]}}],
    }[kind]
    before = [{"Effect": "Allow", "Action": [GET], "Condition": half} for half in halves]
    was = to_document(read(policy(*before)).root)
    now = to_document(read(policy({"Effect": "Allow", "Action": [GET]})).root)
    asked = Request(GET, Project.IAM, Context.of({"x:k": [value]}))

    assert Evaluator(CATALOG, [GrantedPolicy("", was, Project.IAM)]).evaluate(asked).decision is Answer.DEPENDS
    assert not compare(CATALOG, was, now).no_new_access
