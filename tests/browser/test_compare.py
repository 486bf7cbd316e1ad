"""Comparing policies: what two versions gain and lose, with and without a script, by keyboard, wide and narrow."""

import json

import pytest
from playwright.sync_api import expect

from policybuilder.domain.policy.document import dump
from policybuilder.store.starting_points import system_policies
from tests.browser.looks import faults
from tests.browser.screen import ATTACH, CATALOG, address_of, json_of, selection

LIST, START, STOP = "ecs:cloudServers:list", "ecs:cloudServers:start", "ecs:cloudServers:stop"
REBOOT = "ecs:cloudServers:reboot"
COMMON, READING = (
    dump(next(policy for policy in system_policies() if policy.name == name).document)
    for name in ("ECS CommonOperations", "ECS ReadOnlyAccess")
)


def policy(*statements) -> str:
    return json.dumps({"Version": "1.1", "Statement": list(statements)}, indent=4)


def allow(*actions, **more) -> dict:
    return {"Effect": "Allow", "Action": list(actions), **more}


def deny(*actions) -> dict:
    return {"Effect": "Deny", "Action": list(actions)}


FIRST = policy(allow(LIST, START, STOP, "ecs:cloudServers:sto*"), deny("ecs:servers:*"))
SECOND = policy(allow(LIST, START, REBOOT, "evs:*:get*"))
SAID = "New access: 1 operation more, 1 lost"


class Compare:
    """What somebody sees and works on the page. Locators wait, so nothing here has to."""

    def __init__(self, page):
        self.page = page
        self.before = page.get_by_label("Before", exact=True)
        self.after = page.get_by_label("After", exact=True)
        self.headline = page.locator("#headline")
        self.gained = page.locator("#gained .change-row a")
        self.lost = page.locator("#lost .change-row a")

    def open(self, where="/compare/") -> "Compare":
        self.page.goto(where)
        return self

    def button(self, name: str):
        return self.page.get_by_role("button", name=name, exact=False)

    def take(self, side: str, name: str) -> None:
        """A system-defined policy, from the list below the field."""
        self.page.locator(f"#{side}-system summary").click()
        self.button(f"{name} as the policy {side}").click()

    def paste(self, before: str, after: str) -> None:
        self.before.fill(before)
        self.after.fill(after)

    def expect_change(self) -> None:
        expect(self.headline).to_have_text(SAID)
        expect(self.gained).to_have_text(["Restarting ECSs in a batch"])
        expect(self.lost).to_have_text(["Stopping ECSs in a batch"])


@pytest.fixture
def compare(page):
    return Compare(page).open()


@pytest.fixture
def plain(plain_page):
    return Compare(plain_page).open()


# With a script


def test_two_versions_are_compared_while_they_are_pasted(compare):
    compare.before.fill(FIRST)
    expect(compare.page.get_by_text("Now the policy after.")).to_be_visible()
    compare.after.fill(SECOND)
    compare.expect_change()
    expect(compare.page.locator("#status")).to_have_text(SAID)
    expect(compare.page.locator("#undenied-title")).to_contain_text("No longer denied: ")
    expect(compare.after).to_be_focused()

    compare.page.locator("#gained .change-actions summary").click()
    expect(compare.page.locator("#gained .change-list")).to_contain_text(REBOOT)
    compare.page.locator("#wildcards summary", has_text="covered by evs:*:get*").click()
    expect(compare.page.locator("#wildcards .wildcard-covers").filter(visible=True)).to_contain_text("evs:volumes:get")


def test_policy_is_compared_with_a_system_defined_one(compare):
    compare.after.fill(policy(allow("ecs:cloudServers:list*")))
    compare.take("before", "ECS ReadOnlyAccess")

    expect(compare.before).to_have_value(READING)
    expect(compare.page.locator("#before-said")).to_contain_text("ECS ReadOnlyAccess, system-defined")
    expect(compare.headline).to_contain_text("No new access: people can do nothing that they could not do before")
    expect(compare.page.locator(".proof strong")).to_have_text("No new access? Yes, proven")
    expect(compare.page.locator("#before-system")).not_to_have_attribute("open", "")
    expect(compare.before).to_be_focused()


def test_text_that_makes_way_can_be_had_again(compare):
    compare.paste("a text of mine", SECOND)
    compare.take("before", "ECS CommonOperations")
    expect(compare.before).to_have_value(COMMON)
    compare.button("Undo the last change of the text before").click()
    expect(compare.before).to_have_value("a text of mine")

    compare.page.get_by_label("File, before").set_input_files(
        {"name": "p.json", "mimeType": "", "buffer": FIRST.encode()}
    )
    expect(compare.before).to_have_value(FIRST)
    compare.expect_change()
    compare.button("Clear the text before").click()
    expect(compare.before).to_have_value("")
    expect(compare.before).to_be_focused()
    compare.button("Undo the last change of the text before").click()
    expect(compare.before).to_have_value(FIRST)


def test_sides_are_swapped(compare):
    compare.paste(FIRST, SECOND)
    compare.expect_change()
    compare.button("Swap the sides").click()

    expect(compare.before).to_have_value(SECOND)
    expect(compare.after).to_have_value(FIRST)
    expect(compare.gained).to_have_text(["Stopping ECSs in a batch"])
    expect(compare.button("Swap the sides")).to_be_focused()


def test_fault_stands_beside_its_side_and_leads_to_the_check(compare):
    compare.paste(FIRST, SECOND.replace(f'"{REBOOT}"', "@"))
    expect(compare.headline).to_have_text("The policy after cannot be read")
    expect(compare.page.locator("#after-fault")).to_contain_text("Line 9, column 17:")
    compare.button("Check this text").click()

    expect(compare.page.get_by_label("Policy text")).to_have_value(SECOND.replace(f'"{REBOOT}"', "@"))
    expect(compare.page.locator("#headline")).to_have_text("This cannot be read beyond line 9, column 17")


