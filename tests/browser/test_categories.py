"""Whole categories and services: the box with a third state, the counters, and the buttons of a category."""

import pytest
from playwright.sync_api import expect

from policybuilder.domain.catalog.entries import Access
from tests.browser.screen import ATTACH, BATCH, CATALOG, CREATE, DISKS, EIP_NEW, START, START_BATCH, selection

IN_BATCH = sorted(operation.id for operation in CATALOG.categories[BATCH].operations)


def expect_parent(builder, branch: str, state: str) -> None:
    parent = builder.parent(branch)
    expect(parent).to_have_js_property("indeterminate", state == "mixed")
    expect(parent).to_have_js_property("checked", state == "all")


def test_box_of_a_category_has_three_states(builder):
    expect_parent(builder, BATCH, "none")

    builder.tick(IN_BATCH[0])
    expect_parent(builder, BATCH, "mixed")
    expect(builder.count(BATCH)).to_have_text("1 of 3")
    expect(builder.rail_count(BATCH)).to_have_text(", 1/ of 3 selected")

    builder.tick(*IN_BATCH[1:])
    expect_parent(builder, BATCH, "all")
    expect(builder.count(BATCH)).to_have_text("3 of 3")
    expect(builder.rail_count(BATCH)).to_have_text(", 3/ of 3 selected")

    builder.untick(*IN_BATCH)
    expect_parent(builder, BATCH, "none")
    expect(builder.count(BATCH)).to_have_text("0 of 3")
    expect(builder.rail_count(BATCH)).to_have_text(", 0/ of 3 selected")


def test_box_of_a_category_ticks_and_unticks_all_of_it(builder):
    builder.tick(IN_BATCH[0])
    expect_parent(builder, BATCH, "mixed")

    builder.parent(BATCH).click()  # from mixed to all
    builder.expect_selection(selection(*IN_BATCH))
    expect_parent(builder, BATCH, "all")

    builder.parent(BATCH).click()
    builder.expect_nothing_granted()
    expect_parent(builder, BATCH, "none")
    assert builder.ticked() == []

    builder.parent(BATCH).click()
    builder.expect_selection(selection(*IN_BATCH))
    expect_parent(builder, BATCH, "all")


def test_box_of_a_closed_category_does_not_open_it(builder):
    builder.parent(BATCH).click()

    builder.expect_selection(selection(*IN_BATCH))
    expect(builder.branch(BATCH).locator("details")).not_to_have_attribute("open", "")


def test_box_of_a_category_has_a_name(builder):
    expect(builder.parent(BATCH)).to_have_accessible_name("All operations of Batch Operations")
    expect(builder.parent("ecs")).to_have_accessible_name("All operations of Elastic Cloud Server")


def test_box_of_the_service_has_three_states_and_turns_everything(builder):
    expect_parent(builder, "ecs", "none")
    builder.tick(ATTACH)
    expect_parent(builder, "ecs", "mixed")
    expect(builder.count("ecs")).to_have_text("1 of 91")

    builder.parent("ecs").click()
    builder.expect_selection(selection(*CATALOG.operations))
    expect_parent(builder, "ecs", "all")
    expect(builder.count("ecs")).to_have_text("91 of 91")
    for category in CATALOG.categories:
        expect_parent(builder, category, "all")

    builder.parent("ecs").click()
    builder.expect_nothing_granted()
    for branch in ("ecs", *CATALOG.categories):
        expect_parent(builder, branch, "none")


def test_box_of_a_category_keeps_options_that_were_switched_off(builder):
    lifecycle = CREATE.rpartition("/")[0]
    builder.tick(CREATE)
    builder.switch_off(CREATE, EIP_NEW)
    builder.expect_selection(selection(CREATE, options_off=[(CREATE, EIP_NEW)]))

    builder.branch(lifecycle).get_by_role("button", name="Select all").click()

    everything = [operation.id for operation in CATALOG.categories[lifecycle].operations]
    builder.expect_selection(selection(*everything, options_off=[(CREATE, EIP_NEW)]))


