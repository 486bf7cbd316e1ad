"""The builder: `/`, and what hangs on a draft: its download, its file, the policy split in two."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from policybuilder.domain.building.scope_division import ONLY_DENIES
from policybuilder.domain.building.selection_split import divide_blocks
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.scope import Goal
from policybuilder.drafts.addresses import View
from policybuilder.drafts.draft import Draft, with_editable
from policybuilder.drafts.file import MAX_FILE, NoDraftFileError, is_draft_file, open_file, write_file
from policybuilder.drafts.omitted import KEY as OMITTED
from policybuilder.drafts.omitted import Omitted, Pressed, find_omitted
from policybuilder.drafts.reading import read_draft, read_draft_for_file, read_view
from policybuilder.drafts.selection_commands import FOUND
from policybuilder.drafts.statement_commands import DraftChange
from policybuilder.web.catalogue import current_catalog
from policybuilder.web.commands import read_command
from policybuilder.web.htmx import HtmxHttpRequest, render_page
from policybuilder.web.uploads import line_feeds, read_file
from policybuilder.web.wording import UNNAMED, file_name

from .commands import NO_SERVICE, carry_out
from .form import MAX_VIEW, Submission, read_submission
from .page import BuilderPage
from .parts import changed_parts

DRAFT_STAYS = "Your draft is as it was."
NOTHING_TO_SPLIT = "It has no statement, so there is nothing to split."
NO_ALLOW_TO_SPLIT = "Nothing: the draft only denies, so there is nothing to split."
CHOOSE_A_FILE = "Choose the file of a draft first, then open it."


@require_http_methods(["GET", "HEAD", "POST"])
def builder(request: HtmxHttpRequest) -> HttpResponse:
    catalog = current_catalog()
    if request.method == "POST":
        submission = read_submission(catalog, request.POST)
        return _change(request, catalog, submission, carry_out(catalog, submission))
    previous = read_draft(catalog, request.GET, "from").draft if "from" in request.GET else None
    page, problems = _asked_for(request, previous)
    if (asked := request.GET.get("service", "")) and asked != page.view.service:
        problems = (*problems, NO_SERVICE.format(slug=asked[:50]))
    return _show(request, page, problems, _left_out(page, Pressed.read(request.GET.get(OMITTED, ""))))


def _asked_for(request: HttpRequest, previous: Draft | None = None) -> tuple[BuilderPage, tuple[str, ...]]:
    """The page of the draft and the view in the address, and a sentence for each part that could not be read."""
    catalog = current_catalog()
    opened = read_draft(catalog, request.GET)
    return BuilderPage(catalog, opened.draft, read_view(catalog, request.GET), previous), opened.warnings


def _left_out(page: BuilderPage, pressed: Pressed | None) -> Omitted | None:
    """The operations that the button which led to this page left out."""
    if pressed is None or (pressed.subject == FOUND and not page.view.wanted.active):
        return None
    in_sight = frozenset(operation.id for operation in page.tree.found)
    return find_omitted(page.catalog, page.block, page.draft.goal, pressed, in_sight)


def _change(request: HtmxHttpRequest, catalog: Catalog, submission: Submission, change: DraftChange) -> HttpResponse:
    """htmx gets what the change did to the page; a plain form is sent on to the address of the changed draft."""
    changed, undone = change.draft != submission.before, submission.undone is not None
    page = BuilderPage(catalog, change.draft, change.view, submission.before if changed else None, change.typed)
    if not request.htmx:
        if change.problems or not page.links.linkable or not change.typed.empty:
            return _show(request, page, change.problems, change.omitted)
        where = page.links.here if undone else page.links.here_from
        if change.omitted:
            where += f"{'&' if '?' in where else '?'}{urlencode({OMITTED: change.omitted.pressed.written})}"
        return HttpResponseRedirect(where, status=303)
    context = _context(page, change.problems, change.omitted)
    context["parts"] = changed_parts(page, submission, change.omitted)
    response = render_page(request, "builder/page.html", context, part="update")
    if changed or change.view != submission.shown:
        response["HX-Push-Url" if changed and not undone else "HX-Replace-Url"] = page.links.here
    return response


def _context(page: BuilderPage, problems: tuple[str, ...] = (), omitted: Omitted | None = None) -> dict[str, Any]:
    return {"page": page, "carried": page.links.carried, "problems": problems, "omitted": omitted}


def _show(
    request: HttpRequest,
    page: BuilderPage,
    problems: tuple[str, ...],
    omitted: Omitted | None = None,
    status: int = 200,
) -> HttpResponse:
    return render(request, "builder/page.html", _context(page, problems, omitted), status=status)


def _file(text: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="application/json", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
def download(request: HtmxHttpRequest) -> HttpResponse:
    """The policy of a draft as a file, byte for byte what the page shows; of two, that of the `level` asked for.

    Where there are two and none is asked for, 300 with a page to choose one.
    """
    catalog = current_catalog()
    data = request.POST if request.method == "POST" else request.GET
    page = BuilderPage(catalog, read_draft_for_file(catalog, request), read_view(catalog, request.GET))
    for each in page.documents:
        if each.level in (None, data.get("level")):
            return _file(each.document.text, each.file_name)
    return render(request, "builder/which.html", _context(page), status=300)


@require_safe
def causes(request: HtmxHttpRequest) -> HttpResponse:
    """What makes a draft's policy IAM-only; htmx gets the list that goes beside the policy."""
    page, problems = _asked_for(request)
    context = {**_context(page, problems), "culprits": page.causes.culprits}
    response = render(request, "builder/culprits.html#culprits" if request.htmx else "builder/causes.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
def split(request: HtmxHttpRequest) -> HttpResponse:
    """One draft as two policies side by side, for enterprise projects and for IAM projects; or why it stays one."""
    page, problems = _asked_for(request)
    divided = divide_blocks(page.catalog, page.draft.blocks)
    whole = NOTHING_TO_SPLIT if page.policy.empty else divided.whole
    context = {**_context(page, problems), "whole": NO_ALLOW_TO_SPLIT if whole == ONLY_DENIES else whole}
    if not whole:
        name = (page.draft.name or UNNAMED)[:50]  # so that both endings stay within IAM's 64 characters
        for half, blocks, goal in (
            ("enterprise", divided.enterprise, Goal.ENTERPRISE_PROJECT),
            ("iam", divided.iam, Goal.IAM_PROJECT),
        ):
            draft = replace(page.draft, blocks=with_editable(blocks), name=f"{name}-{half}", goal=goal)
            context[half] = BuilderPage(page.catalog, draft, page.view)
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
    page, _ = _asked_for(request)
    found = page.search.other(frozenset(request.GET.getlist("used")))
    return render(request, "builder/found.html#found-others", {"page": page, "found": found})


@require_safe
def action_names(request: HtmxHttpRequest) -> HttpResponse:
    """The names of all actions, to choose from where one is added by itself."""
    return render(request, "builder/granted.html#action-names", {"names": current_catalog().action_index.labelled()})


@require_POST
def save_draft(request: HttpRequest) -> HttpResponse:
    """The draft of a form as a file."""
    draft = read_draft_for_file(current_catalog(), request)
    return _file(write_file(draft), file_name(draft.name, ".draft.json"))


@require_POST
def open_draft(request: HttpRequest) -> HttpResponse:
    """The draft of a file, at its address where a link holds it and nothing is to be said of it.

    What is no draft leaves the one that is there, which came with the form. A policy is sent on to be checked.
    """
    catalog = current_catalog()
    here = read_draft(catalog, request.POST)
    if read_command(request.POST).name == "back":
        return _show(request, BuilderPage(catalog, here.draft, View()), here.warnings)
    text, problem = _sent(request)
    if not problem:
        if "Statement" in text and not is_draft_file(text):
            return HttpResponseRedirect(reverse("check"), status=307)  # with all that was sent
        try:
            opened = open_file(catalog, text)
            problem = opened.too_large
        except NoDraftFileError as reason:
            problem = str(reason)
    if problem:  # what is shown of the draft stays as well
        view = read_view(catalog, QueryDict(request.POST.get("view", "")[:MAX_VIEW]))
        return _show(request, BuilderPage(catalog, here.draft, view), (f"{problem} {DRAFT_STAYS}",), status=422)
    page = BuilderPage(catalog, opened.draft, View(), None if here.draft.empty else here.draft)
    if opened.problems or not page.links.linkable:
        return _show(request, page, opened.problems)
    return HttpResponseRedirect(page.links.here_from, status=303)


def _sent(request: HttpRequest) -> tuple[str, str]:
    """The text of the file, or that of the field of another page; or what is wrong with it."""
    if (file := request.FILES.get("file")) is not None:
        return read_file(file, MAX_FILE, "a saved draft has at most")
    text = line_feeds(request.POST.get("text", ""))
    return text, "" if text.strip() else CHOOSE_A_FILE
