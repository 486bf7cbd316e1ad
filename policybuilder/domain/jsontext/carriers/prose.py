"""A greeting, a signature, an assignment, quotes: text around a policy, before its first bracket and after its last.

It goes by itself where it says nothing. Where it holds a bracket, or names of a policy, it may say what the policy is
to allow: then leaving it out is offered, if what is left is a policy, and not done.
"""

import re
from collections.abc import Iterator

from policybuilder.domain.jsontext.passage import Piece
from policybuilder.domain.jsontext.repair_kinds import RepairKind
from policybuilder.domain.jsontext.signs import BRACKETS, CLOSERS, CLOSING, COLONS

from .carrier import BRACKET, NAMES, FoundRepair, Unwrapped, is_policy, unclear

_OPENING = "".join(sign for sign in BRACKETS if sign not in CLOSING)
_LIKELY = re.compile(r"[\[{]\s*+(?:\{\s*+)?[\"'“”„‘’]?(?:Version|Statement|roles?|policy|display_name)\b")  # noqa: RUF001
_INSIDE = re.compile(r"\"(?:[^\"\\\r\n]|\\[^\r\n])*+\"?+|[\[{［｛]|([\]}］｝])")  # noqa: RUF001
# What goes on after a comma or a colon is no prose, and neither is a key: a bracket may be missing before it.
_CONTINUED = re.compile(r"\s*+[,:]")
_MARK = re.compile(r"\S")


def without_prose(text: str) -> Unwrapped | None:
    """What stands behind the last bracket stays where one is missing: it may be what follows in the policy."""
    first = BRACKET.search(text)
    if first is None or first[0] not in _OPENING:
        return _likely(text)
    start, last = first.start(), max(text.rfind(sign) for sign in BRACKETS) + 1
    end = last if _depth(text, start, last) <= 0 else len(text)
    around = _around(text, start, end)
    if not around or not NAMES.search(text, start, end) or unclear(text, (0, start), (end, len(text))):
        return _likely(text)
    return Unwrapped(around, (Piece(start, end),))


def _around(text: str, start: int, end: int) -> tuple[FoundRepair, ...]:
    """The first sign around the policy as the place of the repair; none where there is nothing, or it goes on."""
    mark = _MARK.search(text, 0, start) or _MARK.search(text, end)
    if mark is None or _CONTINUED.match(text, end) or _is_key(text[:start].rstrip()):
        return ()
    return (FoundRepair(RepairKind.AROUND, mark.start()),)


def _is_key(before: str) -> bool:
    """Whether a text ends with a quote and a colon."""
    return before.endswith(tuple(COLONS)) and before[:-1].rstrip().endswith(tuple(CLOSERS))


def _likely(text: str) -> Unwrapped | None:
    """From what looks like the first bracket of a policy to the one that closes it, if that can be read.

    Brackets that are closed only behind it, or opened before it, are those of a text that it is a part of.
    """
    first = _LIKELY.search(text)
    if first is None:
        return None
    start, end = first.start(), _closing(text, first.start())
    found = unclear(text, (0, start), (end, len(text)))
    if _depth(text, 0, start) or _depth(text, end, len(text)):
        return None
    if not found or not _around(text, start, end) or not is_policy(text[start:end]):
        return None
    return Unwrapped(found, (Piece(start, end),))


def _closing(text: str, start: int) -> int:
    """Where the bracket at `start` is closed, whatever the kinds of those in it; else the end of the text."""
    return next((end for end, depth in _depths(text, start, len(text)) if depth == 0), len(text))


def _depth(text: str, start: int, end: int) -> int:
    """How many brackets of this part of the text are not closed in it."""
    return [0, *(depth for _, depth in _depths(text, start, end))][-1]


def _depths(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Behind each bracket from the one at `start` on: how many are open."""
    depth = 0
    for found in _INSIDE.finditer(text, start, end):
        if not found[0].startswith('"'):
            depth += -1 if found[1] else 1
            yield found.end(), depth
