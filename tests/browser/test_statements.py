"""Several statements in a browser: what is open stays open, what is half typed stays, and all of it by keyboard.

What the page says of them, and what each button makes of them, is in tests/pages/builder.
"""

import json

from playwright.sync_api import expect

from tests.browser.screen import ATTACH, BATCH, DELETE, DETACH, QUERY, Builder, selection
from tests.browser.test_keyboard import tab_to
from tests.browser.test_taking import opened, pasted


def lines(builder: Builder):
    return builder.page.locator("#statement-list > .statement")


def test_statement_is_added_and_named_and_survives_reload_and_going_back(builder):
    page, label = builder.open(selection(ATTACH)).page, builder.page.get_by_label("Call it, for yourself")
    builder.unfold(BATCH)
    page.get_by_role("button", name="Add a Deny").click()
    expect(builder.hits).to_contain_text("statement 2 denies it")
    builder.tick(DELETE)
    expect(builder.totals).to_contain_text("1 action denied")
    label.fill("no deleting")
    label.press("Tab")
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


def test_half_typed_condition_survives_a_tick_and_a_resource_that_is_added_with_enter(builder):
    builder.open(selection(ATTACH))
    builder.page.get_by_text("Effect, conditions and resources").click()
    values, resource = builder.page.get_by_label("Values, one a line"), builder.page.get_by_label("Add a resource")
    values.fill("half a va")

    builder.tick(DETACH)
    expect(builder.json).to_contain_text("ecs:cloudServers:detachVolume")
    expect(values).to_have_value("half a va")

    resource.fill("obs:*:*:bucket:reports")
    resource.press("Enter")
    expect(lines(builder).first).to_contain_text("only for 1 resource")
    expect(resource).to_have_value("")
    expect(resource).to_be_focused()
    expect(values).to_have_value("half a va")


def test_deny_with_a_condition_by_keyboard_alone(new_context):
    builder = opened(new_context(permissions=["clipboard-write"]), selection(QUERY))
    page, keyboard = builder.page, builder.page.keyboard

    tab_to(page, "Add a Deny")
    keyboard.press("Enter")
    expect(builder.hits).to_contain_text("statement 2 denies it")
    tab_to(page, "Key")
    keyboard.type("g:UserName")
    tab_to(page, "Operator")
    expect(page.locator("#condition-operator optgroup")).to_have_count(2)
    operator = page.locator("#condition-operator")
    for _ in range(operator.locator("option").count()):  # a browser forgets what is typed here if it takes too long
        if operator.input_value() != "StringStartWith":
            keyboard.press("ArrowDown")
    expect(operator).to_have_value("StringStartWith")
    tab_to(page, "Values, one a line")
    keyboard.type("ops-")
    expect(page.locator("#condition-said")).to_contain_text("Only for users whose name starts with “ops-”.")
    tab_to(page, "Done with the condition")
    keyboard.press("Enter")
    expect(lines(builder).nth(1)).to_contain_text("only for users whose name starts with “ops-”")
    tab_to(page, "Deleting ECSs")
    keyboard.press("Space")
    expect(builder.totals).to_contain_text("1 action denied")
    tab_to(page, "Copy JSON")
    keyboard.press("Enter")

    expect(page.locator("#copied")).to_contain_text("Copied.")
    assert json.loads(pasted(page))["Statement"][1] == {
        "Effect": "Deny",
        "Action": ["ecs:cloudServers:deleteServers"],
        "Condition": {"StringStartWith": {"g:UserName": ["ops-"]}},
    }
