"""Search as you type, and filters: what is shown, and that ticks do not depend on it."""

import pytest
from playwright.sync_api import expect

from policybuilder.domain.catalog.entries import Access
from policybuilder.domain.catalog.search import Filter, find, split_words
from tests.browser.screen import ATTACH, BATCH, CATALOG, DISKS, LIFECYCLE, QUERY, START, json_of, selection


def titles_of(wanted: Filter, selected: frozenset[str] = frozenset()) -> list[str]:
    return [operation.title for operation in find(CATALOG, wanted, selected)]


def json_of_ticked(*operations: str) -> str:
    return json_of(selection(*operations))


@pytest.mark.parametrize(
    ("query", "hits", "marks"),
    [
        ("ecs:servers", 29, {"ecs:servers"}),
        ("POST /v2.1", 18, {"POST", "/v2.1"}),
        ("disk", 13, {"disk", "Disk"}),
        ("  VNC ", 1, {"VNC"}),
    ],
)
def test_search_as_you_type_counts_and_marks_the_hits(builder, query, hits, marks):
    builder.search.press_sequentially(query)

    expect(builder.hits).to_have_text(f"{hits} operation{'s' * (hits > 1)} found")
    titles = titles_of(Filter(words=split_words(query)))
    assert len(titles) == hits
    expect(builder.titles).to_have_text(titles)
    for title in builder.titles.all():
        expect(title).to_be_visible()  # categories with hits are open
    assert set(builder.page.locator("#tree mark").all_text_contents()) == marks
    expect(builder.page.locator("#status")).to_have_text(f"No actions yet. {hits} operation{'s' * (hits > 1)} found")


def test_search_shows_the_categories_with_hits_and_their_number(builder):
    builder.search.fill("ecs:servers:list")

    expect(builder.page.locator(".branch-title")).to_have_text(["Lifecycle Management", "Metadata Management"])
    expect(builder.page.locator(".found")).to_have_text(["2 found", "1 found"])


def test_search_keeps_the_focus_and_what_is_typed(builder):
    builder.search.press_sequentially("dis")
    expect(builder.hits).to_have_text("13 operations found")
    builder.search.press_sequentially("k attached")
    expect(builder.hits).to_have_text("4 operations found")

    expect(builder.search).to_be_focused()
    expect(builder.search).to_have_value("disk attached")


def test_clearing_the_search_shows_everything_again(builder):
    builder.search.fill("disk")
    expect(builder.hits).to_have_text("13 operations found")

    builder.search.fill("")

    expect(builder.hits).to_contain_text("91 operations")
    expect(builder.titles).to_have_count(91)
    expect(builder.page.locator("#tree mark")).to_have_count(0)


def test_nothing_found_leads_back_to_everything(builder):
    builder.search.fill("no such thing")
    builder.page.get_by_label("Reading only").check()
    expect(builder.hits).to_have_text("0 operations found")
    expect(builder.page.locator("#tree .nothing")).to_contain_text(
        "Nothing in the catalogue passes this search and these filters."
    )

    builder.page.get_by_role("button", name="Show everything").click()

    expect(builder.titles).to_have_count(91)
    expect(builder.search).to_have_value("")
    expect(builder.page.get_by_label("Reading only")).not_to_be_checked()


def test_search_text_is_text(builder):
    builder.search.fill("<b>disk</b>")

    expect(builder.hits).to_have_text("0 operations found")
    expect(builder.search).to_have_value("<b>disk</b>")
    expect(builder.page.locator("#tree b")).to_have_count(0)


@pytest.mark.parametrize(
    ("box", "wanted"),
    [("Reading only", Filter(reading=True)), ("Enterprise projects", Filter(enterprise=True))],
)
def test_filter_shows_only_what_passes(builder, box, wanted):
    builder.page.get_by_label(box).check()
    titles = titles_of(wanted)
    expect(builder.titles).to_have_text(titles)
    expect(builder.hits).to_have_text(f"{len(titles)} operations found")

    builder.page.get_by_label(box).uncheck()
    expect(builder.titles).to_have_count(91)


def test_filter_for_the_api(builder):
    for label, wanted in [
        ("Native OpenStack API", Filter(native=True)),
        ("Own API", Filter(native=False)),
        ("Own + native API", Filter()),
    ]:
        builder.page.get_by_label("API", exact=True).select_option(label=label)
        expect(builder.titles).to_have_text(titles_of(wanted))


