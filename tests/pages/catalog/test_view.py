"""The pages of one operation and of one action, and the rows of one category."""

import pytest

from policybuilder.domain.catalog.entries import Access
from policybuilder.errors import NO_SUCH_PAGE
from policybuilder.pages.builder.form import BESIDE
from policybuilder.pages.catalog.view import NO_SUCH_ACTION, NO_SUCH_OPERATION
from policybuilder.web.element_ids import element_id
from tests.pages.tab import (
    ATTACH,
    CATALOG,
    CREATE,
    DISKS,
    HTMX,
    LIST_NATIVE,
    QUERY,
    START,
    TAGS,
    address_of,
    parse,
    selection,
    texts,
    words,
)
from tests.sweeps import sweep

SCOPES = {"yes": "IAM + enterprise", "no": "IAM-only", "varies": "Varies", "unknown": "Scope unknown"}


def facts(page) -> dict[str, str]:
    """The terms of the list and what stands under each."""
    return {words(term): words(term.find_next_sibling("dd")) for term in page.select("dl.facts > dt")}


def get(visitor, where, **options):
    response = visitor.get(where, **options)
    assert response.status_code == 200
    return parse(response)


# One operation


def test_operation_page_has_its_facts(visitor):
    page = get(visitor, f"/operations/{ATTACH}/")

    assert page.title.string == "Attaching a disk to an ECS · Policy Builder"
    assert words(page.h1) == "Attaching a disk to an ECS"
    assert words(page.select_one(".crumbs")) == "Disk Management"
    found = facts(page)
    assert list(found) == [
        "Action", "API calls", "Access", "The response shows", "Scope", "Can be limited to", "Dependencies", "Same job",
        "Vendor’s pages",
    ]  # fmt: skip
    assert found["Action"] == f"ecs:cloudServers:attach {SCOPES['yes']}"
    assert found["API calls"] == "POST /v1/{project_id}/cloudservers/{server_id}/attachvolume"
    assert found["Access"] == "Can change something. The cloud’s own API."
    assert found["Scope"].startswith("IAM projects: yes. Enterprise projects: yes. Inferred: ")
    assert found["Dependencies"].startswith("evs:volumes:use ")
    assert found["The response shows"] == "Not judged."


def test_operation_page_says_what_the_response_shows_and_links_to_the_page_that_shows_it(visitor):
    pages = {
        id_: get(visitor, f"/operations/{id_}/").find(id="reveals")
        for id_ in (
            "ecs/lifecycle-management/querying-details-about-a-specific-ecs",
            "ecs/ssh-key-management/querying-ssh-key-pairs-native",
        )
    }

    for id_, said in zip(
        pages,
        (
            "Contents and secrets (OS-EXT-SRV-ATTR:user_data):",
            "No contents, no secrets and no personal data:",
        ),
        strict=True,
    ):
        assert words(pages[id_]).startswith(said)
        assert pages[id_].a["href"] == CATALOG.operations[id_].reveals.source.url


@sweep("id_", CATALOG.operations)
def test_every_operation_has_a_page_with_its_own_facts(visitor, id_):
    operation = CATALOG.operations[id_]
    page = get(visitor, f"/operations/{id_}/")
    found = facts(page)

    assert words(page.h1) == operation.title
    assert [
        name for name in operation.actions if name not in found["Action" + "s" * (len(operation.actions) != 1)]
    ] == []
    calls = page.find("dt", string="API calls").find_next_sibling("dd")
    assert texts(calls, "code") == [str(call) for call in operation.calls]
    assert found["Access"].startswith("Reads." if operation.access is Access.READ else "Can change something.")
    assert ("Native OpenStack API" in found["Access"]) is operation.native
    assert f"Enterprise projects: {operation.scope.enterprise_project.value}." in found["Scope"]
    assert [name for name in operation.all_dependencies() if name not in found["Dependencies"]] == []
    assert found["Dependencies"] != "None." or operation.all_dependencies() == ()
    assert ("In enterprise projects" in found) is (operation.enterprise_alternative is not None)
    ways = map(CATALOG.operation, CATALOG.needs.other_ways.get(id_, ()))
    assert texts(page, ".other-ways li") == [
        f"“{CATALOG.titles.operation_name(way, operation.service)}”" for way in ways
    ]
    links = [link["href"] for link in page.select("dl.facts a")]
    assert {page.url for page in operation.pages} <= set(links)
    assert CATALOG.categories[operation.category_id].source.url in links


