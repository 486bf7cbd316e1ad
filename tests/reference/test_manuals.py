"""Titles of actions that several rows of a user manual describe."""

import pytest

from policybuilder.reference.manuals import joined_title
from policybuilder.reference.pages import ReadRow, Source

from .made_pages import read_cells

LONG = "a " * 60 + "b"  # 121 characters


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        (["Getting"], "Getting"),
        (["Getting", "Asking", "getting"], "Getting; Asking"),
        ([LONG, "Asking", LONG[::-1]], f"{LONG}; Asking; …"),
        ([LONG, LONG[::-1], "Asking"], f"{LONG}; …"),
        (["a " * 98 + "bcd", "Asking"], "a " * 98 + "bcd"),
        (["a " * 100 + "b"], "a " * 98 + "a…"),
    ],
)
def test_titles_are_joined_and_cut_at_a_whole_one(rows: list[str], title: str) -> None:
    found = joined_title([row(text) for text in rows])

    assert (found, len(found) <= 200) == (title, True)


def test_a_row_that_names_the_action_alone_comes_first() -> None:
    both = row("Creating", "evs:disks:do\n\nevs:disks:get")

    assert joined_title([both, row("Doing")]) == "Doing"
    assert joined_title([both, row("Copying", "evs:disks:do\n\nevs:disks:set")]) == "Creating; Copying"


def row(title: str, actions: str = "evs:disks:do") -> ReadRow:
    return ReadRow(read_cells(title=title, actions=actions), "", "", Source("", "", "", ""), (), manual=True)
