"""Terraform's language as far as a policy needs it: blocks and attributes, and values that stand there as they are.

Whatever else a value can be (a variable, a call, a sum, a condition, a loop) is kept as `Unknown`, with its place. The
text may hold prose between its blocks. Comments go. Nothing nests deeper than MAX_DEPTH.
Source: HCL native syntax specification; Terraform language documentation, "Strings and Templates".
"""

from dataclasses import dataclass
from typing import TypeAlias

from policybuilder.domain.findings import Wording
from policybuilder.domain.jsontext.reader import MAX_DEPTH
from policybuilder.domain.jsontext.repairs import FaultFoundError

from .hcl_tokens import Token, tokens


@dataclass(frozen=True, slots=True)
class Leaf:
    """A string, heredoc, number, true, false or null."""

    token: Token

    @property
    def start(self) -> int:
        return self.token.start

    @property
    def end(self) -> int:
        return self.token.end


@dataclass(frozen=True, slots=True)
class Listed:
    """`comma` is where one stands after the last item, or -1."""

    start: int
    end: int
    items: "tuple[Value, ...]"
    comma: int = -1


@dataclass(frozen=True, slots=True)
class Entry:
    """`sign` is where = or : stands, `comma` where one follows, or -1."""

    key: Token
    sign: int
    value: "Value"
    comma: int = -1


@dataclass(frozen=True, slots=True)
class Mapping:
    start: int
    end: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Encoded:
    """jsonencode(…)."""

    start: int
    end: int
    value: "Value"


@dataclass(frozen=True, slots=True)
class Unknown:
    """What is no value by itself. `why` is set where it is no Terraform either, and `at` is where."""

    start: int
    end: int
    why: Wording | None = None
    at: int = -1


Value: TypeAlias = Leaf | Listed | Mapping | Encoded | Unknown


@dataclass(frozen=True, slots=True)
class Attribute:
    name: Token
    value: Value


@dataclass(frozen=True, slots=True)
class Block:
    """`labels` are names and strings; `end` is behind the }."""

    name: Token
    labels: tuple[Token, ...]
    body: "tuple[Item, ...]"
    end: int


@dataclass(frozen=True, slots=True)
class Stray:
    """A value by itself, or a line that is nothing of all this."""

    value: Value


Item: TypeAlias = Attribute | Block | Stray

_CLOSERS = {"(": ")", "[": "]", "{": "}"}
_BEGINNINGS = frozenset({"name", "string", "heredoc", "number", "{"})  # of a value that follows another
_ENDS = frozenset({"line", ",", ")", "]", "}", "end"})
_COMPARE = "Compare it with how Terraform writes a policy."
UNREADABLE = Wording("This is not written as Terraform has it.", _COMPARE)
NOTHING_BETWEEN = Wording("A comma, or a line break between attributes, is missing here.", _COMPARE)
VALUE_IS_MISSING = Wording("A value is missing here.", _COMPARE)
UNCLOSED = Wording("What begins here is never closed.", "Close it, or paste the rest of it.")
TOO_DEEP = Wording(
    f"Brackets are nested more than {MAX_DEPTH} deep here.", "A policy needs far fewer; check the brackets before it."
)


