"""A draft whose actions are of both levels: two policies, each with its own JSON, heading, Copy and Download."""

import json

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.catalog.entries import Level
from policybuilder.drafts.addresses import address
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.link import MAX_LINK
from policybuilder.web.wording import LevelInWords
from tests.pages.tab import ATTACH, START, Tab, address_of, parse, selection, texts, words

MIXED = selection(ATTACH, actions=["ims:images:get"])


def test_each_policy_has_its_heading_place_size_json_and_ways_to_take_it_along(two_levels):
    tab = Tab(two_levels, address_of(MIXED, name="team-a"))

    assert tab.texts("#take a.button") == ["1. Project-level services", "2. Global services"]
    assert [link["href"] for link in tab.page.select("#take a.button")] == ["#document-xa", "#document-ax"]
    assert tab.texts(".document h3") == [
        "1. Project-level services: ECS, EVS",
        "2. Global services: IMS",
    ]
    hint = tab.page.select(".document > .hint")[1]
    assert words(hint).startswith(LevelInWords(Level.AX).place)
    assert texts(hint, "code") == ["team-a-global"]
    assert tab.texts("#document-ax .meter") == ["Characters78 of 6144", "Largest statement1 of 100"]
    for level, names in (("xa", ["ecs:cloudServers:attach", "evs:volumes:use"]), ("ax", ["ims:images:get"])):
        shown = tab.find(f"json-{level}").get_text()
        assert [name for s in json.loads(shown)["Statement"] for name in s["Action"]] == names
        assert tab.find(f"copy-{level}")["data-copy"] == f"json-{level}"
        link = tab.find(f"download-{level}")
        file = two_levels.get(link["href"])
        assert file.content.decode() == shown
        assert file["Content-Disposition"] == f'attachment; filename="{link["download"]}"'
    assert [tab.find(f"download-{level}")["download"] for level in ("xa", "ax")] == [
        "team-a.json",
        "team-a-global.json",
    ]
    assert tab.texts(".finding-code") == []
    assert not tab.has("json")


def test_second_policy_comes_and_goes_with_what_needs_it(two_levels):
    tab = Tab(two_levels, address_of(selection(ATTACH)))
    assert (tab.has("json"), tab.has("meter-characters"), tab.has("document-xa")) == (True, True, False)

    tab.type("action", "ims:images:get").send("add")
    assert (tab.has("json-xa"), tab.has("json-ax"), tab.has("meter-characters")) == (True, True, False)

    tab.send("undo")
    assert (tab.has("json"), tab.has("meter-characters"), tab.has("document-xa")) == (True, True, False)


def test_file_of_two_policies_is_one_of_them_or_is_asked_for(two_levels):
    where = address_of(MIXED, page="download", name="a")

    asked = two_levels.get(where)

    page = parse(asked)
    assert asked.status_code == 300
    assert texts(page, ".half h2") == ["1. Project-level services", "2. Global services"]
    assert [link["href"] for link in page.select(".half a.button")] == [f"{where}&level=XA", f"{where}&level=AX"]
    assert two_levels.get(f"{where}&level=x").status_code == 300
    assert two_levels.get(address_of(selection(ATTACH), page="download", level="AX")).status_code == 200


def test_draft_that_no_link_holds_is_taken_along_by_forms(two_levels):
    many = selection(ATTACH, actions=["ims:images:get", *(f"ims:x{n}y{n * n}:z{n * 7919}" for n in range(700))])
    token = address_of(many).removeprefix("/?draft=")
    assert len(token) > MAX_LINK
    page = parse(two_levels.post("/", {"draft": token, "do": "search"}))
    button = page.find(id="download-xa")

    response = two_levels.post(button["formaction"], {"draft": token, button["name"]: button["value"]})

    assert [s["Action"] for s in response.json()["Statement"]] == [["ecs:cloudServers:attach"], ["evs:volumes:use"]]
    asked = parse(two_levels.post("/policy.json", {"draft": token}))
    assert [(b["name"], b["value"]) for b in asked.select(".half form button")] == [("level", "XA"), ("level", "AX")]


def test_finding_names_its_policy_and_line_and_is_mended_there(two_levels):
    """The older name of an action, in another place there than in the draft as a whole."""
    blocks = [Block(selection(actions=[name])) for name in ("ims:images:get", "ecs:cloudServers:put")]
    tab = Tab(two_levels, address(Draft(tuple(blocks))))

    link = tab.page.select_one(".finding-line")
    assert words(link) == "policy 1, line 7"
    assert tab.find(link["href"].removeprefix("#")).get_text().strip() == '"ecs:cloudServers:put"'
    tab.send(tab.page.select_one(".finding button")["value"])

    assert '"ecs:cloudServers:put"' not in tab.find("json-xa").get_text()
    assert tab.find("json-ax").get_text().count("ims:images:get") == 1


def test_split_by_scope_shows_both_policies_of_a_half(two_levels):
    page = parse(
        two_levels.get(address_of(selection(ATTACH, START, actions=["ims:images:get"]), page="split", name="a"))
    )

    assert [code["id"] for code in page.select("code[id]")] == ["json-enterprise-xa", "json-enterprise-ax", "json-iam"]
    assert texts(page, ".half h3") == [
        "Project-level services: ECS, EVS",
        "Global services: IMS",
        "Operations",
        "Operations",
    ]
    files = [link["download"] for link in page.select("a[download]")]
    assert files == ["a-enterprise.json", "a-enterprise-global.json", "a-iam.json"]
