"""Comparing two policies: what the answer says, what is refused with its place, and that no answer takes long."""

import json
import re
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from policybuilder.domain.access.comparison import compare
from policybuilder.domain.policy.reading import to_document
from tests.api.caller import details
from tests.api.test_openapi import assert_as_described
from tests.builders import ROOT, real_catalog
from tests.domain.policy_cases import SYSTEM_POLICIES, allow, deny
from tests.domain.whole_policies import node_of, policies
from tests.laws import tried

LIST, START = "ecs:cloudServers:list", "ecs:cloudServers:start"
START_ID = "ecs/batch-operations/starting-ecss-in-a-batch"
NOTHING = {"operations": [], "actions": []}


def policy(*statements, **more):
    return {"Version": "1.1", "Statement": list(statements), **more}


def answer(api, before, after):
    response = api.post("compare/", {"before": before, "after": after})
    assert response.status_code == 200, response.content
    assert_as_described("compare_policies", response)
    return response.json()


def refused(api, body):
    response = api.post("compare/", body)
    assert (response.status_code, response.json()["error"]["code"]) == (400, "invalid_input")
    assert_as_described("compare_policies", response)
    return details(response)


def test_gained_and_lost_are_told_by_operation_and_action(api):
    assert answer(api, policy(allow(LIST)), policy(allow(START))) == {
        "no_new_access": False,
        "new_access": "yes",
        "gained": {"operations": [START_ID], "actions": [START]},
        "lost": {
            "operations": [
                id_
                for id_, each in real_catalog().operations.items()
                if each.actions == (LIST,) and not each.names()[1:]
            ],
            "actions": [LIST],
        },
        "no_longer_denied": [],
        "witness": {"action": START, "known": True, "project": "iam_project", "context": {}},
        "reasons": [],
        "levels": ["XA", "XA"],
    }


def test_new_access_is_a_yes_a_no_or_not_proven(api):
    whole, part = policy(allow("ecs:*:*")), policy(allow("ecs:cloudServers:*"), deny(START))

    assert answer(api, whole, part)["no_new_access"] is True
    assert answer(api, part, whole)["no_new_access"] is False
    assert answer(api, policy(allow(START)), policy(allow("ecs:cloudServers:star*")))["new_access"] == "not_proven"
    assert answer(api, part, whole)["no_longer_denied"] == [START]
    assert answer(api, whole, whole) == {
        "no_new_access": True,
        "new_access": "no",
        "gained": NOTHING,
        "lost": NOTHING,
        "no_longer_denied": [],
        "witness": None,
        "reasons": [],
        "levels": ["XA", "XA"],
    }


def test_witness_is_a_request_that_evaluate_takes(api):
    """Sent to `evaluate` as it is, it is allowed after and refused before."""

    def of_user(operator, *values):
        return policy(allow(LIST, Condition={operator: {"g:UserName": list(values)}}))

    before, after = of_user("StringNotEquals", "anna"), of_user("StringEquals", "anna")
    witness = answer(api, before, after)["witness"]
    asked = {key: witness[key] for key in ("action", "project", "context")}
    policies_ = [{"name": "p", "policy": each, "granted_in": "iam_project"} for each in (before, after)]
    decided = [
        api.post("evaluate/", {"policies": [each], "requests": [asked]}).json()["decisions"][0]["decision"]
        for each in policies_
    ]

    assert witness == {
        "action": LIST,
        "known": True,
        "project": "iam_project",
        "context": {"g:UserName": ["anna"]},
    }
    assert decided == ["not_allowed", "allowed"]


def under(operator, *values, key="x:k"):
    return allow(LIST, Condition={operator: {key: list(values)}})


