"""What a policy can begin with: `/start/`, and each by itself, with a plain link to the builder."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from policybuilder.domain.searching.pasted import is_pasted
from policybuilder.drafts.reading import read_draft, read_view
from policybuilder.web.catalogue import current_catalog

from .kept_draft import KeptDraft, read_goal
from .page import StartPage
from .point import find_point


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """A search that was pasted is sent on to what is meant by it: an address is no place for what it may hold."""
    catalog = current_catalog()
    opened = read_draft(catalog, request.GET)
    view = read_view(catalog, request.GET)
    if is_pasted(query := request.GET.get("q", "")) and query != view.query:
        asked = request.GET.copy()
        asked["q"] = view.query
        return HttpResponseRedirect(f"{request.path}?{asked.urlencode()}")
    page = StartPage(catalog, opened.draft, read_goal(request.GET, opened.draft), view)
    return render(request, "start/page.html", {"page": page, "problems": opened.warnings})


@require_safe
def starting_point(request: HttpRequest, slug: str) -> HttpResponse:
    catalog = current_catalog()
    opened = read_draft(catalog, request.GET)
    page = KeptDraft(catalog, opened.draft, read_goal(request.GET, opened.draft))
    point = find_point(catalog, slug, page.goal)
    if point is None:
        raise Http404(f"There is no starting point {slug!r}.")
    return render(request, "start/point.html", {"page": page, "point": point, "problems": opened.warnings})
