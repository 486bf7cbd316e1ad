"""A catalogue of several services: the rail, the one that is shown, its heading, addresses, and what a search finds.

One has more rows than the page holds at once: its categories are filled in when they are opened.
"""

import re
import shutil

import pytest
import yaml
from playwright.sync_api import expect

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.policy.document import Effect
from policybuilder.drafts.addresses import View, address
from policybuilder.drafts.draft import Draft
from policybuilder.pages.builder.commands import NO_SERVICE
from policybuilder.pages.builder.found import FOUND_AT_ONCE
from policybuilder.pages.builder.tree import ROWS_AT_ONCE
from tests.browser.looks import PHONE, WIDE, faults
from tests.browser.screen import ATTACH, CREATE, LIFECYCLE, START, START_BATCH, Builder, json_of, selection, title_of
from tests.builders import ECS, catalog_of_files

SERVICES, CATEGORIES, OPERATIONS = 5, 4, 14  # of each; s3 has twice as many operations in a category
GROUPS = {"s0": "North", "s1": "North", "s2": "South", "s3": "South", "s4": ""}


def operations_in(service: str) -> int:
    return OPERATIONS * (1 + (service == "s3"))


SCOPE = {"iam_project": "yes", "enterprise_project": "yes", "evidence": "stated", "source": "generated"}


def operation_of(service: str, category: str, number: int) -> dict:
    return {
        "operation": f"do{number}",
        "title": f"Doing {number} with {category} of {service}",
        "access": "write" if number % 4 else "read",
        "actions": [f"{service}:{category}:do{number}"],
        "dependencies": [f"{service}:{category}:share"],
        "scope": SCOPE,
    }


def generated_service(service: str) -> dict:
    """With categories c0 …: every operation needs what its whole category needs, every fourth reads.

    The last category of s1 has a row of s0 as well.
    """
    borrowed = [{**operation_of("s0", "c0", 0), "operation": "s0/c0/do0"}] if service == "s1" else []
    last = f"c{CATEGORIES - 1}"
    return {
        "service": service,
        "title": f"Service {service}",
        "short": service.upper(),
        **({"group": GROUPS[service]} if GROUPS[service] else {}),
        "level": "XA",
        "complete": "generated",
        "sources": {"generated": {"title": "Generated", "url": "https://vendor.example/"}},
        "categories": [
            {
                "category": category,
                "title": f"Category {category} of {service}",
                "source": "generated",
                "operations": [operation_of(service, category, number) for number in range(operations_in(service))]
                + (borrowed if category == last else []),
            }
            for category in (f"c{number}" for number in range(CATEGORIES))
        ],
        "actions": [
            {"action": f"{service}:c{number}:share", "access": "write", "scope": SCOPE} for number in range(CATEGORIES)
        ],
    }


@pytest.fixture(scope="module")
def catalog_files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("catalogue")
    for service in (f"s{number}" for number in range(SERVICES)):
        (folder / f"{service}.yaml").write_text(yaml.safe_dump(generated_service(service)), encoding="utf-8")
    shutil.copy(ECS, folder)
    return folder


@pytest.fixture(autouse=True)
def larger_catalogue(settings, catalog_files):
    settings.CATALOGUE = catalog_files


@pytest.fixture(scope="module")
def catalog(catalog_files):
    loaded = catalog_of_files(catalog_files)
    assert CATEGORIES * IN_FAR > ROWS_AT_ONCE
    return loaded


@pytest.fixture
def expect_selection(builder, catalog):
    """The policy is that of this selection; as only some rows are on the page, boxes are looked at by the tests."""

    def check(*operations: str, **rest):
        builder.expect_json(json_of(selection(*operations, **rest), catalog))

    return check


def boxes(builder, branch: str):
    return builder.branch(branch).locator(".row > input")


FAR = "s3/c2"
FAR_FIRST, FAR_SECOND = f"{FAR}/do0", f"{FAR}/do1"
IN_FAR = operations_in("s3")


# Filling in