@pytest.mark.parametrize(
    ("before", "after", "reasons"),
    [
        (under("StringNotEquals", "a"), under("Null", "true"), ["absent_key"]),
        (allow(LIST, Resource=["ecs:*:*:server:a"]), allow(LIST), ["resource_support"]),
        (under("ForAnyValue:Null", "true"), allow(LIST), ["operator_meaning"]),
        (under("StringEquals", "5"), under("NumberEquals", "5"), ["mixed_types"]),
        (under("NumberEquals", "five"), allow(LIST), ["unreadable"]),
        (allow(START), allow("ecs:cloudServers:star*"), []),
    ],
)
def test_missing_proof_has_its_reasons(api, before, after, reasons):
    found = answer(api, policy(before), policy(after))

    assert (found["new_access"], found["witness"], found["reasons"]) == ("not_proven", None, reasons)


@pytest.mark.parametrize("before", SYSTEM_POLICIES)
@pytest.mark.parametrize("after", SYSTEM_POLICIES)
def test_answer_is_what_the_domain_says(api, before, after):
    sent = [policy(allow(*SYSTEM_POLICIES[name])) for name in (before, after)]
    expected = compare(real_catalog(), *(to_document(node_of(each)) for each in sent))

    found = answer(api, *sent)

    assert (found["no_new_access"], found["new_access"]) == (expected.no_new_access, expected.new_access)
    for key, difference in (("gained", expected.gained), ("lost", expected.lost)):
        assert found[key] == {"operations": list(difference.operations), "actions": list(difference.actions)}
    assert found["no_longer_denied"] == list(expected.no_longer_denied)


def test_role_is_compared_by_its_document(api):
    role = {"role": {"display_name": "team", "type": "XA", "policy": policy(allow(LIST))}}

    assert answer(api, role, policy(allow(LIST)))["no_new_access"] is True
    assert answer(api, policy(), {"display_name": "team", "policy": policy(allow(LIST))})["gained"]["actions"] == [LIST]


# What is refused


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, [("before", "required"), ("after", "required")]),
        ({"before": policy()}, [("after", "required")]),
        ({"before": policy(), "after": []}, [("after", "wrong_type")]),
        ({"before": None, "after": "{}"}, [("before", "wrong_type"), ("after", "wrong_type")]),
        ({"before": policy(), "after": policy(), "befor": 1}, [("befor", "unknown_key")]),
        ({"before": {}, "after": {"Statement": 5}}, [("before", "no_statements"), ("after", "no_statements")]),
        ({"before": {"roles": [{}, {}]}, "after": policy()}, [("before", "several_policies")]),
        ({"before": policy(), "after": policy("x" * 32_768)}, [("after", "unreadable")]),
        (
            {"before": policy(5), "after": policy(allow(LIST, "x", Conditon={}))},
            [
                ("before.Statement[0]", "unclear"),
                ("after.Statement[0].Conditon", "unclear"),
                ("after.Statement[0].Action[1]", "unclear"),
            ],
        ),
    ],
)
def test_wrong_body_is_refused_with_its_place(api, body, wrong):
    assert refused(api, body) == wrong


def test_proof_is_never_given_for_a_policy_that_is_not_clear(api):
    """Read without its misspelt condition, this Allow before would cover everything."""
    before, after = policy(allow(LIST, Conditon={"Bool": {"g:MFAPresent": ["true"]}})), policy(allow(LIST))

    assert refused(api, {"before": before, "after": after}) == [("before.Statement[0].Conditon", "unclear")]


def test_policy_of_32768_bytes_is_compared(api):
    names = [f"x:y:a{number:04}" for number in range(2_000)]
    sent = policy(allow(*names))
    filled = policy(allow(*names), allow("x:y:z" + "z" * 100))
    room = 32_768 - len(json.dumps(sent, separators=(",", ":")))
    assert room > 0

    assert len(answer(api, policy(), filled)["gained"]["actions"]) == 2_001


# Bounded

