"""Which Denies touch what is allowed, against trying names one by one."""

import fnmatch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.building.division import Denials
from policybuilder.domain.policy.document import Condition, Effect, Statement
from tests.domain.strategies import law

PARTS = ["servers", "disks", "*", "s*", "*s", "d*k*"]
NAMES = st.builds("{}:{}:{}".format, st.sampled_from(["ecs", "evs", "e*", "*"]), *[st.sampled_from(PARTS)] * 2)
WORDS = ["servers", "disks", "s", "dk", "x", "sets"]
ALL = [f"{service}:{kind}:{verb}" for service in ("ecs", "evs", "obs", "e") for kind in WORDS for verb in WORDS]


def speaks(statement, name):
    found = any(fnmatch.fnmatchcase(name, each) for each in statement.not_actions or statement.actions)
    return found != bool(statement.not_actions)


def statements(effect):
    listed = st.lists(NAMES, min_size=1, max_size=3).map(tuple)
    return st.builds(Statement, st.just(effect), listed) | st.builds(Statement, st.just(effect), st.just(()), listed)


@law
@given(st.lists(statements(Effect.DENY), max_size=4), statements(Effect.ALLOW))
def test_deny_touches_what_it_shares_an_action_with(denies, allow):
    touching = Denials(denies).touching(allow)

    shared = {at for at, deny in enumerate(denies) if any(speaks(deny, name) and speaks(allow, name) for name in ALL)}
    assert shared <= touching
    surely = {at for at in touching if not (allow.not_actions or denies[at].not_actions)}
    assert surely <= shared


@pytest.mark.parametrize(
    ("allow", "expected"),
    [
        (Statement(Effect.ALLOW, ("ecs:servers:get",)), {0, 3}),
        (Statement(Effect.ALLOW, ("ecs:*:list",)), {1, 2, 3}),
        (Statement(Effect.ALLOW, (), ("ecs:*:*",)), {2, 3}),
        (Statement(Effect.ALLOW, ("obs:a:b",)), {2, 3}),
        (Statement(Effect.ALLOW, ("no action",)), {0, 1, 2, 3}),
        (Statement(Effect.ALLOW, ()), {3}),
        (None, {0, 1, 2, 3}),
    ],
)
def test_what_cannot_be_read_touches_everything(allow, expected):
    denies = [
        Statement(Effect.DENY, ("ecs:servers:get",), conditions=(Condition("Bool", "g:MFAPresent", ("true",)),)),
        Statement(Effect.DENY, ("ecs:servers:list", "ecs:disks:*")),
        Statement(Effect.DENY, (), ("ecs:servers:*",)),
        None,
    ]

    assert Denials(denies).touching(allow) == expected
