"""What makes a policy IAM-only, seen from each of its blocks."""

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.causes import Causes
from policybuilder.domain.building.compiler import compile_blocks
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.catalog.scope import Goal
from policybuilder.domain.policy.document import Effect
from tests.builders import catalog, operation

LIST, LOCK, START = "ecs/servers/list", "ecs/servers/lock", "ecs/servers/start"
OF = catalog(
    operation(LIST, "ecs:servers:list"),
    operation(LOCK, "ecs:servers:lock", enterprise="no"),
    operation(START, "ecs:servers:start", enterprise="no", alternative=LIST),
)


def block(*ids, actions=(), effect=Effect.ALLOW):
    return Block(Selection(frozenset(ids), actions=frozenset(actions)), effect)


def deny(*ids, **rest):
    return block(*ids, effect=Effect.DENY, **rest)


def causes(blocks, at=0, **rest):
    return Causes(OF, compile_blocks(OF, blocks, **rest), at)


KEPT = Block(kept='{"Effect":"Allow","Action":["ecs:servers:lock"]}')
KEPT_DENY = Block(kept='{"Effect":"Deny","Action":["ecs:servers:lock"]}')


def test_other_blocks_with_iam_only_actions_are_those_of_the_effect_that_counts():
    cases = [
        ([block(LOCK)], [()]),
        ([block(LOCK), block(START), block(LIST)], [(2,), (1,), (1, 2)]),
        ([block(LIST), block(actions=["ecs:*:*"]), KEPT], [(2, 3), (3,), (2,)]),
        # Beside an Allow, a Deny does no harm.
        ([block(LIST, LOCK), deny(LOCK)], [(), (1,)]),
        ([deny(LOCK), block(LOCK), KEPT_DENY, block(START)], [(2, 4), (4,), (2, 4), (2,)]),
        # A policy that only denies has an effect in IAM projects only.
        ([deny(LOCK), deny(LIST), deny(START), KEPT_DENY], [(3, 4), (1, 3, 4), (1, 4), (1, 3)]),
        ([block(LIST), deny(LOCK)], [(), ()]),
    ]
    for blocks, elsewhere in cases:
        assert [causes(blocks, at).elsewhere for at in range(len(blocks))] == elsewhere


def test_block_of_the_other_effect_holds_no_cause():
    blocks = [block(LOCK, START, LIST, actions=["ecs:*:lock"]), deny(LOCK, actions=["ecs:*:lock"])]
    here, beside = causes(blocks, 0), causes(blocks, 1)

    assert [each.operation.id for each in here.culprits] == [START, LOCK]
    assert (here.singles, here.swappable, here.denied) == (("ecs:*:lock",), 1, False)
    assert (beside.culprits, beside.singles, beside.swappable, beside.denied) == ((), (), 0, False)


def test_nothing_is_swapped_in_a_policy_that_only_denies():
    only = causes([deny(START)])

    assert [each.operation.id for each in only.culprits] == [START]
    assert (only.denied, only.swappable) == (True, 0)


def test_policy_that_is_meant_for_iam_projects_is_not_called_iam_only():
    for goal in Goal:
        assert causes([block(LOCK)], goal=goal).iam_only is (goal is not Goal.IAM_PROJECT)
        assert causes([block(LIST)], goal=goal).iam_only is False
