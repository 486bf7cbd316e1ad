"""The refused call: what the page finds in a text, what it says of it against a draft, and what its buttons add."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.findings import fill
from policybuilder.domain.policy.document import MAX_STATEMENTS, Condition, Effect
from policybuilder.domain.refusal.calls_in_doubt import CAN_BE_WITHOUT_BODY
from policybuilder.drafts.addresses import address
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.link import MAX_LINK, decode, encode
from policybuilder.pages.refused import page as wording
from policybuilder.pages.refused.cards import Addition, Standing
from policybuilder.pages.refused.commands import NO_ROOM, SAMPLES
from policybuilder.pages.refused.page import RefusedPage
from policybuilder.web.element_ids import element_id
from tests.builders import catalog, operation
from tests.elements import Element
from tests.pages.builder.strategies import drafts, law_of_pages, several_drafts
from tests.pages.tab import (
    ATTACH,
    BATCH,
    CATALOG,
    CREATE,
    EIP_EXISTING,
    EIP_NEW,
    HTMX,
    LOCK,
    QUERY,
    START,
    START_BATCH,
    Tab,
    ids,
    parse,
    selection,
    texts,
    words,
)

MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;{{ 7 }}{% now 'Y' %}"
OBTAIN, DELETE = (
    f"ecs/password-management/{verb}-the-password-for-logging-in-to-a-windows-ecs-native-openstack"
    for verb in ("obtaining", "deleting")
)
STOP_BATCH = f"{BATCH}/stopping-ecss-in-a-batch"
OPS = Condition("StringMatch", "g:UserName", ("ops-*",))
EMPTY = Draft()


def sentence(name: str) -> str:
    return f"Policy doesn't allow {name} to be performed."


def post(visitor, text="", do="explain", draft=EMPTY, *, htmx=False, **fields):
    data = {"text": text, "do": do, "draft": encode(draft), **fields}
    return visitor.post("/refused/", data, headers=HTMX if htmx else {})


def page_of(visitor, text="", do="explain", draft=EMPTY) -> Element:
    response = post(visitor, text, do, draft)
    assert response.status_code == 200
    return parse(response)


def field(page: Element) -> str:
    """What stands in the field: the line feed after its tag is none of it."""
    return page.find(id="text").get_text().removeprefix("\n")


def headline(page: Element) -> str:
    return words(page.find(id="headline"))


def card(page: Element, id_: str) -> Element:
    return page.find(id=f"meant-{element_id(id_)}")


def standing(page: Element, id_: str) -> tuple[str, list[str]]:
    """The draft's answer to an operation, and the actions that it names."""
    (answer,) = card(page, id_).select(".standing")
    return answer["class"][1].removeprefix("standing-"), texts(answer, "code")


def added(page: Element) -> list[str]:
    return texts(page, ".addition code")


def about(id_: str, there: str = "") -> str:
    return fill(wording.ONE_OPERATION, {"name": CATALOG.operation(id_).title, "there": there})


def about_action(name: str) -> str:
    return fill(wording.ONE_ACTION, {"name": name})


def commands(page: Element) -> list[str]:
    return [button["value"] for button in page.select("#result button[name=do]")]


def opened(visitor, response) -> tuple[Draft, dict[str, list[str]], str]:
    """The draft that the builder is sent, the other parameters of its address, and the place on the page."""
    where = urlsplit(response.headers.get("HX-Redirect") or response["Location"])
    assert where.path == "/"
    query = parse_qs(where.query, keep_blank_values=True)
    (token,) = query.pop("draft")
    assert visitor.get(f"/?{where.query}").status_code == 200
    return decode(CATALOG, token).draft, query, where.fragment


# What is found


def test_empty_page_says_how_to_begin(visitor):
    page = parse(visitor.get("/refused/"))

    assert len(page.select(".begin")) == 1
    assert {value.partition(":")[2] for value in commands(page)} == SAMPLES.keys()
    assert field(page) == ""
    assert words(page.find(id="status")) == wording.NO_REFUSAL_YET
    assert page.select("h2, #problems li, .refused-draft") == []


