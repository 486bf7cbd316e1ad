"""The draft lives in the address, and its history in the tab: reload, Back and Forward, Undo and Redo."""

from hashlib import sha256

import pytest
from playwright.sync_api import expect

from policybuilder.domain.building.selection import Selection
from policybuilder.drafts.conditions import HALF_TYPED
from policybuilder.web import wording
from tests.browser.screen import (
    ATTACH,
    BATCH,
    CREATE,
    DETACH,
    DISKS,
    EIP_NEW,
    START,
    STOP,
    address_of,
    selection,
    title_of,
)

ALL_IAM_ONLY = wording.ALL_IAM_ONLY
IN_BOTH = wording.IN_BOTH


def test_reload_restores_boxes_json_and_verdict(builder):
    builder.tick(ATTACH, START, CREATE)
    builder.switch_off(CREATE, EIP_NEW)
    builder.expect_selection(selection(ATTACH, START, CREATE, options_off=[(CREATE, EIP_NEW)]))

    builder.page.reload()

    builder.expect_selection(selection(ATTACH, START, CREATE, options_off=[(CREATE, EIP_NEW)]))
    expect(builder.option(CREATE, EIP_NEW)).not_to_be_checked()
    expect(builder.parent(DISKS)).to_have_js_property("indeterminate", True)
    expect(builder.verdict).to_have_text(wording.SOME_IAM_ONLY.format(n=2, total=6))
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
    expect(builder.verdict).to_have_text(wording.SOME_IAM_ONLY.format(n=2, total=4))

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
    expect(builder.page.get_by_role("heading", level=1)).to_have_text(title_of(ATTACH))

    builder.page.go_back()

    builder.expect_selection(selection(ATTACH))
    builder.tick(START)
    builder.expect_selection(selection(ATTACH, START))


def test_searching_makes_no_steps_to_go_back_through(builder):
    builder.tick(ATTACH)
    builder.expect_selection(selection(ATTACH))
    builder.search.press_sequentially("disk")
    expect(builder.hits).to_have_text("14 operations and 12 single actions found")

    builder.page.go_back()

    builder.expect_nothing_granted()


@pytest.fixture
def undo(builder):
    return builder.page.get_by_role("button", name="Undo", exact=True)


@pytest.fixture
def redo(builder):
    return builder.page.get_by_role("button", name="Redo", exact=True)


def tick_one_after_the_other(builder, *operations: str) -> list[Selection]:
    """What the draft was after each of them, and before."""
    wanted = [selection(*operations[:number]) for number in range(len(operations) + 1)]
    for operation, after in zip(operations, wanted[1:], strict=True):
        builder.tick(operation)
        builder.expect_selection(after)
    return wanted


def test_undo_and_redo_go_through_all_changes_and_back_and_forward_with_them(builder, undo, redo):
    _, one, two, three = tick_one_after_the_other(builder, ATTACH, START, DETACH)
    expect(redo).to_be_disabled()

    for wanted in (two, one):
        undo.click()
        builder.expect_selection(wanted)
    undo.click()
    builder.expect_nothing_granted()
    expect(undo).to_be_disabled()
    redo.click()
    builder.expect_selection(one)

    builder.page.go_forward()
    builder.expect_selection(two)
    builder.page.go_back()
    builder.expect_selection(one)
    redo.click()
    builder.expect_selection(two)
    redo.click()
    builder.expect_selection(three)
    expect(redo).to_be_disabled()
    assert builder.page.url.endswith(address_of(three))


def test_change_after_undo_takes_the_place_of_what_was_undone(builder, undo, redo):
    tick_one_after_the_other(builder, ATTACH, START)
    undo.click()
    builder.expect_selection(selection(ATTACH))

    builder.tick(DETACH)
    builder.expect_selection(selection(ATTACH, DETACH))

    expect(redo).to_be_disabled()
    undo.click()
    builder.expect_selection(selection(ATTACH))
    builder.page.go_forward()
    builder.expect_selection(selection(ATTACH, DETACH))


def test_keys_undo_and_redo_but_not_in_a_text_field(builder):
    _, one, two = tick_one_after_the_other(builder, ATTACH, START)
    page = builder.page
    page.keyboard.press("Control+z")
    builder.expect_selection(one)
    page.keyboard.press("Control+Shift+z")
    builder.expect_selection(two)
    page.keyboard.press("Control+z")
    builder.expect_selection(one)
    page.keyboard.press("Control+y")
    builder.expect_selection(two)

    builder.search.press_sequentially("di")
    builder.search.press("Control+z")
    builder.tick(STOP)

    expect(builder.json).to_contain_text("ecs:servers:start")


