"""The picture in a browser: nothing is forbidden by the page's policy, all can be reached, and texts are not cut.

What it shows, and its file, are in tests/pages/picture.
"""

import pytest
from playwright.sync_api import expect

from tests.browser.looks import faults
from tests.browser.screen import CATALOG, address_of, expect_outcome, selection

MANY = selection(*list(CATALOG.operations)[:40], actions=["ecs:servers:*", "kms:keys:get"])


@pytest.mark.parametrize("wanted", [selection(), MANY], ids=["nothing", "many"])
def test_looks_good_wide_and_narrow_light_and_dark(calm_page, wanted):
    calm_page.goto(address_of(wanted, name="w" * 200, page="picture"))

    assert faults(calm_page) == {}


def test_every_text_stays_within_its_column(page):
    """The page reckons with wide fonts; this is one of them."""
    page.goto(address_of(selection(*list(CATALOG.operations)[:140], actions=["kms:keys:get"]), page="picture"))
    cut = page.locator("svg.pic").evaluate(
        """picture => {
            const edge = picture.getBoundingClientRect();
            return [...picture.querySelectorAll("text")].filter(text => {
                const box = text.getBoundingClientRect();
                return box.left < edge.left || box.right > edge.right || box.bottom > edge.bottom;
            }).map(text => text.textContent);
        }"""
    )

    assert page.locator("svg.pic circle").count() > 150
    assert cut == []


def test_text_for_mermaid_is_copied(new_context):
    page = new_context(permissions=["clipboard-write"]).new_page()
    page.goto(address_of(MANY, page="picture"))
    page.get_by_role("button", name="Copy text").click()

    expect_outcome(page, "copied")


def test_picture_is_scrolled_by_keyboard_and_whole_on_paper(new_context):
    page = new_context(viewport={"width": 390, "height": 844}).new_page()
    page.goto(address_of(MANY, page="picture"))
    picture = page.get_by_role("region", name="Picture")

    page.get_by_role("link", name="Download the picture").focus()
    page.keyboard.press("Tab")
    expect(picture).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(picture).not_to_have_js_property("scrollLeft", 0)

    page.emulate_media(media="print")

    assert page.locator(".picture").evaluate("each => each.scrollWidth <= each.clientWidth")
    expect(page.locator("a.button:visible")).to_have_count(0)


def test_picture_alone_opens_as_an_image(page, base_url):
    page.goto("/picture/")
    loaded = page.evaluate(
        """async address => {
            const image = new Image();
            image.src = address;
            await image.decode();
            return [image.naturalWidth > 700, image.naturalHeight > 1000];
        }""",
        address_of(MANY, page="picture-image"),
    )

    assert loaded == [True, True]
