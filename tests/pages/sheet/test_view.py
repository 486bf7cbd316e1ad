"""The acceptance sheet, on the page and as CSV, and the summary for a change request."""

import csv
import io
import json
import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.policy.document import Condition, Effect
from policybuilder.domain.work import CHARACTERS_A_STEP, MOST_STEPS, Work
from policybuilder.drafts.addresses import address
from policybuilder.drafts.draft import Draft, is_text
from policybuilder.drafts.link import encode
from policybuilder.errors import TOO_MUCH_TO_ANSWER
from policybuilder.pages.sheet.page import NO_EFFECT, SheetPage, clean_text, guarded
from policybuilder.pages.sheet.summary import as_written, fence_for, summary_text
from tests.builders import catalog_of_services, operation, service
from tests.laws import tried
from tests.pages.builder.strategies import drafts, law_of_pages, pack
from tests.pages.tab import (
    ATTACH,
    CATALOG,
    DETACH,
    DISKS,
    QUERY,
    START,
    address_of,
    json_of,
    parse,
    selection,
    texts,
    words,
)

ANNA = Condition("StringStartWith", "g:UserName", ("=cmd|' /C calc'!A0", "`anna`\n# x"))


def trials(page) -> dict[str, tuple[str, ...]]:
    """Each operation's title -> why it is listed, its remarks, and the expected answers, each once."""
    found = {}
    for body in page.select("tbody.trial"):
        answers = {tuple(words(cell) for cell in row.select(".answer")) for row in body.select("tr")[1:]}
        assert len(answers) == 1
        found[words(body.select_one(".trial-title"))] = (
            words(body.select_one(".badge")),
            *texts(body, ".trial-remark"),
            *answers.pop(),
        )
    return found


def lines(response) -> list[dict[str, str]]:
    text = response.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def get(visitor, draft: Draft):
    return parse(visitor.get(address(draft, name="sheet")))


# What is expected


def test_selected_operation_and_limits_are_listed(visitor):
    found = trials(get(visitor, Draft.of(selection(ATTACH))))

    assert found.pop("Attaching a disk to an ECS") == ("Selected", "200", "200")
    assert len(found) == 10
    assert set(found.values()) == {("Must be refused", "403", "403")}


def test_limit_of_a_category_reads_where_one_can(visitor):
    page = get(visitor, Draft.of(selection(ATTACH)))
    titles = texts(page, ".trial-limit .trial-title")

    near = [CATALOG.categories[DISKS], *list(CATALOG.categories.values())[:8]]
    for category in near:
        listed = [operation for operation in category.operations if operation.title in titles]
        reading = [operation for operation in category.operations if operation.access.value == "read"]
        assert listed[:1] == (reading or list(category.operations))[:1]


def test_iam_only_operation_is_refused_in_the_enterprise_project(visitor):
    found = trials(get(visitor, Draft.of(selection(START))))

    assert found["Starting an ECS (native OpenStack API)"] == (
        "Selected",
        NO_EFFECT.format(names="ecs:servers:list, ecs:servers:start"),
        "200",
        "403",
    )


def test_incomplete_and_denied_operations_are_refused(visitor):
    draft = Draft(
        (
            Block(selection(ATTACH, DETACH, without=["evs:volumes:use"])),
            Block(selection(DETACH), Effect.DENY),
        )
    )
    found = trials(get(visitor, draft))

    assert found["Attaching a disk to an ECS"] == ("Incomplete", "Missing: evs:volumes:use.", "403", "403")
    assert found["Detaching a disk from an ECS"] == ("Denied", "Denied by statement 2.", "403", "403")


def test_condition_is_said_in_words(visitor):
    condition = Condition("StringEquals", "g:UserName", ("anna",))
    found = trials(get(visitor, Draft((Block(selection(DETACH), conditions=(condition,)),))))

    assert found["Detaching a disk from an ECS"] == (
        "Under conditions",
        "It depends. Statement 1 allows it only for users whose name is “anna”.",
        "depends",
        "depends",
    )


