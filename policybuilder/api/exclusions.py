"""What of a policy has no effect where it is to be granted, as JSON."""

from typing import Any

from policybuilder.domain.building.compiler import CompiledPolicy
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Evidence, Scope
from policybuilder.domain.catalog.scope import Goal


def excluded(catalog: Catalog, compiled: CompiledPolicy) -> dict[str, Any]:
    """Operations in the catalogue's order, each with the reason. Only enterprise projects have alternatives."""
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
