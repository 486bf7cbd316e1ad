"""A draft made shorter, or divided into policies that fit."""

import json
from urllib.parse import parse_qs, urlsplit

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.catalog.scope import Goal
from policybuilder.domain.policy.document import Effect
from policybuilder.drafts.addresses import View, address
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.link import decode, encode
from tests.pages.tab import ATTACH, CATALOG, DETACH, EVERYTHING, address_of, parse, selection, texts, words

MANY = [f"new:things{number // 40}:do{number}" for number in range(700)]


def get(visitor, where):
    response = visitor.get(where)
    assert response.status_code == 200
    return parse(response)


def matched(text: str) -> set[str]:
    """The actions of the catalogue that a policy without Deny grants, and the names that match none."""
    names = [name for statement in json.loads(text)["Statement"] for name in statement["Action"]]
    return {found for name in names for found in CATALOG.action_index.expand(name) or (name,)}


def test_shorter_policy_means_the_same_and_says_what_it_saves(visitor):
    page = get(visitor, address_of(EVERYTHING, page="shorten"))
    shorter = page.find(id="json-shorter").get_text()

    assert matched(shorter) == set(CATALOG.action_index.actions)
    saved = f"2735 characters become {len(json.dumps(json.loads(shorter), separators=(',', ':')))}."
    assert words(page.select_one(".warn-line")).startswith(f"{saved} The shorter policy uses wildcards.")
    assert texts(page, "main > p")[0] == "The policy has 2735 characters in 4 statements. It is within IAM’s limits."


def test_services_that_may_have_more_actions_are_named_as_those_without_wildcards(visitor):
    (said,) = texts(get(visitor, address_of(selection(ATTACH), page="shorten")), "main > p.hint")

    assert said == (
        "For Elastic Volume Service no wildcards are made: nothing states that the catalogue has all actions of it, "
        "so a wildcard could allow what nobody knows of."
    )
    assert texts(get(visitor, address_of(selection(DETACH), page="shorten")), "main > p.hint") == []


def test_shorter_policy_is_gone_on_with(visitor):
    """To where it was to be granted."""
    everything = Draft((Block(EVERYTHING),), "all", goal=Goal.ENTERPRISE_PROJECT)
    page = get(visitor, address(everything, name="shorten"))
    (link,) = [link for link in page.select("a.quiet") if words(link).startswith("Go on")]
    draft = decode(CATALOG, parse_qs(urlsplit(link["href"]).query)["draft"][0]).draft

    assert (draft.name, draft.selection.operations) == ("all-short", EVERYTHING.operations)
    assert draft.goal is Goal.ENTERPRISE_PROJECT


def test_policy_that_has_no_shorter_form_says_so(visitor):
    page = get(visitor, address_of(selection(actions=["evs:volumes:get"]), page="shorten"))

    assert texts(page, ".nothing") == ["No shorter form was found that means the same."]
    assert page.select(".half") == []


def test_arrangement_alone_is_no_reason_to_warn_of_wildcards(visitor):
    page = get(visitor, address_of(selection(actions=["evs:volumes:get", "vpc:ports:get"]), page="shorten"))

    assert "Nothing but the arrangement changes" in words(page.select_one(".warn-line"))


def test_policy_beyond_the_limits_is_divided_into_policies_that_fit(visitor):
    page = get(visitor, address_of(selection(ATTACH, actions=MANY), page="shorten"))
    parts = [code.get_text() for code in page.select("[id^=json-part-]")]

    assert "more than the 6,144 characters that IAM takes" in texts(page, "main > p")[0]
    assert len(parts) > 1
    assert set().union(*map(matched, parts)) == {*MANY, "ecs:cloudServers:attach", "evs:volumes:use"}
    for part in parts:
        statements = json.loads(part)["Statement"]
        assert len(json.dumps(json.loads(part), separators=(",", ":"))) <= 6144
        assert len(statements) <= 8
        assert max(len(statement["Action"]) for statement in statements) <= 100


def test_policy_whose_denies_leave_no_room_stays_one_and_it_is_said_why(visitor):
    denied = Block(selection(actions=[f"new:things0:{'x' * 80}{number}" for number in range(99)]), Effect.DENY)
    blocks = (Block(selection(actions=["new:*:*", *MANY]), resources=("x",)), denied)
    page = get(visitor, f"/shorten{address(Draft(blocks), View())}")

    assert texts(page, ".parts-head") == ["It stays one policy"]
    assert page.select("[id^=json-part-]") == []
    assert "What statement 1 allows has to stay together with statement" in texts(page, "main > p")[-1]


def test_deny_and_kept_statements_stay(visitor):
    kept = '{"Effect":"Deny","NotAction":["ecs:*:*"]}'
    blocks = (Block(EVERYTHING), Block(selection(ATTACH), Effect.DENY), Block(kept=kept))
    page = get(visitor, f"/shorten{address(Draft(blocks), View())}")
    shorter = json.loads(page.find(id="json-shorter").get_text())["Statement"]

    assert [each["Effect"] for each in shorter] == ["Allow", "Deny", "Deny"]
    assert shorter[2] == json.loads(kept)


def test_empty_draft_has_nothing_to_shorten(visitor):
    assert texts(get(visitor, "/shorten/"), ".nothing") == ["Nothing is selected yet, so there is nothing to shorten."]


def test_draft_that_no_address_holds_comes_in_a_form(visitor):
    response = visitor.post("/shorten/", {"draft": encode(Draft.of(EVERYTHING))})

    assert response.status_code == 200
    assert parse(response).find(id="json-shorter") is not None


def test_damaged_link_says_so(visitor):
    page = get(visitor, f"/shorten/?draft={encode(Draft.of(EVERYTHING))[:-4]}")

    assert texts(page, "[role=alert] li")[0].startswith("The link is damaged or cut off.")