def test_options_say_what_only_they_need(visitor):
    page = get(visitor, f"/operations/{CREATE}/")
    needs = {option.title: list(option.dependencies) for option in CATALOG.operations[CREATE].options}

    found = {}
    for heading in page.select("dl.facts p"):
        title = words(heading).removeprefix("When ").removesuffix(":")
        found[title] = [words(item.code) for item in heading.find_next_sibling("ul").find_all("li", recursive=False)]
    assert found == needs
    assert len(found) == 2


def test_dependencies_in_turn_are_said_to_be_not_granted(visitor):
    page = get(visitor, f"/operations/{START}/")
    (needed,) = CATALOG.operations[START].dependencies
    in_turn = sorted(CATALOG.needs.shared_dependencies(needed))

    assert texts(page, "dl.facts details summary") == [f"Also needs {len(in_turn)} more, not granted by default"]
    assert texts(page, "dl.facts details li") == in_turn
    assert len(in_turn) > 3


def test_alternative_for_enterprise_projects_is_named(visitor):
    found = facts(get(visitor, f"/operations/{START}/"))["In enterprise projects"]

    assert found.startswith("“Starting ECSs in a batch” does the same job there: ecs:cloudServers:start (our judgement")


# One action


def test_action_page_has_its_facts(visitor):
    page = get(visitor, "/actions/evs:volumes:get/")

    assert words(page.h1) == "evs:volumes:get"
    found = facts(page)
    assert list(found) == ["Meaning", "Access", "Scope", "API calls"]
    assert found["Access"] == "Reads."
    assert found["Scope"].startswith("IAM projects: yes. Enterprise projects: varies. ")


@sweep("name", CATALOG.action_index.actions)
def test_every_action_has_a_page_with_its_own_facts(visitor, name):
    action = CATALOG.action_index.actions[name]
    page = get(visitor, f"/actions/{name}/")
    found = facts(page)

    assert words(page.h1) == name
    assert found.get("Meaning", "") == action.title
    assert found["Access"].startswith("Reads." if action.access is Access.READ else "Can change something.")
    assert f"Enterprise projects: {action.scope.enterprise_project.value}." in found["Scope"]
    titles = texts(page.find("dt", string="Authorises").find_next_sibling("dd"), "li") if action.operations else []
    assert titles == [CATALOG.titles.operation_name(CATALOG.operations[id_]) for id_ in action.operations]
    calls = page.find("dt", string="API calls").find_next_sibling("dd").find_all("li")
    assert [words(item) for item in calls] == [
        str(call) + (f" {SCOPES[call.enterprise_project]}" if call.enterprise_project else "") for call in action.calls
    ]


def test_action_is_found_in_any_spelling_that_iam_takes(visitor):
    assert words(get(visitor, "/actions/ecs:SERVERS:Get/").h1) == "ecs:servers:get"


# For htmx


@pytest.mark.parametrize("where", [f"/operations/{ATTACH}/", f"/operations/{CREATE}/", "/actions/ecs:servers:get/"])
def test_htmx_gets_the_facts_alone(visitor, where):
    page, part = get(visitor, where), get(visitor, where, headers=HTMX)

    assert [child.name for child in part.find_all(recursive=False)] == ["dl"]
    assert str(part).strip() == str(page.select_one("dl.facts"))


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("where", [f"/operations/{ATTACH}/", "/actions/ecs:servers:get/"])
def test_page_with_two_bodies_says_so_to_caches(visitor, where, headers):
    assert "HX-Request" in visitor.get(where, headers=headers)["Vary"]


# The way back


