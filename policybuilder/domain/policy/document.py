"""The policy document: what IAM is given, and how it is written.

Source: IAM API reference, custom policies (Version 1.1) and their limits.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from policybuilder.domain.catalog.name_index import uncovered

VERSION = "1.1"
MAX_CHARACTERS = 6144  # IAM.1021
MAX_STATEMENTS = 8  # IAM.1028
MAX_ACTIONS = 100  # IAM.1033, of one statement


class Effect(StrEnum):
    ALLOW = "Allow"
    DENY = "Deny"


@dataclass(frozen=True, slots=True)
class Condition:
    """One test: a value of `key` in the request passes `operator` (with its prefix and suffix) for one of `values`."""

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """`not_actions` stands for every action but these. All conditions have to hold."""

    effect: Effect
    actions: tuple[str, ...]
    not_actions: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    resources: tuple[str, ...] = ()

    @property
    def limited(self) -> bool:
        """Whether it only holds under conditions, or for some resources."""
        return bool(self.conditions or self.resources)


@dataclass(frozen=True, slots=True)
class Document:
    statements: tuple[Statement, ...]

    def actions(self) -> tuple[str, ...]:
        """The actions of all statements, in their order."""
        return tuple(name for statement in self.statements for name in statement.actions)


@dataclass(frozen=True, slots=True)
class Size:
    """`characters` counts the JSON without optional space; `largest_statement` is a number of actions."""

    characters: int
    statements: int
    largest_statement: int


def to_data(document: Document) -> dict[str, Any]:
    """The document as the JSON object that IAM takes, keys in the order in which the console prints them."""
    return {
        "Version": VERSION,
        "Statement": [statement_data(statement) for statement in document.statements],
    }


def statement_data(statement: Statement) -> dict[str, Any]:
    data: dict[str, Any] = {"Effect": statement.effect.value}
    data |= {"NotAction": list(statement.not_actions)} if statement.not_actions else {"Action": list(statement.actions)}
    if statement.resources:
        data["Resource"] = list(statement.resources)
    if statement.conditions:
        operators = data["Condition"] = {}
        for condition in statement.conditions:
            operators.setdefault(condition.operator, {})[condition.key] = list(condition.values)
    return data


def dump(document: Document) -> str:
    """The document as text, as the console prints it: four spaces, one action a line, a line feed at the end."""
    return json.dumps(to_data(document), indent=4, ensure_ascii=False) + "\n"


def measure(document: Document) -> Size:
    compact = json.dumps(to_data(document), separators=(",", ":"), ensure_ascii=False)
    lengths = (len(statement.actions) for statement in document.statements)
    return Size(len(compact), len(document.statements), max(lengths, default=0))


def lay_out(effect: Effect, actions: Iterable[str], most: int = MAX_STATEMENTS) -> Document:
    """One statement per service, as the console's visual editor edits one service per block, all of it sorted.

    An action that a wildcard among them covers is not written as well. A statement of more than MAX_ACTIONS is split.
    Over `most` statements, the smallest are joined, and where that is not enough the actions are cut into statements of
    MAX_ACTIONS whatever their service. The same actions give the same document, in whatever order they come.
    """
    names = sorted(uncovered(actions), key=_in_order)
    services: dict[str, list[str]] = {}
    for name in names:
        services.setdefault(name.partition(":")[0], []).append(name)
    blocks = [block for service in services.values() for block in _cut(service)]
    while len(blocks) > most:
        first, second = sorted(blocks, key=len)[:2]
        if len(first) + len(second) > MAX_ACTIONS:
            blocks = _cut(names)
            break
        others = [block for block in blocks if block is not first and block is not second]
        blocks = sorted([*others, sorted([*first, *second], key=_in_order)], key=lambda block: _in_order(block[0]))
    return Document(tuple(Statement(effect, tuple(block)) for block in blocks))


def _in_order(name: str) -> tuple[str, str, str]:
    return name.partition(":")[0], name.casefold(), name


def _cut(names: list[str]) -> list[list[str]]:
    return [names[start : start + MAX_ACTIONS] for start in range(0, len(names), MAX_ACTIONS)]
