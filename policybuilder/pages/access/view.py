"""What the policies of a user group allow together: `/access/`. Nothing that is pasted is stored."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from policybuilder.domain.work import Work
from policybuilder.drafts.reading import read_draft, warnings_where_used
from policybuilder.web.catalogue import current_catalog
from policybuilder.web.htmx import HtmxHttpRequest, render_page

from .commands import GroupChange, carry_out
from .form import AccessSubmission, read_access
from .group import of_draft
from .page import AccessPage


@require_http_methods(["GET", "HEAD", "POST"])
def access(request: HtmxHttpRequest) -> HttpResponse:
    catalog, work = current_catalog(), Work()
    if request.method == "POST":
        submission = read_access(catalog, request)
        change = carry_out(catalog, submission, work)
    else:
        opened = read_draft(catalog, request.GET)
        came = "draft" in request.GET
        submission = AccessSubmission()
        entries = of_draft(catalog, opened.draft) if came and not opened.problems else ()
        change = GroupChange(entries, None, problems=warnings_where_used(opened))
    page = AccessPage(catalog, submission, change, work)
    context = {
        "page": page,
        "change": change,
        "cleared": submission.command.name == "clear",
        "reopened": submission.command.name == "reopen",
        "undecided": submission.undecided,
    }
    return render_page(request, "access/page.html", context, part="update", status=422 if page.too_much else 200)
