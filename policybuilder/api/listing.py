"""Which operations and actions a list holds. An empty filter lets everything through."""

from collections.abc import Iterator, Mapping
from typing import Any

from policybuilder.catalog_files.judged_starting_points import (
    CompiledTemplate,
    compile_template,
    compiled_templates,
    find_template,
)
from policybuilder.catalog_files.searching import search_of
from policybuilder.domain.catalog.action_names import matches, service_of
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Action, Operation
from policybuilder.domain.searching.search import split_words


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


def categories_of(catalog: Catalog, service: str) -> Iterator[str]:
    """The slugs of a service's categories; without a service, of all."""
    return (c.slug for s in catalog.services if service in ("", s.slug) for c in s.categories)


def find_templates(catalog: Catalog, wanted: Mapping[str, Any]) -> list[CompiledTemplate]:
    """Those of the template with the slug, else those of all tasks, in their order."""
    template = find_template(catalog, wanted["slug"]) if wanted["slug"] else None
    among = compile_template(catalog, template) if template else compiled_templates(catalog)
    return [found for found in among if wanted["project"] in ("", found.variant.project)]


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
