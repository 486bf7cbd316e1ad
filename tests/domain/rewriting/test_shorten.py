import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.catalog import known_actions
from policybuilder.domain.jsontext.nodes import to_python
from policybuilder.domain.policy.document import MAX_ACTIONS
from policybuilder.domain.policy.reading import measure_body
from policybuilder.domain.rewriting import shorten as document_compaction
from policybuilder.domain.rewriting.shorten import LEAST_SHARE, MOST_LISTS, InexactPolicy, compact_policy
from policybuilder.domain.rewriting.wildcards import Compaction, compact
from tests.builders import catalog, operation, published, real_catalog
from tests.domain.policy_cases import SYSTEM_POLICIES, allow, deny
from tests.domain.strategies import catalogs, law
from tests.domain.whole_policies import ODD, data_of, divisible, node_of, policies, reached

# ECS whole; of EVS only what ECS needs.
SMALL = catalog(
    *(operation(f"ecs/a/servers-{verb}", f"ecs:servers:{verb}") for verb in ("get", "getTags", "list", "delete")),
    operation("ecs/a/disks", "ecs:disks:list", needs=["evs:volumes:get", "evs:volumes:list"]),
    actions=[published("evs:volumes:delete", "yes")],
)
GET, TAGS, LIST, DELETE = (f"ecs:servers:{verb}" for verb in ("get", "getTags", "list", "delete"))
DISKS = "ecs:disks:list"
MFA = {"Bool": {"g:MFAPresent": ["true"]}}
UNKNOWN = "ecs:nothing:here"


def compacted(*statements, of=SMALL, **more):
    """The statements of the result."""
    return data_of(compact_policy(of, node_of({"Version": "1.1", "Statement": list(statements), **more})).body)[
        "Statement"
    ]


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([allow(GET, TAGS)], [allow("ecs:*:g*")]),
        ([allow(LIST), allow(DISKS)], [allow("ecs:*:l*")]),
        ([allow(LIST), deny(GET), allow(DISKS)], [allow(LIST), deny(GET), allow(DISKS)]),
        ([deny(LIST), deny(DISKS), allow(GET)], [deny("ecs:*:l*"), allow(GET)]),
        ([allow(LIST, LIST, "ecs:SERVERS:list")], [allow(LIST)]),
        ([allow("ecs:servers:g*")], [allow("ecs:*:g*")]),
        # unknown names are kept, each once
        ([allow(GET, TAGS, UNKNOWN, "ecs:NOTHING:here")], [allow("ecs:*:g*", UNKNOWN)]),
        ([allow("x:y:z"), allow("ECS:servers:get", "no action")], [allow("ECS:servers:get", "no action", "x:y:z")]),
        # so are all of a service that is known in part, but for what another one covers
        (
            [allow("evs:volumes:get", "evs:volumes:list", "evs:volumes:delete"), allow(GET, TAGS)],
            [allow("ecs:*:g*", "evs:volumes:delete", "evs:volumes:get", "evs:volumes:list")],
        ),
        ([allow("evs:volumes:get", "evs:*:get*", GET, TAGS)], [allow("ecs:*:g*", "evs:*:get*")]),
        ([allow("evs:nothing:get", "evs:*:get*", LIST, DISKS)], [allow("ecs:*:l*", "evs:*:get*", "evs:nothing:get")]),
        # a wildcard over all services means those that nobody knows as well
        ([allow("*:*:*", GET, "evs:volumes:get")], [allow("*:*:*")]),
        ([allow("*:*:list", LIST, GET, TAGS)], [allow("*:*:list", "ecs:*:g*")]),
        # limits of a statement stay on it, and it stays by itself
        (
            [allow(GET, TAGS, Condition=MFA), allow(GET, TAGS, Condition=MFA), allow(LIST), allow(DISKS)],
            [allow("ecs:*:g*", Condition=MFA), allow("ecs:*:g*", Condition=MFA), allow("ecs:*:l*")],
        ),
        ([allow(GET, TAGS, Resource=["*"])], [allow("ecs:*:g*", Resource=["*"])]),
    ],
)
def test_compact_policy_gives(statements, expected):
    assert compacted(*statements) == expected


@pytest.mark.parametrize("statement", [*ODD, {"Effect": "Deny", "Action": [GET, TAGS], "Effect ": 1}])
def test_what_cannot_be_divided_stays_as_it_is(statement):
    assert compacted(allow(GET), allow(TAGS), statement, allow(LIST), allow(DISKS)) == [
        allow("ecs:*:g*"),
        statement,
        allow("ecs:*:l*"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "5",
        "{}",
        '{"Statement": []}',
        '{"Statement": {"Effect": "Allow", "Action": ["ecs:servers:get", "ecs:servers:getTags"]}}',
        '{"statement": [{"Effect": "Allow", "Action": ["ecs:servers:get", "ecs:servers:getTags"]}]}',
    ],
)
def test_body_without_a_list_of_statements_stays_as_it_is(text):
    body = node_of(json.loads(text))

    assert compact_policy(SMALL, body).body is body


