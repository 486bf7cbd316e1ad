"""One operation or one action with everything the catalogue knows of it; htmx gets the part that goes into a row."""

from collections.abc import Collection, Iterable
from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from policybuilder.domain.catalog.action_names import ActionNameError, is_wildcard
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import ManualNeeds
from policybuilder.drafts.carrying import carried_from
from policybuilder.web.catalogue import current_catalog
from policybuilder.web.htmx import HtmxHttpRequest, render_page
from policybuilder.web.response_headers import forbid_storing

NO_SUCH_OPERATION = "There is no operation {id} in the catalogue."
NO_SUCH_ACTION = "There is no action {name} in the catalogue."


@require_safe
def operation(request: HtmxHttpRequest, service: str, category: str, slug: str) -> HttpResponse:
    catalog = current_catalog()
    found = catalog.operations.get(f"{service}/{category}/{slug}")
    if found is None:
        raise Http404(NO_SUCH_OPERATION.format(id=f"{service}/{category}/{slug}"))
    alternative = catalog.operations.get(found.enterprise_alternative or "")
    context = {
        "operation": found,
        "tables": [
            (catalog.titles.category_name(table), table.source) for table in catalog.categories_by_operation[found.id]
        ],
        "actions": [catalog.action_index.described(name) for name in found.actions],
        "dependencies": [_dependency(catalog, name) for name in found.dependencies],
        "options": [
            (
                option,
                [catalog.action_index.described(name) for name in option.actions],
                [_dependency(catalog, name) for name in option.dependencies],
            )
            for option in found.options
        ],
        "manual": _manual(catalog, found.all_actions(), found.names()),
        "alternative": alternative,
        "other_ways": [
            catalog.titles.operation_name(catalog.operation(id_), found.service)
            for id_ in catalog.needs.other_ways.get(found.id, ())
        ],
        "alternative_name": catalog.titles.operation_name(alternative, found.service) if alternative else "",
    }
    return _shown(request, "catalog/operation.html", context)


def _shown(request: HtmxHttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """With the way back, which is not in the address: the answer differs by who came from where."""
    response = render_page(request, template, {**context, "carried": carried_from(request)}, part="facts")
    forbid_storing(response)
    return response


def _manual(
    catalog: Catalog, actions: Iterable[str], listed: Collection[str]
) -> list[tuple[ManualNeeds, list[dict[str, Any]]]]:
    """The user manuals' entries about the actions, each with its dependencies that are not `listed` already."""
    return [
        (needs, [_dependency(catalog, name) for name in needs.dependencies if name not in listed])
        for needs in catalog.needs.in_manual(actions)
    ]


def _dependency(catalog: Catalog, name: str) -> dict[str, Any]:
    """An action that something needs, and what all operations of that action need in turn."""
    return {
        "name": name,
        "action": catalog.action_index.action(name),
        "matches": catalog.action_index.expand(name) if is_wildcard(name) else (),
        "needs": sorted(catalog.needs.shared_dependencies(name)),
    }


@require_safe
def action(request: HtmxHttpRequest, name: str) -> HttpResponse:
    catalog = current_catalog()
    try:
        found = catalog.action_index.described(name)
    except ActionNameError:
        found = None
    if found is None:
        raise Http404(NO_SUCH_ACTION.format(name=name))
    context = {
        "action": found,
        "operations": [catalog.titles.operation_name(catalog.operations[id_]) for id_ in found.operations],
        "matches": catalog.action_index.expand(found.name) if is_wildcard(found.name) else (),
        "manual": _manual(catalog, [found.name], ()),
    }
    return _shown(request, "catalog/action.html", context)
