"""Which of many statements speak of an action, found by its name and not by asking one statement after the other.

A catalogue has thousands of actions and twenty policies hold thousands of names, so that asking each about each takes
seconds. Wildcards are kept part by part: a catalogue has few services, resource types and verbs, and what part of a
wildcard fits which of them is found out once.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from policybuilder.domain.catalog.action_names import ActionName, action_key, is_wildcard, matches, parse_action
from policybuilder.domain.policy.document import Effect, Statement

from .operations import Concerned

T = TypeVar("T")


class StatementIndex:
    """An Allow speaks of a wildcard when it does of all that this covers, a Deny when it does of any of it."""

    def __init__(self, statements: Sequence[Statement]):
        self._statements = statements
        self._named, self._excepted = _Names(), _Names()
        for number, statement in enumerate(statements):
            for name in statement.actions:
                self._named.add(name, number)
            for name in statement.not_actions:
                self._excepted.add(name, number)
        self._all_but = {number for number, statement in enumerate(statements) if statement.not_actions}

    def concerned(self, name: str) -> list[int]:
        """The numbers of the statements that speak of `name`, sorted. Raises ActionNameError."""
        if is_wildcard(name):
            return [number for number, statement in enumerate(self._statements) if _speaks_of(statement, name)]
        found = self._named.covering(name)
        if self._all_but:
            found |= self._all_but - self._excepted.covering(name)
        return sorted(found)


class _Names:
    """Actions and wildcards, each with numbers, by service, resource type and verb."""

    def __init__(self) -> None:
        self._numbers: dict[str, dict[str, dict[str, list[int]]]] = {}
        self._patterns: tuple[dict[str, None], ...] = ({}, {}, {})  # parts with a "*", by position
        self._fitting: dict[tuple[int, str], list[str]] = {}

    def add(self, name: str, number: int) -> None:
        service, resource_type, verb = parts = parse_action(action_key(name))
        for patterns, part in zip(self._patterns, parts, strict=True):
            if is_wildcard(part):
                patterns[part] = None
        self._numbers.setdefault(service, {}).setdefault(resource_type, {}).setdefault(verb, []).append(number)

    def covering(self, name: str) -> set[int]:
        """The numbers of whatever covers `name`, which is no wildcard."""
        parts = parse_action(action_key(name))
        services, resource_types, verbs = (self._fits(parts, position) for position in range(3))
        return {
            number
            for by_resource_type in _those(self._numbers, services)
            for by_verb in _those(by_resource_type, resource_types)
            for numbers in _those(by_verb, verbs)
            for number in numbers
        }

    def _fits(self, parts: ActionName, position: int) -> list[str]:
        """The part itself and the patterns of its position that cover it."""
        part = parts[position]
        found = self._fitting.get((position, part))
        if found is None:
            name = ":".join(parts)
            patterns = self._patterns[position]
            found = [part, *(pattern for pattern in patterns if matches(_alone(pattern, position), name))]
            self._fitting[position, part] = found
        return found


def _those(found: dict[str, T], keys: Iterable[str]) -> Iterator[T]:
    return (found[key] for key in keys if key in found)


def _alone(pattern: str, position: int) -> str:
    """The wildcard that has this part and any other ones."""
    return ":".join(pattern if at == position else "*" for at in range(3))


def _speaks_of(statement: Statement, wildcard: str) -> bool:
    concerned = Concerned([statement])
    return concerned.whole(wildcard) if statement.effect is Effect.ALLOW else concerned.part(wildcard)
