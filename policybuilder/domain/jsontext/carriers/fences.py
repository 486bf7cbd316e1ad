"""What a chat or a file puts before a policy: an invisible mark (BOM), and code fences around it.

A fence is a line of three or more ` or ~; what closes it has the same sign, and no fewer of them.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from policybuilder.domain.jsontext.passage import Piece
from policybuilder.domain.jsontext.repair_kinds import RepairKind

from .carrier import BRACKET, FoundRepair, Unwrapped, is_policy, unclear

_FENCE = re.compile(r"^[\ufeff \t]*+(`{3,}+|~{3,}+)[ \t]*+[\w+.-]*+[ \t]*+\r?(?:\n|\Z)", re.MULTILINE)


def without_bom(text: str) -> Unwrapped | None:
    if not text.startswith("\ufeff"):
        return None
    return Unwrapped((FoundRepair(RepairKind.BOM, 0),), (Piece(1, len(text)),))


class _Block(NamedTuple):
    """What stands in a fence, from `start` to `end`, and where the lines of the fence begin and end."""

    opening: int
    start: int
    end: int
    closing: int
    sign: int | None
    closing_sign: int | None


def without_fences(text: str) -> Unwrapped | None:
    """The blocks that hold a bracket. Without any, an only fence may have lost its first line or its last one."""
    blocks = list(_blocks(text))
    held = [block for block in blocks if BRACKET.search(text, block.start, block.end)]
    if not held and blocks and not BRACKET.search(text, blocks[0].start):
        held = [_last_line_only(blocks[0]) if BRACKET.search(text) else blocks[0]]
    if not held:
        return None
    first, last = held[0], held[-1]
    before = [FoundRepair(RepairKind.FENCE, block.sign, "before") for block in held if block.sign is not None]
    after = [FoundRepair(RepairKind.FENCE, sign, "after") for sign in [last.closing_sign] if sign is not None]
    around = unclear(text, (0, first.opening)), unclear(text, *_between(held), (last.closing, len(text)))
    pieces = tuple(Piece(block.start, block.end) for block in held)
    if not any(around) or is_policy(text[first.start : first.end]):
        return Unwrapped((*before, *after, *(around[0] or around[1])), pieces)
    if not around[0] and before:
        return Unwrapped((before[0],), (Piece(first.start, len(text)),))
    if not around[1] and after:
        return Unwrapped((after[0],), (Piece(0, last.end),))
    return None


def _between(held: list[_Block]) -> Iterator[tuple[int, int]]:
    """What stands between the blocks."""
    return ((one.closing, other.opening) for one, other in pairwise(held))


def _last_line_only(block: _Block) -> _Block:
    return _Block(0, 0, block.opening, block.start, None, block.sign)


def _blocks(text: str) -> Iterator[_Block]:
    opened = None
    for line in _FENCE.finditer(text):
        if opened is None:
            opened = line
        elif line[1].startswith(opened[1]):
            yield _Block(opened.start(), opened.end(), line.start(), line.end(), opened.start(1), line.start(1))
            opened = None
    if opened:
        yield _Block(opened.start(), opened.end(), len(text), len(text), opened.start(1), None)
