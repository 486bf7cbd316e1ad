"""Commands that change the selection of one block; the others are tried in test_forms.py, where they are pressed."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from policybuilder.domain.building.blocks import Block, block_grants
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.catalog.name_index import NameIndex
from policybuilder.domain.policy.document import Effect
from policybuilder.drafts.selection_commands import SELECTION_COMMANDS
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
        # A block that denies names no dependencies, so that these have to stand by themselves.
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
@given(cases(), st.sampled_from(Effect), st.data())
def test_expanding_changes_nothing_of_what_the_catalogue_has(case, effect, data):
    of, selection = case
    assume(of.actions)
    wildcard = data.draw(st.sampled_from([name for name in [*WILDCARDS, "*:*:*"] if of.expand(name)]))
    selection = replace(selection, actions=selection.actions | {wildcard})

    after = expand(selection, wildcard, of)

    def granted(of_which):
        names = NameIndex.of(grant.action for grant in block_grants(of, Block(of_which, effect)))
        return {action for action in of.actions if action in names}

    assert granted(after) == granted(selection)
    assert after.actions - selection.actions <= of.actions.keys()
