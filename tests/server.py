"""The application as a server calls it, which a test client does not in everything: it ignores SCRIPT_NAME."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_to_bytes, urlencode

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.test import RequestFactory

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.store import rows

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Sent:
    """A request. `path` is as in the request line; `environ` is what a server adds to the environment."""

    path: str
    method: str = "GET"
    body: str = ""
    content_type: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    environ: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """`headers` are sorted."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def location(self) -> str | None:
        return dict(self.headers).get("Location")


def form(path: str, headers: dict[str, str] | None = None, **fields: str) -> Sent:
    return Sent(path, "POST", urlencode(fields), FORM, headers or {})


def answer(application: WSGIHandler, sent: Sent) -> Answer:
    path, _, query = sent.path.partition("?")
    request = RequestFactory().generic(sent.method, "/", sent.body, sent.content_type, headers=sent.headers)
    address = {"PATH_INFO": unquote_to_bytes(path).decode("latin-1"), "QUERY_STRING": query}
    started: list[Any] = []
    chunks = application(
        {**request.environ, **address, **sent.environ},
        lambda status, headers, *_: started.append((status, headers)),
    )
    try:
        body = b"".join(chunks)
    finally:
        chunks.close()
    [(status, headers)] = started
    return Answer(status, tuple(sorted(headers)), body)


def serve(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> WSGIHandler:
    """An application with a catalogue of its own, which looks into no database."""
    for name, value in {"catalog": catalog, "version": 0, "next_look": float("inf")}.items():
        monkeypatch.setattr(rows._held, name, value)
    for signal in (request_started, request_finished):  # which look whether a connection is still good
        monkeypatch.setattr(signal, "receivers", [])
    return WSGIHandler()
