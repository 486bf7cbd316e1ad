"""Where the policy is to be granted, in the tree: what has no effect there, what does its job, what buttons select."""

from dataclasses import replace

import pytest

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.closure import close
from policybuilder.domain.building.only_reading import changing_actions, only_reading
from policybuilder.domain.building.reach import can_change
from policybuilder.domain.building.selection import Dependencies, Selection
from policybuilder.domain.catalog.entries import Access, Support
from policybuilder.domain.catalog.scope import Goal
from policybuilder.domain.policy.document import Effect
from policybuilder.drafts.addresses import View, address
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.omitted import IDLE, NOT_ONLY_READING, SELECTED, Pressed
from policybuilder.pages.builder.rows import NATIVE_IDLE
from policybuilder.web.element_ids import element_id
from tests.builders import whole_catalog
from tests.pages.tab import (
    ATTACH,
    BATCH,
    CATALOG,
    DISKS,
    LIFECYCLE,
    LOCK,
    QUERY,
    START,
    START_BATCH,
    STATUS,
    Tab,
    address_of,
    selection,
    texts,
    words,
)

DISKS_NATIVE = f"{DISKS}/querying-the-disks-attached-to-an-ecs-native"
WORKING = {id_ for id_, row in CATALOG.operations.items() if row.scope.enterprise_project is not Support.NO}
READING = {id_ for id_, row in CATALOG.operations.items() if row.access is Access.READ}
CHANGING = {
    id_
    for id_ in READING
    for name in CATALOG.operations[id_].names()
    if any(
        CATALOG.action_index.actions[each].access is Access.WRITE
        for each in CATALOG.action_index.expand(name) or (name,)
    )
}


def aimed(*operations: str, goal: Goal = Goal.ENTERPRISE_PROJECT, **more) -> str:
    """The address of a draft that is to be granted there."""
    return address(Draft((Block(selection(*operations)),), goal=goal), View(), **more)


def below(subject: str) -> set[str]:
    return {id_ for id_ in CATALOG.operations if id_.startswith(f"{subject}/")}


def idle(tab: Tab) -> set[str]:
    return {row.select_one("input")["value"] for row in tab.page.select(".row.is-idle")}


def other(tab: Tab, native: str):
    """The box of what does the job of that operation in enterprise projects."""
    return tab.find(f"other-{element_id(native)}")


@pytest.mark.parametrize("htmx", [True, False])
def test_goal_is_part_of_the_draft_and_rows_without_effect_say_so(visitor, htmx):
    tab = Tab(visitor, address_of(selection(ATTACH))).aim("enterprise_project")
    tab = tab if htmx and tab.send() else tab.send_plainly()

    assert tab.address.startswith(aimed(ATTACH))
    assert idle(tab) == CATALOG.operations.keys() - WORKING
    assert texts(tab.find(f"row-{element_id(LOCK)}"), ".beside") == [NATIVE_IDLE.format(place="enterprise projects")]
    assert tab.text(f"count-{element_id(STATUS)}") == "0 of 4 · 7 without effect"

    tab.send("undo")

    assert (tab.address, idle(tab)) == (address_of(selection(ATTACH)), set())
    assert [box["value"] for box in tab.page.select("#goal [checked]")] == ["undecided"]


def test_nothing_steps_back_where_all_has_an_effect(visitor):
    assert idle(Tab(visitor, aimed(goal=Goal.IAM_PROJECT))) == set()


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        ("all", CATALOG.operations.keys()),
        ("reading", READING),
        ("changing", CATALOG.operations.keys() - READING),
    ],
)
@pytest.mark.parametrize(
    ("subject", "goal"),
    [*((subject, Goal.ENTERPRISE_PROJECT) for subject in ("ecs", DISKS, "found")), (DISKS, Goal.UNDECIDED)],
)
def test_buttons_select_what_they_say_and_never_what_has_no_effect(visitor, subject, goal, command, wanted):
    """And press again: the button of a level takes back what it selected, and nothing else."""
    tab = Tab(visitor, aimed(ATTACH, LOCK, goal=goal) + ("&q=disk" if subject == "found" else ""))
    there = set(tab.boxes("o")) if subject == "found" else below(subject)
    left = set() if goal is Goal.UNDECIDED else (there & wanted) - WORKING
    more = (there & wanted & CHANGING) - left if command == "reading" else set()
    expected = (there & wanted) - left - more

    tab.send(f"{command}:{subject}")

    parts = [SELECTED.format(n=len(expected))]
    parts += [IDLE.format(n=len(left), place=goal.place)] if left else []
    parts += [NOT_ONLY_READING.format(n=len(more))] if more else []
    said = " ".join(parts) if left or more else ""
    assert set(tab.boxes("o", ticked=True)) | {ATTACH, LOCK} == expected | {ATTACH, LOCK}
    assert tab.text("omitted").partition(" Left out by Read")[0] == said
    assert len(tab.page.select("#omitted li")) == len(more)
    if command == "all":
        return
    button = tab.find(f"{'read' if command == 'reading' else 'write'}-{element_id(subject)}")
    assert (words(button).split()[1], button["aria-pressed"]) == (str(len(expected)), "true")

    tab.send(button["value"])

    kept = {ATTACH, LOCK} - expected
    assert set(tab.boxes("o", ticked=True)) == (kept & there if subject == "found" else kept)
    assert tab.text("omitted") == ""


