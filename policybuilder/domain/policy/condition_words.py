"""A condition in plain words, and what is wrong with it while it is written.

Source: IAM user manual, "Syntax of Fine-Grained Policies", conditions.
"""

from collections.abc import Sequence

from .condition_terms import GLOBAL_KEYS, OPERATORS, KeyType, Operator, global_key, parse_operator
from .document import Condition

POINTS_IN_TIME = "Dates are points in time, each with its date: 2027-01-31T18:00:00Z."
NOT_DAILY = "“Every day from 8 to 18” cannot be expressed by IAM's conditions."

# What a key is about: of whom or when a statement speaks, and what of them is compared.
_SUBJECTS = {
    "g:DomainName": "for accounts whose name",
    "g:MFAAge": "when the seconds since the login with multi-factor authentication",
    "g:ProjectName": "in projects whose name",
    "g:ServiceName": "for services whose name",
    "g:UserId": "for users whose ID",
    "g:UserName": "for users whose name",
}
# How a sentence goes on that begins with "only", where a key is chosen before anything is compared.
KEY_WORDS = {
    "g:MFAPresent": "when MFA is used",
    "g:MFAAge": "when the seconds since the login with MFA",
    "g:CurrentTime": "at a time",
    **{key: _SUBJECTS[key] for key in ("g:UserName", "g:UserId", "g:ProjectName", "g:DomainName", "g:ServiceName")},
}
OPERATOR_WORDS = {
    "StringEquals": "is",
    "StringNotEquals": "is not",
    "StringEqualsIgnoreCase": "is, in upper or lower case",
    "StringNotEqualsIgnoreCase": "is not, in upper or lower case",
    "StringMatch": "is like (with * and ?)",
    "StringNotMatch": "is not like (with * and ?)",
    "StringStartWith": "starts with",
    "StringEndWith": "ends with",
    "StringLike": "is like, as some samples write it",
    "NumberEquals": "is",
    "NumberNotEquals": "is not",
    "NumberLessThan": "is less than",
    "NumberLessThanEquals": "is at most",
    "NumberGreaterThan": "is more than",
    "NumberGreaterThanEquals": "is at least",
    "DateLessThan": "before",
    "DateLessThanEquals": "until",
    "DateGreaterThan": "after",
    "DateGreaterThanEquals": "from",
    "Bool": "is",
    "Null": "is missing from the request",
}
_SAYS = {
    "StringEquals": "is {}",
    "StringNotEquals": "is not {}",
    "StringEqualsIgnoreCase": "is {} (upper or lower case)",
    "StringNotEqualsIgnoreCase": "is not {} (upper or lower case)",
    "StringMatch": "is like {} (* stands for any characters, ? for one)",
    "StringNotMatch": "is not like {} (* stands for any characters, ? for one)",
    "StringStartWith": "starts with {}",
    "StringEndWith": "ends with {}",
    "StringLike": "is like {} (* stands for any characters, ? for one)",
    "NumberEquals": "is {}",
    "NumberNotEquals": "is not {}",
    "NumberLessThan": "is less than {}",
    "NumberLessThanEquals": "is {} at most",
    "NumberGreaterThan": "is more than {}",
    "NumberGreaterThanEquals": "is {} at least",
    "DateLessThan": "before {}",
    "DateLessThanEquals": "until {}",
    "DateGreaterThan": "after {}",
    "DateGreaterThanEquals": "from {} on",
    "Bool": "is {}",
}
_ONE_BOOLEAN = ({"true"}, {"false"})


def in_words(condition: Condition) -> str:
    """One clause that begins with "only": only for users whose name starts with “ops-”."""
    operator = parse_operator(condition.operator)
    if not condition.operator:
        unreadable = "under a condition that cannot be read"
        return f"only {'if IAM takes a service that is not in lower case' if condition.values else unreadable}"
    if operator is None:
        return f"only under “{condition.operator}” of {condition.key}, which is no operator"
    key = global_key(condition.key) or condition.key
    return f"only {_clause(key, operator, condition.values)}{_if_exists(operator)}"


def operators_for(key: str) -> tuple[str, ...]:
    """The operators that go with the key's type: all of them for a key whose type is not known."""
    known = global_key(key)
    if known is None:
        return tuple(OPERATORS)
    kind = GLOBAL_KEYS[known]
    return tuple(name for name, type_ in OPERATORS.items() if type_ in (kind, KeyType.PRESENCE))


def _clause(key: str, operator: Operator, values: Sequence[str]) -> str:
    some = _some(values, quote=operator.type is KeyType.STRING, alone=operator.negated)
    wanted = {value.lower() for value in values}
    if operator.base == "Null":
        return _presence(key, operator, wanted, some)
    if key == "g:MFAPresent" and operator.type is KeyType.BOOLEAN and not operator.prefix and wanted in _ONE_BOOLEAN:
        return f"for logins {'with' if wanted == {'true'} else 'without'} multi-factor authentication"
    says = _SAYS[operator.base].format(some)
    if key == "g:CurrentTime" and operator.type is KeyType.DATE and not operator.prefix:
        return says
    if operator.type is KeyType.DATE:
        says = f"is {says}"
    if operator.prefix == "ForAllValues":
        return f"when each value of {key} {says}"
    if operator.prefix == "ForAnyValue":
        return f"when at least one value of {key} {says}"
    if key == "g:MFAAge" and says.startswith("is "):
        says = says.replace("is ", "are ", 1)
    return f"{_SUBJECTS.get(key, f'when {key}')} {says}"


def _presence(key: str, operator: Operator, wanted: set[str], some: str) -> str:
    """Of Null: its values are alternatives, and what a prefix does to it is not documented."""
    if operator.prefix:
        return f"under “{operator.prefix}:Null” of {key}, which is not documented"
    if wanted in _ONE_BOOLEAN:
        return f"when the request {'does not say' if wanted == {'true'} else 'says'} {key}"
    return f"when “{key} is missing from the request” is {some}"


def _some(values: Sequence[str], *, quote: bool, alone: bool) -> str:
    """“a”, “b” or “c”; of negated ones nor, since none may match."""
    named = [f"“{value}”" if quote else value for value in values]
    if not named:
        return "…"
    *first, last = named
    return f"{', '.join(first)} {'nor' if alone else 'or'} {last}" if first else last


def _if_exists(operator: Operator) -> str:
    return ", or when the request does not say" if operator.if_exists else ""
