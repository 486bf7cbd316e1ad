"""The builder's page: what it shows of a draft, and what a change does to it, with htmx and without."""

import base64
import re
import zlib
from dataclasses import replace
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.catalog_files.searching import search_of
from policybuilder.catalog_files.starting_points import templates
from policybuilder.domain.building.compiler import compile_selection
from policybuilder.domain.building.selection import Dependencies
from policybuilder.domain.searching.search import Filter, split_words
from policybuilder.drafts.addresses import View, address
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.link import decode, encode
from policybuilder.pages.builder.found import FOUND_AT_ONCE
from policybuilder.pages.builder.verdict import NOW_IAM_ONLY
from policybuilder.web import wording
from policybuilder.web.element_ids import element_id
from tests.elements import Element
from tests.pages.builder.strategies import act, drafts, law_of_pages, several_drafts
from tests.pages.tab import (
    ATTACH,
    BATCH,
    CATALOG,
    CREATE,
    DETACH,
    DISKS,
    EIP_EXISTING,
    EIP_NEW,
    EVERYTHING,
    GROUPS,
    HTMX,
    LIFECYCLE,
    LIST_NATIVE,
    LOCK,
    QUERY,
    START,
    START_BATCH,
    STATUS,
    STOP,
    STOP_BATCH,
    TAGS,
    Tab,
    address_of,
    contents,
    ids,
    json_of,
    parts,
    selection,
    submit,
    texts,
    words,
)

# What belongs to the last change alone, and is not at the address that comes of it.
OF_THE_CHANGE = {"history", "alarm", "problems", "omitted", "touched"}
# What every change of a policy brings.
WITH_EVERY_CHANGE = {
    "problems", "draft", "alarm", "status", "totals", "bar-verdict", "json-part", "tally-grants", "statement-list",
}  # fmt: skip
# What the first tick changes besides: there is a policy now, and links that hold a draft.
WITH_THE_FIRST = WITH_EVERY_CHANGE | {
    "verdict", "granted-list", "also", "take", "what-now", "ways-on", "brand", "site-nav", "draft-file", "reset",
}  # fmt: skip


def draft_of(tab: Tab) -> Draft:
    """The draft behind the form, which must be that of the address."""
    opened = decode(CATALOG, tab.find("draft")["value"])
    assert opened.problems == ()
    return opened.draft


def seen(tab: Tab, *, without=()) -> dict[str, str]:
    """The whole page, but for what was typed beside "Add": that is nobody's until it is added."""
    tab.find("action").attrs.pop("value", None)
    return contents(tab.page, without=without)


def counters(*branches: str) -> set[str]:
    """The ids of the counters of these categories and of the service above them."""
    return {f"{kind}-{element_id(branch)}" for branch in branches for kind in ("count", "rail")} | {"count-ecs"}


def missing(tab: Tab, operation: str) -> list[str]:
    """The first actions that the row says are missing."""
    return texts(tab.find(f"state-{element_id(operation)}"), ".missing code")


# Opening a draft


def test_empty_page_says_how_to_begin(tab):
    assert tab.text("verdict") == "Nothing is granted yet"
    assert tab.text("totals").startswith("No actions yet")
    assert tab.page.select("#json-part code") == []
    assert re.findall(r"\d+", tab.text("hits")) == ["91"]
    assert (tab.boxes("o"), tab.boxes("o", ticked=True)) == (list(CATALOG.operations), [])
    assert [element["id"] for element in tab.page.select("#tree .branch details[open]")] == [
        f"details-{element_id(LIFECYCLE)}"
    ]
    assert not {"undo", "reset"} & set(tab.commands())
    assert tab.text("take") == ""


def test_tree_has_the_categories_in_the_vendors_order(tab):
    titles = [category.title for category in CATALOG.categories.values()]

    assert tab.texts("#tree .branch-title") == titles
    assert tab.texts(".rail-title") == titles


@law_of_pages
@given(drafts())
def test_page_shows_what_the_domain_says_of_the_draft(visitor, draft):
    tab = Tab(visitor, address(draft))
    chosen, policy = draft.selection.operations, compile_selection(CATALOG, draft.selection)
    also, incomplete = policy.operations.also_allowed, {row.id for row in policy.operations.incomplete}
    granted = tab.find("granted")

    assert draft_of(tab) == draft
    assert tab.find("name")["value"] == draft.name
    assert tab.page.title.string == (f"{draft.name} · Policy Builder" if draft.name else "Policy Builder")
    assert tab.find("dependencies").has_attr("checked") == (draft.selection.dependencies is Dependencies.ALL)
    assert set(tab.boxes("o", ticked=True)) == chosen
    assert set(tab.boxes("p", ticked=True)) == {
        f"{id_}#{option.slug}" for id_ in chosen for option in draft.selection.chosen_options(CATALOG.operations[id_])
    }
    assert tab.has("json") == bool(policy.grants)
    assert not policy.grants or tab.json() == json_of(draft.selection)
    chosen_ones = [grant.action for grant in policy.grants if grant.selected]
    assert texts(granted, "#grants-chosen .grant-head code") == chosen_ones
    added = texts(granted, "#grants-dependencies code, #grants-conditional .grant-head code")
    assert sorted(added) == sorted(grant.action for grant in policy.grants if not grant.selected)
    singles = {grant.action for grant in policy.grants if grant.action in draft.selection.actions}
    assert len(texts(granted, ".grant-why > .badge-selected")) == len(singles)
    assert [text.removeprefix("Reads ").removeprefix("Can change ") for text in texts(tab.find("also"), "li")] == [
        CATALOG.titles.operation_name(CATALOG.operations[id_]) for id_ in also
    ]
    reached = {name for grant in policy.grants for name in CATALOG.action_index.expand(grant.action) or (grant.action,)}
    assert [tab.text("tally-grants"), tab.text("tally-also")] == [str(len(reached)), str(len(also))]
    states = {id_: tab.state(id_) for id_ in CATALOG.operations}
    assert [id_ for id_, text in states.items() if "Also allowed" in text] == list(also)
    assert {id_ for id_, text in states.items() if "Incomplete" in text} == incomplete
    assert f"{policy.size.characters} of 6144" in tab.text("totals")
    for branch in [*CATALOG.categories, "ecs"]:
        below = [id_ for id_ in CATALOG.operations if id_.startswith(f"{branch}/")]
        expect_counter(tab, branch, len(below), len(chosen.intersection(below)), len(set(also).intersection(below)))