def test_closed_categories_of_a_large_service_are_filled_once_when_they_are_opened(builder, catalog):
    asked = []
    builder.page.on("request", lambda request: asked.append(request.url) if "/categories/" in request.url else None)
    # Something to tick is in sight from the start.
    expect(boxes(builder, LIFECYCLE).first).to_be_visible()
    builder.show_service("s3")
    expect(boxes(builder, "s3/c0").first).to_be_visible()
    expect(builder.titles).to_have_count(IN_FAR)

    builder.unfold(FAR)

    titles = [operation.title for operation in catalog.categories[FAR].operations]
    expect(builder.branch(FAR).locator(".row-main > label")).to_have_text(titles)
    expect(builder.titles).to_have_count(2 * IN_FAR)
    builder.branch(FAR).locator("summary").click()
    builder.branch(FAR).locator("summary").click()
    expect(boxes(builder, FAR).first).to_be_visible()
    assert len(asked) == 1


def test_ticks_in_an_opened_category_count(builder, catalog, expect_selection):
    builder.unfold(FAR)
    builder.box(FAR_FIRST).check()
    expect_selection(FAR_FIRST)
    builder.expect_granted(
        {"s3:c2:do0": [], "s3:c2:share": [f"Needed by {title_of(FAR_FIRST, catalog)} (S3)"]},
    )
    expect(builder.rail_count(FAR)).to_have_text(f", 1/ of {IN_FAR} selected")
    expect(builder.parent(FAR)).to_have_js_property("indeterminate", True)
    expect(builder.parent("s3")).to_have_js_property("indeterminate", True)

    builder.box(FAR_FIRST).uncheck()
    builder.expect_nothing_granted()


def test_selection_of_services_that_are_not_shown_survives_ticks_elsewhere(builder, expect_selection):
    builder.open(selection(FAR_FIRST, ATTACH, START))
    builder.tick(START_BATCH)
    expect_selection(FAR_FIRST, ATTACH, START, START_BATCH)

    builder.tick("s0/c0/do3")
    expect_selection(FAR_FIRST, ATTACH, START, START_BATCH, "s0/c0/do3")

    builder.untick("s0/c0/do3")
    expect_selection(FAR_FIRST, ATTACH, START, START_BATCH)


def test_box_of_a_category_that_was_never_opened_turns_all_of_it(builder, catalog, expect_selection):
    everything = [operation.id for operation in catalog.categories[FAR].operations]
    builder.show_service("s3")
    builder.parent(FAR).click()
    expect_selection(*everything)
    expect(builder.count(FAR)).to_have_text(f"{IN_FAR} of {IN_FAR}")
    expect(builder.parent(FAR)).to_be_checked()

    builder.unfold(FAR)
    expect(builder.branch(FAR).locator(".row > input:checked")).to_have_count(IN_FAR)

    builder.box(FAR_FIRST).uncheck()
    expect_selection(*everything[1:])

    builder.parent(FAR).click()  # from mixed to all
    expect_selection(*everything)
    builder.parent(FAR).click()
    builder.expect_nothing_granted()


def test_box_of_a_service_turns_what_is_filled_in_and_what_is_not(builder, catalog, expect_selection):
    everything = [id_ for id_ in catalog.operations if id_.startswith("s3/")]
    builder.unfold(FAR)
    builder.box(FAR_FIRST).check()
    expect_selection(FAR_FIRST)

    builder.parent("s3").click()
    expect_selection(*everything)
    expect(builder.count("s3")).to_have_text(f"{len(everything)} of {len(everything)}")
    expect(builder.parent("s3")).to_be_checked()

    builder.parent("s3").click()
    builder.expect_nothing_granted()
    expect(builder.parent("s3")).not_to_be_checked()


def test_category_opened_after_a_tick_shows_the_state_of_now(builder, expect_selection):
    """The rows that are fetched know of ticks that were made after the page was loaded."""
    builder.show_service("s3")
    builder.page.get_by_label("Add a single action").fill("s3:c2:do1")
    builder.page.get_by_role("button", name="Add", exact=True).click()
    expect_selection(actions=["s3:c2:do1"])

    builder.unfold(FAR)

    expect(builder.state(FAR_SECOND)).to_contain_text("Incomplete Missing s3:c2:share.")
    expect(builder.box(FAR_SECOND)).not_to_be_checked()


