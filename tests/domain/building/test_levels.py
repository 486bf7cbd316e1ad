"""Blocks whose actions are of both levels: two policies, one of each, which mean together what one would."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.building.blocks import Block, block_grants, kept_statement
from policybuilder.domain.building.closure import close
from policybuilder.domain.building.compiler import compile_blocks, compile_selection
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.catalog.name_index import NameIndex
from policybuilder.domain.catalog.scope import Goal
from policybuilder.domain.policy.both_levels import CORRECT_FIRST, KEY_FIRST, KEYS_FIRST
from policybuilder.domain.policy.document import MAX_STATEMENTS, Condition, Effect, Statement, dump
from tests.builders import catalog, operation, whole_catalog
from tests.domain.plain_evaluator import stands_for
from tests.domain.strategies import law
from tests.laws import tried

XA, AX = Level
CREATE, COPY, START = "ims/images/create", "obs/buckets/copy", "ecs/servers/start"
MIXED = catalog(
    operation(CREATE, "ims:images:create", needs=["obs:object:get", "obs:bucket:list"]),
    operation(COPY, "obs:object:get", enterprise="no"),
    operation(START, "ecs:servers:start"),
    operation("iam/users/list", "iam:users:list", enterprise="no"),
    levels={"obs": AX, "iam": AX},
)
MFA = Condition("Bool", "g:MFAPresent", ("true",))
NAMES = [
    *MIXED.action_index.actions,
    *("ecs:*:*", "obs:object:*", "*:*:list", "*:*:*", "e*:*:start", "*s:*:get", "iam:*:*"),
    *("foo:bar:get", "foo:bar:list"),  # of a service that nobody knows
]
KEPT = [
    '{"Effect":"Allow","NotAction":["obs:*:*"]}',
    '{"Effect":"Deny","NotAction":["ecs:*:*","obs:*:*"]}',
    '{"Effect":"Allow","Action":["ecs:servers:start"],"Sid":"1"}',
    '{"Effect":"Deny","Action":["obs:object:get","*:*:list"],"Sid":"2"}',
    '{"Effect":"Allow","Action":["obs:object:get","ecs:servers:start"],"Principal":"a"}',
    '{"Action":["iam:users:list"]}',
]


def single(*names, effect=Effect.ALLOW, **rest):
    return Block(Selection(actions=frozenset(names)), effect, **rest)


def deny(*names, **rest):
    return single(*names, effect=Effect.DENY, **rest)


def ticked_deny(*operations):
    return Block(Selection(frozenset(operations)), Effect.DENY)


def kept(effect, *names, **more):
    return Block(kept=json.dumps({"Effect": effect, "Action": names, **more}))


def written(blocks):
    """Level -> the statements of its policy, each as its effect, or "NotAction", and names."""
    policy = compile_blocks(MIXED, blocks)
    return {
        each.level: [(s["Effect"], *s.get("Action", ["NotAction"])) for s in json.loads(each.text)["Statement"]]
        for each in policy.documents
    }


def test_operation_that_needs_both_levels_makes_two_policies_with_everything_about_each():
    policy = compile_selection(MIXED, Selection(frozenset({CREATE, START})))

    first, second = policy.documents
    assert (first.level, second.level) == (XA, AX)
    assert [s.actions for s in first.document.statements] == [("ecs:servers:start",), ("ims:images:create",)]
    assert [s.actions for s in second.document.statements] == [("obs:bucket:list", "obs:object:get")]
    for each in policy.documents:
        assert each.text == each.source.text == dump(each.document)
        assert each.size.characters == len(json.dumps(json.loads(each.text), separators=(",", ":")))
        assert each.findings == ()
    assert (first.size.statements, first.scope.total, second.size.largest_statement, second.scope.total) == (2, 2, 2, 2)
    # What it comes to, of both together.
    assert policy.operations.selected == (CREATE, START)
    assert policy.operations.also_allowed == (COPY,)
    assert policy.scope.total == 4


@pytest.mark.parametrize(
    "blocks",
    [
        [single("ecs:servers:start")],
        [single("ecs:servers:start", "foo:bar:get")],
        [single("e*:*:*", "ecs:servers:start")],
        [single("*:*:create"), deny("e*:*:*")],  # all that they match is of one level
        [Block(kept='{"Effect":"Allow","NotAction":["obs:*:*","iam:*:*"]}')],
        [],
    ],
)
def test_policy_of_one_level_is_the_only_one(blocks):
    policy = compile_blocks(MIXED, blocks)

    (only,) = policy.documents
    assert (only.level, only.text, only.size, only.scope) == (None, policy.text, policy.size, policy.scope)
    assert only.findings == policy.findings
    assert policy.shared_findings == ()


BOTH = single("ecs:servers:start", "obs:object:get")


@pytest.mark.parametrize(
    ("blocks", "first", "second"),
    [
        # What is not known counts with the first; what means every service stands in both.
        ([single("ecs:servers:start", "foo:bar:get", "iam:users:list")],
         [("Allow", "ecs:servers:start"), ("Allow", "foo:bar:get")], [("Allow", "iam:users:list")]),
        ([single("*:*:list", "foo:bar:get"), BOTH],
         [("Allow", "*:*:list"), ("Allow", "foo:bar:get"), ("Allow", "ecs:servers:start")],
         [("Allow", "*:*:list"), ("Allow", "obs:object:get")]),
        ([BOTH, Block(kept='{"Effect":"Allow","NotAction":["iam:*:*"]}')],
         [("Allow", "ecs:servers:start"), ("Allow", "NotAction")],
         [("Allow", "obs:object:get"), ("Allow", "NotAction")]),
        # A Deny stands in the policy of its level, and wherever it touches something.
        ([BOTH, deny("ecs:*:*"), deny("iam:*:*")],
         [("Allow", "ecs:servers:start"), ("Deny", "ecs:*:*")], [("Allow", "obs:object:get"), ("Deny", "iam:*:*")]),
        # A wildcard counts as what it matches, and covers names of both levels.
        ([single("*:*:*", "ecs:servers:start", "obs:object:get")], [("Allow", "*:*:*")], [("Allow", "*:*:*")]),
        ([single("ecs:servers:start", "*:*:list", "iam:users:list")],
         [("Allow", "*:*:list"), ("Allow", "ecs:servers:start")], [("Allow", "*:*:list")]),
        ([single("ecs:servers:start", "o*:*:*")],
         [("Allow", "ecs:servers:start"), ("Allow", "o*:*:*")], [("Allow", "o*:*:*")]),
        ([Block(kept='{"Effect":"Allow","NotAction":["ecs:*:*"]}')],
         [("Allow", "NotAction")], [("Allow", "NotAction")]),
        # A Deny over all services is in both; a Deny of named services is at their level, whatever it touches.
        ([BOTH, deny("*:*:get")],
         [("Allow", "ecs:servers:start"), ("Deny", "*:*:get")], [("Allow", "obs:object:get"), ("Deny", "*:*:get")]),
        ([single("ecs:servers:start"), deny("*:*:*")],
         [("Allow", "ecs:servers:start"), ("Deny", "*:*:*")], [("Deny", "*:*:*")]),
        ([deny("*:*:*")], [("Deny", "*:*:*")], [("Deny", "*:*:*")]),
        ([single("*:*:*"), deny("ecs:*:*", "obs:*:*")],
         [("Allow", "*:*:*"), ("Deny", "ecs:*:*")], [("Allow", "*:*:*"), ("Deny", "obs:*:*")]),
        ([BOTH, kept("Allow", "ecs:*:a", Foo=1), deny("obs:object:get")],
         [("Allow", "ecs:servers:start"), ("Allow", "ecs:*:a")],
         [("Allow", "obs:object:get"), ("Deny", "obs:object:get")]),
        ([BOTH, deny("ecs:servers:start", "obs:object:get")],
         [("Allow", "ecs:servers:start"), ("Deny", "ecs:servers:start")],
         [("Allow", "obs:object:get"), ("Deny", "obs:object:get")]),
        ([single("ecs:servers:start"), deny("obs:object:get")],
         [("Allow", "ecs:servers:start")], [("Deny", "obs:object:get")]),
        ([single("obs:object:get", "foo:bar:get")], [("Allow", "foo:bar:get")], [("Allow", "obs:object:get")]),
        ([BOTH, deny("foo:bar:get")],
         [("Allow", "ecs:servers:start"), ("Deny", "foo:bar:get")], [("Allow", "obs:object:get")]),
    ],
)  # fmt: skip
def test_what_stands_in_the_policy_of_each_level(blocks, first, second):
    assert written(blocks) == {XA: first, AX: second}


def test_conditions_resources_and_what_else_stands_in_the_document_go_along():
    block = single("ecs:servers:start", "obs:object:get", conditions=(MFA,), resources=("obs:*:*:bucket:a",))

    policy = compile_blocks(MIXED, [block], '{"Id":"7"}')

    for each in policy.documents:
        data = json.loads(each.text)
        assert data["Id"] == "7"
        assert data["Statement"][0]["Condition"] == {"Bool": {"g:MFAPresent": ["true"]}}
        assert data["Statement"][0]["Resource"] == ["obs:*:*:bucket:a"]


def test_each_policy_has_room_of_its_own_for_statements():
    """All in one, services would have to share statements."""
    names = [f"{service}:thing:get" for service in ("ecs", "ims", "s1", "s2", "s3", "s4", "s5", "s6", "obs", "iam")]

    policy = compile_blocks(MIXED, [single(*names)])

    assert [each.size.statements for each in policy.documents] == [MAX_STATEMENTS, 2]


@pytest.mark.parametrize(
    ("blocks", "what_to_do"),
    [
        ([BOTH, kept("Allow", "obs:object:get", "ecs:servers:start", Foo=1, Sid="1")],
         KEYS_FIRST.format(keys="“Foo”, “Sid”", n=2)),
        ([kept("allow", "obs:object:get", "ecs:servers:start")], CORRECT_FIRST.format(n=1)),
        ([BOTH, kept("Deny", "obs:object:get", Foo=1)], KEY_FIRST.format(keys="“Foo”", n=2)),
        ([single("*:*:*"), kept("Deny", "obs:object:get", Foo=1)], KEY_FIRST.format(keys="“Foo”", n=2)),
    ],
)  # fmt: skip
def test_what_cannot_be_divided_stays_one_and_its_finding_says_why_and_what_to_do(blocks, what_to_do):
    policy = compile_blocks(MIXED, blocks)

    (only,) = policy.documents
    assert only.mixed is not None
    assert what_to_do in only.mixed.hint


def test_findings_of_a_policy_have_their_places_in_it_and_those_of_the_draft_are_told_once():
    selection = Selection(frozenset({CREATE}), actions=frozenset({"ecs:*:*"}), without=frozenset({"obs:object:get"}))

    policy = compile_selection(MIXED, selection)

    first, second = policy.documents
    assert [each.finding.code for each in policy.shared_findings] == ["PB001", "PB003"]
    assert [(each.finding.code, each.finding.place) for each in first.findings] == [("PB019", "Statement[0].Action[0]")]
    assert first.text[first.findings[0].start : first.findings[0].end] == '"ecs:*:*"'
    assert second.findings == ()


def test_what_is_said_of_all_policies_is_said_of_none_alone():
    free = catalog(operation("ecs/a/ping"), operation(COPY, "obs:object:get", enterprise="no"), levels={"obs": AX})
    for code, of, given_blocks, goal in (
        ("PB005", MIXED, [deny("ecs:servers:start", "obs:object:get")], Goal.UNDECIDED),
        ("PB048", MIXED, [BOTH, deny("obs:object:get")], Goal.UNDECIDED),
        ("PB051", free, [deny("ecs:servers:start", "obs:object:get"), ticked_deny("ecs/a/ping")], Goal.UNDECIDED),
        ("PB052", MIXED, [BOTH, Block(Selection(frozenset({COPY})))], Goal.ENTERPRISE_PROJECT),
    ):
        policy = compile_blocks(of, given_blocks, goal=goal)

        assert policy.divided
        assert [each.finding.code for each in policy.shared_findings].count(code) == 1, code
        assert code not in {each.finding.code for document in policy.documents for each in document.findings}


def test_policy_that_only_denies_beside_one_that_allows_is_no_finding():
    policy = compile_blocks(MIXED, [single("ecs:servers:start"), deny("obs:object:get", "ecs:servers:start")])

    assert policy.divided
    assert "PB005" not in {each.finding.code for document in policy.documents for each in document.findings}


@st.composite
def blocks(draw):
    names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True)
    limits = st.sampled_from([(), (MFA,)])
    block = st.builds(
        lambda found, effect, conditions: single(*found, effect=effect, conditions=conditions),
        names,
        st.sampled_from([Effect.ALLOW, Effect.ALLOW, Effect.DENY]),
        limits,
    )
    kept = st.sampled_from(KEPT).map(lambda text: Block(kept=text))
    return draw(st.lists(st.one_of(block, block, block, kept), min_size=1, max_size=5))


SOME = [
    *MIXED.action_index.actions,
    "foo:bar:get",
    "foo:bar:list",
    "obs:tomorrow:list",
    "ecs:tomorrow:get",
    "q:q:start",
]


def level_of(of, name):
    """The level of the service that an action belongs to, XA where nobody knows the service."""
    return {prefix: each.level for each in of.services for prefix in each.prefixes}.get(name.partition(":")[0], XA)


def said(statements, name):
    """The effects of the statements that speak of an action, each with its conditions: the plain reference."""
    return {
        (each.effect, each.conditions)
        for each in statements
        if any(stands_for(pattern, name) for pattern in each.not_actions or each.actions) != bool(each.not_actions)
    }


def granted(of, given_blocks):
    """The blocks as statements with all their grants, before anything is laid out."""
    for block in given_blocks:
        if not block.kept:
            names = tuple(grant.action for grant in block_grants(of, block))
            yield Statement(block.effect, names, conditions=block.conditions)
        elif (statement := kept_statement(block.kept)) is not None:
            yield statement


def assert_divided_by_level(of, given_blocks, names):
    """For every name, the policies of its level say together what the blocks say, and hold no service of the other."""
    policy = compile_blocks(of, given_blocks)
    whole = list(granted(of, given_blocks))
    if not policy.divided:
        (only,) = policy.documents
        assert (only.level, only.text) == (None, policy.text)
        assert only.mixed or len({level_of(of, name) for name in of.action_index.actions if said(whole, name)}) < 2
        return
    assert [each.level for each in policy.documents] == [XA, AX]
    for each in policy.documents:
        named = {name for name in each.document.actions() if "*" not in name.partition(":")[0]}
        assert {level_of(of, name) for name in named} <= {each.level}
        assert each.mixed is None
    for name in names:
        there = [s for each in policy.documents if each.level is level_of(of, name) for s in each.document.statements]
        assert said(there, name) == said(whole, name), name


@law
@given(blocks())
def test_policies_say_at_their_level_what_the_blocks_say_whatever_stands_in_them(given_blocks):
    assert_divided_by_level(MIXED, given_blocks, SOME)


EVERYWHERE = ["*:*:*", "*:*:list*", "*:*:*elete*", "i*:*:*", "o*:*:get*", "e*:*:list", "*:*:createServers*", "obs:*:*"]


@st.composite
def drafts_of_the_whole_cloud(draw):
    of = whole_catalog()
    some = st.frozensets(st.sampled_from(sorted(of.operations)), max_size=3)
    names = st.frozensets(st.sampled_from(EVERYWHERE) | st.sampled_from(sorted(of.action_index.actions)), max_size=2)
    allow = st.builds(Block, st.builds(Selection, some, actions=names))
    other = st.builds(Block, st.builds(Selection, actions=names), st.sampled_from(Effect))
    return [draw(allow), *draw(st.lists(other, max_size=1))]


@tried(60)
@given(drafts_of_the_whole_cloud())
def test_policies_of_the_whole_cloud_allow_what_was_selected_each_at_its_level(given_blocks):
    of = whole_catalog()
    asked = [name for statement in granted(of, given_blocks) for name in statement.actions if "*" not in name]

    assert_divided_by_level(of, given_blocks, [*asked, *list(of.action_index.actions)[::17]])


@pytest.mark.parametrize("wildcard", ["*:*:*", "*:*:list*", "o*:*:get*", "ecs:*:*"])
def test_every_operation_of_the_whole_cloud_is_allowed_at_its_level_beside_a_wildcard(wildcard):
    """All operations at once, with a wildcard that removes the names it covers."""
    of = whole_catalog()
    selection = Selection(frozenset(of.operations), actions=frozenset({wildcard}))

    policy = compile_selection(of, selection)

    at_level = {each.level: NameIndex.of(each.document.actions()) for each in policy.documents}
    granted_names = {grant.action for grant in close(of, selection) if not grant.action.startswith("*")}
    assert [name for name in sorted(granted_names) if name not in at_level[level_of(of, name)]] == []
