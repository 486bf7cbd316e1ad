"""Suggestions for misspelt operators, keys and Booleans: at most MOST_NEAREST of each in a policy."""

from policybuilder.domain.rules import iam_conditions, own_conditions
from policybuilder.domain.rules.operator_names import MOST_NEAREST
from tests.domain.policy_cases import checked, policy, where


def test_suggestions_are_looked_up_for_so_many_names_of_a_policy():
    near, far = own_conditions.OPERATOR_IS_NEAR, own_conditions.OPERATOR_IS_UNKNOWN
    nearly, none = own_conditions.NEARLY_A_BOOLEAN, own_conditions.NO_BOOLEAN
    misspelt, unknown = iam_conditions.GLOBAL_KEY_IS_MISSPELT, iam_conditions.GLOBAL_KEY_IS_UNKNOWN
    cases = [
        ("PB023", lambda at: {"StringEqual": {f"ecs:k{at}": ["a"]}}, near, far),
        ("PB027", lambda at: {"Bool": {f"ecs:k{at}": ["ture"]}}, nearly, none),
        ("IAM.1052", lambda at: {"StringEquals": {"g:UserNmae": [str(at)]}}, misspelt, unknown),
    ]
    for code, condition, suggested, bare in cases:
        for number in (MOST_NEAREST - 1, MOST_NEAREST, MOST_NEAREST + 2):
            text = policy(*(where(**condition(at)) for at in range(number)))
            wordings = [each.finding.wording for each in checked(text).findings if each.finding.code == code]
            assert wordings == [suggested] * min(number, MOST_NEAREST) + [bare] * max(0, number - MOST_NEAREST)


def test_names_that_are_sure_or_known_take_no_place_among_those_looked_up():
    sure = ["stringequals", "NullIfExists", "IpAddress", "NumericEquals", "StringEquals"] * MOST_NEAREST
    text = policy(*(where(**{operator: {"ecs:Key": ["1"]}}) for operator in [*sure, "StringEqual"]))

    wordings = [each.finding.wording for each in checked(text).findings if each.finding.code == "PB023"]
    assert wordings == [
        *[
            own_conditions.OPERATOR_IS_MISSPELT,
            own_conditions.NULL_IF_EXISTS,
            own_conditions.OPERATOR_OF_BUCKETS_ALONE,
            own_conditions.OPERATOR_OF_BUCKETS,
        ]
        * MOST_NEAREST,
        own_conditions.OPERATOR_IS_NEAR,
    ]


def test_value_that_cannot_be_read_is_told_by_the_type_of_its_operator():
    cases = [
        ("NumberEquals", "five", own_conditions.NO_NUMBER),
        ("NumberEquals", "08:00", own_conditions.NO_NUMBER),
        ("DateLessThan", "tomorrow", own_conditions.NO_DATE),
        ("DateLessThan", "08:00", own_conditions.TIME_WITHOUT_DATE),
        ("Bool", "08:00", own_conditions.NO_BOOLEAN),
        ("Bool", "yes", own_conditions.NEARLY_A_BOOLEAN),
        ("Null", "08:00", own_conditions.NO_PRESENCE),
        ("Null", "yes", own_conditions.NEARLY_A_BOOLEAN),
    ]
    for operator, value, wording in cases:
        findings = checked(policy(where(**{operator: {"ecs:Key": [value]}}))).findings
        assert [e.finding.wording for e in findings if e.finding.code == "PB027"] == [wording], (operator, value)
