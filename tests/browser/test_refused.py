"""A refused call: it is pasted, explained and added to the draft; by keyboard, without a script, on a phone."""

import pytest
from playwright.sync_api import expect

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.policy.document import Condition, Effect
from policybuilder.drafts.addresses import address
from policybuilder.drafts.draft import Draft
from policybuilder.web.element_ids import element_id
from tests.browser.looks import faults
from tests.browser.screen import ATTACH, LOCK, QUERY, START, START_BATCH, STOP, Builder, address_of, selection

SENTENCE = "Policy doesn't allow {} to be performed."
STARTED = SENTENCE.format("ecs:servers:start")
SAID_OF_START = "This is about “Starting an ECS (native OpenStack API)”"
DRAFT = selection(ATTACH)
SEVERAL = Draft(
    (
        Block(selection(START, without=["ecs:servers:list"])),
        Block(selection(LOCK, STOP), Effect.DENY),
        Block(selection(ATTACH), conditions=(Condition("StringMatch", "g:UserName", ("ops-*",)),)),
    ),
    "w" * 200,
)


class Refusal:
    """What somebody sees and works on the page. Locators wait, so nothing here has to."""

    def __init__(self, page):
        self.page = page
        self.text = page.get_by_label("The refusal")
        self.headline = page.locator("#headline")
        self.problems = page.locator("#problems li")

    def open(self, where: str = "/refused/") -> "Refusal":
        self.page.goto(where)
        return self

    def button(self, name: str):
        return self.page.get_by_role("button", name=name, exact=False)

    def standing(self, operation: str):
        return self.page.locator(f"#meant-{element_id(operation)} .standing")

    def expect_added(self, *operations: str) -> Builder:
        """The builder is open with these operations, the last of them in sight."""
        builder = Builder(self.page)
        expect(builder.box(operations[-1])).to_be_checked()
        expect(builder.row(operations[-1])).to_be_in_viewport()
        assert builder.ticked() == sorted(operations)
        return builder


@pytest.fixture
def refusal(page):
    return Refusal(page).open(address_of(DRAFT, name="disk-team", page="refused"))


@pytest.fixture
def plain(plain_page):
    page = plain_page
    return Refusal(page).open(address_of(DRAFT, name="disk-team", page="refused"))


def test_refusal_is_pasted_explained_and_added(refusal):
    refusal.text.fill(STARTED)
    expect(refusal.headline).to_have_text(SAID_OF_START)
    expect(refusal.standing(START)).to_have_text(
        "Not allowed. It is not selected, and nothing else grants what it needs."
    )
    expect(refusal.page.locator("#status")).to_have_text(f"{SAID_OF_START}. The draft does not allow it")
    expect(refusal.text).to_be_focused()

    refusal.button("Add it to the draft").click()

    builder = refusal.expect_added(ATTACH, START)
    expect(refusal.page.locator("#name")).to_have_value("disk-team")
    expect(builder.alarm).to_contain_text("“Starting an ECS (native OpenStack API)” was selected")
    refusal.page.get_by_role("button", name="Undo", exact=True).click()
    builder.expect_selection(DRAFT)


def test_alternative_is_added_instead(refusal):
    refusal.text.fill(STARTED)
    refusal.button("Add “Starting ECSs in a batch” instead").click()

    builder = refusal.expect_added(ATTACH, START_BATCH)
    expect(builder.verdict).to_contain_text("Works in IAM and enterprise projects")


def test_dependency_that_was_left_out_is_put_back(refusal):
    refusal.open(address_of(selection(ATTACH, without=["evs:volumes:use"]), page="refused"))
    refusal.text.fill(SENTENCE.format("evs:volumes:use"))
    expect(refusal.page.locator(".refused-action > .standing")).to_have_text("Left out on purpose in statement 1.")

    refusal.button("Put the action back").click()

    Builder(refusal.page).expect_selection(selection(ATTACH))


def test_answer_follows_what_is_typed(refusal):
    refusal.text.press_sequentially("it does not work")
    expect(refusal.headline).to_have_text("No operation was found in this text")
    expect(refusal.page.get_by_role("heading", name="What can be pasted")).to_be_visible()
    refusal.text.fill("ecs:servers:lock")
    expect(refusal.headline).to_have_text("This is about “Locking an ECS (native OpenStack API)”")

    refusal.button("Clear").click()

    expect(refusal.text).to_have_value("")
    expect(refusal.text).to_be_focused()
    expect(refusal.page.get_by_text("Paste what the colleague got.")).to_be_visible()


