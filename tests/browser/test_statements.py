"""Several statements: Allow and Deny, conditions, resources, and what no tick box can say."""

import json

from playwright.sync_api import expect

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.policy.document import Effect
from policybuilder.drafts.addresses import View, address
from policybuilder.drafts.draft import Draft
from tests.browser.screen import ATTACH, CATALOG, DELETE, DETACH, DISKS, QUERY, Builder, selection
from tests.browser.test_keyboard import tab_to
from tests.browser.test_taking import opened, pasted

ALLOWED_BY_LIST = {o.id for o in CATALOG.operations_by_action["ecs:cloudservers:list"] if not o.all_dependencies()}
KEPT = '{"Effect":"Deny","NotAction":["ecs:*:*"]}'


def open_draft(builder: Builder, *blocks: Block, extra: str = "", at: int = 0) -> Builder:
    builder.page.goto(address(Draft(blocks, "", extra), View(at=at)))
    return builder


def policy(builder: Builder) -> list[dict]:
    """The statements of the policy as it is shown."""
    return json.loads(builder.json.text_content())["Statement"]


def lines(builder: Builder):
    return builder.page.locator("#statement-list > .statement")


def press(builder: Builder, name: str) -> None:
    builder.page.get_by_role("button", name=name, exact=True).click()


ALLOW_ATTACH = Block(selection(ATTACH))
DENY_DELETE = Block(selection(DELETE), Effect.DENY)


def test_deny_is_added_beside_the_allow_and_the_tree_says_what_the_whole_policy_means(builder):
    builder.open(selection(DELETE, QUERY))

    press(builder, "Add a Deny")
    expect(builder.hits).to_have_text("Tick what people must not do; statement 2 denies it. 91 operations.")
    expect(builder.box(DELETE)).not_to_be_checked()
    expect(builder.state(DELETE)).to_have_text("Selected in statement 1")
    builder.tick(DELETE)

    expect(builder.totals).to_have_text("2 statements, 2 actions allowed, 1 action denied")
    expect(builder.state(DELETE)).to_have_text("Denied by statement 2 Selected in statement 1")
    expect(builder.page.locator("#findings")).to_contain_text("“Deleting ECSs” is selected but will be refused")
    assert policy(builder) == [
        {"Effect": "Allow", "Action": ["ecs:cloudServers:deleteServers", "ecs:cloudServers:list"]},
        {"Effect": "Deny", "Action": ["ecs:cloudServers:deleteServers"]},
    ]

    press(builder, "Statement 1: Allow")
    expect(builder.box(DELETE)).to_be_checked()
    expect(builder.state(DELETE)).to_have_text("Denied by statement 2")
    builder.page.get_by_role("button", name="Undo").click()
    expect(builder.page.locator(".statement.is-current")).to_contain_text("Allow")


def test_statements_are_named_moved_copied_and_deleted_and_deleting_can_be_undone(builder):
    open_draft(builder, ALLOW_ATTACH, DENY_DELETE, at=1)

    builder.page.get_by_label("Call it, for yourself").fill("no deleting")
    builder.page.get_by_label("Call it, for yourself").press("Tab")
    expect(lines(builder).nth(1)).to_contain_text("no deleting")
    press(builder, "Move statement 2 up")
    expect(lines(builder).first).to_contain_text("no deleting")
    assert [each["Effect"] for each in policy(builder)] == ["Deny", "Allow", "Allow"]
    press(builder, "Duplicate statement 1")
    expect(lines(builder)).to_have_count(3)
    press(builder, "Delete statement 3")
    expect(lines(builder)).to_have_count(2)
    expect(builder.json).not_to_contain_text("Allow")

    builder.page.get_by_role("button", name="Undo").click()

    expect(lines(builder)).to_have_count(3)
    assert [each["Effect"] for each in policy(builder)] == ["Deny", "Deny", "Allow", "Allow"]


