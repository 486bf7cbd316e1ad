"""The moment a change makes the policy IAM-only, and what can be done about it; the policy split in two.

What the alarm says of this change and that is in tests/pages/builder.
"""

import json

from playwright.sync_api import expect

from tests.browser.screen import (
    ATTACH,
    BATCH,
    DETACH,
    DISKS,
    LOCK,
    START,
    START_BATCH,
    STATUS,
    STOP,
    STOP_BATCH,
    address_of,
    json_of,
    selection,
)

ALL_IAM_ONLY = "IAM-only: cannot be applied in Enterprise Management"
IN_BOTH = "Works in IAM and enterprise projects"


def test_alarm_tells_the_change_the_cause_and_the_way_out(builder):
    builder.page.evaluate("window.region = document.getElementById('alarm')")
    expect(builder.alarm).to_have_attribute("role", "alert")
    expect(builder.alarm).to_have_text("")

    builder.tick(START)

    alarm = builder.page.get_by_role("alert").filter(has_text="IAM-only")
    expect(alarm).to_be_in_viewport()
    expect(alarm.locator(".alarm-head")).to_have_text(
        "The policy is now IAM-only: cannot be applied in Enterprise Management."
    )
    expect(alarm.locator(".alarm-why")).to_have_text("“Starting an ECS (native OpenStack API)” was selected.")
    expect(alarm.locator(".culprits li > div")).to_have_text(
        ["Starting an ECS (native OpenStack API) brings ecs:servers:list, ecs:servers:start"]
    )
    expect(alarm.locator("button:visible, a:visible")).to_have_text(
        [
            "Swap for “Starting ECSs in a batch”",
            "Untick Starting an ECS (native OpenStack API)",
            "Undo this change",
            "Split in two policies",
            "Keep it",
        ]
    )
    expect(builder.verdict).to_have_text(ALL_IAM_ONLY)
    # The same element as before: a screen reader announces what changes in a region, not a region that appears.
    assert builder.page.evaluate("window.region === document.getElementById('alarm') && window.region.isConnected")


def test_all_causes_are_shown_on_request(builder):
    builder.unfold(STATUS)
    builder.branch(STATUS).get_by_role("button", name="Select all").click()
    expect(builder.alarm.locator(".culprit-title")).to_have_count(2)

    builder.page.get_by_role("link", name="What makes it IAM-only").click()

    expect(builder.page.locator("#causes .culprit-title")).to_have_count(7)


def test_swap_takes_the_alternative_and_the_verdict_goes(builder):
    builder.tick(ATTACH, START)
    builder.alarm.get_by_role("button", name="Swap for “Starting ECSs in a batch”").click()

    builder.expect_selection(selection(ATTACH, START_BATCH))
    expect(builder.verdict).to_have_text(IN_BOTH)
    expect(builder.alarm).to_have_text("")
    builder.unfold(BATCH)
    expect(builder.box(START_BATCH)).to_be_checked()
    expect(builder.box(START)).not_to_be_checked()


def test_all_culprits_are_swapped_at_once(builder):
    builder.open(selection(START, STOP, DETACH))

    builder.page.get_by_role("button", name="Swap 2 for their alternatives").click()

    builder.expect_selection(selection(START_BATCH, STOP_BATCH, DETACH))
    expect(builder.verdict).to_have_text(IN_BOTH)


def test_undo_takes_the_change_back(builder):
    builder.tick(ATTACH)
    builder.expect_selection(selection(ATTACH))
    builder.tick(START)

    builder.alarm.get_by_role("button", name="Undo this change").click()

    builder.expect_selection(selection(ATTACH))
    expect(builder.box(START)).not_to_be_checked()
    expect(builder.verdict).to_have_text(IN_BOTH)
    expect(builder.alarm).to_have_text("")


