"""What a policy can begin with: what the page says about each, and where its links lead."""

import json
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from policybuilder.domain.access.evaluation import Project
from policybuilder.domain.catalog.name_index import uncovered
from policybuilder.domain.catalog.scope import Verdict
from policybuilder.domain.policy.document import dump
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.link import decode
from policybuilder.store.judged_starting_points import compiled_templates, judged_policies, known_templates
from policybuilder.store.starting_points import templates
from policybuilder.web.wording import VerdictInWords
from tests.pages.tab import ATTACH, CATALOG, START, address_of, parse, selection, texts, words

MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;{{ 7 }}{% now 'Y' %}"
COMPILED = compiled_templates(CATALOG)
JUDGED = judged_policies(CATALOG)
TITLES = [template.title for template in known_templates(CATALOG, templates())]
# One selection does for both kinds of projects.
SAME = {"resize-servers", "replace-operating-system"}


def get(visitor, where="/start/"):
    response = visitor.get(where)
    assert response.status_code == 200
    return parse(response)


def id_of(found) -> str:
    enterprise = found.variant.project is Project.ENTERPRISE and found.template.slug not in SAME
    return found.template.slug + ("-enterprise" if enterprise else "")


def draft_of(link) -> Draft:
    (token,) = parse_qs(urlsplit(link["href"]).query)["draft"]
    opened = decode(CATALOG, token)
    assert opened.problems == ()
    return opened.draft


def listed(element) -> list[str]:
    """The titles of operations, without whether they read or write."""
    return [text.split(" ", 1)[1] for text in texts(element, ".contents li")]


def shown(page) -> list[str]:
    return texts(page, ".start h3")


# What it shows


def test_every_template_and_system_policy_is_there(visitor):
    page = get(visitor)

    assert shown(page) == [*TITLES, *(judged.policy.name for judged in JUDGED)]
    assert texts(page, ".starts-head .tally") == [str(len(TITLES)), str(len(JUDGED))]
    assert len(page.select(".variant a.button")) == len(COMPILED) - len(SAME) + len(JUDGED)


def test_variants_say_what_they_contain(visitor):
    page = get(visitor)
    for found in COMPILED:
        variant, policy = page.find(id=id_of(found)), found.policy
        contained = (*policy.operations.selected, *policy.operations.also_allowed)

        assert words(variant.select_one(".scope")) == VerdictInWords(policy.scope).line
        assert words(variant.select_one(".variant-size")).startswith(f"{len(found.variant.operations)} operations (")
        assert listed(variant) == [CATALOG.operation(id_).title for id_ in contained]
        assert texts(variant, ".contents-actions code") == list(policy.document.actions())


def test_numbers_are_said_in_words(visitor):
    page = get(visitor)
    sizes = {
        "start-stop-restart": "8 operations (2 read, 6 write), 10 actions +2 also allowed",
        "everything": "91 operations (38 read, 53 write), 102 actions",
        "read-everything": "26 operations (all read), 22 actions",
        "ecs-readonlyaccess": "29 operations (27 read, 2 write), 10 entries",
    }

    assert {id_: words(page.find(id=id_).select_one(".variant-size")) for id_ in sizes} == sizes


def test_template_that_is_impossible_in_enterprise_projects_says_why(visitor):
    page = get(visitor)
    reasons = [template.impossible for template in known_templates(CATALOG, templates()) if template.impossible]

    found = [v for v in page.select(".variant") if "Not possible" in texts(v, ".scope")]
    assert [texts(variant, "h4, .variant-size") for variant in found] == [
        ["For enterprise projects", " ".join(reason.split())] for reason in reasons
    ]
    assert [variant.find("a") for variant in found] == [None] * len(reasons)


def test_variants_that_are_the_same_are_one(visitor):
    page = get(visitor)

    for slug in SAME:
        assert texts(page.find(id=slug), "h4") == ["For IAM and enterprise projects"]
        assert page.find(id=f"{slug}-enterprise") is None


def test_system_policies_are_shown_as_published(visitor):
    page = get(visitor)
    for judged in JUDGED:
        policy = judged.policy
        row = page.find(id=policy.slug).find_parent("li")

        assert page.find(id=f"json-{policy.slug}").get_text() == dump(policy.document)
        assert words(row.select_one(".scope")) == VerdictInWords(judged.scope).line
        assert row.select_one(".start-what a")["href"] == policy.source.url
        assert f"System-defined {policy.kind}" in words(row)
        assert f"{judged.size.characters} characters" in words(row)
        assert listed(row) == [CATALOG.operation(id_).title for id_ in judged.operations]


# Where its links lead


def test_links_open_exactly_the_selections_of_the_templates(visitor):
    page = get(visitor)
    for found in COMPILED:
        link = page.find(id=id_of(found)).select_one("a.button")

        assert draft_of(link) == Draft.of(found.variant.selection(CATALOG), f"ecs-{id_of(found)}")
        opened = get(visitor, link["href"])
        assert opened.find(id="json").get_text() == dump(found.policy.document)


