"""Explain: what it answers about refusals as they are received, and what it refuses."""

import json

import pytest
from hypothesis import HealthCheck, given

from policybuilder.domain.jsontext.source import MAX_BYTES
from policybuilder.domain.refusal.explain import explain
from tests.api.caller import Api, details
from tests.api.test_any_input import any_json, any_text, assert_no_fault, known
from tests.api.test_openapi import assert_as_described
from tests.builders import real_catalog
from tests.laws import tried

law = tried(60, suppress_health_check=[HealthCheck.function_scoped_fixture])

STOPPING = "ecs/batch-operations/stopping-ecss-in-a-batch"
CALL = 'POST https://ecs.eu-de.otc.t-systems.com/v1/0123/cloudservers/action\n\n{"os-stop": {"servers": []}}'


def answer(api, text):
    response = api.post("explain/", {"text": text})
    assert response.status_code == 200, response.content
    assert_as_described("explain_refusal", response)
    return response.json()


def test_sentence_is_explained(api):
    assert answer(api, "Policy doesn't allow ecs:cloudServers:stop to be performed") == {
        "actions": ["ecs:cloudServers:stop"],
        "operations": [STOPPING],
        "findings": [],
    }


def test_call_is_explained(api):
    found = answer(api, CALL)

    assert (found["actions"], found["operations"]) == (["ecs:cloudServers:stop"], [STOPPING])


def test_what_succeeded_is_left_out(api):
    found = answer(
        api, f"{CALL}\nHTTP/1.1 403 Forbidden\n\nDELETE https://ecs/v2.1/0123/servers/1\nHTTP/1.1 204 No Content\n"
    )

    assert (found["actions"], found["operations"]) == (["ecs:cloudServers:stop"], [STOPPING])
    assert [finding["code"] for finding in found["findings"]] == ["PB047"]


def test_failed_authentication_is_a_finding_without_actions(api):
    found = answer(api, "POST https://iam.eu-de.otc.t-systems.com/v3/auth/tokens\nHTTP/1.1 401 Unauthorized\n")

    assert (found["actions"], found["operations"]) == ([], [])
    assert [(finding["code"], finding["severity"]) for finding in found["findings"]] == [("PB054", "warning")]


def test_body_that_no_operation_answers_is_of_none(api):
    found = answer(api, CALL.replace("os-stop", "frobnicate"))

    assert (found["actions"], found["operations"]) == ([], [])
    assert [finding["code"] for finding in found["findings"]] == ["PB037"]


def test_findings_have_the_shape_of_all_findings(api):
    assert answer(api, json.dumps({"error": {"code": "IAM.1021", "message": "Invalid policy"}})) == {
        "actions": [],
        "operations": [],
        "findings": [
            {
                "code": "IAM.1021",
                "severity": "error",
                "place": "",
                "message": "IAM refused a policy: the policy is longer than 6,144 characters.",
                "hint": "Check the policy: the check shows the place.",
            }
        ],
    }


@pytest.mark.parametrize("text", ["", "\x00", "\ud800", "403 Forbidden", "x" * (MAX_BYTES + 1), CALL * 1000])
def test_any_text_is_taken(api, text):
    found = answer(api, text)

    expected = explain(real_catalog(), text)
    assert found["findings"]
    assert [finding["message"] for finding in found["findings"]] == [f.message for f in expected.findings]


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, [("text", "required")]),
        ({"text": None}, [("text", "wrong_type")]),
        ({"text": ["ecs:servers:start"]}, [("text", "wrong_type")]),
        ({"text": "", "policy": {}}, [("policy", "unknown_key")]),
        ([], [("", "wrong_type")]),
    ],
)
def test_wrong_body_is_refused_with_its_place(api, body, wrong):
    response = api.post("explain/", body)

    assert (response.status_code, details(response)) == (400, wrong)
    assert_as_described("explain_refusal", response)


@law
@given(any_json | any_text.map(lambda text: {"text": text}) | known.map(lambda text: {"text": text}))
def test_any_json_is_explained_or_refused(body):
    assert_no_fault(Api().post("explain/", json.dumps(body).encode()))