MFA = [{"Bool": {f"g:key{number}": ["true"]}} for number in range(150)]
LETTERS = [f"ecs:*{letter}*:*" for letter in "aeiorstlnu"]
HEAVY = {
    "1500 wildcards each": (
        [allow(*(f"a{n}:*:*" for n in range(1_500)))],
        [allow(*(f"a{n}:*:x*" for n in range(1_500)))],
    ),
    "everything, for each resource": (
        [allow("*:*:*", Resource=[str(n)]) for n in range(400)],
        [allow("*:*:*", Resource=[f"{n}x"]) for n in range(400)],
    ),
    "exceptions": (
        [allow(*(f"e:{n}:b" for n in range(1_500)))],
        [{"Effect": "Allow", "NotAction": [f"e:*{n}x:b" for n in range(1_500)]}],
    ),
    "denials under conditions": (
        [allow(*LETTERS), *(deny(*LETTERS, Condition=each) for each in MFA[:100])],
        [allow(*LETTERS), *(deny(*LETTERS, Condition=each) for each in reversed(MFA[:100]))],
    ),
    "many conditions": (
        [allow(*LETTERS), deny(*LETTERS, Condition={"StringEquals": {f"k:{n}": ["x"] for n in range(1_400)}})],
        [allow(*LETTERS), deny(*LETTERS, Condition={"StringEquals": {f"k:{n}": ["x"] for n in range(1_400)}})],
    ),
}


def test_eight_hundred_wildcards_are_compared_with_as_many(api):
    before, after = ([f"ecs:*{n}*:*" for n in range(800)], [f"ecs:*:*{n}*" for n in range(800)])

    found = answer(api, policy(allow(*before)), policy(allow(*after)))

    assert (found["gained"]["actions"], found["lost"]["actions"]) == (sorted(after), sorted(before))


@pytest.mark.parametrize("case", HEAVY)
def test_heavy_policies_are_refused(api, case):
    before, after = HEAVY[case]
    response = api.post("compare/", {"before": policy(*before), "after": policy(*after)})

    assert (response.status_code, response.json()["error"]["code"]) == (422, "too_much")
    assert_as_described("compare_policies", response)


def test_policies_as_large_as_iam_takes_are_compared(api):
    """8 statements, 6,144 characters; every second action a wildcard."""
    names = [f"ecs:res{number:02}:{'get*' if number % 2 else 'list'}" for number in range(99)]
    parts = [allow(*names[at : at + 13], Condition=MFA[at]) for at in range(0, 99, 13)]
    before, after = policy(*parts, deny("ecs:*:delete*")), policy(*reversed(parts), deny("ecs:*:*delete*"))

    assert answer(api, before, after)["no_new_access"] is True


law = tried(60, suppress_health_check=[HealthCheck.function_scoped_fixture])
KEYS = st.sampled_from(["Statement", "Effect", "Action", "role", "policy", "before"]) | st.text()
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
)


@law
@given(policies(real_catalog()), policies(real_catalog()))
def test_any_policies_are_compared_or_refused(api, before, after):
    response = api.post("compare/", {"before": before, "after": after})

    assert response.status_code in (200, 400, 422)
    assert_as_described("compare_policies", response)


@law
@given(ANY_JSON)
def test_no_body_is_a_fault_of_ours(api, value):
    for body in (value, {"before": value, "after": value}, {"before": {"Statement": value}, "after": policy()}):
        assert api.post("compare/", body).status_code in (200, 400)


# In a pipeline


def test_line_of_the_readme_tells_by_its_exit_status():
    """What stands in the README after the last pipe, given each kind of answer."""
    (script,) = re.findall(r"python3 -c '(.*no_new_access.*)'", (ROOT / "README.md").read_text(encoding="utf-8"))

    for proven, status in ((True, 0), (False, 1)):
        given_answer = json.dumps({"no_new_access": proven, "gained": {"operations": ["x"], "actions": ["y"]}})
        done = subprocess.run([sys.executable, "-c", script], input=given_answer, text=True, capture_output=True)
        assert done.returncode == status
    for broken in ("", '{"error": {"code": "invalid_input"}}'):
        assert (
            subprocess.run([sys.executable, "-c", script], input=broken, text=True, capture_output=True).returncode == 1
        )
