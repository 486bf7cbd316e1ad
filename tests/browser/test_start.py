"""Starting from something: a task is found, looked at and taken by keyboard; wide, narrow and dark.

The pages have no script. What they show, and where their links lead, is in tests/pages/start.
"""

import pytest
from playwright.sync_api import expect

from policybuilder.domain.access.evaluation import Project
from policybuilder.store.judged_starting_points import compiled_templates
from tests.browser.looks import WIDTHS, faults, unfold_all
from tests.browser.screen import CATALOG, START, Builder, address_of, selection

POWER = next(
    found.variant.selection(CATALOG)
    for found in compiled_templates(CATALOG)
    if found.template.slug == "start-stop-restart" and found.variant.project is Project.ENTERPRISE
)


def test_everything_can_be_done_by_keyboard(page):
    page.goto("/start/")
    page.get_by_role("searchbox").focus()
    page.keyboard.type("restart")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator(".start h3").first).to_have_text("Start, stop and restart servers")
    expect(page).to_have_url("http://" + page.url.split("/")[2] + "/start/?q=restart&enterprise=1")

    page.get_by_role("link", name="Start, stop and restart servers").focus()
    page.keyboard.press("Enter")
    variant = page.locator("#start-stop-restart-enterprise")
    expect(variant.get_by_text("Can change Starting ECSs in a batch")).to_be_visible()
    variant.get_by_role("link", name="Open in the builder").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(variant.get_by_text("Can change Starting ECSs in a batch")).to_be_hidden()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")

    Builder(page).expect_selection(POWER)


def test_service_is_taken_as_a_whole_and_the_draft_before_is_one_step_back(page):
    page.goto(address_of(selection(START), name="mine", page="start"))
    page.get_by_role("link", name="26 operations: Read ECS").click()
    page.locator("#ecs-read").get_by_role("link", name="Open in the builder").click()
    expect(page.locator("#name")).to_have_value("ecs-read")

    page.go_back()
    page.get_by_role("link", name="Back to the draft “mine”").click()
    Builder(page).expect_selection(selection(START))


# How it looks


def list_unfolded(page):
    page.goto(address_of(selection(START), name="w" * 200, page="start"))
    unfold_all(page)


def task_unfolded(page):
    page.goto(f"/start/create-servers/?{address_of(selection(START), name='w' * 200).partition('?')[2]}")
    unfold_all(page)


def copied(page):
    page.goto("/start/cci-readonlyaccess/")
    unfold_all(page)


def found(page):
    """In spite of a damaged link."""
    page.goto("/start/?q=disk&enterprise=1&draft=1damaged")


def nothing_found(page):
    page.goto("/start/?q=no+such+costs")


STATES = [list_unfolded, task_unfolded, copied, found, nothing_found]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_looks_good_wide_and_narrow_light_and_dark(calm_page, state):
    state(calm_page)

    assert faults(calm_page) == {}


def test_links_of_the_masthead_stay_within_it(page):
    nothing_found(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        masthead, nav = page.locator(".masthead").bounding_box(), page.locator(".masthead-links").bounding_box()

        assert nav["y"] >= masthead["y"]
        assert nav["y"] + nav["height"] <= masthead["y"] + masthead["height"]