def test_what_is_also_allowed_under_conditions_is_listed_as_that(visitor):
    condition = Condition("StringEquals", "g:UserName", ("anna",))
    draft = Draft((Block(selection(QUERY), conditions=(condition,)),))
    also = [o.title for o in CATALOG.needs.operations_by_action["ecs:cloudservers:list"] if not o.all_dependencies()]
    also.remove(CATALOG.operations[QUERY].title)

    found = trials(get(visitor, draft))

    assert {found[title][0] for title in also} == {"Also allowed, under conditions"}
    summary = visitor.get(address(draft, name="summary")).content.decode()
    listed = summary.partition("## Also allowed")[2].partition("##")[0]
    assert [title for title in also if f"- {title} (reads, under conditions)" in listed] == also


def test_empty_draft_has_nothing_to_try(visitor):
    page = parse(visitor.get("/sheet/"))

    assert texts(page, "main .nothing") == ["Nothing is selected yet, so there is nothing to try."]
    assert page.select("table") == []
    assert lines(visitor.get(address(Draft(name="team"), name="sheet-csv"))) == []


def test_damaged_link_is_told(visitor):
    assert len(parse(visitor.get("/sheet/?draft=1damaged")).select("[role=alert] li")) == 1


# CSV


@law_of_pages
@given(drafts().filter(encode))
def test_csv_says_what_the_page_says_of_any_draft(visitor, draft):
    page = get(visitor, draft)
    cells = [[words(cell) for cell in row.select("td")[:3]] for row in page.select("tbody.trial tr:has(td)")]

    found = lines(visitor.get(address(draft, name="sheet-csv")))
    columns = ("Expected in the IAM project", "Expected in the enterprise project")
    assert [[f"{line['Method']} {line['Path']}", *(line[name] for name in columns)] for line in found] == cells


def test_csv_is_a_file(visitor):
    response = visitor.get(address_of(selection(ATTACH), name="a b", page="sheet-csv"))

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="a-b-sheet.csv"'
    assert response.content.startswith(b"\xef\xbb\xbfCategory,")
    assert response.content.count(b"\r\n") == response.content.count(b"\n")


def test_no_cell_is_a_formula(visitor):
    draft = Draft((Block(selection(DETACH), conditions=(ANNA,)),), "=HYPERLINK(1)")
    response = visitor.get(address(draft, name="sheet-csv"))
    cells = [cell for row in csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline="")) for cell in row]

    assert any("=cmd|" in cell for cell in cells)
    assert not [cell for cell in cells if cell and cell[0] in "=+-@\t\r"]


SEPARATORS = [",", ";", "\t", "|", " "]
FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # the last four are wide
HOSTILE_TEXTS = st.text(alphabet=[*FORMULA, *",;|\t \r\n\"'ax1“"]) | st.text()


def cells_of(text: str, separator: str, **dialect) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, **dialect) for cell in row]


def formulas(text: str, separator: str, **dialect) -> list[str]:
    """A sign between two words is a cell of its own where a space separates, and nothing to compute."""
    alone = FORMULA if separator == " " else ()
    return [
        cell
        for cell in cells_of(text, separator, **dialect)
        if (cell.startswith(("\t", "\r", "\n")) or cell.lstrip().startswith(FORMULA)) and cell not in alone
    ]


@tried(400)
@given(st.lists(HOSTILE_TEXTS, min_size=1, max_size=4))
@example(["a", 'x;=HYPERLINK("https://evil.example")'])
@example(["a", 'x;"=1'])
@example(["a", 'x; " =1'])
@example(["a", "x;\n=1"])
@example(["a -", "=1"])
def test_no_cell_is_a_formula_whatever_a_spreadsheet_splits_at(texts):
    out = io.StringIO()
    csv.writer(out).writerow(map(guarded, texts))

    for separator in SEPARATORS:
        for dialect in ({}, {"skipinitialspace": True}, {"quoting": csv.QUOTE_NONE}):
            assert formulas(out.getvalue(), separator, **dialect) == []


