"""Where the policy is to be granted: what has no effect there steps back, and what does its job is ticked beside it."""

import re

from playwright.sync_api import expect

from tests.browser.screen import LOCK, START, START_BATCH, STATUS, Builder, selection, title_of

BY_BATCH = title_of(START_BATCH)


def test_goal_and_both_boxes_of_one_operation(builder):
    page = builder.page
    builder.unfold(STATUS)
    page.get_by_role("radio", name="Enterprise projects").check()
    expect(builder.row(LOCK)).to_have_class(re.compile("is-idle"))
    expect(builder.box(LOCK)).to_be_visible()  # what was open stays open

    beside = builder.row(START).get_by_label(BY_BATCH)
    beside.check()
    expect(builder.box(START_BATCH)).to_be_checked(timeout=1)  # at once, whatever the answer says
    builder.expect_selection(selection(START_BATCH))
    builder.untick(START_BATCH)
    expect(beside).not_to_be_checked()
    builder.expect_nothing_granted()

    builder.parent(STATUS).check()
    expect(page.locator("#omitted")).to_have_text("4 selected. 7 left out: no effect in enterprise projects.")
    expect(builder.parent(STATUS)).to_be_checked()
    change = builder.branch(STATUS).get_by_role("button", name="Change 4")
    expect(change).to_have_attribute("aria-pressed", "true")
    change.press("Enter")
    builder.expect_nothing_granted()
    expect(change).to_have_attribute("aria-pressed", "false")
    expect(change).to_be_focused()

    builder.tick(LOCK)
    expect(builder.alarm).to_contain_text("no effect in enterprise projects")
    page.get_by_role("radio", name="IAM project").check()
    expect(builder.row(LOCK)).not_to_have_class(re.compile("is-idle"))
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("radio", name="Enterprise projects")).to_be_checked()
    expect(builder.row(LOCK)).to_have_class(re.compile("is-idle"))


def test_goal_and_both_boxes_without_a_script(plain_page):
    builder = Builder(plain_page).open()
    apply = plain_page.get_by_role("button", name="Apply")
    builder.unfold(STATUS)
    plain_page.get_by_role("radio", name="Enterprise projects").check()
    builder.row(START).get_by_label(BY_BATCH).check()
    apply.click()

    builder.expect_selection(selection(START_BATCH))
    expect(builder.row(LOCK)).to_have_class(re.compile("is-idle"))
    expect(builder.row(START).get_by_label(BY_BATCH)).to_be_checked()
    builder.untick(START_BATCH)
    apply.click()

    builder.expect_nothing_granted()
    expect(builder.row(START).get_by_label(BY_BATCH)).not_to_be_checked()
    builder.unfold(STATUS)
    builder.branch(STATUS).get_by_role("button", name="Select all").click()
    expect(builder.count(STATUS)).to_have_text("4 of 4 · 7 without effect")
