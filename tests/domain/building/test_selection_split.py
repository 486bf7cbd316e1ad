from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.access.conditions import Context
from policybuilder.domain.access.evaluation import Evaluator, GrantedPolicy, Project, Request
from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.closure import close
from policybuilder.domain.building.compiler import compile_blocks, compile_selection
from policybuilder.domain.building.scope_division import (
    BOTH,
    MOST_WRITTEN,
    NO_OPERATION,
    ONLY_DENIES,
    ONLY_IAM,
    TOO_LARGE,
)
from policybuilder.domain.building.selection import Dependencies, Selection
from policybuilder.domain.building.selection_split import ScopeSplit, divide_blocks, split_blocks, split_by_scope
from policybuilder.domain.catalog.name_index import NameIndex
from policybuilder.domain.catalog.scope import Verdict
from policybuilder.domain.policy.document import Condition, Effect
from tests.builders import catalog, operation, option, published, real_catalog
from tests.domain.strategies import cases, catalogs, law, selections

OWN, NATIVE, NEEDS_NATIVE, EITHER = "ecs/a/own", "ecs/a/native", "ecs/a/needs-native", "ecs/a/either"

SMALL = catalog(
    operation(OWN, "ecs:own:use", needs=["evs:varies:use"]),
    operation(NATIVE, "ecs:native:use", enterprise="no", needs=["evs:varies:use"]),
    operation(NEEDS_NATIVE, "ecs:own:set", needs=["ecs:native:use"]),
    operation(
        EITHER,
        "ecs:own:get",
        options=[option("own", needs=["evs:yes:use"]), option("native", needs=["ecs:native:use"])],
    ),
    operation("ecs/a/ping"),
    operation("ecs/a/native-ping", enterprise="no"),
    operation("ecs/a/wild", "ecs:own:list", needs=["evs:*:use"]),
    operation("ecs/a/far", "ecs:own:far", needs=["ecs:own:set"]),
    actions=[published(f"evs:{support}:use", support) for support in ("yes", "varies", "unknown")],
)


def ticked(*ids, **rest):
    return Selection(frozenset(ids), **{name: frozenset(values) for name, values in rest.items()})


@pytest.mark.parametrize(
    ("selection", "enterprise", "iam"),
    [
        (ticked(), ticked(), ticked()),
        (ticked(OWN, NATIVE), ticked(OWN), ticked(NATIVE)),
        (ticked(OWN, NEEDS_NATIVE), ticked(OWN), ticked(NEEDS_NATIVE)),
        (ticked("ecs/a/ping", "ecs/a/native-ping"), ticked("ecs/a/ping"), ticked("ecs/a/native-ping")),
        (ticked("ecs/a/wild"), ticked(), ticked("ecs/a/wild")),  # its wildcard covers an action of unknown scope
        (
            ticked(OWN, actions={"ecs:own:use", "ecs:native:use", "evs:unknown:use", "obs:a:get", "ecs:own:*"}),
            ticked(OWN, actions={"ecs:own:use", "ecs:own:*"}),
            ticked(actions={"ecs:native:use", "evs:unknown:use", "obs:a:get"}),
        ),
    ],
)
def test_split_by_scope_puts_operations_where_they_work(selection, enterprise, iam):
    assert split_by_scope(SMALL, selection) == ScopeSplit(enterprise, iam)


def test_what_was_left_out_and_is_granted_for_another_stands_beside_the_operation():
    wild, own = "ecs/a/far", "ecs/a/needs-native"  # far needs the own action of the other one
    selection = ticked(wild, own, without={"ecs:own:set"})

    assert split_by_scope(SMALL, selection) == ScopeSplit(
        ticked(wild, without={"ecs:own:set"}, actions={"ecs:own:set"}), ticked(own, without={"ecs:own:set"})
    )


def test_split_by_scope_looks_at_the_chosen_options():
    off = {(EITHER, "native")}

    assert split_by_scope(SMALL, ticked(EITHER)) == ScopeSplit(ticked(), ticked(EITHER))
    assert split_by_scope(SMALL, ticked(EITHER, options_off=off)) == ScopeSplit(
        ticked(EITHER, options_off=off), ticked()
    )


