"""Ticking and unticking: what it grants, and what it leaves alone on the page."""

import pytest
from playwright.sync_api import expect

from tests.browser.screen import (
    ATTACH,
    CATALOG,
    CREATE,
    DETACH,
    DISKS,
    EIP_EXISTING,
    EIP_NEW,
    LIFECYCLE,
    QUERY,
    START,
    START_BATCH,
    STATUS,
    STOP,
    selection,
)

ATTACH_JSON = """\
{
    "Version": "1.1",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": [
                "ecs:cloudServers:attach"
            ]
        },
        {
            "Effect": "Allow",
            "Action": [
                "evs:volumes:use"
            ]
        }
    ]
}
"""


def test_empty_page_says_how_to_begin(builder):
    builder.expect_nothing_granted()
    expect(builder.verdict).to_have_text("Nothing is granted yet")
    expect(builder.page.locator("#json-part")).to_contain_text("Tick what people may do.")
    expect(builder.branch(LIFECYCLE).locator("details")).to_have_attribute("open", "")  # so that there is a box to tick


def test_ticking_grants_the_dependency_with_its_reason(builder):
    builder.tick(ATTACH)

    builder.expect_json(ATTACH_JSON)
    builder.expect_granted(
        {"ecs:cloudServers:attach": ["Selected"], "evs:volumes:use": ["Needed by Attaching a disk to an ECS"]}
    )
    expect(builder.totals).to_have_text("2 actions: 1 selected, 1 needed2 may change something")
    expect(builder.verdict).to_have_text("Works in IAM and enterprise projects")
    expect(builder.page.get_by_role("status").first).to_have_text("2 actions: 1 selected, 1 needed")


def test_unticking_takes_the_dependency_along(builder):
    builder.tick(ATTACH)
    builder.expect_json(ATTACH_JSON)

    builder.untick(ATTACH)

    builder.expect_nothing_granted()
    expect(builder.verdict).to_have_text("Nothing is granted yet")


def test_shared_dependency_stays_until_the_last_operation_goes(builder):
    start, stop = "Starting an ECS (native OpenStack API)", "Stopping an ECS (native OpenStack API)"
    builder.tick(START, STOP)
    builder.expect_granted(
        {
            "ecs:servers:get": [f"Needed by {stop}"],
            "ecs:servers:list": ["Needed by 2 operations"],
            "ecs:servers:start": ["Selected"],
            "ecs:servers:stop": ["Selected"],
        }
    )
    builder.page.get_by_text("Needed by 2 operations").click()
    expect(builder.granted.locator("details li")).to_have_text([start, stop])

    builder.untick(STOP)
    builder.expect_granted({"ecs:servers:list": [f"Needed by {start}"], "ecs:servers:start": ["Selected"]})

    builder.untick(START)
    builder.expect_nothing_granted()


def test_action_is_selected_and_needed_at_once(builder):
    getting = f"{LIFECYCLE}/querying-details-about-a-specific-ecs-native"
    builder.open(selection(getting, STOP))

    expect(builder.granted.filter(has_text="ecs:servers:get").first.locator(".grant-why > span")).to_have_text(
        ["Selected", "Needed by Stopping an ECS (native OpenStack API)", "Details of ecs:servers:get"]
    )
    expect(builder.state(getting)).to_have_text("Needed by Stopping an ECS (native OpenStack API)")


def test_options_are_on_with_their_operation_and_bring_a_dependency_each(builder):
    builder.tick(CREATE)
    expect(builder.option(CREATE, EIP_NEW)).to_be_checked()
    expect(builder.option(CREATE, EIP_EXISTING)).to_be_checked()
    builder.expect_selection(selection(CREATE))

    builder.switch_off(CREATE, EIP_NEW)

    builder.expect_granted(
        {
            "ecs:cloudServers:createServers": ["Selected"],
            "vpc:publicIps:update": ["Needed by Creating ECSs (pay-per-use)"],
        }
    )
    builder.expect_selection(selection(CREATE, options_off=[(CREATE, EIP_NEW)]))
    expect(builder.state(CREATE)).to_have_text("")


def test_operation_without_any_option_is_incomplete_until_one_is_added(builder):
    builder.tick(CREATE)
    builder.expect_selection(selection(CREATE))

    builder.switch_off(CREATE, EIP_NEW)
    builder.switch_off(CREATE, EIP_EXISTING)

    expect(builder.state(CREATE)).to_have_text(
        "Incomplete Calls will be refused. Missing vpc:publicIps:create."
        " Add it: what is missing for Creating ECSs (pay-per-use)"
    )
    builder.expect_selection(selection(CREATE, options_off=[(CREATE, EIP_NEW), (CREATE, EIP_EXISTING)]))

    builder.state(CREATE).get_by_role("button", name="Add it").click()

    builder.expect_selection(selection(CREATE))
    expect(builder.option(CREATE, EIP_NEW)).to_be_checked()
    expect(builder.option(CREATE, EIP_EXISTING)).to_be_checked()
    expect(builder.state(CREATE)).to_have_text("")


