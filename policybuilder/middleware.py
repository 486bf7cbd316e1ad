"""Without a catalogue no page has anything to show: one plain answer for all of them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from .catalog_loader import CatalogMissing
from .views.errors import error_page


class CatalogMissingMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, CatalogMissing):
            return None
        message = "Load it with: python manage.py load_catalog fixtures/*.yaml"
        return error_page(request, 503, "No catalogue is loaded yet", message)