@pytest.mark.parametrize(
    ("sample", "said"),
    [
        ("sentence", about_action("vpc:securityGroups:create")),
        ("response", about(START)),
        ("call", about(STOP_BATCH, " in eu-de")),
        ("iam", wording.POLICY_REFUSED),
    ],
)
def test_sample_is_put_in_the_field_and_explained(visitor, sample, said):
    page = page_of(visitor, do=f"sample:{sample}")

    assert field(page) == SAMPLES[sample]
    assert headline(page) == said


def test_operations_of_an_action_have_their_own_buttons(visitor):
    page = page_of(visitor, sentence("ecs:serverPasswords:manage"))

    assert texts(page, ".refused-action h3") == ["ecs:serverPasswords:manage"]
    assert texts(page, ".meant h4") == [CATALOG.operation(id_).title for id_ in (OBTAIN, DELETE)]
    assert commands(page) == [f"add:{OBTAIN}", f"add:{DELETE}"]
    assert texts(card(page, OBTAIN), ".meant-facts code") == [str(call) for call in CATALOG.operation(OBTAIN).calls]
    assert CATALOG.category_of(CATALOG.operation(OBTAIN)).title in texts(page, ".meant-where")[0]
    assert texts(page, ".remark strong") == ["Warning PB002"]
    assert page.find(id="headline").find_parent("section")["class"] == ["outcome", "outcome-found"]


def test_call_leads_to_its_operation(visitor):
    page = page_of(visitor, SAMPLES["call"])

    assert commands(page) == [f"add:{STOP_BATCH}"]
    assert added(page) == ["ecs:cloudServers:stop"]
    assert words(page.find(id="status")).startswith(f"{about(STOP_BATCH, ' in eu-de')}. ")


def test_what_would_tell_is_asked_for_at_the_top(visitor):
    page = page_of(visitor, SAMPLES["call"].partition("\n")[0])

    assert headline(page) == fill(wording.SEVERAL_OPERATIONS_MEANT, {"n": 3, "there": " in eu-de"})
    assert words(page.select_one(".outcome #question")) == fill(CAN_BE_WITHOUT_BODY.hint, {})


@pytest.mark.parametrize(("level", "said"), [(Level.XA, wording.ALLOWED_IN_PROJECT), (Level.AX, wording.ALLOWED)])
def test_grant_of_a_global_service_is_looked_for_in_no_project(level, said):
    of = catalog(operation("obs/a/get", "obs:object:GetObject"), levels={"obs": level})
    page = RefusedPage(of, Draft.of(selection("obs/a/get")), "GET https://a.obs.eu-de.otc.t-systems.com/b 403")

    assert page.verdict == fill(said, {"there": " in eu-de"})


LOG = """\
REQ: curl -g -i -X DELETE https://ecs.example/v2.1/0123/servers/1 -H "X-Auth-Token: x"
RESP: [204] Content-Length: 0
REQ: curl -g -i -X POST https://ecs.example/v2.1/0123/servers/2/action -d '{"lock": null}'
RESP: [403] Content-Type: application/json
RESP BODY: {"forbidden": {"message": "Policy doesn't allow ecs:servers:lock to be performed.", "code": 403}}
"""


def test_call_that_needs_no_authorization_was_refused_by_no_policy():
    rows = operation("ecs/a/list", calls=["GET /v1/regions"]), operation("ecs/a/get", "ecs:a:get")
    for draft in (EMPTY, Draft(blocks=(Block(selection("ecs/a/get")),))):
        page = RefusedPage(catalog(*rows), draft, "GET /v1/regions 403")

        assert page.verdict == wording.NEEDS_NO_AUTHORIZATION
        assert [card.addable for card in page.cards] == [False]


def test_only_what_a_log_says_was_refused_is_offered(visitor):
    page = page_of(visitor, LOG)

    assert headline(page) == about(LOCK)
    assert commands(page) == [f"add:{LOCK}"]
    assert texts(page, ".remark strong")[-1] == "Note PB047"


def test_log_without_a_refusal_is_said_to_have_none(visitor):
    page = page_of(visitor, "".join(LOG.splitlines(keepends=True)[:2]))

    assert headline(page) == wording.NO_REFUSED_CALL
    assert texts(page, ".remark strong") == ["Note PB047"]
    assert commands(page) == []


