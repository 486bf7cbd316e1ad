"""The builder and the pages around it look good in every state; screen readers are told what changes."""

import re

import pytest
from playwright.sync_api import expect

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.policy.document import Condition, Effect
from policybuilder.drafts.addresses import View, address
from policybuilder.drafts.draft import Draft
from policybuilder.errors import NO_SUCH_PAGE
from tests.browser.looks import PHONE, WIDE, faults
from tests.browser.screen import (
    ATTACH,
    CATALOG,
    CREATE,
    DELETE,
    DISKS,
    LOCK,
    QUERY,
    START,
    STOP,
    Builder,
    address_of,
    selection,
    title_of,
)

TYPICAL = selection(ATTACH, CREATE, QUERY, without=["evs:volumes:use"], actions=["evs:volumes:get"])


def empty(builder):
    builder.open()


def typical(builder):
    builder.open(TYPICAL, name="disk team")
    expect(builder.page.locator("#findings")).to_contain_text("PB001")


def everything_ticked(builder):
    builder.open(selection(*CATALOG.operations))


def alarm(builder):
    builder.open(selection(ATTACH))
    builder.tick(START)
    expect(builder.iam_only_alarm).to_be_visible()


def culprits(builder):
    builder.open(selection(START, STOP, LOCK))
    builder.page.get_by_role("link", name="What makes it IAM-only").click()
    expect(builder.page.locator("#causes .culprits")).to_be_visible()
    builder.page.locator("#part-cascade summary").click()
    for summary in builder.granted.locator("summary").all():
        summary.click()


def search(builder):
    """With marks in titles, actions and API calls."""
    builder.open(selection(ATTACH), q="v1 disk")
    expect(builder.page.locator("#tree mark").first).to_be_visible()


def nothing_found(builder):
    """In spite of a damaged link."""
    builder.page.goto(f"/?draft=1damaged&q={'x' * 90}")
    expect(builder.problems).to_have_count(1)
    expect(builder.page.get_by_role("button", name="Show everything")).to_be_visible()


def details(builder):
    """Above an alarm."""
    builder.open(selection(ATTACH))
    builder.tick(START)
    expect(builder.iam_only_alarm).to_be_visible()
    builder.row(START).get_by_role("link", name="Details of").click()
    expect(builder.row(START).locator(".facts")).to_be_visible()
    builder.row(START).locator(".facts summary").first.click()
    builder.page.get_by_role("link", name="Details of ecs:servers:list").click()
    expect(builder.granted.locator(".facts")).to_be_visible()


def several_statements(builder):
    """A Deny that is edited, under a condition that is being written, beside an Allow and what no box can say."""
    limited = Block(
        selection(DELETE, actions=["ecs:*:get*", "ecs:servers:lst"]),
        Effect.DENY,
        "nothing is deleted",
        (Condition("StringStartWith", "g:UserName", ("ops-",)),),
        ("obs:*:*:bucket:a",),
    )
    blocks = (Block(selection(ATTACH, DELETE)), limited, Block(kept='{"Effect":"Deny","NotAction":["ecs:*:*"]}'))
    builder.page.goto(address(Draft(blocks, "several", '{"Depends":[]}'), View(at=1)))
    builder.page.get_by_text("Show it").click()
    builder.limit()
    builder.write_condition("g:MFAAge", "NumberLessThan", "soon")
    expect(builder.page.locator("#condition-told")).to_contain_text("“soon” cannot be read")


def shorten(builder):
    builder.page.goto(address_of(selection(*CATALOG.operations), page="shorten"))


def divided(builder):
    """A policy of so many unknown actions that it takes several policies."""
    names = [f"new:things{number // 40}:do{number}" for number in range(700)]
    builder.page.goto(address_of(selection(ATTACH, actions=names), page="shorten"))
    expect(builder.page.locator(".half")).not_to_have_count(1)


def split(builder):
    builder.page.goto(address_of(selection(ATTACH, START), page="split"))


def half_empty_split(builder):
    builder.page.goto(address_of(selection(START), page="split"))


def operation(builder):
    builder.page.goto("/operations/ecs/ecs-status-management/starting-an-ecs-native/")


def action(builder):
    builder.page.goto("/actions/evs:volumes:get/")


