"""One operation or one action with everything the catalogue knows of it; htmx gets the part that goes into a row."""

from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from ..builder_page import Page
from ..catalog_loader import current_catalog
from ..domain.catalog import Catalog
from ..domain.matching import is_wildcard
from ..forms import read_draft, read_view
from ..htmx import render_page


@require_GET
def operation(request: HttpRequest, service: str, category: str, slug: str) -> HttpResponse:
    catalog = current_catalog()
    found = catalog.operations.get(f"{service}/{category}/{slug}")
    if found is None:
        raise Http404(f"There is no operation {service}/{category}/{slug} in the catalogue.")
    alternative = catalog.operations.get(found.enterprise_alternative or "")
    context = {
        "operation": found,
        "category": catalog.categories[found.category_id],
        "actions": [catalog.action(name) for name in found.actions],
        "dependencies": [_dependency(catalog, name) for name in found.dependencies],
        "options": [
            (
                option,
                [catalog.action(name) for name in option.actions],
                [_dependency(catalog, name) for name in option.dependencies],
            )
            for option in found.options
        ],
        "alternative": alternative,
        "back": _back(request),
    }
    return render_page(request, "operation.html", context, part="facts")


def _back(request: HttpRequest) -> str:
    """The builder with the draft that the reader came from; repeating it in the link of each row would be heavy."""
    builder = reverse("builder")
    try:
        came_from = urlsplit(request.META.get("HTTP_REFERER", ""))
    except ValueError:  # a header can hold anything
        return builder
    if came_from.netloc == request.get_host() and came_from.path == builder:
        return f"{builder}?{came_from.query}"
    return builder


def _dependency(catalog: Catalog, name: str) -> dict:
    """An action that something needs, and what all operations of that action need in turn."""
    return {
        "name": name,
        "action": catalog.action(name),
        "matches": catalog.expand(name) if is_wildcard(name) else (),
        "needs": sorted(catalog.shared_dependencies(name)),
    }


@require_GET
def action(request: HttpRequest, name: str) -> HttpResponse:
    catalog = current_catalog()
    found = catalog.action(name)
    if found is None:
        raise Http404(f"There is no action {name} in the catalogue.")
    context = {
        "action": found,
        "operations": [catalog.operations[id_] for id_ in found.operations],
        "back": _back(request),
    }
    return render_page(request, "action.html", context, part="facts")


@require_GET
def category_rows(request: HttpRequest, service: str, category: str) -> HttpResponse:
    """The rows of a category that was not filled in yet, for the tree."""
    catalog = current_catalog()
    id_ = f"{service}/{category}"
    if id_ not in catalog.categories:
        raise Http404(f"There is no category {id_} in the catalogue.")
    view = read_view(request.GET)
    page = Page(catalog, read_draft(catalog, request.GET).draft, view.opening(id_))
    branch = page.branch(catalog.categories[id_], set(page.found))
    return render(request, "builder.html#branch-body", {"page": page, "branch": branch})
