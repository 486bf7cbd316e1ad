"""Domain values -> the JSON of an answer.

serializers.py declares the same shapes for the schema, and tests hold the two equal. The answers are not made by those
serializers, since that takes ten to seventy times as long.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from policybuilder.catalog_files.judged_starting_points import CompiledTemplate, JudgedPolicy
from policybuilder.domain.access.comparison import Comparison, Difference, Levels
from policybuilder.domain.access.decisions import Decision
from policybuilder.domain.access.evaluation import GrantedPolicy
from policybuilder.domain.access.new_access import Witness
from policybuilder.domain.building.compiler import CompiledPolicy
from policybuilder.domain.catalog import entries
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Action, ApiCall, Category, Operation, Option, Scope, Service, combine
from policybuilder.domain.catalog.scope import PolicyScope, Verdict
from policybuilder.domain.findings import Finding
from policybuilder.domain.jsontext.nodes import Object, String, to_python
from policybuilder.domain.jsontext.source import JsonText, Repair
from policybuilder.domain.policy.document import Size, to_data
from policybuilder.domain.policy.reading import entries as policy_entries
from policybuilder.domain.policy.reading import find_policies
from policybuilder.domain.refusal.explain import Explanation
from policybuilder.domain.rewriting.parts import PolicyPart
from policybuilder.domain.rewriting.shorten import CompactedPolicy
from policybuilder.domain.rules.check import Checked, PolicyFinding
from policybuilder.domain.rules.documented import NotChecked
from policybuilder.domain.rules.table import RuleEntry

from .exclusions import excluded
from .pagination import ListPage


def service(service: Service) -> dict[str, Any]:
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


def category(category: Category) -> dict[str, Any]:
    return {
        "service": category.service,
        "slug": category.slug,
        "title": category.title,
        "operation_count": len(category.operations),
        "source": _source(category.source),
    }


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
        "scope": _scope(operation.scope),
        "by_instance": operation.by_instance,
        "by_tag": operation.by_tag,
        "enterprise_alternative": operation.enterprise_alternative,
        "reveals": None if operation.reveals is None else list(operation.reveals.kinds),
        "reveals_source": None if operation.reveals is None else _source(operation.reveals.source),
        "pages": [{"title": page.title, "url": page.url} for page in operation.pages],
    }


def action(action: Action) -> dict[str, Any]:
    return {
        "name": action.name,
        "title": action.title,
        "access": action.access,
        "level": action.level,
        "scope": _scope(action.scope),
        "calls": [{**_call(call), "enterprise_project": call.enterprise_project} for call in action.calls],
        "operations": list(action.operations),
    }


def page(page: ListPage[Any], results: list[dict[str, Any]]) -> dict[str, Any]:
    return {"count": page.count, "next": page.next, "previous": page.previous, "results": results}


def policy(catalog: Catalog, compiled: CompiledPolicy) -> dict[str, Any]:
    operations, first = compiled.operations, compiled.documents[0]
    return {
        "policy": to_data(first.document),
        **_by_level(compiled),
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
            "selected": [id_ for id_ in catalog.operations if id_ in compiled.asked],
            "also_allowed": list(operations.also_allowed),
            "incomplete": [{"id": one.id, "missing": list(one.missing)} for one in operations.incomplete],
        },
        "goal": compiled.goal,
        "excluded": excluded(catalog, compiled),
        "size": _size(first.size),
        "findings": _findings(compiled.shared_findings if compiled.divided else compiled.findings),
    }


def _by_level(compiled: CompiledPolicy) -> dict[str, Any]:
    """The policy of each level, where there are several."""
    if not compiled.divided:
        return {}
    return {
        "policies": [
            {
                "level": each.level,
                "policy": to_data(each.document),
                "scope": _policy_scope(each.scope),
                "size": _size(each.size),
                "findings": _findings(each.findings),
            }
            for each in compiled.documents
        ]
    }


def _findings(findings: Iterable[PolicyFinding]) -> list[dict[str, Any]]:
    return [_finding(each.finding) for each in findings]


def check(source: JsonText, likely: JsonText, checked: Checked, *, positions: bool) -> dict[str, Any]:
    """`positions`: the text is the caller's own, so its lines mean something.

    `likely` is the text in its likeliest reading: `source` itself where there is no other. Of several policies each has
    an answer of its own, with the repairs from where it begins to where the next one does.
    """
    if len(checked.policies) < 2:
        return _checked(source, likely, checked, 0, likely.repairs, positions=positions)
    root = source.root
    begins = [source.passage.origin(node.start) for node in policy_entries(root)] if root is not None else []
    repairs: defaultdict[int, list[Repair]] = defaultdict(list)
    for repair in source.repairs:
        repairs[max(bisect_right(begins, repair.offset) - 1, 0)].append(repair)
    return {
        "policies": [
            {"name": each.found.name.value if isinstance(each.found.name, String) else None}
            | _checked(source, source, checked, at, repairs[at], positions=positions)
            for at, each in enumerate(checked.policies)
        ]
    }


def _checked(
    source: JsonText, likely: JsonText, checked: Checked, at: int, repairs: Iterable[Repair], *, positions: bool
) -> dict[str, Any]:
    """What is said of one policy, counted from 0. What is said of the whole text is said with the first."""
    only = checked.policies[at] if checked.policies else None
    if only is None or not isinstance(only.found.body, Object):
        document, scope, size = None, PolicyScope(Verdict.UNKNOWN, (), (), (), 0), Size(0, 0, 0)
    else:
        document, scope, size = to_python(only.found.body), only.scope, only.size
    return {
        "policy": document,
        "findings": [
            _finding(each.finding) | (_position(source, each.start) if positions else {})
            for each in checked.findings
            if each.policy == at
        ],
        "repairs": [_repair(repair) for repair in repairs],
        "proposal": None if likely is source else _only_document(likely),
        "not_checked": _not_checked(only.not_checked if only else NotChecked()),
        "scope": _policy_scope(scope),
        "size": _size(size),
    }


def _not_checked(found: NotChecked) -> dict[str, Any]:
    return {
        "actions": [each.name for each in found.actions],
        "condition_keys": list(found.condition_keys),
        "resources": list(found.resources),
        "name": [*found.names, *found.descriptions, *found.role_keys],
    }


def compacted(policy: CompactedPolicy, by_level: Sequence[PolicyPart]) -> dict[str, Any]:
    """`by_level` are the policies of one level each, none where `policy` is of one."""
    body, after = (by_level[0].body, by_level[0].size) if len(by_level) > 1 else (policy.body, policy.after)
    answer = {"policy": to_python(body), "before": _size(policy.before), "after": _size(after)}
    return answer | (parts(by_level) if by_level else {})


def parts(parts: Iterable[PolicyPart]) -> dict[str, Any]:
    return {
        "policies": [
            {
                "purpose": part.purpose,
                "granted_in": part.granted_in,
                **({"level": part.level} if part.level else {}),
                "policy": to_python(part.body),
                "scope": _policy_scope(part.scope),
                "size": _size(part.size),
            }
            for part in parts
        ]
    }


def decisions(policies: Sequence[GrantedPolicy], made: Iterable[Decision]) -> dict[str, Any]:
    return {
        "decisions": [
            {
                "decision": decision.decision,
                "because": [{"policy": policies[at].name, "statement": place} for at, place in decision.because],
                "missing_keys": list(decision.missing_keys),
                "missing_actions": list(decision.missing_actions),
            }
            for decision in made
        ],
        "levels": [policy.level for policy in policies],
    }


def comparison(comparison: Comparison, levels: Levels) -> dict[str, Any]:
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


def _witness(witness: Witness) -> dict[str, Any]:
    return {
        "action": witness.action,
        "known": witness.known,
        "project": witness.project,
        "context": {key: list(values) for key, values in witness.context},
    }


def rule(entry: RuleEntry) -> dict[str, Any]:
    return {
        "code": entry.code,
        "severity": entry.severity,
        "title": entry.title,
        "source": entry.source,
        "note": entry.note,
    }


def explanation(explanation: Explanation) -> dict[str, Any]:
    return {
        "actions": list(explanation.actions),
        "operations": list(explanation.operations),
        "findings": [_finding(finding) for finding in explanation.findings],
    }


def system_policy(judged: JudgedPolicy) -> dict[str, Any]:
    return {
        "slug": judged.policy.slug,
        "name": judged.policy.name,
        "kind": judged.policy.kind,
        "source": _source(judged.policy.source),
        "description": judged.policy.description,
        "note": judged.policy.note,
        "policy": judged.policy.data,
        "not_judged": judged.obstacle,
        "operation_count": None if judged.scope is None else len(judged.operations),
        "scope": None if judged.scope is None else _policy_scope(judged.scope),
        "size": _size(judged.size),
    }


def template(compiled: CompiledTemplate) -> dict[str, Any]:
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
        **_by_level(compiled.policy),
    }


def _difference(difference: Difference) -> dict[str, Any]:
    return {"operations": list(difference.operations), "actions": list(difference.actions)}


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


def _only_document(source: JsonText) -> Any:
    """The document of a text that holds one, else None."""
    policies = find_policies(source.root, 2) if source.root is not None else ()
    body = policies[0].body if len(policies) == 1 else None
    return to_python(body) if isinstance(body, Object) else None


def _repair(repair: Repair) -> dict[str, Any]:
    return {
        "line": repair.line,
        "column": repair.column,
        "message": repair.message,
        "needs_consent": repair.needs_consent,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "place": finding.place,
        "message": finding.message,
        "hint": finding.hint,
    }


def _position(source: JsonText, offset: int | None) -> dict[str, Any]:
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


def _source(source: entries.Source) -> dict[str, Any]:
    return {"title": source.title, "url": source.url, "date": source.date}


def _scope_of_name(catalog: Catalog, name: str) -> dict[str, Any]:
    """A wildcard has the scope of all that it matches together."""
    scopes = catalog.action_index.scopes(name)
    return {
        "iam_project": combine(scope.iam_project for scope in scopes),
        "enterprise_project": combine(scope.enterprise_project for scope in scopes),
    }
