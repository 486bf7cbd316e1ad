"""The check of a policy, or of each policy in a text: findings, repairs, scope and size."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.scope import PolicyScope, Verdict
from policybuilder.domain.jsontext.nodes import Object, String, to_python
from policybuilder.domain.jsontext.source import JsonText, Repair, read
from policybuilder.domain.policy.document import Size
from policybuilder.domain.policy.reading import entries, find_policies
from policybuilder.domain.rules.check import Checked, check
from policybuilder.domain.rules.documented import NotChecked
from policybuilder.domain.work import Work

from .policies import read_source
from .verdicts import finding, policy_scope, size


def check_policy(catalog: Catalog, request: Mapping[str, Any]) -> dict[str, Any]:
    """Findings have a line and a column if the request holds a text. Raises InvalidInput.

    Each of several policies has an answer of its own, with the repairs from its beginning to that of the next one.
    """
    work, positions = Work(), "text" in request
    source = read_source(request, work)
    name, level, description = (request.get(label) for label in ("name", "level", "description"))
    checked = check(catalog, source, name=name, level=level, description=description)
    if len(checked.policies) < 2:
        likely = _likely(source, work)
        return _checked(source, likely, checked, 0, likely.repairs, positions=positions)
    root = source.root
    begins = [source.passage.origin(node.start) for node in entries(root)] if root is not None else []
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


def _likely(source: JsonText, work: Work) -> JsonText:
    """The text in its likeliest reading, to be offered; `source` itself if no other reading is possible."""
    unclear = any(fault.readings for fault in source.faults)
    return read(source.text, work=work, consenting=True) if unclear else source


def _checked(
    source: JsonText, likely: JsonText, checked: Checked, at: int, repairs: Iterable[Repair], *, positions: bool
) -> dict[str, Any]:
    """The answer about one policy, counted from 0. The first one's answer includes findings about the whole text."""
    only = checked.policies[at] if checked.policies else None
    if only is None or not isinstance(only.found.body, Object):
        document, scope, of_size = None, PolicyScope(Verdict.UNKNOWN, (), (), (), 0), Size(0, 0, 0)
    else:
        document, scope, of_size = to_python(only.found.body), only.scope, only.size
    return {
        "policy": document,
        "findings": [
            finding(each.finding) | (_position(source, each.start) if positions else {})
            for each in checked.findings
            if each.policy == at
        ],
        "repairs": [_repair(repair) for repair in repairs],
        "proposal": None if likely is source else _only_document(likely),
        "not_checked": _not_checked(only.not_checked if only else NotChecked()),
        "scope": policy_scope(scope),
        "size": size(of_size),
    }


def _not_checked(found: NotChecked) -> dict[str, Any]:
    return {
        "actions": [each.name for each in found.actions],
        "condition_keys": list(found.condition_keys),
        "resources": list(found.resources),
        "name": [*found.names, *found.descriptions, *found.role_keys],
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


def _position(source: JsonText, offset: int | None) -> dict[str, Any]:
    line, column = (None, None) if offset is None else source.position(offset)
    return {"line": line, "column": column}
