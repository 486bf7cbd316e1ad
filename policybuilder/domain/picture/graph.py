"""What the picture of a policy shows: its selected operations, the granted actions, and which needs which.

Every operation and every action is there once, whatever number of blocks it stands in.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from policybuilder.domain.access.operations import Concerned, Granted
from policybuilder.domain.building.closure import dependencies, own_actions
from policybuilder.domain.building.compiler import CompiledPolicy
from policybuilder.domain.building.reach import reach
from policybuilder.domain.catalog.action_names import action_key, service_of
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Access, Operation, Support
from policybuilder.domain.catalog.scope import Verdict, judge
from policybuilder.domain.policy.document import Effect
from policybuilder.domain.words import statements_in_words


class Column(IntEnum):
    """OPERATIONS; ASKED: their own actions and the single ones; NEEDED: what is there as a dependency only."""

    OPERATIONS = 0
    ASKED = 1
    NEEDED = 2


class Relation(StrEnum):
    OWN = "own"
    DEPENDENCY = "dependency"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that is said about a node: its kind, which decides how it looks, and the words."""

    kind: str
    text: str

    @property
    def tone(self) -> str:
        """How grave it is: bad, warn or soft."""
        return _TONES.get(self.kind, "soft")


@dataclass(frozen=True, slots=True)
class Node:
    """`key` is the id of an operation or the name of an action, `group` the id of its category or service."""

    key: str
    column: Column
    title: str
    group: str
    group_title: str
    marks: tuple[Mark, ...]

    @property
    def denied(self) -> bool:
        return any(mark.kind == "denied" for mark in self.marks)

    @property
    def writes(self) -> bool:
        return any(mark.kind == "write" for mark in self.marks)


@dataclass(frozen=True, slots=True)
class Edge:
    """The operation `source` needs the action `target`, or has it as its own, or a Deny takes that from it."""

    source: str
    target: str
    relation: Relation


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes in the catalogue's order of operations, then of actions by name; edges sorted."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


_TONES = {"denied": "bad", "iam_only": "bad", "varies": "warn", "unknown": "warn", "incomplete": "warn"}
_SCOPES = {
    Support.NO: Mark("iam_only", "IAM-only"),
    Support.VARIES: Mark("varies", "Varies by call"),
    Support.UNKNOWN: Mark("unknown", "Scope unknown"),
}
_VERDICTS = {Verdict.IAM_ONLY: Support.NO, Verdict.VARIES: Support.VARIES, Verdict.UNKNOWN: Support.UNKNOWN}
_ACCESS = {access: Mark(access.value, access.verb) for access in Access}
_CONDITIONAL = Mark("conditional", "Under conditions")


def picture_graph(catalog: Catalog, policy: CompiledPolicy) -> Graph:
    """The nodes and edges of all blocks. What a kept statement allows is not drawn; what it denies is marked."""
    names = _granted(policy)
    edges = sorted(set(_edges(catalog, policy, names)), key=lambda edge: (edge.source, edge.target, edge.relation))
    missing = {entry.id: len(entry.missing) for entry in policy.operations.incomplete}
    nodes = [
        _operation_node(catalog, policy, operation, missing.get(id_, 0))
        for id_, operation in catalog.operations.items()
        if id_ in policy.asked
    ]
    asked = {action_key(grant.action) for part in policy.blocks for grant in part.grants if grant.selected}
    facts = _Facts(catalog, policy)
    for key in sorted(names):
        prefix = service_of(names[key])
        service = catalog.prefixes.services_by_prefix.get(prefix)
        nodes.append(
            Node(
                names[key],
                Column.ASKED if key in asked else Column.NEEDED,
                names[key],
                service.slug if service else prefix,
                service.title if service else prefix,
                tuple(facts.marks(names[key])),
            )
        )
    return Graph(tuple(nodes), tuple(edges))


def _granted(policy: CompiledPolicy) -> dict[str, str]:
    """Each action of a block, by its key, as it is spelled there first."""
    names: dict[str, str] = {}
    for part in policy.blocks:
        for grant in part.grants:
            names.setdefault(action_key(grant.action), grant.action)
    return names


def _edges(catalog: Catalog, policy: CompiledPolicy, names: dict[str, str]) -> Iterator[Edge]:
    for part in policy.blocks:
        selection = part.block.selection
        denies = part.block.effect is Effect.DENY
        for id_ in selection.operations:
            operation = catalog.operation(id_)
            own = {action_key(name) for name in own_actions(operation, selection)}
            for key in own:
                yield Edge(id_, names[key], Relation.DENIED if denies else Relation.OWN)
            needed = () if denies else dependencies(catalog, operation, selection)
            for name in needed:
                if action_key(name) not in own:
                    yield Edge(id_, names[action_key(name)], Relation.DEPENDENCY)


def _operation_node(catalog: Catalog, policy: CompiledPolicy, operation: Operation, missing: int) -> Node:
    category = catalog.category_of(operation)
    marks = tuple(_operation_marks(policy, operation, missing))
    name = catalog.titles.category_name(category)
    return Node(operation.id, Column.OPERATIONS, operation.title, category.id, name, marks)


def _operation_marks(policy: CompiledPolicy, operation: Operation, missing: int) -> Iterator[Mark]:
    yield _ACCESS[operation.access]
    if operation.free:
        yield Mark("free", "Needs no authorization")
        return
    if mark := _SCOPES.get(operation.scope.enterprise_project):
        yield mark
    if numbers := policy.denied_by.get(operation.id):
        yield Mark("denied", f"Denied by {statements_in_words([at + 1 for at in numbers])}")
    if missing:
        yield Mark("incomplete", f"Incomplete: {missing} missing")
    if operation.id in policy.operations.conditional:
        yield _CONDITIONAL


class _Facts:
    """What the whole policy means for single actions."""

    def __init__(self, catalog: Catalog, policy: CompiledPolicy):
        self._catalog = catalog
        self._perhaps = Granted(policy.document, certainly=False)
        self._certainly = Granted(policy.document)
        denials = [
            (number, [statement for statement in part.statements if statement.effect is Effect.DENY])
            for number, part in enumerate(policy.blocks, 1)
        ]
        self._denying = [(number, Concerned(found)) for number, found in denials if found]

    def marks(self, name: str) -> Iterator[Mark]:
        if not self._catalog.action_index.has(name):
            yield Mark("unknown", "Not in the catalogue")
        else:
            yield _ACCESS[Access.WRITE if reach(self._catalog, (name,)).writing else Access.READ]
            if support := _VERDICTS.get(judge(self._catalog, (name,)).verdict):
                yield _SCOPES[support]
        if numbers := [number for number, concerned in self._denying if concerned.part(name)]:
            yield Mark("denied", f"Denied by {statements_in_words(numbers)}")
        if name in self._perhaps and name not in self._certainly:
            yield _CONDITIONAL
