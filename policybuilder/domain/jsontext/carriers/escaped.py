r"""A policy that stands in a string of JSON or of a program: {\"Version\": \"1.1\", …}, with outer quotes or without.

One level of backslashes goes at a time. All quotes from the first bracket to the last must have one, and something in
it must be called as in a policy, or the text is no such string.
"""

import re

from policybuilder.domain.jsontext.passage import Piece, between
from policybuilder.domain.jsontext.repair_kinds import RepairKind

from .carrier import NAMES, FoundRepair, Unwrapped

_SPACE = r"(?:\s|\\{1,7}[nrt])*+"
_QUOTES = r"(?:\\{0,7}[\"'`]){1,4}"
_FIRST = re.compile(rf"({_QUOTES}{_SPACE})?+[\[{{]{_SPACE}(?:[\[{{]{_SPACE}){{0,4}}+(\\++(?:\"|u0022))")
_TAIL = re.compile(rf"{_SPACE}{_QUOTES}")
_ESCAPE = re.compile(r"\\(?:u[dD][89a-fA-F][0-9a-fA-F]{2}|u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_RAW_QUOTE = re.compile(r'\\.|(")', re.DOTALL)
_LETTERS = {**{sign: sign for sign in "\"'\\/`"}, "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def out_of_string(text: str) -> Unwrapped | None:
    first = _FIRST.search(text)
    if first is None:
        return None
    start = first.end(1) if first[1] else first.start()
    last = max(text.rfind("}"), text.rfind("]")) + 1
    end = last if last > first.end() else len(text)
    if not NAMES.search(text, start, end) or any(found[1] for found in _RAW_QUOTE.finditer(text, start, end)):
        return None
    escapes = decoded(text, start, end)
    if escapes is None:
        return None
    begin, stop = (first.start(1), _TAIL.match(text, end)) if first[1] else (start, None)
    closed = stop is not None and text[stop.end() - 1] == text[begin]
    cut = [Piece(begin, start, "")] if closed else []
    tail = [Piece(end, stop.end(), "")] if closed and stop else []
    pieces = between(0, len(text), [*cut, *escapes, *tail])
    return Unwrapped((FoundRepair(RepairKind.ESCAPED, first.start(2)),), tuple(pieces))


def decoded(text: str, start: int, end: int) -> list[Piece] | None:
    """Each escape of a string in this part of the text, as what it means; None where one has no meaning.

    Half of a character stays escaped: JSON reads both halves together.
    """
    pieces = []
    for escape in _ESCAPE.finditer(text, start, end):
        if escape[2] and escape[2] not in _LETTERS:
            return None
        if meaning := chr(int(escape[1], 16)) if escape[1] else _LETTERS.get(escape[2]):
            pieces.append(Piece(escape.start(), escape.end(), meaning))
    return pieces
