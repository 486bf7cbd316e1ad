"""What a page says, whatever markup it says it in."""

import pytest

from policybuilder.reference.headings import Column, columns, is_action_table
from policybuilder.reference.problems import ReferenceProblem
from policybuilder.reference.tables import Block, Reference, read_page
from tests.sweeps import sweep

from .made_pages import grid, page, section

LETTERS = {
    "T": Column.TITLE,
    "C": Column.CALLS,
    "A": Column.ACTIONS,
    "D": Column.DEPENDENCIES,
    "I": Column.IAM_PROJECT,
    "E": Column.ENTERPRISE_PROJECT,
    "S": Column.SCOPE,
    "N": Column.NOTES,
    "-": Column.IGNORED,
}


@sweep(
    ("headings", "expected"),
    [
        ("Permission | API | Action | IAM Project | Enterprise Project", "TCAIE"),
        ("API | API Function | Action | Authorization Scope", "CTAS"),
        ("API | API Function | Action | Scope", "CTAS"),
        ("Permission | API | Action | Dependent Permission | IAM Project (Project)", "TCADI"),
        ("Permission | API | Action | Dependent Action | IAM Project | Enterprise Project", "TCADIE"),
        ("Permission | API | Action | Related Action | IAM Project | Enterprise Project", "TCADIE"),
        ("Permission | API | Action | Dependency Item | IAM Project", "TCADI"),
        ("Permission | API | Action | IAM (Project) | Enterprise (Enterprise Project)", "TCAIE"),
        ("Permission | API | Action | IAM Project (Project) | Enterprise Project (Enterprise Project)", "TCAIE"),
        ("Permissions | APIs | Actions | IAM Project | Enterprise Project", "TCAIE"),
        ("Permissions | Actions | Authorization Scope | APIs", "TASC"),
        ("Permission | Action | API | IAM Projects | Enterprise Project", "TACIE"),
        ("Permission | API | Action | IAM Projects | Enterprise Projects", "TCAIE"),
        # user manuals
        ("Permission Name | Description | Dependency | Scenario", "ATD-"),
        ("Action | Description | Dependencies | Applicable Scenario", "ATD-"),
        ("Action Name | Description", "AT"),
        ("Operation | Actions | Description", "TAN"),
        ("Operation | Actions | Remarks", "TAN"),
        ("Operation | Permission | Dependent Permission | Scope", "TADS"),
        ("Permission | Description | Dependency", "ATD"),
        ("Operation | Permission (service:resource:action) (Role/Policy-based Authorization)", "TA"),
        ("System-defined Permission | Description | Dependencies | Scenario", "ATD-"),
        ("Trigger/Function | Permission", "TA"),
    ],
)
def test_columns_are_told_by_their_headings(headings: str, expected: str) -> None:
    assert columns(tuple(headings.split(" | ")), "page") == tuple(LETTERS[letter] for letter in expected)


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        ("Permission | API | Action | Region", "page: heading 'Region' is unknown"),
        ("Operation | Function | Action", "page: several columns are title"),
        ("Permission | API", "page: no column of actions or of titles"),
    ],
)
def test_headings_that_nobody_has_judged_stop_the_page(headings: str, expected: str) -> None:
    with pytest.raises(ReferenceProblem) as caught:
        columns(tuple(headings.split(" | ")), "page")

    assert str(caught.value).startswith(expected)


def test_a_table_must_be_understood_when_it_names_actions_or_calls() -> None:
    assert is_action_table(("Policy", "Description"), ["evs:volumes:get"])
    assert is_action_table(("Permission", "API"), ["GET /v1/x"])
    assert not is_action_table(("Operation", "EVS FullAccess"), ["Yes", "see https://x.example/a:b"])


def test_a_cell_is_its_paragraphs_without_markup() -> None:
    cell = "-  :ref:`Creating a Disk <evs_04>`\n\n   evs:volumes:\\*\n\n.. note::\n\n   Slowly."
    table = read_page(page("Disks", grid(["Permission"], [cell])), "page").tables[0]

    assert table.rows[0].cells[0] == (
        Block("Creating a Disk", depth=1, starts=True, references=(Reference("Creating a Disk", "evs_04"),)),
        Block("evs:volumes:*", depth=1),
        Block("Slowly.", note=True),
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("dns:zone:get", "dns:zone:get"),  # dns: is the scheme of an address
        ("kms:``*``:\\*", "kms:*:*"),
        ("``vpc:*:*``", "vpc:*:*"),
        ("PUT https://{*Endpoint*}/v3", "PUT https://{Endpoint}/v3"),
        ("``-``", "-"),
    ],
)
def test_names_survive_what_docutils_makes_of_them(written: str, meant: str) -> None:
    table = read_page(page("Disks", grid(["Action"], [written])), "page").tables[0]

    assert [block.text for block in table.rows[0].cells[0]] == [meant]


def test_headings_of_two_paragraphs_titles_and_sections() -> None:
    named = ".. table:: **Table 2** Disks\n\n  " + grid(["IAM Project\n\n(Project)"], ["Y"]).replace("\n", "\n  ")
    document = read_page(page("All", section("Part"), named), "page")

    (table,) = document.tables
    assert (document.title, table.sections, table.title) == ("All", ("All", "Part"), "Table 2 Disks")
    assert table.headings == ("IAM Project (Project)",)
    assert table.rows[0].line == 14


def test_simple_tables_are_read_too() -> None:
    text = page("VPC", "====== ==========\nAction API\n====== ==========\na:b:c  GET /v1/x\n====== ==========")

    assert [[block.text for cell in row.cells for block in cell] for row in read_page(text, "page").tables[0].rows] == [
        ["a:b:c", "GET /v1/x"]
    ]


def test_cells_that_span_others_are_refused() -> None:
    spanning = "+---+---+\n| a | b |\n+===+===+\n| over both |\n+---+---+".replace("over both", "both ")
    with pytest.raises(ReferenceProblem, match="span others"):
        read_page(page("All", spanning), "page")


def test_contents_name_the_pages_in_their_order() -> None:
    text = page("All", ".. toctree::\n   :maxdepth: 1\n   :hidden: \n\n   introduction\n   disks")

    assert read_page(text, "page").contents == ("introduction", "disks")
