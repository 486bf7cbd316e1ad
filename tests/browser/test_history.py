"""The draft lives in the address: reload, Back and Forward, links, and links that are damaged or too old."""

import base64
import zlib

import pytest
from playwright.sync_api import expect

from policybuilder.drafts.draft import Draft
from policybuilder.drafts.link import encode
from tests.browser.screen import (
    ATTACH,
    BATCH,
    CATALOG,
    CREATE,
    DETACH,
    DISKS,
    EIP_NEW,
    START,
    Builder,
    address_of,
    selection,
)

EVERYTHING_AT_ONCE = selection(
    CREATE,
    ATTACH,
    START,
    options_off=[(CREATE, EIP_NEW)],
    actions=["ecs:cloudServers:deleteServers"],
    without=["evs:volumes:use"],
    cascading=True,
)
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


def test_back_and_forward_step_through_the_changes(builder):
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


def test_page_works_after_going_back(builder):
    builder.tick(ATTACH)
    builder.expect_selection(selection(ATTACH))
    builder.tick(START)
    builder.expect_selection(selection(ATTACH, START))
    builder.page.go_back()
    builder.expect_selection(selection(ATTACH))

    builder.tick(DETACH)

    builder.expect_selection(selection(ATTACH, DETACH))


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


def test_undo_has_nothing_to_do_on_a_fresh_page(builder):
    expect(builder.page.get_by_role("button", name="Undo")).to_be_disabled()
    expect(builder.page.get_by_role("button", name="Clear")).to_be_disabled()


def test_link_opens_the_same_in_another_browser(builder, new_context):
    builder.open(EVERYTHING_AT_ONCE, name="disk-team")
    builder.untick(START)
    wanted = selection(
        CREATE,
        ATTACH,
        options_off=[(CREATE, EIP_NEW)],
        actions=["ecs:cloudServers:deleteServers"],
        without=["evs:volumes:use"],
        cascading=True,
    )
    builder.expect_selection(wanted)
    expect(builder.page).to_have_url(address_of(wanted, name="disk-team"))

    elsewhere = Builder(new_context().new_page())
    elsewhere.page.goto(builder.page.url)

    elsewhere.expect_selection(wanted)
    expect(elsewhere.page.get_by_label("Name")).to_have_value("disk-team")
    expect(elsewhere.left_out.locator("code")).to_have_text("evs:volumes:use")
    expect(elsewhere.page.locator("#dependencies")).to_be_checked()
    expect(elsewhere.page).to_have_title("disk-team · Policy Builder")
    for part in ("#verdict", "#totals", "#granted", "#also", "#take", "#tree"):
        expect(elsewhere.page.locator(part)).to_have_text(builder.page.locator(part).text_content())


def test_link_to_everything_fits_into_an_address(builder):
    everything = selection(*CATALOG.operations)
    builder.parent("ecs").click()
    builder.expect_selection(everything)
    expect(builder.page).to_have_url(address_of(everything))

    builder.page.reload()

    builder.expect_selection(everything)


@pytest.mark.parametrize(
    ("token", "problem"),
    [
        ("1abc", "The link is damaged: nothing in it could be read. Ask for it again, or start anew."),
        ("<script>", "The link is damaged: nothing in it could be read. Ask for it again, or start anew."),
        ("9" + encode(Draft.of(selection(ATTACH)))[1:], "The link is damaged: nothing in it could be read."),
    ],
)
def test_damaged_link_opens_an_empty_builder_and_says_so(builder, token, problem):
    builder.page.goto(f"/?draft={token}")

    builder.expect_nothing_granted()
    expect(builder.problems).to_contain_text([problem])
    builder.tick(ATTACH)
    builder.expect_selection(selection(ATTACH))
    expect(builder.problems).to_have_count(0)


def test_cut_link_opens_what_is_left_of_it(builder):
    """Mail programs break long addresses: what came before the break is worth having."""
    token = encode(Draft.of(selection(*CATALOG.operations)))
    builder.page.goto(f"/?draft={token[: len(token) // 2]}")

    kept = len(builder.ticked())
    assert 10 < kept < 91
    expect(builder.problems).to_have_text(
        [f"The link is damaged or cut off. {kept} of its entries could be read; check whether something is missing."]
    )
    builder.expect_selection(selection(*sorted(CATALOG.operations)[:kept]))


def test_outdated_link_opens_what_is_still_there(builder):
    text = f"o{ATTACH}\noecs/disk-management/gone\naecs:gone:use"
    token = "1" + base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")
    builder.page.goto(f"/?draft={token}")

    builder.expect_selection(selection(ATTACH, actions=["ecs:gone:use"]))
    expect(builder.problems).to_have_text(
        ["“ecs/disk-management/gone” is not in the catalogue (any more) and was left out of the draft."]
    )
    expect(builder.granted.filter(has_text="ecs:gone:use")).to_contain_text("Not in the catalogue")
    expect(builder.page.locator("#findings")).to_contain_text("ecs:gone:use")
    expect(builder.page.get_by_role("alert").filter(has_text="not in the catalogue")).to_be_visible()

    builder.page.get_by_role("button", name="Close").click()
    expect(builder.problems).to_have_count(0)
