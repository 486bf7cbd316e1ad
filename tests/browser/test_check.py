"""Checking a policy: from a broken text to one that can be taken away, by mouse, by keyboard and without a script.

What is said of a text, and what each button makes of it, is in tests/pages/check.
"""

import json
import re

import pytest
from playwright.sync_api import expect

from policybuilder.domain.findings import Severity
from policybuilder.domain.jsontext.source import read
from policybuilder.domain.policy.document import dump
from policybuilder.domain.policy.reading import find_policies, to_document
from policybuilder.pages.check import verdict
from policybuilder.pages.check.page import NOT_READ
from policybuilder.web.wording import severities_in_words
from tests.browser.looks import faults, unfold_all
from tests.browser.screen import expect_no_answer, expect_outcome
from tests.browser.test_taking import pasted
from tests.builders import ROOT

CLEAN = (ROOT / "templates/check/samples/clean.json").read_text()
BROKEN = (ROOT / "templates/check/samples/broken.txt").read_text()
REPAIRED = read(BROKEN).repaired_text
WITH_DENY = REPAIRED.replace('"deny"', '"Deny"')
LINE = ",\n                "
KEPT_SHUT = LINE.join(
    f'"ecs:cloudServers:{verb}"' for verb in ("delete", "deleteServerGroup", "deleteServerGroupMember", "deleteServers")
)
CORRECTED = WITH_DENY.replace(f'reboot"{LINE}"ecs:cloudServers:get"', 'reboot"').replace(
    '"ecs:cloudServers:delete"', KEPT_SHUT
)
FOUND_IN_BROKEN = severities_in_words([Severity.ERROR, Severity.WARNING, Severity.WARNING])
SAID_OF_BROKEN = f"{verdict.REPAIRED.format(answer=verdict.REFUSED)}: {FOUND_IN_BROKEN}"
SAID_OF_CLEAN = f"{verdict.ACCEPTED}: {verdict.CLEAN}"
ACTIONS = ["list", "get", "List", "start", "bogus", "list", "start"]
THIRTY = {
    "Version": "1.0",
    "Statement": [
        {"Effect": effect, "Action": [f"ecs:servers:{verb}" for verb in ACTIONS] + ["ecs:*:*", "ECS:servers:get"]}
        for effect in ("Allow", "allow", "deny")
    ],
}


def file_of(content: bytes) -> dict:
    return {"name": "p.json", "mimeType": "", "buffer": content}


class Check:
    """What somebody sees and works on the page. Locators wait, so nothing here has to."""

    def __init__(self, page):
        self.page = page
        self.text = page.get_by_label("Policy text")
        self.file = page.locator("#file")
        self.headline = page.locator("#headline")
        self.problems = page.locator("#problems li")
        self.repairs = page.locator(".repair")
        self.done = page.locator("#done")

    def open(self) -> "Check":
        self.page.goto("/check/")
        return self

    def sample(self, name: str, said: str) -> "Check":
        """A text that one click brings, whereas the answer to a typed one comes after a while."""
        self.page.locator(f"button[value='sample:{name}']").click()
        expect(self.headline).to_have_text(said)
        return self

    def button(self, name: str):
        return self.page.get_by_role("button", name=name, exact=False)

    def expect_undone_repair(self) -> None:
        expect(self.headline).to_have_text(NOT_READ.format(line=12, column=17))
        expect(self.repairs.nth(2)).to_have_class(re.compile("repair-undone"))
        expect(self.text).to_have_value(BROKEN)


@pytest.fixture
def check(page):
    return Check(page).open()


@pytest.fixture
def broken(check):
    return check.sample("broken", SAID_OF_BROKEN)


# With a script


def test_pasted_text_is_checked_while_it_is_typed(check):
    check.text.fill(BROKEN)
    expect(check.headline).to_have_text(SAID_OF_BROKEN)
    expect(check.page.locator("#status")).to_have_text(SAID_OF_BROKEN.replace(": 1", ". 1"))
    expect(check.text).to_be_focused()

    check.text.press("ControlOrMeta+End")
    check.text.press_sequentially("x")
    expect(check.text).to_have_value(f"{BROKEN}x")
    expect(check.headline).to_have_text(SAID_OF_BROKEN)

    check.text.fill("")
    expect(check.page.locator("#result .begin")).to_be_visible()


