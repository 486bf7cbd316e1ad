"""The acceptance sheet on the screen and on paper."""

import pytest
from playwright.sync_api import expect

from tests.browser.looks import faults
from tests.browser.screen import ATTACH, CATALOG, LOCK, START, address_of, selection

FEW = selection(ATTACH, START, LOCK, without=["evs:volumes:use"])


@pytest.mark.parametrize("wanted", [selection(), FEW, selection(*CATALOG.operations)], ids=range(3))
def test_looks_good_wide_and_narrow_light_and_dark(calm_page, wanted):
    calm_page.goto(address_of(wanted, name="w" * 200, page="sheet"))

    assert faults(calm_page) == {}


def test_boxes_and_room_for_notes_are_on_paper_only(page):
    page.goto(address_of(FEW, page="sheet"))
    paper = [page.locator(".tick-box").first, page.locator("td.on-paper").first, page.locator(".trial-head")]
    for part in paper:
        expect(part).to_be_hidden()

    page.emulate_media(media="print")

    for part in paper:
        expect(part).to_be_visible()
    expect(page.get_by_role("columnheader", name="Note")).to_be_visible()
    assert page.locator("td.on-paper").first.bounding_box()["width"] > 100
    expect(page.locator("a.button:visible")).to_have_count(0)
    expect(page.locator(".crumbs")).to_be_hidden()


def test_each_call_has_a_box_for_each_project(page):
    page.goto(address_of(FEW, page="sheet"))
    page.emulate_media(media="print")
    calls = page.locator("tbody.trial tr:has(td)")

    assert calls.count() > 3
    expect(page.locator(".tick-box:visible")).to_have_count(2 * calls.count())


def test_paper_is_black_on_white_in_the_dark_too(new_context):
    page = new_context(color_scheme="dark").new_page()
    page.goto(address_of(FEW, page="sheet"))
    page.emulate_media(media="print", color_scheme="dark")

    style = "each => [getComputedStyle(each).color, getComputedStyle(document.body).backgroundColor]"
    assert page.locator(".answer").first.evaluate(style) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]


@pytest.mark.parametrize(
    ("link", "file"), [("Download as CSV", "team-a-sheet.csv"), ("Download a summary (Markdown)", "team-a.md")]
)
def test_files_are_taken_by_keyboard(page, link, file):
    page.goto(address_of(FEW, name="team-a", page="sheet"))
    page.get_by_role("link", name=link).focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")

    assert download.value.suggested_filename == file