@law_of_pages
@given(HOSTILE_TEXTS.filter(is_text), HOSTILE_TEXTS.filter(is_text))
def test_no_condition_makes_a_formula_of_a_cell(visitor, value, other):
    conditions = (Condition("StringEquals", "g:UserName", (value, other)),)
    response = visitor.get(address(Draft((Block(selection(DETACH), conditions=conditions),)), name="sheet-csv"))

    text = response.content.decode("utf-8-sig")
    for separator in SEPARATORS:
        assert formulas(text, separator) == []


@pytest.mark.parametrize("text", [*(f"{sign}1" for sign in FORMULA), "=1+1", "@SUM(1)"])
def test_formula_is_guarded(text):
    assert guarded(text) == f"'{text}"
    assert guarded(f"x;{text}") == f"x;'{text}"
    assert guarded(f"\t{text}") == f"'{text}"


@pytest.mark.parametrize(
    "text",
    [
        "Attaching a disk",
        "In the IAM project it depends. Statement 1 allows it only for users whose name is “-anna” or “@anna”.",
        NO_EFFECT.format(names="ecs:servers:list, ecs:servers:start and 3 more"),
        "/v1/{project_id}/cloudservers/{server_id}?a=1&b=-1",
        "Anna - Admin; a=b, c+d | e-mail@example.com",
    ],
)
def test_plain_cell_stays_as_it_is(text):
    assert guarded(text) == text


def test_cells_of_the_catalogue_stay_as_they_are():
    for row in CATALOG.operations.values():
        for text in (row.title, *(call.path for call in row.calls)):
            assert guarded(text) == text


# Summary


def test_summary_is_whole(visitor):
    condition = Condition("StringEquals", "g:UserName", ("anna",))
    draft = Draft(
        (
            Block(selection(ATTACH, START)),
            Block(selection(DETACH), conditions=(condition,)),
            Block(selection(DETACH), Effect.DENY),
        ),
        "disk-team",
    )
    response = visitor.get(address(draft, name="summary"))
    text = response.content.decode()

    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="disk-team.md"'
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        "# disk-team",
        "## What it allows",
        "## Denied",
        "## Added as dependencies",
        "## Where it works",
        "## Conditions and resources",
        "## Limits",
        "## Findings",
        "## The policy",
    ]
    for line in (
        "- Disk Management",
        "  - Attaching a disk to an ECS (can change)",
        "- Detaching a disk from an ECS: by statement 3",
        "- Elastic Volume Service: `evs:volumes:use`",
        "IAM-only: 2 of 5 actions have no effect in an enterprise project.",
        "- statement 2 allows only for users whose name is “anna”",
    ):
        assert line in text.splitlines()


@law_of_pages
@given(drafts().filter(encode))
def test_summary_ends_with_the_policy_as_it_is_downloaded(visitor, draft):
    text = visitor.get(address(draft, name="summary")).content.decode()
    policy = visitor.get(address(draft, name="download")).content.decode()

    if json.loads(policy)["Statement"]:
        assert text.endswith(f"```json\n{policy}```\n")
    else:
        assert text.endswith("\nNothing is selected yet.\n")


def test_no_text_ends_the_fence_or_becomes_markup(visitor):
    condition = Condition("StringEquals", "g:UserName", ("````\n# evil", "[x](https://evil.example)<img src=x>"))
    draft = Draft((Block(selection(DETACH), conditions=(condition,)),), "# *a* [b](http://c) <b>")
    text = visitor.get(address(draft, name="summary")).content.decode()

    assert text.startswith("# `# *a* [b](http://c) <b>`\n")
    outside, _, fenced = text.partition("`````json\n")
    assert fenced.endswith("\n`````\n")
    assert [line for line in outside.splitlines() if "evil" in line] == [
        "- statement 1 allows only for users whose name is "
        "`````“```` #````` evil” or `“[x](https://evil.example)<img src=x>”`"
    ]


