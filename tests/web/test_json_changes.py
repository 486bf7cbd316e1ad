"""Which lines of the JSON are marked after a change."""

import pytest

from policybuilder.domain.policy.document import Condition, Document, Effect, Statement, dump
from policybuilder.web.json_changes import MOST_TOUCHED, Touched, touched_lines

MFA = (Condition("Bool", "g:MFAPresent", ("true",)),)


def allow(*actions, conditions=()):
    return Statement(Effect.ALLOW, tuple(f"ecs:{name}" for name in actions), conditions=conditions)


def deny(*actions):
    return Statement(Effect.DENY, tuple(f"ecs:{name}" for name in actions))


@pytest.mark.parametrize(
    ("before", "after", "touched"),
    [
        ([], [allow("a:b")], []),
        ([allow("a:b")], [allow("a:b")], []),
        # The comma after what was last is no news.
        ([allow("a:b")], [allow("a:b", "a:c")], ['new "ecs:a:c"']),
        ([allow("a:b", "a:c", "a:d")], [allow("a:b", "a:d")], ['gone "ecs:a:b",']),
        ([allow("a:b", "a:c")], [allow("a:c")], ['gone "Action": [']),
        # Another statement of the kind is no news either, wherever it stands.
        ([allow("a:c")], [allow("a:b"), allow("a:c")], ['new "ecs:a:b"']),
        ([allow("a:b")], [allow("a:b"), deny("a:b")], ['new "Effect": "Deny",', 'new "ecs:a:b"']),
        (
            [allow("a:b"), deny("a:b")],
            [allow("a:b", conditions=MFA), deny("a:b")],
            ['new "Condition": {', 'new "Bool": {', 'new "g:MFAPresent": [', 'new "true"', "new ]", "new }", "new }"],
        ),
        ([allow("a:b")], [allow("a:b", *(f"a:c{n}" for n in range(MOST_TOUCHED + 1)))], []),
    ],
)
def test_touched_lines_are_those_that_say_something_else(before, after, touched):
    text = dump(Document(tuple(after)))
    lines = text.split("\n")

    found = touched_lines(dump(Document(tuple(before))), text)

    assert [f"{how.value} {lines[number - 1].strip()}" for number, how in sorted(found.items())] == touched
    assert set(found.values()) <= set(Touched)
