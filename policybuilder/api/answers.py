"""Domain values -> the JSON of an answer.

serializers.py declares the same shapes for the schema, and tests hold the two equal. The answers are not made by those
serializers, since that takes ten to seventy times as long.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from policybuilder.domain.access.comparison import Comparison, Difference
from policybuilder.domain.access.decisions import Decision
from policybuilder.domain.access.evaluation import GrantedPolicy
from policybuilder.domain.building.compiler import Policy
from policybuilder.domain.catalog import catalog as catalogue
from policybuilder.domain.catalog.catalog import (
    Action,
    ApiCall,
    Catalog,
    Category,
    Operation,
    Option,
    Scope,
    Service,
    combine,
)
from policybuilder.domain.catalog.scope import PolicyScope, Verdict
from policybuilder.domain.findings import Finding
from policybuilder.domain.jsontext.nodes import Object, to_python
from policybuilder.domain.jsontext.source import Source
from policybuilder.domain.policy.document import Size, to_data
from policybuilder.domain.refusal.explain import Explanation
from policybuilder.domain.rewriting.shorten import CompactedPolicy
from policybuilder.domain.rewriting.split_by_limits import PolicyPart
from policybuilder.domain.rules.check import Checked, RuleEntry
from policybuilder.store.judged_starting_points import CompiledTemplate, JudgedPolicy

from .pagination import ListPage


def service(found: Service) -> dict[str, Any]:
    own = {name for operation in found.operations for name in operation.all_actions()}
    needed = {name for operation in found.operations for name in operation.all_dependencies()}
    return {
        "slug": found.slug,
        "title": found.title,
        "counts": {
            "categories": len(found.categories),
            "operations": sum(1 for _ in found.operations),
            "actions": len(own),
            "dependencies": len(needed - own),
        },
    }


def category(found: Category) -> dict[str, Any]:
    return {
        "service": found.service,
        "slug": found.slug,
        "title": found.title,
        "operation_count": len(found.operations),
        "source": _source(found.source),
    }


def operation(catalog: Catalog, found: Operation) -> dict[str, Any]:
    return {
        "id": found.id,
        "service": found.service,
        "category": {"slug": found.category, "title": catalog.categories[found.category_id].title},
        "title": found.title,
        "access": found.access,
        "native": found.native,
        "calls": [_call(call) for call in found.calls],
        "actions": list(found.actions),
        "dependencies": list(found.dependencies),
        "options": [_option(option) for option in found.options],
        "scope": _scope(found.scope),
        "by_instance": found.by_instance,
        "by_tag": found.by_tag,
        "enterprise_alternative": found.enterprise_alternative,
        "pages": [{"title": page.title, "url": page.url} for page in found.pages],
    }


def action(found: Action) -> dict[str, Any]:
    return {
        "name": found.name,
        "title": found.title,
        "access": found.access,
        "level": found.level,
        "scope": _scope(found.scope),
        "calls": [{**_call(call), "enterprise_project": call.enterprise_project} for call in found.calls],
        "operations": list(found.operations),
    }


def page(found: ListPage[Any], results: list[dict[str, Any]]) -> dict[str, Any]:
    return {"count": found.count, "next": found.next, "previous": found.previous, "results": results}


def policy(catalog: Catalog, compiled: Policy) -> dict[str, Any]:
    operations = compiled.operations
    return {
        "policy": to_data(compiled.document),
        "actions": [
            {
                "action": grant.action,
                "selected": grant.selected,
                "needed_by": list(grant.needed_by),
                "scope": _scope_of_name(catalog, grant.action),
            }
            for grant in compiled.grants
        ],
        "scope": _policy_scope(compiled.scope),
        "operations": {
            "selected": list(operations.selected),
            "also_allowed": list(operations.also_allowed),
            "incomplete": [{"id": one.id, "missing": list(one.missing)} for one in operations.incomplete],
        },
        "size": _size(compiled.size),
        "findings": [_finding(finding) for finding in compiled.findings],
    }


def check(source: Source, checked: Checked, *, positions: bool) -> dict[str, Any]:
    """`checked` is of one policy at most. `positions`: the text is the caller's own, so its lines mean something."""
    only = checked.policies[0] if checked.policies else None
    if only is None or not isinstance(only.found.body, Object):
        document, scope, size = None, PolicyScope(Verdict.UNKNOWN, (), (), (), 0), Size(0, 0, 0)
    else:
        document, scope, size = to_python(only.found.body), only.scope, only.size
    return {
        "policy": document,
        "findings": [
            _finding(found.finding) | (_position(source, found.start) if positions else {})
            for found in checked.findings
        ],
        "repairs": [
            {"line": repair.line, "column": repair.column, "message": repair.message} for repair in source.repairs
        ],
        "scope": _policy_scope(scope),
        "size": _size(size),
    }


