"""One draft as two policies side by side."""

import json
from dataclasses import replace

import pytest
from hypothesis import example, given, settings

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.compiler import compile_blocks
from policybuilder.domain.building.scope_division import BOTH, LIST_ACTIONS_FIRST, ONLY_IAM, UNDIVIDED
from policybuilder.domain.building.selection_split import split_by_scope
from policybuilder.domain.catalog.scope import Goal, Verdict, judge
from policybuilder.domain.policy.document import Effect
from policybuilder.drafts.addresses import address
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.link import LINK_CUT, encode
from policybuilder.pages.builder.verdict import WORKS_AT
from policybuilder.pages.builder.view import NO_ALLOW_TO_SPLIT, NOTHING_TO_SPLIT
from tests.laws import examples
from tests.pages.builder.strategies import drafts, law_of_pages
from tests.pages.tab import (
    ATTACH,
    CATALOG,
    CREATE,
    DETACH,
    EIP_NEW,
    LOCK,
    START,
    Tab,
    address_of,
    json_of,
    parse,
    selection,
    texts,
    words,
)

HALVES = ("enterprise", "iam")


def get(visitor, where):
    response = visitor.get(where)
    assert response.status_code == 200
    return parse(response)


def half(page, id_):
    return page.find(id=f"half-{id_}").find_parent("section")


def actions(text: str) -> set[str]:
    return {name for statement in json.loads(text)["Statement"] for name in statement["Action"]}


def test_policy_is_split_in_what_works_in_enterprise_projects_and_the_rest(visitor):
    page = get(visitor, address_of(selection(ATTACH, START, LOCK), page="split"))

    assert page.find(id="json-enterprise").get_text() == json_of(selection(ATTACH))
    assert page.find(id="json-iam").get_text() == json_of(selection(START, LOCK))
    assert texts(half(page, "enterprise"), "h2, .half-verdict, .half-reach strong, .also li") == [
        "For enterprise projects",
        WORKS_AT.format(place="enterprise projects"),
        f"Can change {CATALOG.operations[ATTACH].title}",
    ]
    assert len(half(page, "iam").select(".half-reach strong")) == 1
    assert texts(half(page, "iam"), "h2, .half-verdict, .also li") == [
        "Companion for IAM projects",
        WORKS_AT.format(place="IAM projects"),
        f"Can change {CATALOG.operations[START].title}",
        f"Can change {CATALOG.operations[LOCK].title}",
    ]


@law_of_pages
@given(drafts())
def test_parts_together_grant_what_the_one_did(visitor, draft):
    page = get(visitor, address(draft, name="split"))
    parts = split_by_scope(CATALOG, draft.selection)
    if not all(actions(json_of(getattr(parts, id_))) for id_ in HALVES):
        assert not any(page.find(id=f"json-{id_}") for id_ in HALVES)
        return
    found = {id_: page.find(id=f"json-{id_}") for id_ in HALVES}

    assert {id_: element.get_text() for id_, element in found.items() if element} == {
        id_: json_of(part) for id_ in HALVES if (part := getattr(parts, id_)) and actions(json_of(part))
    }
    granted = {id_: actions(element.get_text()) for id_, element in found.items() if element}
    matched = [
        {each for name in names for each in (name, *CATALOG.action_index.expand(name))} for names in granted.values()
    ]
    whole = actions(json_of(draft.selection))
    assert set().union(*matched) == {each for name in whole for each in (name, *CATALOG.action_index.expand(name))}
    assert judge(CATALOG, granted.get("enterprise", ())).verdict is not Verdict.IAM_ONLY


@law_of_pages
@given(drafts())
@example(Draft.of(selection(START)))  # IAM-only as a whole
@example(Draft.of(selection(ATTACH, START)))
def test_builder_and_next_page_offer_a_split_only_where_the_policy_is_split(visitor, draft):
    draft = replace(draft, goal=Goal.ENTERPRISE_PROJECT)
    split = get(visitor, address(draft, name="split")).find(id="json-iam")

    for name in ("builder", "next"):
        offered = get(visitor, address(draft, name=name)).find("a", string="Split in two policies")
        assert split or not offered, name


