import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.searching.marking import mark
from tests.domain.strategies import law


@pytest.mark.parametrize(
    ("text", "words", "pieces"),
    [
        ("A disk", (), [("A disk", False)]),
        ("A disk", ("disk",), [("A ", False), ("disk", True)]),
        ("DISK disk", ("disk",), [("DISK", True), (" ", False), ("disk", True)]),
        ("disks", ("disk", "disks"), [("disks", True)]),
        ("Attaching", ("atta",), [("Atta", True), ("ching", False)]),
        ("NAT in Native", ("nat",), [("NAT", True), (" in Native", False)]),
        ("ecs:addNics:list", ("nics",), [("ecs:add", False), ("Nics", True), (":list", False)]),
        ("ecs:addNics", ("addnics",), [("ecs:", False), ("addNics", True)]),
        ("ecs:deleteServers", ("delete", "deletes"), [("ecs:", False), ("delete", True), ("Servers", False)]),
        ("importing", ("port",), [("importing", False)]),
        ("GET /v2.1/{id}", ("/v2.1", "{id}"), [("GET ", False), ("/v2.1", True), ("/", False), ("{id}", True)]),
        ("v201", ("v2.1",), [("v201", False)]),
        ("", ("disk",), []),
        ("", (), []),
    ],
)
def test_mark_parts_the_text_where_words_are_met(text, words, pieces):
    assert list(mark(text, words)) == pieces


@law
@given(st.text("abAB.*( ", max_size=12), st.lists(st.text("ab.*(", max_size=5)))
def test_mark_keeps_the_text_and_marks_what_words_begin(text, words):
    pieces = list(mark(text, tuple(words)))

    assert "".join(piece for piece, _ in pieces) == text
    assert all(piece.casefold() in words for piece, hit in pieces if hit)
