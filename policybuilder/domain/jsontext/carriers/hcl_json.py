"""Values of Terraform as JSON. Their layout stays as it is, and comments stay for JSON's own reader to remove."""

import json
import re
import textwrap
from collections.abc import Iterable, Iterator

from policybuilder.domain.findings import Wording
from policybuilder.domain.jsontext.passage import Piece, between
from policybuilder.domain.jsontext.repairs import FaultFoundError
from policybuilder.domain.jsontext.signs import shown

from .carrier import whole_object
from .hcl import Encoded, Leaf, Listed, Mapping, Unknown, Value
from .hcl_tokens import TEMPLATE, Token

_IN_STRING = re.compile(r"(?P<template>\$\$|%%)\{|\\(?:U(?P<long>[0-9a-fA-F]{8})|u(?P<short>[0-9a-fA-F]{4})|(.))|\t")
_SHOWN = re.compile(r"[^\S\r\n]*+[$%]\{[^}\"\r\n]{0,60}+\}?|[^\s,)\]}]++")
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


def as_json(text: str, value: Value) -> Iterator[Piece]:
    """Raises FaultFoundError where a value does not stand there as it is."""
    yield from between(value.start, value.end, _changes(text, value))


def as_policy(text: str, value: Value) -> Iterable[Piece]:
    """An object that may be written as jsonencode(…) or as JSON in a string. Raises FaultFoundError."""
    if isinstance(value, Encoded):
        return as_json(text, value.value)
    if isinstance(value, Leaf) and value.token.kind in ("string", "heredoc"):
        return whole_object(text, content(text, value))
    return as_json(text, value)


def content(text: str, value: Leaf) -> Iterator[Piece]:
    """What a string or heredoc says. Raises FaultFoundError where something is put into it."""
    _refuse_template(text, value.token)
    start, end = value.token.inner
    if value.token.kind == "heredoc":
        changed = (Piece(at.start(), at.start() + 1, "") for at in TEMPLATE.finditer(text, start, end))
    else:
        changed = (Piece(at.start(), at.end(), _meaning(at)) for at in _IN_STRING.finditer(text, start, end))
    return between(start, end, changed)


VALUE_OF_TERRAFORM = Wording(
    "What Terraform puts for {found:quoted} is not known here.", "Write the value itself in its place."
)
MEANS_NOTHING = Wording("{found} means nothing here.", "Write \\\\ for it.")


def unknown(text: str, value: Value) -> FaultFoundError:
    if isinstance(value, Encoded) and isinstance(value.value, Unknown):
        value = value.value
    if isinstance(value, Unknown) and value.why:
        at = value.start if value.at < 0 else value.at
        return FaultFoundError(at, value.why)
    return _not_known(text, value.start)


def _not_known(text: str, at: int) -> FaultFoundError:
    found = _SHOWN.match(text, at)
    return FaultFoundError(at, VALUE_OF_TERRAFORM, {"found": found[0] if found else ""})


def _changes(text: str, value: Value) -> Iterator[Piece]:
    match value:
        case Leaf():
            yield from _leaf(text, value.token)
        case Listed():
            for item in value.items:
                yield from _changes(text, item)
            if value.comma >= 0:
                yield Piece(value.comma, value.comma + 1, "")
        case Mapping():
            yield from _of_mapping(text, value)
        case _:
            raise unknown(text, value)


def _of_mapping(text: str, value: Mapping) -> Iterator[Piece]:
    """Colons, and a comma after each entry but the last."""
    for number, entry in enumerate(value.entries, 1):
        if entry.key.kind == "string":
            yield from _leaf(text, entry.key)
        else:
            yield Piece(entry.key.start, entry.key.end, f'"{text[entry.key.start : entry.key.end]}"')
        yield Piece(entry.sign, entry.sign + 1, ":")
        yield from _changes(text, entry.value)
        if number == len(value.entries) and entry.comma >= 0:
            yield Piece(entry.comma, entry.comma + 1, "")
        elif number < len(value.entries) and entry.comma < 0:
            yield Piece(entry.value.end, entry.value.end, ",")


def _leaf(text: str, token: Token) -> Iterator[Piece]:
    _refuse_template(text, token)
    if token.kind == "heredoc":
        start, end = token.inner
        lines = text[start:end]
        lines = textwrap.dedent(lines) if text.startswith("<<-", token.start) else lines
        said = TEMPLATE.sub(lambda at: at[0][1:], lines)
        yield Piece(token.start, token.end, json.dumps(said, ensure_ascii=False))
    elif token.kind == "string":
        for at in _IN_STRING.finditer(text, *token.inner):
            if at["template"] or at["long"] or at[0] == "\t":
                yield Piece(at.start(), at.end(), json.dumps(_meaning(at), ensure_ascii=False)[1:-1])
            elif at[4] and at[4] not in _LETTERS:
                raise FaultFoundError(at.start(), MEANS_NOTHING, {"found": shown(text, at.start(), 2)})


def _meaning(at: re.Match[str]) -> str:
    """What stands for itself is kept, so that JSON's reader says what is wrong with it."""
    if at["template"]:
        return at[0][1:]
    if code := at["long"] or at["short"]:
        number = int(code, 16)
        return at[0] if number > 0x10FFFF or 0xD800 <= number < 0xE000 else chr(number)
    return _LETTERS.get(at[4] or "", at[0])


def _refuse_template(text: str, token: Token) -> None:
    if token.template >= 0:
        raise _not_known(text, token.template)
