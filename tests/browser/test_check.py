"""Checking a policy: from a broken text to one that can be taken away, with and without a script, by keyboard too."""

import json

import pytest
from playwright.sync_api import expect

from policybuilder.domain.jsontext.source import read
from policybuilder.domain.policy.document import dump
from policybuilder.domain.policy.reading import find_policies, to_document
from tests.browser.looks import faults
from tests.browser.test_taking import pasted
from tests.builders import ROOT

CLEAN = (ROOT / "templates/check/samples/clean.json").read_text()
BROKEN = (ROOT / "templates/check/samples/broken.txt").read_text()
REPAIRED = read(BROKEN).repaired_text
CORRECTED = REPAIRED.replace('"deny"', '"Deny"').replace('reboot",\n                "ecs:cloudServers:get"', 'reboot"')
SAID_OF_BROKEN = "With the repairs, IAM refuses this policy: 2 errors, 2 warnings"
SAID_OF_CLEAN = "IAM accepts this policy: clean, nothing to say"
ACTIONS = ["list", "get", "List", "start", "bogus", "list", "start"]
THIRTY = {
    "Version": "1.0",
    "Statement": [
        {"Effect": effect, "Action": [f"ecs:servers:{verb}" for verb in ACTIONS] + ["ecs:*:*", "ECS:servers:get"]}
        for effect in ("Allow", "allow", "deny")
    ],
}


class Check:
    """What somebody sees and works on the page. Locators wait, so nothing here has to."""

    def __init__(self, page):
        self.page = page
        self.text = page.get_by_label("Policy text")
        self.headline = page.locator("#headline")
        self.problems = page.locator("#problems li")
        self.repairs = page.locator(".repair")
        self.fault = page.locator("#fault-title")
        self.done = page.locator("#done")

    def open(self) -> "Check":
        self.page.goto("/check/")
        return self

    def button(self, name: str):
        return self.page.get_by_role("button", name=name, exact=False)

    def paste(self, text: str) -> None:
        self.text.fill(text)

    def expect_undone_repair(self) -> None:
        expect(self.headline).to_have_text("This cannot be read beyond line 12, column 17")
        expect(self.fault).to_have_text("The text that begins here is broken over two lines.")
        expect(self.page.locator(".code-fault .code-number")).to_have_text("12")
        expect(self.repairs.nth(2)).to_contain_text("Undone: Joined a text that was broken over two lines.")
        expect(self.text).to_have_value(BROKEN)


@pytest.fixture
def check(page):
    return Check(page).open()


@pytest.fixture
def plain(plain_page):
    return Check(plain_page).open()


# With a script


def test_pasted_text_is_checked_while_it_is_typed(check):
    check.paste(BROKEN)
    expect(check.headline).to_have_text(SAID_OF_BROKEN)
    expect(check.page.locator("#status")).to_have_text(SAID_OF_BROKEN.replace(": 2", ". 2"))
    expect(check.text).to_be_focused()

    check.text.press("ControlOrMeta+End")
    check.text.press_sequentially("x")
    expect(check.text).to_have_value(f"{BROKEN}x")
    expect(check.headline).to_have_text(SAID_OF_BROKEN)

    check.paste('{"Version": "1.1"')
    expect(check.repairs).to_have_count(1)
    expect(check.repairs).to_contain_text("Line 1 Added } at the end.")
    check.paste("")
    expect(check.page.get_by_text("Paste a policy, or choose a file.")).to_be_visible()


def test_repair_is_undone_and_made_again(check):
    check.paste(BROKEN)
    check.button("Undo the repair in line 12").click()
    check.expect_undone_repair()

    check.button("Repair it after all").click()
    expect(check.headline).to_have_text(SAID_OF_BROKEN)

    check.button("Undo the repair in line 12").click()
    check.expect_undone_repair()
    check.button("Repair it in line 12").click()
    expect(check.headline).to_have_text(SAID_OF_BROKEN)
    expect(check.text).to_have_value(BROKEN)


def test_correction_is_made_and_undone(check):
    check.paste(BROKEN)
    check.button("Write “Deny” in line 14").click()

    expect(check.done).to_have_text("Done: Write “Deny”.")
    expect(check.text).to_have_value(REPAIRED.replace('"deny"', '"Deny"'))
    expect(check.page.locator("#line-14")).to_be_focused()
    expect(check.repairs).to_have_count(0)

    check.button("Undo").click()
    expect(check.text).to_have_value(BROKEN)
    expect(check.headline).to_have_text(SAID_OF_BROKEN)


