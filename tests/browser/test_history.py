"""The draft lives in the address: reload, Back and Forward, Undo."""

from playwright.sync_api import expect

from tests.browser.screen import ATTACH, BATCH, CREATE, DETACH, DISKS, EIP_NEW, START, selection

ALL_IAM_ONLY = "IAM-only: cannot be applied in Enterprise Management"
IN_BOTH = "Works in IAM and enterprise projects"


def test_reload_restores_boxes_json_and_verdict(builder):
    builder.tick(ATTACH, START, CREATE)
    builder.switch_off(CREATE, EIP_NEW)
    builder.expect_selection(selection(ATTACH, START, CREATE, options_off=[(CREATE, EIP_NEW)]))

    builder.page.reload()

    builder.expect_selection(selection(ATTACH, START, CREATE, options_off=[(CREATE, EIP_NEW)]))
    expect(builder.option(CREATE, EIP_NEW)).not_to_be_checked()
    expect(builder.parent(DISKS)).to_have_js_property("indeterminate", True)
    expect(builder.verdict).to_have_text("IAM-only: 2 of 6 actions have no effect in an enterprise project")
    expect(builder.alarm).to_have_text("")  # nothing changed: nothing to be alarmed about


def test_reload_keeps_the_branches_as_they_were(builder):
    builder.unfold(BATCH)
    builder.tick(ATTACH)
    builder.expect_selection(selection(ATTACH))
    builder.branch(DISKS).locator("summary").click()

    builder.page.reload()

    expect(builder.branch(BATCH).locator("details")).to_have_attribute("open", "")
    expect(builder.branch(DISKS).locator("details")).not_to_have_attribute("open", "")
    builder.expect_selection(selection(ATTACH))


def test_opened_draft_shows_its_rows_whatever_was_folded_before(builder):
    """What was open is remembered per tab, and another draft may be opened in the same tab."""
    builder.unfold(DISKS)
    builder.branch(DISKS).locator("summary").click()
    expect(builder.branch(DISKS).locator("details")).not_to_have_attribute("open", "")

    builder.open(selection(ATTACH))

    expect(builder.box(ATTACH)).to_be_visible()


def test_back_and_forward_step_through_the_changes_and_the_page_works_on(builder):
    builder.tick(ATTACH)
    builder.expect_selection(selection(ATTACH))
    builder.tick(START)
    builder.expect_selection(selection(ATTACH, START))
    builder.untick(ATTACH)
    builder.expect_selection(selection(START))

    builder.page.go_back()
    builder.expect_selection(selection(ATTACH, START))
    expect(builder.verdict).to_have_text("IAM-only: 2 of 4 actions have no effect in an enterprise project")

    builder.page.go_back()
    builder.expect_selection(selection(ATTACH))
    expect(builder.verdict).to_have_text(IN_BOTH)

    builder.page.go_back()
    builder.expect_nothing_granted()
    assert builder.ticked() == []

    for wanted in (selection(ATTACH), selection(ATTACH, START), selection(START)):
        builder.page.go_forward()
        builder.expect_selection(wanted)
    expect(builder.verdict).to_have_text(ALL_IAM_ONLY)

    builder.page.go_back()
    builder.expect_selection(selection(ATTACH, START))
    builder.tick(DETACH)
    builder.expect_selection(selection(ATTACH, START, DETACH))


def test_back_from_another_page_restores_the_draft(builder):
    builder.tick(ATTACH)
    builder.expect_selection(selection(ATTACH))
    builder.page.goto("/operations/ecs/disk-management/attaching-a-disk-to-an-ecs/")
    expect(builder.page.get_by_role("heading", level=1)).to_have_text("Attaching a disk to an ECS")

    builder.page.go_back()

    builder.expect_selection(selection(ATTACH))
    builder.tick(START)
    builder.expect_selection(selection(ATTACH, START))


def test_searching_makes_no_steps_to_go_back_through(builder):
    builder.tick(ATTACH)
    builder.expect_selection(selection(ATTACH))
    builder.search.press_sequentially("disk")
    expect(builder.hits).to_have_text("13 operations found")

    builder.page.go_back()

    builder.expect_nothing_granted()


def test_undo_and_clear_are_steps_as_well(builder):
    builder.tick(ATTACH)
    builder.expect_selection(selection(ATTACH))
    builder.tick(START)
    builder.expect_selection(selection(ATTACH, START))

    builder.page.get_by_role("button", name="Clear").click()
    builder.expect_nothing_granted()
    assert builder.ticked() == []

    builder.page.get_by_role("button", name="Undo", exact=True).click()
    builder.expect_selection(selection(ATTACH, START))

    builder.page.go_back()
    builder.expect_nothing_granted()


def test_undo_shows_the_name_and_the_switch_as_they_were(builder):
    """What the page shows is what the next tick sends: a field that lagged behind would bring the change back."""
    builder.open(selection(START), name="before")
    name, switch = builder.page.get_by_label("Name"), builder.page.locator("#dependencies")
    builder.page.get_by_role("heading", name="Dependencies of dependencies").click()

    name.fill("after")
    name.press("Tab")
    expect(builder.page.locator("#download")).to_have_attribute("download", "after.json")
    builder.page.get_by_role("button", name="Undo").click()
    expect(name).to_have_value("before")

    switch.check()
    builder.expect_selection(selection(START, cascading=True))
    builder.page.get_by_role("button", name="Undo").click()
    builder.expect_selection(selection(START))
    expect(switch).not_to_be_checked()

    builder.tick(ATTACH)
    builder.expect_selection(selection(START, ATTACH))
    expect(builder.page.locator("#download")).to_have_attribute("download", "before.json")
