"""The draft that somebody works on goes along to every page, in the links at its top, and leads back to the builder.

Pages that show something else of the same draft are given it as `draft`, pages that would take it for what they work on
as `carried`: what is in their fields stays, and the draft is one of the things that can be put there.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from .link import MAX_LINK, MAX_TOKEN, name_of

PARAMETERS = ("draft", "carried")
_TOKEN = re.compile(rf"[A-Za-z0-9_-]{{1,{MAX_LINK}}}")


@dataclass(frozen=True)
class Carried:
    """`token` is the draft as links hold it, "" where none does, `back` where the builder shows it. A draft that is too
    large for a link came with a form, and goes back with one: `form`."""

    token: str = ""
    back: str = ""
    form: str = ""

    @classmethod
    def of(cls, token: str, back: str = "") -> "Carried":
        """Without what can be no draft, or fits no link. Whether it can be opened, the builder says."""
        if not _TOKEN.fullmatch(token):
            return cls("", back)
        return cls(token, back or f"{reverse('builder')}?{urlencode({'draft': token})}")

    @cached_property
    def name(self) -> str:
        return name_of(self.token or self.form)

    @property
    def as_draft(self) -> str:
        """What follows the address of a page that is to work on it."""
        return f"?draft={self.token}" if self.token else ""

    @property
    def as_carried(self) -> str:
        """What follows the address of a page that is to keep it only."""
        return f"?carried={self.token}" if self.token else ""


def carried_draft(request: HttpRequest) -> dict[str, object]:
    """For every template. A view whose draft is another one than the request's names its own, and this is not read."""
    return {"carried": SimpleLazyObject(lambda: _carried(request))}


def _carried(request: HttpRequest) -> Carried:
    sent = _token(request.POST)
    if MAX_LINK < len(sent) <= MAX_TOKEN:
        return Carried(form=sent)
    return Carried.of(sent or _token(request.GET))


def carried_in_address(request: HttpRequest) -> Carried:
    """For pages about a request that cannot be read, or not whole: nothing of its body is looked at."""
    return _carried_in(lambda: request.GET)


def _carried_in(read: Callable[[], QueryDict], back: str = "") -> Carried:
    try:
        return Carried.of(_token(read()), back)
    except SuspiciousOperation:  # more parameters than are read
        return Carried.of("", back)


def _token(data: QueryDict) -> str:
    return next((value for key in PARAMETERS if (value := data.get(key, ""))), "")


def carried_from(request: HttpRequest) -> Carried:
    """The draft of the page that the reader came from, where the address has none: to repeat it in each link to the
    catalogue would be heavy. The builder is gone back to as it was, with its search."""
    if (carried := carried_in_address(request)).token:
        return carried
    try:
        came_from = urlsplit(request.META.get("HTTP_REFERER", ""))
    except ValueError:  # a header can hold anything
        return Carried()
    if came_from.netloc != request.get_host():
        return Carried()
    at_builder = came_from.path == reverse("builder") and came_from.query
    back = f"{reverse('builder')}?{came_from.query}" if at_builder else ""
    return _carried_in(lambda: QueryDict(came_from.query), back)
