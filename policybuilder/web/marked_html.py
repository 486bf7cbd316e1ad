"""Texts with the words that were searched marked, as HTML: a search draws hundreds of them."""

from django.utils.html import escape
from django.utils.safestring import SafeString

from policybuilder.domain.searching.search import mark

_BEGIN, _END = SafeString("<mark>"), SafeString("</mark>")


def marked_html(text: str, words: tuple[str, ...]) -> SafeString:
    """`text`, escaped, with each of these words inside <mark>."""
    if not words:
        return escape(text)
    html = SafeString("")
    for piece, hit in mark(text, words):
        html += _BEGIN + escape(piece) + _END if hit else escape(piece)
    return html
