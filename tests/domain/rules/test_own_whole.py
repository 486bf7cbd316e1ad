"""Actions of both levels in one policy: which services count, and what keeps the policy together."""

from policybuilder.domain.policy.both_levels import KEY_FIRST
from policybuilder.domain.rules import own_whole
from tests.domain.policy_cases import GET, LIST, allow, checked, deny, policy

USERS, NEW, NEWER = "iam:users:list", "new:things:get", "newer:things:get"
KEPT = KEY_FIRST.format(keys="“Sid”", n=1)


def test_policy_of_both_levels_names_the_services_that_count_as_those_of_projects():
    cases = [
        ([allow(LIST, USERS)], own_whole.MIXED_LEVELS, ["ecs"], ""),
        ([allow(LIST, GET), deny(USERS)], own_whole.MIXED_LEVELS, ["ecs"], ""),
        ([allow(NEW, USERS, LIST)], own_whole.MIXED_LEVELS, ["new", "ecs"], ""),
        ([allow(NEW, USERS)], own_whole.MIXED_LEVELS_BY_UNKNOWN, ["new"], ""),
        (
            [allow(USERS), allow(NEWER, NEW, "newer:*:*", "*:*:get")],
            own_whole.MIXED_LEVELS_BY_UNKNOWN,
            ["newer", "new"],
            "",
        ),
        ([allow(LIST, USERS, Sid="a")], own_whole.MIXED_LEVELS_KEPT, ["ecs"], KEPT),
        ([allow(NEW, USERS, Sid="a")], own_whole.MIXED_LEVELS_BY_UNKNOWN_KEPT, ["new"], KEPT),
    ]
    for statements, wording, others, why in cases:
        (finding,) = _mixed(*statements)
        assert finding.wording == wording
        assert finding.values == {"others": others, "n": len(others), "why": why}
        assert own_whole.is_divided(finding) is (why == "")


def test_policy_of_one_level_is_not_mixed():
    for statements in (
        [allow(LIST, NEW)],
        [allow(USERS, "*:*:get")],
        [allow(LIST), deny("*:*:*")],
        [allow(NEW, NEWER)],
    ):
        assert _mixed(*statements) == []


def _mixed(*statements):
    findings = checked(policy(*statements)).findings
    return [each.finding for each in findings if each.finding.code == own_whole.MIXED_LEVELS_CODE]
