"""What a refusal is about, and the rules behind the codes of findings."""

from collections.abc import Mapping
from typing import Any

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.refusal.explain import explain
from policybuilder.domain.rules.table import table

from .verdicts import finding


def explain_refusal(catalog: Catalog, request: Mapping[str, Any]) -> dict[str, Any]:
    explanation = explain(catalog, request["text"])
    return {
        "actions": list(explanation.actions),
        "operations": list(explanation.operations),
        "findings": [finding(each) for each in explanation.findings],
    }


def list_rules() -> list[dict[str, Any]]:
    return [
        {
            "code": entry.code,
            "severity": entry.severity,
            "title": entry.title,
            "source": entry.source,
            "note": entry.note,
        }
        for entry in table()
    ]
