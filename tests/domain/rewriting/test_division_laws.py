"""What holds of every policy that is divided, by limits or by scope: nothing is gained and nothing is lost.

The policies have wildcards, NotAction, conditions, older and unknown names. They are asked about every name that is
known, every one that they name, and some that nobody knows, for requests of which all is known.
"""

import fnmatch
import json
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from policybuilder.domain.access.conditions import Context
from policybuilder.domain.access.evaluation import Evaluator, GrantedPolicy, Project, Request, level_of_policy
from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.compiler import compile_blocks
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.building.selection_split import divide_blocks
from policybuilder.domain.catalog.entries import Support
from policybuilder.domain.policy.document import Effect
from policybuilder.domain.policy.reading import to_document
from policybuilder.domain.rewriting.shorten import compact_policy
from policybuilder.domain.rewriting.split_by_limits import split_by_limits
from policybuilder.domain.rewriting.split_by_scope import split_by_scope
from tests.builders import real_catalog, whole_catalog
from tests.domain.building.test_levels import KEPT, MIXED, SOME, blocks, level_of, said
from tests.domain.policy_cases import allow, deny
from tests.domain.strategies import catalogs
from tests.domain.whole_policies import data_of, node_of
from tests.laws import tried

law = tried(60)

IAM, ENTERPRISE = Project
OLDER = ["ecs:cloudServers:delete", "ecs:cloudServers:create", "ecs:cloudServerNics:update"]
ODD_BLOCKS = ['{"Effect":"Allow","Action":["ecs:cloudServers:list"],"Foo":1}', '{"Effect":"Allow","Action":[],"Foo":1}']
UNKNOWN = ["ecs:tomorrow:getAll", "evs:tomorrow:delete", "obs:bucket:get", "ecs:servers:tomorrow"]
WILDCARDS = [
    "ecs:*:*",
    "ecs:*:get*",
    "ecs:cloudServers:*",
    "ecs:*:delete*",
    "evs:*:get",
    "*:*:list",
    "vpc:*:*",
    "e*:*:use",
]
WIDE = ["*:*:*", "*:*:list*", "*:*:get*", "*:*:start", "*:users:*", "*:b*:*", "*:o*:*"]
XA_NAMES = [
    "ecs:cloudServers:start",
    "ecs:servers:start",
    "ecs:cloudServers:list",
    "vpc:vpcs:list",
    "ims:serverImages:create",
]
AX_NAMES = ["iam:users:listUsers", "iam:users:getUser", "obs:bucket:ListBucket", "eps:enterpriseProjects:list"]
CONDITIONS = [
    {"Bool": {"g:MFAPresent": ["true"]}},
    {"StringEquals": {"g:UserName": ["anna"]}},
    {"StringNotEquals": {"g:UserName": ["anna"]}, "Bool": {"g:MFAPresent": ["false"]}},
]
CONTEXTS = [
    Context.of({"g:MFAPresent": [mfa], "g:UserName": [name]})
    for mfa, name in product(("true", "false"), ("anna", "bob"))
]


@st.composite
def policies(draw, of):
    names = st.lists(
        st.sampled_from([*of.action_index.actions, *OLDER, *UNKNOWN]) | st.sampled_from(WILDCARDS),
        min_size=1,
        max_size=8,
    )
    limits = st.fixed_dictionaries({}, optional={"Condition": st.sampled_from(CONDITIONS)})
    kinds = [(allow, "Action"), (allow, "Action"), (deny, "Action"), (allow, "NotAction"), (deny, "NotAction")]
    statements = []
    for _ in range(draw(st.integers(1, 7))):
        make, key = draw(st.sampled_from(kinds))
        statement = make(*draw(names), **draw(limits))
        more = draw(st.sampled_from([{}, {}, {}, {"Sid": "1"}]))
        statements.append({key if k == "Action" else k: value for k, value in (statement | more).items()})
    return {"Version": "1.1", "Statement": statements}


