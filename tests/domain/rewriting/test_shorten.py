import json
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from policybuilder.domain.access.comparison import compare
from policybuilder.domain.access.evaluation import Evaluator, GrantedPolicy, Project, Request
from policybuilder.domain.catalog.action_names import is_wildcard
from policybuilder.domain.jsontext.nodes import to_python
from policybuilder.domain.policy.document import MAX_ACTIONS, Document, Effect
from policybuilder.domain.policy.reading import measure_body, to_document
from policybuilder.domain.rewriting.shorten import MOST_LISTS, MOST_WILDCARDS, compact_policy
from tests.builders import catalog, operation, published, real_catalog
from tests.domain.policy_cases import SYSTEM_POLICIES, allow, deny
from tests.domain.strategies import catalogs, law
from tests.domain.whole_policies import ODD, data_of, divisible, node_of, policies, reached

# ELB whole; of EVS only what ELB needs. Older names are all of ECS.
SMALL = catalog(
    *(operation(f"elb/a/servers-{verb}", f"elb:servers:{verb}") for verb in ("get", "getTags", "list", "delete")),
    operation("elb/a/disks", "elb:disks:list", needs=["evs:volumes:get", "evs:volumes:list"]),
    actions=[published("evs:volumes:delete", "yes")],
)
GET, TAGS, LIST, DELETE = (f"elb:servers:{verb}" for verb in ("get", "getTags", "list", "delete"))
DISKS = "elb:disks:list"
MFA = {"Bool": {"g:MFAPresent": ["true"]}}
UNKNOWN = "elb:nothing:here"


def compacted(*statements, of=SMALL, **more):
    """The statements of the result."""
    return data_of(compact_policy(of, node_of({"Version": "1.1", "Statement": list(statements), **more})).body)[
        "Statement"
    ]


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([allow(GET, TAGS)], [allow("elb:*:get*")]),
        ([allow(LIST), allow(DISKS)], [allow("elb:*:list")]),
        ([allow(LIST), deny(GET), allow(DISKS)], [allow(LIST), deny(GET), allow(DISKS)]),
        ([deny(LIST), deny(DISKS), allow(GET)], [deny("elb:*:list"), allow(GET)]),
        ([allow(LIST, LIST, "elb:SERVERS:list")], [allow(LIST)]),
        ([allow("elb:servers:g*")], [allow("elb:servers:g*")]),
        ([allow("elb:servers:g*", LIST, DELETE)], [allow("elb:servers:*")]),
        # unknown names are kept, each once
        ([allow(GET, TAGS, UNKNOWN, "elb:NOTHING:here")], [allow("elb:*:get*", "elb:NOTHING:here")]),
        ([allow("x:y:z"), allow("ELB:servers:get", "no action")], [allow("ELB:servers:get", "no action", "x:y:z")]),
        # so are all of a service that is known in part, but for what another one covers
        (
            [allow("evs:volumes:get", "evs:volumes:list", "evs:volumes:delete"), allow(GET, TAGS)],
            [allow("elb:*:get*", "evs:volumes:delete", "evs:volumes:get", "evs:volumes:list")],
        ),
        ([allow("evs:volumes:get", "evs:*:get*", GET, TAGS)], [allow("elb:*:get*", "evs:*:get*")]),
        ([allow("evs:nothing:get", "evs:*:get*", LIST, DISKS)], [allow("elb:*:list", "evs:*:get*")]),
        # a wildcard over all services means those that nobody knows as well
        ([allow("*:*:*", "*:*:list"), allow(GET, Resource=["*"])], [allow("*:*:*"), allow(GET, Resource=["*"])]),
        ([allow("*:*:list", LIST, GET, TAGS)], [allow("*:*:list", "elb:*:get*")]),
        # limits of a statement stay on it, and it stays by itself
        (
            [allow(GET, TAGS, Condition=MFA), allow(GET, TAGS, Condition=MFA), allow(LIST), allow(DISKS)],
            [allow("elb:*:get*", Condition=MFA), allow("elb:*:get*", Condition=MFA), allow("elb:*:list")],
        ),
        ([allow(GET, TAGS, Resource=["*"])], [allow("elb:*:get*", Resource=["*"])]),
    ],
)
def test_compact_policy_gives(statements, expected):
    assert compacted(*statements) == expected