def test_sample_is_explained(refusal):
    refusal.button("A 403 response").click()

    expect(refusal.headline).to_have_text(SAID_OF_START)
    expect(refusal.headline).to_be_focused()
    expect(refusal.text).to_have_value(
        "HTTP/1.1 403 Forbidden\nContent-Type: application/json\n\n"
        '{"forbidden": {"message": "Policy doesn\'t allow ecs:servers:start to be performed.", "code": 403}}'
    )


def test_everything_can_be_done_by_keyboard(refusal):
    refusal.text.focus()
    refusal.page.keyboard.insert_text(STARTED)
    expect(refusal.headline).to_have_text(SAID_OF_START)

    reached = []
    for _ in range(4):
        refusal.page.keyboard.press("Tab")
        reached.append(refusal.page.evaluate("document.activeElement.textContent.split(':')[0]"))
    assert reached == [
        "Explain it",
        "Details of ecs",
        "Details of Starting an ECS (native OpenStack API)",
        "Add it to the draft",
    ]
    refusal.page.keyboard.press("Enter")

    refusal.expect_added(ATTACH, START)


def test_link_shows_the_row_of_what_is_denied(refusal):
    refusal.open(address(SEVERAL, name="refused"))
    refusal.text.fill(SENTENCE.format("ecs:servers:lock"))
    refusal.page.get_by_role("link", name="Show it in the builder").click()

    builder = Builder(refusal.page)
    expect(builder.row(LOCK)).to_be_in_viewport()
    assert builder.ticked() == sorted([LOCK, STOP])


def test_answer_that_does_not_come_is_said_and_can_be_had_again(refusal, complaints):
    refusal.page.route("**/refused/", lambda route: route.abort())
    refusal.text.fill(STARTED)
    expect(refusal.page.locator("#problems")).to_contain_text("The server did not answer.")

    refusal.page.unroute("**/refused/")
    refusal.button("Try again").click()
    expect(refusal.headline).to_have_text(SAID_OF_START)
    assert {text.partition(",")[0] for text in complaints} == {
        "console: htmx:afterRequest",
        "console: htmx:sendError",
        "console: Failed to load resource: net::ERR_FAILED",
    }
    complaints.clear()


def test_it_works_without_a_script(plain):
    plain.text.fill(STARTED)
    plain.button("Explain it").click()
    expect(plain.headline).to_have_text(SAID_OF_START)
    expect(plain.text).to_have_value(STARTED)
    plain.button("Clear").click()
    plain.button("A call").click()
    expect(plain.headline).to_have_text("This is about “Stopping ECSs in a batch”")

    plain.text.fill(STARTED)
    plain.button("Explain it").click()
    plain.button("Add it to the draft").click()

    plain.expect_added(ATTACH, START)


# How it looks


def empty(refusal):
    refusal.open()


def begun(refusal):
    refusal.open()
    refusal.text.fill(SENTENCE.format("ecs:serverPasswords:manage"))
    expect(refusal.headline).to_have_text("This can be about 2 operations")


def held_against_a_draft(refusal):
    refusal.open(address(SEVERAL, name="refused"))
    refusal.text.fill("ecs:servers:start ecs:servers:stop ecs:cloudServers:attach ecs:cloudServers:list")
    expect(refusal.headline).to_have_text("This can be about 6 operations")


def allowed(refusal):
    refusal.open(address_of(selection(QUERY), page="refused"))
    refusal.text.fill("GET /v1/0123/cloudservers/detail")
    expect(refusal.page.locator(".outcome-clean")).to_be_visible()


def needed_only(refusal):
    refusal.open(address_of(selection(ATTACH, without=["evs:volumes:use"]), page="refused"))
    refusal.text.fill(SENTENCE.format("evs:volumes:use"))
    expect(refusal.page.locator(".needing").first).to_be_visible()


def refused_by_iam(refusal):
    refusal.open()
    refusal.button("A policy that IAM refused").click()
    expect(refusal.headline).to_have_text("IAM refused a policy, not a call")


def nothing_found(refusal):
    refusal.open()
    refusal.text.fill("x" * 3000)
    expect(refusal.headline).to_have_text("No operation was found in this text")


def problem(refusal):
    refusal.open("/refused/?draft=1damaged")


STATES = [empty, begun, held_against_a_draft, allowed, needed_only, refused_by_iam, nothing_found, problem]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_looks_good_wide_and_narrow_light_and_dark(calm_page, state):
    state(Refusal(calm_page))

    assert faults(calm_page) == {}
