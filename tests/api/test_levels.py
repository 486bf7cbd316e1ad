"""Actions of both levels: the API answers with a policy of each, in whatever call it makes one."""

import pytest

from tests.api.test_openapi import assert_as_described
from tests.domain.policy_cases import allow, deny

ATTACH = "ecs/disk-management/attaching-a-disk-to-an-ecs"
XA, AX = ["ecs:cloudServers:attach", "evs:volumes:use"], ["ims:images:get"]


@pytest.fixture
def two_levels(api, catalogue_of_two_levels):
    """A caller, with IMS as a global service."""
    return api


def answer(api, address, id_, body):
    response = api.post(address, body)
    assert response.status_code == 200, response.content
    assert_as_described(id_, response)
    return response.json()


def actions(policy):
    return [name for statement in policy["Statement"] for name in statement["Action"]]


def test_compile_answers_with_both_policies_and_says_of_both_what_they_come_to(two_levels):
    body = {"operations": [ATTACH], "actions": AX}

    found = answer(two_levels, "compile/", "compile_selection", body)

    first, second = found["policies"]
    assert [(each["level"], actions(each["policy"])) for each in found["policies"]] == [("XA", XA), ("AX", AX)]
    assert (found["policy"], found["size"]) == (first["policy"], first["size"])
    assert [grant["action"] for grant in found["actions"]] == [*XA, *AX]
    assert [(each["scope"]["verdict"], each["findings"]) for each in found["policies"]] == [
        ("iam_and_enterprise", []),
        ("varies", []),
    ]
    assert second["size"] == {"characters": 78, "statements": 1, "largest_statement": 1}
    assert [each["code"] for each in found["findings"]] == ["PB004"]
    assert "policies" not in two_levels.compile(operations=[ATTACH])


def test_compact_divides_what_mixes_levels(two_levels):
    mixed = {"Version": "1.1", "Statement": [allow(*XA), allow(*AX)]}

    found = answer(two_levels, "compact/", "compact_policy", {"policy": mixed})

    assert [(each["level"], actions(each["policy"])) for each in found["policies"]] == [("XA", XA), ("AX", AX)]
    assert (found["policy"], found["after"]) == (found["policies"][0]["policy"], found["policies"][0]["size"])
    assert "global services" in found["policies"][1]["purpose"]
    clean = answer(two_levels, "compact/", "compact_policy", {"policy": {**mixed, "Statement": [allow(*XA)]}})
    assert "policies" not in clean


def test_split_by_scope_makes_each_part_of_one_level(two_levels):
    mixed = {"Version": "1.1", "Statement": [allow(*XA, *AX, "ecs:servers:start"), deny("ims:images:delete")]}

    found = answer(two_levels, "split/", "split_policy", {"policy": mixed, "by": "scope"})

    assert [(each["granted_in"], actions(each["policy"])) for each in found["policies"]] == [
        ("enterprise_project", XA),
        ("enterprise_project", [*AX, "ims:images:delete"]),
        ("iam_project", ["ecs:servers:start"]),
        ("iam_project", [*AX, "ims:images:delete"]),
    ]
    purpose = found["policies"][1]["purpose"]
    assert purpose.startswith("For enterprise projects: grant it in Enterprise Management. Part 2 of 2, for global")


def test_names_that_a_wildcard_of_every_service_covers_still_need_a_policy_of_their_level(two_levels):
    listing = "ims:images:list"

    compiled = answer(
        two_levels, "compile/", "compile_selection", {"operations": [ATTACH], "actions": [listing, "*:*:list"]}
    )
    mixed = {"Version": "1.1", "Statement": [allow(*XA, listing, "*:*:list")]}
    compact = answer(two_levels, "compact/", "compact_policy", {"policy": mixed})

    for found in (compiled, compact):
        assert [(each["level"], sorted(actions(each["policy"]))) for each in found["policies"]] == [
            ("XA", ["*:*:list", *XA]),
            ("AX", ["*:*:list"]),
        ]