@settings(law_of_pages, max_examples=examples(6))
@given(drafts())
def test_each_part_is_taken_as_it_is_shown(visitor, draft):
    page = get(visitor, address(draft, name="split"))

    for id_ in HALVES:
        if shown := page.find(id=f"json-{id_}"):
            download, builder = half(page, id_).select(".take a")
            response = visitor.get(download["href"])
            assert response.content.decode() == shown.get_text()
            assert response["Content-Disposition"] == f'attachment; filename="{download["download"]}"'
            assert Tab(visitor, builder["href"]).json() == shown.get_text()
            assert half(page, id_).select_one("button")["data-copy"] == shown["id"]


@pytest.mark.parametrize(("name", "stem"), [("team-a", "team-a"), ("", "custom-policy")])
def test_parts_have_names_of_their_own(visitor, name, stem):
    page = get(visitor, address_of(selection(ATTACH, START), name=name, page="split"))

    assert [link["download"] for link in page.select("a[download]")] == [f"{stem}-enterprise.json", f"{stem}-iam.json"]
    assert [Tab(visitor, link["href"]).find("name")["value"] for link in page.select(".take a:not([download])")] == [
        f"{stem}-enterprise",
        f"{stem}-iam",
    ]


def test_longest_name_still_makes_links_that_open_and_files_that_differ(visitor):
    page = get(visitor, address_of(selection(ATTACH, START), name="x" * 200, page="split"))

    assert [Tab(visitor, link["href"]).text("problems") for link in page.select(".take a:not([download])")] == ["", ""]
    assert len({link["download"] for link in page.select("a[download]")}) == 2


def test_parts_keep_options_and_what_was_left_out(visitor):
    wanted = selection(CREATE, START, options_off=[tuple(EIP_NEW.split("#"))], without=["ecs:servers:list"])
    page = get(visitor, address_of(wanted, page="split"))

    assert actions(page.find(id="json-enterprise").get_text()) == {
        "ecs:cloudServers:createServers",
        "vpc:publicIps:update",
    }
    assert actions(page.find(id="json-iam").get_text()) == {"ecs:servers:start"}


def test_single_actions_are_split_too(visitor):
    page = get(visitor, address_of(selection(actions=["ecs:servers:start", "ecs:cloudServers:start"]), page="split"))

    assert texts(half(page, "enterprise"), ".also li") == ["ecs:cloudServers:start added individually"]
    assert texts(half(page, "iam"), ".also li") == ["ecs:servers:start added individually"]


NOT_ACTION = '{"Effect":"Allow","NotAction":["ecs:*:*"]}'


@pytest.mark.parametrize(
    ("blocks", "told"),
    [
        ([Block(selection(LOCK))], ONLY_IAM),
        ([Block(selection(DETACH))], BOTH),
        ([Block(selection())], NOTHING_TO_SPLIT),
        ([Block(selection(LOCK), Effect.DENY)], NO_ALLOW_TO_SPLIT),
        (
            [Block(selection(START, ATTACH)), Block(kept=NOT_ACTION)],
            f"{UNDIVIDED} {LIST_ACTIONS_FIRST.format(n=2)}",
        ),
    ],
)
def test_policy_that_cannot_or_need_not_be_split_stays_one_and_the_page_says_why(visitor, blocks, told):
    draft = Draft(tuple(blocks))

    page = get(visitor, address(draft, name="split"))

    assert words(page.select_one(".nothing")) == told
    shown = [code.get_text() for code in page.select("code[id^=json-whole]")]
    assert shown == [
        each.text for each in compile_blocks(CATALOG, blocks).documents if json.loads(each.text)["Statement"]
    ]
    assert len(page.select(".half")) == (1 if shown else 0)


def test_way_back_keeps_the_draft_and_the_view(visitor):
    where = address_of(selection(START), name="a", page="split", q="disk")

    assert get(visitor, where).select_one("#way-back a")["href"] == address_of(selection(START), name="a", q="disk")


def test_damaged_link_says_what_could_not_be_opened(visitor):
    token = encode(Draft.of(selection(ATTACH, START)))[:-4]
    page = get(visitor, f"/split/?draft={token}")

    assert words(page.find(attrs={"role": "alert"})) == LINK_CUT.format(n=1)
