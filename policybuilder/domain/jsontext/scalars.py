"""Numbers, true, false and null of a JSON text, and what Python writes for the last three."""

import math
import re

from .nodes import Literal, Number
from .repairs import Edit, FaultFoundError, Ledger, RepairKind
from .signs import shown

MAX_NUMBER_CHARACTERS = 100

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?([eE][+-]?[0-9]+)?")
_LITERALS = {"true": True, "false": False, "null": None}
_PYTHON_LITERALS = {"True": "true", "False": "false", "None": "null"}


def is_plain(word: str) -> bool:
    """Whether the word can stand without quotes."""
    return word in _LITERALS or word in _PYTHON_LITERALS or _NUMBER.fullmatch(word) is not None


def read_word(text: str, at: int, word: str, ledger: Ledger) -> Number | Literal:
    """The value that stands at `at` without quotes. Raises FaultFoundError where it is none."""
    end = at + len(word)
    if word in _LITERALS:
        return Literal(at, end, _LITERALS[word])
    if number := _NUMBER.fullmatch(word):
        if len(word) > MAX_NUMBER_CHARACTERS or (number[1] and math.isinf(float(word))):
            raise FaultFoundError(at, f"The number {shown(text, at)} is too large.", "Write a smaller one.")
        return Number(at, end, word)
    if word in _PYTHON_LITERALS:
        literal = _PYTHON_LITERALS[word]
        ledger.add(RepairKind.PYTHON_LITERALS, at, [Edit(at, end, literal)], what=literal)
        return Literal(at, end, _LITERALS[literal])
    if word[0] in "+-.0123456789" or word in ("NaN", "Infinity"):
        hint = "Write numbers like 0, -12 or 3.5, without zeros in front; put a text in double quotes."
        raise FaultFoundError(at, f"{shown(text, at)} is no number in JSON.", hint)
    raise FaultFoundError(at, f"{shown(text, at)} has no quotes.", "Put the text in double quotes.")
