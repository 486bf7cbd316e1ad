"""A text line by line: nothing of it is lost, marks are where they belong, long ones are folded."""

import json
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policybuilder.domain.jsontext.source import read
from policybuilder.domain.words import printable
from policybuilder.pages.check.listing import MOST_LINES, Stretch, TextLine, TextMark, fault_lines, listing
from tests.domain.strategies import law
from tests.elements import read_elements


def marked(html: str) -> list[tuple[str, str]]:
    """The kind and the text of each marked part."""
    spans = read_elements(html).select("span[class*='-']")
    kinds = [(span["class"][-1].rpartition("-")[2], unescape(span.get_text())) for span in spans]
    return [(kind, text) for kind, text in kinds if kind in {"Error", "Warning", "Note"}]


def one_line(text: str, *marks: TextMark) -> str:
    ((line,),) = (stretch.lines for stretch in listing(read(text), marks, {}))
    return line.html


@law
@given(st.text(st.characters(codec="utf-8", exclude_characters="\r")), st.data())
def test_lines_hold_the_whole_text(text, data):
    places = st.integers(0, len(text))
    pairs = data.draw(st.lists(st.tuples(places, places), max_size=5))
    marks = [TextMark(min(pair), max(pair), "Error") for pair in pairs]
    stretches = listing(read(text), marks, {})

    shown = [line for stretch in stretches for line in stretch.lines]
    lines = text.split("\n")
    expected = lines[:-1] if len(lines) > 1 and lines[-1] == "" else lines
    assert [line.number for line in shown] == list(range(1, len(expected) + 1))
    assert [read_elements(f"<pre>{line.html}</pre>").get_text() for line in shown] == [
        "\t".join(map(printable, line.split("\t"))) for line in expected
    ]


@pytest.mark.parametrize(
    ("marks", "found"),
    [
        ([], []),
        ([TextMark(1, 4, "Error")], [("Error", '"a"')]),
        ([TextMark(1, 4, "Error"), TextMark(1, 4, "Note")], [("Error", '"a"')]),
        ([TextMark(6, 9, "Note"), TextMark(1, 4, "Error")], [("Error", '"a"'), ("Note", '"b"')]),
        ([TextMark(0, 10, "Error"), TextMark(6, 9, "Warning")], [("Warning", '"b"')]),
        ([TextMark(2, 3, "Error")], [("Error", "a")]),
    ],
)
def test_marks_within_a_line(marks, found):
    assert marked(one_line('["a", "b"]', *marks)) == found


def test_mark_over_several_lines_is_left_out():
    (stretch,) = listing(read('["a",\n"b"]'), [TextMark(0, 10, "Error")], {})

    assert [marked(line.html) for line in stretch.lines] == [[], []]


def test_text_is_escaped_and_the_invisible_is_visible():
    html = one_line('["<b>&\u202e\x00"]')

    assert read_elements(html).get_text() == '["<b>&�␀"]'
    assert "<b>" not in html


def test_remarks_stand_beside_their_lines():
    (stretch,) = listing(read("[\n1\n]"), [], {2: ["this", "that"]})

    assert [line.remarks for line in stretch.lines] == [(), ("this", "that"), ()]


def numbers(stretches: tuple[Stretch, ...]) -> list[tuple[int, int, int, bool]]:
    return [(stretch.first, stretch.last, len(stretch.lines), stretch.folded) for stretch in stretches]


def test_long_text_is_folded_between_what_is_said():
    text = "[" + "\n" * 99 + "]"

    assert numbers(listing(read(text), [], {50: ["this"]})) == [
        (1, 4, 4, False),
        (5, 46, 42, True),
        (47, 53, 7, False),
        (54, 96, 43, True),
        (97, 100, 4, False),
    ]
    assert numbers(listing(read(text), [], {number: ["this"] for number in range(1, 100, 12)}))[1] == (5, 9, 5, False)
    assert numbers(listing(read("[" + "\n" * 79 + "]"), [], {})) == [(1, 80, 80, False)]


def test_very_long_text_is_left_out_between_what_is_said():
    stretches = listing(read("[" + "\n" * MOST_LINES + "]"), [], {})

    assert numbers(stretches) == [(1, 4, 4, False), (5, 1997, 0, True), (1998, 2001, 4, False)]
    assert stretches[0].lines[0] == TextLine(1, '<span class="j-p">[</span>')


def test_lines_around_a_fault():
    text = "\n".join(json.dumps({"line": number}) + "," for number in range(20)).replace(": 9}", ": @}")
    source = read(f"[\n{text}\n]")

    lines = fault_lines(source, source.faults[0])
    assert [line.number for line in lines] == list(range(7, 16))
    assert [(line.before, line.marked, line.after) for line in lines if line.marked is not None] == [
        ('{"line": ', "@", "},")
    ]


def test_fault_at_the_end_of_a_line_has_a_place():
    source = read("[1,\n@")
    (line,) = (line for line in fault_lines(read("tru"), read("tru").faults[0]) if line.marked is not None)

    assert line.number == 1
    assert [line.number for line in fault_lines(source, source.faults[0])] == [1, 2]


def test_long_lines_around_a_fault_are_cut():
    text = f'["{"a" * 1000}",\n"{"b" * 1000}", @, "{"c" * 1000}"]'
    source = read(text)

    assert [(len(line.before), line.marked, len(line.after)) for line in fault_lines(source, source.faults[0])] == [
        (241, None, 0),
        (121, "@", 121),
    ]
