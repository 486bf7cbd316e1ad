"""A policy made shorter or divided, each result with its scope and size."""

from collections.abc import Iterable, Mapping
from typing import Any

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.jsontext.nodes import to_python
from policybuilder.domain.policy.reading import to_document
from policybuilder.domain.rewriting import shorten
from policybuilder.domain.rewriting.parts import PolicyPart
from policybuilder.domain.rewriting.split_by_limits import split_by_limits
from policybuilder.domain.rewriting.split_by_scope import split_by_scope

from .policies import read_policy
from .verdicts import policy_scope, size


def compact_policy(catalog: Catalog, request: Mapping[str, Any]) -> dict[str, Any]:
    """The first of several policies is the answer's own, too. Raises InvalidInput."""
    body, _ = read_policy(request)
    # Judged before it is shorter: a wildcard of every service can remove the last name of a level.
    mixed = catalog.prefixes.mixes_levels(to_document(body).actions())
    by_level = split_by_limits(catalog, body, shorten=True) if mixed else ()
    compacted = shorten.compact_policy(catalog, body)
    shown, after = (by_level[0].body, by_level[0].size) if len(by_level) > 1 else (compacted.body, compacted.after)
    answer = {"policy": to_python(shown), "before": size(compacted.before), "after": size(after)}
    return answer | (_parts(by_level) if by_level else {})


def split_policy(catalog: Catalog, request: Mapping[str, Any]) -> dict[str, Any]:
    """Raises InvalidInput."""
    split = split_by_limits if request["by"] == "limits" else split_by_scope
    body, found = read_policy(request)
    return _parts(split(catalog, body, found.role_type))


def _parts(parts: Iterable[PolicyPart]) -> dict[str, Any]:
    return {
        "policies": [
            {
                "purpose": part.purpose,
                "granted_in": part.granted_in,
                **({"level": part.level} if part.level else {}),
                "policy": to_python(part.body),
                "scope": policy_scope(part.scope),
                "size": size(part.size),
            }
            for part in parts
        ]
    }