def test_pasted_wildcard_of_every_service_keeps_the_level_it_has(two_levels):
    """A pasted policy is already created at one level."""
    policy = {"Version": "1.1", "Statement": [allow("*:*:list", *XA)]}

    assert "policies" not in answer(two_levels, "compact/", "compact_policy", {"policy": policy})
    (only,) = answer(two_levels, "split/", "split_policy", {"policy": policy, "by": "limits"})["policies"]
    assert (only["policy"], "level" in only) == (policy, False)


OWN, IMAGES = "ecs:cloudServers:attach", "ims:images:get"


def policy(*statements):
    return {"name": "ours", "policy": {"Version": "1.1", "Statement": list(statements)}, "granted_in": "iam_project"}


def asked(action):
    return {"action": action, "project": "iam_project"}


@pytest.mark.parametrize(
    ("given", "level", "decided"),
    [
        (policy(allow("*:*:*")), None, ["allowed", "allowed"]),
        (policy(allow("*:*:*")) | {"level": "AX"}, "AX", ["not_allowed", "allowed"]),
        (policy(allow("*:*:*")) | {"level": "XA"}, "XA", ["allowed", "not_allowed"]),
        (policy(allow("*:*:*", OWN)), "XA", ["allowed", "not_allowed"]),
        (policy(allow("*:*:*", IMAGES)), "AX", ["not_allowed", "allowed"]),
        (policy(allow("*:*:*", IMAGES, OWN)), None, ["allowed", "allowed"]),
        (policy(allow("*:*:*"), deny(IMAGES)) | {"level": "XA"}, "XA", ["allowed", "not_allowed"]),
    ],
)
def test_policy_applies_only_to_the_services_of_its_level(two_levels, given, level, decided):
    requests = [asked(OWN), asked(IMAGES)]
    answer = two_levels.post("evaluate/", {"policies": [given], "requests": requests}).json()
    role = {"display_name": "ours", "type": given.get("level", ""), "policy": given["policy"]}
    of_role = two_levels.post("evaluate/", {"policies": [given | {"policy": role}], "requests": requests}).json()

    assert answer == of_role
    assert answer["levels"] == [level]
    assert [each["decision"] for each in answer["decisions"]] == decided


def test_deny_of_another_level_takes_nothing_away(two_levels):
    def decided(level):
        policies = [policy(allow(OWN)), policy(deny("*:*:*")) | {"level": level}]
        return two_levels.post("evaluate/", {"policies": policies, "requests": [asked(OWN)]}).json()["decisions"][0]

    assert (decided("AX")["decision"], decided("XA")["decision"]) == ("allowed", "denied")


def test_not_action_names_no_service(two_levels):
    policies = [policy(allow(OWN)), policy({"Effect": "Deny", "NotAction": ["ims:*:*"]})]
    answer = two_levels.post("evaluate/", {"policies": policies, "requests": [asked(OWN)]}).json()

    assert (answer["levels"], answer["decisions"][0]["decision"]) == (["XA", None], "denied")


def test_policies_are_compared_for_the_services_of_their_levels(two_levels):
    def compared(before, after, **levels):
        sent = {"before": before["policy"], "after": after["policy"], **levels}
        found = answer(two_levels, "compare/", "compare_policies", sent)
        return found["new_access"], found["levels"]

    everything, images = policy(allow("*:*:*")), policy(allow(IMAGES))
    role = {"policy": {"display_name": "ours", "type": "XA", "policy": everything["policy"]}}

    assert compared(everything, images) == ("no", [None, "AX"])
    assert compared(everything, images, before_level="AX") == ("no", ["AX", "AX"])
    assert compared(everything, images, before_level="XA") == ("yes", ["XA", "AX"])
    assert compared(role, images) == ("yes", ["XA", "AX"])
    assert compared(role, images, before_level="AX") == ("no", ["AX", "AX"])
    assert compared(images, everything, after_level="XA") == ("yes", ["AX", "XA"])
