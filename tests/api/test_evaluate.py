"""POST /api/v1/evaluate/: what several policies decide together, and what is refused with its place."""

import json

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from policybuilder.answers.evaluating import MAX_WILDCARDS
from policybuilder.api.serializers.evaluating import MAX_REQUESTS
from policybuilder.domain.access.group_warnings import MOST_POLICIES, MOST_STATEMENTS
from tests.api.caller import Api, details
from tests.api.test_any_input import any_json, any_text, known
from tests.api.test_openapi import assert_as_described
from tests.laws import tried
from tests.sweeps import sweep

ATTACH = "ecs/disk-management/attaching-a-disk-to-an-ecs"
OWN, NEEDED = "ecs:cloudServers:attach", "evs:volumes:use"
MFA = {"Bool": {"g:MFAPresent": ["true"]}}


def document(*statements) -> dict:
    return {"Version": "1.1", "Statement": list(statements)}


def allow(*names, **more) -> dict:
    return {"Effect": "Allow", "Action": list(names), **more}


def deny(*names, **more) -> dict:
    return {"Effect": "Deny", "Action": list(names), **more}


def policy(*statements, name="ours", at="iam_project") -> dict:
    return {"name": name, "policy": document(*statements), "granted_in": at}


def asked(action=OWN, project="iam_project", **more) -> dict:
    return {"action": action, "project": project, **more}


def asked_operation(id_=ATTACH, project="iam_project", **more) -> dict:
    return {"operation": id_, "project": project, **more}


def evaluate(api, policies, requests):
    response = api.post("evaluate/", {"policies": policies, "requests": requests})
    assert response.status_code == 200, response.content
    assert_as_described("evaluate_policies", response)
    assert response.json().keys() == {"decisions", "levels"}
    return response.json()["decisions"]


def decision(word, because=(), missing_keys=(), missing_actions=()) -> dict:
    return {
        "decision": word,
        "because": [{"policy": name, "statement": number} for name, number in because],
        "missing_keys": list(missing_keys),
        "missing_actions": list(missing_actions),
    }


def refused(api, policies=(), requests=(), **more) -> list[tuple[str, str]]:
    response = api.post("evaluate/", {"policies": list(policies), "requests": list(requests), **more})
    assert response.status_code == 400
    assert_as_described("evaluate_policies", response)
    return details(response)


def test_each_request_has_its_decision_in_its_order(api):
    policies = [
        policy(allow(OWN), deny("ecs:cloudServers:start", Condition=MFA)),
        policy(allow(NEEDED), name="disks", at="enterprise_project"),
    ]

    assert evaluate(
        api,
        policies,
        [
            asked_operation(),
            asked_operation(project="enterprise_project"),
            asked("ecs:cloudServers:start"),
            asked("ecs:cloudServers:start", context={"g:mfapresent": ["true"]}),
            asked("ecs:cloudServers:start", context={"g:MFAPresent": []}),
            asked("obs:bucket:get"),
            asked("ecs:CLOUDSERVERS:*"),
        ],
    ) == [
        decision("not_allowed", missing_actions=[NEEDED]),
        decision("allowed", [("ours", 0), ("disks", 0)]),
        decision("depends", [("ours", 1)], ["g:MFAPresent"]),
        decision("denied", [("ours", 1)]),
        decision("not_allowed"),
        decision("not_allowed"),
        decision("depends", [("ours", 1)], ["g:MFAPresent"]),
    ]


def test_role_is_taken_as_its_policy_and_names_may_repeat(api):
    role = {"display_name": "x", "type": "XA", "policy": document(allow(OWN))}
    policies = [
        {"name": "same", "policy": role, "granted_in": "iam_project"},
        {"name": "same", "policy": {"role": role}, "granted_in": "enterprise_project"},
    ]

    assert evaluate(api, policies, [asked()]) == [decision("allowed", [("same", 0)])]


def test_nothing_is_asked_of_nothing(api):
    assert evaluate(api, [], []) == []
    assert evaluate(api, [], [asked()]) == [decision("not_allowed")]


