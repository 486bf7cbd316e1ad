"""Pages for what goes wrong before or after a view. Below /api/v1/ the answer has the API's shape."""

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from policybuilder.api.errors import error_response
from policybuilder.domain.policy.document import MAX_CHARACTERS
from policybuilder.domain.work import WorkSpentError
from policybuilder.drafts.carrying import carried_in_address
from policybuilder.web.uploads import MAX_REQUEST, OversizedError

SEND_LESS = "Go back to your page, and send less."
STILL_THERE = "What you made is still on the page."
TOO_MUCH_AT_ONCE = "That is too much at once"
UNREADABLE_REQUEST = "This request could not be read"
OTHER_HOST = "It is for another host than this one. Check the address."
DAMAGED_REQUEST = "It was damaged or too large. Go back and try again."
TOO_MUCH_TO_ANSWER = "This is too much to answer at once"
CHECK_THE_ADDRESS = "Check the address, or start from the builder."
NO_SUCH_PAGE = "There is no such page"
OUR_FAULT = "Something went wrong on our side"
DRAFT_IS_KEPT = "Your draft is in the address: reload, or go back to it."

API = "/api/v1/"


def error_page(request: HttpRequest, status: int, title: str, message: str) -> HttpResponse:
    context = {"title": title, "message": message, "carried": carried_in_address(request)}
    return render(request, "error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(API):
        return error_response(exception)
    if most := _exceeded(request, exception):
        htmx = bool(request.headers.get("HX-Request"))
        kept = STILL_THERE if htmx else SEND_LESS
        message = f"At most {most} are read at once; IAM takes {MAX_CHARACTERS:,} characters in a policy. {kept}"
        return error_page(request, 413, TOO_MUCH_AT_ONCE, message)
    title = UNREADABLE_REQUEST
    if isinstance(exception, DisallowedHost):
        return error_page(request, 400, title, OTHER_HOST)
    return error_page(request, 400, title, DAMAGED_REQUEST)


def _exceeded(request: HttpRequest, exception: Exception) -> str:
    """The limit that the body of a request went beyond, "" where that is not what is wrong with it."""
    match exception:
        case OversizedError():
            return f"{MAX_REQUEST:,} bytes"
        case RequestDataTooBig():
            return f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE:,} bytes of text"
        case TooManyFieldsSent() if request.method == "POST":  # else they are in the address
            return f"{settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:,} fields"
        case TooManyFilesSent():
            return f"{settings.DATA_UPLOAD_MAX_NUMBER_FILES:,} files"
    return ""


def too_much(request: HttpRequest) -> HttpResponse:
    """422 for what takes more work than there is for one request. The draft and what was sent stay where they are."""
    if request.path.startswith(API):
        return error_response(WorkSpentError())
    message = (
        "It holds more wildcards, conditions or values than fit into one answer. Nothing you made is lost: go back, "
        "make it smaller, or divide it, and try again."
    )
    return error_page(request, 422, TOO_MUCH_TO_ANSWER, message)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    reason = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    return error_page(request, 404, NO_SUCH_PAGE, reason or CHECK_THE_ADDRESS)


def server_error(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(API):
        return error_response(Exception())
    return error_page(request, 500, OUR_FAULT, DRAFT_IS_KEPT)
