"""The same form without a script: boxes count when Apply is pressed, everything else is a button or a link."""

import pytest
from playwright.sync_api import expect

from tests.browser.screen import (
    ATTACH,
    BATCH,
    CATALOG,
    CREATE,
    DISKS,
    EIP_EXISTING,
    EIP_NEW,
    LIFECYCLE,
    QUERY,
    START,
    START_BATCH,
    Builder,
    address_of,
    json_of,
    selection,
)


@pytest.fixture
def builder(new_context):
    return Builder(new_context(java_script_enabled=False).new_page()).open()


def apply(builder) -> None:
    builder.page.get_by_role("button", name="Apply").click()


def test_ticks_count_when_they_are_applied(builder):
    builder.tick(ATTACH, QUERY)
    builder.expect_nothing_granted()

    apply(builder)

    builder.expect_selection(selection(ATTACH, QUERY))
    expect(builder.verdict).to_have_text("Works in IAM and enterprise projects")
    builder.untick(QUERY)
    apply(builder)
    builder.expect_selection(selection(ATTACH))


def test_apply_is_in_sight(builder):
    expect(builder.page.get_by_role("button", name="Apply")).to_be_in_viewport()
    expect(builder.page.locator(".apply span")).to_be_in_viewport()


def test_nothing_is_shown_that_needs_a_script(builder):
    builder.open(selection(ATTACH))

    expect(builder.page.locator("button[type=button]:visible")).to_have_count(0)
    expect(builder.page.locator("input.parent:visible")).to_have_count(0)


def test_options_of_a_fresh_tick_are_all_on_or_those_ticked(builder):
    builder.tick(CREATE)
    apply(builder)
    builder.expect_selection(selection(CREATE))
    expect(builder.option(CREATE, EIP_NEW)).to_be_checked()

    builder.untick(CREATE)
    apply(builder)
    builder.tick(CREATE)
    builder.option(CREATE, EIP_NEW).uncheck()
    builder.option(CREATE, EIP_EXISTING).check()
    apply(builder)

    builder.expect_selection(selection(CREATE, options_off=[(CREATE, EIP_NEW)]))


def test_option_ticked_by_itself_selects_its_operation_that_way(builder):
    builder.option(CREATE, EIP_NEW).check()
    apply(builder)

    builder.expect_selection(selection(CREATE, options_off=[(CREATE, EIP_EXISTING)]))


def test_buttons_take_the_ticks_along(builder):
    """A button that forgot what was ticked and not yet applied would lose work without a word."""
    builder.tick(ATTACH)
    builder.unfold(BATCH)
    builder.branch(BATCH).get_by_role("button", name="Select all").click()

    batch = [operation.id for operation in CATALOG.categories[BATCH].operations]
    builder.expect_selection(selection(ATTACH, *batch))

    builder.tick(QUERY)
    builder.branch(BATCH).get_by_role("button", name="None").click()
    builder.expect_selection(selection(ATTACH, QUERY))


def test_search_takes_the_ticks_along(builder):
    builder.tick(QUERY)
    builder.search.fill("disk")
    builder.page.get_by_role("button", name="Search").click()

    expect(builder.hits).to_have_text("13 operations found")
    expect(builder.titles).to_have_count(13)
    builder.expect_json(json_of(selection(QUERY)))
    expect(builder.page.locator("#tree mark").first).to_have_text("disk")

    builder.tick(ATTACH)
    builder.search.fill("")
    builder.page.get_by_role("button", name="Search").click()

    expect(builder.titles).to_have_count(91)
    builder.expect_selection(selection(QUERY, ATTACH))


def test_enter_in_the_search_field_searches(builder):
    builder.tick(QUERY)
    builder.search.fill("disk")
    builder.search.press("Enter")

    expect(builder.titles).to_have_count(13)
    builder.expect_json(json_of(selection(QUERY)))


def test_filters_and_show_everything(builder):
    builder.tick(ATTACH)
    builder.search.fill("no such thing")
    builder.page.get_by_label("Reading only").check()
    apply(builder)
    expect(builder.hits).to_have_text("0 operations found")

    builder.page.get_by_role("button", name="Show everything").click()

    expect(builder.titles).to_have_count(91)
    expect(builder.search).to_have_value("")
    builder.expect_selection(selection(ATTACH))


def test_undo_and_clear(builder):
    builder.tick(ATTACH)
    apply(builder)
    builder.tick(QUERY)
    apply(builder)
    builder.expect_selection(selection(ATTACH, QUERY))

    builder.page.get_by_role("button", name="Undo").click()
    builder.expect_selection(selection(ATTACH))

    builder.page.get_by_role("button", name="Clear").click()
    builder.expect_nothing_granted()

    builder.page.get_by_role("button", name="Undo").click()
    builder.expect_selection(selection(ATTACH))


