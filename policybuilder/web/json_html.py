"""JSON as HTML by Pygments, whose text is exactly the JSON, and in pieces where lines have findings."""

from collections.abc import Mapping
from dataclasses import dataclass

import pygments
from pygments.formatters import HtmlFormatter
from pygments.lexers import JsonLexer
from pygments.token import Punctuation, Text

from policybuilder.domain.remembering import remembered

_LEXER = JsonLexer()
_FORMATTER = HtmlFormatter(nowrap=True, classprefix="j-")


@dataclass(frozen=True, slots=True)
class JsonPiece:
    """A part of highlighted JSON. One with a severity is the line that something is to be said about."""

    html: str
    line: int | None = None
    severity: str = ""


def pieces(text: str, severities: Mapping[int, str]) -> tuple[JsonPiece, ...]:
    """Highlighted JSON; `severities` are those of lines that something is to be said about, counted from 1."""
    if not severities:
        return (JsonPiece(highlighted(text)),)
    found: list[JsonPiece] = []
    plain = ""
    for line, html in enumerate(highlighted(text).split("\n"), 1):
        if line > 1:
            plain += "\n"
        if line in severities:
            found += [JsonPiece(plain), JsonPiece(html, line, severities[line])]
            plain = ""
        else:
            plain += html
    return (*found, JsonPiece(plain))


def highlighted(text: str) -> str:
    """JSON as HTML whose text is exactly `text`. No token of JSON goes beyond its line, so each line is done alone."""
    return "\n".join(map(_highlighted_line, text.split("\n")))


@remembered(4_000_000, weigh=lambda html, line: len(html) + len(line) + 100)
def _highlighted_line(line: str) -> str:
    """Remembered, since a tick changes few of the lines. Signs and white space are plain text: two of three elements
    would hold nothing else."""
    tokens = ((Text if kind in Punctuation or kind in Text else kind, text) for kind, text in _LEXER.get_tokens(line))
    html: str = pygments.format(tokens, _FORMATTER)
    return html.removesuffix("\n")