def test_split_by_scope_keeps_what_was_left_out_and_the_switch():
    left_out = {"ecs:native:use"}

    assert split_by_scope(SMALL, ticked(NEEDS_NATIVE, OWN, without=left_out)) == ScopeSplit(
        ticked(NEEDS_NATIVE, OWN, without=left_out), ticked(without=left_out)
    )
    # it is granted all the same, as the own action of another one
    both = ticked(NEEDS_NATIVE, NATIVE, without=left_out)
    assert split_by_scope(SMALL, both).iam == both

    everything = replace(ticked("ecs/a/far"), dependencies=Dependencies.ALL)
    assert split_by_scope(SMALL, ticked("ecs/a/far")).enterprise == ticked("ecs/a/far")
    assert split_by_scope(SMALL, everything).iam == everything


@law
@given(cases())
def test_the_two_parts_grant_what_the_one_did(case):
    of, selection = case
    parts = split_by_scope(of, selection)

    together = {grant.action for part in (parts.enterprise, parts.iam) for grant in close(of, part)}
    whole = {grant.action for grant in close(of, selection)}

    assert whole <= together
    assert all(name in NameIndex.of(whole) for name in together)
    assert parts.enterprise.operations | parts.iam.operations == selection.operations
    assert not parts.enterprise.operations & parts.iam.operations


@law
@given(cases())
def test_the_enterprise_part_works_in_enterprise_projects(case):
    of, selection = case

    policy = compile_selection(of, split_by_scope(of, selection).enterprise)

    assert policy.scope.verdict in {Verdict.VARIES, Verdict.IAM_AND_ENTERPRISE}
    assert policy.scope.iam_only == policy.scope.unknown == ()


@law
@given(cases())
def test_no_part_loses_an_operation(case):
    of, selection = case
    works = compile_selection(of, selection).operations.allowed & selection.operations

    for part in (parts := split_by_scope(of, selection)).enterprise, parts.iam:
        assert compile_selection(of, part).operations.allowed >= works & part.operations


# Several blocks

MFA = (Condition("Bool", "g:MFAPresent", ("true",)),)
LIMITED = Block(ticked(OWN, NATIVE), Effect.ALLOW, "label", MFA, ("OBS:*:*:a:b",))
DENY = Block(ticked(NATIVE, OWN), Effect.DENY, "no", MFA)
DENY_OWN, DENY_NATIVE = Block(ticked(OWN), Effect.DENY), Block(ticked(NATIVE), Effect.DENY)
DENY_NOTHING = Block(ticked(actions={"obs:a:b"}), Effect.DENY)
KEPT_ALLOW = Block(kept='{"Effect":"Allow","NotAction":["ecs:own:use"]}')
KEPT_DENY = Block(kept='{"Effect":"Deny","NotAction":["ecs:own:use"]}')
KEPT_ODD = Block(kept='{"Effekt":"Deny"}')


@pytest.mark.parametrize(
    ("blocks", "enterprise", "iam"),
    [
        ([], (), ()),
        ([Block(), Block(label="empty", conditions=MFA)], (), ()),
        ([Block(ticked(OWN))], (Block(ticked(OWN)),), ()),
        ([Block(ticked(NATIVE))], (), (Block(ticked(NATIVE)),)),
        ([Block(ticked(actions={"ecs:own:use"}))], (Block(ticked(actions={"ecs:own:use"})),), ()),
        (
            [LIMITED, Block(), Block(ticked(OWN))],
            (replace(LIMITED, selection=ticked(OWN)), Block(ticked(OWN))),
            (replace(LIMITED, selection=ticked(NATIVE)),),
        ),
        (
            [DENY, LIMITED, KEPT_ALLOW],
            (DENY, replace(LIMITED, selection=ticked(OWN))),
            (DENY, replace(LIMITED, selection=ticked(NATIVE)), KEPT_ALLOW),
        ),
        ([DENY], (), ()),
        ([DENY, KEPT_DENY], (), ()),
        ([DENY, Block(ticked(OWN))], (DENY, Block(ticked(OWN))), ()),
        ([KEPT_DENY, Block(ticked(NATIVE))], (), (KEPT_DENY, Block(ticked(NATIVE)))),
        (
            [DENY_OWN, DENY_NATIVE, Block(ticked(OWN, NATIVE))],
            (DENY_OWN, Block(ticked(OWN))),
            (DENY_NATIVE, Block(ticked(NATIVE))),
        ),
        (
            [DENY_NOTHING, Block(ticked(OWN, NATIVE))],
            (DENY_NOTHING, Block(ticked(OWN))),
            (DENY_NOTHING, Block(ticked(NATIVE))),
        ),
        ([KEPT_ODD], (), ()),
        ([KEPT_ODD, Block(ticked(OWN))], (KEPT_ODD, Block(ticked(OWN))), ()),
        ([KEPT_ALLOW], (), (KEPT_ALLOW,)),
        # a wildcard that reaches both stays in the companion; what works in enterprise projects is named beside it
        (
            [Block(ticked(actions={"ecs:*:use", "ecs:own:get"}))],
            (Block(ticked(actions={"ecs:own:use", "ecs:own:get"})),),
            (Block(ticked(actions={"ecs:*:use"})),),
        ),
    ],
)
def test_split_blocks_divides_what_allows_and_repeats_the_rest(blocks, enterprise, iam):
    assert split_blocks(SMALL, blocks) == (enterprise, iam)


