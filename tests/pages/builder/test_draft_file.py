"""The draft as a file: saved from the builder, opened in it, and told from a policy everywhere else."""

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from policybuilder.domain.building.blocks import Block
from policybuilder.drafts.addresses import View
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.file import MAX_FILE, NO_POLICY, NO_WHOLE_JSON, NOT_SAVED_HERE, OTHER_FORMAT, write_file
from policybuilder.drafts.link import MAX_LINK, decode, encode
from policybuilder.middleware import MAKES_NO_FILE
from policybuilder.pages.builder.documents import LINK_TOO_SMALL, ROOM_FOR, Links
from policybuilder.pages.builder.view import CHOOSE_A_FILE, DRAFT_STAYS
from policybuilder.web.uploads import NO_TEXT, TOO_LARGE
from tests.pages.builder.strategies import pack, packed
from tests.pages.tab import ATTACH, CATALOG, START, address_of, parse, selection, texts

DRAFT = Draft.of(selection(ATTACH), "disk-team")
HERE = Draft.of(selection(START), "mine")
NOISE = "".join(chr(0x4E00 + number * 7919 % 20000) for number in range(3000))
LARGE = Draft((Block(selection(ATTACH), resources=tuple(NOISE[at : at + 50] for at in range(0, 3000, 50))),), "large")
POLICY = '{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["ecs:servers:list"]}]}'


def sent(visitor, content: str | bytes | None, *, here: Draft = HERE, **more):
    content = content.encode() if isinstance(content, str) else content
    file = {} if content is None else {"file": SimpleUploadedFile("x.json", content)}
    return visitor.post("/draft/", {"draft": encode(here), "do": "check"} | file | more)


def shown(response) -> Draft:
    return decode(CATALOG, parse(response).find(id="draft")["value"]).draft


# Saving


@pytest.mark.parametrize("draft", [DRAFT, LARGE], ids=["in-a-link", "too-large-for-one"])
def test_draft_is_saved_as_a_file_and_opened_again(visitor, draft):
    saved = visitor.post("/draft.json", {"draft": encode(draft)})

    assert saved.content.decode() == write_file(draft)
    assert saved["Content-Disposition"] == f'attachment; filename="{draft.name}.draft.json"'
    opened = sent(visitor, saved.content)
    assert shown(visitor.get(opened["Location"]) if opened.status_code == 303 else opened) == draft


def test_what_cannot_be_opened_whole_is_not_saved(visitor):
    for token in (encode(DRAFT)[:-4], packed(("expectation", "x"), ("statement",)), pack("ogone/away/here")):
        response = visitor.post("/draft.json", {"draft": token})
        assert (response.status_code, parse(response).h1.text) == (422, MAKES_NO_FILE)


def test_builder_saves_and_opens_the_draft_that_it_shows(tab):
    assert tab.page.select("#save-draft") == []
    tab.tick(ATTACH)
    tab.send()

    field = tab.page.select_one("#draft-file input[name=draft]")
    assert decode(CATALOG, field["value"]).draft == Draft.of(selection(ATTACH))
    assert tab.page.select_one("#save-draft")["formaction"] == "/draft.json"


def test_policy_of_a_draft_that_fits_no_link_is_downloaded_by_a_form(visitor):
    response = sent(visitor, write_file(LARGE))
    button = parse(response).select_one("#download")

    assert (button["formaction"], button["form"]) == ("/policy.json", "draft-file")
    policy = visitor.post(button["formaction"], {"draft": encode(LARGE)})
    assert policy.content.decode() == parse(response).select_one("#json").text


# Opening


def test_draft_that_fits_a_link_is_opened_at_its_address_and_can_be_undone(visitor):
    response = sent(visitor, write_file(DRAFT))

    assert (response.status_code, response["Location"]) == (
        303,
        address_of(selection(ATTACH), name="disk-team", **{"from": encode(HERE)}),
    )
    assert sent(visitor, write_file(DRAFT), here=Draft())["Location"] == address_of(selection(ATTACH), name="disk-team")


def test_draft_that_fits_no_link_is_opened_in_its_place(visitor):
    response = sent(visitor, write_file(LARGE))

    assert (response.status_code, shown(response)) == (200, LARGE)
    assert texts(parse(response), "#problems li") == []
    assert "too large for a link" in texts(parse(response), "#link-room")[0]


