"""Response headers that neither Django nor django-csp sets."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

# No page uses a device. The Copy button writes to the clipboard, and nothing reads from it.
PERMISSIONS = "camera=(), clipboard-read=(), clipboard-write=(self), geolocation=(), microphone=(), payment=()"


def forbid_storing(response: HttpResponse) -> None:
    """No cache keeps the answer: neither one that people share nor the browser's own on its disk."""
    patch_cache_control(response, no_store=True)


def permissions_policy(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response["Permissions-Policy"] = PERMISSIONS
        return response

    return middleware
