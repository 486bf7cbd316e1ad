"""What holds for every request: what of it is read, who may keep the answer, and answers that Django leaves bare."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation, TooManyFieldsSent
from django.db import InterfaceError, OperationalError, ProgrammingError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, UnreadablePostError

from policybuilder.domain.work import WorkSpentError
from policybuilder.drafts.carrying import PARAMETERS
from policybuilder.drafts.reading import PartialDraftError
from policybuilder.errors import API, bad_request, error_page, too_much, unavailable
from policybuilder.store.database import fault_of
from policybuilder.store.rows import CatalogMissing, DatabaseUnusable
from policybuilder.web.answers import unprocessable
from policybuilder.web.response_headers import keep_private
from policybuilder.web.uploads import MAX_REQUEST, OversizedError

MAX_ANSWER = 5_000_000  # bytes, before it is compressed
GetResponse = Callable[[HttpRequest], HttpResponse]


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


class AnswerLimits:
    """Answers 422 where an answer takes more work than there is for a request, or would be larger than MAX_ANSWER."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.streaming or len(response.content) <= MAX_ANSWER:  # static files are streamed
            return response
        return too_much(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return too_much(request) if isinstance(exception, WorkSpentError) else None


class PartialDraftMiddleware:
    """Answers 422 with the reason where a draft that was not read completely should make a file."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, PartialDraftError):
            return unprocessable(request, "This draft makes no file: it was not read completely", str(exception))
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
        # In the answer as it is, of which Django knows that it was logged. A new one would be logged once more.
        response.content = page.content
        response["Content-Type"] = page["Content-Type"]
        return response

    return middleware


def head_without_body(get_response: GetResponse) -> GetResponse:
    """Views answer HEAD as they answer GET. Django leaves the body to the server, and gunicorn warns of each."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method == "HEAD" and not response.streaming:  # static files know HEAD
            response.content = b""
        return response

    return middleware


def private_drafts(get_response: GetResponse) -> GetResponse:
    """What somebody is building is shown to them alone, and never again from a cache: a draft that came in the address
    or with a form, which the API has none of. What says itself how it is kept goes on to: static files, the admin."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        sent = request.method == "POST" and not request.path.startswith(API)
        if not response.has_header("Cache-Control") and (sent or _holds_draft(request)):
            keep_private(response)
        return response

    return middleware


def _holds_draft(request: HttpRequest) -> bool:
    """`from` is the draft before its last change."""
    try:
        return any(key in request.GET for key in (*PARAMETERS, "from"))
    except TooManyFieldsSent:
        return True  # for all that is known


class RequestBody:
    """What cannot be read of a request is the client's fault, and no more than MAX_REQUEST is written to the disk.

    Django looks at the length in three places, of which some fail where it is no number, and none limits files.
    """

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdecimal()):
            raise BadRequest("Content-Length is no number")
        if len(length) > 18 or int(length) > MAX_REQUEST:  # Python converts numbers of so many digits only
            raise OversizedError(f"Request body exceeded {MAX_REQUEST:,} bytes.")
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        if isinstance(exception, UnreadablePostError):
            raise BadRequest("The connection ended before the body did") from exception
