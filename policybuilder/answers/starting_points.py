"""System-defined policies and templates of tasks, with what they allow."""

from collections.abc import Mapping
from typing import Any

from policybuilder.catalog_files.judged_starting_points import (
    CompiledTemplate,
    JudgedPolicy,
    compile_template,
    compiled_templates,
    find_template,
    judged_policies,
)
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.policy.document import to_data

from .verdicts import by_level, policy_scope, size, source


def list_system_policies(catalog: Catalog, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The policy with the slug, else all."""
    return [_system_policy(found) for found in judged_policies(catalog) if wanted["slug"] in ("", found.policy.slug)]


def list_templates(catalog: Catalog, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The entries of the template with the slug, else of all tasks, in their order."""
    template = find_template(catalog, wanted["slug"]) if wanted["slug"] else None
    among = compile_template(catalog, template) if template else compiled_templates(catalog)
    return [_template(found) for found in among if wanted["project"] in ("", found.variant.project)]


def _system_policy(judged: JudgedPolicy) -> dict[str, Any]:
    return {
        "slug": judged.policy.slug,
        "name": judged.policy.name,
        "kind": judged.policy.kind,
        "source": source(judged.policy.source),
        "description": judged.policy.description,
        "note": judged.policy.note,
        "policy": judged.policy.data,
        "not_judged": judged.obstacle,
        "operation_count": None if judged.scope is None else len(judged.operations),
        "scope": None if judged.scope is None else policy_scope(judged.scope),
        "size": size(judged.size),
    }


def _template(compiled: CompiledTemplate) -> dict[str, Any]:
    return {
        "slug": compiled.template.slug,
        "title": compiled.template.title,
        "description": compiled.template.description,
        "project": compiled.variant.project,
        "impossible_in_enterprise_projects": compiled.template.impossible,
        "operations": list(compiled.variant.operations),
        "options": {id_: list(slugs) for id_, slugs in compiled.variant.options},
        "action_count": len(compiled.policy.grants),
        "verdict": compiled.policy.scope.verdict,
        "policy": to_data(compiled.policy.documents[0].document),
        **by_level(compiled.policy),
    }