def test_corrections_are_made_one_by_one_or_all_at_once_and_undone(broken):
    broken.button("Write “Deny” in line 14").click()
    expect(broken.done).to_have_text("Done: Write “Deny”.")
    expect(broken.text).to_have_value(WITH_DENY)
    expect(broken.page.locator("#line-14")).to_be_focused()
    expect(broken.repairs).to_have_count(0)

    broken.button("Undo").click()
    expect(broken.text).to_have_value(BROKEN)
    expect(broken.headline).to_have_text(SAID_OF_BROKEN)

    broken.button("Correct 3 unambiguous mistakes").click()
    expect(broken.done).to_have_text("3 corrections made.")
    expect(broken.text).to_have_value(CORRECTED)
    expect(broken.headline).to_be_focused()


def test_everything_can_be_done_by_keyboard(check):
    def press(name):
        check.button(name).focus()
        check.page.keyboard.press("Enter")

    check.text.focus()
    check.page.keyboard.insert_text(BROKEN)
    expect(check.headline).to_have_text(SAID_OF_BROKEN)
    for again in ("Repair it in line 12", "Repair it after all"):
        press("Undo the repair in line 12")
        check.expect_undone_repair()
        expect(check.button("Repair it in line 12")).to_be_focused()
        press(again)
        expect(check.headline).to_have_text(SAID_OF_BROKEN)
        expect(check.button("Undo the repair in line 12")).to_be_focused()

    press("Write “Deny” in line 14")
    expect(check.page.locator("#line-14")).to_be_focused()
    check.page.get_by_role("link", name="Line 16").focus()
    check.page.keyboard.press("Enter")
    expect(check.page.locator(":target")).to_contain_text("PB011")


def test_tab_leads_from_the_text_to_the_builder(check):
    keyboard = check.sample("clean", SAID_OF_CLEAN).page.keyboard
    check.text.focus()

    names = []
    for key in ["Tab"] * 7 + ["Shift+Tab"] * 2:
        keyboard.press(key)
        names.append(check.page.evaluate("document.activeElement.id"))
    assert names[:7] == ["file", "press", "copy", "download", "open-0", "write-console", "write-compact"]
    assert names[-1] == "open-0"
    keyboard.press("Enter")

    expected = dump(to_document(find_policies(read(CLEAN).root)[0].body))
    expect(check.page.locator("#json")).to_have_js_property("textContent", expected)
    check.page.go_back()
    expect(check.text).to_be_visible()


def test_text_that_was_typed_meanwhile_is_kept(broken):
    """An answer about the text before must not take the place of what somebody writes."""
    broken.page.evaluate(
        """() => document.addEventListener("htmx:beforeSwap", () => document.getElementById("text").value += "!",
            {once: true})"""
    )
    broken.button("Write “Deny” in line 14").click()

    expect(broken.done).to_be_visible()
    expect(broken.text).to_have_value(f"{BROKEN}!")


def test_copied_and_downloaded_is_the_text_as_it_is_now(new_context):
    check = Check(new_context(permissions=["clipboard-write"]).new_page()).open().sample("broken", SAID_OF_BROKEN)

    def take(text):
        check.button("Copy JSON").click()
        expect_outcome(check.page, "copied")
        assert pasted(check.page) == text
        with check.page.expect_download() as download:
            check.button("Download").click()
        assert download.value.suggested_filename == "custom-policy.json"
        assert download.value.path().read_text() == text

    take(REPAIRED)
    expect(check.text).to_have_value(BROKEN)
    check.button("Put the repaired text in the field").click()
    expect(check.text).to_have_value(REPAIRED)
    check.page.route("**/check/", lambda route: None)  # the answer to what is typed now is still on its way
    check.text.fill("[]")
    take("[]")


def test_copy_without_permission_selects_the_text(new_context):
    check = Check(new_context(permissions=["notifications"]).new_page()).open().sample("broken", SAID_OF_BROKEN)
    check.button("Copy JSON").click()

    expect_outcome(check.page, "selected")
    assert check.page.evaluate("getSelection().toString()").strip() == REPAIRED.strip()


def test_file_is_checked_when_it_is_chosen_and_the_same_one_again(check):
    check.text.fill("a text of mine")
    for _ in range(2):
        check.file.set_input_files(file_of(CLEAN.encode()))
        expect(check.headline).to_have_text(SAID_OF_CLEAN)
        expect(check.text).to_have_value(CLEAN)
        expect(check.file).to_have_value("")

        check.button("Undo").click()
        expect(check.text).to_have_value("a text of mine")


