"""What is typed, pasted, ticked or chosen before the scripts of a page are here counts as soon as they are."""

import pytest
from playwright.sync_api import expect

from policybuilder.pages.compare.page import HEADLINES
from tests.browser.screen import ATTACH, DISKS, START, Builder, address_of, selection, title_of
from tests.browser.test_check import CLEAN, SAID_OF_CLEAN
from tests.browser.test_refused import STARTED


class SlowLine:
    """A page whose scripts do not come before `release`. Its forms work meanwhile as they do without any script."""

    def __init__(self, page):
        self.page = page
        self.held = []
        self.sent = []
        page.on("request", lambda request: self.sent.append(request) if request.method == "POST" else None)
        page.route("**/*.js", self.hold)
        self.holding = True

    def hold(self, route) -> None:
        if self.holding:
            self.held.append(route)
        else:
            route.continue_()

    def open(self, path: str) -> None:
        self.page.goto(path, wait_until="commit")
        expect(self.page.locator("#problems")).to_be_attached()

    def reload(self) -> None:
        self.holding = True
        self.page.reload(wait_until="commit")
        expect(self.page.locator("#problems")).to_be_attached()

    def release(self) -> None:
        assert self.sent == []
        self.holding = False
        while self.held:
            self.held.pop().continue_()


@pytest.fixture
def slow(page):
    return SlowLine(page)


def test_pasted_policy_is_checked_and_so_is_what_is_typed_later(slow):
    """What was typed early is sent at once; what comes after it is no less of a change."""
    slow.open("/check/")
    slow.page.get_by_label("Policy text").fill("{")
    slow.release()
    expect(slow.page.locator("#headline")).to_contain_text("cannot be read")
    expect(slow.page.get_by_label("Policy text")).to_have_value("{")
    assert len(slow.sent) == 1

    slow.page.get_by_label("Policy text").fill(CLEAN)

    expect(slow.page.locator("#headline")).to_have_text(SAID_OF_CLEAN)


def test_chosen_file_is_checked(slow):
    slow.open("/check/")
    policy = {"name": "policy.json", "mimeType": "application/json", "buffer": CLEAN.encode()}
    slow.page.get_by_label("Or a file").set_input_files(policy)

    slow.release()

    expect(slow.page.locator("#headline")).to_have_text(SAID_OF_CLEAN)
    expect(slow.page.get_by_label("Policy text")).to_have_value(CLEAN)


def test_pasted_policies_are_compared(slow):
    slow.open("/compare/")
    slow.page.get_by_label("Before", exact=True).fill(CLEAN)
    slow.page.get_by_label("After", exact=True).fill(CLEAN)

    slow.release()

    expect(slow.page.locator("#headline")).to_have_text(HEADLINES["identical"])
    assert len(slow.sent) == 1


def test_pasted_refusal_is_explained(slow):
    slow.open("/refused/")
    slow.page.get_by_label("The refusal").fill(STARTED)

    slow.release()

    expect(slow.page.locator("#headline")).to_contain_text(title_of(START))
    assert len(slow.sent) == 1


def test_ticks_count_all_at_once(slow):
    slow.open("/")
    builder = Builder(slow.page)
    builder.tick(ATTACH, START)
    slow.page.get_by_role("link", name="Skip to the policy").press("Enter")  # which is no going back

    slow.release()

    builder.expect_selection(selection(ATTACH, START))
    expect(builder.parent(DISKS)).to_have_js_property("indeterminate", True)
    assert len(slow.sent) == 1


def test_back_shows_the_page_of_its_address(slow):
    """Back loads the page before, and is pressed again before the scripts of that one are here."""
    slow.holding = False
    builder = Builder(slow.page).open()
    builder.tick(ATTACH)
    builder.expect_selection(selection(ATTACH))
    builder.tick(START)
    builder.expect_selection(selection(ATTACH, START))
    slow.page.goto("/check/")
    slow.sent.clear()

    slow.holding = True
    slow.page.go_back(wait_until="commit")
    expect(builder.box(START)).to_be_checked()
    expect(builder.box(ATTACH)).to_be_checked()
    slow.page.go_back(wait_until="commit")
    slow.page.go_back(wait_until="commit")
    slow.release()

    builder.expect_nothing_granted()
    expect(builder.box(ATTACH)).not_to_be_checked()


def test_box_of_a_category_ticks_all_of_it(slow):
    slow.open("/")
    builder = Builder(slow.page)
    builder.parent(DISKS).check()

    slow.release()

    expect(builder.count(DISKS)).to_have_attribute("data-state", "all")
    expect(builder.parent(DISKS)).to_be_checked()


def test_search_filter_and_name_count_together(slow):
    slow.open("/")
    builder = Builder(slow.page)
    builder.search.fill("disk")
    builder.page.get_by_label("API", exact=True).select_option("own")
    builder.page.get_by_label("Name").fill("disk-team")

    slow.release()

    expect(builder.page).to_have_title("disk-team · Policy Builder")
    expect(builder.hits).to_have_text("4 operations found")
    expect(builder.search).to_have_value("disk")
    assert len(slow.sent) == 1


def test_nothing_is_sent_where_nothing_was_done(slow):
    slow.open(address_of(selection(ATTACH, START), name="disk-team", q="disk", reading="1", api="own"))
    slow.release()
    slow.page.wait_for_load_state("networkidle")
    assert slow.sent == []


def test_pasted_policy_of_a_group_waits_for_its_button(slow):
    slow.open("/access/")
    slow.page.get_by_label("Paste a policy, or a list of them").fill(CLEAN)

    slow.release()
    slow.page.wait_for_load_state("networkidle")
    assert slow.sent == []
    slow.page.get_by_role("button", name="Add", exact=True).click()

    expect(slow.page.locator(".member")).to_have_count(1)


def test_reload_of_a_group_keeps_what_was_pasted_meanwhile(slow):
    slow.holding = False
    slow.page.goto("/access/")
    slow.page.get_by_role("button", name="Look at an example").click()
    expect(slow.page.locator(".member").first).to_be_visible()
    members = slow.page.locator(".member").count()
    slow.sent.clear()

    slow.reload()
    slow.page.get_by_label("Paste a policy, or a list of them").fill(CLEAN)
    slow.page.locator("#granted").select_option("enterprise_project")
    slow.release()

    expect(slow.page.locator(".member")).to_have_count(members)
    expect(slow.page.get_by_label("Paste a policy, or a list of them")).to_have_value(CLEAN)
    expect(slow.page.locator("#granted")).to_have_value("enterprise_project")
