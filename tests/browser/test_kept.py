"""What was pasted is still there when the tab comes back to the page, however it does."""

import pytest
from playwright.sync_api import expect

from policybuilder.domain.building.compiler import compile_selection
from policybuilder.domain.policy.document import dump
from tests.browser.screen import ATTACH, CATALOG, address_of, selection
from tests.browser.test_access import OURS, Access
from tests.browser.test_check import CLEAN, SAID_OF_CLEAN
from tests.browser.test_compare import FIRST
from tests.browser.test_refused import SAID_OF_START, STARTED

DRAFT = address_of(selection(ATTACH), name="disks")


def by_the_links_at_the_top(page) -> None:
    """To the builder, and to the page that it came from."""
    name = page.locator("#site-nav [aria-current]").inner_text()
    page.locator("#site-nav").get_by_role("link", name="Builder").click()
    expect(page.locator("#tree")).to_be_visible()
    page.locator("#site-nav").get_by_role("link", name=name, exact=True).click()


def away_and_back(page) -> None:
    page.goto("/sheet/")
    page.go_back()


@pytest.mark.parametrize("go", [lambda page: page.reload(), away_and_back, by_the_links_at_the_top])
def test_checked_text_is_there_again_with_its_result_until_it_is_cleared(page, go):
    page.goto("/check/")
    page.locator("#text").fill(CLEAN)
    expect(page.locator("#headline")).to_have_text(SAID_OF_CLEAN)

    go(page)
    expect(page.locator("#text")).to_have_value(CLEAN)
    expect(page.locator("#headline")).to_have_text(SAID_OF_CLEAN)

    page.locator("#clear").click()
    expect(page.locator("#headline")).to_have_count(0)
    go(page)
    expect(page.locator("#clear")).to_be_disabled()
    expect(page.locator("#text")).to_have_value("")


def test_text_is_there_again_as_it_was_read_where_a_repair_was_refused(page):
    text = CLEAN.replace("]", ",]", 1)
    page.goto("/check/")
    page.locator("#text").fill(text)
    page.get_by_role("button", name="Undo the repair").click()
    expect(page.get_by_role("button", name="Repair it after all")).to_be_visible()

    away_and_back(page)

    expect(page.get_by_role("button", name="Repair it after all")).to_be_visible()
    expect(page.locator("#text")).to_have_value(text)


def test_opened_in_the_builder_and_gone_back_the_text_is_there(page):
    page.goto("/check/")
    page.locator("#text").fill(CLEAN)
    expect(page.locator("#headline")).to_have_text(SAID_OF_CLEAN)
    page.locator("#open-0").click()
    expect(page.locator("#json")).to_be_visible()

    page.go_back()

    expect(page.locator("#text")).to_have_value(CLEAN)
    expect(page.locator("#headline")).to_have_text(SAID_OF_CLEAN)


def test_refusal_is_there_again_for_the_draft_of_the_address(page):
    page.goto("/refused/")
    page.locator("#text").fill(STARTED)
    expect(page.locator("#headline")).to_contain_text(SAID_OF_START)

    page.goto(DRAFT)
    page.locator("#site-nav").get_by_role("link", name="Refused call").click()

    expect(page.locator("#text")).to_have_value(STARTED)
    expect(page.locator("#headline")).to_have_count(1)
    expect(page.locator(".refused-draft")).to_contain_text("disks")


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

    page.locator("#after").fill(CLEAN)
    by_the_links_at_the_top(page)
    expect(page.locator("#after")).to_have_value(CLEAN)
    expect(page.locator("#before")).to_have_value(FIRST)


def test_group_is_there_again_unless_somebody_comes_with_a_draft(page):
    access = Access(page).open()
    access.add(OURS)
    expect(access.members).to_have_count(1)
    access.name.fill("disks only")

    by_the_links_at_the_top(page)
    expect(access.name).to_have_value("disks only")
    page.goto(address_of(selection(ATTACH), name="draft", page="access"))
    expect(access.name).to_have_value("draft")
    page.reload()
    expect(access.name).to_have_value("draft")


def test_way_back_of_a_page_is_kept_however_its_text_changes(page):
    page.goto(address_of(selection(ATTACH), name="disks", page="check"))
    page.locator("#text").fill(CLEAN)
    expect(page.locator("#headline")).to_have_text(SAID_OF_CLEAN)
    page.locator("#press").click()

    page.get_by_role("link", name="Back to the draft “disks”").click()

    expect(page.locator("#name")).to_have_value("disks")
