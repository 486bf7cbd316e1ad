"""A catalogue with more rows than the page holds at once: categories are filled in when they are opened."""

import pytest
import yaml
from playwright.sync_api import expect

from policybuilder.domain.building.selection import Selection
from policybuilder.pages.builder.tree import ROWS_AT_ONCE
from policybuilder.store.files import load_files
from tests.browser.looks import PHONE, WIDE, faults
from tests.browser.screen import ATTACH, BATCH, DISKS, LIFECYCLE, START, START_BATCH, Builder, json_of, selection
from tests.builders import ECS, catalog_of_files

SERVICES, CATEGORIES, OPERATIONS = 5, 4, 14  # of each: 280 operations beside the 91 of ECS


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
        "level": "XA",
        "complete": "generated",
        "sources": {"generated": {"title": "Generated", "url": "https://vendor.example/"}},
        "categories": [
            {
                "category": category,
                "title": f"Category {category} of {service}",
                "source": "generated",
                "operations": [operation_of(service, category, number) for number in range(OPERATIONS)]
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
    return [ECS, folder]


@pytest.fixture(scope="module", autouse=True)
def catalog_rows(catalog_rows, catalog_files, django_db_blocker):
    """The larger catalogue in the place of the one that the other tests here have, which comes back at the end."""
    with django_db_blocker.unblock():
        load_files(catalog_files)
        yield
        load_files([ECS])


@pytest.fixture(scope="module")
def catalog(catalog_files):
    loaded = catalog_of_files(*catalog_files)
    assert len(loaded.operations) > ROWS_AT_ONCE
    return loaded


@pytest.fixture
def expect_selection(builder, catalog):
    """The policy is that of this selection; as only some rows are on the page, boxes are looked at by the tests."""

    def check(*operations: str, **rest):
        builder.expect_json(json_of(selection(*operations, **rest), catalog))

    return check


def boxes(builder, branch: str):
    return builder.branch(branch).locator("input[name=o]")


FAR = "s3/c2"
FAR_FIRST, FAR_SECOND = f"{FAR}/do0", f"{FAR}/do1"


def test_closed_categories_hold_no_rows_and_are_filled_once_when_they_are_opened(builder, catalog):
    asked = []
    builder.page.on("request", lambda request: asked.append(request.url) if "/categories/" in request.url else None)
    # Something to tick is in sight from the start.
    expect(boxes(builder, LIFECYCLE).first).to_be_visible()
    expect(builder.titles).to_have_text([operation.title for operation in catalog.categories[LIFECYCLE].operations])
    expect(builder.hits).to_contain_text(f"{len(catalog.operations)} operations")

    builder.unfold(FAR)

    titles = [operation.title for operation in catalog.categories[FAR].operations]
    expect(builder.branch(FAR).locator(".row-main > label")).to_have_text(titles)
    expect(builder.titles).to_have_count(11 + OPERATIONS)
    builder.branch(FAR).locator("summary").click()
    builder.branch(FAR).locator("summary").click()
    expect(boxes(builder, FAR).first).to_be_visible()
    assert len(asked) == 1


def test_ticks_in_an_opened_category_count(builder, expect_selection):
    builder.unfold(FAR)
    builder.box(FAR_FIRST).check()
    expect_selection(FAR_FIRST)
    builder.expect_granted(
        {"s3:c2:do0": ["Selected"], "s3:c2:share": ["Needed by Doing 0 with c2 of s3 (Service s3)"]},
    )
    expect(builder.rail_count(FAR)).to_have_text(f", 1/ of {OPERATIONS} selected")
    expect(builder.parent(FAR)).to_have_js_property("indeterminate", True)
    expect(builder.parent("s3")).to_have_js_property("indeterminate", True)

    builder.box(FAR_FIRST).uncheck()
    builder.expect_nothing_granted()


def test_selection_in_closed_categories_survives_ticks_elsewhere(builder, expect_selection):
    builder.open(Selection(frozenset([FAR_FIRST, ATTACH, START])))
    expect_selection(FAR_FIRST, ATTACH, START)

    builder.unfold(BATCH)
    builder.box(START_BATCH).check()
    expect_selection(FAR_FIRST, ATTACH, START, START_BATCH)

    builder.unfold("s0/c0")
    builder.box("s0/c0/do3").check()
    expect_selection(FAR_FIRST, ATTACH, START, START_BATCH, "s0/c0/do3")

    builder.box("s0/c0/do3").uncheck()
    expect_selection(FAR_FIRST, ATTACH, START, START_BATCH)


def test_box_of_a_category_that_was_never_opened_turns_all_of_it(builder, catalog, expect_selection):
    everything = [operation.id for operation in catalog.categories[FAR].operations]
    builder.unfold_service("s3")
    builder.parent(FAR).click()
    expect_selection(*everything)
    expect(builder.count(FAR)).to_have_text(f"{OPERATIONS} of {OPERATIONS}")
    expect(builder.parent(FAR)).to_be_checked()

    builder.unfold(FAR)
    expect(builder.branch(FAR).locator("input[name=o]:checked")).to_have_count(OPERATIONS)

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
    builder.page.get_by_label("Add a single action").fill("s3:c2:do1")
    builder.page.get_by_role("button", name="Add", exact=True).click()
    expect_selection(actions=["s3:c2:do1"])

    builder.unfold(FAR)

    expect(builder.state(FAR_SECOND)).to_contain_text("Incomplete Missing s3:c2:share.")
    expect(builder.box(FAR_SECOND)).not_to_be_checked()


def test_ticking_and_opening_in_a_rush(builder, expect_selection):
    builder.unfold(BATCH)
    builder.unfold_service("s3")
    expect(boxes(builder, BATCH)).to_have_count(3)
    expect(builder.branch(FAR)).to_be_visible()
    builder.page.evaluate(
        """([tick, all, open]) => {
            document.querySelector(`input[value="${tick}"]`).click();
            document.getElementById(open).querySelector("summary").click();
            document.querySelector(`input[value="${tick}"]`).click();
            document.querySelector(`input[value="${all}"]`).click();
        }""",
        [START_BATCH, f"{BATCH}/stopping-ecss-in-a-batch", "branch-s3--c2"],
    )

    expect(boxes(builder, FAR)).to_have_count(OPERATIONS)
    expect_selection(f"{BATCH}/stopping-ecss-in-a-batch")


def test_search_fills_in_what_it_finds(builder, expect_selection):
    builder.unfold(FAR)
    builder.box(FAR_FIRST).check()
    expect_selection(FAR_FIRST)
    builder.search.fill("Doing :c1:do9")
    expect(builder.hits).to_have_text(f"{SERVICES} operations found")
    expect(builder.titles).to_have_text([f"Doing 9 with c1 of s{number}" for number in range(SERVICES)])

    builder.box("s2/c1/do9").check()
    expect_selection(FAR_FIRST, "s2/c1/do9")
    builder.search.fill("")

    expect(builder.hits).to_contain_text("Tick what people may do")
    expect(builder.box("s2/c1/do9")).to_be_checked()
    expect(builder.box(FAR_FIRST)).to_be_checked()
    builder.box("s2/c1/do9").uncheck()
    expect_selection(FAR_FIRST)


def test_back_and_reload_restore_rows_that_were_filled_in(builder, expect_selection):
    builder.unfold(FAR)
    builder.box(FAR_FIRST).check()
    expect_selection(FAR_FIRST)
    builder.unfold(DISKS)
    builder.box(ATTACH).check()
    expect_selection(FAR_FIRST, ATTACH)

    builder.page.reload()
    expect_selection(FAR_FIRST, ATTACH)
    expect(builder.box(FAR_FIRST)).to_be_checked()
    expect(builder.box(ATTACH)).to_be_checked()

    builder.page.go_back()
    expect_selection(FAR_FIRST)
    expect(builder.box(FAR_FIRST)).to_be_checked()


def test_closed_service_is_one_line_and_filled_in_when_it_is_opened(builder, catalog):
    builder.open(Selection(frozenset(["s1/c0/do0"])))
    expect(builder.trunk("s1").locator(".branch")).to_have_count(CATEGORIES)
    expect(builder.trunk("s3").locator(".branch")).to_have_count(0)
    expect(builder.page.locator(".rail #rail-list-s3 a")).to_have_count(0)

    builder.unfold_service("s3")

    expect(builder.trunk("s3").locator(".branch")).to_have_count(CATEGORIES)
    expect(builder.page.locator(".rail #rail-list-s3 a")).to_have_count(CATEGORIES)
    builder.page.reload()
    expect(builder.trunk("s3").locator(".branch")).to_have_count(CATEGORIES)


def test_expand_all_fills_everything_in(builder, catalog):
    builder.page.get_by_role("button", name="Expand all").click()

    expect(builder.titles).to_have_count(sum(len(category.operations) for category in catalog.categories.values()))


def test_category_is_opened_without_javascript(plain_page, catalog):
    builder = Builder(plain_page).open()
    for service in ("s3", "s0"):
        builder.unfold_service(service)
        builder.trunk(service).get_by_role("button", name="Show its categories").click()
    builder.unfold(FAR)
    builder.branch(FAR).get_by_role("button", name=f"Show {OPERATIONS} operations").click()
    builder.box(FAR_FIRST).check()
    builder.unfold("s0/c0")
    builder.branch("s0/c0").get_by_role("button", name="Show").click()
    builder.expect_json(json_of(selection(FAR_FIRST), catalog))

    builder.box("s0/c0/do1").check()
    builder.page.get_by_role("button", name="Apply").click()

    builder.expect_json(json_of(selection(FAR_FIRST, "s0/c0/do1"), catalog))
    assert builder.ticked() == ["s0/c0/do1", FAR_FIRST]


def test_category_of_no_rows_yet_is_filled_from_the_rail(builder):
    rail = builder.page.get_by_role("navigation", name="Categories")
    rail.get_by_role("link", name="Service s3").click()
    rail.get_by_role("link", name="Category c2 of s3").click()

    expect(boxes(builder, FAR).first).to_be_in_viewport()


def test_row_of_two_tables_is_ticked_in_both_and_unticked_in_either(builder, expect_selection):
    """Which of two boxes that say different things was clicked, the server tells."""
    shared = "s0/c0/do0"
    builder.unfold("s0/c0")
    builder.unfold("s1/c3")
    own, borrowed = builder.box(shared), builder.box(f"{shared} s1/c3")

    borrowed.check()
    expect_selection(shared)
    expect(own).to_be_checked()

    own.uncheck()
    builder.expect_nothing_granted()
    expect(borrowed).not_to_be_checked()


def test_several_services_and_single_actions_look_good(calm_page):
    """The rail with categories below services, and what a search finds beside operations."""
    builder = Builder(calm_page).open(Selection(frozenset(["s1/c0/do0"])), q="c0")
    expect(builder.hits).to_have_text(f"{SERVICES * OPERATIONS} operations and {SERVICES} single actions found")

    assert faults(calm_page, widths=(WIDE, PHONE)) == {}
