"""Answers that Django leaves bare, in our design; and those for programs that watch the server."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError, ProgrammingError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

from policybuilder.errors import bad_request, error_page, unavailable
from policybuilder.store.database import fault_of
from policybuilder.store.rows import RETRY_AFTER, CatalogMissing, DatabaseUnusable, look

GetResponse = Callable[[HttpRequest], HttpResponse]


def health(get_response: GetResponse) -> GetResponse:
    """/healthz: this process answers. /readyz: it has a catalogue and a database, looked at once a second at most."""
    answers = {"/healthz": _healthz, "/readyz": _readyz}

    def middleware(request: HttpRequest) -> HttpResponse:
        answer = answers.get(request.path_info)
        if answer is None:
            return get_response(request)
        response = answer() if request.method in {"GET", "HEAD"} else HttpResponseNotAllowed(["GET", "HEAD"])
        if request.method == "HEAD":
            response.content = b""
        response["Cache-Control"] = "no-store"
        response["X-Content-Type-Options"] = "nosniff"
        return response

    return middleware


def _healthz() -> HttpResponse:
    return JsonResponse({"status": "alive"})


def _readyz() -> HttpResponse:
    held = look()
    ready = held.catalog is not None and held.problem is None
    state = {
        "status": "ready" if ready else "not ready",
        "catalogue": "loaded" if held.catalog is not None else "missing",
        "database": held.problem or "answers",
    }
    return JsonResponse(state) if ready else JsonResponse(state, status=503, headers={"Retry-After": RETRY_AFTER})


class UnavailableMiddleware:
    """Without a catalogue no page has anything to show, nor has the admin without a database: one plain answer."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        match exception:
            case DatabaseUnusable():
                return unavailable(request, exception.fault)
            case CatalogMissing():
                return unavailable(request, None)
            case OperationalError() | InterfaceError() | ProgrammingError():
                return unavailable(request, fault_of(exception, connection))
        return None


def no_null_for_the_admin(get_response: GetResponse) -> GetResponse:
    """PostgreSQL has no text with a NUL in it, and Django asks it for a session or a row by whatever was sent.

    A cookie with one is nobody's session. An address of the admin with one is nobody's either.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\0" in request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""):
            del request.COOKIES[settings.SESSION_COOKIE_NAME]
        if request.path_info.startswith("/admin/"):
            sent = (request.path_info, *request.GET, *(value for _, values in request.GET.lists() for value in values))
            if any("\0" in text for text in sent):
                return bad_request(request, SuspiciousOperation())  # not raised, which would be logged as a fault
        return get_response(request)

    return middleware


def method_page(get_response: GetResponse) -> GetResponse:
    """A page for a wrong method, which Django answers with an empty one. The API has its own answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        message = f"{request.method} is not among the methods of this address: {response['Allow']}."
        page = error_page(request, 405, "This page cannot be used like that", message)
        page["Allow"] = response["Allow"]
        return page

    return middleware
