"""How permissions work, in plain words, each with an example that opens in the builder."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from policybuilder.web.catalogue import current_catalog
from policybuilder.web.methods import read_only

from .examples import addresses


@read_only
def guide(request: HttpRequest) -> HttpResponse:
    return render(request, "guide/page.html", {"examples": addresses(current_catalog())})
