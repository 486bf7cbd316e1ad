"""Fixes in the builder: each changes the blocks that it is about, and those only."""

import re
from dataclasses import replace

import pytest
from hypothesis import given

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.compiler import compile_blocks
from policybuilder.domain.building.importing import NOT_ONE_LIST, read_blocks
from policybuilder.domain.building.selection import Dependencies, Selection
from policybuilder.domain.jsontext.repairs import Edit
from policybuilder.domain.jsontext.source import read
from policybuilder.domain.policy.document import Condition, Effect
from policybuilder.domain.policy.reading import find_policies
from policybuilder.domain.rules.rule import Fix
from policybuilder.drafts.draft import Draft, with_editable
from policybuilder.drafts.mending import NOT_MENDED, mended
from policybuilder.web.commands import RefusedError
from tests.builders import catalog, operation
from tests.domain.strategies import law
from tests.domain.whole_policies import policies_of_blocks

LIST, DELETE, TAG = "ecs/servers/list", "ecs/servers/delete", "ecs/servers/tag"

CATALOG = catalog(
    operation(LIST, "ecs:servers:list"),
    operation(DELETE, "ecs:servers:delete", needs=["evs:volumes:get", "evs:volumes:delete"]),
    operation(TAG, "ecs:cloudServers:batchSetServerTags"),
)
MFA = (Condition("Bool", "g:MFAPresent", ("true",)),)


def ticked(*ids, **rest):
    more = {name: frozenset(values) for name, values in rest.items() if name != "dependencies"}
    return Selection(frozenset(ids), dependencies=rest.get("dependencies", Dependencies.DIRECT), **more)


# What no reading of the text could give back.
BESIDE = Block(
    ticked(DELETE, without={"evs:volumes:delete"}, dependencies=Dependencies.ALL), label="beside", conditions=MFA
)
DENY = Block(ticked(DELETE), Effect.DENY, "denies")


def draft(*blocks, extra=""):
    return Draft(blocks, "name", extra)


def fixes(before, code):
    found = compile_blocks(CATALOG, before.blocks, before.extra).findings
    return [each.fix for each in found if each.finding.code == code and each.fix]


def mend(before, fix):
    return mended(CATALOG, before, compile_blocks(CATALOG, before.blocks, before.extra), fix)


def respelt(before, *pairs):
    """A fix that puts other texts in the place of some, each of which stands once in the policy."""
    text = compile_blocks(CATALOG, before.blocks, before.extra).text
    assert [text.count(old) for old, _ in pairs] == [1] * len(pairs)
    return Fix("", tuple(Edit(text.index(old), text.index(old) + len(old), new) for old, new in pairs))


@pytest.mark.parametrize(
    ("code", "block", "expected"),
    [
        ("PB012", Block(ticked(LIST, actions={"ecs:cloudServers:put"})), Block(ticked(LIST, TAG))),
        ("IAM.1029", Block(kept='{"Effect":"deny","Action":["ecs:servers:list"]}'), Block(ticked(LIST), Effect.DENY)),
        ("IAM.1030", Block(kept='{"Effect":"Allow","Action":"ecs:servers:list"}'), Block(ticked(LIST))),
        ("IAM.1059", Block(kept='{"Effect":"Allow","Action":["ecs:servers:list"],"Sid":1}'), Block(ticked(LIST))),
        ("PB013", Block(kept='{"Effect":"Allow","Action":["ECS:servers:list"]}'), Block(ticked(LIST))),
        (
            "PB014",
            Block(kept='{"Effect":"Deny","NotAction":["ecs:a:b","ecs:a:b"]}'),
            Block(kept='{"Effect":"Deny","NotAction":["ecs:a:b"]}'),
        ),
    ],
)
def test_fix_changes_its_block_and_keeps_labels(code, block, expected):
    before = draft(BESIDE, replace(block, label="mine"), DENY, extra='{"depends":[]}')

    (fix,) = fixes(before, code)

    after = draft(BESIDE, replace(expected, label="mine"), DENY, extra='{"depends":[]}')
    assert mend(before, fix) == after
    assert fixes(after, code) == []


def test_each_of_two_equal_findings_changes_its_own_block():
    older = Block(ticked(LIST, actions={"ecs:cloudServers:put"}))
    before = draft(replace(older, label="first"), BESIDE, replace(older, effect=Effect.DENY, label="second"))

    (denied,), (allowed,) = fixes(before, "PB011"), fixes(before, "PB012")

    kept_shut = Block(ticked(LIST, TAG, actions={"ecs:cloudServers:put"}), Effect.DENY, "second")
    assert mend(before, denied) == draft(*before.blocks[:2], kept_shut)
    assert mend(before, allowed) == draft(Block(ticked(LIST, TAG), label="first"), *before.blocks[1:])