def test_filters_and_search_add_up(builder):
    builder.page.get_by_label("Reading only").check()
    builder.page.get_by_label("Enterprise projects").check()
    builder.search.fill("disk")

    expect(builder.titles).to_have_text(titles_of(Filter(words=("disk",), reading=True, enterprise=True)))


def test_selected_shows_what_is_ticked(builder):
    builder.tick(ATTACH, START)
    builder.expect_selection(selection(ATTACH, START))

    builder.page.get_by_label("Selected", exact=True).check()

    expect(builder.titles).to_have_text(titles_of(Filter(selected=True), frozenset([ATTACH, START])))
    builder.expect_selection(selection(ATTACH, START))


def test_unticking_under_the_selected_filter_lets_the_row_go(builder):
    builder.open(selection(ATTACH, START), selected="1")
    expect(builder.titles).to_have_count(2)

    builder.box(START).uncheck()
    builder.expect_json(json_of_ticked(ATTACH))

    # The row stays until the tree is filtered anew, so that an untick by mistake can be taken back.
    builder.box(START).check()
    builder.expect_selection(selection(ATTACH, START))


def test_tick_under_a_filter_stays_without_it(builder):
    builder.tick(QUERY)
    builder.expect_selection(selection(QUERY))
    builder.search.fill("disk")
    expect(builder.titles).to_have_count(13)
    builder.box(ATTACH).check()
    builder.expect_json(json_of_ticked(QUERY, ATTACH))

    builder.search.fill("")
    expect(builder.titles).to_have_count(91)

    builder.expect_selection(selection(QUERY, ATTACH))


def test_untick_under_a_filter_stays_without_it(builder):
    builder.open(selection(QUERY, ATTACH))
    builder.search.fill("disk")
    expect(builder.titles).to_have_count(13)
    builder.box(ATTACH).uncheck()
    builder.expect_json(json_of_ticked(QUERY))

    builder.search.fill("")
    expect(builder.titles).to_have_count(91)

    builder.expect_selection(selection(QUERY))


def test_select_all_under_a_filter_selects_what_is_shown(builder):
    builder.page.get_by_label("Reading only").check()
    reading = [o.id for o in CATALOG.categories[DISKS].operations if o.access is Access.READ]
    button = builder.branch(DISKS).get_by_role("button", name="Select all")
    expect(button).to_have_text("Select all 7 shown of Disk Management")

    button.click()
    expect(builder.count(DISKS)).to_contain_text("7 of 13")
    builder.page.get_by_label("Reading only").uncheck()

    expect(builder.titles).to_have_count(91)
    builder.expect_selection(selection(*reading))


def test_none_under_a_filter_leaves_what_is_hidden(builder):
    everything = [operation.id for operation in CATALOG.categories[DISKS].operations]
    reading = [o.id for o in CATALOG.categories[DISKS].operations if o.access is Access.READ]
    builder.open(selection(*everything))
    builder.page.get_by_label("Reading only").check()
    expect(builder.branch(DISKS).locator("input[name=o]")).to_have_count(7)

    builder.branch(DISKS).get_by_role("button", name="None").click()
    expect(builder.count(DISKS)).to_contain_text("6 of 13")
    builder.page.get_by_label("Reading only").uncheck()

    expect(builder.titles).to_have_count(91)
    builder.expect_selection(selection(*(set(everything) - set(reading))))


def test_box_of_a_category_under_a_filter_turns_what_is_shown(builder):
    builder.page.get_by_label("Reading only").check()
    reading = [o.id for o in CATALOG.categories[LIFECYCLE].operations if o.access is Access.READ]
    expect(builder.parent(LIFECYCLE)).to_have_accessible_name("All operations of Lifecycle Management shown")
    expect(builder.branch(LIFECYCLE).locator("input[name=o]")).to_have_count(len(reading))

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

    expect(builder.titles).to_have_count(13)
    builder.expect_json(json_of_ticked(QUERY, ATTACH))
    assert builder.ticked() == [ATTACH]
    expect(builder.count(LIFECYCLE)).to_have_count(0)
    expect(builder.rail_count(BATCH)).to_have_text(", 0/ of 3 selected")