def causes(builder):
    builder.page.goto(address_of(selection(ATTACH, START), page="causes"))


def api_docs(builder):
    builder.page.goto("/api/v1/docs/")


STATES = [
    empty,
    typical,
    everything_ticked,
    alarm,
    culprits,
    search,
    nothing_found,
    details,
    several_statements,
    shorten,
    divided,
    split,
    half_empty_split,
    operation,
    action,
    causes,
    api_docs,
]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_looks_good_wide_and_narrow_light_and_dark(calm_page, state):
    state(Builder(calm_page))
    calm_page.evaluate("scrollTo(0, 0)")  # no box happens to be half behind a heading that sticks

    assert faults(calm_page) == {}


def test_error_page_looks_good(calm_page, complaints):
    calm_page.goto("/operations/ecs/disk-management/no-such-operation/")
    expect(calm_page.get_by_role("heading", level=1)).to_have_text(NO_SUCH_PAGE)
    assert [text.partition(" (")[0] for text in complaints] == [
        "console: Failed to load resource: the server responded with a status of 404"
    ]
    complaints.clear()

    assert faults(calm_page) == {}


def test_what_is_wrong_is_found(calm_page):
    """The other tests of looks would pass as well if axe did not run."""
    Builder(calm_page).open()
    calm_page.evaluate(
        """() => {
            const search = document.getElementById("q");
            search.previousElementSibling.remove();
            search.removeAttribute("placeholder");
            document.querySelector(".brand").style.color = "light-dark(#999, white)";
            // One of many that look the same, in one scheme.
            document.querySelectorAll(".rail-title")[8].style.color = "light-dark(black, #333)";
            const line = document.createElement("p");
            document.querySelector(".tree-side").prepend(line);
            for (const name of "ab") {
                const button = document.createElement("button");
                Object.assign(button, {type: "button", textContent: name});
                button.style.cssText = "all: unset; display: inline-block; width: 9px; height: 9px";
                line.append(button);
            }
        }"""
    )

    found = faults(calm_page, widths=(WIDE, PHONE))
    assert {look: {line.rpartition(": ")[0] for line in lines} for look, lines in found.items()} == {
        "axe, wide and light": {"label", "color-contrast", "target-size"},
        "axe, narrow and dark": {"color-contrast", "target-size"},
    }


def test_what_stands_beyond_the_edge_is_found(calm_page):
    Builder(calm_page).open()
    calm_page.evaluate("document.querySelector('#q').style.minWidth = '350px'")

    assert list(faults(calm_page, widths=[320])) == ["beyond the edge at 320"]


def test_changes_are_told_to_screen_readers(builder):
    """A status for numbers, one for what is typed, alerts for alarms and problems: the same elements throughout."""
    page = builder.page
    page.evaluate("window.regions = [...document.querySelectorAll('[role=status], [role=alert]')]")
    regions = "regions => regions.map(region => [region.id, region.getAttribute('role')])"
    assert page.evaluate(regions, page.evaluate_handle("window.regions")) == [
        ["statement-dialog-problems", "alert"],
        ["condition-told", "status"],
        ["problems", "alert"],
        ["omitted", "status"],
        ["alarm", "alert"],
        ["status", "status"],
        ["copied", "status"],
    ]

    builder.tick(START)
    expect(builder.iam_only_alarm).to_be_visible()
    builder.search.fill("disk")
    expect(page.locator("#status")).to_have_text(
        "2 actions: 1 chosen, 1 added as a dependency. 14 operations and 12 single actions found"
    )

    assert page.evaluate("window.regions.every(region => region.isConnected)")
    assert page.evaluate("document.querySelectorAll('[role=status], [role=alert]').length") == 7


def test_boxes_have_names_and_tell_their_state(builder):
    builder.open(selection(START))
    builder.unfold(DISKS)

    expect(builder.box(START)).to_have_accessible_name(title_of(START))
    listing = "ecs/lifecycle-management/querying-a-list-of-ecss-native"
    builder.unfold("ecs/lifecycle-management")
    told = ("ecs:diskConfigs:use", "ecs:securityGroups:use", "and 9 more", title_of(listing), title_of(START))
    expect(builder.box(listing)).to_have_accessible_description(re.compile(".*".join(map(re.escape, told))))