def expect_counter(tab: Tab, branch: str, total: int, mine: int, also: int) -> None:
    count = tab.find(f"count-{element_id(branch)}")
    state = {0: "none", total: "all"}.get(mine, "mixed")
    assert (words(count), count["data-state"]) == (
        f"{mine} of {total}" + (f" +{also} also allowed" if also else ""),
        state,
    )
    if branch in CATALOG.categories:
        rail = tab.find(f"rail-{element_id(branch)}")
        assert (words(rail), rail["data-state"]) == (
            f", {mine}/ of {total} selected" + (f", {also} also allowed" if also else ""),
            state,
        )


def test_every_granted_action_says_why(visitor):
    tab = Tab(
        visitor, address_of(selection(START, STOP, ATTACH, actions=["ecs:servers:get"], without=["evs:volumes:use"]))
    )
    start, stop, attach = (CATALOG.operations[id_].title for id_ in (START, STOP, ATTACH))
    why = ".grant-why > .badge, .grant-why > span:not(.badge):not(.grant-ways), .grant-why > details > summary"

    assert {words(row.select_one("code")): texts(row, why) for row in tab.page.select(".grant")} == {
        "ecs:cloudServers:attach": [],
        "ecs:servers:get": ["Added individually", f"Needed by {stop}"],
        "ecs:servers:list": ["Needed by 2 operations"],
        "ecs:servers:start": [],
        "ecs:servers:stop": [],
        "evs:volumes:use": [f"Needed by {attach}"],
    }
    assert tab.texts("#granted .why li") == [start, stop]
    assert tab.texts(".grant-left code") == ["evs:volumes:use"]
    assert texts(tab.find(f"state-{element_id(ATTACH)}"), ".missing-selected code") == ["evs:volumes:use"]


def test_left_out_and_single_actions_can_be_taken_back(visitor):
    tab = Tab(visitor, address_of(selection(ATTACH, START, actions=["ecs:servers:get"], without=["evs:volumes:use"])))

    ways = {"put-back:evs:volumes:use", "remove:ecs:servers:get", "leave-out:ecs:servers:list", f"complete:{ATTACH}"}
    assert ways <= set(tab.commands())
    assert not {"leave-out:ecs:servers:start", "leave-out:ecs:servers:get"} & set(tab.commands())


@pytest.mark.parametrize(
    ("wanted", "kind", "line"),
    [
        (selection(), "empty", wording.NOTHING_GRANTED),
        (selection(ATTACH), "iam_and_enterprise", wording.IN_BOTH),
        (selection(LOCK), "iam_only", wording.ALL_IAM_ONLY),
        (selection(LOCK, ATTACH), "iam_only", wording.SOME_IAM_ONLY.format(n=3, total=5)),
        (
            selection(actions=["evs:volumes:get"]),
            "varies",
            wording.SCOPE_VARIES.format(n=1, total=1),
        ),
    ],
)
def test_verdict(visitor, wanted, kind, line):
    tab = Tab(visitor, address_of(wanted))

    assert f"verdict-{kind}" in tab.find("verdict")["class"]
    assert tab.text("verdict").startswith(line)
    assert ("evs:volumes:get" in tab.texts("#verdict code")) is (kind == "varies")


def test_rows_with_something_on_are_opened(visitor):
    """LIST_NATIVE is incomplete and QUERY makes two more work, so that people see what they got."""
    tab = Tab(visitor, address_of(selection(QUERY, START)))

    opened = {element["id"] for element in tab.page.select("#tree .branch details[open]")}
    assert opened == {f"details-{element_id(id_)}" for id_ in (LIFECYCLE, STATUS, GROUPS, TAGS)}


@pytest.mark.parametrize(
    ("query", "opened"), [(f"open={DISKS}&open={TAGS}", {DISKS, TAGS, LIFECYCLE}), ("open=all", None)]
)
def test_categories_that_the_address_names_are_opened(visitor, query, opened):
    tab = Tab(visitor, f"/?{query}")

    found = {element["id"] for element in tab.page.select("#tree .branch details[open]")}
    assert found == {f"details-{element_id(id_)}" for id_ in opened or CATALOG.categories}


def test_damaged_link_opens_what_it_can_and_says_so_to_everybody(visitor):
    token = encode(Draft.of(selection(ATTACH, DETACH)))[:-4]
    tab = Tab(visitor, f"/?draft={token}")

    assert tab.find("problems")["role"] == "alert"
    assert tab.texts("#problems li") == list(decode(CATALOG, token).problems)
    assert tab.boxes("o", ticked=True) == [ATTACH]


