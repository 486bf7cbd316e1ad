"""The picture: everything is there once, nothing lies on another thing, and it is always the same."""

import re

from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.closure import dependencies, own_actions
from policybuilder.domain.building.compiler import compile_blocks
from policybuilder.domain.building.selection import Dependencies, Selection
from policybuilder.domain.picture.picture import Node, Relation, draw
from policybuilder.domain.policy.document import Condition, Effect
from tests.builders import catalog, operation, real_catalog
from tests.laws import tried

CATALOG = real_catalog()
SMALL = catalog(
    operation("ecs/disks/attach", "ecs:disks:attach", needs=["evs:volumes:use", "ecs:servers:get"]),
    operation("ecs/disks/list", "ecs:disks:list", access="read", enterprise="no"),
    operation("ecs/servers/get", "ecs:servers:get", access="read"),
)
ANNA = (Condition("StringEquals", "g:UserName", ("anna",)),)


def drawn(*blocks: Block, catalog=CATALOG) -> tuple[list[Node], list[Node]]:
    return draw(catalog, compile_blocks(catalog, blocks))


def block(*operations: str, **more) -> Block:
    return Block(Selection(frozenset(operations)), **more)


def marks(*blocks: Block) -> list[tuple[str, ...]]:
    return [node.marks for column in drawn(*blocks, catalog=SMALL) for node in column]


@st.composite
def policies(draw: st.DrawFn) -> tuple[Block, ...]:
    def one() -> Block:
        selection = Selection(
            operations=draw(st.frozensets(st.sampled_from(list(CATALOG.operations)), max_size=12)),
            actions=draw(
                st.frozensets(
                    st.sampled_from([*CATALOG.action_index.actions, "ecs:*:get*", "kms:keys:get"]), max_size=3
                )
            ),
            without=draw(st.frozensets(st.sampled_from(list(CATALOG.action_index.actions)), max_size=3)),
            dependencies=draw(st.sampled_from(Dependencies)),
        )
        return Block(selection, draw(st.sampled_from(Effect)))

    return tuple(one() for _ in range(draw(st.integers(1, 3))))


# What is there


def test_small_policy_is_drawn_as_expected():
    operations, actions = drawn(block("ecs/disks/attach", "ecs/disks/list"), catalog=SMALL)

    assert [(node.group, node.access, node.marks, node.asked) for node in operations] == [
        ("Disks", "write", (), True),
        ("Disks", "read", ("IAM-only",), True),
    ]
    assert [(node.title, node.group, node.access, node.marks, node.asked) for node in actions] == [
        ("ecs:disks:attach", "ECS", "write", (), True),
        ("ecs:servers:get", "ECS", "read", (), False),
        ("ecs:disks:list", "ECS", "read", ("IAM-only",), True),
        ("evs:volumes:use", "EVS", "write", ("Scope unknown",), False),
    ]
    assert [[(relation.name, action.title) for relation, action in node.edges] for node in operations] == [
        [("OWN", "ecs:disks:attach"), ("NEEDED", "ecs:servers:get"), ("NEEDED", "evs:volumes:use")],
        [("OWN", "ecs:disks:list")],
    ]


def test_condition_is_marked_where_nothing_else_allows_it():
    conditional = block("ecs/servers/get", conditions=ANNA)
    denied = block("ecs/servers/get", conditions=ANNA, effect=Effect.DENY)

    assert marks(conditional) == [("Under conditions",)] * 2
    assert marks(conditional, block("ecs/servers/get")) == [()] * 2
    assert marks(block("ecs/servers/get"), denied) == [("Denied by statement 2", "Under conditions")] * 2


def test_dependency_that_is_selected_as_well_is_asked():
    _, actions = drawn(block("ecs/disks/attach", "ecs/servers/get"), catalog=SMALL)

    assert {node.title for node in actions if node.asked} == {"ecs:disks:attach", "ecs:servers:get"}


def test_denied_conditional_and_incomplete_are_marked():
    left_out = Selection(frozenset({"ecs/disks/attach"}), without=frozenset({"evs:volumes:use"}))
    operations, actions = drawn(
        Block(left_out),
        block("ecs/servers/get", conditions=ANNA),
        block("ecs/disks/list", effect=Effect.DENY, conditions=ANNA),
        block("ecs/disks/list", effect=Effect.DENY),
        catalog=SMALL,
    )

    assert [node.marks for node in operations] == [
        ("Incomplete: 1 missing",),
        ("IAM-only", "Denied by statements 3 and 4"),
        (),
    ]
    assert {node.title: node.marks for node in actions} == {
        "ecs:disks:attach": (),
        "ecs:disks:list": ("IAM-only", "Denied by statements 3 and 4"),
        "ecs:servers:get": (),
    }
    assert [relation for relation, _ in operations[1].edges] == [Relation.DENIED]


@given(policies())
@tried(40)
def test_every_selected_operation_and_granted_action_is_a_node_once(blocks):
    policy = compile_blocks(CATALOG, blocks)
    operations, actions = draw(CATALOG, policy)

    selected = {id_ for each in blocks for id_ in each.selection.operations}
    granted = {grant.action for part in policy.blocks for grant in part.grants}
    assert [node.title for node in operations] == [
        row.title for id_, row in CATALOG.operations.items() if id_ in selected
    ]
    assert sorted(node.title for node in actions) == sorted(granted)


@given(policies())
@tried(40)
def test_every_own_action_and_every_dependency_is_an_edge_and_nothing_else(blocks):
    wanted: dict[str, set[tuple[Relation, str]]] = {}
    for each in blocks:
        for id_ in each.selection.operations:
            row = CATALOG.operation(id_)
            own, denies = set(own_actions(row, each.selection)), each.effect is Effect.DENY
            needed = set() if denies else dependencies(CATALOG, row, each.selection) - own
            edges = wanted.setdefault(id_, set())
            edges |= {(Relation.DENIED if denies else Relation.OWN, name) for name in own}
            edges |= {(Relation.NEEDED, name) for name in needed}
    operations, actions = drawn(*blocks)
    found = [[(relation, action.title) for relation, action in node.edges] for node in operations]

    assert [set(edges) for edges in found] == [wanted[id_] for id_ in CATALOG.operations if id_ in wanted]
    assert all(len(edges) == len(set(edges)) for edges in found)
    assert all(action in actions for node in operations for _, action in node.edges)


# Where it is


@given(policies())
@tried(40)
def test_rows_are_apart_and_each_group_has_room_for_its_name(blocks):
    for column in drawn(*blocks):
        above, group = 0, ""
        for node in column:
            assert node.y - above == (24 if node.group == group else 58)
            above, group = node.y, node.group


def test_nothing_selected_is_empty():
    assert drawn(Block()) == ([], [])


@given(policies())
@tried(20)
def test_same_policy_gives_the_same_picture(blocks):
    again = tuple(
        Block(
            Selection(
                *(frozenset(sorted(part)) for part in (s.operations, s.options_off, s.actions, s.without)),
                s.dependencies,
            ),
            b.effect,
        )
        for b in blocks
        for s in [b.selection]
    )

    assert drawn(*blocks) == drawn(*again)


# Texts


@given(st.text(max_size=80))
@tried(100)
def test_label_for_mermaid_holds_no_sign_with_a_meaning_and_is_whole(text):
    label = Node(text, "", None, (), 0).mermaid

    assert not set(re.sub(r"#\d+;", "", label)) & set('"#;<>&`*_[]{}|\n')
    assert re.sub(r"#(\d+);", lambda match: chr(int(match[1])), label) == text
