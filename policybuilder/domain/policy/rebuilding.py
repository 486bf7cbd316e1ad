"""A policy taken apart and put together again, as nodes. The offsets of what is made here mean nothing."""

from collections.abc import Iterable, Sequence
from typing import TypeGuard

from policybuilder.domain.jsontext.nodes import Array, Member, Node, Object, String
from policybuilder.domain.jsontext.writer import STATEMENT_KEYS, write_text

from .document import MAX_ACTIONS, Effect
from .reading import StatementView, compact_characters

KEYS = frozenset(STATEMENT_KEYS) - {"NotAction"}  # of a statement that can be divided
_EFFECTS = {effect.value for effect in Effect}


def statement_list(body: Node | None) -> Array | None:
    """What stands under Statement, if that is a list and the only one that can be meant."""
    if not isinstance(body, Object):
        return None
    found = [member for member in body.members if member.key.value.casefold() == "statement"]
    if len(found) != 1 or found[0].key.value != "Statement" or not isinstance(found[0].value, Array):
        return None
    return found[0].value


def with_statements(body: Object, statements: Iterable[Node]) -> Object:
    return _with(body, "Statement", Array(0, 0, tuple(statements)))


def with_actions(statement: Object, names: Iterable[str]) -> Object:
    return _with(statement, "Action", Array(0, 0, tuple(String(0, 0, name, write_text(name)) for name in names)))


def in_statements(statement: Object, names: Sequence[str]) -> list[Object]:
    """Copies of a statement that together hold these actions, MAX_ACTIONS each; none for no actions."""
    return [with_actions(statement, names[at : at + MAX_ACTIONS]) for at in range(0, len(names), MAX_ACTIONS)]


def is_divisible(view: StatementView | None) -> TypeGuard[StatementView]:
    """Whether the statement means the same when its actions are divided among copies of it.

    It does when nothing stands in it that IAM does not know, and Action is a list of texts, however these are spelt.
    """
    if view is None or not isinstance(view.action, Array) or not view.action.items:
        return False
    keys = [member.key.value for member in view.node.members]
    return (
        KEYS.issuperset(keys)
        and len(keys) == len(set(keys))
        and isinstance(view.effect_node, String)
        and view.effect_node.value in _EFFECTS
        and all(isinstance(item, String) for item in view.action.items)
    )


def is_plain(view: StatementView | None) -> TypeGuard[StatementView]:
    """Whether it can be joined with others of its effect: divisible, without condition, for every resource."""
    return is_divisible(view) and view.everywhere


def action_texts(view: StatementView) -> tuple[str, ...]:
    """The actions of a divisible statement as they stand, the malformed ones among them."""
    return tuple(entry.node.value for entry in view.actions if isinstance(entry.node, String))


def characters_of(statements: Iterable[Node]) -> int:
    """What statements take in a list without optional space, each with a comma."""
    return sum(compact_characters(statement) + 1 for statement in statements)


def _with(node: Object, key: str, value: Node) -> Object:
    members = (Member(m.key, value) if m.key.value == key else m for m in node.members)
    return Object(node.start, node.end, tuple(members))
