"""Comparing policies: what two versions gain and lose, by mouse and by keyboard, wide and narrow.

What is said of two texts, and what each button makes of them, is in tests/pages/compare.
"""

import json

import pytest
from playwright.sync_api import expect

from policybuilder.catalog_files.starting_points import system_policies
from policybuilder.domain.policy.document import dump
from policybuilder.pages.compare.page import HEADLINES
from tests.browser.looks import faults, unfold_all
from tests.browser.screen import BATCH, STOP_BATCH, expect_no_answer, title_of

LIST, START, STOP, REBOOT = (f"ecs:cloudServers:{verb}" for verb in ("list", "start", "stop", "reboot"))
COMMON = dump(next(policy for policy in system_policies() if policy.name == "ECS CommonOperations").document)


def policy(*statements) -> str:
    return json.dumps({"Version": "1.1", "Statement": list(statements)}, indent=4)


def allow(*actions, **more) -> dict:
    return {"Effect": "Allow", "Action": list(actions), **more}


def deny(*actions) -> dict:
    return {"Effect": "Deny", "Action": list(actions)}


FIRST = policy(allow(LIST, START, STOP, "ecs:cloudServers:sto*"), deny("ecs:servers:*"))
SECOND = policy(allow(LIST, START, REBOOT, "evs:*:get*"))
WHICH = {"before": "earlier", "after": "later"}
SAID = f"{HEADLINES['more']}. 1 operation more, 1 lost"


class Compare:
    """What somebody sees and works on the page. Locators wait, so nothing here has to."""

    def __init__(self, page):
        self.page = page
        self.before = page.get_by_label("Before", exact=True)
        self.after = page.get_by_label("After", exact=True)
        self.headline = page.locator("#headline")
        self.gained = page.locator("#gained .change-row a")
        self.lost = page.locator("#lost .change-row a")

    def open(self) -> "Compare":
        self.page.goto("/compare/")
        return self

    def button(self, name: str):
        return self.page.get_by_role("button", name=name, exact=False)

    def take(self, side: str, name: str) -> None:
        """A system-defined policy, from the list below the field."""
        self.page.locator(f"#{side}-system summary").click()
        self.button(f"{name} as the {WHICH[side]} policy").click()

    def choose(self, side: str, content: str | bytes) -> None:
        """A file, which is taken at once, whereas the answer to a text that is typed comes after a while."""
        buffer = content if isinstance(content, bytes) else content.encode()
        field = self.page.get_by_label(f"File with the {WHICH[side]} policy")
        field.set_input_files({"name": "p", "mimeType": "", "buffer": buffer})

    def example(self) -> None:
        self.page.locator("#example").click()
        expect(self.after).to_have_value(COMMON)

    def paste(self, before: str, after: str) -> None:
        self.before.fill(before)
        self.after.fill(after)

    def expect_change(self) -> None:
        expect(self.headline).to_have_text(SAID)
        expect(self.gained).to_have_text([title_of(f"{BATCH}/restarting-ecss-in-a-batch")])
        expect(self.lost).to_have_text([title_of(STOP_BATCH)])


@pytest.fixture
def compare(page):
    return Compare(page).open()


# With a script


def test_policies_are_compared_while_they_are_pasted_and_after_an_answer_that_did_not_come(compare, complaints):
    compare.page.route("**/compare/", lambda route: route.abort())
    compare.before.fill(FIRST)
    expect_no_answer(compare.page)

    compare.page.unroute("**/compare/")
    compare.after.fill(SECOND)
    compare.expect_change()
    expect(compare.page.locator("#status")).to_have_text(SAID)
    expect(compare.page.locator("#problems")).to_be_empty()
    expect(compare.after).to_be_focused()
    assert {text.partition(",")[0] for text in complaints} == {
        "console: htmx:afterRequest",
        "console: htmx:sendError",
        "console: Failed to load resource: net::ERR_FAILED",
    }
    complaints.clear()


def test_text_that_makes_way_can_be_had_again(compare):
    compare.before.fill("a text of mine")
    compare.take("before", "ECS CommonOperations")
    expect(compare.before).to_have_value(COMMON)
    expect(compare.page.locator("#before-said")).to_contain_text("ECS CommonOperations, system-defined")
    expect(compare.page.locator("#before-system")).not_to_have_attribute("open", "")
    expect(compare.before).to_be_focused()
    compare.button("Undo the last change of the earlier policy").click()
    expect(compare.before).to_have_value("a text of mine")

    compare.choose("before", FIRST)
    expect(compare.before).to_have_value(FIRST)
    compare.button("Clear the earlier policy").click()
    expect(compare.before).to_have_value("")
    expect(compare.before).to_be_focused()
    compare.button("Undo the last change of the earlier policy").click()
    expect(compare.before).to_have_value(FIRST)


