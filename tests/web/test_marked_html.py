"""Words are marked in a text whose HTML means the text and nothing else."""

import pytest

from policybuilder.web.marked_html import SLOT, filled_in, marked_html


@pytest.mark.parametrize(
    ("text", "words", "html"),
    [
        ("A disk", (), "A disk"),
        ("A disk", ("disk",), "A <mark>disk</mark>"),
        ("a < b & c", (), "a &lt; b &amp; c"),
        ("a < b & c", ("<",), "a <mark>&lt;</mark> b &amp; c"),
    ],
)
def test_words_are_marked_and_all_is_escaped(text, words, html):
    assert (marked_html(text, words), marked_html(text, words).__html__()) == (html, html)


def test_texts_go_into_the_slots_in_their_order():
    frame = f"<b>{SLOT}</b><i>{SLOT}</i>"

    assert filled_in(frame, ["A disk", "a < b"], ("disk",)) == "<b>A <mark>disk</mark></b><i>a &lt; b</i>"
    with pytest.raises(ValueError, match="argument"):
        filled_in(frame, ["A disk"], ())
