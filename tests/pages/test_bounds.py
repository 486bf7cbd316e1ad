"""A draft that could not be shown in time is never made, by whatever way, and one in a link is not opened in part.

What there is too much of is said; whatever was there before stays.
"""

import json

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.building import importing
from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.bounds import (
    DRAFT_TOO_LARGE,
    TOO_MANY_ACTIONS,
    TOO_MANY_WILDCARDS,
    excess,
    excess_of,
)
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.jsontext.source import TOO_MUCH
from policybuilder.domain.policy.document import Effect
from policybuilder.drafts.addresses import address
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.entries import TOO_LARGE
from policybuilder.drafts.link import decode, encode
from policybuilder.errors import TOO_MUCH_TO_ANSWER
from policybuilder.middleware import MAX_ANSWER, AnswerLimits
from policybuilder.pages.access import group as groups
from policybuilder.pages.picture.view import MOST_ROWS
from tests.elements import read_elements
from tests.laws import tried
from tests.pages.tab import ATTACH, CATALOG, HTMX, Tab, parse, selection, texts, words
from tests.sweeps import sweep

# Each matches something, so that the builder takes it.
WILDCARDS = sorted({f"{name[: name.rindex(':') + at]}*" for name in CATALOG.action_index.actions for at in (2, 3, 4)})[
    :101
]
ACTIONS = [f"dns:zone{at}:get" for at in range(801)]
TOO_MANY = TOO_MANY_WILDCARDS.format(n=101, most=100)
PAGES = ["builder", "causes", "split", "shorten", "picture", "sheet", "start", "refused", "access", "compare"]
FILES = ["download", "picture-image", "sheet-csv", "summary"]


def full(*more: str) -> Draft:
    return Draft.of(Selection(frozenset({ATTACH}), actions=frozenset({*WILDCARDS[:100], *more})))


@sweep("where", [*PAGES, *FILES])
@sweep("names", [WILDCARDS, ACTIONS])
def test_link_that_holds_too_much_opens_nothing_and_says_so(visitor, where, names):
    draft = Draft((Block(Selection(actions=frozenset(names[:60]))), Block(Selection(actions=frozenset(names[60:])))))
    answer = visitor.get(address(draft, name=where))

    says = TOO_MANY if names is WILDCARDS else TOO_MANY_ACTIONS.format(n=801, most=800)
    assert f"{TOO_LARGE} {says}" in words(parse(answer).main)
    assert answer.status_code == (422 if where in FILES else 200)


def test_form_with_a_link_that_holds_too_much_is_told_so(visitor):
    page = parse(visitor.post("/", {"draft": encode(full(WILDCARDS[100])), "do": "search"}))

    assert TOO_MANY in words(page.find(id="problems"))


@pytest.mark.parametrize("plainly", [False, True])
def test_button_makes_no_draft_that_holds_too_much(visitor, plainly):
    tab = Tab(visitor, address(full()))
    before = tab.json()
    tab.type("action", WILDCARDS[100])
    if plainly:
        tab = tab.send_plainly("add")
    else:
        tab.send("add")

    assert DRAFT_TOO_LARGE.format(too_much=TOO_MANY) in tab.text("problems")
    assert tab.json() == before


def test_statement_that_would_be_too_much_is_not_copied(visitor):
    tab = Tab(visitor, address(Draft((*full().blocks, Block(selection(ATTACH))))))
    before = tab.json()
    tab.send("duplicate:1")

    assert DRAFT_TOO_LARGE.format(too_much=TOO_MANY_WILDCARDS.format(n=200, most=100)) in tab.text("problems")
    assert tab.json() == before


@pytest.mark.parametrize("names", [WILDCARDS, ACTIONS], ids=["wildcards", "actions"])
def test_policy_that_holds_too_much_stays_on_the_page_that_checks_it(visitor, names):
    text = json.dumps({"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": names}]})
    page = parse(visitor.post("/check/", {"text": text, "do": "open:0"}))

    assert importing.TOO_LARGE.format(too_much=excess_of(names)) in words(page.find(id="problems"))
    assert page.find(id="text").get_text().strip() == text


def test_refused_call_is_not_added_to_a_draft_that_is_full(visitor):
    draft = Draft((Block(effect=Effect.ALLOW, selection=Selection(actions=frozenset(ACTIONS[:800]))),))
    fields = {"draft": encode(draft), "text": "ecs:servers:start", "do": "add-action:evs:volumes:use"}
    page = parse(visitor.post("/refused/", fields))

    too_much = TOO_MANY_ACTIONS.format(n=801, most=800)
    assert DRAFT_TOO_LARGE.format(too_much=too_much) in words(page.find(id="problems"))


blocks = st.builds(
    Block,
    st.builds(Selection, actions=st.frozensets(st.sampled_from([*WILDCARDS, *ACTIONS[:60]]), max_size=60)),
    st.sampled_from(Effect),
) | st.builds(
    Block, kept=st.lists(st.sampled_from(WILDCARDS), max_size=40).map(lambda names: json.dumps({"NotAction": names}))
)


