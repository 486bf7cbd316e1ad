"""The server answers with an error or not at all: the page says so, and nothing that was ticked is lost."""

from playwright.sync_api import expect

from policybuilder.errors import STILL_THERE
from tests.browser.screen import ATTACH, BATCH, CATALOG, DISKS, QUERY, START, json_of, selection

CHANGE_FAILED = "#problems [data-failed=change]"
SEARCH_FAILED = "#problems [data-failed=search]"


def fail(page, how: str) -> None:
    """Every change that is sent fails from now on."""

    def answer(route):
        if route.request.method != "POST":
            route.fallback()
        elif how == "lost":
            route.abort()
        else:
            route.fulfill(status=503, content_type="text/html", body="<h1>Busy</h1>")

    page.route("**/*", answer)


def expect_complaints(complaints: list[str]) -> None:
    """The browser's console tells of failed requests; nothing else may be in it."""
    assert complaints
    assert [text for text in complaints if not text.startswith("console: ")] == []
    complaints.clear()


def test_failed_tick_is_told_and_granted_only_when_it_is_tried_again(builder, complaints):
    builder.tick(QUERY)
    builder.expect_selection(selection(QUERY))
    fail(builder.page, "error")

    builder.tick(ATTACH)

    message = builder.page.get_by_role("alert").filter(has_text="did not answer")
    expect(message.locator("[data-failed=change] p")).to_be_visible()
    expect_complaints(complaints)
    expect(message).to_be_in_viewport()
    builder.expect_json(json_of(selection(QUERY)))
    builder.page.unroute_all()

    builder.page.get_by_role("button", name="Try again").click()

    builder.expect_selection(selection(QUERY, ATTACH))
    expect(message).to_have_count(0)


def test_lost_tick_counts_with_the_next_one_but_not_after_a_reload(builder, complaints):
    fail(builder.page, "lost")
    builder.tick(ATTACH)
    expect(builder.page.locator(CHANGE_FAILED)).to_be_visible()
    builder.expect_nothing_granted()
    builder.page.unroute_all()
    builder.tick(START)
    builder.expect_selection(selection(ATTACH, START))
    expect(builder.page.locator(CHANGE_FAILED)).to_have_count(0)

    fail(builder.page, "lost")
    builder.tick(QUERY)
    expect(builder.page.locator(CHANGE_FAILED)).to_be_visible()
    expect_complaints(complaints)
    builder.page.reload()

    builder.expect_selection(selection(ATTACH, START))


def test_category_that_was_folded_stays_so_when_nothing_is_answered(builder, complaints):
    builder.tick(ATTACH)
    builder.expect_selection(selection(ATTACH))
    builder.page.locator("button[value=undo]").first.click()
    builder.expect_nothing_granted()
    expect(builder.box(ATTACH)).to_be_visible()  # what was open is open in the new tree
    builder.branch(DISKS).locator("summary").click()

    fail(builder.page, "lost")
    builder.tick(QUERY)

    expect(builder.page.locator(CHANGE_FAILED)).to_be_visible()
    expect(builder.box(ATTACH)).not_to_be_visible()
    expect_complaints(complaints)


def test_failed_button_and_failed_search_can_be_tried_again(builder, complaints):
    def expect_failure_and_try_again(failed):
        expect(builder.page.locator(failed)).to_be_visible()
        expect_complaints(complaints)
        builder.page.unroute_all()
        builder.page.get_by_role("button", name="Try again").click()

    fail(builder.page, "error")
    builder.parent(BATCH).click()
    expect_failure_and_try_again(CHANGE_FAILED)
    builder.expect_selection(selection(*(operation.id for operation in CATALOG.categories[BATCH].operations)))

    # The policy is as good as before; what is listed does not pass for what was found.
    fail(builder.page, "error")
    builder.search.fill("disk")
    expect(builder.hits).to_be_hidden()
    expect(builder.page.locator("#take")).not_to_have_attribute("inert", "")
    expect(builder.search).to_be_focused()
    builder.search.press("ArrowDown")
    expect(builder.search).to_be_focused()
    again = builder.page.get_by_role("button", name="Try again")
    again.focus()
    with builder.page.expect_response("**/*"):
        builder.page.keyboard.press("Enter")
    expect(again).to_be_focused()
    expect_failure_and_try_again(SEARCH_FAILED)
    expect(builder.titles).to_have_count(14)
    expect(builder.hits).to_be_visible()
    expect(builder.search).to_be_focused()


def test_more_than_is_read_is_told_and_stays_on_the_page(builder, complaints):
    page = builder.page
    page.goto("/check/")
    page.locator("#text").fill("x" * 300_000)

    message = page.locator("#problems p")
    expect(message).to_contain_text("262,144 bytes")
    expect(message).to_contain_text(STILL_THERE)
    expect(page.locator("#text")).to_have_value("x" * 300_000)
    expect_complaints(complaints)

    page.locator("#text").fill('{"Version": "1.1", "Statement": []}')

    expect(message).to_have_count(0)