def long(policy, draw):
    """The same, beyond IAM's limits: with names that nobody knows."""
    for number in range(draw(st.integers(1, 4))):
        name = f"{draw(st.sampled_from(['ecs', 'evs', 'obs']))}:x{number}y:"
        more = draw(st.sampled_from([{}, {"Condition": CONDITIONS[0]}]))
        make = draw(st.sampled_from([allow, allow, allow, deny]))
        policy["Statement"].append(make(*(f"{name}{at:03}" for at in range(draw(st.integers(1, 140)))), **more))
    return policy


def names_of(of, document):
    written = {n for s in document.statements for n in (*s.actions, *s.not_actions) if "*" not in n}
    return sorted({*UNKNOWN, "obs:object:put"}.union(written, *of.action_index.known_names.values.values()))


def deciding(of, *granted):
    """What policies, each with its place, decide together about a name."""
    evaluator = Evaluator(of, [GrantedPolicy("", to_document(body), place) for body, place in granted])
    return lambda name, project, context: evaluator.evaluate(Request(name, project, context)).decision


def touches(statement, denied):
    """Whether an Allow and a Deny speak of one action: found out by trying names that the patterns make."""
    tried_names = {
        n.replace("*", fill) for each in (statement, denied) for n in listed(each) for fill in ("", "get", "x9")
    }
    tried_names |= {"q:q:q", *(name for name in real_catalog().action_index.actions)}
    return any(speaks(statement, name) and speaks(denied, name) for name in tried_names)


def listed(statement):
    return statement.get("Action") or statement["NotAction"]


def speaks(statement, name):
    found = any(fnmatch.fnmatchcase(name.lower(), each.lower()) for each in listed(statement))
    return found if "Action" in statement else not found


@law
@given(st.data())
def test_divided_by_limits_the_parts_decide_together_as_the_whole_and_none_allows_more(data):
    of = data.draw(catalogs())
    policy = data.draw(policies(of))
    body = node_of(long(policy, data.draw))

    parts = split_by_limits(of, body)

    whole = deciding(of, (body, IAM))
    each = [deciding(of, (part.body, IAM)) for part in parts]
    together = deciding(of, *((part.body, IAM) for part in parts))
    for name, context in product(names_of(of, to_document(body)), CONTEXTS):
        decision = whole(name, IAM, context)
        assert together(name, IAM, context) == decision
        if decision != "allowed":
            assert all(part(name, IAM, context) != "allowed" for part in each)
    assert {part.granted_in for part in parts} == {None}


@law
@given(blocks())
def test_divided_by_limits_the_parts_of_a_level_say_what_the_whole_says(given_blocks):
    """Of a policy that names services of both levels. Each part names services of its level only."""
    policy = compile_blocks(MIXED, given_blocks)
    whole = policy.document

    found = split_by_limits(MIXED, policy.source.root)

    if not MIXED.prefixes.mixes_levels(whole.actions()):
        assert {(part.level, part.mixed) for part in found} == {(None, "")}
        return
    if len(found) == 1:
        assert found[0].mixed
        return
    for part in found:
        assert {level_of(MIXED, n) for n in to_document(part.body).actions() if n[:1] not in "*e"} <= {part.level}
    for name in SOME:
        there = [s for p in found if p.level is level_of(MIXED, name) for s in to_document(p.body).statements]
        assert said(there, name) == said(whole.statements, name), name


@law
@given(st.data())
def test_divided_by_scope_no_part_allows_what_the_whole_does_not(data):
    of = data.draw(catalogs())
    body = node_of(data.draw(policies(of)))

    for part in split_by_scope(of, body):
        for place, project in ((IAM, IAM), (IAM, ENTERPRISE), (ENTERPRISE, ENTERPRISE)):
            whole, alone = deciding(of, (body, place)), deciding(of, (part.body, place))
            for name, context in product(names_of(of, to_document(body)), CONTEXTS):
                if alone(name, project, context) == "allowed":
                    assert whole(name, project, context) == "allowed"


