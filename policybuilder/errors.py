"""Pages for what goes wrong before or after a view. Below /api/v1/ the answer has the API's shape."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from policybuilder.api.errors import error_response
from policybuilder.store.database import Fault
from policybuilder.store.rows import RETRY_AFTER

API = "/api/v1/"
LOAD = "python manage.py load_catalog fixtures/*.yaml"
UNAVAILABLE = {
    None: ("No catalogue is loaded yet", f"Load it with: {LOAD}"),
    Fault.NOT_SET_UP: ("The database is not set up yet", f"Set it up with: python manage.py migrate && {LOAD}"),
    Fault.NO_ANSWER: ("The database does not answer", "Your draft is in the address: reload in a moment."),
}


def error_page(request: HttpRequest, status: int, title: str, message: str) -> HttpResponse:
    return render(request, "error.html", {"title": title, "message": message}, status=status)


def unavailable(request: HttpRequest, fault: Fault | None) -> HttpResponse:
    """Nothing to answer with: the database has a fault or, with None, holds no catalogue."""
    title, message = UNAVAILABLE[fault]
    page = error_page(request, 503, title, message)
    page["Retry-After"] = RETRY_AFTER
    return page


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(API):
        return error_response(exception)
    return error_page(
        request, 400, "This request could not be read", "It was damaged or too large. Go back and try again."
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    reason = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    return error_page(request, 404, "There is no such page", reason or "Check the address, or start from the builder.")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 403, "You may not do this", "Log in with an account that has the permission.")


def server_error(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(API):
        return error_response(Exception())
    return error_page(
        request, 500, "Something went wrong on our side", "Your draft is in the address: reload, or go back to it."
    )
