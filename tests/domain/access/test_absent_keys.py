"""A request without the key: what is documented is decided, and the rest neither guessed nor proven."""

from itertools import combinations, product
from random import Random

import pytest

from policybuilder.domain.access.comparison import compare
from policybuilder.domain.access.conditions import Context, Outcome, holds
from policybuilder.domain.access.decisions import Answer
from policybuilder.domain.access.doubts import Doubt
from policybuilder.domain.access.evaluation import Evaluator, GrantedPolicy, Project, Request
from policybuilder.domain.access.new_access import NewAccess
from policybuilder.domain.jsontext.source import read
from policybuilder.domain.policy.condition_terms import OPERATORS, KeyType
from policybuilder.domain.policy.document import Condition
from policybuilder.domain.policy.reading import to_document
from tests.builders import catalog, operation
from tests.domain.plain_evaluator import READINGS, applies, condition_holds
from tests.domain.policy_cases import allow, deny, policy
from tests.laws import examples

GET, KEY = "ecs:servers:get", "x:k"
SMALL = catalog(operation("ecs/a/get", GET))
# The two values of conditions, and values of requests.
VALUES = {
    KeyType.STRING: (["a", "b"], ["a", "A", "b", "B", "other", "a-b", "b-a", "a-c", "c-a", "b-c", "c-b"]),
    KeyType.NUMBER: (["1", "2"], ["0", "1", "1.5", "2", "3"]),
    KeyType.DATE: (
        ["2026-01-01", "2026-02-01"],
        ["2025-01-01", "2026-01-01", "2026-01-15", "2026-02-01", "2027-01-01"],
    ),
    KeyType.BOOLEAN: (["true", "false"], ["true", "false"]),
}
GIVEN = {
    kind: [[], *([value] for value in values), *map(list, combinations(values, 2))]
    for kind, (_, values) in VALUES.items()
}


def names_of(kind):
    """Every operator of a type, with each prefix and suffix, and Null."""
    bases = [base for base, type_ in OPERATORS.items() if type_ is kind]
    return [
        f"{prefix}{base}{suffix}"
        for prefix, base, suffix in product(("", "ForAllValues:", "ForAnyValue:"), bases, ("", "IfExists"))
    ]


def conditions_of(kind):
    """Conditions of one key, as (operator, values)."""
    one, other = VALUES[kind][0]
    yield from (("Null", [value]) for value in ("true", "false"))
    yield from ((name, wanted) for name in names_of(kind) for wanted in ([one], [one, other]))


def document(*statements):
    return to_document(read(policy(*statements)).root)


def under(effect, test):
    operator, values = test
    return effect(GET, Condition={operator: {KEY: values}})


def allowed(statements, given, reading):
    """By the plain evaluator, which shares no code with the product."""
    effects = {each["Effect"] for each in statements if applies(each, {KEY: given}, reading)}
    return effects == {"Allow"}


def expected(before, after, kind):
    """The answer over all requests of GIVEN: "yes" by one that is new in every reading."""
    gains = [
        [allowed(after, given, reading) and not allowed(before, given, reading) for reading in READINGS]
        for given in GIVEN[kind]
    ]
    if any(map(all, gains)):
        return NewAccess.YES
    return NewAccess.NOT_PROVEN if any(map(any, gains)) else NewAccess.NO


def changes():
    """Every change of one condition of an Allow or of a Deny into another one of the same type."""
    for kind in VALUES:
        for one, other in product(conditions_of(kind), repeat=2):
            yield kind, [under(allow, one)], [under(allow, other)]
            yield kind, [allow(GET), under(deny, one)], [allow(GET), under(deny, other)]


def test_condition_is_decided_where_every_reading_of_the_manual_agrees():
    for kind in VALUES:
        for (operator, wanted), given in product(conditions_of(kind), GIVEN[kind]):
            truths = {condition_holds(operator, wanted, given, reading) for reading in READINGS}
            found = holds(Condition(operator, KEY, tuple(wanted)), Context.of({KEY: given}))

            assert found.holds is (truths.pop() if len(truths) == 1 else None), (operator, wanted, given)
            assert bool(found.reasons) is (found.holds is None)


