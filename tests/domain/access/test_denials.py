"""Jobs that a Deny leaves open: which operations count as denied."""

import pytest

from policybuilder.domain.access.denials import Denials, OpenJob
from policybuilder.domain.policy.document import Condition, Effect, Statement
from tests.builders import catalog, operation, option

WITH_DISK = option("disk", needs=["evs:volumes:use", "evs:types:use"])
WITH_IMAGE = option("image", needs=["ims:images:use"])
OF = catalog(
    operation("ecs/servers/delete", "ecs:servers:delete"),
    operation(
        "ecs/cloud/delete",
        "ecs:cloud:delete",
        needs=["vpc:ports:delete"],
        options=[WITH_DISK, WITH_IMAGE],
        same_job=["ecs/servers/delete"],
    ),
    operation("ecs/shared/one", "ecs:shared:use", "ecs:own:one"),
    operation("ecs/shared/two", "ecs:shared:use", same_job=["ecs/shared/one"]),
    operation("ecs/shared/three", "ecs:shared:three", same_job=["ecs/shared/two"]),
)


def left_open(*actions: str) -> list[tuple[str, list[str]]]:
    return shown(Denials(OF, [Statement(Effect.DENY, actions)]).left_open(0))


def shown(jobs: tuple[OpenJob, ...]) -> list[tuple[str, list[str]]]:
    return [(job.denied.id, [way.id for way in job.ways]) for job in jobs]


BUCKET = ("obs:*:*:bucket:a",)
MFA, OPS = Condition("Bool", "g:MFAPresent", ("true",)), Condition("StringMatch", "g:UserName", ("ops-*",))
UNREADABLE = Condition("", "", ())
OPEN = [("ecs/servers/delete", ["ecs/cloud/delete"])]


@pytest.mark.parametrize(
    ("also_denied", "jobs"),
    [
        ([], OPEN),
        (["ecs:cloud:delete"], []),
        (["vpc:ports:delete"], []),
        (["evs:volumes:use"], OPEN),
        (["ims:images:use"], OPEN),
        (["evs:volumes:use", "evs:types:use"], OPEN),
        (["evs:volumes:use", "ims:images:use"], []),
        (["evs:types:use", "ims:images:use"], []),
    ],
)
def test_a_way_with_options_is_denied_by_its_actions_or_by_one_of_each_option(also_denied, jobs):
    found = left_open("ecs:servers:delete", *also_denied)

    assert [job for job in found if job[0] == "ecs/servers/delete"] == jobs


@pytest.mark.parametrize(
    ("first", "other", "jobs"),
    [
        ({}, {}, []),
        # Resources: the other Deny must have all resources of the first.
        ({"resources": BUCKET}, {}, []),
        ({"resources": BUCKET}, {"resources": BUCKET}, []),
        ({"resources": BUCKET}, {"resources": (*BUCKET, "obs:*:*:bucket:b")}, []),
        ({"resources": BUCKET}, {"resources": ("obs:*:*:bucket:b",)}, OPEN),
        ({"resources": (*BUCKET, "obs:*:*:bucket:b")}, {"resources": BUCKET}, OPEN),
        ({}, {"resources": BUCKET}, OPEN),
        # Conditions: the other Deny may have conditions of the first only.
        ({"conditions": (MFA, OPS)}, {"conditions": (OPS,)}, []),
        ({"conditions": (MFA,)}, {"conditions": (MFA, OPS)}, OPEN),
        ({"conditions": (MFA,)}, {"conditions": (OPS,)}, OPEN),
        ({"conditions": (MFA,), "resources": BUCKET}, {"conditions": (MFA,)}, []),
        ({"conditions": (MFA,), "resources": BUCKET}, {"conditions": (OPS,), "resources": BUCKET}, OPEN),
        # Two unreadable limits may differ.
        ({"resources": ("",)}, {}, []),
        ({"resources": ("",)}, {"resources": ("",)}, OPEN),
        ({"conditions": (UNREADABLE,)}, {"conditions": (UNREADABLE,)}, OPEN),
        ({}, {"conditions": (UNREADABLE,)}, OPEN),
    ],
)
def test_another_deny_closes_a_job_only_where_it_applies_to_every_request_of_the_first(first, other, jobs):
    statements = [
        Statement(Effect.DENY, ("ecs:servers:delete",), **first),
        Statement(Effect.DENY, ("ecs:cloud:delete",), **other),
    ]
    assert shown(Denials(OF, statements).left_open(0)) == jobs


def test_a_deny_with_an_unreadable_limit_closes_the_jobs_that_it_denies_itself():
    for limits in ({"resources": ("",)}, {"conditions": (UNREADABLE,)}):
        both = Statement(Effect.DENY, ("ecs:servers:delete", "ecs:cloud:delete"), **limits)

        assert shown(Denials(OF, [both]).left_open(0)) == []


def test_an_action_of_several_operations_denies_none_of_those_that_need_another_one_as_well():
    """Both jobs of the shared action are open; of the operation with two actions, one of its own is enough."""
    assert left_open("ecs:shared:use") == [("ecs/shared/two", ["ecs/shared/three"])]
    assert left_open("ecs:own:one") == [("ecs/shared/one", ["ecs/shared/two"])]