def test_every_question_of_a_whole_group_is_answered(api):
    policies = [policy(*[allow("ecs:*:*")] * MOST_STATEMENTS, name=f"p{at}") for at in range(MOST_POLICIES)]

    assert len(evaluate(api, policies, [asked()] * MAX_REQUESTS)) == MAX_REQUESTS


# What is refused


@sweep(
    ("request_", "expected"),
    [
        (asked("ecs:servers"), ("requests[1].action", "malformed_action")),
        (asked("ECS:servers:get"), ("requests[1].action", "malformed_action")),
        (asked("x" * 200), ("requests[1].action", "max_length")),
        (asked(""), ("requests[1].action", "blank")),
        (asked(7), ("requests[1].action", "wrong_type")),
        (asked_operation("ecs/disk-management/attach"), ("requests[1].operation", "unknown_operation")),
        (asked_operation(OWN), ("requests[1].operation", "unknown_operation")),
        (asked(ATTACH), ("requests[1].action", "malformed_action")),
        ({"project": "iam_project"}, ("requests[1]", "required")),
        ({**asked(), "operation": ATTACH}, ("requests[1]", "one_of_two")),
        (asked(project="everywhere"), ("requests[1].project", "unknown_value")),
        ({"action": OWN}, ("requests[1].project", "required")),
        (asked(context=[]), ("requests[1].context", "wrong_type")),
        (asked(context={"g:UserName": "anna"}), ("requests[1].context.g:UserName", "wrong_type")),
        (asked(context={"g:UserName": ["anna", 1]}), ("requests[1].context.g:UserName[1]", "wrong_type")),
        (asked(context={f"k{at}": [] for at in range(51)}), ("requests[1].context", "too_many")),
        (asked(context={"k": ["x"] * 51}), ("requests[1].context.k", "too_many")),
        (asked(context={"k": ["x" * 2001]}), ("requests[1].context.k[0]", "max_length")),
        (asked(when="now"), ("requests[1].when", "unknown_key")),
        ("ecs:servers:get", ("requests[1]", "wrong_type")),
        (None, ("requests[1]", "null")),
    ],
)
def test_wrong_request_is_refused_with_its_place(api, request_, expected):
    assert refused(api, [policy(allow(OWN))], [asked(), request_]) == [expected]


@pytest.mark.parametrize(
    ("wrong", "place", "code"),
    [
        ({"policy": document("x")}, "policies[1].policy.Statement[0]", "no_statement"),
        ({"policy": document({"Action": [OWN]})}, "policies[1].policy.Statement[0].Effect", "no_effect"),
        ({"policy": document({"Effect": "Allow"})}, "policies[1].policy.Statement[0]", "no_action"),
        ({"policy": document(allow(OWN, "ecs:x"))}, "policies[1].policy.Statement[0].Action[1]", "malformed_action"),
        ({"policy": document(allow(7))}, "policies[1].policy.Statement[0].Action[0]", "malformed_action"),
        ({"policy": document({"Effect": "Deny", "NotAction": ["x"]})}, "policies[1].policy.Statement[0].NotAction[0]",
         "malformed_action"),
        ({"policy": document({"Effect": "Deny", "Action": {}})}, "policies[1].policy.Statement[0].Action",
         "wrong_type"),
        ({"policy": {"Version": "1.1"}}, "policies[1].policy", "no_statements"),
        ({"policy": []}, "policies[1].policy", "wrong_type"),
        ({"policy": {"roles": [document(), document()]}}, "policies[1].policy", "several_policies"),
        ({"policy": document(allow("ecs:" + "x" * 40_000))}, "policies[1].policy", "unreadable"),
        ({"policy": document(*[allow(OWN)] * 21)}, "policies[1].policy.Statement", "too_many"),
        ({"name": ""}, "policies[1].name", "blank"),
        ({"name": "x" * 201}, "policies[1].name", "max_length"),
        ({"granted_in": "here"}, "policies[1].granted_in", "unknown_value"),
        ({"level": "XX"}, "policies[1].level", "unknown_value"),
        ({"levels": "XA"}, "policies[1].levels", "unknown_key"),
    ],
)  # fmt: skip
def test_wrong_policy_is_refused_with_its_place(api, wrong, place, code):
    assert refused(api, [policy(allow(OWN)), policy(allow(OWN)) | wrong], [asked()]) == [(place, code)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, [("policies", "required"), ("requests", "required")]),
        ({"policies": {}, "requests": 1}, [("policies", "wrong_type"), ("requests", "wrong_type")]),
        ({"policies": [policy()] * 21, "requests": []}, [("policies", "too_many")]),
        ({"policies": [], "requests": [asked()] * 201}, [("requests", "too_many")]),
        (
            {"policies": [], "requests": [asked(f"a{at}:*:*") for at in range(MAX_WILDCARDS + 1)]},
            [("requests", "too_many")],
        ),
        ([], [("", "wrong_type")]),
    ],
)
def test_wrong_body_is_refused(api, body, expected):
    response = api.post("evaluate/", body)

    assert (response.status_code, details(response)) == (400, expected)


