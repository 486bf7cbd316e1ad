"""What a policy can begin with: `/start/`. Each starting point is a plain link to the builder with its draft."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from policybuilder.drafts.reading import read_draft, read_view
from policybuilder.store.rows import current_catalog
from policybuilder.web.methods import read_only

from .page import StartPage


@read_only
def start(request: HttpRequest) -> HttpResponse:
    catalog = current_catalog()
    opened = read_draft(catalog, request.GET)
    page = StartPage(catalog, opened.draft, read_view(catalog, request.GET))
    return render(request, "start/page.html", {"page": page, "problems": opened.problems})
