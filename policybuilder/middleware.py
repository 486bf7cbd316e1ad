"""What holds for every request: what of it is read, who may keep the answer, and answers that Django leaves bare."""

from collections.abc import Callable

from django.core.exceptions import BadRequest, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, UnreadablePostError

from policybuilder.domain.work import WorkSpentError
from policybuilder.drafts.carrying import PARAMETERS
from policybuilder.drafts.reading import PartialDraftError
from policybuilder.errors import error_page, too_much
from policybuilder.web.answers import unprocessable
from policybuilder.web.response_headers import forbid_storing
from policybuilder.web.uploads import MAX_REQUEST, OversizedError

OTHER_METHODS = "{method} is not among the methods of this address: {allowed}."
MAKES_NO_FILE = "This draft makes no file: it was not read completely"

MAX_ANSWER = 5_000_000  # bytes, before it is compressed
GetResponse = Callable[[HttpRequest], HttpResponse]


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
            return unprocessable(request, MAKES_NO_FILE, str(exception))
        return None


def method_page(get_response: GetResponse) -> GetResponse:
    """A page for a wrong method, which Django answers with an empty one. The API has its own answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        message = OTHER_METHODS.format(method=request.method, allowed=response["Allow"])
        page = error_page(request, 405, "This page cannot be used like that", message)
        # In the answer as it is, of which Django knows that it was logged. A new one would be logged once more.
        response.content = page.content
        response["Content-Type"] = page["Content-Type"]
        return response

    return middleware


def head_without_body(get_response: GetResponse) -> GetResponse:
    """Views answer HEAD as they answer GET. Django leaves the body to the server, and waitress warns of each."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method == "HEAD" and not response.streaming:  # static files know HEAD
            response.content = b""
        return response

    return middleware


def private_drafts(get_response: GetResponse) -> GetResponse:
    """No cache stores an answer at the address of a draft, or an answer to a POST, which repeats a part of the body.

    Answers with a Cache-Control of their own keep it, such as static files.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.has_header("Cache-Control") and (request.method == "POST" or _holds_draft(request)):
            forbid_storing(response)
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
