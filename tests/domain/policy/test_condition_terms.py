"""The terms of conditions, written here from the manuals, apart from the program's own tables.

Sources: IAM user manual, "Syntax of Fine-Grained Policies"; OBS user guide, "Bucket Policy Parameters".
"""

import pytest

from policybuilder.domain.policy.condition_terms import IF_EXISTS, KeyType
from policybuilder.domain.rules.operator_names import of_buckets
from tests.domain.policy_cases import LIST, allow, checked, found, policy

TYPES = {
    "g:CurrentTime": KeyType.DATE,
    "g:DomainName": KeyType.STRING,
    "g:MFAPresent": KeyType.BOOLEAN,
    "g:MFAAge": KeyType.NUMBER,
    "g:ProjectName": KeyType.STRING,
    "g:ServiceName": KeyType.STRING,
    "g:UserId": KeyType.STRING,
    "g:UserName": KeyType.STRING,
}
OPERATORS = {  # of each type, one that a hint proposes
    KeyType.STRING: ("StringEquals", "anna"),
    KeyType.NUMBER: ("NumberLessThan", "5"),
    KeyType.DATE: ("DateLessThan", "2027-01-31T08:00:00Z"),
    KeyType.BOOLEAN: ("Bool", "true"),
}
OF_BUCKETS = {  # "" where nothing here does the same
    "NumericEquals": "NumberEquals",
    "NumericNotEquals": "NumberNotEquals",
    "NumericLessThan": "NumberLessThan",
    "NumericLessThanEquals": "NumberLessThanEquals",
    "NumericGreaterThan": "NumberGreaterThan",
    "NumericGreaterThanEquals": "NumberGreaterThanEquals",
    "StringNotLike": "StringNotMatch",
    "DateEquals": "",
    "DateNotEquals": "",
    "IpAddress": "",
    "NotIpAddress": "",
}
DOES_NOT_FIT, UNKNOWN_KEY, UNKNOWN_OPERATOR, OF_A_BUCKET = "IAM.1055", "IAM.1059", "PB023", "PB026"


def test_each_global_key_goes_with_the_operators_of_its_type_and_a_hint_proposes_one():
    for key, type_ in TYPES.items():
        for compared, (operator, value) in OPERATORS.items():
            text = policy(allow(LIST, Condition={operator: {key: [value]}}))
            unfit = [each.finding for each in checked(text).findings if each.finding.code == DOES_NOT_FIT]

            assert [each.values["example"] for each in unfit] == ([] if compared is type_ else [OPERATORS[type_][0]])


def test_operator_of_buckets_has_the_one_of_iam_in_its_place():
    for name, here in OF_BUCKETS.items():
        codes = [code for code, _ in found(policy(allow(LIST, Condition={name: {"ecs:key": ["1"]}})))]

        assert (name, of_buckets(name)) == (name, here)
        assert of_buckets(f"{name}{IF_EXISTS}") == (here and f"{here}{IF_EXISTS}")
        assert {UNKNOWN_OPERATOR, OF_A_BUCKET} <= set(codes), name


@pytest.mark.parametrize("key", ["Sid", "Id", "Principal", "NotPrincipal", "NotResource"])
def test_key_of_bucket_policies_is_a_sign_of_one(key):
    codes = [code for code, _ in found(policy(allow(LIST, **{key: "x"})))]

    assert {UNKNOWN_KEY, OF_A_BUCKET} <= set(codes)
    assert OF_A_BUCKET not in [code for code, _ in found(policy(allow(LIST, **{f"{key}s": "x"})))]