@sweep("where", [f"/operations/{ATTACH}/", "/actions/ecs:servers:get/"])
@sweep(
    ("referer", "back"),
    [
        (None, None),
        ("http://testserver/", None),
        ("http://testserver/?q=disk", "/?q=disk"),
        ("http://testserver/?draft=1abc&q=%3Cb%3E", "/?draft=1abc&q=%3Cb%3E"),
        ("http://testserver/split/?draft=1abc", "/?draft=1abc"),
        ("http://testserver/compare/?carried=1abc&draft=", "/?draft=1abc"),
        ("http://testserver/split/?draft=%3C1abc", None),
        ("http://testserver/split/?draft=" + "1" * 6001, None),
        ("http://testserver/?draft=1abc" + "&" * 5001, "/?draft=1abc" + "&" * 5001),
        ("http://elsewhere.example/?draft=1abc", None),
        ("http://testserver.elsewhere.example/?draft=1abc", None),
        ("//testserver/?draft=1abc", "/?draft=1abc"),
        ('http://testserver/?"><script>', '/?"><script>'),
        ("javascript:alert(1)", None),
        ("http://[::1", None),
        ("http://testserver:port/?draft=1abc", None),
        ("\udcff", None),
    ],
)
def test_link_back_leads_to_the_draft_that_the_reader_came_from(visitor, where, referer, back):
    response = visitor.get(where, **({} if referer is None else {"HTTP_REFERER": referer}))

    assert response.status_code == 200
    assert [link["href"] for link in parse(response).select("#way-back a")] == ([back] if back else [])


# The rows of a category


def test_rows_of_a_category_are_those_of_the_page(visitor):
    wanted = selection(QUERY, START)
    page, part = get(visitor, address_of(wanted)), get(visitor, f"/categories/{TAGS}/{address_of(wanted)[1:]}")

    (body,) = part.find_all(recursive=False)
    assert body["id"] == f"body-{element_id(TAGS)}"
    assert str(body) == str(page.find(id=body["id"]))
    assert "Also allowed" in texts(body, ".state")


def test_rows_of_a_category_keep_to_the_filters(visitor):
    body = get(visitor, f"/categories/{DISKS}/?reading=1&q=native")
    reading = [
        o for o in CATALOG.categories[DISKS].operations if o.access is Access.READ and "native" in o.title.lower()
    ]

    assert [box["value"] for box in body.select(".row > input[name=o]")] == [operation.id for operation in reading]
    assert [box["value"] for box in body.select("input[name=shown]") if BESIDE not in box["value"]] == [
        " ".join([DISKS, *(operation.slug for operation in reading)])
    ]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_rows_of_a_category_are_never_a_whole_page(visitor, headers):
    assert get(visitor, f"/categories/{DISKS}/", headers=headers).find("html") is None


# What there is not


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        ("/operations/ecs/disk-management/fly/", NO_SUCH_OPERATION.format(id="ecs/disk-management/fly")),
        ("/operations/evs/disk-management/fly/", NO_SUCH_OPERATION.format(id="evs/disk-management/fly")),
        (f"/operations/{LIST_NATIVE}x/", NO_SUCH_OPERATION.format(id=f"{LIST_NATIVE}x")),
        ("/actions/ecs:servers:fly/", NO_SUCH_ACTION.format(name="ecs:servers:fly")),
        ("/actions/ecs:servers:*/", NO_SUCH_ACTION.format(name="ecs:servers:*")),
        ("/actions/ECS:servers:get/", NO_SUCH_ACTION.format(name="ECS:servers:get")),
        ("/actions/<b>/", NO_SUCH_ACTION.format(name="<b>")),
        ("/actions/%00%0A/", NO_SUCH_ACTION.format(name="�")),
        ("/categories/ecs/nothing/", "There is no category ecs/nothing in the catalogue."),
        ("/categories/nothing/disk-management/", "There is no category nothing/disk-management in the catalogue."),
    ],
)
def test_what_the_catalogue_does_not_have_is_not_found(visitor, where, reason):
    response = visitor.get(where)

    assert response.status_code == 404
    assert words(parse(response).main) == f"{NO_SUCH_PAGE} {reason} Open the builder"


@pytest.mark.parametrize("method", ["post", "put", "delete"])
@pytest.mark.parametrize(
    "where", [f"/operations/{ATTACH}/", "/actions/ecs:servers:get/", f"/categories/{DISKS}/", "/split/", "/causes/"]
)
def test_pages_are_only_read(visitor, method, where):
    response = getattr(visitor, method)(where)

    assert response.status_code == 405
