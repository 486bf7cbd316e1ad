"""Taking the policy along: copying the JSON or the link, downloading the file, and the name that it has."""

from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from policybuilder.web.wording import name_problem
from tests.browser.screen import ATTACH, DETACH, START, Builder, address_of, expect_outcome, json_of, selection

WANTED = selection(ATTACH, START)


@contextmanager
def elsewhere(page):
    """A field of another program: the clipboard is the same for all, and our own pages may not read it."""
    other = page.context.new_page()
    other.set_content("<textarea>something else</textarea>")
    other.locator("textarea").focus()
    yield other.locator("textarea")
    other.close()


def pasted(page) -> str:
    with elsewhere(page) as field:
        field.press("ControlOrMeta+a")
        field.press("ControlOrMeta+v")
        return field.input_value()


def opened(context, wanted, **options) -> Builder:
    """The builder of a draft, while something else is on the clipboard."""
    page = context.new_page()
    with elsewhere(page) as field:
        field.press("ControlOrMeta+a")
        field.press("ControlOrMeta+c")
    assert pasted(page) == "something else"
    return Builder(page).open(wanted, **options)


@pytest.fixture
def allowed(new_context):
    """The builder in a browser that may write to the clipboard."""
    return opened(new_context(permissions=["clipboard-write"]), WANTED, name="disk-team")


@pytest.fixture
def refused(new_context):
    """The builder in a browser that may not: Chromium refuses what is not among the permissions granted."""
    return opened(new_context(permissions=["notifications"]), WANTED)


def test_copy_puts_the_policy_of_now_on_the_clipboard_and_says_so_until_it_changes(allowed):
    copied = allowed.page.locator("#copied")
    allowed.page.get_by_role("button", name="Copy JSON").click()
    expect(allowed.page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    expect_outcome(allowed.page, "copied")
    assert pasted(allowed.page) == json_of(WANTED)

    allowed.tick(DETACH)
    allowed.expect_selection(selection(ATTACH, START, DETACH))
    expect(copied).to_have_text("")  # what lies on the clipboard is not the policy any more

    allowed.page.get_by_role("button", name="Copy JSON").click()
    expect_outcome(allowed.page, "copied")
    assert pasted(allowed.page) == json_of(selection(ATTACH, START, DETACH))


def test_copy_without_permission_unfolds_and_selects_the_json(refused):
    refused.page.get_by_role("heading", name="JSON", exact=True).click()
    expect(refused.json).to_be_hidden()

    refused.page.get_by_role("button", name="Copy JSON").click()

    expect(refused.page.get_by_role("status").filter(has_text="Ctrl+C")).to_be_visible()
    expect_outcome(refused.page, "selected")
    assert refused.page.evaluate("getSelection().toString()").strip() == json_of(WANTED).strip()
    expect(refused.json).to_be_in_viewport()

    refused.page.keyboard.press("ControlOrMeta+c")
    assert pasted(refused.page).strip() == json_of(WANTED).strip()


def test_copied_link_opens_the_same_draft(allowed, new_context):
    allowed.page.get_by_role("button", name="Copy link to this draft").click()
    expect_outcome(allowed.page, "link")
    link = pasted(allowed.page)

    colleague = Builder(new_context().new_page())
    colleague.page.goto(link)

    colleague.expect_selection(WANTED)
    expect(colleague.page.get_by_label("Name")).to_have_value("disk-team")


def test_link_that_may_not_be_copied_is_in_the_address_bar(refused):
    refused.page.get_by_role("button", name="Copy link to this draft").click()

    expect_outcome(refused.page, "address")
    expect(refused.page).to_have_url(address_of(WANTED))


def test_copy_in_the_split_page(new_context):
    page = opened(new_context(permissions=["clipboard-write"]), WANTED).page
    page.goto(address_of(WANTED, page="split"))

    page.get_by_role("button", name="Copy JSON Companion for IAM projects").click()

    expect_outcome(page, "copied")
    assert pasted(page) == json_of(selection(START))


def test_download_is_the_json_shown_to_the_byte_and_has_the_name_of_the_policy(builder):
    builder.tick(ATTACH, START)
    builder.expect_selection(WANTED)
    builder.page.get_by_label("Name").fill("Disk Team: ä/ß")
    builder.page.get_by_label("Name").press("Tab")
    expect(builder.page.locator("#name-problem")).to_have_text(name_problem("Disk Team"))
    expect(builder.page.locator("#download")).to_have_attribute("download", "Disk-Team.json")

    with builder.page.expect_download() as download:
        builder.page.get_by_role("link", name="Download").click()

    assert download.value.path().read_bytes() == builder.json.text_content().encode()
    assert download.value.path().read_bytes() == json_of(WANTED).encode()
    assert download.value.suggested_filename == "Disk-Team.json"


def test_enter_in_the_name_field_keeps_the_name_and_the_draft(builder):
    builder.tick(ATTACH)
    builder.expect_selection(selection(ATTACH))

    builder.page.get_by_label("Name").fill("disk-team")
    builder.page.get_by_label("Name").press("Enter")

    expect(builder.page.locator("#download")).to_have_attribute("download", "disk-team.json")
    builder.expect_selection(selection(ATTACH))