def compacted(found: CompactedPolicy) -> dict[str, Any]:
    return {"policy": to_python(found.body), "before": _size(found.before), "after": _size(found.after)}


def parts(found: Iterable[PolicyPart]) -> dict[str, Any]:
    return {
        "policies": [
            {
                "purpose": part.purpose,
                "policy": to_python(part.body),
                "scope": _policy_scope(part.scope),
                "size": _size(part.size),
            }
            for part in found
        ]
    }


def decisions(policies: Sequence[GrantedPolicy], found: Iterable[Decision]) -> dict[str, Any]:
    return {
        "decisions": [
            {
                "decision": decision.decision,
                "because": [{"policy": policies[at].name, "statement": place} for at, place in decision.because],
                "missing_keys": list(decision.missing_keys),
                "missing_actions": list(decision.missing_actions),
            }
            for decision in found
        ]
    }


def comparison(found: Comparison) -> dict[str, Any]:
    return {
        "no_new_access": found.no_new_access,
        "gained": _difference(found.gained),
        "lost": _difference(found.lost),
        "no_longer_denied": list(found.no_longer_denied),
    }


def rule(entry: RuleEntry) -> dict[str, Any]:
    return {
        "code": entry.code,
        "severity": entry.severity,
        "title": entry.title,
        "source": entry.source,
        "note": entry.note,
    }


def explanation(found: Explanation) -> dict[str, Any]:
    return {
        "actions": list(found.actions),
        "operations": list(found.operations),
        "findings": [_finding(finding) for finding in found.findings],
    }


def system_policy(found: JudgedPolicy) -> dict[str, Any]:
    return {
        "slug": found.policy.slug,
        "name": found.policy.name,
        "kind": found.policy.kind,
        "source": _source(found.policy.source),
        "policy": to_data(found.policy.document),
        "operation_count": len(found.operations),
        "scope": _policy_scope(found.scope),
        "size": _size(found.size),
    }


def template(found: CompiledTemplate) -> dict[str, Any]:
    return {
        "slug": found.template.slug,
        "title": found.template.title,
        "description": found.template.description,
        "project": found.variant.project,
        "impossible_in_enterprise_projects": found.template.impossible,
        "operations": list(found.variant.operations),
        "options": {id_: list(slugs) for id_, slugs in found.variant.options},
        "action_count": len(found.policy.grants),
        "verdict": found.policy.scope.verdict,
        "policy": to_data(found.policy.document),
    }


def _difference(found: Difference) -> dict[str, Any]:
    return {"operations": list(found.operations), "actions": list(found.actions)}


def _policy_scope(scope: PolicyScope) -> dict[str, Any]:
    return {
        "verdict": scope.verdict,
        "iam_only": list(scope.iam_only),
        "varies": list(scope.varies),
        "unknown": list(scope.unknown),
    }


def _size(size: Size) -> dict[str, Any]:
    return {
        "characters": size.characters,
        "statements": size.statements,
        "largest_statement": size.largest_statement,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "place": finding.place,
        "message": finding.message,
        "hint": finding.hint,
    }


def _position(source: Source, offset: int | None) -> dict[str, Any]:
    line, column = (None, None) if offset is None else source.position(offset)
    return {"line": line, "column": column}


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
        "source": None if scope.source is None else _source(scope.source),
    }


def _source(source: catalogue.Source) -> dict[str, Any]:
    return {"title": source.title, "url": source.url, "date": source.date}


def _scope_of_name(catalog: Catalog, name: str) -> dict[str, Any]:
    """A wildcard has the scope of all that it matches together."""
    scopes = [catalog.actions[known].scope for known in catalog.expand(name)]
    return {
        "iam_project": combine(scope.iam_project for scope in scopes),
        "enterprise_project": combine(scope.enterprise_project for scope in scopes),
    }