def test_outdated_link_opens_what_is_still_there(visitor):
    text = f"o{ATTACH}\noecs/disk-management/gone\naecs:gone:use"
    token = "1" + base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")
    tab = Tab(visitor, f"/?draft={token}")

    whole = draft_of(Tab(visitor, address_of(selection(ATTACH, actions=["ecs:gone:use"]))))
    assert decode(CATALOG, tab.find("draft")["value"]).draft == replace(whole, partial=True)
    assert tab.texts("#problems li") == [
        "“ecs/disk-management/gone” is not in the catalogue (any more) and was left out of the draft."
    ]
    unknown = next(row for row in tab.page.select("#granted .grant") if "ecs:gone:use" in words(row))
    assert "Not in the catalogue" in words(unknown)
    assert "ecs:gone:use" in tab.text("findings")


def test_whole_link_has_nothing_to_say(visitor):
    tab = Tab(visitor, address_of(selection(ATTACH)))

    assert (tab.text("problems"), tab.text("alarm")) == ("", "")


# Searching and filtering


def ids_of(operations) -> list[str]:
    return [operation.id for operation in operations]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("reading=1&enterprise=1", Filter(reading=True, enterprise=True)),
        ("api=own", Filter(native=False)),
        ("selected=1", Filter(selected=True)),
    ],
)
def test_tree_shows_what_the_filters_let_through(visitor, query, wanted):
    chosen = selection(ATTACH, START)
    tab = Tab(visitor, f"{address_of(chosen)}&{query}")
    found = ids_of(search_of(CATALOG).operations(wanted, chosen.operations))
    categories = list(dict.fromkeys(id_.rpartition("/")[0] for id_ in found))

    assert tab.boxes("o") == found
    assert tab.text("hits") == f"{len(found)} operations found"
    assert [b["id"] for b in tab.page.select("#tree .branch")] == [f"branch-{element_id(id_)}" for id_ in categories]
    assert tab.page.select("#tree .branch details:not([open])") == []
    assert [box["value"] for box in tab.page.select("input[name=shown]")] == [
        " ".join([id_, *(o.rpartition("/")[2] for o in found if o.startswith(f"{id_}/"))]) for id_ in categories
    ]
    assert tab.texts("#tree .found") == [
        f"{sum(o.startswith(f'{category}/') for o in found)} found" for category in categories
    ]
    assert tab.json() == json_of(chosen)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("q=disk", Filter(words=("disk",))),
        ("q=POST+/v2.1+servers", Filter(words=("post", "/v2.1", "servers"))),
        ("q=ecs:servers", Filter(words=("ecs:servers",))),
        ("api=native&q=server", Filter(words=("server",), native=True)),
    ],
)
def test_search_lists_what_it_finds_best_first(visitor, query, wanted):
    chosen = selection(ATTACH, START)
    tab = Tab(visitor, f"{address_of(chosen)}&{query}")
    found = ids_of(search_of(CATALOG).operations(wanted, chosen.operations, frozenset({"ecs"})))

    first = found[:FOUND_AT_ONCE]
    assert tab.boxes("o") == first
    singles = [
        f"single-{element_id(action.name)}" for action in search_of(CATALOG).single_actions(wanted, chosen.actions)
    ]
    assert [row["id"] for row in tab.page.select("#singles li.single")] == singles
    beside = f" and {len(singles)} single actions" if singles else ""
    assert tab.text("hits") == f"{len(found)} operations{beside} found"
    assert [box["value"] for box in tab.page.select("input[name=shown]")] == [" ".join(["", *first])]
    places = [CATALOG.category_of(CATALOG.operations[id_]) for id_ in first]
    assert [b["value"] for b in tab.page.select(".found-place button")] == [
        f"category:{category.id}" for at, category in enumerate(places) if at == 0 or places[at - 1] is not category
    ]
    assert tab.json() == json_of(chosen)


def test_place_of_what_was_found_leads_to_its_category(visitor):
    tab = Tab(visitor, f"{address_of(selection(ATTACH))}&q=disk&reading=1")
    response = tab.send(f"category:{DISKS}")

    assert {"tree", "q"} <= ids(response)
    assert tab.address == f"{address_of(selection(ATTACH))}&reading=1&open={quote(DISKS, safe='')}"
    assert tab.find(f"details-{element_id(DISKS)}").has_attr("open")
    assert tab.find("q")["value"] == ""


def test_matches_are_marked(visitor):
    tab = Tab(visitor, "/?q=DISK+post")
    marked = {words(mark).casefold() for mark in tab.page.select("#tree mark")}

    assert marked >= set(split_words("DISK post"))
    assert tab.texts(f"label[for=o-{element_id(ATTACH)}] mark") == ["disk"]


def test_fields_of_the_search_hold_what_was_searched(visitor):
    tab = Tab(visitor, "/?q=+a++b&reading=1&enterprise=1&selected=1&api=native")

    assert [
        (name, value) for name, value in tab.fields() if name in {"q", "reading", "enterprise", "selected", "api"}
    ] == [
        ("q", "a b"),
        ("reading", "1"),
        ("enterprise", "1"),
        ("selected", "1"),
        ("api", "native"),
    ]


def test_search_that_finds_nothing_offers_the_way_back(visitor):
    tab = Tab(visitor, "/?q=no+such+thing")
    assert tab.page.select("#tree div.nothing")

    tab.send("clear:")

    assert (tab.address, tab.find("q")["value"], tab.boxes("o")) == ("/", "", list(CATALOG.operations))