def test_links_open_copies_of_the_system_policies(visitor):
    page = get(visitor)
    for judged in JUDGED:
        opened = get(visitor, page.find(id=judged.policy.slug).select_one("a.button")["href"])
        written = json.loads(opened.find(id="json").get_text())["Statement"]

        # What a wildcard of the same policy covers is not written beside it.
        expected = uncovered(judged.policy.document.actions())
        assert sorted(name for statement in written for name in statement["Action"]) == sorted(expected)
        assert opened.find(id="name")["value"] == f"{judged.policy.slug}-copy"


# Search and filter


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("disk", ["Manage disks of existing servers", "Read everything", "Replace the operating system of servers"]),
        ("DISKS manage", ["Manage disks of existing servers"]),
        ("windows", ["Get the passwords of Windows servers", "Everything"]),
        ("ecs:serverPasswords:manage", ["Get the passwords of Windows servers", "Everything"]),
        ("os-server-password", ["Get the passwords of Windows servers", "Everything"]),
        ("readonly", ["ECS ReadOnlyAccess"]),
    ],
)
def test_search_finds_tasks_and_what_they_contain(visitor, query, first):
    assert shown(get(visitor, f"/start/?q={quote(query)}"))[: len(first)] == first


def test_search_says_what_it_found_and_marks_it(visitor):
    page = get(visitor, "/start/?q=windows")

    assert texts(page, "mark") == ["Windows", "Windows"]
    assert texts(page.select(".start")[1], ".start-what > *") == [
        "Everything",
        "Every operation of the ECS API.",
        "The words stand in 2 of its operations.",
    ]
    assert page.find(id="q")["value"] == "windows"


def test_filter_leaves_what_works_in_enterprise_projects(visitor):
    page = get(visitor, "/start/?enterprise=1")
    working = {f.template.title for f in COMPILED if f.policy.scope.verdict is Verdict.IAM_AND_ENTERPRISE}

    assert shown(page) == [title for title in TITLES if title in working]
    assert set(texts(page, ".variant .scope")) == {"Works in IAM and enterprise projects"}
    assert [link["href"] for link in page.select(".variant a.button")] != []
    assert texts(page, "#published ~ *, .nothing")[-1].startswith("None of them works whole in enterprise projects")
    assert page.find("input", attrs={"name": "enterprise"}).has_attr("checked")


def test_nothing_found_says_how_to_go_on(visitor):
    page = get(visitor, address_of(selection(ATTACH), page="start", q="no such thing"))

    assert shown(page) == []
    everything, builder = page.select("#nothing a")
    assert everything["href"] == address_of(selection(ATTACH), page="start")
    assert builder["href"] == address_of(selection(ATTACH), q="no such thing")


# The draft that somebody came with


def test_draft_is_not_lost(visitor):
    wanted = selection(ATTACH, START)
    page = get(visitor, address_of(wanted, name="disk-team", page="start", q="disk"))
    here = address_of(wanted, name="disk-team")

    assert words(page.select_one(".begins-anew")) == (
        "Starting with one of these begins a new draft. Yours (“disk-team”, 4 actions: 2 selected, 2 needed)"
        " is not lost: it is one step Back from here."
    )
    assert [link["href"] for link in page.select("#way-back a, .begins-anew a")] == [here]
    hidden = page.select_one("form.start-find input[type=hidden]")
    assert decode(CATALOG, hidden["value"]).draft == Draft.of(wanted, "disk-team")
    assert draft_of(page.select_one(".variant a.button")).name == "ecs-manage-disks"


def test_without_a_draft_nothing_is_said_about_one(visitor):
    page = get(visitor)

    assert page.select(".begins-anew, #way-back a, input[type=hidden], [role=alert]") == []


def test_damaged_draft_is_said(visitor):
    page = get(visitor, "/start/?draft=1damaged")

    assert texts(page, "[role=alert] li") == [
        "The link is damaged: nothing in it could be read. Ask for it again, or start anew."
    ]
    assert shown(page)[: len(TITLES)] == TITLES


# Whatever is sent


@pytest.mark.parametrize("name", ["q", "enterprise", "draft", "open", "statement"])
def test_hostile_text_in_the_address_is_text(visitor, name):
    page = get(visitor, f"/start/?{name}={quote(MARKUP)}")

    assert page.find_all(["script", "img"]) == []
    assert page.find(id="q")["value"] == (MARKUP if name == "q" else "")


@pytest.mark.parametrize("text", ["%00", "%ED%A0%80", "%FF", "x" * 100_000, "%0D%0AX-Evil:%201", "[("])
def test_no_search_is_a_fault_of_ours(visitor, text):
    for name in ("q", "draft"):
        response = visitor.get(f"/start/?{name}={text}")
        assert response.status_code == 200
        assert "X-Evil" not in response.headers


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_only_get_is_taken(visitor, method):
    assert getattr(visitor, method)("/start/").status_code == 405


def test_page_is_linked_from_the_others(visitor):
    assert texts(get(visitor, "/"), '.masthead-links a[href="/start/"]') == ["Start from"]
