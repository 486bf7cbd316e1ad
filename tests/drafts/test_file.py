"""A draft as a file: it gives the draft back, and what is none, or not whole, says so."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.building.bounds import MOST_WILDCARDS
from policybuilder.domain.building.selection import Selection
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.entries import MAX_ENTRIES, Opened
from policybuilder.drafts.file import (
    NO_ENTRIES,
    NO_WHOLE_JSON,
    NOT_SAVED_HERE,
    TOO_MANY_ENTRIES,
    TOO_MUCH_TEXT,
    NoDraftFileError,
    is_draft_file,
    open_file,
    write_file,
)
from policybuilder.drafts.link import MAX_TEXT, MAX_TOKEN
from tests.laws import tried
from tests.pages.builder.strategies import several_drafts

from .test_draft import ATTACH, CATALOG, SEVERAL, WHOLE, gone, newer

law = tried(60)
DAMAGED = NO_WHOLE_JSON


def file_of(*entries: object, number: object = 2) -> str:
    return json.dumps({"policy-builder-draft": number, "entries": entries})


def refusal(text: str) -> str:
    with pytest.raises(NoDraftFileError) as refused:
        open_file(CATALOG, text)
    return str(refused.value)


@law
@given(several_drafts())
def test_file_gives_the_draft_back(draft):
    assert open_file(CATALOG, write_file(draft)) == Opened(draft, ())


@pytest.mark.parametrize("draft", [Draft(), WHOLE, SEVERAL], ids=["empty", "whole", "several"])
def test_file_of_a_draft_gives_it_back_and_is_known_as_one(draft):
    text = write_file(draft)

    assert open_file(CATALOG, text) == Opened(draft, ())
    assert is_draft_file(text)
    assert is_draft_file("\ufeff" + text[:60])


def test_file_is_read_by_people_too():
    draft = Draft.of(
        Selection(frozenset({ATTACH}), actions=frozenset({"ecs:servers:get", "ecs:servers:list"})), "Größe"
    )

    assert write_file(draft) == (
        "{\n"
        '  "policy-builder-draft": 2,\n'
        '  "entries": [\n'
        '    ["name", "Größe"],\n'
        '    ["statement"],\n'
        '    ["operations", "ecs/disk-management/", "attaching-a-disk-to-an-ecs"],\n'
        '    ["actions", "ecs:servers:", "get", "list"]\n'
        "  ]\n"
        "}\n"
    )


def test_what_cannot_be_opened_of_a_file_is_named():
    text = file_of(
        ["name", "kept"],
        ["operations", "ecs/disk-management/", "attaching-a-disk-to-an-ecs", "gone"],
        ["expectation", "ecs"],
        5,
        [],
        ["name", 5],
        ["resource", "\ud800"],
        {"a": [None]},
    )

    assert open_file(CATALOG, text) == Opened(
        Draft.of(Selection(frozenset({ATTACH})), "kept"),
        (
            *map(
                gone, ["ecs/disk-management/gone", "5", "[]", '["name", 5]', r'["resource", "\ud800"]', '{"a": [null]}']
            ),
            newer("expectation ecs"),
        ),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", DAMAGED),
        ("{", DAMAGED),
        ("[" * 100_000, DAMAGED),
        (write_file(WHOLE)[:-9], DAMAGED),
        (file_of(["name", "x" * MAX_TEXT]), TOO_MUCH_TEXT.format(most=200000)),
        ("[]", NOT_SAVED_HERE),
        ("5", NOT_SAVED_HERE),
        ('{"a": 1}', NOT_SAVED_HERE),
        ('{"policy-builder-draft": 2}', NO_ENTRIES),
        ('{"policy-builder-draft": 2, "entries": {}}', NO_ENTRIES),
        (
            file_of(*[["operations", "", *map(str, range(MAX_ENTRIES))]]),
            TOO_MANY_ENTRIES.format(most=3000),
        ),
        (
            file_of(*[5, []] * (MAX_ENTRIES // 2 + 1)),
            TOO_MANY_ENTRIES.format(most=3000),
        ),
    ],
)
def test_file_that_is_no_draft_or_not_whole_says_so(text, said):
    assert refusal(text) == said


@pytest.mark.parametrize("number", [3, 1, "2", None, [2]])
def test_file_of_another_format_is_not_opened(number):
    assert "another format" in refusal(file_of(["name", "a"], number=number))


def test_file_that_holds_too_much_opens_nothing():
    wild = [["actions", "", *(f"ecs:*{at}:*" for at in range(MOST_WILDCARDS + 1))]]
    noise = "".join(chr(0x4E00 + number * 7919 % 20000) for number in range(MAX_TOKEN))

    for entries in (wild, [["resource", noise]], [["resource", "ü" * 100_000], ["resource", "x"]]):
        opened = open_file(CATALOG, file_of(*entries))
        assert (opened.draft, opened.problems) == (Draft(partial=True), (opened.too_large,))
        assert opened.too_large.startswith("The draft was not opened: it is too large.")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@law
@given(st.lists(JSON, max_size=6))
def test_whatever_stands_in_a_file_is_opened_or_told(entries):
    opened = open_file(CATALOG, file_of(*entries))

    assert opened.draft == Draft() or entries
    "".join(opened.problems).encode()


@pytest.mark.parametrize(
    "text",
    ["", '{"Version": "1.1", "Statement": []}', '["policy-builder-draft"]', " " * 300 + '{"policy-builder-draft"'],
)
def test_policy_is_no_draft_file(text):
    assert not is_draft_file(text)