def test_what_could_not_be_opened_of_a_file_is_told_beside_the_rest(visitor):
    content = write_file(DRAFT).replace('["statement"]', '["expectation", "x"], ["statement"]')

    response = sent(visitor, content)

    assert shown(response) == replace(DRAFT, partial=True)
    assert len(texts(parse(response), "#problems li")) == 1
    assert "newer version" in texts(parse(response), "#problems li")[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, CHOOSE_A_FILE),
        ("", "The file is empty."),
        (" \n", "The file is empty."),
        (b"\xff\xfe\x00", NO_TEXT.format(encoding="UTF-16", byte=3)),
        (b"\x89PNG\r\n", NO_TEXT.format(encoding="UTF-8", byte=1)),
        ("[]", NOT_SAVED_HERE),
        (write_file(DRAFT)[:-5], NO_WHOLE_JSON),
        (write_file(DRAFT).replace(": 2,", ": 3,"), OTHER_FORMAT.format(ours=2)),
        ("x" * (MAX_FILE + 1), TOO_LARGE.format(size=MAX_FILE + 1, why="a saved draft has at most", most=MAX_FILE)),
    ],
)
def test_what_is_no_draft_leaves_the_one_that_is_there(visitor, content, said):
    response = sent(visitor, content, view="q=disk&reading=1")
    page = parse(response)

    assert (response.status_code, shown(response)) == (422, HERE)
    [problem] = texts(page, "#problems li")
    assert problem.startswith(said)
    assert problem.endswith(DRAFT_STAYS)
    assert page.find(id="q")["value"] == "disk"


@pytest.mark.parametrize("content", [POLICY, POLICY[:-2], f"\ufeff{POLICY}"])
def test_policy_is_sent_on_to_be_checked_and_the_draft_goes_along(visitor, content):
    file = SimpleUploadedFile("policy.json", content.encode())
    first = visitor.post("/draft/", {"draft": encode(HERE), "do": "check", "file": file})
    assert (first.status_code, first["Location"]) == (307, "/check/")

    file.seek(0)
    page = parse(visitor.post(first["Location"], {"draft": encode(HERE), "do": "check", "file": file}))

    assert page.find(id="text").text.strip() == content.lstrip("\ufeff")
    assert texts(page, "#way-back a") == [f"Back to the draft “{HERE.name}”"]


# Elsewhere


@pytest.mark.parametrize("draft", [DRAFT, LARGE], ids=["small", "large"])
@pytest.mark.parametrize(
    ("where", "command", "field", "file"),
    [
        ("/check/", "check", "text", "file"),
        ("/compare/", "compare", "before", "before-file"),
        ("/access/", "add", "text", "file"),
    ],
)
def test_draft_is_told_from_a_policy_on_every_page_that_takes_one(visitor, where, command, field, file, draft):
    text = write_file(draft)
    for sent_as in ({field: text}, {file: SimpleUploadedFile("x.json", text.encode())}):
        page = parse(visitor.post(where, {"do": command} | sent_as))
        said = texts(page, "#problems li, .side-fault, .side-problem")
        assert len([words for words in said if NO_POLICY in words]) == 1


def test_draft_that_is_pasted_to_be_checked_is_opened_with_a_button(visitor):
    page = parse(visitor.post("/check/", {"text": write_file(DRAFT), "do": "check"}))

    assert page.select_one("#opens button")["formaction"] == "/draft/"
    assert sent(visitor, None, here=Draft(), text=write_file(DRAFT).replace("\n", "\r\n"))["Location"] == address_of(
        selection(ATTACH), name="disk-team"
    )
    assert parse(visitor.post("/check/", {"text": POLICY, "do": "check"})).select("#opens button") == []


def test_draft_too_large_for_a_link_is_gone_back_to_with_a_form(visitor):
    page = parse(visitor.post("/shorten/", {"draft": encode(LARGE)}))
    form = page.select_one("#way-back form")
    fields = {field["name"]: field["value"] for field in form.select("input, button")}

    assert len(encode(LARGE)) > MAX_LINK
    assert texts(page, "#way-back button") == [f"Back to the draft “{LARGE.name}”"]
    back = visitor.post(form["action"], fields)
    assert (back.status_code, shown(back), texts(parse(back), "#problems li")) == (200, LARGE, [])


# How full the link is


def filled(characters: int) -> Draft:
    return Draft((Block(selection(ATTACH), resources=(NOISE[:characters],)),))


def test_builder_says_from_85_percent_on_how_much_room_there_is_in_the_link_and_when_there_is_none():
    """And the number of operations that it says is one that fits."""
    said = {len(encode(draft)): Links(draft, View(), None).room for draft in map(filled, range(1000, 3000, 15))}

    assert {words for size, words in said.items() if size < 5100} == {""}
    nearly = {size: words for size, words in said.items() if 5100 <= size <= MAX_LINK}
    assert min(said) < 5000 < 5900 < max(nearly) < max(said)
    assert all(
        words == ROOM_FOR.format(n=(MAX_LINK - size) // 12) for size, words in nearly.items() if size <= MAX_LINK - 12
    )
    [beyond] = {words for size, words in said.items() if size > MAX_LINK}
    assert beyond == LINK_TOO_SMALL


def test_words_about_the_link_stand_beside_it(visitor):
    def words(draft: Draft) -> list[str]:
        return texts(parse(sent(visitor, write_file(draft))), "#take #link-room")

    assert words(LARGE) == [f"{LINK_TOO_SMALL} Save it as a file"]
    assert texts(parse(visitor.get("/", {"draft": encode(DRAFT)})), "#link-room") == []