def test_all_corrections_are_made_at_once(check):
    check.paste(BROKEN)
    check.button("Apply all certain corrections").click()

    expect(check.done).to_have_text("2 corrections made.")
    expect(check.text).to_have_value(CORRECTED)
    expect(check.headline).to_be_focused()


def test_everything_can_be_done_by_keyboard(check):
    check.text.focus()
    check.page.keyboard.insert_text(BROKEN)
    expect(check.headline).to_have_text(SAID_OF_BROKEN)

    check.button("Undo the repair in line 12").focus()
    check.page.keyboard.press("Enter")
    check.expect_undone_repair()
    expect(check.button("Repair it in line 12")).to_be_focused()
    check.page.keyboard.press("Enter")
    expect(check.button("Undo the repair in line 12")).to_be_focused()

    check.button("Write “Deny” in line 14").focus()
    check.page.keyboard.press("Enter")
    expect(check.page.locator("#line-14")).to_be_focused()
    check.page.get_by_role("link", name="Line 16").focus()
    check.page.keyboard.press("Enter")
    expect(check.page.locator(":target")).to_contain_text("PB011")


def test_tab_leads_from_the_text_to_what_is_said_about_it(check):
    check.paste(CLEAN)
    expect(check.headline).to_have_text(SAID_OF_CLEAN)

    names = []
    for _ in range(7):
        check.page.keyboard.press("Tab")
        names.append(check.page.evaluate("document.activeElement.id"))
    assert names == ["file", "press", "copy", "download", "open-0", "write-console", "write-compact"]


def test_text_that_was_typed_meanwhile_is_kept(check):
    """An answer about the text before must not take the place of what somebody writes."""
    check.paste(REPAIRED)
    expect(check.headline).to_contain_text("IAM refuses this policy")
    check.page.evaluate(
        """() => document.addEventListener("htmx:beforeSwap", () => document.getElementById("text").value += "!",
            {once: true})"""
    )
    check.button("Write “Deny” in line 14").click()

    expect(check.done).to_be_visible()
    expect(check.text).to_have_value(f"{REPAIRED}!")


def test_copy_takes_the_repaired_text(new_context):
    check = Check(new_context(permissions=["clipboard-write"]).new_page()).open()
    check.paste(BROKEN)
    check.button("Copy JSON").click()
    expect(check.page.locator("#copied")).to_have_text("Copied. Paste it into the console’s JSON view.")
    assert pasted(check.page) == REPAIRED

    check.button("Put the repaired text in the field").click()
    expect(check.text).to_have_value(REPAIRED)
    check.text.press("ControlOrMeta+a")
    check.text.press_sequentially("[]")
    check.button("Copy JSON").click()
    expect(check.page.locator("#copied")).to_contain_text("Copied.")
    assert pasted(check.page) == "[]"


def test_copy_without_permission_selects_the_text(new_context):
    check = Check(new_context(permissions=["notifications"]).new_page()).open()
    check.paste(BROKEN)
    check.button("Copy JSON").click()

    expect(check.page.locator("#copied")).to_contain_text("The text is selected")
    assert check.page.evaluate("getSelection().toString()").strip() == REPAIRED.strip()
    check.page.keyboard.press("ControlOrMeta+c")
    assert pasted(check.page).strip() == REPAIRED.strip()


def test_file_is_checked_when_it_is_chosen(check):
    check.paste("a text of mine")
    check.page.locator("#file").set_input_files({"name": "p.json", "mimeType": "", "buffer": CLEAN.encode()})

    expect(check.headline).to_have_text(SAID_OF_CLEAN)
    expect(check.text).to_have_value(CLEAN)
    expect(check.page.locator("#file")).to_have_value("")
    check.button("Undo").click()
    expect(check.text).to_have_value("a text of mine")


def test_same_file_can_be_chosen_again(check):
    file = {"name": "p.json", "mimeType": "", "buffer": b"\xff"}
    for text in ("[]", "{}"):
        check.page.locator("#file").set_input_files(file)
        expect(check.problems).to_contain_text("The file is no text in UTF-8")
        check.paste(text)
        expect(check.problems).to_have_count(0)


