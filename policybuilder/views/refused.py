"""The refused call: `/refused/`. What it was, why, and what to add to a draft. Nothing that is pasted is stored."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from ..addresses import View, address
from ..builder_tree import dom_id
from ..catalog_loader import current_catalog
from ..domain.catalog import Catalog
from ..drafts import MAX_LINK, encode
from ..htmx import render_page
from ..refused_forms import Added, RefusedSubmission, add, read_refused
from ..refused_page import RefusedPage
from ..selection_commands import Refused


# As with the builder: what is sent is explained and answered, so there is nothing to forge and no token is needed.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def refused(request: HttpRequest) -> HttpResponse:
    catalog = current_catalog()
    submission = read_refused(catalog, request)
    if not submission.command:
        return _show(request, catalog, submission)
    try:
        where = _builder(submission, add(catalog, submission))
    except Refused as reason:
        return _show(request, catalog, submission, str(reason))
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": where})
    return HttpResponseRedirect(where, status=303)


def _builder(submission: RefusedSubmission, added: Added) -> str:
    """The builder with the changed draft, at the row that was ticked; what the draft was goes along to be undone to.

    Raises Refused where no link holds the draft.
    """
    before, after = encode(submission.draft), encode(added.draft)
    if len(after) > MAX_LINK:
        raise Refused(
            "With this, the draft is too large for a link, in which the builder keeps it. Make it shorter first."
        )
    undo = {"from": before} if len(before) + len(after) <= MAX_LINK else {}
    row = f"#row-{dom_id(submission.subject)}" if submission.command == "add" else ""
    return address(added.draft, View(at=added.at), **undo) + row


def _show(request: HttpRequest, catalog: Catalog, submission: RefusedSubmission, *problems: str) -> HttpResponse:
    context = {
        "page": RefusedPage(catalog, submission.draft, submission.text),
        "problems": (*submission.problems, *problems),
        "replaced": submission.replaced,
    }
    return render_page(request, "refused.html", context, part="update")
