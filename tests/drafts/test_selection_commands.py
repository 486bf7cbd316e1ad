"""Commands that change the selection of one block; the others are tried in test_forms.py, where they are pressed."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from policybuilder.domain.building.blocks import Block, block_grants
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.catalog.name_index import NameIndex
from policybuilder.domain.policy.document import Effect
from policybuilder.drafts.selection_commands import NEVER, SELECTION_COMMANDS, change_block
from policybuilder.web.commands import RefusedError
from tests.builders import catalog, operation
from tests.domain.strategies import WILDCARDS, cases, law

LIST, DELETE = "ecs/servers/list", "ecs/servers/delete"
CATALOG = catalog(
    operation(LIST, "ecs:servers:list"),
    operation(DELETE, "ecs:servers:delete", needs=["evs:volumes:get", "evs:volumes:delete"]),
    operation("ecs/disks/list", "ecs:disks:list"),
)


def chosen(*operations, **rest):
    return Selection(frozenset(operations), **{name: frozenset(values) for name, values in rest.items()})


def expand(selection, wildcard, of=CATALOG):
    return SELECTION_COMMANDS["expand"](of, selection, wildcard, frozenset())


@pytest.mark.parametrize(
    ("wildcard", "before", "after"),
    [
        ("ecs:*:list", chosen(actions={"ecs:*:list"}), chosen(actions={"ecs:servers:list", "ecs:disks:list"})),
        ("ecs:*:list", chosen(LIST, actions={"ecs:*:list"}), chosen(LIST, actions={"ecs:disks:list"})),
        (
            "ecs:*:LIST",
            chosen(actions={"ecs:*:LIST", "ecs:disks:*", "obs:*:get"}),
            chosen(actions={"ecs:servers:list", "ecs:disks:*", "obs:*:get"}),
        ),
        (
            "evs:*:*",
            chosen(DELETE, actions={"evs:*:*"}),
            chosen(DELETE, actions={"evs:volumes:get", "evs:volumes:delete"}),
        ),
        (
            "evs:*:*",
            chosen(DELETE, actions={"evs:*:*"}, without={"evs:volumes:delete"}),
            chosen(DELETE, actions={"evs:volumes:get", "evs:volumes:delete"}, without={"evs:volumes:delete"}),
        ),
    ],
)
def test_wildcard_gives_way_to_the_actions_that_it_matches(wildcard, before, after):
    assert expand(before, wildcard) == after


@pytest.mark.parametrize("wildcard", ["obs:*:get", "ecs:servers:*", "", "no action", "ecs:*:lst"])
def test_wildcard_that_is_not_selected_or_matches_nothing_is_refused(wildcard):
    with pytest.raises(RefusedError, match=f"^“{wildcard.replace('*', '.')}” matches no action of the catalogue"):
        expand(chosen(actions={"obs:*:get", "ecs:*:lst"}), wildcard)


@law
@given(cases(), st.data())
def test_expanding_changes_nothing_of_what_the_catalogue_has(case, data):
    of, selection = case
    assume(of.action_index.actions)
    wildcard = data.draw(st.sampled_from([name for name in [*WILDCARDS, "*:*:*"] if of.action_index.expand(name)]))
    selection = replace(selection, actions=selection.actions | {wildcard})

    after = expand(selection, wildcard, of)

    def granted(of_which):
        names = NameIndex.of(grant.action for grant in block_grants(of, Block(of_which)))
        return {action for action in of.action_index.actions if action in names}

    assert granted(after) == granted(selection)
    assert after.actions - selection.actions <= of.action_index.actions.keys()


# In a Deny


NATIVE, BATCH = "ecs/servers/delete-native", "ecs/servers/delete-batch"
WITH_ALTERNATIVE = catalog(
    operation(NATIVE, "ecs:servers:deleteNative", enterprise="no", alternative=BATCH),
    operation(BATCH, "ecs:servers:deleteBatch"),
)


def denying(*operations, **rest):
    return Block(chosen(*operations, **rest), Effect.DENY)


def test_every_other_way_joins_a_denied_operation():
    """What one of them denies with its action is not ticked: its further actions would deny more."""
    plain, with_get = "evs/disks/delete", "evs/disks/delete-cinder"
    of = catalog(
        operation(NATIVE, "ecs:servers:deleteNative", same_job=[plain, with_get]),
        operation(with_get, "evs:disks:delete", "evs:disks:get"),
        operation(plain, "evs:disks:delete"),
    )

    assert change_block(of, denying(NATIVE), "also-deny", NATIVE, frozenset()) == denying(NATIVE, plain)


def test_alternative_joins_what_is_denied():
    after = change_block(WITH_ALTERNATIVE, denying(NATIVE), "also-deny", NATIVE, frozenset())

    assert after == denying(NATIVE, BATCH)
    assert change_block(WITH_ALTERNATIVE, after, "also-deny", BATCH, frozenset()) == after


@pytest.mark.parametrize(
    ("block", "command", "subject"),
    [
        (denying(NATIVE), "swap", NATIVE),
        (denying(NATIVE), "swap-all", ""),
        (denying(NATIVE), "complete", NATIVE),
        (denying(NATIVE), "leave-out", "ecs:servers:deleteNative"),
        (denying(actions={"ecs:servers:*"}), "expand", "ecs:servers:*"),
        (Block(chosen(NATIVE)), "also-deny", NATIVE),
    ],
)
def test_command_that_the_effect_has_no_place_for_is_refused(block, command, subject):
    with pytest.raises(RefusedError) as refused:
        change_block(WITH_ALTERNATIVE, block, command, subject, frozenset())
    assert refused.value.template == NEVER[command][block.effect]


SAY_SO = {"none", "untick", "remove"}


@law
@given(cases(), st.data())
def test_no_other_button_lets_out_what_a_deny_denies(case, data):
    of, selection = case
    names = [*of.operations, *of.categories, *selection.actions, *selection.without, "ecs", "ecs:*:*", ""]
    command = data.draw(st.sampled_from(sorted(SELECTION_COMMANDS.keys() - SAY_SO)))
    block = Block(selection, Effect.DENY)
    try:
        after = change_block(of, block, command, data.draw(st.sampled_from(names)), of.operations.keys())
    except RefusedError:
        return

    assert {grant.action for grant in block_grants(of, block)} <= {g.action for g in block_grants(of, after)}


# By access


def test_commands_by_access_select_and_unselect_what_reads_or_changes():
    """A reading operation whose dependencies can change something is neither selected by Read nor taken back by it."""
    shows, opens = "ecs/servers/show", "ecs/servers/open"
    of = catalog(
        operation(shows, "ecs:servers:get", access="read"),
        operation(opens, "ecs:servers:open", access="read", needs=["evs:*:*"]),
        operation(DELETE, "ecs:servers:delete"),
        operation("evs/disks/delete", "evs:disks:delete"),
    )
    every = frozenset([shows, opens, DELETE])
    for command, before, after in (
        ("all", [], every),
        ("none", every, []),
        ("reading", [], [shows]),
        ("changing", [], [DELETE]),
        ("none-reading", every, [opens, DELETE]),
        ("none-changing", every, [shows, opens]),
    ):
        found = change_block(of, Block(chosen(*before)), command, "ecs", of.operations.keys())

        assert (command, found.selection.operations) == (command, frozenset(after))
    narrowed = change_block(of, Block(chosen(opens)), "only-reading", "evs:*:*", frozenset())
    assert narrowed == Block(chosen(opens).read_only("evs:*:*"))
