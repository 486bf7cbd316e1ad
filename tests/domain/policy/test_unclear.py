import pytest

from policybuilder.domain.jsontext.source import read
from policybuilder.domain.policy.unclear import (
    BOTH_LISTS,
    KEY_TWICE,
    NO_ACTION,
    NO_ACTION_NAME,
    NO_EFFECT,
    NO_POLICY,
    NO_STATEMENT,
    NO_STATEMENTS,
    UNKNOWN_KEY,
    UPPER_CASE_SERVICE,
    unclear_parts,
)
from tests.domain.policy_cases import SYSTEM_POLICIES, allow, deny, policy

GET = "ecs:servers:get"


def found(text: str) -> list[tuple[str, str]]:
    return [(part.place, part.message) for part in unclear_parts(read(text).root)]


@pytest.mark.parametrize(
    "text",
    [
        policy(),
        *(policy(allow(*names)) for names in SYSTEM_POLICIES.values()),
        policy({"effect": "deny", "ACTION": [GET], "Sid": "x"}, allow("x:*:y", Condition="?", Resource=5)),
        policy({"Effect": "Allow", "NotAction": [GET]}, {"Effect": "Deny", "Action": GET}),
        '{"Statement": {"Effect": "Allow", "Action": ["ecs:servers:get"]}, "Version": 1}',
    ],
)
def test_clear_policy_has_no_such_part(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5", [("", NO_POLICY.format(found=5))]),
        ("{}", [("", NO_STATEMENTS)]),
        ('{"Statement": "x"}', [("Statement", NO_STATEMENTS)]),
        (policy(allow(GET), 5, [])[:-1] + ', "Depends": []}', [
            ("Depends", UNKNOWN_KEY.format(place="policy", key="“Depends”")),
            ("Statement[1]", NO_STATEMENT.format(found=5)),
            ("Statement[2]", NO_STATEMENT.format(found="a list")),
        ]),
        (policy(allow("ECS:servers:get")), [
            ("Statement[0].Action[0]", UPPER_CASE_SERVICE.format(name="“ECS:servers:get”")),
        ]),
        (policy({"Action": [GET]}), [("Statement[0]", NO_EFFECT)]),
        (policy(allow(GET) | {"Effect": "Permit"}), [("Statement[0].Effect", NO_EFFECT)]),
        (policy({"Effect": "Allow"}), [("Statement[0]", NO_ACTION)]),
        (policy(allow()), [("Statement[0].Action", NO_ACTION)]),
        (policy({"Effect": "Allow", "NotAction": {}}), [("Statement[0].NotAction", NO_ACTION)]),
        (policy(allow(GET, NotAction=[GET])), [
            ("Statement[0].NotAction", BOTH_LISTS),
        ]),
        (policy(deny(GET, "ecs:servers", 5)), [
            ("Statement[0].Action[1]", NO_ACTION_NAME.format(name="“ecs:servers”")),
            ("Statement[0].Action[2]", NO_ACTION_NAME.format(name=5)),
        ]),
        (policy(allow(GET, Conditon={})), [
            ("Statement[0].Conditon", UNKNOWN_KEY.format(place="statement", key="“Conditon”")),
        ]),
        (policy(allow(GET, action=[GET])), [
            ("Statement[0].action", KEY_TWICE.format(key="“action”", place="statement")),
        ]),
        (policy(allow(GET, Condition={"Bool": {"g:MFAPresent": ["true"], "G:mfapresent": ["false"]}})), [
            (
                'Statement[0].Condition.Bool["G:mfapresent"]',
                KEY_TWICE.format(key="“G:mfapresent”", place="condition"),
            ),
        ]),
    ],
)  # fmt: skip
def test_part_without_a_clear_meaning_is_named_with_its_place(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize("key", ["Sid", "Id", "sid"])
def test_name_of_a_statement_leaves_its_meaning_clear(key):
    assert found(policy(allow(GET, **{key: "x"}))) == []