def read_hcl(text: str) -> tuple[Item, ...]:
    """The blocks and attributes of the text, and what stands between them. Raises FaultFoundError."""
    return _Parser(text).body(0)


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(tokens(text))
        self.at = 0

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def _take(self) -> Token:
        token = self.tokens[self.at]
        self.at += token.kind != "end"
        return token

    def _skip_lines(self) -> None:
        while self.next.kind == "line":
            self.at += 1

    def body(self, depth: int) -> tuple[Item, ...]:
        """To the } that ends it, or the end of the text; outside of all blocks a } ends nothing."""
        items: list[Item] = []
        while True:
            self._skip_lines()
            if self.next.kind == "end" or (depth and self.next.kind == "}"):
                return tuple(items)
            items.append(self._item(depth))

    def _item(self, depth: int) -> Item:
        name = self.next
        if name.kind == "name":
            if self.tokens[self.at + 1].kind == "=":
                self.at += 2
                return Attribute(name, self._value(depth))
            labels = self._labels()
            if labels is not None:
                return self._block(name, labels, depth)
        if name.kind == "{" or self._is_encoded():
            return Stray(self._value(depth))
        start, end = name.start, self._take().end
        while self.next.kind not in ("line", "end") and not (depth and self.next.kind == "}"):
            end = self._swallow(end) if depth else self._take().end
        return Stray(Unknown(start, end, UNREADABLE))

    def _labels(self) -> tuple[Token, ...] | None:
        """The names and strings between the name of a block and its {; None where it is no block."""
        end = self.at + 1
        while self.tokens[end].kind in ("name", "string") and end - self.at < 4:
            end += 1
        return tuple(self.tokens[self.at + 1 : end]) if self.tokens[end].kind == "{" else None

    def _block(self, name: Token, labels: tuple[Token, ...], depth: int) -> Block:
        self.at += len(labels) + 1
        opening = self._take()
        if depth == MAX_DEPTH:
            raise FaultFoundError(opening.start, TOO_DEEP)
        items = self.body(depth + 1)
        if self.next.kind == "end":
            raise self._unclosed(opening)
        return Block(name, labels, items, self._take().end)

    def _is_named(self, at: int, *names: str) -> bool:
        token = self.tokens[at]
        return token.kind == "name" and self.text[token.start : token.end] in names

    def _is_encoded(self) -> bool:
        return self._is_named(self.at, "jsonencode") and self.tokens[self.at + 1].kind == "("

    def _value(self, depth: int, *, lines: bool = True) -> Value:
        """`lines`: the value ends at a line break, as it does outside of round and square brackets."""
        start = self.next.start
        value = self._primary(depth)
        if not lines:
            self._skip_lines()
        if self.next.kind in _ENDS:
            return value
        end, following = value.end, self.next
        while self.next.kind not in _ENDS or (not lines and self.next.kind == "line"):
            end = self._swallow(end)
        if isinstance(value, Unknown):
            return Unknown(start, end, value.why, value.at)
        if following.kind in _BEGINNINGS:
            return Unknown(start, end, NOTHING_BETWEEN, following.start)
        return Unknown(start, end)

    def _primary(self, depth: int) -> Value:
        token = self.next
        if token.kind in ("[", "{", "("):
            if depth == MAX_DEPTH or token.kind == "(" or self._is_loop():
                return Unknown(token.start, self._swallow(token.end), TOO_DEEP if depth == MAX_DEPTH else None)
            return self._listed(depth) if token.kind == "[" else self._mapping(depth)
        if self._is_encoded():
            return self._encoded(depth)
        if token.kind in _ENDS:
            return Unknown(token.start, token.start, VALUE_IS_MISSING)
        self.at += 1
        if token.kind == "bad":
            return Unknown(token.start, token.end, UNCLOSED)
        if token.kind in ("string", "heredoc", "number") or self._is_named(self.at - 1, "true", "false", "null"):
            return Leaf(token)
        return Unknown(token.start, token.end)

    def _is_loop(self) -> bool:
        """Whether [ or { is followed by for and a name."""
        at = self.at + 1
        while self.tokens[at].kind == "line":
            at += 1
        return self._is_named(at, "for") and self.tokens[at + 1].kind == "name"

    def _encoded(self, depth: int) -> Value:
        start = self._take().start
        opening = self.at
        if depth == MAX_DEPTH:
            return Unknown(start, self._swallow(self.next.end), TOO_DEEP)
        self.at += 1
        self._skip_lines()
        value = self._value(depth + 1, lines=False)
        if self.next.kind == ",":
            self.at += 1
            self._skip_lines()
        if self.next.kind == ")":
            return Encoded(start, self._take().end, value)
        return Unknown(start, self._swallow_rest(self.tokens[opening].end, ")"))

    def _listed(self, depth: int) -> Value:
        opening = self._take()
        items: list[Value] = []
        comma = -1
        while True:
            self._skip_lines()
            if self.next.kind == "]":
                return Listed(opening.start, self._take().end, tuple(items), comma)
            items.append(self._value(depth + 1, lines=False))
            if self.next.kind == ",":
                comma = self._take().start
                continue
            comma = -1
            if self.next.kind != "]":
                return self._unreadable(opening)

    def _mapping(self, depth: int) -> Value:
        opening = self._take()
        entries: list[Entry] = []
        while True:
            self._skip_lines()
            if self.next.kind == "}":
                return Mapping(opening.start, self._take().end, tuple(entries))
            entry = self._entry(depth)
            if entry is None or self.next.kind not in ("line", ",", "}"):
                return self._unreadable(opening)
            if self.next.kind == ",":
                entry = Entry(entry.key, entry.sign, entry.value, self._take().start)
            entries.append(entry)

    def _entry(self, depth: int) -> Entry | None:
        key = self.next
        if key.kind not in ("name", "string", "number") or self.tokens[self.at + 1].kind not in ("=", ":"):
            return None
        sign = self.tokens[self.at + 1]
        self.at += 2
        return Entry(key, sign.start, self._value(depth + 1))

    def _unreadable(self, opening: Token) -> Unknown:
        """What the bracket opens, up to where that is closed: it cannot be read at the next token."""
        at, why = (opening.start, UNCLOSED) if self.next.kind == "end" else (self.next.start, UNREADABLE)
        return Unknown(opening.start, self._swallow_rest(opening.end, _CLOSERS[opening.kind]), why, at)

    def _unclosed(self, opening: Token) -> FaultFoundError:
        """A quote that is never closed hides brackets, so it is what is told."""
        bad = next((token for token in self.tokens if token.kind == "bad" and token.start > opening.start), opening)
        return FaultFoundError(bad.start, UNCLOSED)

    def _swallow(self, end: int) -> int:
        """Past the next token, and past all in it where it is an opening bracket."""
        token = self._take()
        return self._swallow_rest(token.end, _CLOSERS[token.kind]) if token.kind in _CLOSERS else max(end, token.end)

    def _swallow_rest(self, end: int, closer: str) -> int:
        """Past the bracket that closes what is open, whatever stands before it."""
        open_ = [closer]
        while open_ and self.next.kind != "end":
            token = self._take()
            end = token.end
            if token.kind in _CLOSERS:
                open_.append(_CLOSERS[token.kind])
            elif token.kind == open_[-1]:
                open_.pop()
        return end
