"""The picture of a policy: selected operations on the left, granted actions on the right, a line for each need."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from policybuilder.domain.access.operations import Concerned, Granted
from policybuilder.domain.building.closure import dependencies, own_actions
from policybuilder.domain.building.compiler import CompiledBlock, CompiledPolicy
from policybuilder.domain.building.reach import reach
from policybuilder.domain.catalog.action_names import action_key, service_of
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Access, Operation
from policybuilder.domain.catalog.scope import judge
from policybuilder.domain.policy.document import Effect
from policybuilder.domain.words import statements_in_words

_SCOPES = {"no": "IAM-only", "iam_only": "IAM-only", "varies": "Varies by call", "unknown": "Scope unknown"}
_ROW, _GROUP = 24, 34  # pixels
Relation = IntEnum("Relation", ["OWN", "NEEDED", "DENIED"])


@dataclass(frozen=True, slots=True)
class Node:
    """An operation or action at `y` pixels from the top. `asked`: it is there not only as a dependency."""

    title: str
    group: str  # the name of the category or service
    access: Access | None
    marks: tuple[str, ...]
    y: int
    asked: bool = True
    edges: tuple[tuple[Relation, "Node"], ...] = ()  # the actions of an operation, sorted by relation

    @property
    def mermaid(self) -> str:
        """The label in Mermaid's text, which reads `#42;` as the character 42 and knows no meaning of it."""
        label = ", ".join((self.title, *((self.access.verb,) if self.access else ()), *self.marks))
        return re.sub(r"[^\w :,()-]|_|\B-", lambda match: f"#{ord(match[0])};", label)


def draw(catalog: Catalog, policy: CompiledPolicy) -> tuple[list[Node], list[Node]]:
    """Operations in the catalogue's order; actions by service, as operations need them. Kept statements only mark."""
    names = {action_key(grant.action): grant.action for part in policy.blocks[::-1] for grant in part.grants[::-1]}
    asked = {action_key(grant.action) for part in policy.blocks for grant in part.grants if grant.selected}
    rows = [operation for id_, operation in catalog.operations.items() if id_ in policy.asked]
    needs = {row.id: sorted({each for part in policy.blocks for each in _needs(catalog, part, row)}) for row in rows}
    services: dict[str, list[str]] = {}
    for key in dict.fromkeys([key for found in needs.values() for _, key in found] + sorted(names)):
        services.setdefault(service_of(names[key]), []).append(key)
    marks, actions, operations, y, top = _Marks(catalog, policy), dict[str, Node](), list[Node](), 0, 0
    for prefix, keys in services.items():
        service, y = catalog.prefixes.services_by_prefix.get(prefix), y + _GROUP
        for key in keys:
            y, name, group = y + _ROW, names[key], service.title if service else prefix
            actions[key] = Node(name, group, *marks.of_action(name), y, key in asked)
    for row in rows:
        group = catalog.titles.category_name(catalog.category_of(row))
        top += _ROW if operations and operations[-1].group == group else _ROW + _GROUP
        edges = tuple((relation, actions[key]) for relation, key in needs[row.id])
        operations.append(Node(row.title, group, row.access, marks.of_operation(row), top, edges=edges))
    return operations, list(actions.values())


def _needs(catalog: Catalog, part: CompiledBlock, operation: Operation) -> Iterator[tuple[Relation, str]]:
    if operation.id in part.block.selection.operations:
        denies, own = part.block.effect is Effect.DENY, own_actions(operation, part.block.selection)
        yield from ((Relation.DENIED if denies else Relation.OWN, action_key(name)) for name in own)
        needed = set() if denies else {*map(action_key, dependencies(catalog, operation, part.block.selection))}
        yield from ((Relation.NEEDED, key) for key in needed - {*map(action_key, own)})


class _Marks:
    """What the whole policy means for single operations and actions, in words."""

    def __init__(self, catalog: Catalog, policy: CompiledPolicy):
        self._catalog, self._denied_by, self._conditional = catalog, policy.denied_by, policy.operations.conditional
        self._missing = {each.id: f"Incomplete: {len(each.missing)} missing" for each in policy.operations.incomplete}
        self._certain, self._perhaps = Granted(policy.document), Granted(policy.document, certainly=False)
        denials = [[each for each in part.statements if each.effect is Effect.DENY] for part in policy.blocks]
        self._denials = [(number, Concerned(found)) for number, found in enumerate(denials, 1) if found]

    def of_operation(self, operation: Operation) -> tuple[str, ...]:
        if operation.free:
            return ("Needs no authorization",)
        denied = [at + 1 for at in self._denied_by.get(operation.id, ())]
        missing, conditional = self._missing.get(operation.id, ""), operation.id in self._conditional
        return _marks(missing, operation.scope.enterprise_project, denied, conditional)

    def of_action(self, name: str) -> tuple[Access | None, tuple[str, ...]]:
        denied = [number for number, concerned in self._denials if concerned.part(name)]
        conditional = name in self._perhaps and name not in self._certain
        if not self._catalog.action_index.has(name):
            return None, _marks("Not in the catalogue", "", denied, conditional)
        access = Access.WRITE if reach(self._catalog, (name,)).writing else Access.READ
        return access, _marks("", judge(self._catalog, (name,)).verdict, denied, conditional)


def _marks(other: str, scope: str, denied: list[int], conditional: bool) -> tuple[str, ...]:
    denial = f"Denied by {statements_in_words(denied)}" if denied else ""
    return tuple(filter(None, (other, _SCOPES.get(scope), denial, "Under conditions" if conditional else "")))
