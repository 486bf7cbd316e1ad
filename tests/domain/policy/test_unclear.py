import pytest

from policybuilder.domain.jsontext.source import read
from policybuilder.domain.policy.unclear import unclear_parts
from tests.domain.policy_cases import SYSTEM_POLICIES, allow, deny, policy

GET = "ecs:servers:get"
NO_EFFECT = "The statement says neither Allow nor Deny."


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
        ("5", [("", "This is 5; a policy was expected.")]),
        ("{}", [("", "There is no list of statements here.")]),
        ('{"Statement": "x"}', [("Statement", "There is no list of statements here.")]),
        (policy(allow(GET), 5, [])[:-1] + ', "Depends": []}', [
            ("Depends", "A policy has no key “Depends”."),
            ("Statement[1]", "This is 5; a statement was expected."),
            ("Statement[2]", "This is a list; a statement was expected."),
        ]),
        (policy(allow("ECS:servers:get")), [
            ("Statement[0].Action[0]", "The service of “ECS:servers:get” is not in lower case: IAM may not take it."),
        ]),
        (policy({"Action": [GET]}), [("Statement[0]", NO_EFFECT)]),
        (policy(allow(GET) | {"Effect": "Permit"}), [("Statement[0].Effect", NO_EFFECT)]),
        (policy({"Effect": "Allow"}), [("Statement[0]", "The statement names no action.")]),
        (policy(allow()), [("Statement[0].Action", "The statement names no action.")]),
        (policy({"Effect": "Allow", "NotAction": {}}), [("Statement[0].NotAction", "The statement names no action.")]),
        (policy(allow(GET, NotAction=[GET])), [
            ("Statement[0].NotAction", "The statement has both Action and NotAction."),
        ]),
        (policy(deny(GET, "ecs:servers", 5)), [
            ("Statement[0].Action[1]", "“ecs:servers” is no action. Expected service:resourceType:verb."),
            ("Statement[0].Action[2]", "5 is no action. Expected service:resourceType:verb."),
        ]),
        (policy(allow(GET, Conditon={})), [("Statement[0].Conditon", "A statement has no key “Conditon”.")]),
        (policy(allow(GET, action=[GET])), [
            ("Statement[0].action", "The key “action” stands twice in this statement."),
        ]),
        (policy(allow(GET, Condition={"Bool": {"g:MFAPresent": ["true"], "G:mfapresent": ["false"]}})), [
            (
                'Statement[0].Condition.Bool["G:mfapresent"]',
                "The key “G:mfapresent” stands twice in this condition.",
            ),
        ]),
    ],
)  # fmt: skip
def test_part_without_a_clear_meaning_is_named_with_its_place(text, expected):
    assert found(text) == expected