def test_statement_that_stands_twice_is_taken_out_of_the_second_block():
    twice = Block(ticked(LIST), label="once")
    before = draft(BESIDE, twice, DENY, replace(twice, label="again"))

    (fix,) = fixes(before, "PB017")

    assert mend(before, fix) == draft(BESIDE, twice, DENY)


def test_statement_is_taken_out_of_a_block_of_several():
    """Both blocks need the same of EVS, and nothing else."""
    first = Block(ticked(actions={"ecs:servers:list", "evs:volumes:get"}), label="first")
    second = Block(ticked(actions={"ecs:cloudServers:batchSetServerTags", "evs:volumes:get"}), label="second")

    (fix,) = fixes(draft(first, second), "PB017")

    assert mend(draft(first, second), fix) == draft(first, Block(ticked(TAG), label="second"))


def test_what_stands_beside_the_statements_is_mended_without_touching_them():
    before = draft(BESIDE, DENY, extra='{"Version":"1.0","depends":[]}')

    (fix,) = fixes(before, "IAM.1024")

    assert mend(before, fix) == draft(BESIDE, DENY, extra='{"depends":[]}')


def test_block_that_falls_apart_gives_its_label_to_all_its_parts():
    block = Block(ticked(DELETE), label="mine")
    text = compile_blocks(CATALOG, [block]).text
    at = text.rindex("Allow")

    after = mend(draft(block, BESIDE), Fix("", (Edit(at, at + 5, "Deny"),)))

    assert after == draft(
        Block(ticked(actions={"ecs:servers:delete"}), label="mine"),
        Block(ticked(actions={"evs:volumes:get", "evs:volumes:delete"}), Effect.DENY, "mine"),
        BESIDE,
    )


def test_several_blocks_keep_their_labels_where_each_stays_one():
    one, other = Block(ticked(LIST), label="one"), Block(ticked(TAG), Effect.DENY, "other")
    before = draft(one, other, BESIDE)
    renamed = respelt(before, ("ecs:servers:list", "ecs:servers:get"), ("ecs:cloudServers:batchSet", "ecs:x:"))
    joined = respelt(before, ("Deny", "Allow"), ("ecs:servers:list", "ecs:servers:get"))

    assert mend(before, renamed) == draft(
        Block(ticked(actions={"ecs:servers:get"}), label="one"),
        Block(ticked(actions={"ecs:x:ServerTags"}), Effect.DENY, "other"),
        BESIDE,
    )
    assert mend(before, joined) == draft(Block(ticked(TAG, actions={"ecs:servers:get"})), BESIDE)


def test_a_block_to_tick_in_is_left_when_all_others_are_kept():
    kept = Block(kept='{"Effect":"Deny","NotAction":["ecs:servers:list"]}')
    before = draft(kept, Block(ticked(LIST)))

    assert mend(before, respelt(before, ('"Allow"', '"Permit"'))) == draft(
        kept, Block(kept='{"Effect":"Permit","Action":["ecs:servers:list"]}'), Block()
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"Version"', "Version: {", NOT_MENDED),
        ('"Statement"', '"Statements"', re.escape(NOT_ONE_LIST)),
    ],
)
def test_what_cannot_be_edited_afterwards_is_refused(old, new, message):
    before = draft(BESIDE)

    with pytest.raises(RefusedError, match=f"^{message}"):
        mend(before, respelt(before, (old, new)))


def meaning(of, document):
    """What each statement says of each action of the catalogue, and of what else it names."""
    return {
        (s.effect, s.not_actions, s.conditions, s.resources, action)
        for s in document.statements
        for name in s.actions
        for action in (of.action_index.expand(name) or (name.lower(),))
    }


@law
@given(policies_of_blocks())
def test_every_fix_makes_the_corrected_policy_and_leaves_other_blocks_alone(case):
    of, blocks, extra = case
    before = Draft(with_editable(blocks), "name", extra)
    policy = compile_blocks(of, before.blocks, extra)
    for each in policy.findings:
        if each.fix is None:
            continue
        corrected = read_blocks(of, find_policies(read(each.fix.apply(policy.text)).root)[0])

        after = mended(of, before, policy, each.fix)

        assert (after.name, after.extra) == ("name", corrected.extra)
        assert meaning(of, compile_blocks(of, after.blocks).document) == meaning(
            of, compile_blocks(of, corrected.blocks).document
        )
        untouched = [
            part.block
            for part in policy.blocks
            if each.start is not None
            and not any(
                node.start <= each.start < node.end
                for node in policy.source.root.get("Statement").items[part.first : part.first + part.count]
            )
        ]
        assert [block for block in after.blocks if block in untouched] == untouched
