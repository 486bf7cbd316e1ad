"""A policy text line by line: highlighted, with what is said about each line, and folded where there is nothing."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import groupby
from typing import Any, NamedTuple

from pygments.formatters import HtmlFormatter
from pygments.lexers import JsonLexer

from policybuilder.domain.jsontext.source import Fault, JsonText
from policybuilder.domain.words import printable

UNFOLDED_LINES = 80  # of a text that is shown whole
CONTEXT = 3  # lines before and after one with remarks
FEWEST_FOLDED = 8
MOST_LINES = 2_000  # no policy that IAM takes has as many; of longer texts, what would be folded is left out
FAULT_LINES = 4  # before and after the one with the fault
FAULT_CHARACTERS = 240  # of each of these lines

_LEXER = JsonLexer()
_FORMATTER = HtmlFormatter(nowrap=True, classprefix="j-")


class TextMark(NamedTuple):
    """A part of the text that stands out. `kind` is a capitalised word and ends its class."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class TextLine:
    """`html` is escaped. `remarks` are what is said about the line."""

    number: int
    html: str
    remarks: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines that follow each other; folded ones are out of sight until somebody wants to see them, or left out."""

    first: int
    last: int
    lines: tuple[TextLine, ...]
    folded: bool = False


@dataclass(frozen=True, slots=True)
class FaultLine:
    """A line near a fault; `marked` is the character at fault, None on the other lines and "" at a line's end."""

    number: int
    before: str
    marked: str | None = None
    after: str = ""


def listing(source: JsonText, marks: Iterable[TextMark], remarks: Mapping[int, Sequence[Any]]) -> tuple[Stretch, ...]:
    """The whole text. `remarks` are by line number."""
    html = _marked_up(source.text, _apart(source, marks))
    lines = [TextLine(number, each, tuple(remarks.get(number, ()))) for number, each in enumerate(html, 1)]
    if len(lines) > 1 and not lines[-1].html:
        lines.pop()  # after the last line feed comes no other line
    if len(lines) <= UNFOLDED_LINES:
        return (Stretch(1, len(lines), tuple(lines)),)
    return tuple(_fold(lines, {1, len(lines), *remarks}))


def fault_lines(source: JsonText, fault: Fault) -> tuple[FaultLine, ...]:
    """The lines around a fault, and no more of each than can be taken in."""
    texts = source.text.split("\n")
    first = max(1, fault.line - FAULT_LINES)
    near = enumerate(texts[first - 1 : fault.line + FAULT_LINES], first)
    return tuple(
        _fault_line(number, text, fault.column - 1) if number == fault.line else FaultLine(number, _cut(text))
        for number, text in near
    )


def _fault_line(number: int, text: str, at: int) -> FaultLine:
    begin = max(0, at - FAULT_CHARACTERS // 2)
    before = ("…" if begin else "") + printable(text[begin:at])
    return FaultLine(number, before, printable(text[at : at + 1]), _cut(text[at + 1 :], FAULT_CHARACTERS // 2))


def _cut(text: str, most: int = FAULT_CHARACTERS) -> str:
    return printable(text[:most]) + ("…" if len(text) > most else "")


def _fold(lines: Sequence[TextLine], busy: Iterable[int]) -> Iterator[Stretch]:
    shown = {near for number in busy for near in range(number - CONTEXT, number + CONTEXT + 1)}
    for in_sight, group in groupby(lines, key=lambda line: line.number in shown):
        stretch = tuple(group)
        folded = not in_sight and len(stretch) >= FEWEST_FOLDED
        sent = () if folded and len(lines) > MOST_LINES else stretch
        yield Stretch(stretch[0].number, stretch[-1].number, sent, folded)


def _apart(source: JsonText, marks: Iterable[TextMark]) -> list[TextMark]:
    """The marks within a line that do not overlap, in order; of two that do, the shorter is the more exact."""
    apart: list[TextMark] = []
    for mark in sorted(marks, key=lambda mark: mark.end - mark.start):
        at = bisect_left(apart, mark)
        free = (not at or apart[at - 1].end <= mark.start) and (at == len(apart) or mark.end <= apart[at].start)
        if free and source.position(mark.start).line == source.position(mark.end).line:
            apart.insert(at, mark)
    return apart


def _marked_up(text: str, marks: Iterable[TextMark]) -> list[str]:
    """The lines as HTML, with a sign for everything that is invisible."""
    shown = "\n".join("\t".join(map(printable, line.split("\t"))) for line in text.split("\n"))
    html = StringIO()
    _FORMATTER.format(_tokens(shown, marks), html)
    return html.getvalue().split("\n")[: text.count("\n") + 1]


def _tokens(text: str, marks: Iterable[TextMark]) -> Iterator[tuple[Any, str]]:
    """Pygments' tokens, cut where a mark begins or ends; within one, their type has a subtype of its kind."""
    following = iter(marks)
    mark = next(following, None)
    for at, kind, value in _LEXER.get_tokens_unprocessed(text):
        end = at + len(value)
        while mark and mark.start < end:
            yield kind, text[at : mark.start]
            stop = min(mark.end, end)
            yield getattr(kind, mark.kind), text[max(at, mark.start) : stop]
            at = stop
            if stop < mark.end:
                break  # it goes on in the next token
            mark = next(following, None)
        yield kind, text[at:end]
