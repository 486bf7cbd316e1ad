"""Search as you type, and filters: what is shown, and that ticks do not depend on it."""

import re

from playwright.sync_api import expect

from policybuilder.catalog_files.searching import search_of
from policybuilder.domain.catalog.entries import Access
from policybuilder.domain.searching.search import Filter, split_words
from tests.browser.screen import ATTACH, CATALOG, CREATE, DETACH, LIFECYCLE, QUERY, START, json_of, selection


def titles_of(wanted: Filter, selected: frozenset[str] = frozenset()) -> list[str]:
    return [operation.title for operation in search_of(CATALOG).operations(wanted, selected)]


DISKS_FOUND = len(titles_of(Filter(words=("disk",))))


def json_of_ticked(*operations: str) -> str:
    return json_of(selection(*operations))


def test_search_as_you_type_shows_and_marks_what_it_finds_and_keeps_the_focus(builder):
    builder.search.press_sequentially("dis")
    expect(builder.hits).to_have_text("13 operations and 11 single actions found")
    builder.search.press_sequentially("k attached")

    titles = titles_of(Filter(words=split_words("disk attached")))
    found = f"{len(titles)} operations and 2 single actions found"
    expect(builder.hits).to_have_text(found)
    expect(builder.titles).to_have_text(titles)
    for title in builder.titles.all():
        expect(title).to_be_visible()
    assert set(builder.page.locator("#tree mark").all_text_contents()) > {"disk", "attached", "Attaching"}
    expect(builder.page.locator("#status")).to_have_text(f"No actions yet. {found}")
    expect(builder.search).to_be_focused()
    expect(builder.search).to_have_value("disk attached")

    builder.search.fill("")

    expect(builder.hits).to_contain_text("91 operations")
    expect(builder.titles).to_have_count(91)
    expect(builder.page.locator("#tree mark")).to_have_count(0)


def test_pasted_call_becomes_what_is_meant_by_it_unless_more_was_typed_meanwhile(builder):
    builder.search.fill("curl -X POST -H 'X-Auth-Token: abc' https://ecs.eu-de.otc.t-systems.com/v1/0af1/cloudservers")
    expect(builder.search).to_have_value(re.compile("^POST /v1/.*/cloudservers$"))
    expect(builder.search).to_be_focused()
    expect(builder.box(CREATE)).to_be_visible()

    builder.search.press_sequentially(" x")
    expect(builder.search).to_have_value(re.compile("cloudservers x$"))


def test_pasted_text_of_which_nothing_can_be_searched_is_told_and_stays_told(builder):
    posts: list[str] = []
    builder.page.on("request", lambda request: posts.append(request.method) if request.method == "POST" else None)

    builder.search.fill("X-Auth-Token: abc")
    expect(builder.search).to_have_value("")
    builder.page.wait_for_load_state("networkidle")

    expect(builder.page.locator("#problems")).to_contain_text("names no API call")
    assert posts == ["POST"]


def test_nothing_found_leads_back_to_everything(builder):
    builder.search.fill("no such thing")
    builder.page.get_by_label("Reading only").check()
    expect(builder.hits).to_have_text("0 operations found")
    expect(builder.page.locator("#tree .nothing")).to_be_visible()

    builder.page.get_by_role("button", name="Show everything").click()

    expect(builder.titles).to_have_count(91)
    expect(builder.search).to_have_value("")
    expect(builder.page.get_by_label("Reading only")).not_to_be_checked()


def test_filters_show_only_what_passes(builder):
    reading, api = builder.page.get_by_label("Reading only"), builder.page.get_by_label("API", exact=True)
    reading.check()
    titles = titles_of(Filter(reading=True))
    expect(builder.titles).to_have_text(titles)
    expect(builder.hits).to_have_text(f"{len(titles)} operations found")

    api.select_option(label="Native OpenStack API")
    expect(builder.titles).to_have_text(titles_of(Filter(reading=True, native=True)))

    reading.uncheck()
    expect(builder.titles).to_have_text(titles_of(Filter(native=True)))
    api.select_option(label="All APIs")
    expect(builder.titles).to_have_count(91)


def test_row_that_is_unticked_under_the_selected_filter_can_be_ticked_again(builder):
    """It stays until the tree is filtered anew, so that an untick by mistake can be taken back."""
    builder.tick(ATTACH, START)
    builder.expect_selection(selection(ATTACH, START))
    builder.page.get_by_label("Selected", exact=True).check()
    expect(builder.titles).to_have_text(titles_of(Filter(selected=True), frozenset([ATTACH, START])))

    builder.box(START).uncheck()
    builder.expect_json(json_of_ticked(ATTACH))
    builder.box(START).check()
    builder.expect_selection(selection(ATTACH, START))


def test_ticks_under_a_search_stay_without_it(builder):
    builder.open(selection(QUERY, DETACH))
    builder.search.fill("disk")
    expect(builder.titles).to_have_count(DISKS_FOUND)
    builder.box(ATTACH).check()
    builder.expect_json(json_of_ticked(QUERY, DETACH, ATTACH))
    builder.box(DETACH).uncheck()
    builder.expect_json(json_of_ticked(QUERY, ATTACH))

    builder.search.fill("")

    expect(builder.titles).to_have_count(91)
    builder.expect_selection(selection(QUERY, ATTACH))


def test_box_of_a_category_under_a_filter_turns_what_is_shown(builder):
    builder.page.get_by_label("Reading only").check()
    reading = [o.id for o in CATALOG.categories[LIFECYCLE].operations if o.access is Access.READ]
    expect(builder.parent(LIFECYCLE)).to_have_accessible_name(re.compile("Lifecycle Management shown$"))
    expect(builder.branch(LIFECYCLE).locator(".row > input")).to_have_count(len(reading))

    builder.parent(LIFECYCLE).click()
    builder.expect_selection(selection(*reading))
    expect(builder.count(LIFECYCLE)).to_have_text("5 of 11")

    builder.parent(LIFECYCLE).click()
    builder.expect_nothing_granted()


def test_search_is_in_the_address_and_survives_a_reload(builder):
    builder.tick(ATTACH)
    builder.search.fill("disk")
    builder.page.get_by_label("Reading only").check()
    expect(builder.titles).to_have_count(7)

    builder.page.reload()

    expect(builder.search).to_have_value("disk")
    expect(builder.page.get_by_label("Reading only")).to_be_checked()
    expect(builder.titles).to_have_text(titles_of(Filter(words=("disk",), reading=True)))
    builder.expect_json(json_of_ticked(ATTACH))


def test_tick_and_search_at_once_both_count(builder):
    """A search still on its way when a box is ticked, and the other way round."""
    builder.page.evaluate(
        """([first, second]) => {
            document.querySelector(`input[value="${first}"]`).click();
            const search = document.getElementById("q");
            search.value = "disk";
            search.dispatchEvent(new Event("input", {bubbles: true}));
            document.querySelector(`input[value="${second}"]`).click();
        }""",
        [QUERY, ATTACH],
    )

    expect(builder.titles).to_have_count(DISKS_FOUND)
    builder.expect_json(json_of_ticked(QUERY, ATTACH))
    assert builder.ticked() == [ATTACH]
    expect(builder.count(LIFECYCLE)).to_have_count(0)
