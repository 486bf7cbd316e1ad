"""What an address or a form says of a draft, and of what is shown. Nothing here raises."""

from collections.abc import Mapping

from django.http import QueryDict

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.searching.search import Filter, split_words

from .addresses import View
from .draft import clean_name
from .entries import Opened
from .link import decode

MAX_QUERY = 100


def read_view(data: QueryDict) -> View:
    """The search, the filters and the opened categories, from an address or a form."""
    query = clean_name(data.get("q", ""))[:MAX_QUERY]
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
    )


def _number(text: str) -> int | None:
    """A number that is counted from 1 in the address, counted from 0; None for anything that is none."""
    return int(text) - 1 if text.isascii() and text.isdigit() and 0 < len(text) < 4 and int(text) else None


def read_draft(catalog: Catalog, data: Mapping[str, str], key: str = "draft") -> Opened:
    return decode(catalog, data.get(key, ""))