def test_body_that_no_operation_answers_offers_none(visitor):
    call = "POST https://ecs.example/v2.1/0123/servers/1/action"
    page = page_of(visitor, call + ' {"frobnicate": null}')

    assert headline(page) == wording.NO_OPERATION
    assert texts(page, ".remark strong") == ["Warning PB037"]
    assert commands(page) == []
    assert headline(page_of(visitor, call)) == fill(wording.SEVERAL_OPERATIONS_MEANT, {"n": 10, "there": ""})


def test_alternative_for_enterprise_projects_is_offered(visitor):
    page = page_of(visitor, sentence("ecs:servers:start"))

    assert commands(page) == [f"add:{START}", f"add:{START_BATCH}"]
    assert [each["data-allowed"] for each in page.select(".meant-alternative")] == ["no"]
    assert CATALOG.operation(START_BATCH).title in words(page.select_one(".meant-alternative"))
    with_it = page_of(visitor, sentence("ecs:servers:start"), draft=Draft.of(selection(START_BATCH)))
    assert commands(with_it) == [f"add:{START}"]
    assert [each["data-allowed"] for each in with_it.select(".meant-alternative")] == ["yes"]


def test_action_without_an_operation_names_those_that_need_it(visitor):
    page = page_of(visitor, sentence("evs:volumes:use"))

    assert headline(page) == about_action("evs:volumes:use")
    assert commands(page)[-1] == "add-action:evs:volumes:use"
    assert {f"add:{ATTACH}", "add-action:evs:volumes:use"} <= set(commands(page))
    assert texts(page, ".remark strong") == ["Note PB039"]


def test_policy_that_iam_refused_leads_to_the_check(visitor):
    page = page_of(visitor, SAMPLES["iam"])

    assert [link["href"] for link in page.select(".outcome a")] == ["/check/"]
    assert texts(page, ".remark strong") == ["Error IAM.1021"]
    assert page.select(".examples") == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("it does not work", "Warning PB037"),
        ("GET https://example.com/v1/nothing", "Warning PB037"),
        (sentence("ecs:fly:away"), "Error IAM.1036"),
        (sentence("dns:zones:list"), "Note PB022"),
    ],
)
def test_text_without_an_operation_gets_a_message_and_examples(visitor, text, code):
    page = page_of(visitor, text)

    assert headline(page) == wording.NO_OPERATION
    assert texts(page, ".remark strong") == [code]
    assert [words(example) for example in page.select(".examples pre")] == [
        " ".join(sample.split()) for sample in SAMPLES.values()
    ]
    assert field(page) == text


def test_many_operations_are_counted_and_not_all_shown(visitor):
    page = page_of(visitor, "\n".join(CATALOG.action_index.actions))

    assert len(page.select(".meant")) == 12
    assert len(page.select(".refused-action > .hint")) >= 1
    assert texts(page, ".remark strong")[-1] == "Note PB040"
    found = [tag["id"] for tag in page.find_all(id=True)]
    assert sorted(found) == sorted(set(found))


# Against a draft


@pytest.mark.parametrize(
    ("blocks", "said", "named", "commands_"),
    [
        ([Block(selection(START))], Standing.ALLOWED, [], [f"add:{START_BATCH}"]),
        ([Block(selection(ATTACH))], Standing.ABSENT, [], [f"add:{START}", f"add:{START_BATCH}"]),
        (
            [Block(selection(START, without=["ecs:servers:list"]))],
            Standing.INCOMPLETE,
            ["ecs:servers:list"],
            [f"add:{START}", f"add:{START_BATCH}"],
        ),
        ([Block(selection(ATTACH)), Block(selection(START), Effect.DENY)], Standing.DENIED, [], []),
        (
            [Block(selection(START)), Block(selection(actions=["ecs:servers:list"]), Effect.DENY)],
            Standing.INCOMPLETE,
            ["ecs:servers:list", "ecs:servers:list"],  # missing, and denied
            [f"add:{START_BATCH}"],
        ),
        (
            [Block(selection(ATTACH)), Block(selection(START), conditions=(OPS,))],
            Standing.CONDITIONAL,
            [],
            [f"add:{START_BATCH}"],
        ),
        (
            [Block(selection(START)), Block(selection(START), Effect.DENY, conditions=(OPS,))],
            Standing.CONDITIONAL,
            [],
            [],
        ),
        ([Block(selection(actions=["ecs:*:*"]))], Standing.ALLOWED, [], []),
    ],
)
def test_operation_is_held_against_the_draft(visitor, blocks, said, named, commands_):
    page = page_of(visitor, sentence("ecs:servers:start"), draft=Draft(tuple(blocks)))

    assert standing(page, START) == (said, named)
    assert commands(page) == commands_