def test_condition_is_said_in_plain_words_and_checked_while_it_is_typed(builder):
    open_draft(builder, ALLOW_ATTACH)
    page = builder.page
    page.get_by_text("Effect, conditions and resources").click()
    said = page.locator("#condition-said")

    page.get_by_label("Key", exact=True).fill("g:MFAAge")
    page.get_by_label("Key", exact=True).press("Tab")
    expect(page.locator("#condition-operator optgroup")).to_have_count(2)  # numbers, and whether it is there
    page.get_by_label("Operator").select_option("NumberLessThan")
    page.get_by_label("Values, one a line").press_sequentially("soon")
    expect(said).to_contain_text("are less than soon")
    expect(said.locator(".finding-warning, .finding-error")).not_to_have_count(0)
    page.get_by_label("Values, one a line").fill("3600")
    expect(said.locator(".condition-words")).to_have_text(
        "Only when the seconds since the login with multi-factor authentication are less than 3600."
    )
    press(builder, "Add the condition")

    expect(lines(builder).first).to_contain_text("are less than 3600")
    expect(builder.state(ATTACH)).to_have_text("Allowed under conditions")
    assert [each["Condition"] for each in policy(builder)] == [{"NumberLessThan": {"g:MFAAge": ["3600"]}}] * 2
    press(builder, "Edit condition 1")
    expect(page.get_by_label("Values, one a line")).to_have_value("3600")
    page.get_by_label("Values, one a line").fill("60")
    press(builder, "Save the condition")
    expect(builder.json).to_contain_text('"60"')
    press(builder, "Remove condition 1")
    expect(builder.json).not_to_contain_text("Condition")


def test_condition_that_is_not_complete_is_refused_and_nothing_typed_is_lost(builder):
    open_draft(builder, ALLOW_ATTACH)
    page = builder.page
    page.get_by_text("Effect, conditions and resources").click()
    page.get_by_label("Key", exact=True).fill("g:UserName")

    press(builder, "Add the condition")

    expect(builder.problems).to_have_text(
        "The condition is not complete yet. It has no operator. Choose how to compare."
    )
    expect(page.get_by_label("Key", exact=True)).to_have_value("g:UserName")


def test_half_typed_condition_survives_a_tick(builder):
    open_draft(builder, ALLOW_ATTACH)
    builder.page.get_by_text("Effect, conditions and resources").click()
    builder.page.get_by_label("Values, one a line").fill("half a va")

    builder.tick(DETACH)

    expect(builder.json).to_contain_text("ecs:cloudServers:detachVolume")
    expect(builder.page.get_by_label("Values, one a line")).to_have_value("half a va")


def test_resources_are_a_list(builder):
    open_draft(builder, ALLOW_ATTACH)
    builder.page.get_by_text("Effect, conditions and resources").click()
    field = builder.page.get_by_label("Add a resource")

    field.fill("obs:*:*:bucket:a b")
    builder.page.locator("#resource-add").click()
    expect(builder.problems).to_contain_text("A resource has no spaces")
    field.fill("obs:*:*:bucket:reports")
    builder.page.locator("#resource-add").click()

    expect(field).to_have_value("")
    expect(lines(builder).first).to_contain_text("only for 1 resource")
    assert [each["Resource"] for each in policy(builder)] == [["obs:*:*:bucket:reports"]] * 2


def test_what_no_box_can_say_is_listed_and_written_unchanged(builder):
    open_draft(builder, ALLOW_ATTACH, Block(kept=KEPT), extra='{"Depends":[{"a":1}]}')

    expect(lines(builder).nth(1)).to_contain_text("Kept as it is")
    lines(builder).nth(1).get_by_text("Show it").click()
    expect(lines(builder).nth(1).locator("pre")).to_contain_text("NotAction")
    expect(builder.page.locator(".statement-extra")).to_contain_text("Depends")
    written = json.loads(builder.json.text_content())
    assert written["Statement"][-1] == json.loads(KEPT)
    assert written["Depends"] == [{"a": 1}]


def test_wildcard_shows_what_it_matches_and_can_be_put_into_words(builder):
    builder.open(selection(ATTACH, actions=["ecs:cloudServers:list*"]))
    wildcard = builder.granted.filter(has_text="ecs:cloudServers:list*")

    expect(wildcard.get_by_text("Matches 3 actions today")).to_be_visible()
    wildcard.get_by_role("button", name="Put these in its place").click()

    expect(builder.json).not_to_contain_text("*")
    expect(builder.json).to_contain_text("ecs:cloudServers:list")


def test_finding_names_its_line_and_mends_it(builder):
    open_draft(builder, Block(selection(actions=["evs:volumes:list", "ecs:servers:lst"])))
    finding = builder.page.locator("#findings .finding").first

    expect(finding).to_contain_text("ecs:servers:lst")
    line = finding.locator(".finding-line").get_attribute("href")
    expect(builder.page.locator(line)).to_contain_text("ecs:servers:lst")


BROKEN_SAMPLE = """Here is the policy:
{
    “Version”: "1.1",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": [
                "ecs:cloudServers:list",
                "ecs:cloudServers:deleteServers"
                "ecs:servers:fly",
            ]
        },
        {"Effect": "Deny", "NotAction": ["ecs:*:*"]},
    ]
}
"""


