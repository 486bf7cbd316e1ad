"""What a condition is made of: operators with their prefixes and suffix, the global keys, and their types.

Source: IAM user manual, "Syntax of Fine-Grained Policies", conditions. The operators of bucket policies (OBS) are
listed too, so that it can be said when one is pasted here.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class KeyType(StrEnum):
    STRING = "string"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    PRESENCE = "presence"


CURRENT_TIME = "g:CurrentTime"  # the one key that every request has
GLOBAL_KEYS = {
    CURRENT_TIME: KeyType.DATE,
    "g:DomainName": KeyType.STRING,
    "g:MFAPresent": KeyType.BOOLEAN,
    "g:MFAAge": KeyType.NUMBER,
    "g:ProjectName": KeyType.STRING,
    "g:ServiceName": KeyType.STRING,
    "g:UserId": KeyType.STRING,
    "g:UserName": KeyType.STRING,
}
ONLY_IN_SAMPLES = frozenset({"StringStartWith", "StringEndWith", "StringLike"})
OPERATORS = {
    **dict.fromkeys(
        (
            "StringEquals",
            "StringNotEquals",
            "StringEqualsIgnoreCase",
            "StringNotEqualsIgnoreCase",
            "StringMatch",
            "StringNotMatch",
            *sorted(ONLY_IN_SAMPLES),
        ),
        KeyType.STRING,
    ),
    **dict.fromkeys(
        (
            "NumberEquals",
            "NumberNotEquals",
            "NumberLessThan",
            "NumberLessThanEquals",
            "NumberGreaterThan",
            "NumberGreaterThanEquals",
        ),
        KeyType.NUMBER,
    ),
    **dict.fromkeys(("DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"), KeyType.DATE),
    "Bool": KeyType.BOOLEAN,
    "Null": KeyType.PRESENCE,
}
IF_EXISTS = "IfExists"
SET_PREFIXES = ("ForAllValues", "ForAnyValue")
# Of bucket policies only; what stands for it here, where anything does.
BUCKET_OPERATORS = {
    "NumericEquals": "NumberEquals",
    "NumericNotEquals": "NumberNotEquals",
    "NumericLessThan": "NumberLessThan",
    "NumericLessThanEquals": "NumberLessThanEquals",
    "NumericGreaterThan": "NumberGreaterThan",
    "NumericGreaterThanEquals": "NumberGreaterThanEquals",
    "DateEquals": "",
    "DateNotEquals": "",
    "IpAddress": "",
    "NotIpAddress": "",
    "StringNotLike": "StringNotMatch",
}
BUCKET_KEYS = frozenset({"Sid", "Id", "Principal", "NotPrincipal", "NotResource"})

_GLOBAL_BY_FOLDED = {name.casefold(): name for name in GLOBAL_KEYS}
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)?)?", re.ASCII)
_TIME_OF_DAY = re.compile(
    r"T?\d{1,2}[:.]\d\d(?:[:.]\d\d(?:\.\d+)?)?\s*(?:[ap]m)?\s*(?:Z|UTC|[+-]\d\d:?\d\d)?", re.A | re.I
)
_NUMBER = re.compile(r"[+-]?\d{1,30}(?:\.\d{1,30})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Operator:
    """`prefix` is one of SET_PREFIXES or "", `base` a key of OPERATORS."""

    prefix: str
    base: str
    if_exists: bool

    @property
    def type(self) -> KeyType:
        return OPERATORS[self.base]

    @property
    def negated(self) -> bool:
        return "Not" in self.base

    @property
    def holds_without_key(self) -> bool | None:
        """Whether a test of values holds for a request that lacks the key; None where no page says it.

        IfExists holds there, so the same operator without it does not. ForAnyValue does not hold for an empty set.
        Undocumented: a negated operator, and ForAllValues.
        """
        if self.if_exists:
            return True
        undocumented = self.negated if not self.prefix else self.prefix == "ForAllValues"
        return None if undocumented else False


def parse_operator(text: str) -> Operator | None:
    """The operator that `text` names, None where it names none. Only Null takes no IfExists."""
    prefix, colon, base = text.rpartition(":")
    if colon and prefix not in SET_PREFIXES:
        return None
    if_exists = base.endswith(IF_EXISTS)
    base = base.removesuffix(IF_EXISTS)
    if base not in OPERATORS or (base == "Null" and if_exists):
        return None
    return Operator(prefix, base, if_exists)


def global_key(text: str) -> str | None:
    """The global key that `text` is in some case, None for any other."""
    return _GLOBAL_BY_FOLDED.get(text.casefold())


def is_readable(text: str, kind: KeyType) -> bool:
    """Whether `text` is a value of that type: ISO 8601 for dates, true or false for Booleans and presence."""
    match kind:
        case KeyType.STRING:
            return True
        case KeyType.NUMBER:
            return _NUMBER.fullmatch(text) is not None
        case KeyType.BOOLEAN | KeyType.PRESENCE:
            return text.lower() in {"true", "false"}
        case KeyType.DATE:
            return _DATE.fullmatch(text) is not None and _is_date(text)


def is_time_of_day(text: str) -> bool:
    """Whether `text` looks like 08:00, 18:00Z or 6:30 pm, without a date."""
    return _TIME_OF_DAY.fullmatch(text.strip()) is not None


def _is_date(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
