"""How permissions work, in plain words, each with an example that opens in the builder."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from policybuilder.web.catalogue import current_catalog

from .examples import addresses


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    return render(request, "guide/page.html", {"examples": addresses(current_catalog())})