def test_clear_is_a_step_and_links_within_the_page_are_none(builder, undo):
    tick_one_after_the_other(builder, ATTACH, START)
    builder.page.get_by_role("button", name="Clear", exact=True).click()
    builder.expect_nothing_granted()
    assert builder.ticked() == []
    builder.page.locator(".rail a").first.click()
    builder.page.locator(".rail a").last.click()

    undo.click()
    builder.expect_selection(selection(ATTACH, START))
    builder.page.go_back()
    builder.expect_selection(selection(ATTACH))


def test_history_survives_a_reload_and_another_page(builder, undo, redo):
    _, one, two, three = tick_one_after_the_other(builder, ATTACH, START, DETACH)
    builder.page.reload()
    builder.expect_selection(three)
    undo.click()
    builder.expect_selection(two)

    builder.page.goto("/check/")
    builder.page.goto(address_of(two))
    builder.expect_selection(two)
    undo.click()
    builder.expect_selection(one)
    redo.click()
    builder.expect_selection(two)
    redo.click()
    builder.expect_selection(three)

    builder.page.go_back()
    expect(builder.page.get_by_role("heading", name="Check", level=1)).to_be_visible()
    builder.page.go_back()
    builder.expect_selection(two)


def test_draft_that_another_one_took_the_place_of_can_be_had_again(builder, undo):
    tick_one_after_the_other(builder, ATTACH)
    builder.open(selection(STOP))
    builder.expect_selection(selection(STOP))

    undo.click()

    builder.expect_selection(selection(ATTACH))


def test_what_is_typed_of_a_condition_is_one_step(builder, undo):
    tick_one_after_the_other(builder, DETACH)
    page = builder.page
    builder.limit()
    builder.write_condition("g:UserName", "StringEquals")
    for text in ("a", "an", "anna"):
        page.get_by_label("One value per line").fill(text)
        expect(builder.json).to_contain_text(f'"{text}"')
    page.keyboard.press("Escape")

    undo.click()
    builder.expect_selection(selection(DETACH))
    expect(page.get_by_label("One value per line")).to_have_value("")
    page.get_by_role("button", name="Redo", exact=True).click()
    expect(builder.json).to_contain_text('"anna"')


def test_draft_that_no_address_holds_survives_a_reload_and_another_page(builder, undo):
    tick_one_after_the_other(builder, DETACH)
    page = builder.page
    builder.limit()
    builder.write_condition("g:UserName", "StringEquals")
    names = "\n".join(sha256(bytes([number])).hexdigest() for number in range(150))
    page.get_by_label("One value per line").fill(names)
    expect(page.locator("#link-room")).to_be_visible()
    expect(page.locator("#copy-link")).to_have_count(0)
    last = names.rpartition("\n")[2]

    page.reload()
    expect(builder.json).to_contain_text(last)
    page.locator("#site-nav").get_by_role("link", name="Check").click()
    page.get_by_role("link", name="Back to the draft").click()
    expect(builder.json).to_contain_text(last)
    undo.click()
    builder.expect_selection(selection(DETACH))


def test_undo_that_is_refused_leaves_the_address_of_what_is_shown(builder, undo):
    tick_one_after_the_other(builder, ATTACH)
    page = builder.page
    page.get_by_role("button", name="Add a Deny").click()
    expect(builder.hits).to_contain_text("statement 2 denies it")
    shown = page.url
    builder.limit()
    page.get_by_label("Only", exact=True).select_option("g:UserName")
    expect(page.locator("#unfinished")).to_contain_text("not complete")
    page.keyboard.press("Escape")

    undo.click()

    expect(builder.problems).to_contain_text(HALF_TYPED)
    expect(page).to_have_url(shown)
    builder.limit()
    page.get_by_role("button", name="Discard what is typed").click()
    expect(page.locator("#unfinished")).to_have_text("")
    page.keyboard.press("Escape")
    undo.click()
    builder.expect_selection(selection(ATTACH))


def test_undo_shows_the_name_and_the_switch_as_they_were(builder):
    """What the page shows is what the next tick sends: a field that lagged behind would bring the change back."""
    builder.open(selection(START), name="before")
    name, switch = builder.page.get_by_label("Name"), builder.page.locator("#dependencies")
    builder.page.get_by_role("heading", name="Dependencies of dependencies").click()

    name.fill("after")
    name.press("Tab")
    expect(builder.page.locator("#download")).to_have_attribute("download", "after.json")
    builder.page.get_by_role("button", name="Undo", exact=True).click()
    expect(name).to_have_value("before")

    switch.check()
    builder.expect_selection(selection(START, cascading=True))
    builder.page.get_by_role("button", name="Undo").click()
    builder.expect_selection(selection(START))
    expect(switch).not_to_be_checked()

    builder.tick(ATTACH)
    builder.expect_selection(selection(START, ATTACH))
    expect(builder.page.locator("#download")).to_have_attribute("download", "before.json")