def test_search_that_finds_nothing_offers_tasks_that_speak_of_it_and_keeps_the_draft(visitor):
    tab = Tab(visitor, f"{address_of(selection(ATTACH))}&q=disk+xyzzy&reading=1")
    task = next(task for task in templates() if "disks" in task.title)

    assert tab.page.select("#tree div.nothing")
    links = {words(link): link["href"] for link in tab.page.select(".nothing-tasks a")}
    assert links[task.title] == address_of(selection(ATTACH)).replace("/?", f"/start/{task.slug}/?")
    offered = [f"{each.title} {each.description}".casefold() for each in templates() if each.title in links]
    assert all("disk" in text or "volume" in text for text in offered)

    several = Tab(visitor, "/?q=resize+server+xyzzy").page.select(".nothing-tasks a")
    assert words(several[0]) == "Resize servers"


def test_select_all_that_was_found(visitor):
    tab = Tab(visitor, f"{address_of(selection(START))}&q=disk&reading=1")
    found = tab.boxes("o")
    assert tab.text("all-found") == f"Select all {len(found)} found"

    tab.send("all:found")
    assert draft_of(tab).selection == selection(START, *found)
    tab.send("none:found")
    assert draft_of(tab).selection == selection(START)


def test_select_all_under_a_filter_names_and_takes_only_what_is_shown(visitor):
    tab = Tab(visitor, f"{address_of(selection(START))}&reading=1")
    shown = [id_ for id_ in tab.boxes("o") if id_.startswith(DISKS)]
    [button] = map(words, tab.page.select(f"#all-{element_id(DISKS)}"))
    assert str(len(shown)) in button
    assert button.endswith(CATALOG.categories[DISKS].title)

    tab.send(f"all:{DISKS}")

    assert draft_of(tab).selection == selection(START, *shown)
    assert 0 < len(shown) < len(CATALOG.categories[DISKS].operations)


# A plain form


def test_plain_form_leads_to_the_address_of_the_changed_draft(visitor, tab):
    response = submit(visitor, tab.tick(ATTACH).fields("search"), htmx=False)

    assert (response.status_code, response["Location"]) == (303, address_of(selection(ATTACH), **{"from": ""}))
    assert response.content == b""


def test_plain_form_keeps_the_draft_before_for_undo(visitor):
    tab = Tab(visitor, address_of(selection(ATTACH), name="a"))
    after = tab.tick(DETACH).type("name", "b").send_plainly("search")

    was, now = Draft.of(selection(ATTACH), "a"), Draft.of(selection(ATTACH, DETACH), "b")
    assert after.address == address(now, **{"from": encode(was)})
    assert after.send_plainly("undo").address == address(was)


def test_plain_form_keeps_the_view(visitor):
    tab = Tab(visitor, f"/?q=disk&reading=1&open={DISKS}")
    after = tab.choose("api", "own").send_plainly("search")

    assert after.address == f"/?q=disk&reading=1&api=own&open={quote(DISKS, safe='')}"


def test_plain_form_without_a_change_has_nothing_to_undo(visitor):
    tab = Tab(visitor, address_of(selection(ATTACH)))

    assert tab.send_plainly("search").address == address_of(selection(ATTACH))


def test_plain_form_that_cannot_be_done_is_answered_with_the_page_and_the_reason(visitor):
    tab = Tab(visitor, address_of(selection(ATTACH)))
    after = tab.tick(DETACH).type("action", "ecs:servers:fly").send_plainly("add")

    assert after.find("problems")["role"] == "alert"
    assert after.texts("#problems li") == ["“ecs:servers:fly” is not in the catalogue. Choose an action from the list."]
    assert draft_of(after).selection == selection(ATTACH, DETACH)


# A change through htmx


def test_tick_changes_only_what_it_changes(tab):
    response = tab.tick(ATTACH).send()

    other = {f"beside-{element_id(DISKS)}--attaching-a-disk-to-an-ecs-native"}
    assert ids(response) == WITH_THE_FIRST | counters(DISKS) | {f"state-{element_id(ATTACH)}"} | other


def test_tick_brings_the_rows_whose_state_it_changes(tab):
    """QUERY makes two more operations work, START leaves two incomplete: their rows say so, in other categories."""
    response = tab.tick(QUERY, START).send()

    also = (f"{GROUPS}/querying-ecs-groups", f"{TAGS}/querying-project-tags")
    lacking = (LIST_NATIVE, f"{LIFECYCLE}/querying-details-about-ecss-native")
    states = {f"state-{element_id(id_)}" for id_ in (QUERY, START, *lacking, *also)}
    beside = {"causes", "tally-also", "cascade-preview"}
    beside |= {f"beside-{element_id(id_)}" for id_ in lacking}  # QUERY has a box in their rows
    assert ids(response) == WITH_THE_FIRST | beside | counters(LIFECYCLE, STATUS, GROUPS, TAGS) | states
    assert [tab.state(id_) for id_ in also] == ["Also allowed", "Also allowed"]
    assert missing(tab, LIST_NATIVE) == ["ecs:diskConfigs:use", "ecs:securityGroups:use"]


def test_tick_turns_the_options_of_its_row_on(tab):
    response = tab.tick(CREATE).send()

    rows = {f"row-{element_id(CREATE)}", f"beside-{element_id(LIFECYCLE)}--creating-an-ecs-native"}
    assert ids(response) == WITH_THE_FIRST | counters(LIFECYCLE) | rows
    assert tab.boxes("p", ticked=True) == [EIP_NEW, EIP_EXISTING]