# More than there is time to compare: every condition with every context, wildcards with wildcards.
DATES = {"DateLessThan": {"g:CurrentTime": ["2027-01-01"] * 150}}
STARS = {"StringMatch": {"g:UserName": [f"*{'a*' * 60}{at}b" for at in range(10)]}}
MARKS = {"StringNotMatch": {"g:UserName": ["*" + "?a" * 200 + "b"]}}
TIMES = [asked(context={"g:CurrentTime": [f"2026-01-01T00:00:00.{at}Z"]}) for at in range(MAX_REQUESTS)]
NAMES = [asked(context={"g:UserName": [f"{'a' * 1_900}{at}" for at in range(40)]})]
HEAVY = {
    "dates": ([policy(*[allow(OWN, Condition=DATES)] * 4) for _ in range(MOST_POLICIES)], TIMES),
    "patterns": ([policy(*[allow(OWN, Condition=STARS)] * 8)] * 3, NAMES),
    "patterns with ?": ([policy(*[allow(OWN, Condition=MARKS)] * 4)] * 3, NAMES),
    "NotAction": (
        [
            policy({"Effect": "Deny", "NotAction": [f"e*:*{at}x{n}*:*" for at in range(400)]})
            for n in range(MOST_POLICIES)
        ],
        [asked(f"e*:*{at}*:*") for at in range(MAX_WILDCARDS)],
    ),
}


@pytest.mark.parametrize("case", HEAVY)
def test_more_than_there_is_time_for_is_refused(api, case):
    policies, requests = HEAVY[case]
    response = api.post("evaluate/", {"policies": policies, "requests": requests})

    assert (response.status_code, response.json()["error"]["code"]) == (422, "too_much")
    assert_as_described("evaluate_policies", response)


def test_conditions_are_compared_with_each_context_once(api):
    policies, contexts = HEAVY["dates"]

    assert len(evaluate(api, policies, contexts[:10] * 20)) == MAX_REQUESTS


bodies = st.fixed_dictionaries(
    {
        "policies": st.lists(
            st.fixed_dictionaries(
                {"name": any_text | any_json, "policy": any_json, "granted_in": st.just("iam_project")}
            )
            | st.builds(
                policy,
                st.builds(allow, known | any_text, Condition=any_json)
                | st.builds(allow, st.just(OWN), Condition=st.just(MFA))
                | st.builds(allow, st.just(OWN), Condition=st.dictionaries(any_text, any_json)),
                name=any_text,
                at=st.sampled_from(["iam_project", "enterprise_project"]),
            ),
            max_size=3,
        ),
        "requests": st.lists(
            st.builds(
                asked, known | any_text, context=any_json | st.dictionaries(any_text, st.lists(any_text, max_size=2))
            )
            | st.builds(asked_operation, known)
            | any_json,
            max_size=3,
        ),
    }
)


@tried(150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=bodies)
def test_anything_is_evaluated_or_refused(body):
    response = Api().post("evaluate/", json.dumps(body).encode())

    assert response.status_code in (200, 400)
    if response.status_code == 400:
        details(response)


def test_lone_surrogates_of_a_policy_are_no_fault_of_ours(api):
    condition = {"StringEquals": {"g:\ud800": ["\ud800"]}}
    response = api.post("evaluate/", {"policies": [policy(allow(OWN, Condition=condition))], "requests": [asked()]})

    assert response.status_code in (200, 400)
