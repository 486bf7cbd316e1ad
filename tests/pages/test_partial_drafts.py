"""A draft that was not read completely: each page warns, and neither a file nor a link of it hides the fault."""

from itertools import cycle
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import URLPattern, reverse

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.policy.document import Effect
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.entries import PARTIAL
from policybuilder.drafts.link import decode, encode
from policybuilder.drafts.reading import ACCEPT_FIRST, FIRST_FORMAT, NO_DRAFT
from policybuilder.urls import urlpatterns
from tests.drafts.test_first_links import OLD
from tests.elements import Element
from tests.pages.builder.strategies import pack, packed
from tests.pages.tab import ATTACH, CATALOG, DETACH, STOP, Tab, parse, selection, texts

DRAFT = Draft((Block(selection(ATTACH, STOP)), Block(selection(DETACH), Effect.DENY)), "team")
TOKEN = encode(DRAFT)
OUTPUTS = ["download", "picture-image", "sheet-csv", "summary"]
POSTED = ["download", "save-draft"]
PAGES = ["builder", "causes", "split", "shorten", "picture", "sheet", "next", "refused", "access", "compare", "start"]
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

# A truncated link, one with an entry of a later version, with an operation that the catalogue no longer has, and with
# more wildcards than are opened.
CUT = encode(DRAFT)[:-3]
NEWER = packed(("expectation", "x"), ("statement",), ("actions", "", "ecs:servers:list"))
GONE = pack("ogone/away/here\naecs:servers:list")
TOO_LARGE = packed(("statement",), ("actions", "", *(f"ecs:a{at}*:get" for at in range(101))))