def test_option_changes_the_policy_and_leaves_its_row_alone(visitor):
    tab = Tab(visitor, address_of(selection(CREATE)))
    response = tab.option(EIP_NEW).send()

    assert ids(response) == WITH_EVERY_CHANGE | {"tally-conditional"}
    assert tab.boxes("p", ticked=True) == [EIP_EXISTING]


def test_incomplete_operation_says_what_is_missing_and_gets_it_in_one_click(tab):
    tab.tick(START).send()
    assert missing(tab, LIST_NATIVE) == ["ecs:diskConfigs:use", "ecs:securityGroups:use"]
    assert "and 9 more" in tab.state(LIST_NATIVE)
    assert tab.state(LIST_NATIVE).endswith(f"Needed by {CATALOG.operation(START).title}")

    tab.send(f"complete:{LIST_NATIVE}")

    assert draft_of(tab).selection == selection(START, LIST_NATIVE)


def test_operation_without_any_option_is_incomplete_until_all_are_on_again(visitor):
    tab = Tab(visitor, address_of(selection(CREATE)))
    tab.option(EIP_NEW).send()
    assert tab.state(CREATE) == ""
    tab.option(EIP_EXISTING).send()
    assert missing(tab, CREATE) == ["vpc:publicIps:create"]

    tab.send(f"complete:{CREATE}")

    assert draft_of(tab).selection == selection(CREATE)
    assert tab.boxes("p", ticked=True) == [EIP_NEW, EIP_EXISTING]


def test_dependency_stays_until_the_last_operation_that_needs_it_goes(visitor):
    tab = Tab(visitor, address_of(selection(START, STOP)))
    start, stop = (CATALOG.operations[id_].title for id_ in (START, STOP))
    why = ".grant:not(.grant-left) .grant-why > span:not(.badge):not(.grant-ways), .grant-why > details > summary"
    assert tab.texts(f"#granted {why}") == [f"Needed by {stop}", "Needed by 2 operations"]

    tab.tick(STOP).send()
    assert tab.texts(f"#granted {why}") == [f"Needed by {start}"]

    tab.tick(START).send()
    assert not tab.has("json")


def test_dependencies_of_dependencies_are_previewed_and_granted_on_request(visitor):
    metadata = "ecs/metadata-management/obtaining-ecs-metadata-with-a-specified-key-native"
    tab = Tab(visitor, address_of(selection(metadata)))

    def preview() -> list[str]:
        assert tab.texts("#cascade-preview code")[0] == "ecs:diskConfigs:use"
        return re.findall(r"\d+", tab.text("cascade-preview"))

    assert preview() == ["19", "9"]
    before = tab.text("cascade-preview")

    tab.turn(tab.find("dependencies")).send()

    assert preview() == ["19", "9"]
    assert tab.text("cascade-preview") != before
    assert draft_of(tab).selection == selection(metadata, dependencies="all")
    assert tab.json() == json_of(selection(metadata, dependencies="all"))


def test_command_turns_the_boxes_that_it_ticks(tab):
    response = tab.send(f"all:{BATCH}")

    rows = [operation.id for operation in CATALOG.categories[BATCH].operations]
    beside = {
        f"beside-{element_id(f'{STATUS}/{verb}-an-ecs-native')}" for verb in ("starting", "stopping", "restarting")
    }
    brought = {*beside, *(f"row-{element_id(id_)}" for id_ in rows), f"levels-{element_id(BATCH)}"}
    assert ids(response) == WITH_THE_FIRST | counters(BATCH) | brought
    assert tab.boxes("o", ticked=True) == rows


def test_search_changes_the_tree_and_nothing_else(visitor):
    tab = Tab(visitor, address_of(selection(ATTACH)))
    response = tab.type("q", "disk").send()

    assert ids(response) == {"problems", "tree", "rail-body", "status", "draft-file-view"}
    assert "HX-Push-Url" not in response.headers
    assert response["HX-Replace-Url"] == tab.address == f"{address_of(selection(ATTACH))}&q=disk"
    assert tab.boxes("o", ticked=True) == [ATTACH]
    assert tab.text("status").endswith(f"{len(tab.boxes('o'))} operations and 12 single actions found")


def test_search_of_a_pasted_call_is_put_into_the_field_as_what_is_meant(tab):
    assert "q" not in ids(tab.type("q", " disk ").send())
    call = "curl -H 'X-Auth-Token: abc' https://ecs.eu-de.otc.t-systems.com/v1/0123456789abcdef0123456789abcdef/cloudservers"
    assert "q" in ids(tab.type("q", call).send())

    assert tab.find("q")["value"] == "GET /v1/{id}/cloudservers"
    assert "abc" not in tab.address


def test_pasted_text_of_which_nothing_can_be_searched_is_told(tab):
    answer = tab.type("q", "X-Auth-Token: abc").send()

    assert "names no API call" in answer.content.decode()
    assert tab.find("q")["value"] == ""
    assert "abc" not in tab.address


def test_words_that_are_near_are_searched_in_one_click(visitor):
    tab = Tab(visitor, f"{address_of(selection(ATTACH))}&q=no+such+thing")
    near = tab.texts(".nothing-ways button")
    assert near == list(search_of(CATALOG).nearest(("no", "such", "thing")))

    tab.send(f"find:{near[0]}")

    assert tab.find("q")["value"] == near[0]
    assert draft_of(tab).selection == selection(ATTACH)