@pytest.mark.parametrize("effect", [Effect.ALLOW, Effect.DENY])
def test_limit_of_an_operation_names_the_statement_and_for_whom(effect):
    allowed = Block(selection(ATTACH if effect is Effect.ALLOW else START))
    draft = Draft((allowed, Block(selection(START), effect, conditions=(OPS,))))
    (limits,) = (each.limits for each in RefusedPage(CATALOG, draft, sentence("ecs:servers:start")).cards)

    assert [(limit.number, limit.denies) for limit in limits] == [(2, effect is Effect.DENY)]
    assert "ops-*" in limits[0].words


@pytest.mark.parametrize(
    ("draft", "said", "outcome"),
    [
        (Draft.of(selection(START)), fill(wording.ALLOWED_IN_PROJECT, {"there": ""}), "clean"),
        (Draft.of(selection(ATTACH)), wording.NOT_ALLOWED, "refused"),
        (Draft((Block(selection(START), conditions=(OPS,)),)), wording.CONDITIONAL, "refused"),
        (EMPTY, wording.BEGIN_WITH_IT, "found"),
        (Draft(name="only a name"), wording.BEGIN_WITH_IT, "found"),
    ],
)
def test_headline_says_what_the_draft_does(visitor, draft, said, outcome):
    page = page_of(visitor, sentence("ecs:servers:start"), draft=draft)
    (section,) = page.select(".outcome")

    assert words(section.select_one(".outcome-done")) == said
    assert section["class"] == ["outcome", f"outcome-{outcome}"]


def test_several_operations_are_counted_against_the_draft(visitor):
    text = "ecs:servers:start ecs:servers:lock"

    one, none = (page_of(visitor, text, draft=Draft.of(selection(id_))) for id_ in (START, ATTACH))
    assert fill(wording.SOME_ALLOWED, {"allowed": 1, "n": 2}) in texts(one, ".outcome-done")
    assert wording.NONE_ALLOWED in texts(none, ".outcome-done")


@pytest.mark.parametrize(
    ("draft", "said", "button"),
    [
        (Draft.of(selection(START)), Standing.ABSENT, True),
        (Draft.of(selection(ATTACH, without=["evs:volumes:use"])), Standing.ABSENT, True),
        (Draft.of(selection(ATTACH)), Standing.ALLOWED, False),
        (
            Draft((Block(selection(ATTACH)), Block(selection(actions=["evs:*:*"]), Effect.DENY))),
            Standing.DENIED,
            False,
        ),
    ],
)
def test_action_is_held_against_the_draft(visitor, draft, said, button):
    page = page_of(visitor, sentence("evs:volumes:use"), draft=draft)

    assert [each["class"] for each in page.select(".refused-action > .standing")] == [["standing", f"standing-{said}"]]
    assert len(page.select("button[value^=add-action]")) == button


def test_action_that_is_left_out_on_purpose_is_told_with_its_statement():
    draft = Draft((Block(selection(START)), Block(selection(ATTACH, without=["evs:volumes:use"]))))
    groups = RefusedPage(CATALOG, draft, sentence("evs:volumes:use")).groups

    assert [group.left_out for group in groups] == [2]


def test_selected_operations_that_need_the_action_come_first(visitor):
    page = page_of(visitor, sentence("evs:volumes:use"), draft=Draft.of(selection(ATTACH, without=["evs:volumes:use"])))
    row = page.select(".needing")[0]

    assert texts(row, ".needing-title, .badge") == [CATALOG.operation(ATTACH).title, "Selected", "Incomplete"]
    assert commands(page)[0] == f"add:{ATTACH}"