def test_draft_of_the_builder_is_the_side_after(compare):
    compare.open(address_of(selection(ATTACH), page="compare"))
    expect(compare.after).to_have_value(json_of(selection(ATTACH)))
    compare.before.fill(policy())

    expect(compare.gained).to_have_text([CATALOG.operation(ATTACH).title])


def test_text_that_was_typed_meanwhile_is_kept(compare):
    compare.paste(FIRST, SECOND)
    compare.expect_change()
    compare.page.evaluate(
        """() => document.addEventListener("htmx:beforeSwap", (event) => {
            if (event.detail.requestConfig.triggeringEvent?.submitter) document.getElementById("after").value += "!";
        })"""
    )
    compare.button("Swap the sides").click()

    expect(compare.before).to_have_value(SECOND)
    expect(compare.after).to_have_value(f"{SECOND}!")


def test_answer_that_does_not_come_is_said_and_can_be_had_again(compare, complaints):
    compare.page.route("**/compare/", lambda route: route.abort())
    compare.before.fill(FIRST)
    expect(compare.page.locator("#problems")).to_contain_text("The server did not answer.")

    compare.page.unroute("**/compare/")
    compare.after.fill(SECOND)
    compare.expect_change()
    expect(compare.page.locator("#problems")).to_be_empty()
    assert {text.partition(",")[0] for text in complaints} == {
        "console: htmx:afterRequest",
        "console: htmx:sendError",
        "console: Failed to load resource: net::ERR_FAILED",
    }
    complaints.clear()


def test_everything_is_done_by_keyboard(compare):
    keyboard = compare.page.keyboard
    compare.before.focus()
    keyboard.insert_text(FIRST)
    expect(compare.page.get_by_text("Now the policy after.")).to_be_visible()
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
    compare.page.locator("#gained .change-group summary").first.focus()
    for key in ("Enter", "Tab", "Enter"):
        keyboard.press(key)
    expect(compare.page.get_by_role("heading", level=1)).not_to_have_text("Compare two policies")
    compare.page.go_back()
    expect(compare.page.get_by_role("heading", level=1)).to_have_text("Compare two policies")


# Without a script


def test_form_works_without_a_script(plain):
    plain.paste(FIRST, SECOND)
    plain.button("Compare").click()
    plain.expect_change()
    expect(plain.before).to_have_value(FIRST)

    plain.button("Swap the sides").click()
    expect(plain.before).to_have_value(SECOND)
    plain.take("after", "ECS ReadOnlyAccess")
    expect(plain.after).to_have_value(READING)
    plain.button("Undo the last change of the text after").click()
    expect(plain.after).to_have_value(FIRST)

    plain.page.get_by_label("File, before").set_input_files({"name": "p.json", "mimeType": "", "buffer": b"@"})
    plain.button("Compare").click()
    expect(plain.headline).to_have_text("The policy before cannot be read")
    plain.button("Check this text").click()
    expect(plain.page.get_by_label("Policy text")).to_have_value("@")


# How it looks


def empty(compare):
    expect(compare.page.get_by_text("What do people gain, and what do they lose?")).to_be_visible()


def missing(compare):
    compare.before.fill(FIRST)
    expect(compare.page.get_by_text("Now the policy after.")).to_be_visible()


def same(compare):
    compare.paste(FIRST, FIRST)
    expect(compare.headline).to_have_text("No new access: the two policies are the same")


def less(compare):
    compare.paste(policy(allow(LIST, START)), policy(allow(LIST)))
    expect(compare.headline).to_contain_text("1 operation lost")


def gained_and_lost(compare):
    compare.paste(
        FIRST, policy(*json.loads(SECOND)["Statement"], allow(STOP, Condition={"Null": {"g:MFAAge": ["true"]}}))
    )
    expect(compare.page.locator(".change-row .badge")).to_have_text(["now for some requests only"])
    for summary in compare.page.locator("#result summary").all():
        if summary.locator("..").get_attribute("open") is None:
            summary.click()


def everything(compare):
    compare.paste(policy(allow(LIST)), policy(allow("*:*:*")))
    expect(compare.headline).to_have_text("New access: 88 operations more")


def beyond(compare):
    compare.paste(policy(allow(START)), policy(allow("ecs:cloudServers:star*")))
    expect(compare.headline).to_contain_text("Nothing new today")


def unreadable(compare):
    compare.paste("@", "[]")
    expect(compare.headline).to_have_text("Neither can be read")


def uncertain(compare):
    misspelt = SECOND.replace('"Effect"', "'Efect'").replace(START, "s t a r t")
    compare.paste(FIRST, misspelt)
    expect(compare.headline).to_contain_text("Not certain: ")
    compare.page.locator("#after-said summary").click()


def problem(compare):
    file = {"name": "p.json", "mimeType": "", "buffer": b"\xff"}
    compare.page.get_by_label("File, after").set_input_files(file)
    expect(compare.page.locator("#after-said .side-problem")).to_be_visible()


STATES = [empty, missing, same, less, gained_and_lost, everything, beyond, unreadable, uncertain, problem]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_looks_good_wide_and_narrow_light_and_dark(calm_page, state):
    state(Compare(calm_page).open())

    assert faults(calm_page) == {}


def test_both_texts_and_the_verdict_are_in_view_together_on_a_wide_screen(new_context):
    compare = Compare(new_context(viewport={"width": 1440, "height": 900}).new_page()).open()
    compare.paste(FIRST, SECOND)
    compare.expect_change()

    for part in (compare.before, compare.after, compare.headline):
        expect(part).to_be_in_viewport(ratio=1)
