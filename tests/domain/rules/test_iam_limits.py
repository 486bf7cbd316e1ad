"""IAM's limits, each on both sides. The numbers are those of the IAM API reference, "Error Codes"."""

import json

import pytest

from tests.domain.policy_cases import CLEAN, LIST, allow, checked, policy, role, where

OPERATORS = [
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringMatch",
    "StringNotMatch",
    "StringStartWith",
    "StringEndWith",
    "StringEqualsIfExists",
    "StringMatchIfExists",
    "StringStartWithIfExists",
]
NAMES = ["g:UserName", *(f"dms:{letter}" for letter in "abcdefghij")]


def padded(characters: int) -> str:
    """A policy of so many characters, as IAM counts them: without spaces between its parts."""
    begun = ["a" * 1_000] * 5
    plain = json.dumps(json.loads(where_name(*begun, "")), separators=(",", ":"))
    return where_name(*begun, "a" * (characters - len(plain)))


def where_name(*values: str) -> str:
    return policy(where(StringEquals={"g:UserName": list(values)}))


def conditions(number: int) -> str:
    return policy(where(**{operator: {"g:UserName": ["anna"]} for operator in OPERATORS[:number]}))


def uris(number: int) -> list[str]:
    return [f"dms:*:*:rabbitmq:{at}" for at in range(number)]


LIMITS = {
    "IAM.1002": (64, lambda n: role(name="a" * n)),
    "PB031": (256, lambda n: role(description="a" * n)),
    "IAM.1028": (8, lambda n: policy(*(where(StringEquals={"g:UserName": [str(at)]}) for at in range(n)))),
    "IAM.1033": (100, lambda n: policy(allow(*(f"obs:bucket:a{at}" for at in range(n))))),
    "IAM.1034": (128, lambda n: policy(allow("ecs:servers:" + "l" * (n - 12)))),
    "IAM.1037": (20, lambda n: policy(allow("dms:instance:get", Resource=uris(n)))),
    "IAM.1040": (10, lambda n: policy(allow("dms:instance:get", Resource={"uri": uris(n)}))),
    "IAM.1042": (1_500, lambda n: policy(allow("dms:instance:get", Resource=["dms:*:*:a:" + "b" * (n - 10)]))),
    "IAM.1050": (10, conditions),
    "IAM.1054": (10, lambda n: policy(allow(LIST, Condition={"StringEquals": {key: ["a"] for key in NAMES[:n]}}))),
    "IAM.1056": (1_024, lambda n: where_name("a" * n)),
    "IAM.1101": (32_768, lambda n: CLEAN + " " * (n - len(CLEAN))),
}


@pytest.mark.parametrize("code", LIMITS)
def test_limit(code):
    most, made = LIMITS[code]

    assert [code in codes(made(number)) for number in (most - 1, most, most + 1)] == [False, False, True]


@pytest.mark.parametrize("characters", [6_143, 6_144, 6_145])
def test_a_policy_has_at_most_6144_characters(characters):
    text = padded(characters)

    assert checked(text).policies[0].size.characters == characters
    assert ("IAM.1021" in codes(text)) is (characters > 6_144)


def codes(text: str) -> set[str]:
    return {each.finding.code for each in checked(text).findings}
