"""Blocks whose actions are of both levels: two policies, one of each, which mean together what one would."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.access.conditions import Context
from policybuilder.domain.access.evaluation import Evaluator, GrantedPolicy, Project, Request
from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.compiler import compile_blocks, compile_selection
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.policy.document import MAX_STATEMENTS, Condition, Document, Effect, dump
from tests.builders import catalog, operation
from tests.domain.strategies import law

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
    *MIXED.actions,
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
        [single("*:*:*", "ecs:servers:start", "obs:object:get")],  # the wildcard is all that is written
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
        ([BOTH, deny("*:*:get")], [("Allow", "ecs:servers:start")], [("Allow", "obs:object:get"), ("Deny", "*:*:get")]),
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


def kept(effect, *names, **more):
    return Block(kept=json.dumps({"Effect": effect, "Action": names, **more}))


@pytest.mark.parametrize(
    ("blocks", "what_to_do"),
    [
        ([single("*:*:*"), deny("ecs:*:*", "obs:*:*")], "what statement 1 allows in every service would need a Deny"),
        ([BOTH, Block(kept='{"Effect":"Allow","NotAction":["foo:*:*"]}'), deny("obs:object:get")],
         "what statement 2 allows in every service would need a Deny"),
        ([BOTH, kept("Allow", "obs:object:get", "ecs:servers:start", Foo=1, Sid="1")],
         "Take “Foo”, “Sid” out of statement 2 first"),
        ([kept("allow", "obs:object:get", "ecs:servers:start")], "First correct what else is wrong in statement 1"),
        ([BOTH, kept("Allow", "ecs:*:a", Foo=1), deny("obs:object:get")], "Take “Foo” out of statement 2 first"),
        ([BOTH, kept("Deny", "obs:object:get", Foo=1)], "Take “Foo” out of statement 2 first"),
        ([single("*:*:*"), BOTH, kept("Deny", "obs:object:get", Condition={"Odd": {"a": []}})],
         "what statement 1 allows in every service would need a Deny"),
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


SOME = [*MIXED.actions, "foo:bar:get", "foo:bar:list", "obs:tomorrow:list", "ecs:tomorrow:get", "q:q:start"]


def deciding(*documents: Document, names=SOME):
    """What they decide together about each of these actions, with MFA and without."""
    evaluator = Evaluator(MIXED, [GrantedPolicy("", document, Project.IAM) for document in documents])
    contexts = [Context.of({"g:MFAPresent": [value]}) for value in ("true", "false")]
    asked = [Request(name, Project.IAM, context) for name in names for context in contexts]
    return [evaluator.evaluate(request).decision for request in asked]


@law
@given(blocks())
def test_policies_decide_together_as_one_would_none_allows_more_and_none_mixes_levels(given_blocks):
    policy = compile_blocks(MIXED, given_blocks)

    whole = deciding(policy.document)
    mixed = MIXED.mixes_levels(policy.document.actions())
    if not policy.divided:
        assert policy.documents[0].text == policy.text
        assert bool(policy.documents[0].mixed) == mixed
        return
    assert [each.level for each in policy.documents] == [XA, AX]
    assert mixed
    assert deciding(*(each.document for each in policy.documents)) == whole
    for each in policy.documents:
        assert {MIXED.counted_level(name) for name in each.document.actions()} <= {each.level, None}
        assert each.mixed is None
        assert all(
            one == "allowed" for one, alone in zip(whole, deciding(each.document), strict=True) if alone == "allowed"
        )