@law
@given(st.data())
def test_divided_by_scope_the_parts_allow_together_what_the_whole_does(data):
    """In enterprise projects whatever it allows there; in IAM projects all that is not known to work in the others."""
    of = data.draw(catalogs())
    body = node_of(data.draw(policies(of)))

    parts = split_by_scope(of, body)

    if len(parts) == 1:
        assert parts[0].body is body
        return
    enterprise, companion = parts
    assert (enterprise.granted_in, companion.granted_in) == (ENTERPRISE, IAM)
    together = deciding(of, (enterprise.body, ENTERPRISE), (companion.body, IAM))
    in_enterprise, in_iam = deciding(of, (body, ENTERPRISE)), deciding(of, (body, IAM))
    first = deciding(of, (enterprise.body, ENTERPRISE))
    for name, context in product(names_of(of, to_document(body)), CONTEXTS):
        if in_enterprise(name, ENTERPRISE, context) == "allowed":
            assert together(name, ENTERPRISE, context) == "allowed"
        action = of.action_index.action(name)
        works = action is not None and action.scope.enterprise_project in (Support.YES, Support.VARIES)
        if in_iam(name, IAM, context) == "allowed" and not works:
            # What nobody knows can be allowed by a wildcard that stands in the first part alone.
            there = first(name, ENTERPRISE, context) if action is None else ""
            assert together(name, IAM, context) == "allowed" or there == "depends"
    operations = [
        (o.id, c) for o in of.operations.values() if o.scope.enterprise_project is Support.NO for c in CONTEXTS
    ]
    for id_, context in operations:
        if in_iam(id_, IAM, context) == "allowed":
            assert together(id_, IAM, context) == "allowed"


@law
@given(st.data())
def test_divided_by_scope_each_part_allows_by_itself_what_the_whole_does_where_it_is_granted(data):
    """The first whatever works in enterprise projects, the companion whatever has no effect there."""
    of = data.draw(catalogs())
    body = node_of(data.draw(policies(of)))

    parts = split_by_scope(of, body)

    if len(parts) == 1:
        return
    for name, context in product(of.action_index.actions, CONTEXTS):
        works = of.action_index.actions[name].scope.enterprise_project in (Support.YES, Support.VARIES)
        part, place = (parts[0], ENTERPRISE) if works else (parts[1], IAM)
        assert deciding(of, (part.body, place))(name, place, context) == deciding(of, (body, place))(
            name, place, context
        )


@st.composite
def policies_at_a_level(draw):
    """Policies with wildcards of every service, and the type of a role or ""."""
    names = st.sampled_from([*WIDE, *draw(st.sampled_from([XA_NAMES, AX_NAMES]))])
    limits = st.fixed_dictionaries({}, optional={"Condition": st.sampled_from(CONDITIONS)})
    kinds = st.sampled_from([allow, allow, allow, deny])
    statements = [
        draw(kinds)(*draw(st.lists(names, min_size=1, max_size=4, unique=True)), **draw(limits))
        for _ in range(draw(st.integers(1, 9)))
    ]
    return node_of({"Version": "1.1", "Statement": statements}), draw(st.sampled_from(["", "", "XA", "AX"]))


@law
@given(policies_at_a_level(), st.sampled_from([split_by_limits, split_by_scope]))
def test_parts_apply_to_the_services_of_the_level_of_the_whole(policy, split):
    """A policy's level is the role's type or the level of the services that it names. A part that names none has its
    level in the answer."""
    of, (body, role_type) = whole_catalog(), policy
    level = level_of_policy(of, to_document(body), role_type)

    parts = split(of, body, role_type)

    def granted(part, place):
        found = to_document(part.body)
        return GrantedPolicy("", found, place, level=part.level or level_of_policy(of, found))

    for project in (IAM, ENTERPRISE):
        whole = Evaluator(of, [GrantedPolicy("", to_document(body), project, level=level)])
        together = Evaluator(of, [granted(part, project) for part in parts if part.granted_in in (None, project)])
        alone = [Evaluator(of, [granted(part, project)]) for part in parts]
        for name, context in product([*XA_NAMES, *AX_NAMES], CONTEXTS):
            request = Request(name, project, context)
            if whole.evaluate(request).decision != "allowed":
                assert not any(each.evaluate(request).decision == "allowed" for each in alone), name
            elif split is split_by_limits or project is ENTERPRISE:
                assert together.evaluate(request).decision == "allowed", name


