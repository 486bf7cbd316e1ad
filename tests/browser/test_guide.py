"""The guide, and a term that is explained where it stands: by keyboard, wide and narrow, light and dark; on paper."""

from playwright.sync_api import expect

from policybuilder.drafts.addresses import address
from policybuilder.drafts.draft import Draft
from tests.browser.looks import faults
from tests.browser.screen import ATTACH, START, selection

DRAFT = Draft.of(selection(ATTACH, START), "w" * 200)


def test_guide_looks_good_wide_and_narrow_light_and_dark(calm_page):
    calm_page.goto("/guide/")

    assert faults(calm_page) == {}


def test_term_is_explained_by_keyboard_and_the_steps_look_good_here_and_on_paper(calm_page):
    page = calm_page
    page.goto(address(DRAFT, name="next"))
    button = page.get_by_role("button", name="What does “IAM project” mean?")
    shown = page.locator("#term-iam-project")
    expect(shown).to_be_hidden()

    button.focus()
    page.keyboard.press("Enter")
    expect(shown).to_be_visible()
    page.keyboard.press("Tab")
    expect(shown.get_by_role("link", name="More in the guide")).to_be_focused()
    page.keyboard.press("Escape")
    expect(shown).to_be_hidden()
    expect(button).to_be_focused()

    page.keyboard.press("Enter")
    assert faults(page) == {}  # with the words in sight
    edges = shown.evaluate(
        "each => [each.getBoundingClientRect().left, innerWidth - each.getBoundingClientRect().right]"
    )
    assert min(edges) >= 0

    page.emulate_media(media="print")
    expect(shown).to_be_hidden()
    expect(page.locator("button:visible")).to_have_count(0)
    expect(page.locator(".step input").first).to_be_visible()
    expect(page.locator(".trial-head")).to_be_visible()
