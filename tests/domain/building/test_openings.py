"""What a policy allows only because an operation depends on a wildcard."""

from dataclasses import replace

from hypothesis import given

from policybuilder.domain.access.openings import ONE_NEEDS, Opening, opening_wording, wildcard_reach
from policybuilder.domain.access.operations import Incomplete
from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.compiler import compile_blocks, compile_selection
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.catalog.action_names import matches
from policybuilder.domain.catalog.entries import Access
from policybuilder.domain.policy.document import Condition, Effect
from tests.builders import catalog, operation
from tests.domain.strategies import cases, law

SHARE, DELETE, GET, SET = "sfs/shares/create", "vpc/ports/delete", "vpc/ports/get", "vpc/vpcs/set"
PORTS = "sfs/ports/use"

SMALL = catalog(
    operation(SHARE, "sfs:shares:create", needs=["vpc:*:*"], title="Creating a share"),
    operation(PORTS, "sfs:ports:use", needs=["vpc:ports:*"], title="Using ports"),
    operation(DELETE, "vpc:ports:delete"),
    operation(GET, "vpc:ports:get", access="read"),
    operation(SET, "vpc:vpcs:set", needs=["sfs:shares:create"]),
)


def ticked(*ids, **rest):
    return Selection(frozenset(ids), **{name: frozenset(values) for name, values in rest.items()})


def opened(*ids, **rest):
    return compile_selection(SMALL, ticked(*ids, **rest)).openings


def test_wildcard_opens_the_writing_operations_that_nobody_selected():
    assert opened(SHARE) == (Opening("vpc:*:*", (SHARE,), (DELETE, SET)),)
    assert opened(SHARE, DELETE) == (Opening("vpc:*:*", (SHARE,), (SET,)),)
    assert opened(SHARE, DELETE, SET) == ()
    assert opened(DELETE) == ()


def test_operation_lacks_a_wildcard_that_is_left_out_and_may_work_with_one_that_is_narrowed():
    for selection, in_part in (
        (ticked(SHARE, only_reading={"vpc:*:*"}), ("vpc:*:*",)),
        (ticked(SHARE, without={"vpc:*:*"}), ()),
    ):
        found = compile_selection(SMALL, selection).operations.incomplete
        assert found == (Incomplete(SHARE, ("vpc:*:*",), in_part),)
    assert compile_selection(SMALL, ticked(SHARE, only_reading={"vpc:*:*"})).operations.also_allowed == (GET,)


def test_wildcard_that_is_narrowed_left_out_or_asked_for_opens_nothing():
    assert opened(SHARE, only_reading={"vpc:*:*"}) == ()
    assert opened(SHARE, without={"vpc:*:*"}) == ()
    assert opened(SHARE, actions={"vpc:*:*"}) == ()


def test_what_stays_open_without_the_wildcard_is_not_opened_by_it():
    assert opened(SHARE, actions={"vpc:ports:delete"}) == (Opening("vpc:*:*", (SHARE,), (SET,)),)
    assert opened(SHARE, actions={"vpc:ports:delete", "vpc:vpcs:*"}) == ()


def test_what_two_wildcards_open_counts_for_the_wider_one():
    assert opened(PORTS) == (Opening("vpc:ports:*", (PORTS,), (DELETE,)),)
    assert opened(SHARE, PORTS) == (Opening("vpc:*:*", (SHARE,), (DELETE, SET)),)


def test_other_statements_count_as_well():
    share, condition = Block(ticked(SHARE)), Condition("StringEquals", "g:UserName", ("anna",))

    def found(*blocks):
        return [opening.operations for opening in compile_blocks(SMALL, blocks).openings]

    assert found(replace(share, conditions=(condition,))) == [(DELETE, SET)]
    assert found(share, Block(ticked(DELETE, SET), Effect.DENY)) == []
    assert found(share, Block(ticked(actions={"vpc:ports:delete"}))) == [(SET,)]
    assert found(share, Block(kept='{"Effect":"Allow","NotAction":["sfs:*:*"]}')) == []
    assert found(Block(ticked(SHARE), Effect.DENY)) == []


def test_opening_is_told_with_who_needs_it_and_what_it_opens():
    (opening,) = opened(SHARE)

    assert opening_wording(SMALL, opening) == (
        ONE_NEEDS,
        {"needed_by": ["Creating a share (SFS)"], "name": "vpc:*:*", "n": 2, "services": ["VPC"]},
    )


def test_reach_is_that_of_the_wildcard_alone():
    """Setting needs an action that it does not match."""
    reach = wildcard_reach(SMALL, "vpc:*:*")

    assert (reach.actions, reach.writing, reach.operations, reach.whole) == (3, 2, (DELETE, GET), True)
    assert wildcard_reach(SMALL, "vpc:*:nothing*").actions == 0


@law
@given(cases())
def test_what_is_opened_goes_when_the_wildcard_is_left_out(case):
    of, selection = case
    policy = compile_selection(of, selection)

    for opening in policy.openings:
        wildcards = [o for part in policy.blocks for o in part.grants if matches(opening.name, o.action)]
        without = selection.without.union(o.action for o in wildcards if "*" in o.action and not o.selected)
        rest = compile_selection(of, replace(selection, without=without)).operations
        assert opening.operations
        for id_ in opening.operations:
            assert id_ in policy.operations.also_allowed
            assert of.operation(id_).access is Access.WRITE
            assert id_ not in rest.also_allowed