def test_link_leads_to_the_row_in_the_statement_that_denies(visitor):
    draft = Draft((Block(selection(ATTACH)), Block(selection(LOCK), Effect.DENY)))
    (link,) = card(page_of(visitor, sentence("ecs:servers:lock"), draft=draft), LOCK).select(".card-take a")

    where = urlsplit(link["href"])
    tab = Tab(visitor, f"{where.path}?{where.query}")
    assert tab.has(where.fragment)
    assert tab.boxes("o", ticked=True) == [LOCK]


def test_draft_is_kept(visitor):
    draft = Draft.of(selection(ATTACH), "disk-team")
    for response in (visitor.get(address(draft, name="refused")), post(visitor, "no such thing", draft=draft)):
        page = parse(response)
        assert page.find("input", attrs={"name": "draft"})["value"] == encode(draft)
        assert "“disk-team”" in words(page.select_one(".refused-draft"))
        assert page.select_one("#way-back a")["href"] == address(draft)


# What the buttons do


@pytest.mark.parametrize("htmx", [True, False])
def test_operation_is_added_to_the_draft(visitor, htmx):
    draft = Draft.of(selection(ATTACH), "disk-team")
    response = post(visitor, sentence("ecs:servers:start"), f"add:{START}", draft, htmx=htmx)

    assert response.status_code == (200 if htmx else 303)
    assert opened(visitor, response) == (
        Draft.of(selection(ATTACH, START), "disk-team"),
        {"from": [encode(draft)]},
        f"row-{element_id(START)}",
    )


def test_draft_is_begun_with_an_operation_and_can_be_undone(visitor):
    response = post(visitor, do=f"add:{CREATE}")

    assert opened(visitor, response)[0] == Draft.of(selection(CREATE))
    tab = Tab(visitor, response["Location"].partition("#")[0])
    assert sorted(tab.boxes("p", ticked=True)) == sorted([EIP_NEW, EIP_EXISTING])
    assert "undo" in tab.commands()
    tab.send("undo")
    assert tab.boxes("o", ticked=True) == []


@pytest.mark.parametrize(
    ("before", "id_", "after"),
    [
        (selection(START, without=["ecs:servers:list"]), START, selection(START)),
        (selection(ATTACH, without=["evs:volumes:use"]), ATTACH, selection(ATTACH)),
        (
            selection(CREATE, options_off=[tuple(pair.split("#")) for pair in (EIP_NEW, EIP_EXISTING)]),
            CREATE,
            selection(CREATE),
        ),
        (
            selection(CREATE, options_off=[tuple(EIP_NEW.split("#"))]),
            CREATE,
            selection(CREATE, options_off=[tuple(EIP_NEW.split("#"))]),
        ),
    ],
)
def test_what_is_missing_is_put_back(visitor, before, id_, after):
    assert opened(visitor, post(visitor, do=f"add:{id_}", draft=Draft.of(before)))[0] == Draft.of(after)


ADDED = Block(selection(QUERY))
DENYING = Block(selection(LOCK), Effect.DENY)
KEPT = Block(kept='{"Effect":"Allow","NotAction":["ecs:*:*"]}')
LIMITED = Block(selection(ATTACH), conditions=(OPS,))


@pytest.mark.parametrize(
    ("blocks", "after", "statement"),
    [
        ([Block(), DENYING], [ADDED, DENYING], None),
        ([DENYING, Block()], [DENYING, ADDED], "2"),
        ([KEPT, DENYING], [KEPT, DENYING, ADDED], "3"),
        ([LIMITED, Block()], [LIMITED, ADDED], "2"),
        ([LIMITED], [Block(selection(ATTACH, QUERY), conditions=(OPS,))], None),
        ([Block(), Block(selection(QUERY), label="x")], [Block(), Block(selection(QUERY), label="x")], "2"),
    ],
)
def test_operation_goes_to_the_first_statement_that_allows(visitor, blocks, after, statement):
    draft, query, _ = opened(visitor, post(visitor, do=f"add:{QUERY}", draft=Draft(tuple(blocks))))

    assert draft == Draft(tuple(after))
    assert query.get("statement") == ([statement] if statement else None)