@pytest.mark.parametrize("branch", ["ecs", DISKS])
def test_buttons_select_reading_all_and_none(builder, branch):
    operations = [operation for operation in CATALOG.operations.values() if operation.id.startswith(f"{branch}/")]
    reading = [operation.id for operation in operations if operation.access is Access.READ]
    place = builder.branch(branch) if branch == DISKS else builder.page.locator(".trunk-head")
    if branch == DISKS:
        builder.unfold(DISKS)

    place.get_by_role("button", name="All reading").click()
    builder.expect_selection(selection(*reading))
    expect(builder.count(branch)).to_contain_text(f"{len(reading)} of {len(operations)}")

    place.get_by_role("button", name="Select all").click()
    builder.expect_selection(selection(*(operation.id for operation in operations)))

    place.get_by_role("button", name="None").click()
    builder.expect_nothing_granted()
    expect(builder.count(branch)).to_have_text(f"0 of {len(operations)}")


def test_counters_follow_what_is_done_elsewhere(builder):
    """A swap takes from one category and gives to another: both counters and both boxes change."""
    builder.tick(START)
    expect_parent(builder, "ecs/ecs-status-management", "mixed")

    builder.alarm.get_by_role("button", name="Swap for").click()

    builder.expect_selection(selection(START_BATCH))
    expect_parent(builder, "ecs/ecs-status-management", "none")
    expect_parent(builder, BATCH, "mixed")
    expect(builder.count("ecs/ecs-status-management")).to_have_text("0 of 11")
    expect(builder.count(BATCH)).to_have_text("1 of 3")


def test_every_category_is_in_the_rail_in_the_vendors_order(builder):
    titles = [category.title for category in CATALOG.categories.values()]
    counts = [f", 0/ of {len(category.operations)} selected" for category in CATALOG.categories.values()]

    expect(builder.page.locator(".rail-title")).to_have_text(titles)
    expect(builder.page.locator(".rail-count")).to_have_text(counts)
    expect(builder.page.locator(".branch-title")).to_have_text(titles)


def test_rail_jumps_to_a_category_and_opens_it(builder):
    builder.page.get_by_role("navigation", name="Categories").get_by_role("link", name="Tag Management").click()

    expect(builder.branch("ecs/tag-management").locator("summary")).to_be_in_viewport()
    expect(builder.branch("ecs/tag-management").get_by_label("Querying project tags")).to_be_visible()


def test_expand_and_collapse_all(builder):
    opened = builder.page.locator("#tree .branch > details[open]")
    builder.page.get_by_role("button", name="Expand all").click()
    expect(opened).to_have_count(17)

    builder.page.get_by_role("button", name="Collapse all").click()
    expect(opened).to_have_count(0)


def test_details_of_a_row_open_in_place_and_close(builder):
    builder.unfold(DISKS)
    row = builder.row(ATTACH)
    row.get_by_role("link", name="Details of Attaching a disk to an ECS").click()

    facts = row.locator(".facts")
    expect(facts.get_by_text("evs:volumes:use")).to_be_visible()
    expect(facts).to_contain_text("IAM projects: yes. Enterprise projects: yes. Stated in a published table: ")
    expect(row.locator(".more")).to_have_attribute("aria-expanded", "true")

    row.locator(".more").click()
    expect(facts).to_be_hidden()
    expect(row.locator(".more")).to_have_attribute("aria-expanded", "false")

    row.locator(".more").click()
    expect(facts).to_be_visible()


def test_details_stay_open_while_ticking(builder):
    builder.unfold(DISKS)
    builder.row(ATTACH).get_by_role("link", name="Details of Attaching a disk to an ECS").click()
    expect(builder.row(ATTACH).locator(".facts")).to_be_visible()

    builder.tick(ATTACH, START)
    builder.expect_selection(selection(ATTACH, START))

    expect(builder.row(ATTACH).locator(".facts")).to_be_visible()


def test_details_of_a_granted_action_open_in_place(builder):
    builder.open(selection(ATTACH))
    builder.page.get_by_role("link", name="Details of evs:volumes:use").click()

    expect(builder.granted.nth(1).locator(".facts")).to_contain_text("Enterprise projects: yes.")
