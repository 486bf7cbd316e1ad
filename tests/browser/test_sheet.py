"""The acceptance sheet on the screen and on paper. What it says, and its files, are in tests/pages/sheet."""

import pytest
from playwright.sync_api import expect

from tests.browser.looks import faults
from tests.browser.screen import ATTACH, CATALOG, LOCK, START, address_of, selection

FEW = selection(ATTACH, START, LOCK, without=["evs:volumes:use"])
# Two categories are left to be refused, but for what the others allow of them, and two dependencies are left out.
LEFT = ("ecs/tag-management/", "ecs/batch-operations/")
NEARLY_ALL = selection(
    *(id_ for id_ in CATALOG.operations if not id_.startswith(LEFT)), without=["evs:volumes:use", "ecs:diskConfigs:use"]
)


@pytest.mark.parametrize("wanted", [selection(), NEARLY_ALL], ids=["nothing", "nearly all"])
def test_looks_good_wide_and_narrow_light_and_dark(calm_page, wanted):
    calm_page.goto(address_of(wanted, name="w" * 200, page="sheet"))

    assert faults(calm_page) == {}


def test_paper_has_boxes_and_room_for_notes_and_is_black_on_white_in_the_dark_too(new_context):
    page = new_context(color_scheme="dark").new_page()
    page.goto(address_of(FEW, page="sheet"))
    on_paper = [page.locator(".tick-box").first, page.locator("td.on-paper").first, page.locator(".trial-head")]
    for part in on_paper:
        expect(part).to_be_hidden()

    page.emulate_media(media="print", color_scheme="dark")

    for part in on_paper:
        expect(part).to_be_visible()
    calls = page.locator("tbody.trial tr:has(td)").count()
    assert calls > 3
    expect(page.locator(".tick-box:visible")).to_have_count(2 * calls)  # one for each project
    expect(page.get_by_role("columnheader", name="Note")).to_be_visible()
    assert page.locator("td.on-paper").first.bounding_box()["width"] > 100
    expect(page.locator("a.button:visible")).to_have_count(0)
    expect(page.locator(".crumbs")).to_be_hidden()
    style = "each => [getComputedStyle(each).color, getComputedStyle(document.body).backgroundColor]"
    assert page.locator(".answer").first.evaluate(style) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
