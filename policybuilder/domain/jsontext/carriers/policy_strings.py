"""Policies that stand in a string of JSON which could be read: a role's `policy`, as some programs write it."""

import re
from collections.abc import Iterator

from policybuilder.domain.jsontext.nodes import Array, Node, Object, String
from policybuilder.domain.jsontext.passage import Piece, Pieces, between
from policybuilder.domain.jsontext.repair_kinds import RepairKind

from .carrier import FoundRepair, Unwrapped, whole_object
from .escaped import decoded

_STRAIGHT = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*+"')


def out_of_policy_strings(text: str, root: Node) -> Unwrapped | None:
    """Replaces each by what it says. Raises FaultFoundError where that cannot be read."""
    strings = [node for role in _roles(root) if (node := _held_string(role, text)) is not None]
    if not strings:
        return None
    changed = [piece for node in strings for piece in _unquoted(text, node)]
    repairs = tuple(FoundRepair(RepairKind.POLICY_STRING, node.start) for node in strings)
    return Unwrapped(repairs, tuple(between(0, len(text), changed)))


def _roles(root: Node) -> Iterator[Object]:
    """The objects that may be roles: as `policy.reading` has them."""
    listed = root.get("roles") if isinstance(root, Object) else root
    for entry in listed.items if isinstance(listed, Array) else (root,):
        inner = entry.get("role") if isinstance(entry, Object) else None
        role = inner if isinstance(inner, Object) else entry
        if isinstance(role, Object) and role.get("Statement") is None:
            yield role


def _held_string(role: Object, text: str) -> String | None:
    node = role.get("policy")
    if not isinstance(node, String) or not _STRAIGHT.fullmatch(text, node.start, node.end):
        return None
    said = node.value.strip()
    return node if said.startswith("{") or _STRAIGHT.fullmatch(said) else None


def _unquoted(text: str, node: String) -> Pieces:
    inside = decoded(text, node.start + 1, node.end - 1) or []
    pieces = tuple(between(node.start + 1, node.end - 1, inside))
    if node.value.lstrip().startswith("{"):
        whole_object(text, pieces)
    quotes = Piece(node.start, node.start + 1, ""), Piece(node.end - 1, node.end, "")
    return (quotes[0], *inside, quotes[1])
