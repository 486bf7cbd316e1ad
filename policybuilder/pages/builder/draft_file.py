"""The draft as a file: saved, and opened in place of the one that is there. Drafts that no link holds are kept so."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.drafts.addresses import View
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.file import MAX_FILE, NoDraftFileError, is_draft_file, open_file, write_file
from policybuilder.drafts.reading import read_draft, read_draft_for_file, read_view
from policybuilder.web.catalogue import current_catalog
from policybuilder.web.commands import read_command
from policybuilder.web.uploads import line_feeds, read_file
from policybuilder.web.wording import file_name

from .form import MAX_VIEW
from .links import Links
from .page import BuilderPage


@require_POST
def save_draft(request: HttpRequest) -> HttpResponse:
    """The draft of a form as a file."""
    draft = read_draft_for_file(current_catalog(), request)
    name = file_name(draft.name, ".draft.json")
    return HttpResponse(
        write_file(draft),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_POST
def open_draft(request: HttpRequest) -> HttpResponse:
    """The draft of a file, at its address where a link holds it and nothing is to be said of it.

    What is no draft leaves the one that is there, which came with the form. A policy is sent on to be checked.
    """
    catalog = current_catalog()
    here = read_draft(catalog, request.POST)
    if read_command(request.POST).name == "back":
        return _show(request, catalog, here.draft, here.warnings)
    text, problem = _sent(request)
    if problem:
        return _stays(request, catalog, here.draft, problem)
    if "Statement" in text and not is_draft_file(text):
        return HttpResponseRedirect(reverse("check"), status=307)  # with all that was sent
    try:
        opened = open_file(catalog, text)
    except NoDraftFileError as reason:
        return _stays(request, catalog, here.draft, str(reason))
    if opened.too_large:
        return _stays(request, catalog, here.draft, opened.too_large)
    previous = None if here.draft.empty else here.draft
    links = Links(opened.draft, View(), previous)
    if opened.problems or not links.linkable:
        return _show(request, catalog, opened.draft, opened.problems, previous)
    return HttpResponseRedirect(links.here_from, status=303)


def _sent(request: HttpRequest) -> tuple[str, str]:
    """The text of the file, or that of the field of another page; or what is wrong with it."""
    if (file := request.FILES.get("file")) is not None:
        return read_file(file, MAX_FILE, "a saved draft has at most")
    text = line_feeds(request.POST.get("text", ""))
    return text, "" if text.strip() else "Choose the file of a draft first, then open it."


def _stays(request: HttpRequest, catalog: Catalog, here: Draft, problem: str) -> HttpResponse:
    """What is shown of the draft stays as well."""
    view = read_view(catalog, QueryDict(request.POST.get("view", "")[:MAX_VIEW]))
    return _show(request, catalog, here, (f"{problem} Your draft is as it was.",), view=view, status=422)


def _show(
    request: HttpRequest,
    catalog: Catalog,
    draft: Draft,
    problems: tuple[str, ...],
    previous: Draft | None = None,
    *,
    view: View | None = None,
    status: int = 200,
) -> HttpResponse:
    page = BuilderPage(catalog, draft, view or View(), previous)
    context = {"page": page, "carried": page.links.carried, "problems": problems}
    return render(request, "builder/page.html", context, status=status)