def test_alarm_and_swap(builder):
    builder.tick(START)
    apply(builder)
    expect(builder.alarm).to_contain_text("The policy is now IAM-only: cannot be applied in Enterprise Management.")

    builder.alarm.get_by_role("button", name="Swap for “Starting ECSs in a batch”").click()

    builder.expect_selection(selection(START_BATCH))
    expect(builder.alarm).to_have_text("")


def test_undo_of_the_alarm(builder):
    builder.tick(START)
    apply(builder)

    builder.alarm.get_by_role("button", name="Undo this change").click()

    builder.expect_nothing_granted()


def test_leaving_out_putting_back_and_single_actions(builder):
    builder.tick(ATTACH)
    apply(builder)
    builder.page.get_by_role("button", name="Leave out evs:volumes:use").click()
    builder.expect_selection(selection(ATTACH, without=["evs:volumes:use"]))

    builder.page.get_by_role("button", name="Put back evs:volumes:use").click()
    builder.expect_selection(selection(ATTACH))

    builder.page.get_by_label("Add a single action").fill("ecs:cloudServers:list")
    builder.page.get_by_role("button", name="Add", exact=True).click()
    builder.expect_selection(selection(ATTACH, actions=["ecs:cloudServers:list"]))


def test_refused_action_is_told_and_the_ticks_are_kept(builder):
    builder.tick(ATTACH)
    builder.page.get_by_label("Add a single action").fill("ecs:servers:fly")
    builder.page.get_by_role("button", name="Add", exact=True).click()

    expect(builder.problems).to_have_text(
        ["“ecs:servers:fly” is not in the catalogue. Choose an action from the list."]
    )
    builder.expect_selection(selection(ATTACH))


def test_dependencies_of_dependencies_and_the_name(builder):
    metadata = "ecs/metadata-management/obtaining-ecs-metadata-with-a-specified-key-native"
    builder.tick(metadata)
    builder.page.get_by_label("Name").fill("meta")
    builder.page.get_by_role("heading", name="Dependencies of dependencies").click()
    builder.page.get_by_label("Also grant dependencies of dependencies").check()
    apply(builder)

    builder.expect_selection(selection(metadata, cascading=True))
    expect(builder.page.get_by_label("Name")).to_have_value("meta")


def test_enter_in_a_field_of_the_policy_applies(builder):
    """Enter presses the first button of a form: it must be none that selects anything."""
    builder.tick(ATTACH)
    builder.page.get_by_label("Name").fill("disk-team")
    builder.page.get_by_label("Name").press("Enter")

    builder.expect_selection(selection(ATTACH))
    expect(builder.page.get_by_label("Name")).to_have_value("disk-team")


def test_split_and_download(builder):
    page = builder.page
    builder.tick(ATTACH, START)
    apply(builder)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.path().read_text(encoding="utf-8") == json_of(selection(ATTACH, START))

    page.locator("#verdict").get_by_role("link", name="Split in two policies").click()

    assert page.locator("pre code").all_text_contents() == [json_of(selection(ATTACH)), json_of(selection(START))]
    with page.expect_download() as download:
        page.get_by_role("link", name="Download ecs-policy-enterprise.json").click()
    assert download.value.path().read_text(encoding="utf-8") == json_of(selection(ATTACH))


def test_details_are_a_page_that_leads_back_to_the_draft(builder):
    builder.open(selection(QUERY))
    builder.unfold(DISKS)
    builder.row(ATTACH).get_by_role("link", name="Details of Attaching a disk to an ECS").click()
    expect(builder.page.get_by_role("heading", level=1)).to_have_text("Attaching a disk to an ECS")
    expect(builder.page.locator(".facts")).to_contain_text("evs:volumes:use")

    builder.page.get_by_role("main").get_by_role("link", name="Builder").click()

    builder.expect_selection(selection(QUERY))


def test_link_and_back_work(builder):
    builder.tick(ATTACH)
    apply(builder)
    builder.expect_selection(selection(ATTACH))
    builder.open(selection(QUERY))
    builder.expect_selection(selection(QUERY))

    builder.page.go_back()

    builder.expect_selection(selection(ATTACH))


def test_rail_jumps_to_a_category(builder):
    builder.page.get_by_role("navigation", name="Categories").get_by_role("link", name="Tag Management").click()

    expect(builder.branch("ecs/tag-management").locator("summary")).to_be_in_viewport()


def test_address_after_applying_opens_the_draft_elsewhere(builder, new_context):
    builder.tick(ATTACH)
    apply(builder)
    builder.expect_selection(selection(ATTACH))
    assert address_of(selection(ATTACH)) in builder.page.url

    elsewhere = Builder(new_context().new_page())
    elsewhere.page.goto(builder.page.url)

    elsewhere.expect_selection(selection(ATTACH))


def test_category_of_the_first_row_is_open(builder):
    expect(builder.branch(LIFECYCLE).locator("details")).to_have_attribute("open", "")