def test_unticking_turns_the_options_off_and_ticking_turns_all_on(builder):
    builder.tick(CREATE)
    builder.switch_off(CREATE, EIP_NEW)
    builder.expect_selection(selection(CREATE, options_off=[(CREATE, EIP_NEW)]))

    builder.untick(CREATE)
    builder.expect_nothing_granted()
    expect(builder.option(CREATE, EIP_EXISTING)).not_to_be_checked()

    builder.tick(CREATE)
    builder.expect_selection(selection(CREATE))
    expect(builder.option(CREATE, EIP_NEW)).to_be_checked()


def test_option_ticked_by_itself_selects_its_operation_that_way(builder):
    builder.option(CREATE, EIP_NEW).click()

    builder.expect_selection(selection(CREATE, options_off=[(CREATE, EIP_EXISTING)]))
    expect(builder.option(CREATE, EIP_NEW)).to_be_checked()
    expect(builder.option(CREATE, EIP_EXISTING)).not_to_be_checked()


def test_leaving_out_a_dependency_marks_the_operation_and_can_be_taken_back(builder):
    builder.tick(ATTACH)
    builder.page.get_by_role("button", name="Leave out evs:volumes:use").click()

    builder.expect_granted({"ecs:cloudServers:attach": ["Selected"]})
    expect(builder.left_out.locator("code")).to_have_text("evs:volumes:use")
    expect(builder.left_out.locator(".grant-why > span").first).to_have_text("Needed by Attaching a disk to an ECS")
    expect(builder.state(ATTACH)).to_contain_text("Incomplete Calls will be refused. Missing evs:volumes:use.")
    expect(builder.page.locator("#findings")).to_contain_text("Warning PB001")
    builder.expect_selection(selection(ATTACH, without=["evs:volumes:use"]))

    builder.page.get_by_role("button", name="Put back evs:volumes:use").click()

    builder.expect_selection(selection(ATTACH))
    expect(builder.left_out).to_have_count(0)
    expect(builder.state(ATTACH)).to_have_text("")
    expect(builder.page.locator("#findings")).to_have_text("")


def test_add_it_puts_back_what_was_left_out(builder):
    builder.open(selection(ATTACH, without=["evs:volumes:use"]))
    builder.unfold(DISKS)

    builder.state(ATTACH).get_by_role("button", name="Add it").click()

    builder.expect_selection(selection(ATTACH))
    expect(builder.left_out).to_have_count(0)


def test_incomplete_operation_that_nobody_selected_is_added_in_one_click(builder):
    builder.tick(START)
    native = f"{LIFECYCLE}/querying-a-list-of-ecss-native"
    expect(builder.state(native)).to_have_text(
        "Incomplete Missing ecs:diskConfigs:use, ecs:securityGroups:use and 9 more. Add them: what is missing for"
        " Querying a list of ECSs (native OpenStack API) Needed by Starting an ECS (native OpenStack API)"
    )

    builder.state(native).get_by_role("button", name="Add them").click()

    expect(builder.box(native)).to_be_checked()
    builder.expect_selection(selection(START, native))


def test_also_allowed_operations_are_listed_and_marked(builder):
    builder.tick(QUERY)

    expect(builder.also_allowed).to_have_text(["Reads Querying ECS groups", "Reads Querying project tags"])
    expect(builder.page.locator("#tally-also")).to_have_text("2")
    builder.unfold("ecs/tag-management")
    tags = "ecs/tag-management/querying-project-tags"
    expect(builder.state(tags)).to_have_text("Also allowed")
    expect(builder.box(tags)).not_to_be_checked()
    expect(builder.count("ecs/tag-management")).to_have_text("0 of 11 +1 also allowed")
    expect(builder.rail_count("ecs/tag-management")).to_have_text(", 0/ of 11 selected, 1 also allowed")

    builder.tick(tags)

    expect(builder.state(tags)).to_have_text("")
    expect(builder.also_allowed).to_have_text(["Reads Querying ECS groups"])


def test_single_action_is_added_and_removed(builder):
    field = builder.page.get_by_label("Add a single action")
    field.fill("ecs:CLOUDservers:DeleteServers")
    builder.page.get_by_role("button", name="Add", exact=True).click()

    builder.expect_granted({"ecs:cloudServers:deleteServers": ["Added by itself"]})
    deleting = f"{LIFECYCLE}/deleting-ecss"
    expect(builder.state(deleting)).to_have_text("Also allowed")

    builder.page.get_by_role("button", name="Remove ecs:cloudServers:deleteServers").click()

    builder.expect_nothing_granted()
    expect(builder.state(deleting)).to_have_text("")


