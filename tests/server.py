"""The application as a server calls it, which a test client does not in everything: it ignores SCRIPT_NAME."""

import sys
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_to_bytes, urlencode

from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory

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


def fresh_application() -> WSGIHandler:
    """An application with every cache of ours empty, as after a start."""
    for name, module in list(sys.modules.items()):
        for each in vars(module).values() if name.startswith("policybuilder.") else ():
            getattr(each, "cache_clear", bool)()
    return WSGIHandler()
