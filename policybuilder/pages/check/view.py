"""Check a policy: `/check/`, and the policy that comes of it as a file. Nothing that is pasted is stored."""

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.drafts.file import NO_POLICY, is_draft_file
from policybuilder.web.catalogue import current_catalog
from policybuilder.web.commands import RefusedError
from policybuilder.web.htmx import HtmxHttpRequest, render_page
from policybuilder.web.wording import file_name

from .commands import TextChange, carry_out
from .form import CheckSubmission, read_check
from .opening import opened_at
from .page import CheckPage

NOTHING_TO_DOWNLOAD = "There is nothing to download yet."


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HtmxHttpRequest) -> HttpResponse:
    catalog = current_catalog()
    submission = read_check(request) if request.method == "POST" else CheckSubmission()
    if submission.command.name == "open":
        return _open(request, catalog, submission)
    return _show(request, catalog, submission, carry_out(catalog, submission))


def _open(request: HtmxHttpRequest, catalog: Catalog, submission: CheckSubmission) -> HttpResponse:
    change = carry_out(catalog, submission)
    try:
        where = opened_at(catalog, change.reading, submission.command.subject)
    except RefusedError as refused:
        return _show(request, catalog, submission, change, str(refused))
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": where})
    return HttpResponseRedirect(where, status=303)


@require_POST
def check_download(request: HtmxHttpRequest) -> HttpResponse:
    """The text with its repairs as a file; a text that cannot be read as it is."""
    catalog = current_catalog()
    submission = read_check(request)
    change = carry_out(catalog, submission)
    if change.reading.pasted.blank:
        return _show(request, catalog, submission, change, NOTHING_TO_DOWNLOAD)
    name = file_name(CheckPage(catalog, change.reading).name)
    return HttpResponse(
        change.reading.final.text,
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _show(
    request: HtmxHttpRequest, catalog: Catalog, submission: CheckSubmission, change: TextChange, *problems: str
) -> HttpResponse:
    holds_draft = is_draft_file(change.reading.pasted.text)
    context = {
        "page": CheckPage(catalog, change.reading, change.previous),
        "done": change.done,
        "problems": (*change.problems, *problems, *([NO_POLICY] if holds_draft else [])),
        "holds_draft": holds_draft,
        "text_changed": change.reading.pasted.text != submission.sent,
        "uploaded": submission.uploaded,
    }
    return render_page(request, "check/page.html", context, part="update")