def test_page_says_beforehand_where_it_goes(visitor):
    def addition(*blocks):
        cards = RefusedPage(CATALOG, Draft(blocks), sentence("ecs:cloudServers:list")).cards
        return next(each.addition for each in cards if each.operation.id == QUERY)

    actions = ("ecs:cloudServers:list",)
    assert addition(DENYING, Block()) == Addition(actions, number=2)
    assert addition(LIMITED) == Addition(actions, number=1, limited=True)
    page = page_of(visitor, sentence("ecs:cloudServers:list"), draft=Draft((DENYING, Block())))
    assert texts(card(page, QUERY), ".addition code") == list(actions)


def test_action_is_added_by_itself(visitor):
    draft, _, place = opened(visitor, post(visitor, do="add-action:evs:volumes:use", draft=Draft.of(selection(START))))

    assert draft == Draft.of(selection(START, actions=["evs:volumes:use"]))
    assert place == ""


def test_action_that_was_left_out_is_put_back(visitor):
    blocks = (Block(selection(START)), Block(selection(ATTACH, without=["evs:volumes:use"])))
    draft, query, _ = opened(visitor, post(visitor, do="add-action:evs:volumes:use", draft=Draft(blocks)))

    assert draft == Draft((Block(selection(START)), Block(selection(ATTACH))))
    assert query["statement"] == ["2"]


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize(
    ("do", "said"),
    [
        ("add:no/such/thing", "“no/such/thing”"),
        ("add:", "“”"),
        ("add-action:ecs:fly:away", "“ecs:fly:away”"),
        ("add-action:", "ecs:servers:list"),  # an example
        ("fly", "“fly”"),
        ("sample:none", "“sample”"),
    ],
)
def test_what_cannot_be_done_is_said_and_the_text_kept(visitor, do, said, htmx):
    response = post(visitor, sentence("ecs:servers:lock"), do, htmx=htmx)

    assert response.status_code == 200
    page = parse(response)
    (problem,) = texts(page, "#problems li")
    assert said in problem
    assert headline(page) == about(LOCK)


def test_there_is_no_room_for_another_statement(visitor):
    draft = Draft((DENYING,) * MAX_STATEMENTS)
    page = page_of(visitor, sentence("ecs:cloudServers:list"), draft=draft)

    assert f"add:{QUERY}" not in commands(page)
    assert texts(card(page, QUERY), ".addition") == [NO_ROOM]
    assert texts(page_of(visitor, do=f"add:{QUERY}", draft=draft), "#problems li") == [NO_ROOM]


def test_draft_that_no_link_holds_stays_on_the_page(visitor):
    resources = tuple(f"obs:*:*:bucket:{n**40}" for n in range(2, 500))
    draft = Draft((Block(selection(ATTACH), resources=resources),))
    assert len(encode(draft)) > MAX_LINK
    page = page_of(visitor, sentence("ecs:servers:lock"), f"add:{LOCK}", draft)

    assert len(page.select("#problems li")) == 1
    assert page.find("input", attrs={"name": "draft"})["value"] == encode(draft)
    assert page.select(".refused-draft a, .card-take a") == []


def test_clear_empties_the_field_and_keeps_the_draft(visitor):
    draft = Draft.of(selection(ATTACH))
    page = page_of(visitor, "something", "clear", draft)

    assert field(page) == ""
    assert page.find("input", attrs={"name": "draft"})["value"] == encode(draft)
    assert page.select_one(".begin") is not None


# htmx


@pytest.mark.parametrize(
    ("do", "changed"),
    [("explain", set()), ("clear", {"text"}), ("sample:call", {"text"}), ("fly", set())],
)
def test_htmx_gets_what_changed(visitor, do, changed):
    response = post(visitor, sentence("ecs:servers:start"), do, htmx=True)

    assert ids(response) == {"problems", "field-tools", "result", "status"} | changed
    assert "HX-Request" in response["Vary"]


def test_htmx_and_plain_pages_say_the_same(visitor):
    for text in (*SAMPLES.values(), "", "nothing"):
        parts = parse(post(visitor, text, htmx=True))
        page = page_of(visitor, text)
        assert words(parts.find(id="result")) == words(page.find(id="result"))
        assert words(parts.find(id="status")) == words(page.find(id="status"))