def test_body_stays_the_very_same_where_nothing_is_gained():
    body = node_of({"Statement": [allow("ecs:*:g*"), deny(LIST), allow("*:*:*")], "Version": 1.10, "x": None})
    result = compact_policy(SMALL, body)

    assert result.body is body
    assert result.before == result.after == measure_body(body)


def test_everything_around_the_statements_stays():
    result = compact_policy(SMALL, node_of({"Statement": [allow(GET, TAGS)], "Version": "2", "x": [1.5]}))

    assert data_of(result.body) == {"Statement": [allow("ecs:*:g*")], "Version": "2", "x": [1.5]}


def test_joined_statements_hold_no_more_than_iam_takes():
    names = [f"x:y:z{at:03}" for at in range(150)]

    assert compacted(*(allow(name) for name in names)) == [allow(*names[:MAX_ACTIONS]), allow(*names[MAX_ACTIONS:])]


def test_joining_alone_is_taken_where_wildcards_would_be_longer():
    of = catalog(*(operation(f"ecs/a/{at}", f"ecs:a{at}:aVeryLongNameOfOneKind") for at in range(3)))
    one_of_each = [f"ecs:a{at}:*" for at in range(2)]

    assert compacted(*map(allow, one_of_each), of=of) == [allow(*one_of_each)]


def test_sizes_are_those_of_the_two_bodies():
    body = node_of({"Statement": [allow(GET), allow(TAGS)]})
    result = compact_policy(SMALL, body)

    assert (result.before, result.after) == (measure_body(body), measure_body(result.body))
    assert result.after.characters < result.before.characters


@law
@given(st.data())
def test_compact_policy_means_the_same_and_is_never_longer(data):
    of = data.draw(catalogs())
    body = node_of(data.draw(policies(of)))

    result = compact_policy(of, body)

    assert reached(of, result.body) == reached(of, body)
    assert result.after == measure_body(result.body)
    assert result.after.characters < result.before.characters or result.body is body
    assert result.after.statements <= result.before.statements
    assert compact_policy(of, body) == result


@law
@given(st.data())
def test_compacting_twice_changes_nothing(data):
    of = data.draw(catalogs())
    once = compact_policy(of, node_of(data.draw(policies(of)))).body

    assert to_python(compact_policy(of, once).body) == to_python(once)


@law
@given(st.data())
def test_nothing_is_written_of_a_service_known_in_part_that_did_not_stand_there(data):
    body = node_of(data.draw(policies(real_catalog())))

    def in_part(found):
        names = [name for each in data_of(found)["Statement"] if divisible(each) for name in each["Action"]]
        return {name for name in names if not name.startswith("ecs:")}

    assert in_part(compact_policy(real_catalog(), body).body) <= in_part(body)


@pytest.mark.parametrize("name", SYSTEM_POLICIES)
def test_published_policy_becomes_shorter(name):
    result = compact_policy(real_catalog(), node_of({"Version": "1.1", "Statement": [allow(*SYSTEM_POLICIES[name])]}))

    assert result.after.characters < result.before.characters


def test_work_is_bounded_for_all_lists_together(monkeypatch):
    shares = []

    def recorded(universe, granted, share):
        shares.append(share)
        return compact(universe, granted, share=share)

    monkeypatch.setattr(document_compaction, "compact", recorded)
    statements = [allow(GET, TAGS, Resource=[str(at)]) for at in range(MOST_LISTS + 2)]

    shorter = [allow("ecs:*:g*", Resource=[str(at)]) for at in range(MOST_LISTS)]
    assert compacted(*statements) == [*shorter, *statements[MOST_LISTS:]]
    assert shares == [MOST_LISTS] * MOST_LISTS

    shares.clear()
    compacted(allow(GET), deny(LIST), allow(GET, TAGS))
    assert shares == [LEAST_SHARE]


def test_wildcards_that_are_too_many_to_be_looked_at_stay():
    body = node_of({"Statement": [allow(*(f"ecs:*{at}*:*g*{at}" for at in range(1_500))), allow(GET), allow(TAGS)]})

    assert compact_policy(real_catalog(), body).body == body


def test_pattern_that_was_too_much_to_look_at_elsewhere_is_not_used(monkeypatch):
    monkeypatch.setattr(known_actions, "MOST_MATCHES", 0)

    assert compacted(allow("ecs:*:g*"), deny(GET, TAGS)) == [allow("ecs:*:g*"), deny(GET, TAGS)]
    assert compacted(allow("ecs:*:l*"), deny(GET, TAGS)) == [allow("ecs:*:l*"), deny("ecs:*:g*")]


@pytest.mark.parametrize("patterns", [("ecs:*:*",), ("ecs:servers:get",)])
def test_nothing_is_returned_unproven(monkeypatch, patterns):
    wrong = Compaction(patterns, 0, optimal=True)
    monkeypatch.setattr(document_compaction, "compact", lambda universe, granted, share: wrong)

    with pytest.raises(InexactPolicy):
        compacted(allow(GET, TAGS))
