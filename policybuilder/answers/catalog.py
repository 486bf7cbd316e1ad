"""Services, categories, operations and actions of the catalogue. An empty filter lets everything through."""

from collections.abc import Iterator, Mapping
from typing import Any

from policybuilder.catalog_files.searching import search_of
from policybuilder.domain.catalog.action_names import matches, service_of
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import (
    Action,
    ApiCall,
    Category,
    ManualNeeds,
    Operation,
    Option,
    Scope,
    Service,
)
from policybuilder.domain.searching.search import split_words

from .verdicts import source


def list_services(catalog: Catalog) -> list[dict[str, Any]]:
    return [_service(service) for service in catalog.services]


def list_categories(catalog: Catalog, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [_category(category) for category in categories_of(catalog, wanted["service"])]


def categories_of(catalog: Catalog, service: str) -> Iterator[Category]:
    """The categories of a service; without a service, of all."""
    return (category for category in catalog.categories.values() if service in ("", category.service))


def find_operations(catalog: Catalog, wanted: Mapping[str, Any]) -> list[Operation]:
    """In the catalogue's order."""
    words, search = split_words(wanted["q"]), search_of(catalog)
    return [o for o in catalog.operations.values() if _passes(catalog, o, wanted) and search.meets(o, words)]


def find_actions(catalog: Catalog, wanted: Mapping[str, Any]) -> list[Action]:
    """Sorted by name. `service` is a service's slug; its actions can have another prefix."""
    prefixes = {prefix for s in catalog.services if wanted["service"] in ("", s.slug) for prefix in s.prefixes}
    words, search = split_words(wanted["q"]), search_of(catalog)
    return [
        a for a in catalog.action_index.actions.values() if service_of(a.name) in prefixes and search.meets(a, words)
    ]


def operation(catalog: Catalog, operation: Operation) -> dict[str, Any]:
    return {
        "id": operation.id,
        "service": operation.service,
        "services": [service.slug for service in catalog.services_of(operation)],
        "category": {"slug": operation.category, "title": catalog.category_of(operation).title},
        "title": operation.title,
        "access": operation.access,
        "native": operation.native,
        "calls": [_call(call) for call in operation.calls],
        "actions": list(operation.actions),
        "dependencies": list(operation.dependencies),
        "options": [_option(option) for option in operation.options],
        "manual": [_manual(needs) for needs in catalog.needs.in_manual(operation.all_actions())],
        "scope": _scope(operation.scope),
        "by_instance": operation.by_instance,
        "by_tag": operation.by_tag,
        "enterprise_alternative": operation.enterprise_alternative,
        "reveals": None if operation.reveals is None else list(operation.reveals.kinds),
        "reveals_source": None if operation.reveals is None else source(operation.reveals.source),
        "pages": [{"title": page.title, "url": page.url} for page in operation.pages],
    }


def action(catalog: Catalog, action: Action) -> dict[str, Any]:
    manual = catalog.needs.in_manual([action.name])
    return {
        "name": action.name,
        "title": action.title,
        "access": action.access,
        "level": action.level,
        "scope": _scope(action.scope),
        "calls": [{**_call(call), "enterprise_project": call.enterprise_project} for call in action.calls],
        "operations": list(action.operations),
        "manual": _manual(manual[0]) if manual else None,
    }


def _manual(needs: ManualNeeds) -> dict[str, Any]:
    return {
        "action": needs.action,
        "dependencies": list(needs.dependencies),
        "notes": list(needs.notes),
        "source": source(needs.source),
    }


def _service(service: Service) -> dict[str, Any]:
    own = {name for operation in service.operations for name in operation.all_actions()}
    needed = {name for operation in service.operations for name in operation.all_dependencies()}
    return {
        "slug": service.slug,
        "title": service.title,
        "counts": {
            "categories": len(service.categories),
            "operations": sum(1 for _ in service.operations),
            "actions": len(own),
            "dependencies": len(needed - own),
        },
    }


def _category(category: Category) -> dict[str, Any]:
    return {
        "service": category.service,
        "slug": category.slug,
        "title": category.title,
        "operation_count": len(category.operations),
        "source": source(category.source),
    }


def _call(call: ApiCall) -> dict[str, Any]:
    return {"method": call.method, "path": call.path}


def _option(option: Option) -> dict[str, Any]:
    return {
        "slug": option.slug,
        "title": option.title,
        "actions": list(option.actions),
        "dependencies": list(option.dependencies),
    }


def _scope(scope: Scope) -> dict[str, Any]:
    return {
        "iam_project": scope.iam_project,
        "enterprise_project": scope.enterprise_project,
        "evidence": scope.evidence,
        "source": None if scope.source is None else source(scope.source),
    }


def _passes(catalog: Catalog, operation: Operation, wanted: Mapping[str, Any]) -> bool:
    return (
        (not wanted["service"] or any(wanted["service"] == s.slug for s in catalog.services_of(operation)))
        and (
            not wanted["category"]
            or any(wanted["category"] == c.slug for c in catalog.categories_by_operation[operation.id])
        )
        and wanted["access"] in ("", operation.access)
        and wanted["enterprise_project"] in ("", operation.scope.enterprise_project)
        and (not wanted["action"] or any(matches(wanted["action"], own) for own in operation.all_actions()))
    )