def test_change_of_a_condition_gives_new_access_as_every_reading_says():
    """A proof of "no" can fail for one other reason: a value may be of another type than the condition compares."""
    every = list(changes())
    seen = set()
    for kind, before, after in Random(5).sample(every, examples(1_200)):
        found = compare(SMALL, document(*before), document(*after))
        wanted = expected(before, after, kind)
        seen.add(wanted)

        mixed = wanted is not NewAccess.YES and Doubt.MIXED_TYPES in found.reasons
        assert mixed or found.new_access is wanted, (before, after)
        assert (Doubt.ABSENT_KEY in found.reasons) is (wanted is NewAccess.NOT_PROVEN), (before, after)
    assert seen == set(NewAccess)


@pytest.mark.parametrize(
    ("before", "after", "answer"),
    [
        ("StringNotEquals", "StringNotEqualsIfExists", "not_proven"),
        ("StringNotEquals", "ForAllValues:StringNotEquals", "not_proven"),
        ("ForAllValues:StringNotEquals", "StringNotEquals", "not_proven"),
        ("StringNotEqualsIfExists", "StringNotEquals", "no"),
        ("StringNotEquals", "StringNotMatch", "no"),
        ("StringNotEquals", "StringEquals", "yes"),
        ("StringNotEquals", "ForAnyValue:StringNotEquals", "yes"),  # of two values
        ("ForAllValues:StringEquals", "ForAllValues:StringEqualsIfExists", "not_proven"),
        ("StringEquals", "StringEqualsIfExists", "yes"),
    ],
)
def test_same_reading_counts_for_both_policies(before, after, answer):
    """The reverse of a Deny is the change of an Allow."""
    one, other = (before, ["a"]), (after, ["a"])
    for old, new in (
        ([under(allow, one)], [under(allow, other)]),
        ([allow(GET), under(deny, other)], [allow(GET), under(deny, one)]),
    ):
        assert compare(SMALL, document(*old), document(*new)).new_access == answer


def test_other_statement_can_decide_all_the_same():
    open_ = allow(GET, Condition={"StringNotEquals": {KEY: ["a"]}})
    for statements, answer in (
        ([open_, allow(GET, Condition={"Null": {KEY: ["true"]}})], Answer.ALLOWED),
        ([open_, deny(GET, Condition={"Null": {KEY: ["true"]}})], Answer.DENIED),
        ([allow(GET, Condition={"StringNotEquals": {KEY: ["a"]}, "Null": {KEY: ["false"]}})], Answer.NOT_ALLOWED),
    ):
        evaluator = Evaluator(SMALL, [GrantedPolicy("", document(*statements), Project.IAM)])
        assert evaluator.evaluate(Request(GET, Project.IAM, Context.of({KEY: []}))).decision is answer


def test_unknown_key_is_missing_and_needs_no_reason():
    condition = Condition("StringNotEquals", KEY, ("a",))

    assert holds(condition, Context()) == Outcome(None, frozenset({KEY}))


@pytest.mark.parametrize("kind", [KeyType.BOOLEAN, KeyType.NUMBER, KeyType.DATE])
def test_one_readable_value_does_not_prove_that_every_value_is_readable(kind):
    """Of the values “a” and “true”, only the second is a Boolean."""
    name = next(base for base, type_ in OPERATORS.items() if type_ is kind)
    values = VALUES[kind][0]
    one, every = ((f"{prefix}{name}IfExists", values) for prefix in ("", "ForAllValues:"))

    for before, after in (
        ([under(allow, every)], [under(allow, one)]),
        ([allow(GET), under(deny, one)], [allow(GET), under(deny, every)]),
    ):
        found = compare(SMALL, document(*before), document(*after))

        assert found.new_access is not NewAccess.NO, (before, after)
        if kind is KeyType.BOOLEAN:
            assert Doubt.MIXED_TYPES in found.reasons, (before, after)
