"""The refused call: `/refused/`. What it was, why, and what to add to a draft. Nothing that is pasted is stored."""

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from policybuilder.domain.building.bounds import DRAFT_TOO_LARGE, excess
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.drafts.addresses import View, address
from policybuilder.drafts.link import MAX_LINK, encode
from policybuilder.web.catalogue import current_catalog
from policybuilder.web.commands import RefusedError
from policybuilder.web.element_ids import element_id
from policybuilder.web.htmx import HtmxHttpRequest, render_page

from .commands import ExtendedDraft, RefusedChange, carry_out
from .form import RefusedSubmission, read_refused
from .page import RefusedPage


@require_http_methods(["GET", "HEAD", "POST"])
def refused(request: HtmxHttpRequest) -> HttpResponse:
    catalog = current_catalog()
    submission = read_refused(catalog, request)
    change = carry_out(catalog, submission)
    if change.extended is None:
        return _show(request, catalog, submission, change)
    try:
        where = _builder(submission, change.extended)
    except RefusedError as reason:
        return _show(request, catalog, submission, change, str(reason))
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": where})
    return HttpResponseRedirect(where, status=303)


def _builder(submission: RefusedSubmission, extended: ExtendedDraft) -> str:
    """The builder with the changed draft, at the row that was ticked; what the draft was goes along to be undone to.

    Raises RefusedError where no link holds the draft.
    """
    if too_much := excess(extended.draft.blocks):
        raise RefusedError(DRAFT_TOO_LARGE.format(too_much=too_much))
    before, after = encode(submission.draft), encode(extended.draft)
    if len(after) > MAX_LINK:
        raise RefusedError(
            "With this, the draft is too large for a link, in which the builder keeps it. Make it shorter first."
        )
    undo = {"from": before} if len(before) + len(after) <= MAX_LINK else {}
    row = f"#row-{element_id(submission.command.subject)}" if submission.command.name == "add" else ""
    return address(extended.draft, View(at=extended.at), **undo) + row


def _show(
    request: HtmxHttpRequest, catalog: Catalog, submission: RefusedSubmission, change: RefusedChange, *problems: str
) -> HttpResponse:
    context = {
        "page": RefusedPage(catalog, submission.draft, change.text),
        "problems": (*change.problems, *problems),
        "replaced": change.replaced,
    }
    return render_page(request, "refused/page.html", context, part="update")
