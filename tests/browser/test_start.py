"""Starting from something: a task is found, looked at and taken by keyboard; wide, narrow and dark.

What the pages show, and where their links lead, is in tests/pages/start.
"""

import pytest
from playwright.sync_api import expect

from policybuilder.catalog_files.judged_starting_points import compiled_templates
from policybuilder.domain.access.evaluation import Project
from tests.browser.looks import WIDTHS, faults, unfold_all
from tests.browser.screen import CATALOG, LIFECYCLE, START, Builder, address_of, selection, title_of

POWER = next(
    found
    for found in compiled_templates(CATALOG)
    if found.template.slug == "start-stop-restart" and found.variant.project is Project.ENTERPRISE
)


def filters_while_typing(page):
    """Without the server: what has the words stays, with the headings above it."""
    rows, left = page.locator("[data-row]:visible"), page.locator("#left")
    count = page.locator("[data-row]").count()
    page.get_by_role("searchbox").focus()
    page.keyboard.type("RESTART serv")
    expect(rows.locator("h4")).to_have_text([POWER.template.title])
    expect(page.locator("#tasks ~ .tally")).to_have_text("1")
    expect(left).to_have_text(f"1 of {count} match by name. Search looks into what they contain as well.")
    expect(page.get_by_role("heading", level=2)).to_have_text(["Tasks"])
    expect(page.locator(".start-parts a:visible")).to_have_text(["Tasks"])
    page.keyboard.type("netzwerk")
    expect(left).to_have_text("None matches by name.")
    expect(page.get_by_role("link", name="show everything")).to_be_visible()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.press("Delete")
    expect(page.get_by_role("heading", level=2)).to_have_count(3)
    expect(left).to_be_empty()


def test_everything_can_be_done_by_keyboard(page):
    page.goto("/start/")
    page.get_by_role("link", name="Enterprise projects").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".start-goal [aria-current]")).to_have_text("Enterprise projects")
    filters_while_typing(page)

    page.keyboard.type("restart")
    page.keyboard.press("Enter")
    expect(page).to_have_url("http://" + page.url.split("/")[2] + "/start/?goal=enterprise_project&q=restart")
    expect(page.locator(".start h4").first).to_have_text(POWER.template.title)

    page.get_by_role("link", name=POWER.template.title).focus()
    page.keyboard.press("Enter")
    variant = page.locator("#start-stop-restart-enterprise")
    contained = variant.locator(
        ".also li", has_text=title_of(f"{LIFECYCLE}/querying-details-about-a-specific-ecs")
    ).last
    expect(contained).to_be_visible()
    variant.get_by_role("link", name="Open in the builder").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(contained).to_be_hidden()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")

    Builder(page).expect_selection(POWER.variant.selection(CATALOG))


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
    page.goto(f"/start/everything-but-delete/?{address_of(selection(START), name='w' * 200).partition('?')[2]}")
    unfold_all(page)


def copied(page):
    page.goto("/start/cci-readonlyaccess/")
    unfold_all(page)


def found(page):
    """In spite of a damaged link."""
    page.goto("/start/?q=disk&goal=enterprise_project&draft=1damaged")


def nothing_left(page):
    page.goto("/start/?goal=enterprise_project")
    page.locator("#q").fill("no such thing")


def nothing_found(page):
    page.goto("/start/?q=no+such+costs")


STATES = [list_unfolded, task_unfolded, copied, found, nothing_left]


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
