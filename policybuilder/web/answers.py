"""An answer in place of the one that was asked for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def too_much(request: HttpRequest, title: str, message: str) -> HttpResponse:
    """For what would take too long, or nobody could use. A file has no place to say so."""
    return render(request, "error.html", {"title": title, "message": message}, status=422)
