"""A page that says why a request was not carried out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def unprocessable(request: HttpRequest, title: str, message: str) -> HttpResponse:
    """422 with the reason, in place of a file: a file has no place for a reason."""
    return render(request, "error.html", {"title": title, "message": message}, status=422)