def test_answer_that_does_not_come_is_said_and_can_be_had_again(check, complaints):
    check.page.route("**/check/", lambda route: route.abort())
    check.text.fill(CLEAN)
    expect_no_answer(check.page)
    expect(check.text).to_have_value(CLEAN)

    check.page.unroute("**/check/")
    check.button("Try again").click()
    expect(check.headline).to_have_text(SAID_OF_CLEAN)
    expect(check.page.locator("#problems")).to_be_empty()
    assert {text.partition(",")[0] for text in complaints} == {
        "console: htmx:afterRequest",
        "console: htmx:sendError",
        "console: Failed to load resource: net::ERR_FAILED",
    }
    complaints.clear()


# Without a script


def test_form_works_without_a_script_and_leads_to_its_result(new_context):
    context = new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    check = Check(context.new_page()).open()
    check.text.fill(BROKEN)
    check.button("Check").click()
    expect(check.headline).to_have_text(SAID_OF_BROKEN)
    expect(check.headline).to_be_in_viewport()
    expect(check.text).to_have_value(BROKEN)
    expect(check.page.locator("button[type=button]:visible")).to_have_count(0)

    check.button("Write “Deny” in line 14").click()
    expect(check.text).to_have_value(WITH_DENY)
    with check.page.expect_download() as download:
        check.button("Download").click()
    assert download.value.path().read_bytes() == WITH_DENY.encode()

    check.file.set_input_files(file_of(CLEAN.encode()))
    check.button("Check").click()
    expect(check.headline).to_have_text(SAID_OF_CLEAN)
    expect(check.text).to_have_value(CLEAN)


def test_what_is_likely_is_one_click_away_without_a_script(new_context):
    check = Check(new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}).new_page()).open()
    cut = CLEAN[: CLEAN.index("]")].rstrip()
    check.text.fill(cut)
    check.button("Check").click()
    expect(check.headline).to_contain_text("is not clear")
    expect(check.text).to_have_value(cut)

    check.button("End the text with ]}]}").click()
    expect(check.text).to_have_value(cut + "]}]}")
    expect(check.headline).to_have_text(SAID_OF_CLEAN)


# How it looks


def problem(check):
    """Above the page as it begins."""
    check.file.set_input_files(file_of(b"\xff"))
    expect(check.problems).to_have_count(1)


def clean(check):
    check.sample("clean", SAID_OF_CLEAN)


def several(check):
    check.sample("list", f"{verdict.REFUSED_SOME.format(refused=1, n=2)}: 3 errors")


def fault(check):
    check.sample("broken", SAID_OF_BROKEN).button("Undo the repair in line 12").click()
    check.expect_undone_repair()


def cut_off(check):
    check.text.fill(CLEAN[: CLEAN.index("]")].rstrip())
    expect(check.button("End the text with")).to_be_visible()


def unchecked(check):
    check.text.fill(CLEAN.replace("ecs:cloudServers:list", "obs:bucket:NoSuchThing"))
    expect(check.headline).to_contain_text("not checked: 1 action")


def thirty_findings(check):
    """In a text that was repaired."""
    check.file.set_input_files(file_of(json.dumps(THIRTY, indent=4).removesuffix("}").encode()))
    expect(check.headline).to_contain_text(verdict.REFUSED)
    unfold_all(check.page)


def one_long_line(check):
    """Under lines that there is nothing to say about, and with warnings only."""
    names = ["ecs:cloudServers:list", "ecs:cloudServers:delete"] + ["ecs:cloudServers:get"] * 30
    line = json.dumps({"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": names}]})
    check.file.set_input_files(file_of(line.replace("{", "{" + "\n" * 150, 1).encode()))
    expect(check.button("Break its long line")).to_be_visible()
    expect(check.page.locator(".fold")).to_have_count(1)


STATES = [problem, clean, several, fault, cut_off, unchecked, thirty_findings, one_long_line]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_looks_good_wide_and_narrow_light_and_dark(calm_page, state):
    state(Check(calm_page).open())

    assert faults(calm_page) == {}


def test_text_and_result_are_in_view_together_on_a_wide_screen(new_context):
    check = Check(new_context(viewport={"width": 1440, "height": 900}).new_page()).open()
    thirty_findings(check)
    check.page.get_by_role("link", name="Line 40").first.click()

    expect(check.page.locator(":target")).to_be_in_viewport()
    expect(check.text).to_be_in_viewport(ratio=0.9)