def test_category_is_filled_in_with_what_the_filters_let_through_in_the_statement_that_is_shown(builder, catalog):
    """The second one denies, and says nothing of what its rows would need."""
    blocks = (Block(selection(ATTACH)), Block(selection("s3/c2/do1"), Effect.DENY))
    builder.page.goto(address(Draft(blocks), View(at=1, service="s3")))
    builder.unfold("s3/c1")
    expect(boxes(builder, "s3/c1")).to_have_count(IN_FAR)
    builder.page.get_by_label("Reading only").check()

    expect(boxes(builder, "s3/c1")).to_have_count(IN_FAR // 4)
    expect(builder.state("s3/c2/do1")).to_have_count(0)


def test_ticking_and_opening_in_a_rush(builder, expect_selection):
    builder.show_service("s3")
    builder.page.evaluate(
        """([first, second, open]) => {
            const box = id => document.querySelector(`input[value="${id}"]`);
            box(first).click();
            document.getElementById(open).querySelector("summary").click();
            box(first).click();
            box(second).click();
        }""",
        ["s3/c0/do1", "s3/c0/do2", "branch-s3--c2"],
    )

    expect(boxes(builder, FAR)).to_have_count(IN_FAR)
    expect_selection("s3/c0/do2")


def test_back_and_reload_restore_rows_that_were_filled_in(builder, expect_selection):
    builder.unfold(FAR)
    builder.box(FAR_FIRST).check()
    expect_selection(FAR_FIRST)
    builder.unfold("s3/c1")
    builder.box("s3/c1/do1").check()
    expect_selection(FAR_FIRST, "s3/c1/do1")

    builder.page.reload()
    expect_selection(FAR_FIRST, "s3/c1/do1")
    expect(builder.box(FAR_FIRST)).to_be_checked()
    expect(builder.box("s3/c1/do1")).to_be_checked()

    builder.page.go_back()
    expect_selection(FAR_FIRST)
    expect(builder.box(FAR_FIRST)).to_be_checked()


def test_expand_all_fills_in_all_of_the_service(builder):
    builder.show_service("s3")
    builder.page.get_by_role("button", name="Expand all").click()

    expect(builder.titles).to_have_count(CATEGORIES * IN_FAR)


def test_row_of_two_tables_is_ticked_in_both_and_unticked_in_either(builder, expect_selection):
    """Which of two boxes that say different things was clicked, the server tells. Both are there under “Selected”."""
    shared = "s0/c0/do0"
    builder.tick(shared)
    builder.unfold("s1/c3")
    expect(builder.box(f"{shared} s1/c3")).to_be_checked()
    builder.page.get_by_label("Selected", exact=True).check()
    own, borrowed = builder.box(shared), builder.box(f"{shared} s1/c3")
    expect(own).to_be_checked()

    borrowed.uncheck()
    builder.expect_nothing_granted()
    expect(own).not_to_be_checked()

    own.check()
    expect_selection(shared)
    expect(borrowed).to_be_checked()


# The rail


def test_service_is_found_as_its_name_is_typed_and_chosen_by_keyboard(builder):
    rail, keyboard = builder.rail, builder.page.keyboard
    expect(rail.locator("#show-s3")).to_be_hidden()

    builder.find_service.press_sequentially("south")
    expect(builder.services().filter(visible=True)).to_have_text([re.compile("^S2"), re.compile("^S3")])
    builder.find_service.fill("south ou")
    expect(builder.services().filter(visible=True)).to_have_count(0)
    builder.find_service.fill("south ice s3")
    expect(builder.services().filter(visible=True)).to_have_text([re.compile("^S3")])
    keyboard.press("Enter")

    expect(builder.page.locator("#title-s3")).to_be_focused()
    expect(builder.find_service).to_have_value("")
    expect(rail.locator("#show-s3")).to_have_attribute("aria-current", "true")
    expect(rail.locator("#show-s0")).to_be_hidden()  # its group is folded again

    builder.find_service.fill("no such")
    expect(rail.locator("#rail-none")).not_to_be_empty()
    builder.find_service.press("Escape")
    expect(builder.find_service).to_have_value("")
    builder.find_service.fill("north")
    builder.find_service.press("ArrowDown")
    keyboard.press("ArrowDown")
    expect(rail.locator("#show-s1")).to_be_focused()
    keyboard.press("Enter")
    expect(builder.trunk("s1")).to_be_visible()
    expect(rail.locator("#show-s1")).to_be_focused()


def in_use(service: str, selected: int) -> str:
    """The line of a service in the rail: a slash for the eye, words for the ear."""
    return f"{service.upper()}, {selected}/ of {CATEGORIES * operations_in(service)} selected"


def test_rail_shows_what_is_in_use_and_counts_it(builder, expect_selection):
    used = builder.rail.locator("#rail-used button")
    expect(used).to_have_count(0)
    builder.tick("s0/c1/do1", "s3/c0/do1")
    expect(used).to_have_text([in_use("s0", 1), in_use("s3", 1)])

    builder.tick("s3/c0/do2")
    expect(used).to_have_text([in_use("s0", 1), in_use("s3", 2)])
    used.first.click()
    expect(builder.trunk("s0")).to_be_visible()
    builder.untick("s0/c1/do1")

    expect(used).to_have_text([in_use("s3", 2)])
    expect(builder.trunk("s0")).to_be_visible()


def test_category_is_opened_from_the_rail(builder):
    builder.show_service("s3")
    builder.rail.get_by_role("link", name="Category c2 of s3").click()

    expect(boxes(builder, FAR).first).to_be_in_viewport()


def test_service_and_category_are_opened_without_javascript(plain_page, catalog):
    builder = Builder(plain_page).open()
    builder.box(CREATE).check()
    builder.show_service("s3")
    builder.unfold(FAR)
    builder.branch(FAR).get_by_role("button", name=f"Show {IN_FAR} operations").click()
    builder.box(FAR_FIRST).check()
    builder.show_service("s0")
    expect(builder.page).to_have_url(re.compile("service=s0"))
    builder.expect_json(json_of(selection(CREATE, FAR_FIRST), catalog))

    builder.tick("s0/c0/do1")
    builder.page.get_by_role("button", name="Apply").click()

    builder.expect_json(json_of(selection(CREATE, FAR_FIRST, "s0/c0/do1"), catalog))
    assert builder.ticked() == ["s0/c0/do1"]
    expect(builder.find_service).to_be_hidden()


def test_enter_in_the_search_field_searches_without_javascript(plain_page, catalog):
    """And does not press the first button of the rail, which comes before it."""
    builder = Builder(plain_page).open(service="s3")
    builder.search.fill("doing 9 c1 s2")
    builder.search.press("Enter")

    expect(builder.titles).to_have_text([title_of("s2/c1/do9", catalog)])
    expect(builder.page).to_have_url(re.compile("service=s3"))


def test_rail_on_a_phone_is_one_line_that_says_which_service_is_shown(new_context):
    builder = Builder(new_context(viewport={"width": 390, "height": 844}).new_page()).open()
    builder.rail.get_by_text("Services: ECS").click()
    builder.find_service.fill("s2")
    builder.find_service.press("Enter")

    expect(builder.rail.locator("summary").first).to_have_text("Services: S2")
    expect(builder.rail.locator("#rail")).not_to_have_attribute("open", "")
    expect(builder.heading("s2")).to_be_in_viewport()
    expect(builder.page.locator("#title-s2")).to_be_focused()


# Heading and addresses


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1100, 900), (390, 844)])
def test_heading_of_the_service_stays_in_sight_and_hides_nothing_that_has_the_focus(new_context, width, height):
    page = new_context(viewport={"width": width, "height": height}).new_page()
    builder = Builder(page).open(service="s3", open="all")
    page.evaluate("scrollTo(0, 3000)")
    expect(builder.heading("s3")).to_be_in_viewport(ratio=1)
    expect(builder.heading("s3").get_by_role("button").first).to_be_in_viewport()

    builder.box("s3/c3/do9").focus()
    below = builder.heading("s3").bounding_box()
    for key in ["Shift+Tab"] * 30:
        page.keyboard.press(key)
        at = page.evaluate("document.activeElement.getBoundingClientRect().top")
        assert at >= below["y"] + below["height"]