def test_download_is_the_text_as_it_is_now(check):
    check.paste(BROKEN)
    expect(check.headline).to_have_text(SAID_OF_BROKEN)

    with check.page.expect_download() as download:
        check.button("Download").click()

    assert download.value.path().read_bytes() == REPAIRED.encode()
    assert download.value.suggested_filename == "ecs-policy.json"
    expect(check.text).to_have_value(BROKEN)
    check.paste(CLEAN)
    expect(check.headline).to_have_text(SAID_OF_CLEAN)


def test_policy_is_opened_in_the_builder(check):
    check.paste(CLEAN)
    check.button("Open in the builder").click()

    expected = dump(to_document(find_policies(read(CLEAN).root)[0].body))
    expect(check.page.locator("#json")).to_have_js_property("textContent", expected)
    check.page.go_back()
    expect(check.text).to_be_visible()


def test_answer_that_does_not_come_is_said_and_can_be_had_again(check, complaints):
    check.page.route("**/check/", lambda route: route.abort())
    check.paste(CLEAN)
    expect(check.page.locator("#problems")).to_contain_text("The server did not answer.")
    expect(check.text).to_have_value(CLEAN)

    check.page.unroute("**/check/")
    check.button("Try again").click()
    expect(check.headline).to_have_text(SAID_OF_CLEAN)
    assert {text.partition(",")[0] for text in complaints} == {
        "console: htmx:afterRequest",
        "console: htmx:sendError",
        "console: Failed to load resource: net::ERR_FAILED",
    }
    complaints.clear()


# Without a script


def test_form_works_without_a_script(plain):
    plain.paste(BROKEN)
    plain.button("Check").click()
    expect(plain.headline).to_have_text(SAID_OF_BROKEN)
    expect(plain.text).to_have_value(BROKEN)

    plain.button("Undo the repair in line 12").click()
    plain.expect_undone_repair()
    plain.button("Repair it after all").click()
    expect(plain.headline).to_have_text(SAID_OF_BROKEN)

    plain.button("Write “Deny” in line 14").click()
    expect(plain.text).to_have_value(REPAIRED.replace('"deny"', '"Deny"'))
    plain.button("Take it out in line 10").click()
    expect(plain.text).to_have_value(CORRECTED)
    plain.button("Undo").click()
    expect(plain.text).to_have_value(REPAIRED.replace('"deny"', '"Deny"'))
    expect(plain.page.locator("button[type=button]:visible")).to_have_count(0)

    with plain.page.expect_download() as download:
        plain.button("Download").click()
    assert download.value.path().read_bytes() == REPAIRED.replace('"deny"', '"Deny"').encode()

    plain.page.locator("#file").set_input_files({"name": "p.json", "mimeType": "", "buffer": CLEAN.encode()})
    plain.button("Check").click()
    expect(plain.headline).to_have_text(SAID_OF_CLEAN)
    expect(plain.text).to_have_value(CLEAN)


def test_result_is_in_sight_without_a_script(new_context):
    context = new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    plain = Check(context.new_page()).open()
    plain.paste(BROKEN)
    plain.button("Check").click()

    expect(plain.headline).to_be_in_viewport()


# How it looks


def empty(check):
    expect(check.page.get_by_text("Paste a policy, or choose a file.")).to_be_visible()


def sample(name):
    def state(check):
        check.page.locator(f"button[value='sample:{name}']").click()
        expect(check.headline).to_be_visible()

    state.__name__ = name
    return state


def fault(check):
    check.paste(BROKEN)
    check.button("Undo the repair in line 12").click()
    check.expect_undone_repair()


def thirty_findings(check):
    check.paste(json.dumps(THIRTY, indent=4))
    expect(check.headline).to_contain_text("IAM refuses this policy")
    for summary in check.page.locator("details:not([open]) > summary").all():
        summary.click()


def one_long_line(check):
    check.paste(json.dumps(THIRTY))
    expect(check.headline).to_contain_text("IAM refuses this policy")


def folded(check):
    check.paste(REPAIRED.replace("\n", "\n" * 6))
    expect(check.page.locator(".fold").first).to_be_visible()


def too_long(check):
    check.paste("x" * 40_000)
    expect(check.headline).to_have_text("This is too long for IAM")


def problem(check):
    check.page.locator("#file").set_input_files({"name": "p.json", "mimeType": "", "buffer": b"\xff"})
    expect(check.problems).to_have_count(1)


STATES = [
    empty,
    sample("clean"),
    sample("broken"),
    sample("list"),
    fault,
    thirty_findings,
    one_long_line,
    folded,
    too_long,
    problem,
]


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