@pytest.mark.parametrize("statement", [*ODD, {"Effect": "Deny", "Action": [GET, TAGS], "Effect ": 1}])
def test_what_cannot_be_divided_stays_as_it_is(statement):
    assert compacted(allow(GET), allow(TAGS), statement, allow(LIST), allow(DISKS)) == [
        allow("elb:*:get*"),
        statement,
        allow("elb:*:list"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "5",
        "{}",
        '{"Statement": []}',
        '{"Statement": {"Effect": "Allow", "Action": ["elb:servers:get", "elb:servers:getTags"]}}',
        '{"statement": [{"Effect": "Allow", "Action": ["elb:servers:get", "elb:servers:getTags"]}]}',
    ],
)
def test_body_without_a_list_of_statements_stays_as_it_is(text):
    body = node_of(json.loads(text))

    assert compact_policy(SMALL, body).body is body


def test_body_stays_the_very_same_where_nothing_is_gained():
    body = node_of({"Statement": [allow("elb:*:get*"), deny(LIST), allow("*:*:*")], "Version": 1.10, "x": None})
    result = compact_policy(SMALL, body)

    assert result.body is body
    assert result.before == result.after == measure_body(body)


def test_everything_around_the_statements_stays():
    result = compact_policy(SMALL, node_of({"Statement": [allow(GET, TAGS)], "Version": "2", "x": [1.5]}))

    assert data_of(result.body) == {"Statement": [allow("elb:*:get*")], "Version": "2", "x": [1.5]}


def test_joined_statements_hold_no_more_than_iam_takes():
    names = [f"x:y:z{at:03}" for at in range(150)]

    assert compacted(*(allow(name) for name in names)) == [allow(*names[:MAX_ACTIONS]), allow(*names[MAX_ACTIONS:])]


def test_joining_alone_is_taken_where_wildcards_would_be_longer():
    of = catalog(*(operation(f"elb/a/{at}", f"elb:a{at}:aVeryLongNameOfOneKind") for at in range(3)))
    one_of_each = [f"elb:a{at}:*" for at in range(2)]

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

    assert reached(of, result.body, of=body) == reached(of, body, of=body)
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
def test_published_policy_becomes_shorter_where_it_names_several_of_a_kind(name):
    result = compact_policy(real_catalog(), node_of({"Version": "1.1", "Statement": [allow(*SYSTEM_POLICIES[name])]}))

    assert (result.after.characters < result.before.characters) == (name != "ECS ReadOnlyAccess")


def test_first_lists_are_compacted_and_no_more():
    statements = [allow(GET, TAGS, Resource=[str(at)]) for at in range(MOST_LISTS + 2)]

    shorter = [allow("elb:*:get*", Resource=[str(at)]) for at in range(MOST_LISTS)]
    assert compacted(*statements) == [*shorter, *statements[MOST_LISTS:]]


def test_list_of_very_many_wildcards_stays():
    few, many = ([f"x{at:03}:*:*" for at in range(number)] for number in (MOST_WILDCARDS, MOST_WILDCARDS + 1))

    assert compacted(allow(GET, TAGS, *few)) == [allow("elb:*:get*", *sorted(few))]
    assert compacted(allow(GET, TAGS, *many)) == [allow(GET, TAGS, *many)]


@law
@given(st.data())
def test_no_known_name_is_let_in_or_out(data):
    of = data.draw(catalogs())
    body = node_of(data.draw(policies(of)))

    before, after = to_document(body), to_document(compact_policy(of, body).body)
    assume(is_clear(before))

    changes = compare(of, before, after)
    assert known_names(changes.gained) == known_names(changes.lost) == []
    assert not any(is_wildcard(name) and "*" in name.split(":")[0] for name in changes.gained.actions)
    for name in known_or_named(of, before):
        assert decided(of, after, name) == decided(of, before, name)


@law
@given(st.data())
def test_wildcards_stand_for_all_that_they_did(data):
    """Of names that nobody knows, too: what was allowed is allowed, and what was denied is denied."""
    of = data.draw(catalogs())
    body = node_of(data.draw(policies(of, odd=False)))

    before, after = to_document(body), to_document(compact_policy(of, body).body)
    assume(is_clear(before))

    for effect in Effect:
        held, wider = ([each for each in found.statements if each.effect is effect] for found in (before, after))
        assert compare(of, allowing(held), allowing(wider)).lost.actions == ()


def is_clear(document):
    """Whether each condition and resource can be read: of others, nothing is proven."""
    return all(all(c.operator for c in s.conditions) and "" not in s.resources for s in document.statements)


def known_names(difference):
    return [name for name in difference.actions if not is_wildcard(name)]


def known_or_named(of, document):
    named = {name for s in document.statements for name in (*s.actions, *s.not_actions) if not is_wildcard(name)}
    return named.union(*of.action_index.known_names.values.values())


def decided(of, document, name):
    found = Evaluator(of, [GrantedPolicy("", document, Project.IAM)]).evaluate(Request(name, Project.IAM))
    return found.decision, found.missing_keys


def allowing(statements):
    return Document(tuple(replace(statement, effect=Effect.ALLOW) for statement in statements))