def test_address_keeps_the_service_with_the_draft(builder, expect_selection):
    builder.tick("s2/c0/do1")
    expect_selection("s2/c0/do1")
    builder.show_service("s3")
    expect(builder.page).to_have_url(re.compile(r"draft=.*&service=s3$"))
    builder.page.evaluate("scrollTo(0, 2000)")
    builder.show_service("s1")
    expect(builder.heading("s1")).to_be_in_viewport(ratio=1)

    builder.page.reload()
    expect(builder.trunk("s1")).to_be_visible()
    expect_selection("s2/c0/do1")

    builder.page.go_back()
    builder.expect_nothing_granted()
    builder.open(service="nope")
    expect(builder.problems).to_have_text([NO_SERVICE.format(slug="nope")])
    expect(builder.trunk("ecs")).to_be_visible()


# What a search finds


def test_search_lists_rows_of_all_services_and_where_they_are(builder, catalog, expect_selection):
    builder.unfold(FAR)
    builder.box(FAR_FIRST).check()
    expect_selection(FAR_FIRST)
    builder.search.fill("Doing :c1:do9")
    expect(builder.hits).to_have_text(f"{SERVICES} operations found")
    assert sorted(builder.titles.all_text_contents()) == [
        title_of(f"s{number}/c1/do9", catalog) for number in range(SERVICES)
    ]
    expect(builder.rail.locator("#show-s2")).to_have_text("S2, 1 found")
    expect(builder.rail.locator("#show-ecs")).to_have_class(re.compile("rail-empty"))

    builder.box("s2/c1/do9").check()
    expect_selection(FAR_FIRST, "s2/c1/do9")
    builder.page.get_by_role("button", name="S2: Category c1 of s2").click()

    expect(builder.search).to_have_value("")
    expect(builder.box("s2/c1/do9")).to_be_checked()
    expect(builder.branch("s2/c1").locator("summary")).to_be_focused()
    expect(builder.branch("s2/c1").locator("summary")).to_be_in_viewport()
    builder.untick("s2/c1/do9")
    expect_selection(FAR_FIRST)


