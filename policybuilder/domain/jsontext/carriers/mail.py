"""A policy in a mail that somebody answered: > in front of every line of it.

The marks go only where all lines from the first bracket behind a mark to the last one have as many of them: a line
without one may have been put in by whoever answered, and whether it belongs to the policy nobody knows.
"""

import re

from policybuilder.domain.jsontext.passage import Piece, between
from policybuilder.domain.jsontext.repair_kinds import RepairKind

from .carrier import BRACKET, FoundRepair, Unwrapped

_MARKED = re.compile(r"^[ \t]*+(?:>[ \t]?)++", re.MULTILINE)
_LINE = re.compile(r"^[^\r\n]++", re.MULTILINE)
_CURLY = re.compile("[{}｛｝]")  # noqa: RUF001


def without_mail_quotes(text: str) -> Unwrapped | None:
    marks = {found.start(): found for found in _MARKED.finditer(text)}
    lines = [line for line in _LINE.finditer(text) if not line[0].isspace()]
    holding = [at for at, line in enumerate(lines) if line.start() in marks and BRACKET.search(line[0])]
    if not holding:
        return None
    policy = lines[holding[0] : holding[-1] + 1]
    outside = lines[: holding[0]] + lines[holding[-1] + 1 :]
    depths = {marks[line.start()][0].count(">") if line.start() in marks else 0 for line in policy}
    if len(depths) > 1 or any(line.start() not in marks and _CURLY.search(line[0]) for line in outside):
        return None
    first = next(iter(marks.values()))
    pieces = between(0, len(text), (Piece(mark.start(), mark.end(), "") for mark in marks.values()))
    return Unwrapped((FoundRepair(RepairKind.MAIL_QUOTES, text.index(">", first.start())),), tuple(pieces))
