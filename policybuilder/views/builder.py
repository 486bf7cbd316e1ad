"""The builder: `/`, and what hangs on a draft: its download, the policy split in two."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ..builder_page import Page, summary
from ..builder_statements import condition_editor
from ..builder_update import compare
from ..catalog_loader import current_catalog
from ..domain.catalog import Catalog
from ..domain.split import split_blocks
from ..drafts import Draft, with_editable
from ..forms import Submission, read_draft, read_submission, read_typed, read_view
from ..htmx import render_page


# A submitted builder is computed and answered; nothing is stored and nobody is logged in, so there is nothing to forge.
# Without a token the page needs no cookie, and a tab that was open all night still works.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def builder(request: HttpRequest) -> HttpResponse:
    catalog = current_catalog()
    if request.method == "POST":
        return _change(request, catalog, read_submission(catalog, request.POST))
    opened = read_draft(catalog, request.GET)
    previous = read_draft(catalog, request.GET, "from").draft if "from" in request.GET else None
    page = Page(catalog, opened.draft, read_view(request.GET), previous)
    return _show(request, page, opened.problems)


def _change(request: HttpRequest, catalog: Catalog, submission: Submission) -> HttpResponse:
    """htmx gets what the change did to the page; a plain form is sent on to the address of the changed draft."""
    changed = submission.after != submission.before
    before = Page(catalog, submission.before, submission.view)
    previous = submission.before if changed else None
    page = Page(catalog, submission.after, submission.view, previous, submission.typed)
    if not request.htmx:
        if submission.problems or not page.linkable or not submission.typed.empty:
            return _show(request, page, submission.problems)
        return HttpResponseRedirect(page.here_from, status=303)
    update = compare(before, page, submission.boxes)
    context = {
        "page": page,
        "summary": summary(page),
        "problems": submission.problems,
        "update": update,
        "limits": submission.limits_changed,
        "changed": changed,
        "view_changed": submission.view_changed,
        "cleared": submission.cleared,
        "added": submission.added,
        "restored": submission.restored,
    }
    response = render_page(request, "builder.html", context, part="update")
    if page.linkable and (changed or submission.view_changed):
        response["HX-Push-Url" if changed else "HX-Replace-Url"] = page.here
    return response


def _show(request: HttpRequest, page: Page, problems: tuple[str, ...]) -> HttpResponse:
    return render(request, "builder.html", {"page": page, "summary": summary(page), "problems": problems})


@csrf_exempt  # as above
@require_POST
def condition(request: HttpRequest) -> HttpResponse:
    """The editor of a condition while it is filled in: what it says in plain words, and what is wrong with it."""
    editor = condition_editor(current_catalog(), read_typed(request.POST).condition)
    key_changed = request.htmx.trigger == "condition-key"
    return render(request, "_condition.html#condition-update", {"editor": editor, "key_changed": key_changed})


@require_GET
def download(request: HttpRequest) -> HttpResponse:
    """The policy of a draft as a file, byte for byte what the page shows."""
    catalog = current_catalog()
    page = Page(catalog, read_draft(catalog, request.GET).draft, read_view(request.GET))
    return HttpResponse(
        page.json,
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{page.file_name}"'},
    )


@require_GET
def causes(request: HttpRequest) -> HttpResponse:
    """What makes a draft's policy IAM-only; htmx gets the list that goes beside the policy."""
    catalog = current_catalog()
    page = Page(catalog, read_draft(catalog, request.GET).draft, read_view(request.GET))
    if request.htmx:
        response = render(request, "builder.html#culprits", {"page": page, "culprits": page.culprits})
    else:
        response = render(request, "causes.html", {"page": page})
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_GET
def split(request: HttpRequest) -> HttpResponse:
    """One draft as two policies side by side: for enterprise projects, and the companion for IAM projects."""
    catalog = current_catalog()
    opened = read_draft(catalog, request.GET)
    enterprise, iam = split_blocks(catalog, opened.draft.blocks)
    name = (opened.draft.name or "ecs-policy")[:50]  # so that both endings stay within IAM's 64 characters
    view = read_view(request.GET)
    context = {
        "page": Page(catalog, opened.draft, view),
        "problems": opened.problems,
        "enterprise": Page(catalog, Draft(with_editable(enterprise), f"{name}-enterprise", opened.draft.extra), view),
        "iam": Page(catalog, Draft(with_editable(iam), f"{name}-iam", opened.draft.extra), view),
    }
    return render(request, "split.html", context)
