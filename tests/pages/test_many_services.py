"""Pages over a catalogue of several services: their tree, and whose operations and categories are meant elsewhere."""

from dataclasses import replace

import pytest
from django.http import QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.http import urlencode

from policybuilder.domain.building.selection import Selection
from policybuilder.domain.picture.picture import draw
from policybuilder.domain.searching.search import Filter
from policybuilder.domain.work import Work
from policybuilder.drafts.addresses import View
from policybuilder.drafts.compiled import compiled
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.link import encode
from policybuilder.pages.access.commands import carry_out as carry_out_access
from policybuilder.pages.access.form import AccessSubmission, PolicyEntry, Shown
from policybuilder.pages.access.matrix import ROWS_AT_ONCE
from policybuilder.pages.access.page import AccessPage
from policybuilder.pages.builder.commands import carry_out
from policybuilder.pages.builder.form import read_submission
from policybuilder.pages.builder.page import BuilderPage
from policybuilder.pages.compare.commands import Comparing
from policybuilder.pages.compare.form import SideText
from policybuilder.pages.compare.page import ComparePage
from policybuilder.pages.refused.page import RefusedPage
from policybuilder.pages.sheet.page import SheetPage
from policybuilder.pages.sheet.summary import summary_text
from policybuilder.web.commands import Command
from tests.builders import catalog_of_services, category, operation, service
from tests.elements import Element, read_elements
from tests.pages.builder.answers import answer, names, values_of
from tests.pages.tab import words

GROUPS = {"ecs": "Compute", "vpc": "Network", "evs": "Storage", "eip": "Network"}
CREATE = {slug: f"{slug}/lifecycle/create" for slug in GROUPS}
DELETE = {slug: f"{slug}/lifecycle/delete" for slug in GROUPS}
CALLS = ["POST /v1/things"]


def rows(slug: str, **more):
    title = {"ecs": "Server", "vpc": "Network", "evs": "Disk", "eip": "Address"}[slug]
    yield operation(CREATE[slug], f"{slug}:things:create", title=f"Creating a {title}", calls=CALLS, **more)
    yield operation(
        DELETE[slug], f"{slug}:things:delete", title=f"Deleting a {title}", calls=CALLS, enterprise="unknown"
    )


def with_tables(slug: str, *tables, **more):
    return replace(
        service(slug, title=f"The {slug}"), short=slug.upper(), group=GROUPS[slug], categories=tables, **more
    )


VPC_ROWS = tuple(rows("vpc"))
TABLES = {
    slug: category(f"{slug}/lifecycle", *(VPC_ROWS if slug == "vpc" else rows(slug)), title="Lifecycle Management")
    for slug in GROUPS
}
# The rows of vpc stand in a table of eip as well.
BORROWED = category("eip/networks", *VPC_ROWS, title="Networks", section="API v3")
MANY = catalog_of_services(
    with_tables("ecs", TABLES["ecs"]),
    with_tables("vpc", TABLES["vpc"], notes=("Its tables say nothing of peerings.",)),
    with_tables("evs", TABLES["evs"]),
    with_tables("eip", replace(TABLES["eip"], section="API v1"), BORROWED),
)
THREE = [CREATE["ecs"], CREATE["vpc"], CREATE["evs"]]
TITLES = ["ECS: Lifecycle Management", "VPC: Lifecycle Management", "EVS: Lifecycle Management"]


def draft(*operations: str) -> Draft:
    return Draft.of(Selection(frozenset(operations)))


def page(*operations: str, of=MANY, view=View()) -> BuilderPage:  # noqa: B008
    return BuilderPage(of, draft(*operations), view)


def drawn(shown: BuilderPage) -> Element:
    context = {"page": shown, "carried": shown.links.carried, "problems": ()}
    response = render(RequestFactory().get("/"), "builder/page.html", context)
    return read_elements(response.content.decode())


# The tree


def test_services_stand_in_groups_and_categories_below_their_sections():
    tree = page(view=View(service="eip")).tree

    assert [(group.title, group.open, [each.service.slug for each in group.services]) for group in tree.groups] == [
        ("Compute", False, ["ecs"]),
        ("Network", True, ["vpc", "eip"]),
        ("Storage", False, ["evs"]),
    ]
    assert [
        (section, [branch.category.title for branch in branches]) for section, branches in tree.trunks[0].sections
    ] == [
        ("API v1", ["Lifecycle Management"]),
        ("API v3", ["Networks"]),
    ]