def test_keeping_it_closes_the_alarm_and_leaves_the_verdict(builder):
    builder.tick(START)

    builder.alarm.get_by_role("button", name="Keep it").click()

    expect(builder.alarm).to_have_text("")
    builder.expect_selection(selection(START))
    expect(builder.verdict).to_have_text(ALL_IAM_ONLY)
    builder.untick(START)
    builder.expect_nothing_granted()
    builder.tick(START)  # and the next time it is told again
    expect(builder.alarm).to_contain_text("The policy is now IAM-only")


def test_verdict_goes_with_the_culprit(builder):
    builder.tick(ATTACH, LOCK)
    expect(builder.verdict).to_have_text("IAM-only: 3 of 5 actions have no effect in an enterprise project")

    builder.page.get_by_role("link", name="What makes it IAM-only").click()
    builder.page.locator("#causes").get_by_role("button", name="Untick Locking an ECS").click()

    builder.expect_selection(selection(ATTACH))
    expect(builder.verdict).to_have_text(IN_BOTH)
    expect(builder.alarm).to_have_text("")


def test_split_shows_both_policies_side_by_side(builder):
    whole = selection(ATTACH, START, LOCK)
    builder.tick(ATTACH, START)
    builder.alarm.get_by_role("button", name="Keep it").click()
    builder.tick(LOCK)
    builder.expect_selection(whole)

    builder.page.get_by_role("link", name="Split in two policies").click()

    page = builder.page
    expect(page.get_by_role("heading", level=1)).to_have_text("The policy, split in two")
    enterprise, iam = page.locator(".half").all()
    expect(enterprise.get_by_role("heading", level=2)).to_have_text("For enterprise projects")
    expect(iam.get_by_role("heading", level=2)).to_have_text("Companion for IAM projects")
    expect(enterprise.locator(".half-verdict")).to_have_text(IN_BOTH)
    expect(iam.locator(".half-verdict")).to_have_text("For IAM projects")
    left, right = enterprise.bounding_box(), iam.bounding_box()
    assert (left["y"], left["x"] < right["x"]) == (right["y"], True)
    texts = [half.locator("pre code").text_content() for half in (enterprise, iam)]
    assert texts == [json_of(selection(ATTACH)), json_of(selection(START, LOCK))]
    assert actions_of(*texts) == actions_of(json_of(whole))


def test_split_halves_are_downloaded_and_gone_on_with(builder):
    page = builder.page
    page.goto(address_of(selection(ATTACH, START), name="team-x", page="split"))
    with page.expect_download() as download:
        page.get_by_role("link", name="Download team-x-iam.json").click()
    assert download.value.suggested_filename == "team-x-iam.json"
    assert download.value.path().read_text(encoding="utf-8") == json_of(selection(START))

    page.locator(".half").first.get_by_role("link", name="Go on with this one").click()

    builder.expect_selection(selection(ATTACH))
    expect(page.get_by_label("Name")).to_have_value("team-x-enterprise")


def test_split_leads_back_to_the_draft(builder):
    builder.open(selection(ATTACH, START), name="team-x")
    builder.page.locator("#verdict").get_by_role("link", name="Split in two policies").click()

    builder.page.get_by_role("link", name="Back to the draft").click()

    builder.expect_selection(selection(ATTACH, START))
    expect(builder.page.get_by_label("Name")).to_have_value("team-x")


def test_alarm_comes_on_top_of_a_phone_too(new_context):
    page = new_context(viewport={"width": 390, "height": 844}, has_touch=True).new_page()
    page.goto("/")
    page.locator(f"#branch-{DISKS.replace('/', '--')} summary").tap()
    page.get_by_label("Creating a disk (native OpenStack API)", exact=True).tap()

    alarm = page.get_by_role("alert").filter(has_text="IAM-only")
    expect(alarm.locator(".alarm-head")).to_be_in_viewport()
    expect(page.locator("#bar-verdict")).to_have_text("IAM-only5 actions: 1 selected, 4 needed")
    expect(page.locator("#bar-verdict")).to_be_in_viewport()


def actions_of(*texts: str) -> set[str]:
    return {name for text in texts for statement in json.loads(text)["Statement"] for name in statement["Action"]}
