"""The same form without a script: boxes count when Apply is pressed, everything else is a button or a link."""

import pytest
from playwright.sync_api import expect

from tests.browser.screen import (
    ATTACH,
    LIFECYCLE,
    QUERY,
    START,
    START_BATCH,
    Builder,
    json_of,
    selection,
)
from tests.browser.test_check import CLEAN, SAID_OF_CLEAN


@pytest.fixture
def builder(plain_page):
    return Builder(plain_page).open()


def apply(builder) -> None:
    builder.page.get_by_role("button", name="Apply").click()


def test_page_shows_what_works_and_hides_what_does_not(builder):
    expect(builder.page.get_by_role("button", name="Apply")).to_be_in_viewport()
    expect(builder.page.locator(".apply span")).to_be_in_viewport()
    expect(builder.branch(LIFECYCLE).locator("details")).to_have_attribute("open", "")

    builder.open(selection(ATTACH))

    expect(builder.page.locator("button[type=button]:not([popovertarget]):visible")).to_have_count(0)
    expect(builder.page.locator("input.parent:visible")).to_have_count(0)


def test_from_the_empty_page_to_the_download(builder):
    """The whole way; each button by itself is in tests/pages/builder."""
    page = builder.page
    builder.tick(ATTACH)
    builder.expect_nothing_granted()
    builder.tick(START)
    apply(builder)
    builder.expect_selection(selection(ATTACH, START))
    expect(builder.iam_only_alarm).to_be_visible()

    builder.alarm.get_by_role("button", name="Swap for “Starting ECSs in a batch”").click()
    builder.expect_selection(selection(ATTACH, START_BATCH))
    expect(builder.alarm).to_have_text("")
    builder.search.fill("disk")
    page.get_by_role("button", name="Search").click()
    expect(builder.titles).to_have_count(14)
    builder.untick(ATTACH)
    builder.search.fill("")
    apply(builder)
    builder.expect_selection(selection(START_BATCH))
    page.get_by_role("button", name="Undo").click()
    builder.expect_selection(selection(ATTACH, START_BATCH))

    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.path().read_text(encoding="utf-8") == json_of(selection(ATTACH, START_BATCH))


def test_enter_in_the_search_field_searches(builder):
    builder.tick(QUERY)
    builder.search.fill("disk")
    builder.search.press("Enter")

    expect(builder.titles).to_have_count(14)
    builder.expect_json(json_of(selection(QUERY)))


def test_enter_in_a_field_of_the_policy_applies(builder):
    """Enter presses the first button of a form: it must be none that selects anything."""
    builder.tick(ATTACH)
    builder.page.get_by_label("Name").fill("disk-team")
    builder.page.get_by_label("Name").press("Enter")

    builder.expect_selection(selection(ATTACH))
    expect(builder.page.get_by_label("Name")).to_have_value("disk-team")


def test_link_and_back_work(builder):
    builder.tick(ATTACH)
    apply(builder)
    builder.expect_selection(selection(ATTACH))
    builder.open(selection(QUERY))
    builder.expect_selection(selection(QUERY))

    builder.page.go_back()

    builder.expect_selection(selection(ATTACH))


def test_rail_jumps_to_a_category(builder):
    builder.page.get_by_role("navigation", name="Categories").get_by_role("link", name="Tag Management").click()

    expect(builder.branch("ecs/tag-management").locator("summary")).to_be_in_viewport()


def test_answer_to_a_form_is_as_it_was_once_the_form_is_sent_again(plain_page):
    """No cache has it, so a browser that reloads it or goes back to it asks, and sends again what was pasted."""
    plain_page.goto("/check/")
    plain_page.locator("#text").fill(CLEAN)
    plain_page.get_by_role("button", name="Check", exact=True).click()
    expect(plain_page.locator("#headline")).to_have_text(SAID_OF_CLEAN)

    plain_page.reload()

    expect(plain_page.locator("#text")).to_have_value(CLEAN)
    expect(plain_page.locator("#headline")).to_have_text(SAID_OF_CLEAN)
