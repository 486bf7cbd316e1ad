"""The picture: everything is there once, nothing lies on another thing, and it is always the same."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.closure import dependencies, own_actions
from policybuilder.domain.building.compiler import compile_blocks
from policybuilder.domain.building.selection import Dependencies, Selection
from policybuilder.domain.picture.graph import Column, Edge, Relation, picture_graph
from policybuilder.domain.picture.layout import MARGIN, WIDTH, lay_out
from policybuilder.domain.picture.order import crossings, few_crossings, spread
from policybuilder.domain.picture.text import legible, text_width, wrap
from policybuilder.domain.policy.document import Condition, Effect
from tests.builders import catalog, operation, real_catalog
from tests.laws import tried

CATALOG = real_catalog()
SMALL = catalog(
    operation("ecs/disks/attach", "ecs:disks:attach", needs=["evs:volumes:use", "ecs:servers:get"]),
    operation("ecs/disks/list", "ecs:disks:list", access="read", enterprise="no"),
    operation("ecs/servers/get", "ecs:servers:get", access="read"),
)


def graph_of(*blocks: Block, catalog=CATALOG):
    return picture_graph(catalog, compile_blocks(catalog, blocks))


def block(*operations: str, **more) -> Block:
    return Block(Selection(frozenset(operations)), **more)


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


def boxes(picture) -> list[tuple[float, float, float, float]]:
    """Left, top, right, bottom of every text, its height that of its font."""
    return [
        (each.x, each.y - 0.8 * each.size, each.x + each.width, each.y + 0.2 * each.size) for each in picture.labels()
    ]


def overlapping(found) -> list[tuple]:
    """Pairs that share some ground. Sorted from above, only what begins before the other's end is looked at."""
    pairs, ordered = [], sorted(found, key=lambda box: box[1])
    for at, one in enumerate(ordered):
        for other in ordered[at + 1 :]:
            if other[1] >= one[3]:
                break
            if one[0] < other[2] and other[0] < one[2]:
                pairs.append((one, other))
    return pairs


# What is there


def test_small_policy_is_drawn_as_expected():
    graph = graph_of(block("ecs/disks/attach", "ecs/disks/list"), catalog=SMALL)

    assert [(node.key, node.column, node.group_title, [mark.text for mark in node.marks]) for node in graph.nodes] == [
        ("ecs/disks/attach", Column.OPERATIONS, "Disks", ["Can change"]),
        ("ecs/disks/list", Column.OPERATIONS, "Disks", ["Reads", "IAM-only"]),
        ("ecs:disks:attach", Column.ASKED, "ECS", ["Can change"]),
        ("ecs:disks:list", Column.ASKED, "ECS", ["Reads", "IAM-only"]),
        ("ecs:servers:get", Column.NEEDED, "ECS", ["Reads"]),
        ("evs:volumes:use", Column.NEEDED, "EVS", ["Can change", "Scope unknown"]),
    ]
    assert graph.edges == (
        Edge("ecs/disks/attach", "ecs:disks:attach", Relation.OWN),
        Edge("ecs/disks/attach", "ecs:servers:get", Relation.DEPENDENCY),
        Edge("ecs/disks/attach", "evs:volumes:use", Relation.DEPENDENCY),
        Edge("ecs/disks/list", "ecs:disks:list", Relation.OWN),
    )


def test_condition_is_marked_where_nothing_else_allows_it():
    condition = Condition("StringEquals", "g:UserName", ("anna",))
    conditional = block("ecs/servers/get", conditions=(condition,))
    denied = block("ecs/servers/get", conditions=(condition,), effect=Effect.DENY)

    def marks(*blocks):
        return [[mark.text for mark in node.marks] for node in graph_of(*blocks, catalog=SMALL).nodes]

    assert marks(conditional) == [["Reads", "Under conditions"]] * 2
    assert marks(conditional, block("ecs/servers/get")) == [["Reads"]] * 2
    assert marks(block("ecs/servers/get"), denied) == [["Reads", "Denied by statement 2", "Under conditions"]] * 2