# Whatever is sent


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize("name", ["text", "do", "draft"])
def test_markup_is_shown_as_text(visitor, name, htmx):
    for value in (MARKUP, f"add:{MARKUP}", f"Policy doesn't allow {MARKUP} to be performed", f"GET /v1/{MARKUP}"):
        data = {"text": "x", "do": "explain", name: value}
        page = parse(visitor.post("/refused/", data, headers=HTMX if htmx else {}))
        assert page.find_all("img") == []
        assert [tag for tag in page.find_all("script") if not tag.get("src")] == []
        if name == "text" and not htmx:
            assert field(page) == value


@pytest.mark.parametrize("text", ["\0", "\ufffe\U0010ffff", "x" * 100_000, "a\r\nX-Evil: 1", "{" * 5000, ":" * 5000])
@pytest.mark.parametrize("name", ["text", "do", "draft"])
def test_no_field_is_a_fault_of_ours(visitor, name, text):
    for htmx in (True, False):
        response = visitor.post("/refused/", {"do": "explain", name: text}, headers=HTMX if htmx else {})
        assert response.status_code == 200
        assert "X-Evil" not in response.headers
        assert len(response.content) < 1_000_000


@law_of_pages
@given(
    st.text() | st.sampled_from([*SAMPLES.values(), *CATALOG.action_index.actions, "IAM.1036", "ecs:fly:away"]),
    st.sampled_from(["explain", "clear", "sample:call", "add-action:ecs:servers:get", "add:", f"add:{CREATE}"]),
    drafts() | several_drafts(),
    st.booleans(),
)
def test_no_submission_is_a_fault_of_ours(visitor, text, do, draft, htmx):
    response = post(visitor, text, do, draft, htmx=htmx)

    assert response.status_code in {200, 303}
    if not htmx and response.status_code == 200:
        assert decode(CATALOG, parse(response).find("input", attrs={"name": "draft"})["value"]).draft == draft


@law_of_pages
@given(st.sampled_from(sorted(CATALOG.operations)), drafts() | several_drafts())
def test_button_that_adds_an_operation_leads_to_a_draft_that_has_it(visitor, id_, draft):
    response = post(visitor, do=f"add:{id_}", draft=draft)

    if response.status_code == 303:
        after = opened(visitor, response)[0]
        allowing = [block for block in after.blocks if block.effect is Effect.ALLOW]
        assert any(id_ in block.selection.operations for block in allowing)
        assert len(after.blocks) <= len(draft.blocks) + 1


@pytest.mark.parametrize("origin", [None, "https://elsewhere.example"])
def test_form_is_answered_whatever_site_it_comes_from_and_sets_no_cookie(origin):
    client = Client()
    response = client.post("/refused/", {"text": "x"}, headers={"Origin": origin} if origin else {})

    assert (response.status_code, response.cookies.output()) == (200, "")


def test_json_of_a_refusal_is_explained_as_its_sentence(visitor):
    body = json.dumps({"forbidden": {"message": sentence("ecs:servers:start"), "code": 403}})

    assert headline(page_of(visitor, body)) == headline(page_of(visitor, sentence("ecs:servers:start")))


@pytest.mark.parametrize(
    ("denied", "offered"), [(ATTACH, True), (START, False), (START_BATCH, False)], ids=["other", "it", "alternative"]
)
def test_nobody_is_led_round_a_deny(visitor, denied, offered):
    draft = Draft((Block(selection(QUERY)), Block(selection(denied), Effect.DENY)))

    page = page_of(visitor, sentence("ecs:servers:start"), draft=draft)

    assert (f"add:{START_BATCH}" in [button["value"] for button in page.select("button[name=do]")]) is offered


@pytest.mark.parametrize("draft", [EMPTY, Draft((Block(selection(QUERY)),))])
def test_failed_authentication_offers_nothing_to_add(visitor, draft):
    page = page_of(visitor, "POST https://iam.eu-de.otc.t-systems.com/v3/auth/tokens 401", draft=draft)

    assert headline(page) == wording.NOT_AUTHENTICATED
    assert words(page.find(id="status")).startswith(wording.NOT_AUTHENTICATED)
    assert [one["value"] for one in page.find_all("button") if str(one.get("value")).startswith("add")] == []
    assert page.find(id="examples") is None
