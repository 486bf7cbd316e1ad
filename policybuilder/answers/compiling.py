"""The policy of a selection, with the reason for every action."""

from collections.abc import Mapping
from typing import Any

from policybuilder.domain.building.compiler import CompiledPolicy, compile_selection
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Evidence, Scope, combine
from policybuilder.domain.catalog.scope import Goal
from policybuilder.domain.policy.document import Effect, to_data

from .selections import read_selection
from .verdicts import by_level, findings, policy_scope, size


def compile_policy(catalog: Catalog, request: Mapping[str, Any]) -> dict[str, Any]:
    """Raises InvalidInput with every name that the catalogue does not have."""
    selection = read_selection(catalog, request)
    return compiled_policy(
        catalog, compile_selection(catalog, selection, Effect(request["effect"]), Goal(request["goal"]))
    )


def compiled_policy(catalog: Catalog, compiled: CompiledPolicy) -> dict[str, Any]:
    operations, first = compiled.operations, compiled.documents[0]
    return {
        "policy": to_data(first.document),
        **by_level(compiled),
        "actions": [
            {
                "action": grant.action,
                "selected": grant.selected,
                "needed_by": list(grant.needed_by),
                "scope": _scope_of_name(catalog, grant.action),
            }
            for grant in compiled.grants
        ],
        "scope": policy_scope(compiled.scope),
        "operations": {
            "selected": [id_ for id_ in catalog.operations if id_ in compiled.asked],
            "also_allowed": list(operations.also_allowed),
            "incomplete": [{"id": one.id, "missing": list(one.missing)} for one in operations.incomplete],
        },
        "goal": compiled.goal,
        "excluded": _excluded(catalog, compiled),
        "size": size(first.size),
        "findings": findings(compiled.shared_findings if compiled.divided else compiled.findings),
    }


def _scope_of_name(catalog: Catalog, name: str) -> dict[str, Any]:
    """A wildcard has the scope of all that it matches together."""
    scopes = catalog.action_index.scopes(name)
    return {
        "iam_project": combine(scope.iam_project for scope in scopes),
        "enterprise_project": combine(scope.enterprise_project for scope in scopes),
    }


def _excluded(catalog: Catalog, compiled: CompiledPolicy) -> dict[str, Any]:
    """The operations and actions without effect at the goal.

    Operations in the catalogue's order, each with the reason. Only enterprise projects have alternatives.
    """
    goal, operations = compiled.goal, map(catalog.operation, compiled.excluded.operations)
    return {
        "operations": [
            {
                "id": operation.id,
                "reason": _reason(operation.scope, goal),
                "alternative": operation.enterprise_alternative if goal is Goal.ENTERPRISE_PROJECT else None,
            }
            for operation in operations
        ],
        "actions": list(compiled.excluded.actions),
    }


def _reason(scope: Scope, goal: Goal) -> str:
    """No support for enterprise projects: stated in “ECS API Reference: Lifecycle Management”."""
    known = "inferred from" if scope.evidence is Evidence.INFERRED else "stated in"
    source = f": {known} “{scope.source.title}”" if scope.source else ""
    return f"No support for {goal.place}{source}."
