"""The draft as a file, in a browser: saved, chosen, dropped, with and without JavaScript."""

import json

from playwright.sync_api import expect

from policybuilder.domain.building.blocks import Block
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.file import write_file
from tests.browser.screen import ATTACH, DETACH, START, Builder, address_of, json_of, selection

DISKS = Draft.of(selection(ATTACH, DETACH), "disks")
NOISE = "".join(chr(0x4E00 + number * 7919 % 20000) for number in range(3000))
LARGE = Draft((Block(selection(ATTACH), resources=tuple(NOISE[at : at + 50] for at in range(0, 3000, 50))),), "large")
POLICY = json.dumps({"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["ecs:servers:list"]}]})


def file_of(text: str, name: str = "disks.draft.json") -> dict:
    return {"name": name, "mimeType": "application/json", "buffer": text.encode()}


def drag(page, kind: str, text: str) -> None:
    """A file is dragged over the page, or dropped on it, wherever that is."""
    page.evaluate(
        """([kind, text]) => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([text], "dropped.json", {type: "application/json"}));
            const target = document.querySelector("#tree");
            target.dispatchEvent(new DragEvent(kind, {dataTransfer, bubbles: true, cancelable: true}));
        }""",
        [kind, text],
    )


def saved(page) -> str:
    if not page.locator("#save-draft").is_visible():
        page.locator("#draft-file-part summary").click()
    with page.expect_download() as download:
        page.locator("#save-draft").click()
    return download.value.path().read_text()


def test_draft_is_saved_after_a_tick_and_chosen_again(builder):
    builder.tick(ATTACH, DETACH)
    builder.page.locator("#name").fill("disks")
    builder.page.locator("#name").blur()
    expect(builder.page).to_have_title("disks · Policy Builder")
    text = saved(builder.page)
    assert text == write_file(DISKS)

    builder.open(selection(START))
    builder.page.get_by_label("Open a draft file").set_input_files(file_of(text))

    builder.expect_json(json_of(selection(ATTACH, DETACH)))
    expect(builder.page.locator("#name")).to_have_value("disks")
    builder.page.locator("#undo").click()
    builder.expect_json(json_of(selection(START)))


def test_file_is_dropped_anywhere_and_a_hint_says_so_meanwhile(builder):
    hint = builder.page.locator("#drop-hint")
    drag(builder.page, "dragover", "")
    expect(hint).to_be_visible()
    drag(builder.page, "dragleave", "")
    expect(hint).to_be_hidden()

    drag(builder.page, "drop", write_file(DISKS))

    builder.expect_json(json_of(selection(ATTACH, DETACH)))


def test_policy_that_is_dropped_is_checked_and_the_draft_is_one_step_away(builder):
    builder.open(selection(START), name="mine")

    drag(builder.page, "drop", POLICY)

    expect(builder.page.locator("#text")).to_have_value(POLICY)
    builder.page.get_by_role("link", name="Back to the draft “mine”").click()
    builder.expect_json(json_of(selection(START)))


def test_draft_too_large_for_a_link_is_opened_worked_on_saved_and_opened_again(builder):
    drag(builder.page, "drop", write_file(LARGE))
    expect(builder.page.locator("#link-room")).to_contain_text("too large for a link")
    builder.tick(DETACH)
    expect(builder.page.locator("#totals")).to_contain_text("2 chosen")

    text = saved(builder.page)
    builder.open()
    drag(builder.page, "drop", text)

    expect(builder.page.locator("#totals")).to_contain_text("2 chosen")
    assert builder.ticked() == sorted([ATTACH, DETACH])
    with builder.page.expect_download() as download:
        builder.page.locator("#download").click()
    builder.expect_json(download.value.path().read_text())


def test_everything_works_without_javascript(plain_page):
    builder = Builder(plain_page).open(selection(START), name="mine")
    plain_page.locator("#draft-file-part summary").click()
    plain_page.get_by_label("Open a draft file").set_input_files(file_of(write_file(LARGE)))
    plain_page.locator("#open-draft").click()
    expect(plain_page.locator("#link-room")).to_be_visible()
    assert saved(plain_page) == write_file(LARGE)

    plain_page.locator("#shorten").click()
    plain_page.get_by_role("button", name="Back to the draft “large”").click()
    expect(plain_page.locator("#name")).to_have_value("large")

    plain_page.locator("#draft-file-part summary").click()
    plain_page.get_by_label("Open a draft file").set_input_files(file_of(write_file(DISKS)))
    plain_page.locator("#open-draft").click()
    builder.expect_json(json_of(selection(ATTACH, DETACH)))


def test_links_at_the_top_lead_on_with_the_draft_after_a_tick_and_back(builder):
    builder.open(selection(START), name="mine").tick(DETACH)
    builder.expect_json(json_of(selection(START, DETACH)))

    for name in ("Check", "Compare"):
        builder.page.locator("#site-nav").get_by_role("link", name=name).click()
        expect(builder.page.locator("#site-nav [aria-current]")).to_have_text(name)
        builder.page.get_by_role("link", name="Back to the draft “mine”").click()
        builder.expect_json(json_of(selection(START, DETACH)))
    assert builder.page.evaluate("location.href").endswith(address_of(selection(START, DETACH), name="mine"))