def test_single_action_that_is_found_is_added_and_removed(visitor):
    """Only its row changes, and what is typed to be added stays."""
    tab = Tab(visitor, f"{address_of(selection(ATTACH))}&q=evs:volumes")
    row = "single-evs__volumes__get"
    assert tab.text("hits") == "0 operations and 9 single actions found"
    assert tab.page.select("#tree div.nothing") == []
    assert [words(each.find("code")) for each in tab.page.select(".single:has(.badge)")] == ["evs:volumes:use"]

    response = tab.type("action", "ecs:servers:get").send("add:evs:volumes:get")

    assert ids(response) == WITH_EVERY_CHANGE | {"verdict", "tally-chosen", row}
    assert tab.json() == json_of(selection(ATTACH, actions=["evs:volumes:get"]))
    assert "Added individually" in tab.text(row)
    assert tab.find("action")["value"] == "ecs:servers:get"

    tab.send("remove:evs:volumes:get")
    assert tab.json() == json_of(selection(ATTACH))
    assert "Added individually" not in tab.text(row)


def test_single_action_that_is_removed_under_the_filter_for_what_is_selected_can_be_added_again(visitor):
    """It stays until the tree is filtered anew, as an operation does; what is added meanwhile is not listed."""
    tab = Tab(visitor, f"{address_of(selection(actions=['evs:volumes:get']))}&q=evs:volumes&selected=1")
    row = "single-evs__volumes__get"

    tab.send("remove:evs:volumes:get")
    assert "add:evs:volumes:get" in tab.commands()
    assert row not in ids(tab.type("action", "evs:volumes:list").send("add"))
    tab.send("add:evs:volumes:get")

    assert "Added individually" in tab.text(row)
    assert tab.json() == json_of(selection(actions=["evs:volumes:get", "evs:volumes:list"]))


def test_single_actions_follow_ticks_and_wildcards(visitor):
    tab = Tab(visitor, f"/?open={DISKS}&q=disk")
    use = "single-evs__volumes__use"

    assert use in ids(tab.tick(ATTACH).send())
    assert "Granted with something else" in tab.text(use)
    tab.tick(ATTACH).send()
    assert "Granted" not in tab.text(use)

    tab.type("action", "evs:volumes:*").send("add")
    assert "Granted with something else" in tab.text(use)
    assert tab.find("action").get("value", "") == ""


def test_tick_on_a_page_with_opened_categories_leaves_the_tree_alone(visitor):
    tab = Tab(visitor, f"/?open={DISKS}&q=disk")
    response = tab.tick(ATTACH).send()

    assert "tree" not in ids(response)
    assert tab.address == f"{address_of(selection(ATTACH))}&q=disk&open={quote(DISKS, safe='')}"


def test_tick_and_search_at_once_both_count(visitor, tab):
    response = tab.tick(ATTACH).type("q", "disk").send()

    assert {"tree", "json-part"} <= ids(response)
    assert response["HX-Push-Url"] == f"{address_of(selection(ATTACH))}&q=disk"
    assert seen(tab, without=OF_THE_CHANGE) == seen(Tab(visitor, tab.address), without=OF_THE_CHANGE)


def test_form_that_changes_nothing_is_answered_with_nothing(visitor):
    tab = Tab(visitor, address_of(selection(ATTACH)))
    response = tab.send()

    assert ids(response) == {"problems", "status"}
    assert not {"HX-Push-Url", "HX-Replace-Url"} & set(response.headers)


def test_change_is_a_step_of_the_history(tab):
    response = tab.tick(ATTACH).send()

    assert response["HX-Push-Url"] == address_of(selection(ATTACH))
    assert "HX-Replace-Url" not in response.headers


def test_refused_command_is_said_and_changes_nothing(visitor):
    tab = Tab(visitor, address_of(selection(ATTACH)))
    response = tab.type("action", "<b>fly</b>").send("add")

    assert ids(response) == {"problems", "status"}
    assert tab.find("problems")["role"] == "alert"
    assert tab.texts("#problems li") == [
        "'<b>fly</b>' is not an action. Expected service:resourceType:verb, e.g. ecs:servers:list."
    ]
    assert "HX-Push-Url" not in response.headers

    tab.tick(DETACH).send()

    assert tab.texts("#problems li") == []


def test_added_action_empties_its_field(tab):
    response = tab.type("action", "ecs:servers:get").send("add")

    assert ids(response) >= WITH_EVERY_CHANGE | {"action"}
    assert "value" not in tab.find("action").attrs
    assert draft_of(tab).selection == selection(actions=["ecs:servers:get"])


def test_name_is_in_the_title_the_link_and_the_file(tab):
    tab.tick(ATTACH).send()
    tab.type("name", "team-a").send()

    assert tab.page.title.string == "team-a · Policy Builder"
    assert draft_of(tab) == Draft.of(selection(ATTACH), "team-a")
    assert tab.address == address_of(selection(ATTACH), name="team-a")
    assert tab.find("download")["download"] == "team-a.json"
    assert tab.text("name-problem") == ""


def test_name_that_iam_refuses_is_said_beside_it(tab):
    tab.type("name", "two words").send()
    assert tab.text("name-problem") == wording.NAME_WITH_SPACES

    tab.type("name", "x" * 65).send()
    assert tab.text("name-problem") == wording.NAME_TOO_LONG.format(most=64, n=65)


def test_htmx_answer_differs_from_the_page_and_says_so_to_caches(visitor, tab):
    response = tab.tick(ATTACH).send()

    assert "HX-Request" in response["Vary"]


def test_opening_a_draft_is_the_same_page_for_htmx(visitor):
    """As when a page is restored from the history: a part of it would be shown as the whole."""
    plain, htmx = (visitor.get(address_of(selection(ATTACH)), headers=headers) for headers in ({}, HTMX))

    assert plain.content == htmx.content


