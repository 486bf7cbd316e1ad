"""Ticking and unticking: what it grants, and what it leaves alone on the page."""

import pytest
from playwright.sync_api import expect

from policybuilder.web import wording
from tests.browser.screen import (
    ATTACH,
    CATALOG,
    CREATE,
    DETACH,
    DISKS,
    EIP_EXISTING,
    EIP_NEW,
    START,
    START_BATCH,
    STATUS,
    selection,
    title_of,
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


def test_ticking_grants_the_dependency_with_its_reason_and_unticking_takes_it_along(builder):
    builder.tick(ATTACH)

    builder.expect_json(ATTACH_JSON)
    builder.expect_granted({"ecs:cloudServers:attach": [], "evs:volumes:use": [f"Needed by {title_of(ATTACH)}"]})
    expect(builder.totals).to_have_text("2 actions: 1 chosen, 1 added as a dependency2 can change something")
    expect(builder.verdict).to_have_text(wording.IN_BOTH)
    expect(builder.page.get_by_role("status").first).to_have_text("2 actions: 1 chosen, 1 added as a dependency")

    builder.untick(ATTACH)

    builder.expect_nothing_granted()
    expect(builder.verdict).to_have_text("Nothing is granted yet")


def test_options_come_on_with_their_operation_and_go_with_it(builder):
    builder.tick(CREATE)
    expect(builder.option(CREATE, EIP_EXISTING)).to_be_checked()
    builder.switch_off(CREATE, EIP_NEW)
    builder.expect_selection(selection(CREATE, options_off=[(CREATE, EIP_NEW)]))

    builder.untick(CREATE)
    builder.expect_nothing_granted()
    expect(builder.option(CREATE, EIP_EXISTING)).not_to_be_checked()

    builder.tick(CREATE)
    builder.expect_selection(selection(CREATE))
    expect(builder.option(CREATE, EIP_NEW)).to_be_checked()


def test_what_is_left_out_marks_the_operation_and_is_put_back_there(builder):
    builder.tick(ATTACH)
    builder.page.get_by_role("button", name="Leave out evs:volumes:use").click()

    builder.expect_granted({"ecs:cloudServers:attach": []})
    expect(builder.left_out.locator("code")).to_have_text("evs:volumes:use")
    expect(builder.state(ATTACH).locator(".missing-selected")).to_contain_text("evs:volumes:use")
    expect(builder.page.locator("#findings")).to_contain_text("Warning PB001")

    builder.state(ATTACH).get_by_role("button", name="Add it").click()

    builder.expect_selection(selection(ATTACH))
    expect(builder.left_out).to_have_count(0)
    expect(builder.page.locator("#findings")).to_have_text("")


def test_single_action_is_added_with_enter_and_removed(builder):
    field = builder.page.get_by_label("Add a single action")
    field.fill("ecs:CLOUDservers:DeleteServers")
    field.press("Enter")
    builder.expect_granted({"ecs:cloudServers:deleteServers": ["Added individually"]})
    expect(field).to_have_value("")

    builder.page.get_by_role("button", name="Remove ecs:cloudServers:deleteServers").click()

    builder.expect_nothing_granted()


def test_refused_action_is_told_in_view_until_it_is_closed(builder):
    builder.page.get_by_role("button", name="Expand all").click()
    builder.page.evaluate("scrollTo(0, 5000)")
    builder.page.get_by_label("Add a single action").fill("ecs:servers:fly")
    builder.page.get_by_role("button", name="Add", exact=True).click()

    expect(builder.page.get_by_role("alert").filter(has_text="ecs:servers:fly")).to_be_in_viewport()

    builder.page.get_by_role("button", name="Close").click()
    expect(builder.problems).to_have_count(0)


def test_boxes_ticked_in_a_rush_all_count(builder):
    """Each tick is a request of its own, and one is still on its way when the next is sent."""
    builder.page.get_by_role("button", name="Expand all").click()
    ids = sorted(CATALOG.operations)
    wanted = ids[::7]
    for operation in wanted:
        builder.box(operation).click()

    builder.expect_selection(selection(*wanted))

    for operation in wanted[:5]:
        builder.box(operation).click()

    builder.expect_selection(selection(*wanted[5:]))


def test_boxes_ticked_at_once_all_count(builder):
    """All in one task of the browser, before any answer can come."""
    builder.page.locator(".row > input").evaluate_all("boxes => boxes.forEach(box => box.click())")

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
    const open = [...document.querySelectorAll("details[open]:not(#granted *)")].map(each => each.id);
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
            window.row.querySelector("input").scrollIntoView({block: "center"});
        }""",
        operation,
    )
    before = page.evaluate(LOOK, operation)
    assert before["scroll"] > 0

    builder.box(operation).click()
    builder.expect_selection(selection(operation))

    after = page.evaluate(LOOK, operation)
    assert after["top"] == pytest.approx(before["top"], abs=1)
    assert after["scroll"] > before["scroll"] + 1 or operation != START
    assert after["open"] == before["open"]
    assert after["focused"]
    assert page.evaluate("window.row === document.activeElement.closest('.row') && window.row.isConnected")
    assert page.evaluate("window.tree === document.getElementById('tree')")