def test_what_a_button_left_out_is_said_without_javascript_too_and_an_address_says_nothing_else(visitor):
    shown = Tab(visitor, aimed()).send_plainly(f"all:{STATUS}")

    assert shown.address.startswith(aimed(*(below(STATUS) & WORKING)))
    assert shown.text("omitted") == f"{SELECTED.format(n=4)} {IDLE.format(n=7, place='enterprise projects')}"
    assert Pressed.read("all:ecs") == Pressed("all", "ecs")
    for text in ("", "0", "4-7", "all", "all:", ":ecs", "none:ecs", "untick:ecs", "<b>:ecs"):
        assert Pressed.read(text) is None
    for subject in ("ecs/gone", "found", "<b>", "\0"):
        assert Tab(visitor, f"{aimed()}&omitted=all:{subject}").text("omitted") == ""


@pytest.mark.parametrize("htmx", [True, False])
def test_read_lists_the_operations_that_it_left_out_with_the_actions_that_can_change_something(visitor, htmx):
    tab = Tab(visitor, address_of(selection()))

    if htmx:
        tab.send("reading:ecs")
    else:
        tab = tab.send_plainly("reading:ecs")

    shown = [words(item) for item in tab.page.select("#omitted li")]
    assert len(shown) == len(CHANGING) > 0
    [attached] = [item for item in shown if item.startswith(CATALOG.operation(DISKS_NATIVE).title)]
    assert attached.endswith(": ecs:serverVolumes:use")
    assert set(tab.boxes("o", ticked=True)) == READING - CHANGING


def test_read_counts_and_selects_by_the_switch_for_dependencies_of_dependencies():
    """Over the whole cloud: a tick of an operation that Read selects adds no action that can change something."""
    of = whole_catalog()
    found = {}
    for which in Dependencies:
        block = Block(replace(Selection(), dependencies=which))
        found[which] = only_reading(of, block)
        ticked = replace(block.selection, operations=found[which])
        assert [grant.action for grant in close(of, ticked) if can_change(of, grant.action)] == []
        for id_, row in of.operations.items():
            if row.access is Access.READ and id_ not in found[which]:
                alone = replace(block.selection, operations=frozenset([id_]))
                assert any(can_change(of, grant.action) for grant in close(of, alone)), id_
                assert changing_actions(of, block, row)
    assert found[Dependencies.ALL] <= found[Dependencies.DIRECT]
    assert "dms/message-query/querying-messages" in found[Dependencies.DIRECT]
    assert "dms/user-management/resetting-a-user-password" not in found[Dependencies.DIRECT]
    denying = only_reading(of, Block(effect=Effect.DENY))
    assert denying > found[Dependencies.DIRECT]  # a Deny names no dependencies


def test_what_has_no_effect_can_be_ticked_and_is_counted_apart(visitor):
    tab = Tab(visitor, aimed())
    tab.tick(START).send()

    assert START in tab.boxes("o", ticked=True)
    assert "has no effect in enterprise projects" in tab.text("alarm")
    assert tab.text(f"count-{element_id(STATUS)}") == "0 of 4 · 1 of 7 without effect"


@pytest.mark.parametrize("htmx", [True, False])
def test_what_does_the_job_has_a_box_in_the_row_and_both_turn_together(visitor, htmx):
    tab = Tab(visitor)

    def sent() -> Tab:
        return tab if htmx and tab.send() else tab.send_plainly()

    assert words(tab.find(f"beside-{element_id(START)}")).endswith(CATALOG.operation(START_BATCH).title)
    tab.turn(other(tab, START))
    tab = sent()
    assert (tab.boxes("o", ticked=True), other(tab, START).has_attr("checked")) == ([START_BATCH], True)

    tab.tick(START_BATCH)
    tab = sent()
    assert (tab.boxes("o", ticked=True), other(tab, START).has_attr("checked")) == ([], False)

    tab.tick(START_BATCH)
    tab = sent()
    tab.turn(other(tab, START))
    tab = sent()
    assert (tab.boxes("o", ticked=True), other(tab, START).has_attr("checked")) == ([], False)


def test_several_rows_of_one_job_and_a_search_have_the_same_box(visitor):
    natives = [f"{LIFECYCLE}/querying-{what}-native" for what in ("details-about-ecss", "a-list-of-ecss")]
    tab = Tab(visitor, address_of(q="querying list of ecss", api="native"))
    tab.turn(other(tab, natives[1])).send()

    assert QUERY not in tab.boxes("o")
    assert all(other(tab, native).has_attr("checked") for native in natives)
    assert Tab(visitor, tab.address.partition("&")[0]).boxes("o", ticked=True) == [QUERY]


def test_form_that_knows_no_boxes_beside_takes_nothing_away(visitor):
    """A tab that was open when the rows got them."""
    tab = Tab(visitor, address_of(selection(START_BATCH)))
    for box in tab.page.select(".beside input, input[name=beside]"):
        box.extract()
    tab.tick(ATTACH).send()

    assert set(tab.boxes("o", ticked=True)) == {ATTACH, START_BATCH}


def test_services_of_which_something_is_denied_are_marked_so(visitor):
    blocks = (Block(selection(ATTACH)), Block(selection(START_BATCH), Effect.DENY))
    tab = Tab(visitor, address(Draft(blocks), View(at=1)))

    assert tab.find("rail-body")["data-effect"] == "Deny"
    assert tab.find(f"rail-{element_id(BATCH)}")["data-state"] == "mixed"
    assert tab.find(f"rail-{element_id(DISKS)}")["data-state"] == "none"