def test_nothing_is_kept_of_an_anonymous_visitor(visitor, tab):
    answers = [
        visitor.get("/"),
        tab.tick(ATTACH).send(),
        submit(visitor, tab.tick(DETACH).fields("search"), htmx=False),
    ]

    assert [answer.cookies.output() for answer in answers] == ["", "", ""]
    assert "csrf" not in str(tab.page).lower()


# Undo and the alarm


def change_switch(tab: Tab) -> None:
    tab.turn(tab.find("dependencies")).send()


def change_name(tab: Tab) -> None:
    tab.type("name", "other").send()


def change_everything(tab: Tab) -> None:
    tab.send("reset")


def change_left_out(tab: Tab) -> None:
    tab.send("leave-out:evs:volumes:use")


def change_boxes(tab: Tab) -> None:
    tab.tick(ATTACH, START).send()


def change_option(tab: Tab) -> None:
    tab.option(EIP_NEW).send()


@pytest.mark.parametrize(
    "change", [change_switch, change_name, change_everything, change_left_out, change_boxes, change_option]
)
def test_undo_returns_to_the_page_as_it_was(visitor, change):
    before = Draft.of(
        selection(ATTACH, CREATE, options_off=[tuple(EIP_EXISTING.split("#"))], dependencies="all"), "team-a"
    )
    tab = Tab(visitor, address(before))
    was = seen(tab, without=OF_THE_CHANGE)
    change(tab)
    assert draft_of(tab) != before

    tab.send("undo")

    assert (draft_of(tab), tab.address) == (before, address(before))
    assert seen(tab, without=OF_THE_CHANGE) == was
    tab.send()  # and the page's own fields do not bring the change back
    assert draft_of(tab) == before


def test_clear_turns_the_switch_off_for_good(visitor):
    tab = Tab(visitor, address_of(selection(ATTACH, dependencies="all"), name="kept"))
    tab.send("reset")
    tab.tick(DETACH).send()

    assert draft_of(tab) == Draft.of(selection(DETACH), "kept")


def test_undo_is_no_step_of_its_own(visitor, tab):
    """Back would lead from it to what was undone."""
    fields = tab.tick(ATTACH).fields()
    change = submit(visitor, fields, htmx=True)
    assert "HX-Push-Url" in change.headers
    tab.send()

    undone = submit(visitor, tab.fields("undo"), htmx=True)

    assert (undone.headers["HX-Replace-Url"], "HX-Push-Url" in undone.headers) == ("/", False)


def test_change_that_makes_the_policy_iam_only_raises_the_alarm(visitor):
    tab = Tab(visitor, address_of(selection(ATTACH)))
    tab.tick(START, LOCK).send()

    start, lock, batch = (CATALOG.operations[id_].title for id_ in (START, LOCK, START_BATCH))
    alarm = tab.find("alarm")
    assert alarm["role"] == "alert"
    assert tab.texts("#alarm .alarm-head strong") == [NOW_IAM_ONLY]
    assert tab.texts("#alarm .alarm-why") == [f"“{start}” was chosen. “{lock}” was chosen."]
    assert tab.texts("#alarm .culprit-title") == [start, lock]
    assert {button["value"] for button in alarm.select("button[name=do]")} == {
        "undo",
        f"swap:{START}",
        f"untick:{START}",
        f"untick:{LOCK}",
    }
    assert f"Swap for “{batch}”" in tab.text("alarm")
    assert alarm.select_one("a")["href"] == address_of(selection(ATTACH, START, LOCK), page="split")


def test_alarm_is_raised_once_and_gone_with_the_next_change(tab):
    tab.tick(START).send()
    assert tab.text("alarm") != ""

    tab.tick(ATTACH).send()

    assert tab.text("alarm") == ""
    assert tab.text("verdict").startswith("IAM-only")
    tab.tick(LOCK).send()
    assert tab.text("alarm") == ""


def test_alarm_stays_while_nothing_changes(tab):
    tab.tick(START).send()
    raised = tab.text("alarm")

    tab.type("q", "disk").send()
    tab.type("action", "no").send("add")

    assert tab.text("alarm") == raised != ""


@pytest.mark.parametrize("command", [f"swap:{START}", f"untick:{START}", "undo"])
def test_alarm_is_answered_in_one_click(visitor, tab, command):
    tab.tick(START).send()
    tab.send(command)

    expected = selection(START_BATCH) if command.startswith("swap") else selection()
    assert (draft_of(tab).selection, tab.text("alarm")) == (expected, "")
    assert not tab.text("verdict").startswith("IAM-only")
    assert seen(tab, without=OF_THE_CHANGE) == seen(Tab(visitor, tab.address), without=OF_THE_CHANGE)


def test_all_that_have_an_alternative_are_swapped_at_once(tab):
    tab.tick(START, STOP, LOCK).send()
    tab.send("swap-all:")

    assert draft_of(tab).selection == selection(START_BATCH, STOP_BATCH, LOCK)


@pytest.mark.parametrize(
    ("before", "after", "raised"),
    [
        (selection(), selection(LOCK), True),
        (selection(ATTACH), selection(ATTACH, LOCK), True),
        (selection(START), selection(LOCK), False),
        (selection(LOCK), selection(), False),
        (selection(), selection(ATTACH), False),
        (selection(LOCK), selection(LOCK), False),
    ],
)
def test_alarm_without_javascript_comes_from_the_draft_before(visitor, before, after, raised):
    tab = Tab(visitor, address_of(after, **{"from": encode(Draft.of(before))}))

    assert (tab.text("alarm") != "") is raised
    assert ("undo" in tab.commands()) is (before != after)


