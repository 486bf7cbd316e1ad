"""Older names and wide wildcards: whether they open something or keep it shut."""

from policybuilder.domain.catalog.older_names import OLDER_ACTIONS, Status
from policybuilder.domain.rules import own_actions
from tests.domain.policy_cases import SMALL, checked, policy


def test_older_name_is_judged_by_whether_it_keeps_shut_and_whether_something_replaced_it():
    cases = [
        ("Deny", "Action", "PB011", own_actions.REPLACED_IN_DENY, own_actions.UNREPLACED_IN_DENY),
        ("Allow", "NotAction", "PB011", own_actions.REPLACED_IN_DENY, own_actions.UNREPLACED_IN_DENY),
        ("Allow", "Action", "PB012", own_actions.REPLACED_IN_ALLOW, own_actions.UNREPLACED_IN_ALLOW),
        ("Deny", "NotAction", "PB012", own_actions.REPLACED_IN_ALLOW, own_actions.UNREPLACED_IN_ALLOW),
    ]
    for older in (each for each in OLDER_ACTIONS if each.status is not Status.IN_MANUAL):
        assert SMALL.action_index.action(older.name) is None
        values = {"name": older.name, "successors": older.replaced_by, "last_seen": older.last_seen}
        for effect, key, code, replaced, unreplaced in cases:
            wording = replaced if older.replaced_by else unreplaced
            assert _said({"PB011", "PB012"}, effect, key, older.name) == [(code, wording, values)]


def test_only_an_allow_opens_a_whole_service():
    opened = own_actions.OPENS_EVERY_SERVICE

    assert [wording for _, wording, _ in _said({"PB019"}, "Allow", "Action", "*:*:*")] == [opened]
    for effect, key in (("Deny", "Action"), ("Deny", "NotAction"), ("Allow", "NotAction"), ("Perhaps", "Action")):
        assert _said({"PB019"}, effect, key, "*:*:*") == []


def _said(codes, effect, key, *names):
    findings = checked(policy({"Effect": effect, key: list(names)})).findings
    return [(e.finding.code, e.finding.wording, e.finding.values) for e in findings if e.finding.code in codes]
