"""The picture of a draft: the page with the same in words and for Mermaid, and the file."""

from xml.etree import ElementTree

import pytest
from hypothesis import given

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.policy.document import Effect
from policybuilder.drafts.addresses import address
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.link import encode
from tests.pages.builder.strategies import drafts, law_of_pages, pack
from tests.pages.tab import ATTACH, CATALOG, CREATE, EVERYTHING, START, address_of, parse, selection, texts, words

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</text><script>alert(1)</script>&\"' <![CDATA[ ]]>"


def svg(response) -> ElementTree.Element:
    """The picture as an XML parser reads it, which forgives nothing."""
    assert response.status_code == 200
    return ElementTree.fromstring(response.content)  # noqa: S314  our own answer


def drawn(root: ElementTree.Element) -> list[str]:
    """The texts as they are shown: white space counts as one space."""
    return [" ".join("".join(element.itertext()).split()) for element in root.iter(f"{SVG}text")]


def test_picture_alone_is_an_image(visitor):
    response = visitor.get(address_of(selection(ATTACH), name="disk team", page="picture-image"))
    root = svg(response)

    assert response["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert response["Content-Disposition"] == 'inline; filename="disk-team.svg"'
    assert root.attrib["role"] == "img"
    assert [root.find(f"{SVG}{tag}").text for tag in ("title", "desc")] == [
        "disk team: what its operations need",
        "1 operation; 2 actions: 1 chosen, 1 added as a dependency."
        " Lines lead from each operation to the actions that it needs.",
    ]
    assert {
        "disk team",
        "Attaching a disk to an ECS",
        "ecs:cloudServers:attach",
        "evs:volumes:use",
    } <= set(drawn(root))


@pytest.mark.parametrize("wanted", [selection(ATTACH), EVERYTHING], ids=["one", "everything"])
def test_picture_needs_no_style_and_no_script(visitor, wanted):
    root = svg(visitor.get(address_of(wanted, page="picture-image")))

    names = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert names <= {"svg", "title", "desc", "rect", "path", "g", "circle", "text", "tspan"}
    assert not [name for element in root.iter() for name in element.attrib if name == "style" or name.startswith("on")]
    # Every shape that is seen has its colour from itself or its group: what is left is black.
    assert all("fill" in element.attrib for element in root if element.tag == f"{SVG}rect")


def test_page_says_in_words_what_the_picture_shows(visitor):
    page = parse(visitor.get(address_of(selection(ATTACH, CREATE, actions=["kms:keys:get"]), page="picture")))

    assert texts(page, "#in-words h3") == [
        "Lifecycle Management",
        "Disk Management",
        "Added individually",
    ]
    assert [words(item) for item in page.select("#in-words .needs > li")] == [
        "Creating ECSs (pay-per-use) Can change Its own action ecs:cloudServers:createServers Can change"
        " Also needs vpc:publicIps:create Can change vpc:publicIps:update Can change",
        "Attaching a disk to an ECS Can change Its own action ecs:cloudServers:attach Can change"
        " Also needs evs:volumes:use Can change",
    ]
    assert texts(page, ".needs-names li") == ["kms:keys:get Not in the catalogue"]


def test_page_has_the_picture_as_text_for_mermaid(visitor):
    draft = Draft((Block(selection(ATTACH, actions=["kms:*:get"])), Block(selection(ATTACH), Effect.DENY)))
    page = parse(visitor.get(address(draft, name="picture")))

    assert page.select_one("#mermaid-text").get_text().splitlines() == [
        "flowchart LR",
        '  o58["Attaching a disk to an ECS, Can change, Denied by statement 2"]',
        '  a58["ecs:cloudServers:attach, Can change, Denied by statement 2"]',
        '  a116["evs:volumes:use, Can change"]',
        '  a174["kms:#42;:get, Not in the catalogue"]',
        "  o58 --> a58",
        "  o58 -.-> a116",
        "  o58 --x a58",
    ]
    assert page.select_one("button[data-copy]")["data-copy"] == "mermaid-text"


@law_of_pages
@given(drafts().filter(encode))
def test_page_and_file_show_the_same_picture_of_any_draft(visitor, draft):
    root = svg(visitor.get(address(draft, name="picture-image")))
    page = parse(visitor.get(address(draft, name="picture")))

    inside = page.select_one("svg.pic")
    assert (inside is None) == (not draft.selection.operations and not draft.selection.actions)
    if inside:
        assert [words(element) for element in inside.find_all("text")] == drawn(root)
    titles = {CATALOG.operations[id_].title for id_ in draft.selection.operations}
    assert {strong.get_text() for strong in page.select(".needs strong")} == titles


def test_denied_operation_says_so_in_the_picture_and_in_words(visitor):
    draft = Draft((Block(selection(ATTACH)), Block(selection(ATTACH), Effect.DENY)))
    page = parse(visitor.get(address(draft, name="picture")))

    root = svg(visitor.get(address(draft, name="picture-image")))
    assert sum("Denied by statement 2" in text for text in drawn(root)) == 2
    assert {line.attrib["class"] for line in root.iter(f"{SVG}path")} == {"pic-own", "pic-needed", "pic-denied"}
    assert words(page.select_one(".needs > li p")) == "Attaching a disk to an ECS Can change Denied by statement 2"
    assert texts(page, ".needs dt") == ["Its own action", "Also needs", "Taken away by a Deny"]


def test_kept_statement_is_named_and_not_drawn(visitor):
    kept = '{"Effect":"Deny","NotAction":["ecs:servers:get"]}'
    draft = Draft((Block(selection(ATTACH)), Block(kept=kept)))

    assert "Not drawn, kept as written: statement 2" in drawn(svg(visitor.get(address(draft, name="picture-image"))))
    page = parse(visitor.get(address(draft, name="picture")))
    assert texts(page, "#in-words > p") == ["Statement 2 is kept as written and not drawn. What it denies is marked."]


def test_empty_draft_says_that_there_is_nothing(visitor):
    page = parse(visitor.get("/picture/"))

    assert texts(page, "main .nothing") == ["Nothing is selected yet, so there is nothing to draw."]
    assert page.select("svg.pic, #in-words") == []
    assert drawn(svg(visitor.get(address(Draft(name="team"), name="picture-image")))) == [
        "team",
        "Nothing is selected yet.",
    ]


def test_damaged_link_is_told(visitor):
    page = parse(visitor.get("/picture/?draft=1damaged"))

    assert len(page.select("[role=alert] li")) == 1


@pytest.mark.parametrize("name", [HOSTILE, "\0\x0b\x1f\ufffe", "x" * 5000, "\u202e\U0001f600漢字"], ids=range(4))
def test_no_name_breaks_the_picture(visitor, name):
    where = f"/picture.svg?draft={pack(f'n{name}' + chr(10) + f'o{START}')}"
    response = visitor.get(where)
    root = svg(response)

    assert [element for element in root.iter() if element.tag.endswith("script")] == []
    shown = "".join(drawn(root)).replace(" ", "")
    assert "".join(name.split())[:10].strip("\0\x0b\x1f\ufffe\u202e") in shown
    assert b"<script" not in visitor.get(where.replace(".svg", "/")).content.replace(
        b'<script type="module" src="/static/', b""
    )


def test_back_leads_to_the_draft(visitor):
    wanted = selection(ATTACH)
    page = parse(visitor.get(address_of(wanted, page="picture")))

    assert page.select_one("#way-back a")["href"] == address_of(wanted)
    alone, download = page.select("main .take a")
    assert alone["href"] == download["href"] == address_of(wanted, page="picture-image")
    assert download["download"] == ""