# What GitHub and GitLab look for in the text that Markdown has become, outside of code: mentions and references to
# issues, merge requests, labels, milestones, epics, snippets, alerts, commits, trackers; emoji; addresses.
REFERENCES = re.compile(
    r"@\w|#\w|!\d|~[\w\"]|%[\w\"]|&\d|\$\w|\^\w|\[\w+:\d|:[\w+-]+:|\b(?i:gh)-\d|\b[A-Z][A-Z0-9_]+-\d+\b"
    r"|\b[0-9a-f]{7,40}\b|(?i:\w+://|www\.|mailto:|xmpp:)|&\w+;|&#"
)
REFERENCE_TEXTS = st.lists(
    st.sampled_from(
        [
            *[
                "@anna",
                "@team/devs",
                "#1",
                "owner/repo#1",
                "GH-1",
                "gh-7",
                "PROJ-12",
                "!123",
                "~label",
                '~"a b"',
                "%1.2",
            ],
            *[
                "&1",
                "$1",
                "^alert#1",
                ":smile:",
                "https://evil.example",
                "http:evil",
                "www.evil.example",
                "a@b.example",
            ],
            *["mailto:a@b.example", "a5c3785", "a5c3785ed8d6a35868bc169f07e40e889087fd2e", "owner/repo@a5c3785"],
            *[
                "&lt;",
                "&#64;anna",
                "<b>",
                "<!-- -->",
                "![x](y)",
                "[x](https://evil.example)",
                "[x]: https://evil.example",
            ],
            *[
                "*a*",
                "__a__",
                "~~a~~",
                "`",
                "``",
                "a`b",
                "\\",
                "\\`",
                "- x",
                "1.",
                "1)",
                "+",
                "# x",
                "#",
                ">",
                "---",
                "===",
            ],
            *["|", "a|b", "\n", " ", "anna", "(anna)", "“anna”", "a_b", "_a_", "5%", "1,000", "x\n\n    y", "\n```\n"],
            *["[ ]", "[[a]]", "/close", ":", "-", "=", "&", "@", "!", "'", '"'],
        ]
    ),
    min_size=1,
    max_size=6,
)
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def shown(markdown: str) -> tuple[str, str, set[str]]:
    """What Markdown makes of a text: what is shown, what of it is not code, and the kinds of what there is."""
    tokens = MARKDOWN.parse(markdown)
    parts = [part for token in tokens for part in token.children or ()]
    kinds = {token.type.removesuffix("_open") for token in (*tokens, *parts) if token.nesting >= 0}
    texts = ["\n" if part.type == "softbreak" else part.content for part in parts]
    outside = ["\n" if part.type == "softbreak" else part.content for part in parts if part.type != "code_inline"]
    return "".join(texts), "\0".join(outside), kinds - {"inline", "text"}


@pytest.mark.parametrize("before", ["# ", "- ", "  - ", "", "- statement 1 allows "])
@tried(400)
@given(REFERENCE_TEXTS.flatmap(lambda parts: st.sampled_from([" ".join(parts), "".join(parts)])) | st.text())
def test_text_is_shown_as_it_was_written_and_is_nothing_else(before, text):
    whole, outside_code, kinds = shown(before + as_written(text))

    assert whole == f"{before.strip(' #-')} {clean_text(text)}".strip()
    block = {"#": {"heading"}, "-": {"bullet_list", "list_item", "paragraph"}}.get(before.strip()[:1], {"paragraph"})
    assert kinds - {"code_inline"} <= block
    assert REFERENCES.findall(outside_code) == []


@law_of_pages
@given(st.lists(REFERENCE_TEXTS.map("".join), min_size=3, max_size=3))
def test_summary_of_any_texts_is_the_same_document(visitor, texts):
    name, value, resource = texts
    condition = Condition("StringEquals", "g:UserName", (value,))
    draft = Draft((Block(selection(DETACH), label=name, conditions=(condition,), resources=(resource,)),), name)
    _, outside_code, kinds = shown(visitor.get(address(draft, name="summary")).content.decode())

    assert kinds == {"heading", "paragraph", "bullet_list", "list_item", "code_inline", "fence"}
    assert REFERENCES.findall(outside_code) == []


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("plain text-1", "plain text-1"),
        ("disk_team", "disk_team"),
        ("Anna - Admin's (team), 5% & 1,000", "Anna - Admin's (team), 5% & 1,000"),
        ("only for users whose name starts with “ops-”", "only for users whose name starts with “ops-”"),
        ("ask @anna about #1", "ask `@anna` about `#1`"),
        ("a `b` c", "a `` `b` `` c"),
        ("- item", "`-` item"),
        ("1. item", "`1.` item"),
        ("a\n\n# b\x00", "a `#` b"),
        ("www.evil.example", "`www.evil.example`"),
        ("", ""),
    ],
)
def test_only_what_could_be_more_than_text_is_code(text, markdown):
    assert as_written(text) == markdown


