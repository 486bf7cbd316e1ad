"""Compare two policies: `/compare/`. Nothing that is pasted is stored."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from policybuilder.domain.work import Work
from policybuilder.web.catalogue import current_catalog
from policybuilder.web.htmx import HtmxHttpRequest, render_page

from .commands import carry_out
from .form import read_address, read_compare
from .page import ComparePage


@require_http_methods(["GET", "HEAD", "POST"])
def compare(request: HtmxHttpRequest) -> HttpResponse:
    catalog, work = current_catalog(), Work()
    submission = read_compare(request) if request.method == "POST" else read_address(catalog, request.GET)
    comparing = carry_out(catalog, submission, work)
    page = ComparePage(catalog, comparing, work)
    context = {"page": page, "done": comparing.done, "problems": comparing.problems}
    return render_page(request, "compare/page.html", context, part="update", status=422 if page.too_much else 200)
