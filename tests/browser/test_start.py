"""Starting from something: a task is taken, narrowed and taken along; by keyboard, without a script, on a phone."""

import json

import pytest
from playwright.sync_api import expect

from policybuilder.domain.access.evaluation import Project
from policybuilder.domain.building.selection import Selection
from policybuilder.store.judged_starting_points import compiled_templates
from tests.browser.looks import WIDTHS, faults, unfold_all
from tests.browser.screen import ATTACH, BATCH, CATALOG, START, Builder, address_of, json_of, selection

RESTART_BATCH = f"{BATCH}/restarting-ecss-in-a-batch"
POWER = next(
    found.variant.selection(CATALOG)
    for found in compiled_templates(CATALOG)
    if found.template.slug == "start-stop-restart" and found.variant.project is Project.ENTERPRISE
)
LINK = "Start with this : Start, stop and restart servers, For enterprise projects"


def less(wanted: Selection, *operations: str) -> Selection:
    return wanted.untick(operations)


def test_task_is_taken_narrowed_and_exported(page):
    page.goto("/")
    page.get_by_role("link", name="Start from").first.click()
    page.get_by_role("link", name=LINK).click()
    builder = Builder(page)
    builder.expect_selection(POWER)
    expect(page.locator("#name")).to_have_value("ecs-start-stop-restart-enterprise")

    builder.untick(RESTART_BATCH)
    builder.expect_selection(less(POWER, RESTART_BATCH))
    with page.expect_download() as download:
        page.get_by_role("link", name="Download", exact=True).click()

    assert download.value.suggested_filename == "ecs-start-stop-restart-enterprise.json"
    assert download.value.path().read_text() == json_of(less(POWER, RESTART_BATCH))


def test_contents_are_shown_before_it_is_taken(page):
    page.goto("/start/")
    variant = page.locator("#start-stop-restart-enterprise")
    expect(variant.get_by_text("Writes Starting ECSs in a batch")).to_be_hidden()

    variant.get_by_text("What it contains").click()

    expect(variant.get_by_text("Writes Starting ECSs in a batch")).to_be_visible()
    expect(variant.get_by_text("Reads Querying project tags")).to_be_visible()
    expect(variant.locator(".contents-actions code")).to_have_count(5)


def test_system_policy_is_copied(page):
    page.goto("/start/")
    row = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="ECS ReadOnlyAccess"))
    row.get_by_text("JSON of ECS ReadOnlyAccess").locator("xpath=..").click()
    published = json.loads(row.locator("pre").inner_text())

    row.get_by_role("link", name="Start with this").click()

    expect(page.locator("#name")).to_have_value("ecs-readonlyaccess-copy")
    written = json.loads(page.locator("#json").text_content())
    names = {name for statement in written["Statement"] for name in statement["Action"]}
    assert names == set(published["Statement"][0]["Action"])


def test_draft_is_one_step_back(page):
    builder = Builder(page).open(selection(ATTACH), name="disk-team")
    page.goto(address_of(selection(ATTACH), name="disk-team", page="start"))
    expect(page.locator(".begins-anew")).to_contain_text("Yours (“disk-team”,")

    page.go_back()

    builder.expect_selection(selection(ATTACH))


def test_everything_can_be_done_by_keyboard(page):
    page.goto("/start/")
    page.get_by_role("searchbox").focus()
    page.keyboard.type("restart")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator(".start h3").first).to_have_text("Start, stop and restart servers")
    expect(page).to_have_url("http://" + page.url.split("/")[2] + "/start/?q=restart&enterprise=1")

    page.get_by_role("link", name=LINK).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#start-stop-restart-enterprise .contents")).to_have_attribute("open", "")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")

    Builder(page).expect_selection(POWER)


def test_it_works_without_a_script(plain_page):
    page = plain_page
    page.goto("/start/")
    page.get_by_label("Works in enterprise projects").check()
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("link", name="Start with this : Lock and unlock servers")).to_have_count(0)
    page.get_by_role("link", name=LINK).click()

    expect(page.locator("input[name=o]:checked")).to_have_count(len(POWER.operations))


# How it looks


def plain(page):
    page.goto("/start/")


def unfolded(page):
    page.goto(address_of(selection(START), name="w" * 200, page="start"))
    unfold_all(page)


def found(page):
    page.goto("/start/?q=disk&enterprise=1")


def nothing_found(page):
    page.goto("/start/?q=no+such+thing")


def damaged(page):
    page.goto("/start/?draft=1damaged")


@pytest.mark.parametrize("state", [plain, unfolded, found, nothing_found, damaged], ids=lambda state: state.__name__)
def test_looks_good_wide_and_narrow_light_and_dark(calm_page, state):
    state(calm_page)

    assert faults(calm_page) == {}


def test_links_of_the_masthead_stay_within_it(page):
    plain(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        masthead, nav = page.locator(".masthead").bounding_box(), page.locator(".masthead-links").bounding_box()

        assert nav["y"] >= masthead["y"]
        assert nav["y"] + nav["height"] <= masthead["y"] + masthead["height"]
