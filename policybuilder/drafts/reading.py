"""What an address or a form says of a draft, and of what is shown. Nothing here raises."""

from collections.abc import Mapping

from django.http import QueryDict

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.searching.pasted import MOST_READ, is_pasted, meant_by
from policybuilder.domain.searching.search import Filter, split_words

from .addresses import View
from .draft import clean_name
from .entries import Opened
from .link import decode

MAX_SLUG = 100


def read_query(catalog: Catalog, text: str) -> str:
    """What is searched: the text as it was typed, or what is meant by one that was pasted, without its secrets."""
    text = text[:MOST_READ].strip()
    return meant_by(catalog, text) if is_pasted(text) else clean_name(text)


def read_view(catalog: Catalog, data: QueryDict) -> View:
    """The search, the filters, the service and the opened categories, from an address or a form."""
    query = read_query(catalog, data.get("q", ""))
    wanted = Filter(
        words=split_words(query),
        reading=data.get("reading") == "1",
        enterprise=data.get("enterprise") == "1",
        native={"native": True, "own": False}.get(data.get("api", "")),
        selected=data.get("selected") == "1",
    )
    return View(
        query,
        wanted,
        frozenset(data.getlist("open")[:50]),
        at=_number(data.get("statement", "")) or 0,
        condition=_number(data.get("condition", "")),
        service=data.get("service", "")[:MAX_SLUG].lower(),
        all=data.get("all") == "1",
    )


def _number(text: str) -> int | None:
    """A number that is counted from 1 in the address, counted from 0; None for anything that is none."""
    return int(text) - 1 if text.isascii() and text.isdigit() and 0 < len(text) < 4 and int(text) else None


def read_draft(catalog: Catalog, data: Mapping[str, str], key: str = "draft") -> Opened:
    return decode(catalog, data.get(key, ""))
