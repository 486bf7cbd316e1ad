"""A server that is slow or gone: what is shown is told apart from what was asked for, and nothing old is copied."""

import pytest
from playwright.sync_api import expect

from tests.browser.screen import ATTACH, DETACH, QUERY, START, Builder, expect_outcome, json_of, selection, title_of
from tests.browser.test_failures import expect_complaints, fail
from tests.browser.test_taking import pasted

CONDITION = '"g:UserName": [\n                        "anna"'


class SlowServer:
    """Answers to changes wait until they are let go."""

    def __init__(self, page):
        self.page = page
        self.held = []
        page.route("**/*", self.hold)

    def hold(self, route) -> None:
        if route.request.method == "POST":
            self.held.append(route)
        else:
            route.fallback()

    def answer(self) -> None:
        self.page.unroute_all()
        for route in self.held:
            route.fallback()


@pytest.fixture
def builder(new_context):
    return Builder(new_context(permissions=["clipboard-read", "clipboard-write"]).new_page()).open(selection(DETACH))


def test_policy_is_dimmed_while_an_answer_is_under_way_and_copy_waits_for_it(builder):
    page, policy = builder.page, builder.page.locator("#policy")
    server = SlowServer(page)
    builder.tick(ATTACH)
    expect(policy).to_have_attribute("aria-busy", "true")

    page.get_by_role("button", name="Copy JSON").click()
    expect_outcome(page, "waiting")
    server.answer()

    expect_outcome(page, "copied")
    expect(policy).to_have_attribute("aria-busy", "false")
    assert pasted(page) == json_of(selection(DETACH, ATTACH))


def test_download_and_the_pages_about_the_draft_wait_for_it_too(builder):
    page = builder.page
    server = SlowServer(page)
    builder.tick(ATTACH)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
        server.answer()
    assert download.value.path().read_text() == json_of(selection(DETACH, ATTACH))

    server = SlowServer(page)
    builder.tick(QUERY)
    page.get_by_role("link", name="Acceptance sheet").click()
    server.answer()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("main")).to_contain_text(title_of(QUERY))


def test_nothing_done_behind_a_field_that_an_answer_replaces_is_lost(builder):
    page = builder.page
    builder.limit()
    server = SlowServer(page)
    builder.write_condition("g:UserName", "StringStartWith")
    page.keyboard.press("Escape")
    builder.tick(QUERY)

    server.answer()

    builder.expect_json(json_of(selection(DETACH, QUERY)))
    builder.limit()
    expect(page.get_by_label("Operator")).to_have_value("StringStartWith")
    page.get_by_label("One value per line").fill("anna")
    expect(builder.json).to_contain_text('"anna"')


def test_condition_that_is_typed_is_copied_though_nothing_was_pressed_for_it(builder):
    page = builder.page
    builder.limit()
    builder.write_condition("g:UserName", "StringEquals", "anna")
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Copy JSON").click()

    expect_outcome(page, "copied")
    assert CONDITION in pasted(page)


def test_without_a_server_nothing_is_taken_along_and_it_is_said_why(builder, complaints):
    page = builder.page
    fail(page, "lost")
    builder.tick(ATTACH)

    expect_outcome(page, "off")
    expect_complaints(complaints)
    for name in ("#take", "#ways-on"):
        expect(page.locator(name)).to_have_js_property("inert", True)
    page.unroute_all()

    builder.tick(QUERY)

    builder.expect_selection(selection(DETACH, ATTACH, QUERY))
    expect(page.locator("#copied")).to_have_text("")
    expect(page.locator("#take")).to_have_js_property("inert", False)


def test_copy_that_waits_for_an_answer_that_does_not_come_copies_nothing(builder, complaints):
    page = builder.page
    page.evaluate("navigator.clipboard.writeText('before')")
    server = SlowServer(page)
    builder.tick(ATTACH)
    page.get_by_role("button", name="Copy JSON").click()
    expect_outcome(page, "waiting")

    for route in server.held:
        route.abort()

    expect_outcome(page, "off")
    expect_complaints(complaints)
    assert pasted(page) == "before"


