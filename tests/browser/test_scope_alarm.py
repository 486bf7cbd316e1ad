"""The moment a change makes the policy IAM-only, and what can be done about it; the policy split in two.

What the alarm says of this change and that, and what each of its buttons makes of it, is in tests/pages/builder.
"""

from playwright.sync_api import expect

from policybuilder.web import wording
from tests.browser.screen import ATTACH, DISKS, LOCK, START, address_of, selection, title_of

ALL_IAM_ONLY = wording.ALL_IAM_ONLY
IN_BOTH = wording.IN_BOTH


def test_alarm_tells_the_change_the_cause_and_the_way_out_until_it_is_closed(builder):
    builder.page.evaluate("window.region = document.getElementById('alarm')")
    expect(builder.alarm).to_have_attribute("role", "alert")
    expect(builder.alarm).to_have_text("")

    builder.tick(START)

    alarm = builder.page.get_by_role("alert").filter(has_text="IAM-only")
    expect(alarm).to_be_in_viewport()
    expect(alarm.locator(".alarm-why")).to_contain_text(title_of(START))
    ways = alarm.locator("button:visible, a:visible")
    # Nothing works in enterprise projects: there is nothing to split.
    assert ways.evaluate_all("each => each.map(way => way.value || way.dataset.dismiss)") == [
        f"swap:{START}",
        f"untick:{START}",
        "undo",
        "alarm",
    ]
    # The same element as before: a screen reader announces what changes in a region, not a region that appears.
    assert builder.page.evaluate("window.region === document.getElementById('alarm') && window.region.isConnected")

    builder.alarm.get_by_role("button", name="Keep it").click()
    expect(builder.alarm).to_have_text("")
    builder.expect_selection(selection(START))
    expect(builder.verdict).to_have_text(ALL_IAM_ONLY)
    builder.untick(START)
    builder.expect_nothing_granted()
    builder.tick(START)  # and the next time it is told again
    expect(builder.iam_only_alarm).to_be_visible()


def test_verdict_goes_with_the_culprit(builder):
    builder.tick(ATTACH, LOCK)
    expect(builder.verdict).to_have_text(wording.SOME_IAM_ONLY.format(n=3, total=5))

    builder.page.get_by_role("link", name="What makes it IAM-only").click()
    builder.page.locator("#causes").get_by_role("button", name="Untick Locking an ECS").click()

    builder.expect_selection(selection(ATTACH))
    expect(builder.verdict).to_have_text(IN_BOTH)
    expect(builder.alarm).to_have_text("")


def test_split_shows_both_policies_side_by_side(page):
    page.goto(address_of(selection(ATTACH, START, LOCK), page="split"))

    left, right = (half.bounding_box() for half in page.locator(".half").all())
    assert (left["y"], left["x"] < right["x"]) == (right["y"], True)


def test_alarm_comes_on_top_of_a_phone_too(new_context):
    page = new_context(viewport={"width": 390, "height": 844}, has_touch=True).new_page()
    page.goto("/")
    page.locator(f"#branch-{DISKS.replace('/', '--')} summary").tap()
    page.get_by_label("Creating a disk (native OpenStack API)", exact=True).tap()

    alarm = page.get_by_role("alert").filter(has_text="IAM-only")
    expect(alarm.locator(".alarm-head")).to_be_in_viewport()
    expect(page.locator("#bar-verdict")).to_have_text(f"IAM-only5 actions: {wording.chosen_in_words(1, 4)}")
    expect(page.locator("#bar-verdict")).to_be_in_viewport()
