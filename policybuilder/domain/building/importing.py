"""A policy that was read -> blocks of the builder, which write the same policy again.

Statements in a row that differ in their actions only become one block, since that is how the builder writes them: one
statement per service. Operations that a block's actions allow whole are ticked in it, all other actions and the
wildcards stand by themselves. A statement that no block can say is kept as it is.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby

from policybuilder.domain.catalog.action_names import action_key, is_wildcard
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Operation
from policybuilder.domain.catalog.name_index import NameIndex
from policybuilder.domain.jsontext.nodes import Array, Member, Node, Object, String
from policybuilder.domain.jsontext.writer import write_compact
from policybuilder.domain.policy.condition_terms import parse_operator
from policybuilder.domain.policy.document import VERSION, Condition, Effect
from policybuilder.domain.policy.reading import FoundPolicy, read_conditions, texts, view_statement
from policybuilder.domain.policy.rebuilding import KEYS

from .blocks import MAX_BLOCKS, Block, block_grants
from .bounds import excess
from .selection import Selection

NOT_ONE_LIST = (
    "There is no one list of statements to edit. Correct the errors that are named first: a policy is "
    '{"Version": "1.1", "Statement": [...]}, each key once.'
)

TOO_LARGE = "The policy is too large for the builder. {too_much} Split it first."


class CannotEditError(ValueError):
    """The policy cannot be taken into the builder; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Imported:
    """`extra` is a JSON object with what stands in the document apart from version and statements, or "".

    `name` is the role's, or "". `statements` counts those that were read; `kept` those that no block can say.
    """

    blocks: tuple[Block, ...]
    extra: str
    name: str
    statements: int

    @property
    def kept(self) -> int:
        return sum(1 for block in self.blocks if block.kept)


def read_blocks(catalog: Catalog, found: FoundPolicy) -> Imported:
    """Raises CannotEditError where there is no list of statements, or more blocks would come of it than MAX_BLOCKS."""
    listed = _statements(found.body)
    blocks = tuple(_joined(catalog, [_read(item) for item in listed.items]))
    if len(blocks) > MAX_BLOCKS:
        raise CannotEditError(
            f"The builder edits {MAX_BLOCKS} different statements at most; this policy has {len(blocks):,}. "
            "Make it shorter first, or split it."
        )
    if too_much := excess(blocks):
        raise CannotEditError(TOO_LARGE.format(too_much=too_much))
    others = tuple(member for member in _members(found.body) if not _is_ours(member))
    extra = write_compact(Object(0, 0, others)) if others else ""
    name = found.name.value if isinstance(found.name, String) else ""
    return Imported(blocks or (Block(),), extra, name, len(listed.items))


def select(catalog: Catalog, effect: Effect, names: tuple[str, ...]) -> Selection:
    """The selection that grants (or denies) exactly these actions: every operation that they allow whole, and the rest.

    A Deny of an operation's own actions is enough to refuse it, so there that is what "whole" means.
    """
    given = cache(NameIndex.of(names).__contains__)  # operations need the same actions again and again
    by_action = catalog.needs.operations_by_action
    keys = filter(given, by_action) if any(map(is_wildcard, names)) else map(action_key, names)
    looked_at = {operation.id: operation for key in keys for operation in by_action.get(key, ())}
    ways = {id_: _ways(operation, effect, given) for id_, operation in looked_at.items()}
    ticked = {id_: on for id_, on in ways.items() if on is not None}
    off = frozenset(
        (id_, option.slug)
        for id_, on in ticked.items()
        for option in catalog.operations[id_].options
        if option.slug not in on
    )
    selection = Selection(frozenset(ticked), off)
    explained = {action_key(grant.action) for grant in block_grants(catalog, Block(selection, effect))}
    singles = {action_key(name): name for name in names if is_wildcard(name) or action_key(name) not in explained}
    return replace(selection, actions=frozenset(singles.values()))


def _ways(operation: Operation, effect: Effect, given: Callable[[str], bool]) -> frozenset[str] | None:
    """The options that work with the given actions, None where the operation does not work at all."""

    def works(actions: tuple[str, ...], dependencies: tuple[str, ...]) -> bool:
        return all(map(given, actions if effect is Effect.DENY else (*actions, *dependencies)))

    if not works(operation.actions, operation.dependencies):
        return None
    on = frozenset(option.slug for option in operation.options if works(option.actions, option.dependencies))
    if operation.options and not on:
        return None
    return on


def _statements(body: Node | None) -> Array:
    found = [member.value for member in _members(body) if member.key.value.casefold() == "statement"]
    keys = [member.key.value for member in _members(body)]
    if len(found) != 1 or "Statement" not in keys or len(set(keys)) < len(keys) or not isinstance(found[0], Array):
        raise CannotEditError(NOT_ONE_LIST)
    return found[0]


def _members(body: Node | None) -> tuple[Member, ...]:
    return body.members if isinstance(body, Object) else ()


def _is_ours(member: Member) -> bool:
    version = isinstance(member.value, String) and member.value.value == VERSION
    return member.key.value == "Statement" or (member.key.value == "Version" and version)


@dataclass(frozen=True, slots=True)
class _Shared:
    """What statements that go into one block have in common."""

    effect: Effect
    conditions: tuple[Condition, ...]
    resources: tuple[str, ...]


def _read(node: Node) -> tuple[_Shared | None, tuple[str, ...] | str]:
    """What a statement shares with others and its actions; of one that no block can say its JSON."""
    readable = _readable(node) if isinstance(node, Object) else None
    return readable or (None, write_compact(node))


def _readable(node: Object) -> tuple[_Shared, tuple[str, ...]] | None:
    view = view_statement(node)
    keys = [member.key.value for member in node.members]
    if not KEYS.issuperset(keys) or len(set(keys)) < len(keys) or not isinstance(view.action, Array):
        return None
    if view.effect is None or not isinstance(view.effect_node, String) or view.effect_node.value != view.effect.value:
        return None
    conditions = () if view.condition is None else read_conditions(view.condition) or None
    resources = () if view.resource is None else texts(view.resource) or None
    whole = view.names and len(view.names) == len(view.action.items)
    if not whole or conditions is None or resources is None or not _editable(view.condition, conditions):
        return None
    return _Shared(view.effect, conditions, resources), view.names


def _editable(node: Node | None, conditions: tuple[Condition, ...]) -> bool:
    """Whether the operators are known and neither one of them nor a key below it stands twice."""
    operators = [member.key.value for member in _members(node)]
    tests = {(condition.operator, condition.key) for condition in conditions}
    known = all(parse_operator(operator) for operator in operators)
    return known and len(set(operators)) == len(operators) and len(tests) == len(conditions)


def _joined(catalog: Catalog, read: list[tuple[_Shared | None, tuple[str, ...] | str]]) -> Iterator[Block]:
    for shared, group in groupby(read, key=lambda pair: pair[0]):
        if shared is None:
            yield from (Block(kept=kept) for _, kept in group if isinstance(kept, str))
            continue
        names = tuple(name for _, listed in group for name in listed)
        selection = select(catalog, shared.effect, names)
        yield Block(selection, shared.effect, conditions=shared.conditions, resources=shared.resources)
