"""The access that people gain and lose between two policies. A part without a certain meaning is refused."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from policybuilder.domain.access.comparison import Difference, Documents, Levels, compare
from policybuilder.domain.access.evaluation import level_of_policy
from policybuilder.domain.access.new_access import Witness
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.policy.document import Document
from policybuilder.domain.policy.reading import to_document
from policybuilder.domain.policy.unclear import unclear_parts
from policybuilder.domain.work import Work

from .invalid_input import Detail, InvalidInput
from .policies import read_policy


def compare_policies(catalog: Catalog, request: Mapping[str, Any]) -> dict[str, Any]:
    """Raises InvalidInput, WorkSpentError."""
    work = Work()
    (before, after), levels = _read_both(catalog, request, work)
    comparison = compare(catalog, before, after, work, levels)
    return {
        "no_new_access": comparison.no_new_access,
        "new_access": comparison.new_access,
        "gained": _difference(comparison.gained),
        "lost": _difference(comparison.lost),
        "no_longer_denied": list(comparison.no_longer_denied),
        "witness": _witness(comparison.witness) if comparison.witness else None,
        "reasons": list(comparison.reasons),
        "levels": list(levels),
    }


def _difference(difference: Difference) -> dict[str, Any]:
    return {"operations": list(difference.operations), "actions": list(difference.actions)}


def _witness(witness: Witness) -> dict[str, Any]:
    return {
        "action": witness.action,
        "known": witness.known,
        "project": witness.project,
        "context": {key: list(values) for key, values in witness.context},
    }


def _read_both(catalog: Catalog, data: Mapping[str, Any], work: Work) -> tuple[Documents, Levels]:
    """The policies before and after, and the level of each.

    Raises InvalidInput with everything that is wrong with either, and WorkSpentError.
    """
    documents: list[Document] = []
    levels: list[Level | None] = []
    details: list[Detail] = []
    for side in ("before", "after"):
        try:
            body, found = read_policy({"policy": data[side]}, work)
        except InvalidInput as refused:
            details += [replace(detail, place=side) for detail in refused.details]
            continue
        details += [Detail(f"{side}.{part.place}", "unclear", part.message) for part in unclear_parts(body)]
        documents.append(to_document(body))
        levels.append(level_of_policy(catalog, documents[-1], data.get(f"{side}_level", found.role_type)))
    if details:
        raise InvalidInput(details)
    return (documents[0], documents[1]), (levels[0], levels[1])
