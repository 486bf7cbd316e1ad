"""Every page over the whole cloud, for drafts of one service and of many."""

from collections import Counter
from dataclasses import replace

import pytest

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.policy.document import Effect
from policybuilder.drafts.addresses import View
from policybuilder.drafts.compiled import compiled
from policybuilder.drafts.conditions import NOTHING_TYPED
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.link import decode, encode
from policybuilder.drafts.statement_commands import (
    MENDING_IS_GONE,
    STATEMENT_COMMANDS,
    STATEMENT_IS_KEPT,
    DraftChange,
)
from policybuilder.pages.builder.found import FOUND_AT_ONCE, MOST_SINGLES, SINGLES_BESIDE
from policybuilder.pages.guide.examples import EXAMPLES, addresses
from policybuilder.web.commands import RefusedError
from tests.builders import whole_catalog
from tests.elements import read_elements
from tests.pages.tab import Tab, address_of, parse, texts, words
from tests.sweeps import sweep

CATALOG = whole_catalog()
CREATE_ECS = "ecs/lifecycle-management/creating-ecss-pay-per-use"
LIST_BUCKETS = "obs/bucket-actions/listing-all-buckets"
CREATE_SHARE = "sfs/lifecycle-management/creating-a-file-system"  # needs vpc:*:*
ASSIGN_EIP = "vpc/eip/assigning-an-eip"  # EIP publishes it too
SOME = {
    "nothing": [],
    "one service": [CREATE_ECS],
    "two levels": [CREATE_ECS, LIST_BUCKETS],
    "a wildcard": [CREATE_SHARE, ASSIGN_EIP],
    "one of each category": [category.operations[0].id for category in CATALOG.categories.values()],
}
PROJECT = "0123456789abcdef0123456789abcdef"
PAGES = (
    *("/", "/causes/", "/split/", "/shorten/", "/picture/", "/sheet/", "/start/", "/access/", "/compare/", "/check/"),
    "/next/",
)
FILES = ("/sheet.csv", "/summary.md", "/picture.svg", "/draft.json")


def query(name):
    return {"draft": encode(Draft.of(Selection(frozenset(SOME[name]))))} if SOME[name] else {}


def page_of(response):
    assert response.status_code == 200, response.content[:500]
    return read_elements(response.content.decode())


def ids_that_stand_twice(page):
    return [id_ for id_, count in Counter(each["id"] for each in page.select("[id]")).items() if count > 1]


@pytest.mark.parametrize("name", SOME)
@sweep("address", PAGES)
def test_page_is_shown_for_drafts_of_any_service(visitor, address, name):
    page = page_of(visitor.get(address, query(name)))

    assert page.main.h1 or address == "/"
    assert ids_that_stand_twice(page) == []


@pytest.mark.parametrize("name", [name for name in SOME if SOME[name]])
@pytest.mark.parametrize("address", FILES)
def test_file_is_written_for_drafts_of_any_service(visitor, address, name):
    method = visitor.post if address == "/draft.json" else visitor.get
    response = method(address, query(name))

    # A picture has a limit, and says so.
    assert response.status_code in ((200, 422) if name == "one of each category" else (200,)), response.content[:300]


def test_guide_has_all_its_examples_and_that_of_two_levels_makes_two_policies(visitor):
    page = page_of(visitor.get("/guide/"))
    links = [link["href"] for link in page.select(".guide-example a")]

    assert {*addresses(CATALOG).values()} == {*links}
    assert addresses(CATALOG).keys() == EXAMPLES.keys()
    assert len(compiled(CATALOG, EXAMPLES["level"]).documents) == 2


def test_services_can_be_started_with_by_what_they_are_sold_under(visitor):
    page = page_of(visitor.get("/start/"))
    known = [service for service in CATALOG.services if service.categories]

    assert [row.get_text() for row in page.select(".start-group")] == list(dict.fromkeys(s.group for s in known))
    assert len(page.select(".start-services th[scope=row]")) == len(known)
    assert len(page.select(".start-services td")) == 3 * len(known)


