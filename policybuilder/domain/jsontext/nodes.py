"""JSON as it stands in a text: values with their place, duplicate keys and the spelling of numbers kept.

Offsets count characters of the text that was read, `end` excluded. A path names a node as IAM does, counting from 0:
`Statement[2].Action[0]`, and with a key that is no simple name `Statement[0].Condition.StringEquals["g:UserName"][0]`.
The root's path is empty.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from policybuilder.domain.words import SHOWN_CHARACTERS, printable, quoted

_SIMPLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_STEP = re.compile(r'\.?([A-Za-z_][A-Za-z0-9_]*)|\[(?:([0-9]{1,9})|("(?:[^"\\]|\\.)*"))\]')


@dataclass(frozen=True, slots=True)
class String:
    """`raw` is the text as it stands, quotes included."""

    start: int
    end: int
    value: str
    raw: str


@dataclass(frozen=True, slots=True)
class Number:
    """Only `raw`: 1.10 stays 1.10."""

    start: int
    end: int
    raw: str


@dataclass(frozen=True, slots=True)
class Literal:
    start: int
    end: int
    value: bool | None


@dataclass(frozen=True, slots=True)
class Array:
    start: int
    end: int
    items: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Member:
    key: String
    value: "Node"


@dataclass(frozen=True, slots=True)
class Object:
    """`members` stand in the order of the text, duplicates among them."""

    start: int
    end: int
    members: tuple[Member, ...]

    def get(self, name: str) -> "Node | None":
        """The value of the key `name`; of several the last, as nearly every JSON library takes it."""
        return next((member.value for member in reversed(self.members) if member.key.value == name), None)


Node: TypeAlias = Object | Array | String | Number | Literal


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A key that stands in its object a second time (or a third: then `first` is the same again)."""

    first: String
    again: String


def duplicates_among(members: Iterable[Member]) -> Iterator[Duplicate]:
    first: dict[str, String] = {}
    for member in members:
        found = first.setdefault(member.key.value, member.key)
        if found is not member.key:
            yield Duplicate(found, member.key)


def walk(root: Node) -> Iterator[Node]:
    """The node and all below it in the order of the text, without keys."""
    yield root
    if isinstance(root, Array):
        for item in root.items:
            yield from walk(item)
    elif isinstance(root, Object):
        for member in root.members:
            yield from walk(member.value)


def path_of(root: Node, node: Node) -> str:
    """The path of a node below `root`; of a key, that of its value. Duplicate keys share one path."""
    path, at = "", root
    # A list that a repair made can begin where its first item does.
    while (at.start, -at.end) < (node.start, -node.end):
        if isinstance(at, Array):
            index = bisect_right(at.items, node.start, key=_start) - 1
            path, at = f"{path}[{index}]", at.items[index]
        elif isinstance(at, Object):
            member = at.members[bisect_right(at.members, node.start, key=_key_start) - 1]
            path, at = _with_key(path, member.key.value), member.value
        else:
            break
    return path


def find(root: Node, path: str) -> Node | None:
    """The node at `path`, or None where nothing stands there or the path is none. Of duplicates, the last."""
    found: Node | None = root
    at = 0
    while at < len(path):
        step = _STEP.match(path, at)
        if step is None or (path[at] == ".") != (at > 0 and step[1] is not None):
            return None
        at = step.end()
        if step[2] is not None:
            index = int(step[2])
            found = found.items[index] if isinstance(found, Array) and index < len(found.items) else None
        else:
            name = step[1] if step[1] is not None else _unquoted(step[3])
            found = found.get(name) if isinstance(found, Object) and name is not None else None
    return found


def to_python(node: Node) -> Any:
    """What `json.loads` would give: of duplicate keys the last value, numbers as int or float."""
    match node:
        case Object():
            return {member.key.value: to_python(member.value) for member in node.members}
        case Array():
            return [to_python(item) for item in node.items]
        case Number():
            return int(node.raw) if node.raw.removeprefix("-").isdigit() else float(node.raw)
        case String() | Literal():
            return node.value


def _with_key(path: str, key: str) -> str:
    if _SIMPLE_NAME.fullmatch(key):
        return f"{path}.{key}" if path else key
    return f"{path}[{json.dumps(key, ensure_ascii=False)}]"


def _unquoted(text: str) -> str | None:
    try:
        return str(json.loads(text))
    except ValueError:
        return None


def _start(node: Node) -> int:
    return node.start


def _key_start(member: Member) -> int:
    return member.key.start


def described(node: Node) -> str:
    """A value of any kind for a message."""
    match node:
        case String():
            return quoted(node.value)
        case Number():
            return printable(node.raw[:SHOWN_CHARACTERS])
        case Literal():
            return {True: "true", False: "false", None: "null"}[node.value]
        case Array():
            return "a list"
        case Object():
            return "an object"
