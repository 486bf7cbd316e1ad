"""JSON as HTML: highlighted, and the lines with findings marked. The text of the HTML is exactly the JSON."""

from collections.abc import Mapping
from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import mark_safe
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import JsonLexer

_LEXER = JsonLexer()
_FORMATTER = HtmlFormatter(nowrap=True, classprefix="j-")


def marked(text: str, severities: Mapping[int, str]) -> str:
    """Highlighted JSON; `severities` are those of lines that something is to be said about, counted from 1."""
    lines = highlighted(text).split("\n") if severities else []
    for line, severity in severities.items():
        lines[line - 1] = marked_line(line, severity, lines[line - 1])
    return "\n".join(lines) if severities else highlighted(text)


def highlighted(text: str) -> str:
    """JSON as HTML whose text is exactly `text`. No token of JSON goes beyond its line, so each line is done alone."""
    return "\n".join(map(_highlighted_line, text.split("\n")))


@lru_cache(maxsize=8192)
def _highlighted_line(line: str) -> str:
    """Remembered, since a tick changes few of the lines."""
    html: str = highlight(line, _LEXER, _FORMATTER)
    return html.removesuffix("\n")


def marked_line(line: int, severity: str, html: str) -> str:
    return format_html('<span class="line line-{}" id="line-{}">{}</span>', severity, line, mark_safe(html))  # noqa: S308