@law
@given(policies_at_a_level())
def test_shorter_policy_has_the_level_that_it_had(policy):
    of, (body, _) = whole_catalog(), policy

    made = compact_policy(of, body).body

    assert level_of_policy(of, to_document(made)) is level_of_policy(of, to_document(body))


@law
@given(st.data())
def test_draft_of_single_actions_is_divided_by_scope_on_the_page_as_by_the_api(data):
    of = real_catalog()
    names = st.lists(st.sampled_from([*of.action_index.actions, *WILDCARDS, *UNKNOWN]), min_size=1, max_size=3)
    chosen = data.draw(st.lists(names, max_size=3))
    kept = data.draw(st.lists(st.sampled_from([*KEPT, *ODD_BLOCKS]), max_size=2))
    effects = data.draw(st.lists(st.sampled_from([Effect.ALLOW, Effect.ALLOW, Effect.DENY]), min_size=3, max_size=3))
    blocks = [Block(Selection(actions=frozenset(each)), effect) for each, effect in zip(chosen, effects, strict=False)]
    blocks += [Block(kept=text) for text in kept]
    policy = compile_blocks(of, blocks)
    written = [json.loads(compile_blocks(of, [block]).text)["Statement"] for block in blocks]
    assume(all(len(each) == 1 for each in written))  # so that statements are counted as the blocks are

    divided = divide_blocks(of, blocks)
    parts = split_by_scope(of, policy.source.root)

    if any(
        of.action_index.actions[n].scope.enterprise_project is Support.VARIES
        for each in chosen
        for w in each
        for n in of.action_index.expand(w)
    ):
        return  # the companion of the API also has the calls that the page leaves to the first part
    assert divided.whole == (parts[0].purpose if len({part.granted_in for part in parts}) == 1 else "")


@law
@given(st.data(), st.sampled_from([split_by_limits, split_by_scope]))
def test_every_deny_stands_as_it_is_written_where_it_touches_something(data, split):
    of = data.draw(catalogs())
    policy = data.draw(policies(of))
    if split is split_by_limits:
        policy = long(policy, data.draw)

    parts = [data_of(part.body)["Statement"] for part in split(of, node_of(policy))]

    for denied in (each for each in policy["Statement"] if each["Effect"] == "Deny" and len(listed(each)) <= 8):
        joined = [set(listed(each)) for part in parts for each in part if each["Effect"] == "Deny"]
        assert any(set(listed(denied)) <= names for names in joined)
        for part in parts:
            if any(touches(each, denied) for each in part if each["Effect"] == "Allow"):
                assert any(
                    set(listed(denied)) <= set(listed(each)) and denied.get("Condition") == each.get("Condition")
                    for each in part
                    if each["Effect"] == "Deny"
                )


@law
@given(st.data())
def test_part_for_enterprise_projects_is_never_iam_only(data):
    of = data.draw(catalogs())

    parts = split_by_scope(of, node_of(data.draw(policies(of))))

    if len(parts) == 2:
        assert parts[0].scope.verdict not in ("iam_only", "unknown")


def test_wildcard_deny_of_the_published_example_stays_as_it_is_written():
    statements = [allow("ecs:*:*"), deny("ecs:*:delete*"), deny("ecs:cloudServers:reboot", Condition=CONDITIONS[0])]
    first, second = (
        data_of(p.body)["Statement"] for p in split_by_scope(real_catalog(), node_of({"Statement": statements}))
    )

    assert first[1:] == second[1:] == statements[1:]
    assert second[0] == statements[0]
    assert first[0]["Action"] == [
        name
        for name, a in real_catalog().action_index.actions.items()
        if name[:4] == "ecs:" and a.scope.enterprise_project == "yes"
    ]


@pytest.mark.parametrize("key", ["NotPrincipal", "effect"])
def test_deny_with_an_unknown_key_is_never_dropped(key):
    unclear = {**deny("ecs:servers:delete"), key: "x"}
    body = node_of({"Statement": [allow("ecs:cloudServers:start", "ecs:servers:delete"), unclear]})

    assert [unclear in data_of(part.body)["Statement"] for part in split_by_scope(real_catalog(), body)] == [True, True]