def test_dependency_that_is_selected_as_well_stands_with_the_selected_actions():
    graph = graph_of(block("ecs/disks/attach", "ecs/servers/get"), catalog=SMALL)

    assert {node.key for node in graph.nodes if node.column is Column.ASKED} == {"ecs:disks:attach", "ecs:servers:get"}


def test_denied_conditional_and_incomplete_are_marked():
    condition = Condition("StringEquals", "g:UserName", ("anna",))
    left_out = Selection(frozenset({"ecs/disks/attach"}), without=frozenset({"evs:volumes:use"}))
    blocks = (
        Block(left_out),
        block("ecs/servers/get", conditions=(condition,)),
        block("ecs/disks/list", effect=Effect.DENY, conditions=(condition,)),
        block("ecs/disks/list", effect=Effect.DENY),
    )
    marks = {node.key: [mark.text for mark in node.marks] for node in graph_of(*blocks, catalog=SMALL).nodes}

    assert marks == {
        "ecs/disks/attach": ["Can change", "Incomplete: 1 missing"],
        "ecs/disks/list": ["Reads", "IAM-only", "Denied by statements 3 and 4"],
        "ecs/servers/get": ["Reads"],
        "ecs:disks:attach": ["Can change"],
        "ecs:disks:list": ["Reads", "IAM-only", "Denied by statements 3 and 4"],
        "ecs:servers:get": ["Reads"],
    }


@given(policies())
@tried(40)
def test_every_selected_operation_and_granted_action_is_a_node_once(blocks):
    policy = compile_blocks(CATALOG, blocks)
    keys = [node.key for node in picture_graph(CATALOG, policy).nodes]

    selected = {id_ for each in blocks for id_ in each.selection.operations}
    granted = {grant.action for part in policy.blocks for grant in part.grants}
    assert sorted(keys) == sorted(selected | granted)


@given(policies())
@tried(40)
def test_every_own_action_and_every_dependency_is_an_edge(blocks):
    wanted = set()
    for each in blocks:
        for id_ in each.selection.operations:
            row = CATALOG.operation(id_)
            own = set(own_actions(row, each.selection))
            denies = each.effect is Effect.DENY
            wanted |= {Edge(id_, name, Relation.DENIED if denies else Relation.OWN) for name in own}
            needed = set() if denies else dependencies(CATALOG, row, each.selection) - own
            wanted |= {Edge(id_, name, Relation.DEPENDENCY) for name in needed}
    edges = graph_of(*blocks).edges

    assert len(edges) == len(set(edges))
    assert set(edges) == wanted


def reached(picture, graph) -> set[Edge]:
    """The edges that the lines draw: from each operation directly, or through a lane of the middle column."""
    at = {(node.x, node.y + node.height / 2): node.node for node in picture.nodes}
    ends = {(node.x + node.width, node.y + node.height / 2): node.node for node in picture.nodes}
    onward: dict[tuple[float, float], set[tuple[float, float]]] = {}
    for line in picture.lines:
        if (line.x, line.y) not in ends:
            onward.setdefault((line.x, line.y), set()).add((line.to_x, line.to_y))

    def targets(place) -> set[str]:
        if place in at:
            return {at[place].key}
        return set().union(*(targets(after) for after in onward[place]))

    return {
        Edge(ends[line.x, line.y].key, key, line.relation)
        for line in picture.lines
        if (line.x, line.y) in ends
        for key in targets((line.to_x, line.to_y))
    }


@given(policies())
@tried(40)
def test_lines_lead_to_what_is_needed_and_to_nothing_else(blocks):
    graph = graph_of(*blocks)

    assert reached(lay_out(graph, "x"), graph) == set(graph.edges)


# Where it is


