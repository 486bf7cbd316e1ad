"""What the blocks of a policy may hold, so that whatever is shown of it is there in time."""

import json
import random
from itertools import islice

import pytest

from policybuilder.domain.building import bounds
from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.bounds import MOST_ACTIONS, MOST_CONDITIONS, MOST_WILDCARDS, excess
from policybuilder.domain.building.importing import CannotEditError, read_blocks
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.jsontext.source import read
from policybuilder.domain.policy.document import Condition
from policybuilder.domain.policy.reading import FoundPolicy
from tests.builders import real_catalog

CATALOG = real_catalog()
WILDCARDS = [f"ecs:*{at}*:*" for at in range(MOST_WILDCARDS + 1)]
ACTIONS = [f"dns:zone{at}:get" for at in range(MOST_ACTIONS + 1)]
TOO_MANY_WILDCARDS = bounds.TOO_MANY_WILDCARDS.format(n=101, most=100)
TOO_MANY_ACTIONS = bounds.TOO_MANY_ACTIONS.format(n=801, most=800)


CONDITIONS = tuple(Condition("StringEquals", f"a:{at}", ("b",)) for at in range(MOST_CONDITIONS + 1))
TOO_MANY_CONDITIONS = bounds.TOO_MANY_CONDITIONS.format(n=101, most=100)


def conditioned(key) -> Block:
    condition = {"StringEquals": {key: ["c"]}}
    return Block(kept=json.dumps({"Effect": "Deny", "NotAction": ["ecs:*:*"], "Condition": condition}))


def block(*names, **more) -> Block:
    return Block(Selection(actions=frozenset(names), **more))


def kept(*names) -> Block:
    return Block(kept=json.dumps({"Effect": "Deny", "NotAction": names}))


@pytest.mark.parametrize(
    ("blocks", "says"),
    [
        ([block(*WILDCARDS[:-1], *ACTIONS[: MOST_ACTIONS - MOST_WILDCARDS])], ""),
        ([block(*WILDCARDS)], TOO_MANY_WILDCARDS),
        ([Block(conditions=CONDITIONS[:-1])], ""),
        ([Block(conditions=CONDITIONS[:60]), Block(conditions=CONDITIONS[60:])], TOO_MANY_CONDITIONS),
        ([Block(conditions=CONDITIONS[:-1]), conditioned("a:b")], TOO_MANY_CONDITIONS),
        ([block(*ACTIONS)], TOO_MANY_ACTIONS),
        (
            [block(*WILDCARDS[:60]), block(*WILDCARDS[60:])],
            TOO_MANY_WILDCARDS,
        ),
        (
            [block(*WILDCARDS[:60]), kept(*WILDCARDS[60:])],
            TOO_MANY_WILDCARDS,
        ),
        (
            [block(*ACTIONS[:-1], without=frozenset({"evs:volumes:use"}))],
            TOO_MANY_ACTIONS,
        ),
        ([block(*WILDCARDS[:60], only_reading=frozenset(WILDCARDS[60:]))], TOO_MANY_WILDCARDS),
        ([Block(Selection(frozenset(CATALOG.operations)))] * 20, ""),
    ],
)
def test_wildcards_and_single_actions_of_all_blocks_count(blocks, says):
    assert excess(blocks) == says


@pytest.mark.parametrize(("names", "says"), [(WILDCARDS, "It holds 101 wildcards"), (ACTIONS, "It holds 801 actions")])
def test_policy_that_holds_too_much_is_not_taken_into_the_builder(names, says):
    text = json.dumps({"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": names}]})
    with pytest.raises(CannotEditError, match=says):
        read_blocks(CATALOG, FoundPolicy(read(text).root, ""))
    fewer = text.replace(f', "{names[-1]}"', "")
    assert read_blocks(CATALOG, FoundPolicy(read(fewer).root, "")).blocks


def test_statements_count_together_in_whatever_order():
    chance = random.Random(4)
    for _ in range(20):
        names = iter(chance.sample(WILDCARDS, len(WILDCARDS)))
        parts = [tuple(islice(names, chance.randint(1, 40))) for _ in range(9)]
        blocks = [chance.choice([block, kept])(*part) for part in [*parts, tuple(names)]]
        assert excess(blocks) == TOO_MANY_WILDCARDS