@pytest.mark.parametrize("slug", ["dns-operator", "iam-everything", "vpc-read", "cci-fullaccess"])
def test_starting_point_of_many_services_is_shown(visitor, slug):
    page = page_of(visitor.get(f"/start/{slug}/"))

    assert ids_that_stand_twice(page) == []
    for link in page.select(".variant a.button"):
        assert page_of(visitor.get(link["href"])).find(id="policy") is not None


def test_starting_point_says_that_it_makes_two_policies_and_more_than_iam_takes(visitor):
    page = page_of(visitor.get("/start/read-everything/"))
    _, divided, large = page.find(id="read-everything").select(".variant-note")

    assert "This makes two policies." in divided.get_text()
    assert len(page.select("#read-everything pre")) == 2
    assert "Larger than IAM takes" in large.get_text()
    assert page_of(visitor.get("/start/vpc-read/")).select(".variant-note") == []


def test_starting_point_that_no_link_holds_is_opened_and_split_by_forms(visitor):
    page = page_of(visitor.get("/start/read-everything/"))
    split, opened = (
        page_of(visitor.post(form["action"], {"draft": form.input["value"], "do": "back"}))
        for form in page.select("#read-everything form")
    )

    assert opened.find(id="name")["value"] == "read-everything"
    assert opened.select("#problems li") == []
    assert split.main.h1.get_text() == "Make it shorter"
    assert len(split.select("pre")) > 1
    assert page.select("#read-everything a.button") == []
    assert len(page.select("#read-everything-enterprise a.button")) == 1


def test_what_opens_first_is_ecs(visitor):
    page = page_of(visitor.get("/"))

    assert {box["value"].partition("/")[0] for box in page.select(".row > input")} == {"ecs"}
    listed = [button["title"] for button in page.select("#rail-body button")]
    assert sorted(listed) == sorted(service.title for service in CATALOG.services if service.categories)


@pytest.mark.parametrize("service", [each.slug for each in CATALOG.services if each.categories])
def test_every_category_of_a_service_is_filled_in(visitor, service):
    """As a browser asks for it when it is opened: all rows, each with its box, and no id twice."""
    found = []
    for category in CATALOG.services_by_slug[service].categories:
        part = page_of(visitor.get(f"/categories/{category.id}/", headers={"HX-Request": "true"}))
        assert ids_that_stand_twice(part) == []
        found += [box["value"].partition(" ")[0] for box in part.select(".row > input")]

    assert sorted(found) == sorted(operation.id for operation in CATALOG.services_by_slug[service].operations)


@sweep("category", CATALOG.categories.values())
def test_first_operation_of_every_category_has_its_page(visitor, category):
    operation = category.operations[0]

    page = page_of(visitor.get(f"/operations/{operation.id}/"))

    assert operation.title in page.main.get_text(" ", strip=True)
    for name in operation.all_actions():
        assert visitor.get(f"/actions/{name}/").status_code == 200


def test_action_of_a_user_manual_leads_to_its_page(visitor):
    action = CATALOG.action_index.actions["dws:alarmDetail:list"]
    page = page_of(visitor.get(f"/actions/{action.name}/"))
    named = page.find("dt", string="Named in").find_next_sibling("dd")

    assert "Open Telekom Cloud, DWS User Manual: " in named.a.get_text()
    assert named.a["href"] == action.source.url
    assert "Stated in a published table" in page.main.get_text(" ", strip=True)


def test_what_needs_no_authorization_is_told(visitor):
    free = CATALOG.operation("evs/disk/query-extension-apis-openstack-cinder-api")
    draft = {"draft": encode(Draft.of(Selection(frozenset([free.id]))))}

    page = page_of(visitor.get("/", {**draft, "open": free.category_id, "enterprise": "1"}))
    row = page.select_one(f"input[name=o][value='{free.id}']").find_parent("li")
    assert "No authorization required" in row.get_text()
    assert row.select(".scope") == []
    assert "what is selected needs no authorization" in page.find(id="findings").get_text()
    assert f"{free.calls[0].path},200,200,Needs no authorization." in visitor.get("/sheet.csv", draft).content.decode()
    summary = visitor.get("/summary.md", draft).content.decode()
    assert "there is no policy to create.\n\n- EVS" in summary


