"""Whole categories and services: the box with a third state, the counters, and the buttons of a category."""

import re

from playwright.sync_api import expect

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.only_reading import only_reading
from policybuilder.domain.catalog.entries import Access
from tests.browser.screen import ATTACH, BATCH, CATALOG, DISKS, selection, title_of

IN_BATCH = sorted(operation.id for operation in CATALOG.categories[BATCH].operations)


def expect_parent(builder, branch: str, state: str) -> None:
    parent = builder.parent(branch)
    expect(parent).to_have_js_property("indeterminate", state == "mixed")
    expect(parent).to_have_js_property("checked", state == "all")


def test_box_of_a_category_has_three_states_and_turns_all_of_it(builder):
    expect_parent(builder, BATCH, "none")
    expect(builder.parent(BATCH)).to_have_accessible_name(re.compile(CATALOG.categories[BATCH].title))

    builder.parent(BATCH).click()
    builder.expect_selection(selection(*IN_BATCH))
    expect_parent(builder, BATCH, "all")
    expect(builder.branch(BATCH).locator("details")).not_to_have_attribute("open", "")
    expect(builder.count(BATCH)).to_have_text("3 of 3")
    expect(builder.rail_count(BATCH)).to_have_text(", 3/ of 3 selected")

    builder.untick(*IN_BATCH[1:])
    expect_parent(builder, BATCH, "mixed")
    expect(builder.count(BATCH)).to_have_text("1 of 3")
    expect(builder.rail_count(BATCH)).to_have_text(", 1/ of 3 selected")

    builder.parent(BATCH).click()  # from mixed to all
    builder.expect_selection(selection(*IN_BATCH))
    expect_parent(builder, BATCH, "all")

    builder.parent(BATCH).click()
    builder.expect_nothing_granted()
    expect_parent(builder, BATCH, "none")
    assert builder.ticked() == []


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


def test_buttons_of_a_category_select_what_reads_or_changes_and_take_it_back(builder):
    operations = CATALOG.categories[DISKS].operations
    only = only_reading(CATALOG, Block())
    reading = [operation.id for operation in operations if operation.id in only]
    changing = [operation.id for operation in operations if operation.access is Access.WRITE]
    builder.unfold(DISKS)

    read, change = (builder.branch(DISKS).get_by_role("button", name=name) for name in ("Read 2", "Change 6"))

    read.click()
    builder.expect_selection(selection(*reading))
    expect(read).to_have_attribute("aria-pressed", "true")
    expect(builder.count(DISKS)).to_contain_text(f"{len(reading)} of {len(operations)}")

    change.click()
    builder.expect_selection(selection(*reading, *changing))
    expect_parent(builder, DISKS, "mixed")

    read.click()
    change.click()
    builder.expect_nothing_granted()
    expect(builder.count(DISKS)).to_have_text(f"0 of {len(operations)}")


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


def test_details_of_a_row_open_in_place_stay_open_while_ticking_and_close(builder):
    builder.unfold(DISKS)
    row = builder.row(ATTACH)
    row.get_by_role("link", name=f"Details of {title_of(ATTACH)}").click()

    facts = row.locator(".facts")
    expect(facts.get_by_text("evs:volumes:use")).to_be_visible()
    scope = facts.locator("dd", has=builder.page.locator("strong"))
    expect(scope.locator("strong")).to_have_text(["yes", "yes"])
    expect(scope.get_by_role("link")).to_have_attribute("href", CATALOG.operations[ATTACH].scope.source.url)
    expect(row.locator(".more")).to_have_attribute("aria-expanded", "true")

    builder.tick(ATTACH)
    builder.expect_selection(selection(ATTACH))
    expect(facts).to_be_visible()

    row.locator(".more").click()
    expect(facts).to_be_hidden()
    expect(row.locator(".more")).to_have_attribute("aria-expanded", "false")

    row.locator(".more").click()
    expect(facts).to_be_visible()


def test_details_of_a_granted_action_open_in_place(builder):
    builder.open(selection(ATTACH))
    builder.page.get_by_role("link", name="Details of evs:volumes:use").click()

    expect(builder.granted.nth(1).locator(".facts")).to_contain_text("Enterprise projects: yes.")
