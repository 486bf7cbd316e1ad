"""Numbers, true, false and null of a JSON text, and what Python writes for the last three."""

import math
import re

from policybuilder.domain.findings import Wording

from .nodes import Literal, Number
from .repair_kinds import RepairKind
from .repairs import Edit, FaultFoundError, Ledger
from .signs import shown

MAX_NUMBER_CHARACTERS = 100

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?([eE][+-]?[0-9]+)?")
_LITERALS = {"true": True, "false": False, "null": None}
_PYTHON_LITERALS = {"True": "true", "False": "false", "None": "null"}


def is_plain(word: str) -> bool:
    """Whether the word can stand without quotes."""
    return word in _LITERALS or word in _PYTHON_LITERALS or _NUMBER.fullmatch(word) is not None


NUMBER_IS_LARGE = Wording("The number {found} is too large.", "Write a smaller one.")
NO_NUMBER = Wording(
    "{found} is no number in JSON.",
    "Write numbers like 0, -12 or 3.5, without zeros in front; put a text in double quotes.",
)
NO_QUOTES = Wording("{found} has no quotes.", "Put the text in double quotes.")


def read_word(text: str, at: int, word: str, ledger: Ledger) -> Number | Literal:
    """The value that stands at `at` without quotes. Raises FaultFoundError where it is none."""
    end = at + len(word)
    if word in _LITERALS:
        return Literal(at, end, _LITERALS[word])
    if number := _NUMBER.fullmatch(word):
        if len(word) > MAX_NUMBER_CHARACTERS or (number[1] and math.isinf(float(word))):
            raise FaultFoundError(at, NUMBER_IS_LARGE, {"found": shown(text, at)})
        return Number(at, end, word)
    if word in _PYTHON_LITERALS:
        literal = _PYTHON_LITERALS[word]
        ledger.add(RepairKind.PYTHON_LITERALS, at, [Edit(at, end, literal)], what=literal)
        return Literal(at, end, _LITERALS[literal])
    if word[0] in "+-.0123456789" or word in ("NaN", "Infinity"):
        raise FaultFoundError(at, NO_NUMBER, {"found": shown(text, at)})
    raise FaultFoundError(at, NO_QUOTES, {"found": shown(text, at)})
