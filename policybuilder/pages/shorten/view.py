"""A draft made shorter, or divided: `/shorten/`. Only on request: a wildcard also covers what is added later."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from policybuilder.drafts.reading import read_draft
from policybuilder.web.catalogue import current_catalog

from .page import ShortenPage


# As with the builder: nothing is stored. POST is for drafts that no address holds.
@require_http_methods(["GET", "HEAD", "POST"])
def shorten(request: HttpRequest) -> HttpResponse:
    catalog = current_catalog()
    opened = read_draft(catalog, request.POST if request.method == "POST" else request.GET)
    return render(
        request, "shorten/page.html", {"page": ShortenPage(catalog, opened.draft), "problems": opened.warnings}
    )
