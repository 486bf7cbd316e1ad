"""Scope, size, findings and sources as data: the parts that several answers share."""

from collections.abc import Iterable
from typing import Any

from policybuilder.domain.building.compiler import CompiledPolicy
from policybuilder.domain.catalog.entries import Source
from policybuilder.domain.catalog.scope import PolicyScope
from policybuilder.domain.findings import Finding
from policybuilder.domain.policy.document import Size, to_data
from policybuilder.domain.rules.check import PolicyFinding


def policy_scope(scope: PolicyScope) -> dict[str, Any]:
    return {
        "verdict": scope.verdict,
        "iam_only": list(scope.iam_only),
        "varies": list(scope.varies),
        "unknown": list(scope.unknown),
    }


def size(size: Size) -> dict[str, Any]:
    return {
        "characters": size.characters,
        "statements": size.statements,
        "largest_statement": size.largest_statement,
    }


def finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "place": finding.place,
        "message": finding.message,
        "hint": finding.hint,
    }


def findings(found: Iterable[PolicyFinding]) -> list[dict[str, Any]]:
    return [finding(each.finding) for each in found]


def source(source: Source) -> dict[str, Any]:
    return {"title": source.title, "url": source.url, "date": source.date}


def by_level(compiled: CompiledPolicy) -> dict[str, Any]:
    """The policy of each level, where there are several."""
    if not compiled.divided:
        return {}
    return {
        "policies": [
            {
                "level": each.level,
                "policy": to_data(each.document),
                "scope": policy_scope(each.scope),
                "size": size(each.size),
                "findings": findings(each.findings),
            }
            for each in compiled.documents
        ]
    }