def test_broken_sample_is_pasted_repaired_changed_and_taken_away(builder):
    page = builder.page
    page.get_by_role("link", name="Paste it to check it and to go on with it here.").click()
    page.get_by_label("Policy text").fill(BROKEN_SAMPLE.removeprefix("Here is the policy:\n"))
    expect(page.locator(".repair")).to_have_count(4)
    page.get_by_role("button", name="Open in the builder").click()

    expect(lines(builder)).to_have_count(2)
    assert builder.ticked() == sorted([DELETE, *(id_ for id_ in CATALOG.operations if id_ in ALLOWED_BY_LIST)])
    expect(builder.granted.filter(has_text="ecs:servers:fly")).to_contain_text("Not in the catalogue")
    builder.untick(DELETE)
    expect(builder.json).not_to_contain_text("deleteServers")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download", exact=True).click()

    assert json.loads(download.value.path().read_text()) == {
        "Version": "1.1",
        "Statement": [
            {"Effect": "Allow", "Action": ["ecs:cloudServers:list", "ecs:servers:fly"]},
            {"Effect": "Deny", "NotAction": ["ecs:*:*"]},
        ],
    }


def test_policy_is_made_shorter_on_request_and_gone_on_with(builder):
    builder.open(selection(*CATALOG.operations), name="all")
    page = builder.page
    page.get_by_role("link", name="Make it shorter, or divide it").click()

    expect(page.locator(".warn-line")).to_contain_text("2735 characters become 806.")
    expect(page.locator(".warn-line")).to_contain_text("An action that the vendor adds later")
    shorter = page.locator("#json-shorter").text_content()
    assert '"ecs:*:*"' in shorter
    page.get_by_role("link", name="Go on with this one").click()

    expect(page.get_by_label("Name")).to_have_value("all-short")
    assert {name for each in policy(builder) for name in each["Action"]} == {
        name for each in json.loads(shorter)["Statement"] for name in each["Action"]
    }
    assert builder.ticked() == sorted(CATALOG.operations)


def test_branches_stay_open_when_another_statement_is_shown(builder):
    open_draft(builder, ALLOW_ATTACH, DENY_DELETE)
    builder.unfold(DISKS)

    press(builder, "Statement 2: Deny")

    expect(builder.branch(DISKS).locator("details")).to_have_attribute("open", "")
    expect(builder.box(ATTACH)).not_to_be_checked()


def test_statements_survive_reload_and_going_back(builder):
    open_draft(builder, ALLOW_ATTACH)
    press(builder, "Add a Deny")
    expect(builder.hits).to_contain_text("statement 2 denies it")
    builder.tick(DELETE)
    expect(builder.totals).to_contain_text("1 action denied")

    builder.page.reload()
    expect(builder.hits).to_contain_text("statement 2 denies it")
    expect(builder.box(DELETE)).to_be_checked()
    builder.page.go_back()
    expect(builder.box(DELETE)).not_to_be_checked()
    builder.page.go_back()
    expect(lines(builder)).to_have_count(1)


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
    keyboard.type("StringStartWith")
    tab_to(page, "Values, one a line")
    keyboard.type("ops-")
    expect(page.locator("#condition-said")).to_contain_text("Only for users whose name starts with “ops-”.")
    tab_to(page, "Add the condition")
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


def test_everything_works_without_a_script(new_context):
    builder = Builder(new_context(java_script_enabled=False).new_page()).open(selection(DELETE))
    page = builder.page

    press(builder, "Add a Deny")
    builder.tick(DELETE)
    page.get_by_label("Key", exact=True).fill("g:UserName")
    page.get_by_label("Values, one a line").fill("ops-")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_label("Values, one a line")).to_have_value("ops-")
    page.get_by_label("Operator").select_option("StringStartWith")
    press(builder, "Add the condition")

    expect(lines(builder).nth(1)).to_contain_text("only for users whose name starts with “ops-”")
    assert policy(builder)[1]["Condition"] == {"StringStartWith": {"g:UserName": ["ops-"]}}
    press(builder, "Delete statement 2")
    expect(lines(builder)).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(lines(builder)).to_have_count(2)


def test_ninth_statement_is_not_offered(builder):
    open_draft(builder, *[DENY_DELETE] * 8)

    expect(builder.page.get_by_role("button", name="Add a Deny")).to_be_disabled()
    expect(builder.page.get_by_role("button", name="Duplicate statement 3")).to_be_disabled()
