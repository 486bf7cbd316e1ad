"""Which of many names a pattern covers, and which of many patterns cover a name: one index for both.

Names stand by service, resource type and verb, so that a pattern is compared with each part once and not with each
name. For texts that somebody sent, comparisons are paid for out of a `Work`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Generic, TypeVar

from policybuilder.domain.work import Spend, Work

from .action_names import action_key, covers_part, is_wildcard, matches, parts_overlap

T = TypeVar("T")
V = TypeVar("V")

Tree = dict[str, dict[str, dict[str, list[T]]]]  # service -> resource type -> verb -> values
Relation = Callable[[str, str], bool]  # of a part in an index to the part that is asked for


class Looks:
    """What parts of names were compared with, each with a level of an index once, and paid for out of `work`."""

    def __init__(self, work: Work | None = None) -> None:
        self.spend: Spend = work.spend if work else _for_nothing
        self._fitting: dict[tuple[Relation, int, str], tuple[str, ...]] = {}

    def fitting(self, level: Mapping[str, object], part: str, relation: Relation) -> tuple[str, ...]:
        """The texts of a level that stand in `relation` to `part`. Raises WorkSpentError."""
        asked = (relation, id(level), part)
        fitting = self._fitting.get(asked)
        if fitting is None:
            self.spend(_steps(level))
            fitting = self._fitting[asked] = tuple(text for text in level if relation(text, part))
        else:
            self.spend(1)
        return fitting


def _for_nothing(steps: int) -> None:
    """Work without a bound."""


class NameIndex(Generic[T]):
    """Names and wildcards, each with values. They are compared as `action_key` does.

    `name in index` asks whether something in it covers the name, which may be a wildcard itself: then all that it can
    match is meant. Values come by service, resource type and verb, each in the order in which it was first given.
    Every method raises ActionNameError for what is no action name, and WorkSpentError where there is `work`, or `looks`
    that have some, and it is spent.
    """

    def __init__(self, entries: Iterable[tuple[str, T]], work: Work | None = None) -> None:
        self.values: dict[str, list[T]] = {}
        self._looks = Looks(work)  # at the wildcards; few of their parts are asked for, and these often
        self._paid = None if work is None else self._looks
        for name, value in entries:
            self.values.setdefault(action_key(name), []).append(value)
        self.wildcards = _tree((key, values) for key, values in self.values.items() if is_wildcard(key))

    @classmethod
    def of(cls, names: Iterable[str], work: Work | None = None) -> "NameIndex[str]":
        """Each name under itself."""
        return NameIndex(((name, name) for name in names), work)

    @cached_property
    def names(self) -> Tree[T]:
        """Those that are no wildcards."""
        return _tree((key, values) for key, values in self.values.items() if not is_wildcard(key))

    def __contains__(self, name: str) -> bool:
        key = action_key(name)
        return key in self.values or any(True for _ in self._fitting(key, covers_part))

    def covering(self, name: str) -> Iterator[T]:
        """The values of whatever covers all of `name`, itself included."""
        key = action_key(name)
        if not is_wildcard(key):
            yield from self.values.get(key, ())
        yield from self._fitting(key, covers_part)

    def overlapping(self, name: str) -> Iterator[T]:
        """The values of whatever has an action in common with `name`."""
        key = action_key(name)
        yield from self.covered(key)
        yield from self._fitting(key, parts_overlap)

    def overlaps(self, name: str) -> bool:
        """Whether something in it has an action in common with `name`."""
        return any(True for _ in self.overlapping(name))

    def covered(self, pattern: str, looks: Looks | None = None) -> Iterator[T]:
        """The values of the names, no wildcards among them, that `pattern` covers.

        `looks` are for an index that others share: what is compared is paid for by who asks.
        """
        key = action_key(pattern)
        if not is_wildcard(key):
            yield from self.values.get(key, ())
            return
        looks = looks or self._paid
        service, resource_type, verb = key.split(":")
        for types in _covered(self.names, service, looks):
            for verbs in _covered(types, resource_type, looks):
                for values in _covered(verbs, verb, looks):
                    yield from values

    def _fitting(self, key: str, relation: Relation) -> Iterator[T]:
        """The values of the wildcards each part of which stands in `relation` to that part of `key`."""
        if not self.wildcards:
            return
        looks = self._looks
        service, resource_type, verb = key.split(":")
        for prefix in looks.fitting(self.wildcards, service, relation):
            types = self.wildcards[prefix]
            for kind in looks.fitting(types, resource_type, relation):
                verbs = types[kind]
                fitting = looks.fitting(verbs, verb, relation)
                looks.spend(len(fitting))
                for each in fitting:
                    yield from verbs[each]


def uncovered(names: Iterable[str]) -> list[str]:
    """The names without those that a wildcard among them covers; of two spellings of one wildcard, one stays."""
    listed = list(names)
    wildcards = NameIndex.of(filter(is_wildcard, listed))
    return [name for name in listed if not any(_replaces(wildcard, name) for wildcard in wildcards.covering(name))]


def _replaces(wildcard: str, name: str) -> bool:
    """Whether a wildcard that covers the name stands for it; of two that cover each other, the first by alphabet."""
    return wildcard != name and (not matches(name, wildcard) or wildcard < name)


def _tree(entries: Iterable[tuple[str, list[T]]]) -> Tree[T]:
    tree: Tree[T] = {}
    for key, values in entries:
        service, resource_type, verb = key.split(":")
        tree.setdefault(service, {}).setdefault(resource_type, {})[verb] = values
    return tree


def _covered(level: Mapping[str, V], part: str, looks: Looks | None) -> Iterable[V]:
    """What of a level one part of a pattern covers."""
    if part == "*":
        if looks:
            looks.spend(len(level))
        return level.values()
    if not is_wildcard(part):
        return (level[part],) if part in level else ()
    if looks:
        return [level[text] for text in looks.fitting(level, part, _is_covered_by)]
    return [below for text, below in level.items() if covers_part(part, text)]


def _steps(level: Mapping[str, object]) -> int:
    """What it takes to compare something with each text of a level; long ones, and those of many stars, take longer."""
    return len(level) + sum(map(len, level)) // 32


def _is_covered_by(text: str, pattern: str) -> bool:
    return covers_part(pattern, text)
