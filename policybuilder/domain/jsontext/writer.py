"""JSON as the console prints a policy, and as short as it gets. Nothing but space and the order of keys changes.

Keys that a policy knows come first, in the console's order; all others follow in their own. Numbers stay as they are
spelt and a key that stands twice stays twice, so that what was written reads as what was read, and writes the same.
Source: the JSON view of IAM's console, and the samples of its user manual.
"""

from collections.abc import Iterable
from json.encoder import encode_basestring

from .nodes import Array, Literal, Member, Node, Number, Object, String

INDENT = " " * 4
write_text = encode_basestring  # a text in quotes, escaped no more than JSON demands; json.dumps() takes longer

ROLE_KEYS = ("display_name", "type", "description", "policy")
BODY_KEYS = ("Version", "Statement")
STATEMENT_KEYS = ("Effect", "Action", "NotAction", "Resource", "Condition")
_RANK = {key: rank for rank, key in enumerate(("role", *ROLE_KEYS, *BODY_KEYS, *STATEMENT_KEYS))}


def write(node: Node, depth: int = 0) -> str:
    """The node with four spaces per level and every item on a line of its own, without a line feed at the end.

    `depth` is the level at which it is to stand; its first line is not indented.
    """
    match node:
        case Object():
            lines = (f"{write_text(m.key.value)}: {write(m.value, depth + 1)}" for m in in_order(node))
            return _lines("{", lines, "}", depth)
        case Array():
            return _lines("[", (write(item, depth + 1) for item in node.items), "]", depth)
        case _:
            return _leaf(node)


def write_compact(node: Node) -> str:
    """The node without any space that JSON does not need."""
    match node:
        case String():
            return write_text(node.value)
        case Object():
            members = (f"{write_text(m.key.value)}:{write_compact(m.value)}" for m in in_order(node))
            return "{" + ",".join(members) + "}"
        case Array():
            return "[" + ",".join(map(write_compact, node.items)) + "]"
        case _:
            return _leaf(node)


def in_order(node: Object) -> list[Member]:
    """The members as they are written; those of one rank keep their order."""
    return sorted(node.members, key=lambda member: _RANK.get(member.key.value, len(_RANK)))


def _leaf(node: String | Number | Literal) -> str:
    match node:
        case String():
            return write_text(node.value)
        case Number():
            return node.raw
        case Literal():
            return {True: "true", False: "false", None: "null"}[node.value]


def _lines(opening: str, items: Iterable[str], closing: str, depth: int) -> str:
    inner = INDENT * (depth + 1)
    body = f",\n{inner}".join(items)
    return f"{opening}\n{inner}{body}\n{INDENT * depth}{closing}" if body else opening + closing


def console_form(node: Node) -> str:
    """A policy as the console prints it, as a text of its own."""
    return write(node) + "\n"