@pytest.mark.parametrize(
    "text", ['; " ' * 50_000 + "<", "a" + "\"'" * 90_000 + "<", "a-" * 90_000 + "<", "- " * 90_000]
)
def test_long_text_is_no_long_work(text):
    """Hours, if each sign of it were a place to begin anew from."""
    plain = clean_text(text).replace("'", "")
    assert guarded(text).replace("'", "") == as_written(text).replace("`", "").replace("'", "") == plain


@given(st.text(alphabet="`a\n"))
def test_fence_is_longer_than_any_run(text):
    assert fence_for(text) not in text


def test_back_and_files_are_those_of_the_draft(visitor):
    wanted = selection(ATTACH)
    page = parse(visitor.get(address_of(wanted, page="sheet")))

    assert page.select_one("#way-back a")["href"] == address_of(wanted)
    sheet, summary = page.select("main .take a")
    assert (sheet["href"], summary["href"]) == (
        address_of(wanted, page="sheet-csv"),
        address_of(wanted, page="summary"),
    )
    assert json_of(wanted) in visitor.get(summary["href"]).content.decode()


def test_hostile_name_is_text(visitor):
    page = parse(visitor.get(f"/sheet/?draft={pack('n<script>alert(1)</script>' + chr(10) + f'o{ATTACH}')}"))

    assert words(page.h1) == "Acceptance sheet: <script>alert(1)</script>"
    assert [script for script in page.select("script") if not script.get("src")] == []


def test_summary_says_that_an_incomplete_query_gets_an_empty_list():
    query = operation("vpc/a/list", "vpc:a:list", needs=["vpc:a:get"], access="read", calls=["GET /v1/a"])
    of = catalog_of_services(
        replace(service("vpc", query), queries_never_refused="https://docs.example/precautions.html")
    )
    lacking = Draft.of(Selection(frozenset({"vpc/a/list"}), without=frozenset({"vpc:a:get"})))

    assert "- List: calls get an empty list, `vpc:a:get` missing" in summary_text(of, lacking).splitlines()


# What it costs


def limited(number: int, value: str = "anna") -> Draft:
    """A statement of everything that is in the catalogue, under `number` conditions."""
    conditions = tuple(Condition("StringEquals", f"ecs:Key{at}", (value,)) for at in range(number))
    return Draft((Block(Selection(frozenset(CATALOG.operations)), conditions=conditions),))


def test_what_a_sheet_repeats_is_paid_for():
    """The sentence about the conditions is in the remarks of each row that depends on them."""

    def spent(draft: Draft) -> tuple[int, int]:
        work = Work()
        rows = SheetPage(CATALOG, draft, work).rows
        return MOST_STEPS - work.left, sum(len(remark) for row in rows for remark in row.remarks)

    (steps, characters), (more_steps, more_characters) = spent(limited(2)), spent(limited(20))

    assert more_characters > 5 * characters
    assert more_steps - steps >= (more_characters - characters) // CHARACTERS_A_STEP * 0.9


@pytest.mark.parametrize("where", ["sheet", "sheet-csv"])
def test_sheet_that_repeats_too_much_is_refused_and_the_draft_stays(visitor, where):
    draft = limited(90, "x" * 900)
    answer = visitor.get(address(draft, name=where))
    page = parse(answer)

    assert answer.status_code == 422
    assert page.h1.get_text() == TOO_MUCH_TO_ANSWER
    assert page.select_one("#way-back a")["href"] == address(draft)


@pytest.mark.parametrize("where", ["sheet", "sheet-csv", "summary"])
def test_sheet_of_everything_under_some_conditions_is_there(visitor, where):
    assert visitor.get(address(limited(10), name=where)).status_code == 200