def test_text_that_was_typed_meanwhile_is_kept(compare):
    compare.example()
    compare.page.evaluate(
        """() => document.addEventListener("htmx:beforeSwap", (event) => {
            if (event.detail.requestConfig.triggeringEvent?.submitter) document.getElementById("after").value += "!";
        })"""
    )
    compare.button("Swap the sides").click()

    expect(compare.before).to_have_value(COMMON)
    expect(compare.after).to_have_value(f"{COMMON}!")


def test_everything_is_done_by_keyboard(compare):
    keyboard = compare.page.keyboard
    compare.before.focus()
    keyboard.insert_text(FIRST)
    expect(compare.page.get_by_text("Add the later policy.")).to_be_visible()
    names = []
    while names[-1:] != ["after"]:
        keyboard.press("Tab")
        names.append(compare.page.evaluate("document.activeElement.id"))
        assert len(names) < 10
    assert names == ["", "before-file", "press", "swap", "after"]
    keyboard.insert_text(SECOND)
    compare.expect_change()

    compare.button("Swap the sides").focus()
    keyboard.press("Enter")
    expect(compare.before).to_have_value(SECOND)
    expect(compare.button("Swap the sides")).to_be_focused()
    compare.page.locator("#after-system summary").focus()
    for key in ("Enter", "Tab", "Tab", "Enter"):
        keyboard.press(key)
    expect(compare.after).to_have_value(COMMON)
    expect(compare.after).to_be_focused()
    compare.page.locator(".proof summary").focus()
    keyboard.press("Enter")
    expect(compare.page.locator(".proof li").first).to_be_visible()


# How it looks


def problem(compare):
    """Beside the page as it begins."""
    compare.choose("after", b"\xff")
    expect(compare.page.locator("#after-said .side-problem")).to_be_visible()


def nothing_new(compare):
    compare.choose("before", policy(allow(LIST, START, "evs:*:get*")))
    expect(compare.page.get_by_text("Add the later policy.")).to_be_visible()
    compare.choose("after", policy(allow(LIST, "evs:*:get*")))
    expect(compare.headline).to_contain_text("New access: no")


def gained_and_lost(compare):
    limited = allow(STOP, Condition={"Null": {"g:MFAAge": ["true"]}})
    compare.paste(FIRST, policy(allow(START, REBOOT, "evs:*:get*"), limited))
    expect(compare.page.locator(".change-row .badge")).to_have_text(["now for some requests only"])
    unfold_all(compare.page)


def unreadable(compare):
    compare.paste("@", "[]")
    expect(compare.headline).to_have_text("Neither can be read")


def uncertain(compare):
    """With so much that is new that it is folded."""
    misspelt = policy(*json.loads(SECOND)["Statement"], allow("*:*:*", "s t a r t")).replace('"Effect"', "'Efect'", 1)
    compare.paste(FIRST, misspelt)
    expect(compare.headline).to_contain_text("Not certain: ")
    expect(compare.page.locator(".change-group:not([open])")).not_to_have_count(0)
    compare.page.locator("#after-said summary").click()


STATES = [problem, nothing_new, gained_and_lost, unreadable, uncertain]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_looks_good_wide_and_narrow_light_and_dark(calm_page, state):
    state(Compare(calm_page).open())

    assert faults(calm_page) == {}


def test_both_texts_and_the_verdict_are_in_view_together_on_a_wide_screen(new_context):
    compare = Compare(new_context(viewport={"width": 1440, "height": 900}).new_page()).open()
    compare.example()

    for part in (compare.before, compare.after, compare.headline):
        expect(part).to_be_in_viewport(ratio=1)


def test_one_of_several_policies_is_chosen_and_a_name_in_it_mended(compare):
    row = f"{policy(allow(LIST))}\n{policy(deny('ecs:cloudServers:put'))}"
    compare.paste(policy(allow(LIST)), row)

    compare.button("Compare policy 2").click()
    expect(compare.after).to_be_focused()
    expect(compare.after).not_to_have_value(row)
    compare.button("Keep ecs:cloudServers:batchSetServerTags shut too").click()
    expect(compare.page.locator("#after-fix-1")).to_have_count(0)
    assert faults(compare.page) == {}

    compare.page.locator("#after-undo").click()
    expect(compare.page.locator("#after-fix-1")).to_be_visible()