def damaged(token: str, others: int) -> set[str]:
    """The token with each character changed to `others` others in turn, each one dropped, and each truncation."""
    found = {token[:at] for at in range(1, len(token))}
    for at, character in enumerate(token):
        found.add(token[:at] + token[at + 1 :])
        start = ALPHABET.index(character)
        steps = range(1, 64, -(-63 // others))
        found |= {token[:at] + ALPHABET[(start + step) % 64] + token[at + 1 :] for step in steps}
    return found - {token, ""}


def ask(visitor, name: str, token: str, *, post: bool = False):
    where = reverse(name)
    return visitor.post(where, {"draft": token}) if post else visitor.get(where, {"draft": token})


@pytest.mark.parametrize("name", ["access", "compare"])
def test_page_that_goes_on_with_the_text_of_a_draft_takes_none_of_a_partial_one(visitor, name):
    """A policy's text cannot say that a Deny is missing."""
    whole = parse(ask(visitor, name, TOKEN))
    assert any("Statement" in each.get_text() for each in whole.find_all("textarea"))

    for token in [each for each in (CUT, *sorted(damaged(TOKEN, 1))) if decode(CATALOG, each).problems]:
        page = parse(ask(visitor, name, token))
        assert not any("Statement" in each.get_text() for each in page.find_all("textarea")), token
        assert ACCEPT_FIRST in " ".join(texts(page, "[role=alert]")), token


def test_every_address_that_answers_with_a_file_is_among_the_outputs(visitor):
    files = []
    for pattern in urlpatterns:
        if isinstance(pattern, URLPattern) and "<" not in str(pattern.pattern):
            answer = visitor.get(f"/{pattern.pattern}", {"draft": TOKEN})
            if answer.status_code == 200 and not answer["Content-Type"].startswith("text/html"):
                files.append(pattern.name)

    assert files == OUTPUTS


@pytest.mark.parametrize("token", [TOKEN, *(token for token, _ in OLD.values() if len(token) < 200)])
def test_damaged_link_gives_exactly_the_draft_or_a_partial_one_and_so_do_the_links_made_of_it(token):
    whole = decode(CATALOG, token).draft
    wrong = []
    for changed in damaged(token, 5):
        found = decode(CATALOG, changed).draft
        if found != whole and not (found.partial and decode(CATALOG, encode(found)).draft.partial):
            wrong.append(changed)

    assert wrong == []


def test_every_output_refuses_a_damaged_link_or_answers_with_exactly_the_draft(visitor):
    outputs = [(name, False) for name in OUTPUTS] + [(name, True) for name in POSTED]
    whole = {each: ask(visitor, each[0], TOKEN, post=each[1]).content for each in outputs}
    wrong, answered = [], 0
    for token, (name, post) in zip(sorted(damaged(TOKEN, 1)), cycle(outputs)):
        answer = ask(visitor, name, token, post=post)
        answered += answer.status_code == 200
        if answer.status_code != 422 and (answer.status_code, answer.content) != (200, whole[name, post]):
            wrong.append((name, token))

    assert wrong == []
    assert answered < 10  # at most the last character has bits that mean nothing


@pytest.mark.parametrize("token", [CUT, NEWER, GONE, TOO_LARGE, ""], ids=["cut", "newer", "gone", "too-large", "empty"])
def test_every_output_names_the_fault_of_a_draft_that_was_not_read_completely(visitor, token):
    problems = " ".join(decode(CATALOG, token).problems) or NO_DRAFT
    answers = [ask(visitor, name, token) for name in OUTPUTS]
    answers += [ask(visitor, name, token, post=True) for name in POSTED] if token else []

    assert {(a.status_code, problems in " ".join(texts(parse(a), "#main p"))) for a in answers} == {(422, True)}


@pytest.mark.parametrize("parameter", ["raft", "drat", "draf", "drafx", "Draft", "carried"])
def test_no_output_takes_a_link_with_a_damaged_parameter_for_the_empty_draft(visitor, parameter):
    answers = [visitor.get(reverse(name), {parameter: TOKEN}) for name in OUTPUTS]
    answers += [visitor.post(reverse(name), {parameter: TOKEN}) for name in POSTED]

    assert {(answer.status_code, NO_DRAFT in " ".join(texts(parse(answer), "#main p"))) for answer in answers} == {
        (422, True)
    }


def test_changed_character_does_not_turn_a_deny_into_an_allow(visitor):
    assert visitor.get("/policy.json?draft=2JMVkuPGYQ4iAQwarKWC_pwKDOCk_vwQA").status_code == 422


# Pages


def tokens(page: Element) -> list[str]:
    """The drafts in the links and forms of a page."""
    fields = [field.get("value", "") for field in page.select("[name=draft], [name=carried], [name=previous]")]
    for link in page.select("a[href]"):
        fields += [text for key, found in parse_qs(urlsplit(link["href"]).query).items() for text in found
                   if key in ("draft", "carried", "from")]  # fmt: skip
    return [token for token in fields if token]


@pytest.mark.parametrize("name", PAGES)
def test_page_with_a_partial_draft_warns_offers_no_file_and_keeps_the_fault_in_its_links(visitor, name):
    """What the page's own links show is partial too, and so is what these show."""
    token = CUT
    for _ in range(2):
        page = parse(ask(visitor, name, token))
        opened = decode(CATALOG, token)
        assert texts(page, ".problems li")[: len(opened.problems)] == list(opened.problems)
        assert page.select("main [data-copy], main a[download], [formaction$=json], [action$=json]") == []
        found = tokens(page)
        assert found != []
        assert [each for each in found if not decode(CATALOG, each).draft.partial] == []
        token = encode(opened.draft)


def test_partial_draft_makes_files_once_it_is_accepted(visitor):
    tab = Tab(visitor, f"/?draft={CUT}")
    tab.tick(ATTACH).send()
    assert tab.texts("#problems li") == [PARTIAL]
    assert (tab.has("copy"), tab.has("download"), tab.has("save-draft")) == (False, False, False)

    tab.send("accept")

    assert tab.texts("#problems li") == []
    assert (tab.has("copy"), tab.has("accept"), tab.has("save-draft")) == (True, False, True)
    assert visitor.get(tab.find("download")["href"]).content.decode() == tab.json()
    tab.send("undo")
    assert (tab.texts("#problems li"), tab.has("copy"), tab.has("accept")) == ([PARTIAL], False, True)


def test_partial_draft_is_accepted_and_cleared_without_script(visitor):
    assert not decode(CATALOG, Tab(visitor, f"/?draft={CUT}").send_plainly("accept").find("draft")["value"]).problems
    cleared = Tab(visitor, f"/?draft={encode(Draft(partial=True))}").send_plainly("reset")

    assert (cleared.texts("#problems li"), cleared.find("draft")["value"]) == ([], "")


# The first format


def test_page_says_that_a_link_of_the_first_format_has_no_digest(visitor):
    token = pack(f"o{ATTACH}\naecs:servers:list")

    for name in PAGES:
        assert texts(parse(ask(visitor, name, token)), ".problems li") == [FIRST_FORMAT]
    assert {ask(visitor, name, token).status_code for name in OUTPUTS} == {200}


def test_truncated_link_of_the_first_format_makes_no_file(visitor):
    """Without its last characters, which are a checksum, the draft is whole but nothing proves it."""
    token = pack(f"o{ATTACH}\naecs:servers:list\ns\ne\naecs:servers:delete")
    cut = [token[:at] for at in range(1, len(token))]

    assert {ask(visitor, name, each).status_code for name, each in zip(cycle(OUTPUTS), cut)} == {422}