@tried(60)
@given(st.lists(blocks, min_size=1, max_size=6))
def test_link_opens_whole_or_not_at_all(given_):
    draft = Draft((*given_, Block()))
    opened = decode(CATALOG, encode(draft))

    if excess(draft.blocks):
        assert (opened.draft, len(opened.problems)) == (Draft(partial=True), 1)
    else:
        assert (opened.draft, opened.problems) == (draft, ())


# More rows than anybody can follow


def test_too_many_rows_are_told_in_words_and_for_mermaid_only(visitor):
    draft = Draft.of(selection(ATTACH, actions=ACTIONS[:MOST_ROWS]))
    page = parse(visitor.get(address(draft, name="picture")))
    alone = visitor.get(address(draft, name="picture-image"))

    assert "would have 303 rows; up to 300 are drawn. Here it is as text for Mermaid and in words." in words(page.main)
    assert len(page.select_one("#mermaid-text").get_text().splitlines()) > MOST_ROWS
    assert page.select(".picture, .take") == []
    assert len(texts(page, ".needs-names li")) == MOST_ROWS
    assert (alone.status_code, parse(alone).h1.get_text()) == (422, "This is too large for a picture")
    assert parse(alone).select_one("#way-back a")["href"] == address(draft)


def test_as_many_rows_as_are_drawn(visitor):
    draft = Draft.of(selection(actions=ACTIONS[:MOST_ROWS]))

    assert visitor.get(address(draft, name="picture-image")).status_code == 200
    assert parse(visitor.get(address(draft, name="picture"))).select(".picture") != []


# More than can be evaluated


STARS = {"StringMatch": {"g:UserName": [f"*{'a*' * 60}{at}b" for at in range(10)]}}


def group(values: str = "", **more: str) -> dict[str, str]:
    statement = {"Effect": "Allow", "Action": ["ecs:*:*"], "Condition": STARS}
    text = json.dumps({"Version": "1.1", "Statement": [statement] * 8})
    return {"granted-0": "each", "name-0": "stars", "text-0": text, "key-0": "g:UserName", "values-0": values, **more}


MUCH = "\n".join(f"{'a' * 180}{at}" for at in range(60))


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_too_much_to_evaluate_is_said_and_nothing_is_claimed(visitor, headers):
    response = visitor.post("/access/", group(MUCH), headers=headers)
    page = read_elements(response.content.decode())

    assert response.status_code == 422
    assert "This is too much to evaluate at once." in words(page.find(id="result"))
    assert page.find(id="totals") is page.find(id="matrix") is None
    assert "operations" not in words(page.find(id="group-bar"))
    if not headers:
        assert page.find("textarea", attrs={"name": "values-0"}).get_text().strip() == MUCH


def test_decisions_come_back_with_fewer_values(visitor):
    page = read_elements(visitor.post("/access/", group(MUCH)).content.decode())
    sent = {field["name"]: field["value"] for field in page.find(id="result").find_all("input")}
    fewer = read_elements(visitor.post("/access/", group("a", **sent), headers=HTMX).content.decode())

    assert fewer.find(id="result").find(id="totals") is not None


# More text than is read, however it is sent

LONG = json.dumps({"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["ecs:*:*"] * 2_900}]})


def test_group_with_more_text_than_is_read_keeps_it_and_decides_nothing(visitor):
    sent = {f"{name}-{at}": text for at in range(7) for name, text in (("granted", "each"), ("text", LONG))}
    response = visitor.post("/access/", sent)  # an upload, which needs one byte for a character
    page = parse(response)

    assert response.status_code == 422
    assert page.find(id="totals") is None
    assert groups.BEYOND.message in words(page.main)
    assert [page.find(id=f"text-{at}").get_text().strip() for at in range(7)] == [LONG] * 7


def test_texts_of_a_group_share_one_amount_of_work(visitor):
    layers = "[" + "{a:'b'}," * 2_500 + '{\\"Statement\\":1}]'
    alone = visitor.post("/access/", {"granted-0": "each", "text-0": layers})
    together = visitor.post(
        "/access/", {f"{name}-{at}": text for at in range(6) for name, text in (("granted", "each"), ("text", layers))}
    )

    assert (alone.status_code, together.status_code) == (200, 422)
    assert TOO_MUCH.message in words(parse(together).main)


def test_group_that_was_not_decided_names_the_keys_without_a_value(visitor):
    statement = {"Effect": "Allow", "Action": ["ecs:*:*"], "Condition": {**STARS, "StringEquals": {"a:b": ["c"]}}}
    text = json.dumps({"Version": "1.1", "Statement": [statement] * 8})

    assert visitor.post("/access/", group(MUCH, **{"text-0": text})).status_code == 422


# More than an answer may have


@pytest.mark.parametrize(("path", "says"), [("/sheet/", TOO_MUCH_TO_ANSWER), ("/api/v1/check/", '"code": "too_much"')])
def test_answer_that_would_be_too_large_is_not_sent(path, says):
    request = RequestFactory().get(path)
    fits, large = (HttpResponse("x" * size) for size in (MAX_ANSWER, MAX_ANSWER + 1))
    refused = AnswerLimits(lambda _: large)(request)

    assert AnswerLimits(lambda _: fits)(request) is fits
    assert refused.status_code == 422
    assert says in refused.content.decode()