def test_search_by_keyboard_from_the_field_to_the_tick(builder, expect_selection):
    builder.search.fill("doing 9 c1 s2")
    expect(builder.titles).to_have_count(1)
    builder.search.press("Tab")
    for _ in range(12):
        if builder.box("s2/c1/do9").evaluate("box => box === document.activeElement"):
            break
        builder.page.keyboard.press("Tab")
    builder.page.keyboard.press("Space")

    expect_selection("s2/c1/do9")


def test_others_that_were_found_come_when_they_are_asked_for_or_scrolled_to(builder, catalog, expect_selection):
    every = [id_ for id_ in catalog.operations if id_.startswith("s")]
    builder.search.fill("doing")
    expect(builder.titles).to_have_count(FOUND_AT_ONCE)
    others = builder.page.get_by_role("button", name=f"Show the other {len(every) - FOUND_AT_ONCE}")
    builder.page.get_by_role("button", name=f"Select all {len(every)} found").click()
    expect_selection(*every)

    others.evaluate("button => button.scrollIntoView({ behavior: 'instant' })")

    expect(builder.titles).to_have_count(len(every))
    expect(builder.page.locator("#tree .row > input:checked")).to_have_count(len(every))
    builder.box("s0/c0/do0").uncheck()
    expect_selection(*every[1:])


def test_others_that_were_found_are_listed_without_javascript(plain_page, catalog):
    builder = Builder(plain_page).open(q="doing")
    builder.box("s0/c0/do1").check()
    builder.page.get_by_role("button", name="Show the other").click()

    expect(builder.titles).to_have_count(sum(id_.startswith("s") for id_ in catalog.operations))
    builder.expect_json(json_of(selection("s0/c0/do1"), catalog))
    builder.page.get_by_role("button", name="S0: Category c0 of s0").first.click()
    expect(builder.branch("s0/c0").locator("details")).to_have_attribute("open", "")


def test_filter_without_a_search_applies_to_the_service_and_the_rail_counts_all(builder):
    builder.show_service("s3")
    builder.page.get_by_label("Reading only").check()

    expect(builder.hits).to_contain_text(f"{CATEGORIES * IN_FAR // 4} operations of S3 found, ")
    expect(builder.titles).to_have_count(CATEGORIES * IN_FAR // 4)
    expect(builder.rail.locator("#show-s0")).to_have_text("S0, 16 found")
    builder.rail.locator("#show-s0").click()
    expect(builder.titles).to_have_count(16)
    expect(builder.page.get_by_label("Reading only")).to_be_checked()


def test_several_services_and_single_actions_look_good(calm_page):
    """The rail with what is in use, and what a search finds beside operations."""
    builder = Builder(calm_page).open(selection("s1/c0/do0"), q="c0")
    expect(builder.hits).to_have_text(re.compile(f"operations and {SERVICES} single actions found"))

    assert faults(calm_page, widths=(WIDE, PHONE)) == {}


def test_large_service_looks_good(calm_page):
    builder = Builder(calm_page).open(selection("s1/c0/do0"), service="s3")
    expect(builder.trunk("s3")).to_be_visible()

    assert faults(calm_page, widths=(WIDE, PHONE)) == {}
