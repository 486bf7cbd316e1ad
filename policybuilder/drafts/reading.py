"""The draft of an address or a form, and the part of it to show."""

from collections.abc import Mapping
from dataclasses import replace

from django.http import HttpRequest, QueryDict

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.searching.pasted import MOST_READ, is_pasted, meant_by
from policybuilder.domain.searching.search import Filter, split_words

from .addresses import View
from .draft import Draft, clean_name
from .entries import Opened
from .link import decode, has_digest

MAX_SLUG = 100
ACCEPT_FIRST = "This page takes no draft that was not read completely. Open it in the builder, check it, and accept it."
FIRST_FORMAT = (
    "This link has an older format, which has no digest: a change in the link can go unnoticed. Check the draft. Links "
    "that you copy from here have a digest."
)
NO_DRAFT = "No draft came with this request. A part of the link may be missing: ask for the link again."


class PartialDraftError(Exception):
    """A draft that was not read completely makes no file. The text says which parts could not be read."""


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
    """The draft to show on a page, with its warnings. Takes any text; never raises."""
    token = data.get(key, "")
    opened = decode(catalog, token)
    return opened if opened.problems or has_digest(token) else replace(opened, note=FIRST_FORMAT)


def warnings_where_used(opened: Opened) -> tuple[str, ...]:
    """The warnings on a page that goes on with the text of a draft: a text cannot say that it is partial."""
    return (*opened.warnings, ACCEPT_FIRST) if opened.problems else opened.warnings


def read_draft_for_file(catalog: Catalog, request: HttpRequest) -> Draft:
    """The draft to make a file of. Every view that answers with a file reads its draft here.

    Raises PartialDraftError, which the middleware answers with 422, unless all of the draft was read. A form can hold
    the empty draft. An address without a draft is a damaged link, since no page has a link to a file of nothing.
    """
    data = request.POST if request.method == "POST" else request.GET
    if "draft" not in data or (request.method != "POST" and not data["draft"]):
        raise PartialDraftError(NO_DRAFT)
    opened = read_draft(catalog, data)
    if opened.problems:
        raise PartialDraftError(" ".join(opened.problems))
    return opened.draft