def test_search_shows_fifty_single_actions_and_how_many_more_there_are(visitor):
    page = page_of(visitor.get("/", {"q": "hss:"}))

    more = sum(action.name.startswith("hss:") for action in CATALOG.action_index.single_actions) - MOST_SINGLES
    assert more > 0
    assert len(page.select("#singles .single")) == MOST_SINGLES
    assert f"{more} more: type more of it." in page.find(id="singles").get_text(" ")


def test_filter_for_enterprise_projects_says_how_many_single_actions_it_hides(visitor):
    page = page_of(visitor.get("/", {"q": "gaussdb:", "enterprise": "1"}))

    assert "0 operations found. 18 more are hidden" in " ".join(page.find(id="hits").get_text().split())


def test_row_of_two_services_is_ticked_in_both(visitor):
    opened = visitor.get("/", {**query("a wildcard"), "selected": "1"})

    boxes = [box for box in page_of(opened).select(".row > input") if box["value"].startswith(ASSIGN_EIP)]
    assert len(boxes) == 2
    assert all(box.has_attr("checked") for box in boxes)


def test_search_lists_the_first_operations_and_the_others_when_they_are_asked_for(visitor):
    first = page_of(visitor.get("/", {"q": "delete"}))
    others = first.select_one("#found-others button")
    rest = page_of(visitor.get(others["hx-get"]))
    listed = page_of(visitor.get("/", {"q": "delete", "all": "1"}))

    boxes = [[box["value"] for box in each.select(".row > input")] for each in (first, rest, listed)]
    assert (len(boxes[0]), boxes[0] + boxes[1]) == (FOUND_AT_ONCE, boxes[2])
    assert others.get_text() == f"Show the other {len(boxes[1])}"
    assert listed.select("#found-others") == []
    assert [id_ for each in (first, listed) for id_ in ids_that_stand_twice(each)] == []


def test_service_that_the_address_names_is_shown_and_an_unknown_one_is_told(visitor):
    shown, unknown = (page_of(visitor.get("/", {"service": slug})) for slug in ("vpc", "nope"))

    assert [h2["id"] for h2 in shown.select("#tree h2")] == ["title-vpc"]
    assert shown.find(id="problems").get_text().strip() == ""
    assert [h2["id"] for h2 in unknown.select("#tree h2")] == ["title-ecs"]
    assert "There is no service “nope” with operations in the catalogue." in unknown.find(id="problems").get_text()


def test_api_lists_and_compiles_every_service(visitor):
    services = visitor.get("/api/v1/services/").json()
    detail = visitor.get(f"/api/v1/operations/{ASSIGN_EIP}/").json()
    body = {"operations": SOME["one of each category"]}
    compiled = visitor.post("/api/v1/compile/", body, content_type="application/json").json()

    listed = services["results"] if isinstance(services, dict) else services
    assert {each["slug"] for each in listed} == {each.slug for each in CATALOG.services}
    assert detail["services"] == ["vpc", "eip"]
    assert [each["level"] for each in compiled["policies"]] == ["XA", "AX"]
    assert set(compiled["operations"]["selected"]) == set(SOME["one of each category"])


@pytest.mark.parametrize(
    ("text", "title", "service"),
    [
        (
            "403 GET https://rds.eu-de.otc.t-systems.com/v3/0123456789abcdef0123456789abcdef/instances",
            "Querying",
            "RDS",
        ),
        (
            "403 GET https://dds.eu-de.otc.t-systems.com/v3/0123456789abcdef0123456789abcdef/instances",
            "Querying",
            "DDS",
        ),
    ],
)
def test_host_of_a_refused_call_says_whose_it_was(visitor, text, title, service):
    page = page_of(visitor.post("/refused/", {"text": text}))

    assert title in page.main.h1.get_text() + page.main.get_text(" ")
    assert f"({service})" in page.main.get_text(" ")


def test_few_single_actions_stand_below_many_operations_until_all_are_listed(visitor):
    few, all_ = (page_of(visitor.get(address)) for address in ("/?q=delete", "/?q=delete&all=1"))

    assert len(few.select("#singles .single")) == SINGLES_BESIDE
    assert few.select("#singles button[value='list-all:']")
    assert len(all_.select("#singles .single")) == MOST_SINGLES
    assert not all_.select("#singles button[value='list-all:']")


