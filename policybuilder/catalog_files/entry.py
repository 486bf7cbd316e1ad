"""One mapping of a catalogue file, read key by key; what is wrong in it is noted with its place."""

import re
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from policybuilder.domain.catalog.entries import Problem

Path = tuple[str | int, ...]
Where = Callable[[Path], str]  # a path in a file -> its place for people: `ecs.yaml:12`

MOST_CHARACTERS = 300  # of a title
_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_URL = re.compile(r"https?://[^\s/]+\.[^\s/]+(?:/\S*)?")
_MISSING = object()

E = TypeVar("E", bound=StrEnum)


class Entry:
    """`label` is the id that messages name, `path` where the entry stands in its file.

    `done` has to be called when all keys were read: it notes those that nobody asked for.
    """

    def __init__(self, data: Mapping[str, Any], label: str, path: Path, where: Where, problems: list[Problem]):
        self.label = label
        self._data = data
        self._path = path
        self._where = where
        self._problems = problems
        self._asked: set[str] = set()

    def note(self, message: str, *path: str | int) -> None:
        self._problems.append(Problem(self.place(*path), message))

    def place(self, *path: str | int) -> str:
        """`file:line: id: field[index]`, the line being that of the part itself."""
        place = self._where((*self._path, *path))
        field = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")
        start = f"{place}: {self.label}" if place else self.label
        return f"{start}: {field}" if field else start

    def has(self, key: str) -> bool:
        return key in self._data

    def text(self, key: str, default: str | None = None) -> str:
        """A line of text that is not blank. Without a `default` the key has to be there."""
        value = self._get(key, _MISSING if default is None else default)
        if value is _MISSING:
            return ""
        if not isinstance(value, str):
            self._no_text(value, key)
            return default or ""
        if not value.strip() and value != default:
            self.note("is blank; leave it out or say something", key)
        elif len(value) > MOST_CHARACTERS:
            self.note(f"has {len(value)} characters; at most {MOST_CHARACTERS} were expected", key)
        return value

    def slug(self, key: str) -> str:
        value = self.text(key)
        if value and not _SLUG.fullmatch(value):
            self.note(f"{value!r} is no slug: small letters, digits and hyphens were expected", key)
        return value

    def url(self, key: str, default: str | None = None) -> str:
        value = self.text(key, default)
        if value and not _URL.fullmatch(value):
            self.note(f"{value!r} is no address of a page: http://… or https://… was expected", key)
        return value

    def choice(self, key: str, kind: type[E], default: E | None = None) -> E:
        """A member of `kind`. Without a `default` the key has to be there."""
        known = list(kind)
        value = self._get(key, _MISSING if default is None else default)
        if value is not _MISSING and self._is_text(value, key):
            if value in known:
                return kind(value)
            self.note(f"{value!r} is none of {', '.join(known)}", key)
        return default or known[0]

    def choices(self, key: str, kind: type[E]) -> tuple[E, ...]:
        """Members of `kind`, none of them twice. The list has to be there, though it can be empty."""
        if not self.has(key):
            self.note(f"the key {key} is missing")
        known, found = list(kind), self.texts(key)
        for at, value in enumerate(found):
            if value not in known:
                self.note(f"{value!r} is none of {', '.join(known)}", key, at)
        return tuple(kind(value) for value in found if value in known)

    def flag(self, key: str) -> bool:
        value = self._get(key, False)
        if not isinstance(value, bool):
            self.note(f"is {value!r}; true or false was expected", key)
        return value is True

    def number(self, key: str, default: int) -> int:
        value = self._get(key, default)
        if isinstance(value, bool) or not isinstance(value, int):
            self.note(f"is {value!r}; a number was expected", key)
            return default
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, none of them twice."""
        found: list[str] = []
        for at, value in enumerate(self.items(key)):
            if not self._is_text(value, key, at):
                continue
            if value in found:
                self.note(f"{value!r} stands twice", key, at)
            found.append(value)
        return tuple(found)

    def items(self, key: str) -> list[Any]:
        """A list of anything."""
        value = self._get(key, [])
        if isinstance(value, list):
            return value
        self.note(f"is {value!r}; a list was expected", key)
        return []

    def entry(self, key: str) -> "Entry | None":
        """A mapping; None where the key is left out."""
        value = self._get(key, None)
        return None if value is None else self._below(value, f"{self.label}: {key}", key)

    def at(self, key: str, index: int, data: Mapping[str, Any]) -> "Entry":
        """A mapping in a list of anything."""
        return Entry(data, f"{self.label}: {key}[{index}]", (*self._path, key, index), self._where, self._problems)

    def entries(self, key: str, label: Callable[[Mapping[str, Any]], str] | None = None) -> "Iterator[Entry]":
        """A list of mappings, each called what `label` says of it, or by its place in the list."""
        for at, value in enumerate(self.items(key)):
            called = label(value) if label and isinstance(value, dict) else f"{self.label}: {key}[{at}]"
            below = self._below(value, called, key, at)
            if below is not None:
                yield below

    def keyed(self, key: str) -> "Iterator[tuple[str, Entry]]":
        """A mapping whose values are mappings."""
        value = self._get(key, {})
        if not isinstance(value, dict):
            self.note(f"is {value!r}; a mapping was expected", key)
            return
        for name, item in value.items():
            below = self._below(item, f"{self.label}: {key}.{name}", key, name)
            if below is not None:
                yield str(name), below

    def done(self) -> None:
        for key in self._data:
            if key not in self._asked:
                self.note(f"unknown key; known: {', '.join(sorted(self._asked))}", str(key))

    def _get(self, key: str, default: Any) -> Any:
        self._asked.add(key)
        value = self._data.get(key, default)
        if value is _MISSING:
            self.note(f"the key {key} is missing")
        return value

    def _below(self, value: Any, label: str, *path: str | int) -> "Entry | None":
        if isinstance(value, dict):
            return Entry(value, label, (*self._path, *path), self._where, self._problems)
        self.note(f"is {value!r}; a mapping was expected", *path)
        return None

    def _is_text(self, value: Any, *path: str | int) -> bool:
        if not isinstance(value, str):
            self._no_text(value, *path)
        return isinstance(value, str)

    def _no_text(self, value: Any, *path: str | int) -> None:
        quoted = "; in YAML, yes and no need quotes" if isinstance(value, bool) else ""
        self.note(f"is {value!r}; a text was expected{quoted}", *path)
