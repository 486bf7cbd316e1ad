"""A refused call: it is pasted, explained and added to the draft.

What is found in a text, and what each button adds, is in tests/pages/refused.
"""

import pytest
from playwright.sync_api import expect

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.policy.document import Condition, Effect
from policybuilder.drafts.addresses import address
from policybuilder.drafts.draft import Draft
from policybuilder.pages.refused.commands import SAMPLES
from tests.browser.looks import faults
from tests.browser.screen import (
    ATTACH,
    DETACH,
    LOCK,
    START,
    STOP,
    STOP_BATCH,
    Builder,
    address_of,
    expect_no_answer,
    refusal_of,
    selection,
    title_of,
)

STARTED = refusal_of("ecs:servers:start")
DRAFT = selection(ATTACH)
SEVERAL = Draft(
    (
        Block(selection(START, ATTACH, without=["ecs:servers:list", "evs:volumes:use"])),
        Block(selection(LOCK, STOP), Effect.DENY),
        Block(selection(DETACH), conditions=(Condition("StringMatch", "g:UserName", ("ops-*",)),)),
    ),
    "w" * 200,
)


class Refusal:
    """What somebody sees and works on the page. Locators wait, so nothing here has to."""

    def __init__(self, page):
        self.page = page
        self.text = page.get_by_label("The refusal")
        self.headline = page.locator("#headline")

    def open(self, where: str = "/refused/") -> "Refusal":
        self.page.goto(where)
        return self

    def button(self, name: str):
        return self.page.get_by_role("button", name=name, exact=False)


@pytest.fixture
def refusal(page):
    return Refusal(page).open(address_of(DRAFT, name="disk-team", page="refused"))


def test_refusal_is_pasted_explained_and_added_by_keyboard(refusal):
    page, builder = refusal.page, Builder(refusal.page)
    refusal.text.focus()
    page.keyboard.insert_text(STARTED)
    expect(refusal.headline).to_contain_text(title_of(START))
    outcome = page.locator(".outcome-refused")
    expect(outcome).to_be_visible()
    told = f"{refusal.headline.inner_text()}. {outcome.locator('.outcome-done').inner_text()}"
    expect(page.locator("#status")).to_have_text(told.removesuffix("."))
    expect(refusal.text).to_be_focused()

    reached = []
    for _ in range(4):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("[document.activeElement].map(at => at.value || at.pathname)[0]"))
    assert reached == ["explain", "/actions/ecs:servers:start/", f"/operations/{START}/", f"add:{START}"]
    page.keyboard.press("Enter")

    builder.expect_selection(selection(ATTACH, START))
    expect(builder.row(START)).to_be_in_viewport()
    expect(page.locator("#name")).to_have_value("disk-team")
    expect(builder.alarm.locator(".alarm-why")).to_contain_text(title_of(START))
    page.get_by_role("button", name="Undo", exact=True).click()
    builder.expect_selection(DRAFT)


def test_answer_follows_what_is_typed_and_one_that_does_not_come_can_be_had_again(refusal, complaints):
    refusal.page.route("**/refused/", lambda route: route.abort())
    refusal.text.press_sequentially("it does not work")
    expect_no_answer(refusal.page)
    assert {text.partition(",")[0] for text in complaints} == {
        "console: htmx:afterRequest",
        "console: htmx:sendError",
        "console: Failed to load resource: net::ERR_FAILED",
    }
    complaints.clear()
    refusal.page.unroute("**/refused/")
    refusal.button("Try again").click()
    expect(refusal.page.locator(".outcome-unknown ~ .panel #examples")).to_be_visible()
    expect(refusal.page.locator("#problems")).to_be_empty()
    refusal.text.fill("ecs:servers:lock")
    expect(refusal.headline).to_contain_text(title_of(LOCK))

    refusal.button("Clear").click()
    expect(refusal.text).to_have_value("")
    expect(refusal.text).to_be_focused()
    refusal.button("A 403 response").click()
    expect(refusal.headline).to_contain_text(title_of(START))
    expect(refusal.headline).to_be_focused()
    expect(refusal.text).to_have_value(SAMPLES["response"])


# How it looks


def problem(refusal):
    """Above the page as it begins."""
    refusal.open("/refused/?draft=1damaged")


def begun(refusal):
    refusal.open()
    refusal.button("The sentence of a refusal").click()
    expect(refusal.headline).to_contain_text("vpc:securityGroups:create")


def held_against_a_draft(refusal):
    refusal.open(address(SEVERAL, name="refused"))
    names = ("servers:start", "servers:stop", "cloudServers:detachVolume", "cloudServers:list")
    refusal.text.fill(" ".join([*(f"ecs:{name}" for name in names), "evs:volumes:use"]))
    expect(refusal.page.locator(".needing").first).to_be_visible()


def allowed(refusal):
    refusal.open(address_of(selection(STOP_BATCH), page="refused"))
    refusal.button("A call").click()
    expect(refusal.page.locator(".outcome-clean")).to_be_visible()


def refused_by_iam(refusal):
    refusal.open()
    refusal.button("A policy that IAM refused").click()
    expect(refusal.page.locator(".outcome-unknown a[href^='/check/']")).to_be_visible()


def nothing_found(refusal):
    refusal.open()
    refusal.text.fill("x" * 3000)
    expect(refusal.page.locator(".outcome-unknown ~ .panel #examples")).to_be_visible()


STATES = [problem, begun, held_against_a_draft, allowed, refused_by_iam, nothing_found]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_looks_good_wide_and_narrow_light_and_dark(calm_page, state):
    state(Refusal(calm_page))

    assert faults(calm_page) == {}
