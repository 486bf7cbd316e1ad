"""How many actions names and statements stand for, wildcards as what they match."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.building.reach import Reach, can_change, reach, reach_of
from policybuilder.domain.catalog.action_names import matches
from policybuilder.domain.catalog.entries import Access
from policybuilder.domain.policy.document import Effect, Statement
from tests.builders import catalog, operation, published, real_catalog
from tests.domain.strategies import NAMES, UNKNOWN, WILDCARDS, catalogs, law

LIST, GET, DELETE = "ecs:servers:list", "ecs:servers:get", "ecs:servers:delete"
SMALL = catalog(
    operation("ecs/servers/list", LIST, access="read"),
    operation("ecs/servers/get", GET, access="read"),
    operation("ecs/servers/delete", DELETE),
    actions=[published("evs:volumes:list")],
)


def found(writing: int, wildcards: int, *actions: str) -> Reach:
    return Reach(frozenset(actions), writing, wildcards)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], found(0, 0)),
        ([LIST], found(0, 0, LIST)),
        (["ecs:SERVERS:list", DELETE], found(1, 0, LIST, DELETE)),
        (["ecs:*:*"], found(1, 1, LIST, GET, DELETE)),
        (["ecs:*:*", "ecs:servers:*", LIST], found(1, 2, LIST, GET, DELETE)),
        (["ecs:*:*", "ecs:**:*"], found(1, 2, LIST, GET, DELETE)),
        # What is not known may change something, and is one whatever it matches.
        (["obs:bucket:get", "obs:BUCKET:get"], found(1, 0, "obs:bucket:get")),
        (["obs:*:*", "evs:*:list"], found(1, 2, "obs:*:*", "evs:volumes:list")),
    ],
)
def test_wildcard_counts_as_what_it_matches(names, expected):
    assert reach(SMALL, names) == expected


def test_not_action_stands_for_all_that_it_leaves():
    statement = Statement(Effect.ALLOW, (), not_actions=("ecs:servers:*",))

    assert reach_of(SMALL, [statement]).actions == {"evs:volumes:list"}
    assert reach_of(SMALL, [statement, Statement(Effect.ALLOW, (DELETE,))]).actions == {"evs:volumes:list", DELETE}


def test_service_as_a_whole_is_all_its_actions_and_those_that_write():
    of = real_catalog()
    own = [action for action in of.action_index.actions.values() if action.name.startswith("ecs:")]

    writing = sum(action.access is Access.WRITE for action in own)
    assert (reach(of, ["ecs:*:*"]).count, reach(of, ["ecs:*:*"]).writing) == (len(own), writing)


def test_name_that_another_wildcard_covers_adds_nothing():
    """The statement without it grants the same, so it counts the same."""
    assert reach(SMALL, ["dns:*:*", "dns:zones:*", "dns:zones:get"]).actions == {"dns:*:*"}
    assert reach(SMALL, ["dns:zones:*", "dns:zones:get", "evs:zones:get"]).actions == {"dns:zones:*", "evs:zones:get"}


@law
@given(catalogs(), st.lists(st.sampled_from([*NAMES, *WILDCARDS, *UNKNOWN, "*:*:*"]), max_size=8))
def test_reach_agrees_with_matching_name_by_name(of, names):
    known = {action for action in of.action_index.actions if any(matches(name, action) for name in names)}
    keys = {name.lower() for name in names}
    unknown = {key for key in keys if not any(matches(key, action) for action in of.action_index.actions)}
    others = {key for key in unknown if not any(matches(wider, key) for wider in keys - {key})}

    assert reach(of, names).actions == known | others
    assert reach(of, names).writing == len(others) + sum(
        of.action_index.actions[name].access is Access.WRITE for name in known
    )


@law
@given(catalogs(), st.sampled_from([*NAMES, *WILDCARDS, *UNKNOWN, "*:*:*"]))
def test_name_can_change_something_where_its_reach_writes(of, name):
    assert can_change(of, name) is bool(reach(of, [name]).writing)