def test_undo_without_a_server_leaves_the_address_of_what_is_shown(builder, complaints):
    page = builder.page
    builder.tick(ATTACH)
    builder.expect_selection(selection(DETACH, ATTACH))
    shown = page.url
    fail(page, "lost")

    page.get_by_role("button", name="Undo", exact=True).click()
    expect_outcome(page, "off")
    expect_complaints(complaints)
    expect(page).to_have_url(shown)
    builder.expect_json(json_of(selection(DETACH, ATTACH)))

    page.unroute_all()
    page.get_by_role("button", name="Try again").click()
    builder.expect_selection(selection(DETACH))
    builder.tick(START)
    builder.expect_selection(selection(DETACH, START))
    page.get_by_role("button", name="Undo", exact=True).click()
    builder.expect_selection(selection(DETACH))


def test_repaired_text_of_a_check_is_copied_only_once_it_is_that_of_the_text_in_the_field(new_context):
    page = new_context(permissions=["clipboard-read", "clipboard-write"]).new_page()
    page.goto("/check/")
    field = page.get_by_label("Policy text")
    broken = '{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["ecs:cloudServers:list",]}]}'
    field.fill(broken)
    expect(page.locator("#repairs-title")).to_have_text("1 repair made")
    server = SlowServer(page)

    field.fill(broken.replace("list", "get"))
    page.get_by_role("button", name="Copy JSON").click()
    expect_outcome(page, "waiting")
    server.answer()

    expect(page.locator("#repaired-text")).to_contain_text("ecs:cloudServers:get")
    assert "ecs:cloudServers:get" in pasted(page)


def test_half_typed_condition_survives_another_page(builder):
    page = builder.page
    builder.limit()
    page.get_by_label("Only", exact=True).select_option("g:UserName")
    page.get_by_label("Add a resource").fill("obs:*:*:bucket:reports")
    page.keyboard.press("Escape")
    expect(page.locator("#unfinished")).to_contain_text("obs:*:*:bucket:reports")

    page.get_by_role("link", name="Compare", exact=True).last.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ompare")
    page.go_back()

    expect(page.get_by_label("Only", exact=True)).to_have_value("g:UserName")
    expect(page.get_by_label("Add a resource")).to_have_value("obs:*:*:bucket:reports")
    expect(page.locator("#unfinished input")).to_have_count(2)  # one for the condition, one for the resource


def test_half_typed_condition_comes_back_to_its_own_statement(builder):
    page = builder.page
    page.get_by_role("button", name="Add a Deny").click()
    expect(builder.hits).to_contain_text("statement 2 denies it")
    builder.limit()
    page.get_by_label("Label (only for you)").fill("no nights")
    page.get_by_label("Only", exact=True).select_option("g:CurrentTime")
    expect(page.locator("#unfinished")).to_contain_text("not complete")
    draft = page.locator("#draft").input_value()

    page.goto("/check/")
    page.goto(f"/?draft={draft}")

    expect(builder.hits).to_contain_text("statement 2 denies it")
    expect(page.get_by_label("Only", exact=True)).to_have_value("g:CurrentTime")
    expect(page.get_by_label("Label (only for you)")).to_have_value("no nights")
    expect(page.locator("#statement-1")).not_to_contain_text("no nights")


def test_nothing_moves_under_the_hand_while_a_condition_is_filled_in(builder):
    page = builder.page
    builder.limit()
    values = page.get_by_label("One value per line")
    builder.write_condition("g:UserName", "StringEquals", "anna")
    before = values.bounding_box()
    expect(page.locator("#condition-list li")).to_have_count(1)
    assert abs(values.bounding_box()["y"] - before["y"]) <= 1
    expect(values).to_be_focused()

    done = page.get_by_role("button", name="Done with the condition")
    done.evaluate("button => button.scrollIntoView({ block: 'nearest', behavior: 'instant' })")
    was = done.bounding_box()["y"]
    done.click()

    expect(page.get_by_label("Only", exact=True)).to_have_value("")
    expect(page.get_by_role("button", name="Add the condition")).to_be_focused()
    assert abs(page.locator("#condition-done").bounding_box()["y"] - was) <= 1
