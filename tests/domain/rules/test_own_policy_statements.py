"""Statements that stand twice: the order of keys and of actions makes no difference."""

from tests.domain.policy_cases import GET, LIST, allow, checked, deny, policy


def test_statement_that_says_the_same_as_an_earlier_one_is_found():
    cases = [
        (allow(LIST, GET), allow(GET, LIST), True),
        (allow(LIST), allow(LIST, LIST), True),
        (allow(LIST), allow("ecs:SERVERS:List"), True),
        (allow(LIST), {"Action": [LIST], "Effect": "Allow"}, True),
        (allow(LIST), deny(LIST), False),
        (allow(LIST), allow(GET), False),
        (allow(LIST), {"Effect": "Allow", "NotAction": [LIST]}, False),
        (allow(LIST), {"Effect": "Allow", "Action": LIST}, False),
        # An entry that is no action is compared as it is written.
        (allow("one"), allow("one"), True),
        (allow("one"), allow("two"), False),
        (allow(5, LIST), allow(LIST, 5), True),
        (allow(5), allow(6), False),
        (allow(5), allow("5"), False),
        (allow(None), allow(False), False),
        (allow({"a": 1, "b": [2]}), allow({"b": [2], "a": 1}), True),
        (allow({"a": [1, 2]}), allow({"a": [2, 1]}), False),
        # Resources and conditions are compared as they are written.
        (allow(LIST, Resource=["a", "b"]), allow(LIST, Resource=["a", "b"]), True),
        (allow(LIST, Resource=["a", "b"]), allow(LIST, Resource=["b", "a"]), False),
        (allow(LIST, Condition={"Bool": {"a": ["true"]}}), allow(LIST, Condition={"Bool": {"a": ["false"]}}), False),
    ]
    for first, again, same in cases:
        findings = checked(policy(first, deny("ecs:disks:attach"), again)).findings
        twice = [each.finding for each in findings if each.finding.code == "PB017"]
        expected = [("Statement[2]", {"earlier": 0})] if same else []
        assert [(each.place, each.values) for each in twice] == expected, (first, again)