@given(policies(), st.text(max_size=200))
@tried(40)
def test_no_text_lies_on_another_and_all_are_inside(blocks, title):
    picture = lay_out(graph_of(*blocks), title)
    found = boxes(picture)

    assert overlapping(found) == []
    assert all(
        min(left, top) >= 0 and right <= WIDTH and bottom <= picture.height for left, top, right, bottom in found
    )
    assert overlapping([(n.x, n.y, n.x + n.width, n.y + n.height) for n in picture.nodes]) == []
    for node in picture.nodes:
        for label in (*node.labels, *(mark.label for mark in node.marks)):
            assert node.x < label.x <= node.x + node.width - label.width
            assert node.y + 0.8 * label.size < label.y < node.y + node.height


@pytest.mark.parametrize("count", [40, 91])
def test_many_operations_are_whole_and_apart(count):
    graph = graph_of(block(*list(CATALOG.operations)[:count]))
    picture = lay_out(graph, "everything")

    assert overlapping(boxes(picture)) == []
    shown = {node.node.key: "".join(label.text for label in node.labels) for node in picture.nodes}
    assert {key: text.replace(" ", "") for key, text in shown.items()} == {
        node.key: node.title.replace(" ", "") for node in graph.nodes
    }
    assert min(label.size for label in picture.labels()) >= 11


def test_nothing_selected_is_a_small_picture():
    picture = lay_out(graph_of(Block()), "empty")

    assert (picture.nodes, picture.lines, picture.headings) == ((), (), ())
    assert picture.height < 150


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

    assert lay_out(graph_of(*blocks), "x") == lay_out(graph_of(*again), "x")


# Order


def test_sweeps_undo_a_crossing():
    columns = [[["a"], ["b"]], [["x"], ["y"]], [["p", "q"]]]
    neighbours = {"a": ["y"], "y": ["a", "p"], "p": ["y"], "b": ["x"], "x": ["b", "q"], "q": ["x"]}
    found = few_crossings(columns, neighbours)

    assert (crossings(columns, neighbours), crossings(found, neighbours)) == (2, 0)


def test_groups_stay_together():
    columns = [[["a", "b"], ["c"]], [["x"], ["y"], ["z"]], []]
    neighbours = {"a": ["x"], "x": ["a"], "c": ["y"], "y": ["c"], "b": ["z"], "z": ["b"]}

    assert {frozenset(group) for group in few_crossings(columns, neighbours)[0]} == {frozenset("ab"), frozenset("c")}


@given(st.data())
@tried(50)
def test_sweeps_never_make_it_worse(data):
    columns = [[[f"{at}-{n}"] for n in range(data.draw(st.integers(1, 6)))] for at in range(3)]
    neighbours = {key: [] for column in columns for (key,) in column}
    for left, right in pairwise(columns):
        for one in left:
            for other in data.draw(st.lists(st.sampled_from(right), unique_by=tuple, max_size=3)):
                neighbours[one[0]].append(other[0])
                neighbours[other[0]].append(one[0])

    found = few_crossings(columns, neighbours)

    assert crossings(found, neighbours) <= crossings(columns, neighbours)
    assert [sorted(column) for column in found] == [sorted(column) for column in columns]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ([0, 100], [0, 100]),
        ([50, 50], [44, 56]),
        ([100, 0], [44, 56]),
        ([-20, 500], [0, 190]),
    ],
)
def test_spread_keeps_the_order_and_the_gap(wanted, found):
    assert spread(wanted, [10, 10], 2, 0, 200) == found


# Texts


@given(st.text(max_size=80), st.floats(60, 300), st.booleans())
@tried(100)
def test_wrapped_text_is_whole_and_fits(text, room, mono):
    lines = wrap(text, room, 12, mono=mono)

    assert lines
    assert all(text_width(line, 12, mono=mono) <= room for line in lines)
    assert "".join("".join(lines).split()) == "".join(legible(text).split())


@pytest.mark.parametrize("sign", ["\0", "\x0b", "\x1f", "\ud800", "\ufffe", "\uffff"])
def test_what_xml_forbids_is_replaced(sign):
    assert legible(f"a{sign}b") == "a\ufffdb"


def test_margin_is_kept():
    assert min(node.x for node in lay_out(graph_of(block("ecs/disks/list"), catalog=SMALL), "x").nodes) == MARGIN
