"""A draft in a link: nothing is stored on the server, so the address is all there is.

The text behind a link has one line per entry, its first character saying what it is, and is deflated and written in
URL-safe Base64. Operations stand with their full ids: a link that is older than the catalogue can say what is gone.
Whole categories are never folded into one entry: an operation that the vendor adds later must not join an old draft.

    n name   x the JSON of what else stands in the document   s the next block begins
    of a block: e it denies   l label   d all dependencies   o operation   p operation#option that is off   a action
                w left out   c [operator, key, values…] of a condition   r resource   k the JSON of a kept statement
"""

import base64
import binascii
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from policybuilder.domain.building.blocks import MAX_BLOCKS, Block, kept_node
from policybuilder.domain.building.bounds import excess, excess_of
from policybuilder.domain.building.selection import Dependencies, Selection
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.jsontext.nodes import Node, Object
from policybuilder.domain.policy.condition_terms import parse_operator
from policybuilder.domain.policy.document import Condition, Effect
from policybuilder.domain.policy.reading import is_action
from policybuilder.domain.remembering import remembered

from .draft import Draft, clean_name, is_text, with_editable

MAX_LINK = 6000  # characters; with the rest of the address it stays below the 8190 that servers commonly take
MAX_TOKEN = 60_000  # in a form, which takes more
MAX_TEXT = 200_000  # characters behind a token, so that a few bytes cannot unfold into a flood
_FORMAT = "1"
_MAX_ENTRIES = 2000  # more than a token of real entries holds
_NAMED = 10  # unknown entries that are named one by one


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link held. `problems` are sentences about what could not be opened; empty when all could.

    `too_large` is the one of them that says why nothing was opened at all, "" where something was.
    """

    draft: Draft
    problems: tuple[str, ...]
    too_large: str = ""


@remembered(500_000, weigh=lambda token, draft: sum(map(len, _lines(draft))))
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
    # Before anything is looked up in the catalogue, and again with what kept statements name.
    too_much = excess_of(line[1:] for line in lines if line[:1] in ("a", "w"))
    draft, unknown = (Draft(), []) if too_much else _read(catalog, lines)
    if too_much := too_much or excess(draft.blocks):
        problem = f"The draft was not opened: it is too large. {too_much}"
        return Opened(Draft(), (problem,), problem)
    problems = []
    if not whole:
        readable = len(lines) - len(unknown)
        problems.append(
            f"The link is damaged or cut off. {readable} of its entries could be read; "
            "check whether something is missing."
            if readable > 0
            else "The link is damaged: nothing in it could be read. Ask for it again, or start anew."
        )
    named = list(dict.fromkeys(unknown))
    problems += (f"{what} is not in the catalogue (any more) and was left out of the draft." for what in named[:_NAMED])
    if len(named) > _NAMED:
        problems.append(f"{len(named) - _NAMED} more entries are not in the catalogue (any more).")
    return Opened(draft, tuple(problems))


def _lines(draft: Draft) -> Iterator[str]:
    if draft.name:
        yield "n" + " ".join(draft.name.split())
    if draft.extra:
        yield "x" + draft.extra
    for at, block in enumerate(draft.blocks):
        if at:
            yield "s"
        yield from _block_lines(block)


def _block_lines(block: Block) -> Iterator[str]:
    selection = block.selection
    if block.effect is Effect.DENY:
        yield "e"
    if block.label:
        yield "l" + " ".join(block.label.split())
    if block.kept:
        yield "k" + block.kept
    for condition in block.conditions:
        yield "c" + json.dumps([condition.operator, condition.key, *condition.values], separators=(",", ":"))
    yield from ("r" + json.dumps(uri) for uri in block.resources)
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
    text = bytearray()
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
    name = extra = ""
    blocks = [_BlockReader(catalog)]
    unknown = []
    for line in lines:
        kind, value = line[:1], line[1:]
        if kind == "n":
            name = clean_name(value)
        elif kind == "x" and isinstance(_json_node(value), Object):
            extra = value
        elif line == "s" and len(blocks) < MAX_BLOCKS:
            blocks.append(_BlockReader(catalog))
        elif not blocks[-1].take(kind, value):
            unknown.append(f"“{(value or line)[:200]}”")
    return Draft(with_editable(reader.block() for reader in blocks), name, extra), unknown


class _BlockReader:
    """Gathers the lines of one block."""

    def __init__(self, catalog: Catalog):
        self._catalog = catalog
        self._entries: dict[str, set[str]] = {kind: set() for kind in "opaw"}
        self._dependencies = Dependencies.DIRECT
        self._shell = Block()

    def take(self, kind: str, value: str) -> bool:
        """Whether the line says something."""
        match kind:
            case "e":
                self._shell = replace(self._shell, effect=Effect.DENY)
            case "l":
                self._shell = replace(self._shell, label=clean_name(value))
            case "k" if _json_node(value) is not None:
                self._shell = replace(self._shell, kept=value)
            case "c" if condition := _read_condition(value):
                self._shell = replace(self._shell, conditions=(*self._shell.conditions, condition))
            case "r" if is_text(uri := _load(value)):
                self._shell = replace(self._shell, resources=(*self._shell.resources, uri))
            case "d":
                self._dependencies = Dependencies.ALL
            case "o" | "p" | "a" | "w" if self._known(kind, value):
                self._entries[kind].add(value)
            case _:
                return False
        return True

    def block(self) -> Block:
        """A kept statement has nothing else in it, and only ticked operations have options."""
        if self._shell.kept:
            return Block(label=self._shell.label, kept=self._shell.kept)
        operations, options, actions, without = map(frozenset, self._entries.values())
        pairs = (tuple(value.split("#", 1)) for value in options)
        off = frozenset((id_, option) for id_, option in pairs if id_ in operations)
        return replace(self._shell, selection=Selection(operations, off, actions, without, self._dependencies))

    def _known(self, kind: str, value: str) -> bool:
        """Whether the catalogue has the entry. Single actions may be any, since a pasted policy may hold any."""
        if kind == "o":
            return value in self._catalog.operations
        if kind == "p":
            return _known_option(self._catalog, value)
        return is_action(value) and (kind == "a" or bool(self._catalog.expand(value)))


def _read_condition(value: str) -> Condition | None:
    match _load(value):
        case [str(operator), *parts] if parse_operator(operator):
            texts = tuple(filter(is_text, parts))
            if texts and len(texts) == len(parts):
                return Condition(operator, texts[0], texts[1:])
    return None


def _load(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _json_node(text: str) -> Node | None:
    try:
        return kept_node(text)
    except ValueError:
        return None


def _known_option(catalog: Catalog, value: str) -> bool:
    id_, _, slug = value.partition("#")
    operation = catalog.operations.get(id_)
    return operation is not None and any(option.slug == slug for option in operation.options)
