"""Links of the first format, which are still about: what their lines say, as entries of today.

n name   x the JSON of what else stands in the document   s the next block begins
of a block: e it denies   l label   d all dependencies   o operation   p operation#option that is off   a action
            w left out   c [operator, key, values…] of a condition   r resource   k the JSON of a kept statement
"""

import json
from collections.abc import Iterable, Iterator

from .draft import is_text
from .entries import UNKNOWN, Entry

_TEXTS = {"n": "name", "x": "extra", "l": "label", "k": "keep"}
_FLAGS = {"s": "statement", "e": "deny", "d": "all-dependencies"}
_NAMES = {"o": "operations", "p": "options-off", "a": "actions", "w": "without"}
_JSON = {"c": "condition", "r": "resource"}


def first_entries(lines: Iterable[str]) -> Iterator[Entry]:
    """The first block began without a line."""
    yield ("statement",)
    yield from map(_entry, lines)


def _entry(line: str) -> Entry:
    kind, value = line[:1], line[1:]
    if kind in _TEXTS:
        return _TEXTS[kind], value
    if kind in _NAMES:
        return _NAMES[kind], "", value
    if kind in _FLAGS and (kind != "s" or not value):
        return (_FLAGS[kind],)
    if kind in _JSON and (texts := _texts(kind, value)):
        return _JSON[kind], *texts
    return UNKNOWN, value or line


def _texts(kind: str, value: str) -> tuple[str, ...]:
    """Those of a condition stand in a list, that of a resource alone; () where it is something else."""
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return ()
    texts = tuple(found) if kind == "c" and isinstance(found, list) else (found,)
    return texts if all(map(is_text, texts)) else ()
