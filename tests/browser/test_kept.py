"""What was pasted is still there when the tab comes back to the page, however it does."""

from playwright.sync_api import expect

from policybuilder.domain.building.compiler import compile_selection
from policybuilder.domain.policy.document import dump
from tests.browser.screen import ATTACH, CATALOG, address_of, selection
from tests.browser.test_check import CLEAN, SAID_OF_CLEAN
from tests.browser.test_compare import FIRST

DRAFT = address_of(selection(ATTACH), name="disks")


def by_the_links_at_the_top(page) -> None:
    """To the builder, and to the page that it came from."""
    name = page.locator("#site-nav [aria-current]").inner_text()
    page.locator("#site-nav").get_by_role("link", name="Builder").click()
    expect(page.locator("#tree")).to_be_visible()
    page.locator("#site-nav").get_by_role("link", name=name, exact=True).click()


def test_checked_text_is_there_again_with_its_result_until_it_is_cleared(page):
    page.goto("/check/")
    page.locator("#text").fill(CLEAN)
    expect(page.locator("#headline")).to_have_text(SAID_OF_CLEAN)

    by_the_links_at_the_top(page)
    expect(page.locator("#text")).to_have_value(CLEAN)
    expect(page.locator("#headline")).to_have_text(SAID_OF_CLEAN)

    page.locator("#clear").click()
    expect(page.locator("#headline")).to_have_count(0)
    by_the_links_at_the_top(page)
    expect(page.locator("#clear")).to_be_disabled()
    expect(page.locator("#text")).to_have_value("")


def test_text_that_was_opened_in_the_builder_is_there_on_going_back_read_as_it_was(page):
    """A repair that was refused stays refused."""
    page.goto("/check/")
    page.locator("#text").fill(CLEAN)
    page.locator("#open-0").click()
    expect(page.locator("#json")).to_be_visible()
    page.go_back()
    expect(page.locator("#text")).to_have_value(CLEAN)
    expect(page.locator("#headline")).to_have_text(SAID_OF_CLEAN)

    page.locator("#text").fill(CLEAN.replace("]", ",]", 1))
    page.get_by_role("button", name="Undo the repair").click()
    expect(page.get_by_role("button", name="Repair it after all")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Repair it after all")).to_be_visible()


def test_of_a_comparison_the_draft_of_the_address_wins_and_the_other_side_is_there_again(page):
    page.goto("/compare/")
    page.locator("#before").fill(FIRST)
    page.locator("#after").fill(CLEAN)
    expect(page.locator("#headline")).to_be_visible()

    page.goto(DRAFT)
    page.locator("#ways-on").get_by_role("link", name="Compare").click()
    expect(page.locator("#headline")).to_be_visible()
    expect(page.locator("#before")).to_have_value(FIRST)
    expect(page.locator("#after")).to_have_value(dump(compile_selection(CATALOG, selection(ATTACH)).document))
