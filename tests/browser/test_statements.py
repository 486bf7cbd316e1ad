"""Several statements in a browser: what is open stays open, what is half typed stays, and all of it by keyboard.

What the page says of them, and what each button makes of them, is in tests/pages/builder.
"""

import json

from playwright.sync_api import expect

from policybuilder.domain.policy.condition_words import in_words
from policybuilder.domain.policy.document import Condition
from tests.browser.screen import ATTACH, BATCH, DELETE, DETACH, QUERY, Builder, expect_outcome, selection
from tests.browser.test_keyboard import tab_to
from tests.browser.test_taking import opened, pasted


def lines(builder: Builder):
    return builder.page.locator("#statement-list > .statement")


def test_statement_is_added_and_named_and_survives_reload_and_going_back(builder):
    page, label = builder.open(selection(ATTACH)).page, builder.page.get_by_label("Label (only for you)")
    builder.unfold(BATCH)
    page.get_by_role("button", name="Add a Deny").click()
    expect(builder.hits).to_contain_text("statement 2 denies it")
    builder.tick(DELETE)
    expect(builder.totals).to_contain_text("1 action denied")
    builder.limit()
    label.fill("no deleting")
    page.keyboard.press("Escape")
    expect(lines(builder).nth(1)).to_contain_text("no deleting")
    page.get_by_role("button", name="Statement 1: Allow").click()
    expect(builder.box(ATTACH)).to_be_checked()
    expect(builder.branch(BATCH).locator("details")).to_have_attribute("open", "")  # whatever was shown meanwhile

    page.reload()
    expect(builder.box(ATTACH)).to_be_checked()
    expect(lines(builder).nth(1)).to_contain_text("no deleting")
    page.go_back()
    expect(builder.box(DELETE)).to_be_checked()
    expect(label).to_have_value("")
    page.go_back()
    expect(builder.box(DELETE)).not_to_be_checked()
    page.go_back()
    expect(lines(builder)).to_have_count(1)


def test_dialog_keeps_what_is_typed_and_says_what_is_wrong_and_gives_the_focus_back(builder):
    page = builder.open(selection(ATTACH)).page
    opener, resource = page.get_by_role("button", name="Conditions and resources"), page.get_by_label("Add a resource")
    expect(lines(builder)).to_contain_text("no conditions")
    builder.limit()
    expect(page.get_by_role("button", name="MFA is used")).to_be_focused()
    expect(page.get_by_label("Key", exact=True)).to_be_hidden()
    page.get_by_role("button", name="Until").click()
    expect(page.get_by_label("Time (UTC)")).to_be_focused()
    page.get_by_label("Only", exact=True).select_option("other")
    page.get_by_label("Key", exact=True).fill("g:UserNmae")
    page.get_by_label("Operator").select_option("StringEquals")
    page.get_by_label("One value per line").fill("half a va")
    expect(page.locator("#condition-said")).to_contain_text("half a va")
    resource.fill("obs:*:*:bucket:re ports")
    resource.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("alert")).not_to_be_empty()
    expect(resource).to_have_value("obs:*:*:bucket:re ports")
    resource.fill("obs:*:*:bucket:reports")
    resource.press("Enter")
    expect(lines(builder)).to_contain_text("only for 1 resource")
    expect(resource).to_have_value("")
    expect(resource).to_be_focused()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()

    builder.tick(DETACH)
    expect(builder.json).to_contain_text("ecs:cloudServers:detachVolume")
    expect(page.get_by_label("One value per line")).to_have_value("half a va")
    opener.click()
    page.get_by_role("button", name="Close").last.click()
    expect(opener).to_be_focused()


def test_without_a_script_the_same_fields_stand_in_the_page(plain_page):
    plain_page.goto("/")
    plain_page.get_by_role("button", name="Add a Deny").click()
    plain_page.get_by_role("button", name="MFA is not used").click()

    expect(plain_page.locator("#statement-2 + .statement-what + .statement-limits")).to_have_text(
        "only for logins without multi-factor authentication, or when the request does not say"
    )
    expect(plain_page.get_by_label("Value", exact=True)).to_have_value("false")
    expect(plain_page.get_by_role("dialog")).to_have_count(0)


def test_deny_with_a_condition_by_keyboard_alone(new_context):
    builder = opened(new_context(permissions=["clipboard-write"]), selection(QUERY))
    page, keyboard = builder.page, builder.page.keyboard

    tab_to(page, "Add a Deny")
    keyboard.press("Enter")
    expect(builder.hits).to_contain_text("statement 2 denies it")
    tab_to(page, "Conditions and resources")
    keyboard.press("Enter")
    tab_to(page, "User name starts with")
    keyboard.press("Enter")
    expect(page.get_by_label("One value per line")).to_be_focused()
    keyboard.type("ops-")
    for_ops = in_words(Condition("StringStartWith", "g:UserName", ("ops-",)))
    expect(page.locator("#condition-said")).to_contain_text(f"Denied {for_ops}.")
    tab_to(page, "Done with the condition")
    keyboard.press("Enter")
    expect(lines(builder).nth(1)).to_contain_text(for_ops)
    keyboard.press("Escape")
    tab_to(page, "Deleting ECSs")
    keyboard.press("Space")
    expect(builder.totals).to_contain_text("1 action denied")
    tab_to(page, "Copy JSON")
    keyboard.press("Enter")

    expect_outcome(page, "copied")
    assert json.loads(pasted(page))["Statement"][1] == {
        "Effect": "Deny",
        "Action": ["ecs:cloudServers:deleteServers"],
        "Condition": {"StringStartWith": {"g:UserName": ["ops-"]}},
    }
