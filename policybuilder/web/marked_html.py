"""Texts with the words that were searched marked, as HTML: a search draws hundreds of them."""

from collections.abc import Iterable

from django.template import Library
from django.template.defaultfilters import stringfilter
from django.utils.html import escape
from django.utils.safestring import SafeString

from policybuilder.domain.searching.search import mark

register = Library()
_BEGIN, _END = SafeString("<mark>"), SafeString("</mark>")


# Where a marked text goes in HTML that is kept without it.
SLOT = "\x00"


def filled_in(frame: str, texts: Iterable[str], words: tuple[str, ...]) -> str:
    """HTML with these texts, marked, in its slots, one after the other."""
    parts = frame.split(SLOT)
    marked = (marked_html(text, words) for text in texts)
    return parts[0] + "".join(text + part for text, part in zip(marked, parts[1:], strict=True))


@register.filter(name="marked")
@stringfilter
def marked_html(text: str, words: tuple[str, ...] | None) -> SafeString:
    """`text`, escaped, with each of these words inside <mark>; a slot for it where `words` is None."""
    if words is None:
        return SafeString(SLOT)
    if not words:
        return escape(text)
    html = SafeString("")
    for piece, hit in mark(text, words):
        html += _BEGIN + escape(piece) + _END if hit else escape(piece)
    return html