@st.composite
def block_cases(draw):
    of = draw(catalogs())
    plain = st.builds(Block, selections(of), st.sampled_from(Effect), conditions=st.sampled_from([(), MFA]))
    return of, draw(st.lists(plain | st.sampled_from([KEPT_ALLOW, KEPT_DENY, DENY_NOTHING]), max_size=4))


@law
@given(block_cases())
def test_the_two_policies_allow_together_what_the_one_did_and_neither_allows_more(case):
    of, blocks = case
    whole = compile_blocks(of, blocks).document

    parts = [compile_blocks(of, part).document for part in split_blocks(of, blocks)]

    def decided(name, project, context, *granted):
        policies = [GrantedPolicy("", document, place) for document, place in granted]
        return Evaluator(of, policies).evaluate(Request(name, project, context)).decision

    contexts = [Context.of({"g:MFAPresent": [value]}) for value in ("true", "false")]
    for name, context in product([*of.action_index.actions, "ecs:cloudServers:delete", "obs:a:b"], contexts):
        for part in parts:
            if decided(name, Project.IAM, context, (part, Project.IAM)) == "allowed":
                assert decided(name, Project.IAM, context, (whole, Project.IAM)) == "allowed"
        if decided(name, Project.ENTERPRISE, context, (whole, Project.ENTERPRISE)) == "allowed":
            granted = zip(parts, (Project.ENTERPRISE, Project.IAM), strict=True)
            assert decided(name, Project.ENTERPRISE, context, *granted) == "allowed"
    assert all(any(s.effect is Effect.ALLOW for s in part.statements) for part in parts if part.statements)


def test_blocks_that_stay_one_policy_come_with_the_reason():
    unknown, iam_only = Block(ticked(actions={"obs:a:get"})), Block(ticked(actions={"ecs:native:use"}))
    cases = [
        ([], BOTH),
        ([Block(ticked(OWN))], BOTH),
        ([DENY_OWN, Block(ticked(OWN))], BOTH),
        ([DENY_OWN], ONLY_DENIES),
        ([KEPT_DENY, Block()], ONLY_DENIES),
        ([iam_only], ONLY_IAM),
        ([unknown], ONLY_IAM),
        ([iam_only, unknown], ONLY_IAM),
        ([Block(ticked(actions={"ecs:native:use", "obs:a:get", "evs:unknown:use"}))], ONLY_IAM),
        ([Block(ticked(NATIVE))], NO_OPERATION),  # its dependencies would work
        ([Block(ticked(NATIVE)), unknown], NO_OPERATION),
        ([Block(ticked(OWN)), iam_only], ""),
        ([Block(ticked(OWN)), unknown], ""),
    ]
    for blocks, whole in cases:
        assert divide_blocks(SMALL, blocks).whole == whole, blocks


def test_wildcards_that_would_be_written_as_too_many_actions_leave_the_policy_whole():
    of = real_catalog()
    each = len(of.action_index.expand("*:*:*"))
    fitting = [Block(Selection(actions=frozenset({"*:*:*"})))] * (MOST_WRITTEN // each)

    assert divide_blocks(of, fitting).whole == ""
    assert divide_blocks(of, [*fitting, fitting[0]]).whole == TOO_LARGE