@pytest.mark.parametrize(("slug", "named"), [("dms-read", 1), ("read-everything", 2), ("ecs-read", 0)])
def test_start_that_reads_names_what_it_also_allows_and_can_change_something(visitor, slug, named):
    notes = [each.get_text() for each in page_of(visitor.get(f"/start/{slug}/")).select(".variant-note strong")]

    wanted = "This also allows “Resetting a user password (DMS)”, which can change something."
    assert [note for note in notes if "also allows" in note] == [wanted] * named


KAFKA, KAFKA_ROW = "dms:instance:create", "dms/lifecycle-management/creating-an-instance"


def manual_of(page, action):
    """The part about the user manual, once it is seen to list what the catalogue has."""
    needs = CATALOG.needs.manual[action.casefold()]
    (manual,) = page.select("dd.manual")
    assert texts(manual, "li code") == list(needs.dependencies)
    assert manual.select("a")[-1]["href"] == needs.source.url
    assert [note for note in needs.notes if note not in words(manual)] == []
    return manual


def test_details_of_an_operation_list_the_dependencies_of_the_user_manual_apart(visitor):
    page = parse(visitor.get(f"/operations/{KAFKA_ROW}/"))

    manual_of(page, KAFKA)
    needed = page.find("dt", string="Dependencies").find_next_sibling("dd")
    assert words(needed) == "None in the API reference."


def test_details_of_an_action_without_operation_list_them_too(visitor):
    manual_of(parse(visitor.get("/actions/rf:stack:createStack/")), "rf:stack:createStack")


def test_one_click_adds_the_dependencies_of_the_user_manual_to_the_statement(visitor):
    ticked = Selection(frozenset({KAFKA_ROW}))
    whole = replace(ticked, actions=frozenset(CATALOG.needs.manual[KAFKA].dependencies))
    tab = Tab(visitor, address_of(ticked))
    (button,) = tab.page.select("button[value^='add-manual:']")

    tab.send(button["value"])

    assert decode(CATALOG, tab.find("draft")["value"]).draft.selection == whole
    assert tab.page.select("button[value^='add-manual:']") == []


@pytest.mark.parametrize(
    ("blocks", "refusal"),
    [
        ((Block(),), MENDING_IS_GONE),
        ((Block(Selection(actions=frozenset({KAFKA})), Effect.DENY),), MENDING_IS_GONE),
        ((Block(kept=f'{{"Effect": "Allow", "Action": ["{KAFKA}"], "Sid": "a"}}'),), STATEMENT_IS_KEPT),
    ],
)
def test_dependencies_of_the_user_manual_are_added_only_where_a_statement_can_be_edited(blocks, refusal):
    with pytest.raises(RefusedError) as refused:
        STATEMENT_COMMANDS["add-manual"](CATALOG, DraftChange(Draft(blocks), View(), NOTHING_TYPED), KAFKA)

    assert refused.value.template == refusal


def test_dependencies_of_the_user_manual_join_the_statement_that_allows_the_action():
    other, allowing = (Block(Selection(actions=frozenset({name}))) for name in ("dms:instance:get", KAFKA))
    denying = replace(allowing, effect=Effect.DENY)
    change = DraftChange(Draft((denying, other, allowing)), View(), NOTHING_TYPED)

    blocks = STATEMENT_COMMANDS["add-manual"](CATALOG, change, KAFKA).draft.blocks

    assert blocks[:2] == (denying, other)
    assert blocks[2].selection.actions == {KAFKA, *CATALOG.needs.manual[KAFKA].dependencies}


def test_operation_is_swapped_for_its_alternative_in_another_service(visitor):
    native, alternative = "ecs/image-management/creating-an-image-native", "ims/image-management/creating-an-image"
    tab = Tab(visitor, address_of(service="ecs", category="ecs/image-management")).tick(native)
    tab.send()

    tab.send(f"swap:{native}")

    assert decode(CATALOG, tab.find("draft")["value"]).draft.selection == Selection(frozenset({alternative}))
    assert not tab.has("alarm") or "IAM-only" not in tab.text("alarm")