def test_link_to_an_iam_only_draft_raises_no_alarm(visitor):
    tab = Tab(visitor, address_of(selection(LOCK)))

    assert (tab.text("alarm"), "undo" in tab.commands()) == ("", False)


# With htmx and without


@law_of_pages
@given(st.data())
def test_htmx_makes_of_the_page_what_a_plain_form_opens(visitor, data):
    """Whatever was done before: the answer's parts, put in their places, make the page that its address opens.

    And with the draft before in the address, as a plain form has it, they make that page to the last alarm.
    """
    several = several_drafts().map(lambda draft: address(draft, View(at=draft.editable(0))))
    tab = Tab(visitor, data.draw(st.just("/") | drafts().map(address) | several))
    for _ in range(data.draw(st.integers(0, 4))):
        tab.send(act(tab, data))
    command = act(tab, data)
    plain, was = tab.send_plainly(command), draft_of(tab)
    tab.send(command)
    changed = draft_of(tab) != was

    # Under "Selected" rows stay in sight when they are unticked, until the next search. Without a script, nothing is
    # said of what was undone.
    apart = {"tree", "rail-body"} if "selected=1" in tab.address else set()
    changed = changed and command != "undo"
    apart |= set() if changed else {"history", "alarm", "touched", "touched-xa", "touched-ax"}
    assert seen(tab, without=apart) == seen(plain, without=apart)
    if not plain.text("problems"):
        before = f"{'&' if '?' in tab.address else '?'}from={encode(was)}" if changed else ""
        assert plain.address == f"{tab.address}{before}"
    assert draft_of(tab) == decode(CATALOG, parse_qs(urlsplit(tab.address).query).get("draft", [""])[0]).draft


def test_address_that_htmx_pushes_opens_the_page_that_it_made(visitor, tab):
    tab.tick(QUERY, START, CREATE).type("name", "a b").type("q", "native").send()
    tab.turn(tab.find("dependencies")).send()

    assert seen(tab, without=OF_THE_CHANGE) == seen(Tab(visitor, tab.address), without=OF_THE_CHANGE)


@law_of_pages
@given(st.data())
def test_htmx_is_sent_no_part_that_stays_as_it_is(visitor, data):
    """Apart from the draft itself, which scripts put into the links, and what says how the change went."""
    tab = Tab(visitor, data.draw(drafts().map(address)))
    command = act(tab, data)
    token, was = tab.find("draft")["value"], contents(tab.page)
    response = tab.send(command)
    now = {id_: text.replace(tab.find("draft")["value"] or "-", token) for id_, text in contents(tab.page).items()}

    def stays(part: Element) -> bool:
        return all(was.get(each["id"]) == now[each["id"]] for each in [part, *part.find_all(attrs={"id": True})])

    of_the_change = {"problems", "alarm", "touched", "touched-xa", "touched-ax"}
    sent = ids(response) - of_the_change - {"status", "draft", "tree", "causes", "condition-editor", "limits"}
    assert [id_ for id_ in sorted(sent) if tab.has(id_) and stays(tab.find(id_))] == []


@law_of_pages
@given(st.data())
def test_htmx_replaces_no_box_that_is_right_and_no_counter_that_stays(visitor, data):
    tab = Tab(visitor, data.draw(drafts().map(address)))
    command = act(tab, data)
    was = contents(tab.page)
    response = submit(visitor, tab.fields(command), htmx=True)
    sent = ids(response)
    tab.send(command)
    now = contents(tab.page)

    def differ(prefix):
        return {id_ for id_ in now if id_.startswith(prefix) and now[id_] != was.get(id_)}

    turned = {box.find_parent("li")["id"] for id_ in differ("o-") | differ("p-") if (box := tab.find(id_))}
    if "tree" not in sent:
        assert {id_ for id_ in sent if id_.startswith("row-")} == turned
        changed = {id_ for id_ in differ("state-") if id_.replace("state-", "row-", 1) not in turned}
        assert {id_ for id_ in sent if id_.startswith("state-")} >= changed
    assert {id_ for id_ in sent if id_.startswith("rail-")} >= differ("rail-")


def test_command_about_a_category_that_the_filter_hides_has_places_for_its_parts(tab):
    """The button is in the alarm, and its operations are in categories that are not in the tree."""
    tab.tick(START).send()
    tab.type("q", "disk").send()
    tab.send(f"swap:{START}")
    tab.type("q", "").send()

    assert tab.text(f"rail-{element_id(BATCH)}") == ", 1/ of 3 selected"


def test_command_under_the_filter_for_what_is_selected_has_places_for_its_parts(tab):
    tab.tick(START).send()
    tab.filter("selected").send()
    tab.send(f"swap:{START}")  # selects what the tree, older than this, does not hold
    tab.send("undo")

    assert draft_of(tab).selection == selection(START)


# What may be asked for


def test_head_is_a_page_without_its_body(visitor):
    head, get = visitor.head("/"), visitor.get("/")

    assert (head.status_code, head.content) == (200, b"")
    assert dict(head.headers) == dict(get.headers)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_other_methods_are_refused(visitor, method):
    response = getattr(visitor, method)("/")

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, POST")


def test_every_part_of_the_answer_to_a_search_stands_on_its_own(visitor):
    """`parts` refuses one inside another, which htmx would put in its place a second time."""
    tab = Tab(visitor, address_of(EVERYTHING))

    assert len(parts(submit(visitor, tab.type("q", "disk").fields(), htmx=True))) == 5
