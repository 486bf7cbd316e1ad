"""A policy is accepted only if each part of it was checked; each part without a published list of values is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.jsontext.source import read
from policybuilder.domain.rules.check import check
from policybuilder.domain.rules.not_checked import NotChecked
from policybuilder.pages.check.verdict import answer
from tests.builders import real_catalog
from tests.domain.policy_cases import allow, policy
from tests.domain.strategies import some
from tests.laws import tried

CATALOG = real_catalog()
START = "ecs:cloudServers:start"
CHECKED_KEYS, OPEN_KEYS = ["g:UserName", "G:username"], ["ecs:foo", "obs:prefix", "g:foo"]
CHECKED_URIS = ["obs:*:*:bucket:a", "OBS:*:*:object:a/b*"]
OPEN_URIS = ["zzz:*:*:bucket:a", "kms:*:*:frob:a", "obs:nowhere:*:bucket:a", 'obs:*:*:bucket:a<b{}"', "obs:*:*:frob:a"]
CHECKED_NAMES, OPEN_NAMES = ["my-policy_1"], ["a<>/", "a.b"]


def checked(*, keys=(), uris=(), name=None, actions=(START,)):
    more = {"Condition": {"StringEquals": {key: ["a"] for key in keys}}} if keys else {}
    more |= {"Resource": list(uris)} if uris else {}
    return check(CATALOG, read(policy(allow(*actions, **more))), name=name)


@tried(200)
@given(
    some([*CHECKED_KEYS[:1], *OPEN_KEYS], 3),
    some([*CHECKED_URIS, *OPEN_URIS], 3),
    st.sampled_from([None, *CHECKED_NAMES, *OPEN_NAMES]),
)
def test_policy_is_accepted_only_if_every_part_was_checked(keys, uris, name):
    result = checked(keys=keys, uris=uris, name=name)
    refused = any(found.finding.severity == "error" for found in result.findings)

    expected = NotChecked(
        condition_keys=tuple(key for key in dict.fromkeys(keys) if key in OPEN_KEYS),
        resources=tuple(uri for uri in dict.fromkeys(uris) if uri in OPEN_URIS),
        name=(name,) if name in OPEN_NAMES else (),
    )
    assert result.policies[0].not_checked == expected
    assert answer(result).startswith("IAM accepts") == (not refused and not expected)


@pytest.mark.parametrize("key", CHECKED_KEYS)
def test_global_keys_are_checked_in_any_case(key):
    assert not checked(keys=[key]).policies[0].not_checked


def test_headline_counts_the_parts_that_were_not_checked():
    assert answer(checked(keys=["ecs:foo", "ecs:bar"], uris=["kms:*:*:frob:a"], name="a<>/")) == (
        "nothing found that IAM would refuse; not checked: 2 condition keys, 1 resource, 1 name"
    )


def test_empty_list_of_actions_is_never_accepted():
    result = checked(actions=())

    assert result.policies[0].not_checked == NotChecked(actions=("Statement[0].Action (empty)",))
    assert answer(result).startswith("nothing found that IAM would refuse; 1 action not checked")
