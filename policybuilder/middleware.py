"""Answers that Django leaves bare, in our design."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from policybuilder.errors import error_page
from policybuilder.store.rows import CatalogMissing


class CatalogMissingMiddleware:
    """Without a catalogue no page has anything to show: one plain answer for all of them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, CatalogMissing):
            return None
        message = "Load it with: python manage.py load_catalog fixtures/*.yaml"
        return error_page(request, 503, "No catalogue is loaded yet", message)


def method_page(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
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
