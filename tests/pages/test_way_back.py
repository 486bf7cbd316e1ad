"""Every page keeps the draft that somebody works on, and leads back to it from one place."""

import pytest

from policybuilder.drafts.draft import Draft
from policybuilder.drafts.link import MAX_LINK, encode
from tests.pages.builder.strategies import packed
from tests.pages.tab import ATTACH, DETACH, HTMX, START, Tab, address_of, parse, selection, texts, words
from tests.sweeps import sweep

TOKEN = encode(Draft.of(selection(ATTACH, START), "disk-team"))
BACK = f"/?draft={TOKEN}"
PAGES = [
    "/causes/",
    "/split/",
    "/shorten/",
    "/picture/",
    "/sheet/",
    "/start/",
    "/refused/",
    "/check/",
    "/access/",
    "/compare/",
    "/guide/",
    "/next/",
    f"/operations/{ATTACH}/",
    "/actions/ecs:servers:get/",
    "/api/v1/docs/",
    "/nowhere/",
]
FORMS = ["/check/", "/access/", "/compare/", "/refused/", "/shorten/"]
# Pages that would take a draft for what they work on are given it under another name.
KEY = {"/access/": "carried", "/compare/": "carried"}


def top(token: str) -> list[str]:
    places = ["/", "/", "/start/", "/check/", "/access/", "/compare/", "/refused/", "/guide/", "/api/v1/docs/"]
    return [f"{where}?{KEY.get(where, 'draft')}={token}" if token else where for where in places]


def links_at_the_top(page) -> list[str]:
    return [link["href"] for link in page.select("header a")]


def ways_back(page) -> list[tuple[str, str]]:
    """Wherever they stand."""
    return [(words(link), link["href"]) for link in page.select("a") if words(link).startswith("Back to")]


def expect_kept(page) -> None:
    assert links_at_the_top(page) == top(TOKEN)
    assert ways_back(page) == [("Back to the draft “disk-team”", BACK)]
    assert len(page.select("body > #way-back a")) == 1


ONLY_AS_DRAFT = ["/causes/", "/split/", "/guide/", "/next/", "/api/v1/docs/"]  # nothing leads there with the other key


@sweep(
    ("where", "key"),
    [(where, key) for where in PAGES for key in ("draft", "carried")[: 1 if where in ONLY_AS_DRAFT else 2]],
)
def test_page_keeps_the_draft_and_has_one_way_back(visitor, where, key):
    response = visitor.get(f"{where}?{key}={TOKEN}")

    expect_kept(parse(response))
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("where", [where for where in PAGES if "causes" not in where and "split" not in where])
def test_page_without_a_draft_has_no_way_back(visitor, where):
    page = parse(visitor.get(where))

    assert (links_at_the_top(page), ways_back(page)) == (top(""), [])


@pytest.mark.parametrize("where", FORMS)
def test_form_of_a_page_keeps_the_draft(visitor, where):
    page = parse(visitor.get(f"{where}?{KEY.get(where, 'draft')}={TOKEN}"))
    fields = {field["name"]: field["value"] for field in page.select("form input[type=hidden]")}
    sent = {key: value for key, value in fields.items() if key in ("draft", "carried")}

    if where != "/shorten/":  # which is sent by the builder alone
        assert sent == {KEY.get(where, "draft"): TOKEN} or where in ("/access/", "/compare/")
        assert sent[KEY.get(where, "draft")] == TOKEN
    expect_kept(parse(visitor.post(where, sent or {"draft": TOKEN})))


@pytest.mark.parametrize("where", ["/access/", "/compare/"])
def test_draft_that_is_only_carried_is_not_taken_for_what_the_page_works_on(visitor, where):
    def fields(page):
        return [(field["name"], words(field)) for field in page.select("main textarea")]

    assert fields(parse(visitor.get(f"{where}?carried={TOKEN}"))) == fields(parse(visitor.get(where)))
    assert fields(parse(visitor.get(f"{where}?draft={TOKEN}"))) != fields(parse(visitor.get(where)))


def test_builder_has_no_way_back_and_its_links_lead_on_with_the_draft(visitor):
    page = parse(visitor.get(BACK))

    assert (links_at_the_top(page), ways_back(page), page.select("#way-back")) == (top(TOKEN), [], [])


def test_links_at_the_top_are_those_of_the_draft_after_a_change(visitor):
    tab = Tab(visitor, BACK)
    tab.tick(DETACH)
    tab.send()
    after = encode(Draft.of(selection(ATTACH, START, DETACH), "disk-team"))

    assert links_at_the_top(tab.page) == top(after)


def test_builder_whose_draft_fits_no_link_leads_on_without_it(visitor):
    noise = "".join(chr(0x4E00 + number * 7919 % 20000) for number in range(3000))
    token = packed(("statement",), *(("resource", noise[at : at + 50]) for at in range(0, 3000, 50)))

    assert len(token) > MAX_LINK
    assert links_at_the_top(parse(visitor.post("/", {"draft": token, "do": "none"}))) == top("")


@sweep("token", ["", "a b", "<script>", "é", "2" * (MAX_LINK + 1), "2abc\n", "//elsewhere.example", "2abc&x=1", "%2e"])
@sweep("where", ["/sheet/", "/check/", "/nowhere/"])
def test_what_can_be_no_draft_is_not_carried(visitor, where, token):
    page = parse(visitor.get(where, {"draft": token}))

    assert (links_at_the_top(page), ways_back(page)) == (top(""), [])


def test_draft_without_a_name_is_gone_back_to_without_one(visitor):
    page = parse(visitor.get(address_of(selection(ATTACH), page="check")))

    assert ways_back(page) == [("Back to the draft", address_of(selection(ATTACH)))]


@pytest.mark.parametrize(
    ("first", "name"),
    [(("name", "<b>&\"'"), "<b>&\"'"), (("name", "a\nb", "c"), "a b c"), (("goal", "x"), ""), (("name",), "")],
)
def test_name_at_the_way_back_is_text_whatever_the_link_holds(visitor, first, name):
    token = packed(first, ("statement",))
    page = parse(visitor.get(f"/check/?draft={token}"))

    assert ways_back(page) == [(f"Back to the draft “{name}”" if name else "Back to the draft", f"/?draft={token}")]


def test_damaged_draft_is_led_back_to_where_it_is_told(visitor):
    [(said, where)] = ways_back(parse(visitor.get("/check/?draft=2damaged")))

    assert (said, where) == ("Back to the draft", "/?draft=2damaged")
    assert "damaged" in texts(parse(visitor.get(where)), "#problems li")[0]


def test_facts_of_a_row_have_no_way_back(visitor):
    response = visitor.get(f"/operations/{ATTACH}/", headers={**HTMX, "Referer": f"http://testserver{BACK}"})

    assert ways_back(parse(response)) == []


def test_page_of_an_operation_leads_back_to_the_page_of_the_draft_that_the_reader_came_from(visitor):
    for came_from in (BACK, f"/refused/?draft={TOKEN}", f"/compare/?carried={TOKEN}"):
        page = parse(visitor.get(f"/operations/{ATTACH}/", headers={"Referer": f"http://testserver{came_from}"}))
        expect_kept(page)