def test_action_that_does_not_exist_is_refused_with_a_reason(builder):
    builder.tick(DETACH)
    builder.page.get_by_label("Add a single action").fill("ecs:servers:fly")
    builder.page.get_by_role("button", name="Add", exact=True).click()

    expect(builder.problems).to_have_text(
        ["“ecs:servers:fly” is not in the catalogue. Choose an action from the list."]
    )
    expect(builder.page.get_by_role("alert").filter(has_text="is not in the catalogue")).to_be_visible()
    builder.expect_selection(selection(DETACH))

    builder.page.get_by_role("button", name="Close").click()

    expect(builder.problems).to_have_count(0)


def test_refused_action_is_told_in_view(builder):
    builder.page.get_by_role("button", name="Expand all").click()
    builder.page.evaluate("scrollTo(0, 5000)")
    builder.page.get_by_label("Add a single action").fill("ecs:servers:fly")
    builder.page.get_by_role("button", name="Add", exact=True).click()

    expect(builder.problems).to_be_in_viewport()


def test_enter_in_the_action_field_adds_the_action(builder):
    builder.page.get_by_label("Add a single action").fill("ecs:cloudServers:list")
    builder.page.get_by_label("Add a single action").press("Enter")

    builder.expect_selection(selection(actions=["ecs:cloudServers:list"]))


def test_dependencies_of_dependencies_are_previewed_then_granted(builder):
    metadata = "ecs/metadata-management/obtaining-ecs-metadata-with-a-specified-key-native"
    builder.open(selection(metadata))
    builder.expect_granted(
        {
            "ecs:servers:get": [f"Needed by {CATALOG.operations[metadata].title}"],
            "ecs:servers:getMetadata": ["Selected"],
        }
    )
    builder.page.get_by_role("heading", name="Dependencies of dependencies").click()
    preview = builder.page.locator("#cascade-preview")
    cascading = selection(metadata, cascading=True)
    expect(preview).to_contain_text(
        "It would add 19 actions, 9 of them writing: people could change more than you selected. ecs:diskConfigs:use"
    )

    builder.page.get_by_label("Also grant dependencies of dependencies").check()

    builder.expect_selection(cascading)
    expect(builder.granted).to_have_count(21)
    expect(preview).to_contain_text("On: it adds 19 actions, 9 of them writing. ecs:diskConfigs:use")

    builder.page.get_by_label("Also grant dependencies of dependencies").uncheck()

    builder.expect_selection(selection(metadata))


def test_boxes_ticked_in_a_rush_all_count(builder):
    """Each tick is a request of its own, and one is still on its way when the next is sent."""
    builder.page.get_by_role("button", name="Expand all").click()
    ids = sorted(CATALOG.operations)
    wanted = ids[::4]
    for operation in wanted:
        builder.box(operation).click()

    builder.expect_selection(selection(*wanted))

    for operation in wanted[:10]:
        builder.box(operation).click()

    builder.expect_selection(selection(*wanted[10:]))


def test_boxes_ticked_at_once_all_count(builder):
    """All in one task of the browser, before any answer can come."""
    builder.page.locator("input[name=o]").evaluate_all("boxes => boxes.forEach(box => box.click())")

    builder.expect_selection(selection(*CATALOG.operations))


def test_boxes_and_buttons_in_a_rush_all_count(builder):
    """A button pressed while ticks wait does not overtake them, nor they it."""
    builder.page.evaluate(
        """([attach, start, detach]) => {
            document.querySelector(`input[value="${attach}"]`).click();
            document.querySelector("#all-ecs--batch-operations").click();
            document.querySelector(`input[value="${start}"]`).click();
            document.querySelector("#none-ecs--batch-operations").click();
            document.querySelector(`input[value="${detach}"]`).click();
        }""",
        [ATTACH, START_BATCH, DETACH],
    )

    builder.expect_selection(selection(ATTACH, DETACH))


LOOK = """id => {
    const box = document.querySelector(`input[value="${id}"]`);
    const open = [...document.querySelectorAll("details[open]")].map(each => each.id);
    return {top: box.getBoundingClientRect().top, scroll: scrollY, open, focused: document.activeElement === box};
}"""


@pytest.mark.parametrize("operation", [ATTACH, START])
def test_tick_leaves_row_focus_position_and_branches_alone(builder, operation):
    """Rows further up grow when they become incomplete, as with START: the row under the mouse stays where it is."""
    page = builder.page
    builder.unfold(DISKS)
    builder.unfold(STATUS)
    page.evaluate(
        """id => {
            window.row = document.querySelector(`input[value="${id}"]`).closest(".row");
            window.tree = document.getElementById("tree");
            window.row.scrollIntoView({block: "center"});
        }""",
        operation,
    )
    before = page.evaluate(LOOK, operation)
    assert before["scroll"] > 0

    builder.box(operation).click()
    builder.expect_selection(selection(operation))

    after = page.evaluate(LOOK, operation)
    assert after["top"] == pytest.approx(before["top"], abs=1)
    assert (after["scroll"] > before["scroll"] + 1) == (operation == START)
    assert after["open"] == before["open"]
    assert after["focused"]
    assert page.evaluate("window.row === document.activeElement.closest('.row') && window.row.isConnected")
    assert page.evaluate("window.tree === document.getElementById('tree')")