@pytest.mark.parametrize(
    ("operations", "view", "services", "groups"),
    [
        ((), View(), ["ecs"], ["Compute"]),
        ((CREATE["evs"],), View(), ["evs"], ["Storage"]),
        ((CREATE["evs"],), View(service="vpc"), ["vpc"], ["Network"]),
        ((CREATE["vpc"],), View(), ["vpc"], ["Network"]),
        ((), View(wanted=Filter(words=("disk",))), [], ["Storage"]),
        (
            (CREATE["evs"], CREATE["vpc"]),
            View(wanted=Filter(selected=True)),
            ["vpc", "evs", "eip"],
            ["Network", "Storage"],
        ),
    ],
)
def test_tree_shows_one_service_or_what_is_selected_and_the_rail_opens_where_something_is(
    operations, view, services, groups
):
    tree = page(*operations, view=view).tree

    assert [trunk.service.slug for trunk in tree.trunks] == services
    assert [group.title for group in tree.groups if group.open] == groups


def large():
    """Two more services, of which one alone has more rows than a page holds at once."""
    many = [operation(f"rds/all/do-{at}", f"rds:things:do{at}") for at in range(ROWS_AT_ONCE)]
    return catalog_of_services(*MANY.services, service("rds", *many))


def rail_of(shown: BuilderPage) -> Element:
    return drawn(shown).find("nav", attrs={"class": "rail"})


def test_rail_has_what_is_in_use_then_all_services_in_groups_and_the_categories_of_the_one_that_is_shown():
    rail = rail_of(page(CREATE["vpc"], of=large()))

    assert [words(button) for button in rail.select("#rail-used button")] == ["VPC, 1/ of 2 selected"]
    assert [words(summary) for summary in rail.select(".rail-group > summary")] == [
        *("Compute2 operations", "Network6 operations", "Storage2 operations"),
    ]
    assert [words(line) for line in rail.select("[id=rail-body] > :not(#rail-used) .rail-line")] == [
        *("ECS, 2 operations", "VPC, 2 operations", "Lifecycle Management, 1/ of 2 selected"),
        *("EIP, 4 operations", "EVS, 2 operations", "RDS, 300 operations"),
    ]
    assert [button["id"] for button in rail.select("[aria-current]")] == ["use-vpc", "show-vpc"]


def test_rail_says_what_was_found_of_each_service():
    rail = rail_of(page(of=large(), view=View(wanted=Filter(words=("deleting",)))))

    assert [words(line) for line in rail.select(".rail-line:not(.rail-empty)")] == [
        *("ECS, 1 found", "VPC, 1 found", "EIP, 2 found", "EVS, 1 found"),
    ]
    assert [words(line) for line in rail.select(".rail-line.rail-empty")] == ["RDS, 0 found"]
    assert rail.select("[aria-current], .rail-categories") == []


def test_service_is_found_in_the_rail_by_title_short_name_and_group_and_what_people_call_it():
    rail = rail_of(page(of=large()))

    names = [item["data-names"] for item in rail.select("[data-names]")]
    own = ("the ecs ecs compute", "the vpc vpc network", "the eip eip network", "the evs evs storage", "rds")
    assert [name[: len(start)] for name, start in zip(names, own, strict=True)] == [*own]
    assert [said in name for said, name in zip(("virtual machine", "vnet", "floating ip"), names, strict=False)] == [
        *(True, True, True)
    ]


def test_notes_of_a_service_stand_in_it():
    assert [words(note) for note in drawn(page(view=View(service="vpc"))).select("#trunk-vpc .trunk-note")] == [
        "Its tables say nothing of peerings."
    ]


def test_notes_of_an_operation_stand_in_its_facts():
    noted = replace(MANY.operations[CREATE["vpc"]], notes=("The table gives it twice.",))

    facts = read_elements(render_to_string("catalog/operation.html#facts", {"operation": noted}))
    assert "The table gives it twice." in [words(value) for value in facts.select("dd")]


SELECTED = View(wanted=Filter(selected=True))  # shows services together


def test_row_of_two_tables_has_a_box_in_each_and_every_id_is_there_once():
    shown = drawn(page(CREATE["vpc"], view=SELECTED))

    ids = [element["id"] for element in shown.find_all(id=True)]
    assert [id_ for id_ in ids if ids.count(id_) > 1] == []
    boxes = [box for box in shown.select("input[name=o]") if box["value"].startswith(CREATE["vpc"])]
    assert [(box["value"], box.has_attr("checked")) for box in boxes] == [
        (CREATE["vpc"], True),
        (f"{CREATE['vpc']} eip/networks", True),
    ]


def test_boxes_of_borrowed_rows_are_named_by_their_ids_under_a_filter():
    tree = page(CREATE["vpc"], view=SELECTED).tree

    assert [branch.shown_value for trunk in tree.trunks for branch in trunk.branches] == [
        "vpc/lifecycle create",
        f"eip/networks {CREATE['vpc']}",
    ]


def test_search_lists_a_row_of_two_tables_once():
    search = page(view=View(wanted=Filter(words=("creating", "network")))).search

    assert [(row.operation.id, row.category.id) for row in search.first.rows] == [(CREATE["vpc"], "vpc/lifecycle")]


