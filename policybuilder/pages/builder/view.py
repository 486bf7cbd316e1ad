"""The builder: `/`, and what hangs on a draft: its download, the policy split in two."""

from dataclasses import replace
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_safe

from policybuilder.domain.building.scope_division import ONLY_DENIES
from policybuilder.domain.building.selection_split import divide_blocks
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.scope import Goal
from policybuilder.drafts.draft import Draft, with_editable
from policybuilder.drafts.reading import read_draft, read_draft_for_file, read_view
from policybuilder.drafts.selection_commands import FOUND
from policybuilder.web.catalogue import current_catalog
from policybuilder.web.htmx import HtmxHttpRequest, render_page
from policybuilder.web.wording import UNNAMED

from .commands import carry_out, no_service
from .form import Submission, read_submission
from .omitted import KEY as OMITTED
from .omitted import Omitted, Pressed, find_omitted
from .page import BuilderPage
from .parts import changed_parts
from .statement_commands import DraftChange


@require_http_methods(["GET", "HEAD", "POST"])
def builder(request: HtmxHttpRequest) -> HttpResponse:
    catalog = current_catalog()
    if request.method == "POST":
        submission = read_submission(catalog, request.POST)
        return _change(request, catalog, submission, carry_out(catalog, submission))
    opened = read_draft(catalog, request.GET)
    previous = read_draft(catalog, request.GET, "from").draft if "from" in request.GET else None
    view = read_view(catalog, request.GET)
    page = BuilderPage(catalog, opened.draft, view, previous)
    unknown = view.service and view.service != page.view.service
    problems = (*opened.warnings, no_service(view.service)) if unknown else opened.warnings
    return _show(request, page, problems, _left_out(page, Pressed.read(request.GET.get(OMITTED, ""))))


def _left_out(page: BuilderPage, pressed: Pressed | None) -> Omitted | None:
    """The operations that the button which led to this page left out."""
    if pressed is None or (pressed.subject == FOUND and not page.view.wanted.active):
        return None
    in_sight = frozenset(operation.id for operation in page.tree.results.found)
    return find_omitted(page.catalog, page.block, page.draft.goal, pressed, in_sight)


def _change(request: HtmxHttpRequest, catalog: Catalog, submission: Submission, change: DraftChange) -> HttpResponse:
    """htmx gets what the change did to the page; a plain form is sent on to the address of the changed draft."""
    changed = change.draft != submission.before
    page = BuilderPage(catalog, change.draft, change.view, submission.before if changed else None, change.typed)
    if not request.htmx:
        if change.problems or not page.links.linkable or not change.typed.empty:
            return _show(request, page, change.problems, change.omitted)
        where = page.links.here if submission.undone is not None else page.links.here_from
        if change.omitted:
            where += f"{'&' if '?' in where else '?'}{urlencode({OMITTED: change.omitted.pressed.written})}"
        return HttpResponseRedirect(where, status=303)
    context = {
        "page": page,
        "carried": page.links.carried,
        "problems": change.problems,
        "omitted": change.omitted,
        "parts": changed_parts(page, submission, change.omitted),
    }
    response = render_page(request, "builder/page.html", context, part="update")
    if changed or change.view != submission.shown:
        response["HX-Push-Url" if changed and submission.undone is None else "HX-Replace-Url"] = page.links.here
    return response


def _show(
    request: HtmxHttpRequest, page: BuilderPage, problems: tuple[str, ...], omitted: Omitted | None
) -> HttpResponse:
    said = {"problems": problems, "omitted": omitted}
    return render(request, "builder/page.html", {"page": page, "carried": page.links.carried, **said})


@require_http_methods(["GET", "HEAD", "POST"])
def download(request: HtmxHttpRequest) -> HttpResponse:
    """The policy of a draft as a file, byte for byte what the page shows; of two, that of the `level` asked for.

    Where there are two and none is asked for, 300 with a page to choose one.
    """
    catalog = current_catalog()
    data = request.POST if request.method == "POST" else request.GET
    page = BuilderPage(catalog, read_draft_for_file(catalog, request), read_view(catalog, request.GET))
    chosen = [each for each in page.documents if each.level in (None, data.get("level"))]
    if not chosen:
        context = {"page": page, "carried": page.links.carried}
        return render(request, "builder/which.html", context, status=300)
    return HttpResponse(
        chosen[0].document.text,
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{chosen[0].file_name}"'},
    )


@require_safe
def causes(request: HtmxHttpRequest) -> HttpResponse:
    """What makes a draft's policy IAM-only; htmx gets the list that goes beside the policy."""
    catalog = current_catalog()
    opened = read_draft(catalog, request.GET)
    page = BuilderPage(catalog, opened.draft, read_view(catalog, request.GET))
    if request.htmx:
        response = render(request, "builder/culprits.html#culprits", {"page": page, "culprits": page.causes.culprits})
    else:
        context = {"page": page, "carried": page.links.carried, "problems": opened.warnings}
        response = render(request, "builder/causes.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
def split(request: HtmxHttpRequest) -> HttpResponse:
    """One draft as two policies side by side, for enterprise projects and for IAM projects; or why it stays one."""
    catalog = current_catalog()
    opened = read_draft(catalog, request.GET)
    view = read_view(catalog, request.GET)
    page = BuilderPage(catalog, opened.draft, view)
    divided = divide_blocks(catalog, opened.draft.blocks)
    context = {
        "page": page,
        "carried": page.links.carried,
        "problems": opened.warnings,
        "whole": divided.whole,
        "only_denies": divided.whole == ONLY_DENIES,
    }
    if not divided.whole:
        name = (opened.draft.name or UNNAMED)[:50]  # so that both endings stay within IAM's 64 characters
        for half, blocks, goal in (
            ("enterprise", divided.enterprise, Goal.ENTERPRISE_PROJECT),
            ("iam", divided.iam, Goal.IAM_PROJECT),
        ):
            draft = replace(opened.draft, blocks=with_editable(blocks), name=f"{name}-{half}", goal=goal)
            context[half] = BuilderPage(catalog, draft, view)
    return render(request, "builder/split.html", context)


@require_safe
def category_rows(request: HtmxHttpRequest, service: str, category: str) -> HttpResponse:
    """The rows of a category that was not filled in yet, for the tree."""
    catalog = current_catalog()
    id_ = f"{service}/{category}"
    if id_ not in catalog.categories:
        raise Http404(f"There is no category {id_} in the catalogue.")
    view = read_view(catalog, request.GET)
    page = BuilderPage(catalog, read_draft(catalog, request.GET).draft, view.opening(id_))
    branch = page.tree.branch(catalog.categories[id_])
    return render(request, "builder/tree.html#branch-body", {"page": page, "branch": branch})


@require_safe
def other_found(request: HtmxHttpRequest) -> HttpResponse:
    """What a search found and did not come at once, for the list."""
    catalog = current_catalog()
    page = BuilderPage(catalog, read_draft(catalog, request.GET).draft, read_view(catalog, request.GET))
    found = page.tree.results.other(frozenset(request.GET.getlist("used")))
    return render(request, "builder/found.html#found-others", {"page": page, "found": found})


@require_safe
def action_names(request: HtmxHttpRequest) -> HttpResponse:
    """The names of all actions, to choose from where one is added by itself."""
    catalog = current_catalog()
    page = BuilderPage(catalog, Draft(), read_view(catalog, request.GET))
    return render(request, "builder/granted.html#action-names", {"page": page})
