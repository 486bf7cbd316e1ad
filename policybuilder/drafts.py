"""A draft in a link: nothing is stored on the server, so the address is all there is.

The text behind a link has one line per entry, its first character saying what it is, and is deflated and written in
URL-safe Base64. Operations stand with their full ids: a link that is older than the catalogue can say what is gone.
Whole categories are never folded into one entry: an operation that the vendor adds later must not join an old draft.
"""

import base64
import binascii
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .domain.catalog import Catalog
from .domain.matching import ActionNameError, parse_action
from .domain.selection import Dependencies, Selection

MAX_TOKEN = 6000  # characters; with the rest of the address it stays below the 8190 that servers commonly take
MAX_TEXT = 200_000  # characters behind a token, so that a few bytes cannot unfold into a flood
MAX_NAME = 200
_FORMAT = "1"
_MAX_ENTRIES = 2000  # more than a token of real entries holds
_NAMED = 10  # unknown entries that are named one by one


@dataclass(frozen=True, slots=True)
class Draft:
    """A selection and the name that the policy is to have, as it was typed."""

    selection: Selection = Selection()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link held. `problems` are sentences about what could not be opened; empty when all could."""

    draft: Draft
    problems: tuple[str, ...]


def encode(draft: Draft) -> str:
    """The draft as text for an address: `A-Z a-z 0-9 - _`, empty for an empty draft. Equal drafts give equal text."""
    text = "\n".join(_lines(draft))
    if not text:
        return ""
    packed = zlib.compress(text.encode(), 9)
    return _FORMAT + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode(catalog: Catalog, token: str) -> Opened:
    """The draft of a link as far as it can be read, and what could not. Takes any text; never raises."""
    if not token:
        return Opened(Draft(), ())
    text, whole = _unpack(token)
    lines = text.split("\n", _MAX_ENTRIES)
    if not whole or len(lines) > _MAX_ENTRIES:
        whole = False
        lines.pop()  # cut off somewhere
    draft, unknown = _read(catalog, lines)
    problems = []
    if not whole:
        kept = len(lines) - len(unknown)
        problems.append(
            f"The link is damaged or cut off. {kept} of its entries could be read; check whether something is missing."
            if kept > 0
            else "The link is damaged: nothing in it could be read. Ask for it again, or start anew."
        )
    named = list(dict.fromkeys(unknown))
    problems += (f"{what} is not in the catalogue (any more) and was left out of the draft." for what in named[:_NAMED])
    if len(named) > _NAMED:
        problems.append(f"{len(named) - _NAMED} more entries are not in the catalogue (any more).")
    return Opened(draft, tuple(problems))


def _lines(draft: Draft) -> Iterator[str]:
    selection = draft.selection
    if draft.name:
        yield "n" + " ".join(draft.name.split())
    if selection.dependencies is Dependencies.ALL:
        yield "d"
    yield from ("o" + id_ for id_ in sorted(selection.operations))
    yield from (f"p{id_}#{option}" for id_, option in sorted(selection.options_off))
    yield from ("a" + name for name in sorted(selection.actions))
    yield from ("w" + name for name in sorted(selection.without))


def _unpack(token: str) -> tuple[str, bool]:
    """The text behind `token` as far as it goes, and whether that is all of it."""
    body = token[1:].strip()
    packed = b""
    try:
        if token[:1] != _FORMAT or len(body) > MAX_TOKEN:
            return "", False
        packed = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        clean = _valid_start(body)
        packed = base64.urlsafe_b64decode(clean[: len(clean) // 4 * 4])
    unpacker = zlib.decompressobj()
    text = b""
    try:
        for byte in packed:  # one at a time, so that everything before a fault is had
            text += unpacker.decompress(bytes([byte]), MAX_TEXT - len(text))
            if len(text) >= MAX_TEXT:
                return text.decode(errors="ignore"), False
    except zlib.error:
        return text.decode(errors="ignore"), False
    return text.decode(errors="ignore"), unpacker.eof


def _valid_start(body: str) -> str:
    for at, character in enumerate(body):
        if not (character.isascii() and (character.isalnum() or character in "-_")):
            return body[:at]
    return body


def _read(catalog: Catalog, lines: Iterable[str]) -> tuple[Draft, list[str]]:
    name = ""
    dependencies = Dependencies.DIRECT
    sets: dict[str, set] = {"o": set(), "p": set(), "a": set(), "w": set()}
    unknown = []
    for line in lines:
        kind, value = line[:1], line[1:]
        if kind == "n":
            name = clean_name(value)
        elif kind == "d":
            dependencies = Dependencies.ALL
        elif kind == "o" and value in catalog.operations:
            sets["o"].add(value)
        elif kind == "p" and _known_option(catalog, value):
            sets["p"].add(tuple(value.split("#", 1)))
        elif kind in ("a", "w") and known_action(catalog, value):
            sets[kind].add(value)
        else:
            unknown.append(f"“{(value or line)[:200]}”")
    options_off = frozenset(pair for pair in sets["p"] if pair[0] in sets["o"])
    selection = Selection(frozenset(sets["o"]), options_off, frozenset(sets["a"]), frozenset(sets["w"]), dependencies)
    return Draft(selection, name), unknown


def clean_name(text: str) -> str:
    """A name as typed, on one line, without control characters, at most MAX_NAME characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:MAX_NAME]


def known_action(catalog: Catalog, name: str) -> bool:
    """Whether `name` is an action of the catalogue, or a wildcard that matches one."""
    try:
        parse_action(name)
    except ActionNameError:
        return False
    return bool(catalog.expand(name))


def _known_option(catalog: Catalog, value: str) -> bool:
    id_, _, slug = value.partition("#")
    operation = catalog.operations.get(id_)
    return operation is not None and any(option.slug == slug for option in operation.options)
