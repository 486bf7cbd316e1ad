"""What is left to do in the console once a policy is made, as a checklist."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from policybuilder.drafts.reading import read_draft
from policybuilder.web.catalogue import current_catalog

from .page import NextPage


@require_safe
def what_now(request: HttpRequest) -> HttpResponse:
    catalog = current_catalog()
    opened = read_draft(catalog, request.GET)
    return render(request, "next/page.html", {"page": NextPage(catalog, opened.draft), "problems": opened.warnings})