def test_ticking_one_of_two_boxes_turns_the_other_and_counts_in_both_tables():
    """They are on the screen together where all that was selected is shown."""
    before = page(CREATE["vpc"], DELETE["vpc"], view=SELECTED)
    rows = [branch.shown_value for trunk in before.tree.trunks for branch in trunk.branches]
    pairs = [("draft", encode(before.draft)), ("view", before.tree_view), ("selected", "1")]
    pairs += [("held", trunk.held_value) for trunk in before.tree.trunks] + [("shown", each) for each in rows]
    pairs += [("o", CREATE["vpc"]), ("o", f"{CREATE['vpc']} eip/networks"), ("o", DELETE["vpc"])]
    data = QueryDict(urlencode(pairs))
    parts = answer(MANY, data)

    assert carry_out(MANY, read_submission(MANY, data)).draft == draft(CREATE["vpc"])
    assert "tree" not in names(parts)
    assert [(row.operation.id, row.category.id) for row in values_of(parts, "row")] == [
        (DELETE["vpc"], "vpc/lifecycle")
    ]
    assert [(row.operation.id, row.category.id) for row in values_of(parts, "state")] == [
        (DELETE["vpc"], "eip/networks")
    ]
    assert [(each.element_id, each.in_rail, each.counts.selected) for each in values_of(parts, "counter")] == [
        ("eip--networks", False, 1),
        ("eip", False, 1),
        ("vpc--lifecycle", False, 1),
        ("vpc", False, 1),
    ]


def test_filter_for_enterprise_projects_says_how_many_it_hides_for_unknown_scope():
    view = View(wanted=Filter(words=("deleting",), enterprise=True))
    shown = page(view=view)

    assert (len(shown.tree.found), shown.search.hidden, page().search.hidden) == (0, 4, 0)
    assert words(drawn(shown).find(id="hits")) == (
        "0 operations found. 4 more are hidden: whether they work in enterprise projects is not published"
    )


# Access


def access(**more) -> AccessPage:
    text = '{"Statement": [{"Effect": "Allow", "Action": ["evs:*:*"]}]}'
    submission = AccessSubmission(entries=(PolicyEntry(text=text),), **more)
    work = Work()
    return AccessPage(large(), submission, carry_out_access(large(), submission, work), work)


def test_access_lists_services_one_a_line_and_each_operation_once():
    opened = access(shown=Shown(opened=frozenset({"eip"})))

    assert {trunk.service.slug: trunk.branches is not None for trunk in access().trunks} == {
        "ecs": True,
        "vpc": False,
        "evs": True,
        "eip": False,
        "rds": False,
    }
    assert [trunk.service.slug for trunk in access(command=Command("open", "rds")).trunks if trunk.branches] == [
        *("ecs", "evs", "rds"),
    ]
    eip = next(trunk for trunk in opened.trunks if trunk.service.slug == "eip")
    assert [(branch.category.id, branch.shown) for branch in eip.branches] == [("eip/lifecycle", 2)]


def test_access_says_how_many_operations_a_filter_hides_for_unknown_scope():
    wanted = Filter(words=("disk",), enterprise=True)

    assert access(shown=Shown(wanted=wanted, decision="allowed")).matrix.hidden == 1
    assert access(shown=Shown(wanted=wanted, decision="denied")).matrix.hidden == 0


# Names


def test_sheet_tells_categories_of_one_title_apart():
    assert [name for name, _ in SheetPage(MANY, draft(*THREE), Work()).groups] == TITLES


def test_summary_tells_categories_of_one_title_apart():
    lines = summary_text(MANY, draft(*THREE)).splitlines()

    assert [line for line in lines if "Lifecycle" in line] == [f"- {title}" for title in TITLES]


def test_picture_tells_categories_of_one_title_apart():
    assert [node.group for node in draw(MANY, compiled(MANY, draft(*THREE)))[0]] == TITLES


def test_comparison_tells_categories_of_one_title_apart():
    after = '{"Statement": [{"Effect": "Allow", "Action": ["ecs:*:*", "vpc:*:*", "evs:*:*"]}]}'
    found = ComparePage(MANY, Comparing(SideText('{"Statement": []}'), SideText(after)), Work())

    assert [(group.name, group.count) for change in found.changes for group in change.groups] == [
        (title, "2 of 2") for title in TITLES
    ]


def test_refused_call_tells_whose_operation_is_meant():
    found = RefusedPage(MANY, Draft(), "Policy doesn't allow vpc:things:create to be performed.")

    assert found.headline == "This is about “Creating a Network (VPC)”"
    assert [(card.name, card.category) for card in found.cards] == [
        ("Creating a Network (VPC)", "VPC: Lifecycle Management")
    ]


def test_builder_tells_whose_operations_are_also_allowed():
    shown = BuilderPage(MANY, Draft.of(Selection(actions=frozenset({"evs:things:create"}))), View())

    assert [name for name, _, _ in shown.summary.also_allowed] == ["Creating a Disk (EVS)"]
