"""Where a policy is to be granted adds to what is said of it, and changes nothing of what it is."""

from dataclasses import replace

import pytest
from hypothesis import given

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.compiler import compile_blocks, compile_selection
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.catalog.entries import Support
from policybuilder.domain.catalog.scope import Goal, has_effect
from policybuilder.domain.policy.document import Effect
from policybuilder.domain.rules import own_whole
from tests.builders import catalog, operation, real_catalog, whole_catalog
from tests.domain.strategies import cases
from tests.laws import tried

CATALOG = real_catalog()
START_NATIVE = "ecs/ecs-status-management/starting-an-ecs-native"
START_BATCH = "ecs/batch-operations/starting-ecss-in-a-batch"
LOCK_NATIVE = "ecs/ecs-status-management/locking-an-ecs-native"


@tried(100)
@given(cases())
def test_goal_changes_neither_policies_nor_what_they_allow(case):
    rows, selection = case
    plain = compile_selection(rows, selection)

    for goal in Goal:
        found = compile_selection(rows, selection, goal=goal)
        assert [document.text for document in found.documents] == [document.text for document in plain.documents]
        assert (found.operations, found.scope, found.openings) == (plain.operations, plain.scope, plain.openings)
        assert [each for each in found.findings if each.finding.code != "PB052"] == list(plain.findings)


@pytest.mark.parametrize("goal", [Goal.IAM_PROJECT, Goal.ENTERPRISE_PROJECT])
def test_of_everything_exactly_what_has_no_effect_there_is_excluded(goal):
    """Operations can have none though their actions may: the calls of an action can differ."""
    whole = whole_catalog()
    everything = compile_selection(whole, Selection(operations=frozenset(whole.operations)), goal=goal)

    def without(entries):
        return [name for name, entry in entries.items() if not has_effect(entry.scope, goal)]

    granted = {found for grant in everything.grants for found in whole.action_index.expand(grant.action)}
    asked = {id_: operation for id_, operation in whole.operations.items() if not operation.free}
    assert list(everything.excluded.operations) == without(asked)
    assert list(everything.excluded.actions) == sorted(granted.intersection(without(whole.action_index.actions)))
    assert whole.operations[START_NATIVE].scope.iam_project is Support.YES


def _goal_findings(selection, goal, effect=Effect.ALLOW):
    policy = compile_blocks(CATALOG, (Block(selection, effect),), goal=goal)
    return [e.finding for e in policy.findings if e.finding.code == "PB052"]


def test_what_has_no_effect_is_named_with_the_way_out():
    both = Selection(operations=frozenset({START_NATIVE, START_BATCH}))
    lock = Selection(operations=frozenset({LOCK_NATIVE}))
    single = Selection(actions=frozenset({"ecs:servers:lock"}))
    here = Goal.ENTERPRISE_PROJECT

    (native,) = _goal_findings(both, here)
    assert native.wording == own_whole.OPERATION_HAS_SUBSTITUTE
    assert native.values["titles"] == ["Starting an ECS (native OpenStack API)"]
    assert native.values["place"] == here.place
    assert _goal_findings(lock, here)[0].wording == own_whole.OPERATION_UNFIT
    (action,) = _goal_findings(single, here)
    assert (action.wording, action.values["names"]) == (own_whole.ACTION_UNFIT_IN_ENTERPRISE, ["ecs:servers:lock"])
    for goal in (Goal.UNDECIDED, Goal.IAM_PROJECT):
        assert _goal_findings(both, goal) == []
    assert _goal_findings(both, here, Effect.DENY) == []


def test_what_has_no_effect_in_iam_projects_is_not_to_be_granted_there():
    row = operation("obs/tags/put", "obs:tags:put")
    row = replace(row, scope=replace(row.scope, iam_project=Support.NO))

    policy = compile_selection(catalog(row), Selection(actions=frozenset(row.actions)), goal=Goal.IAM_PROJECT)

    assert [each.finding.wording for each in policy.findings if each.finding.code == "PB052"] == [
        own_whole.ACTION_UNFIT
    ]
