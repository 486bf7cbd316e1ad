"""Which methods a page takes."""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

View = TypeVar("View", bound=Callable[..., HttpResponse])


def read_only(view: View) -> View:
    """A page that GET and HEAD show, and that takes nothing. Whoever sends it something is told so, with 405: the token
    that it came without, which Django looks for before, would change nothing."""
    return csrf_exempt(require_safe(view))
