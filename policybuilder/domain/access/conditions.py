"""Whether a condition holds for a request, as far as the request is known.

The values of one key are alternatives; of a negated operator none may match. Tests, whether of several keys or of
several operators, have to hold all together. `Operator.holds_without_key` says how an operator treats a request that
lacks the key. Where no page says it, and for a value that cannot be read, the outcome is not known.
Source: IAM user manual, "Policy Syntax", conditions.
"""

import operator as compare
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from policybuilder.domain.catalog.action_names import covers_part
from policybuilder.domain.policy.condition_terms import (
    GLOBAL_KEYS,
    KeyType,
    Operator,
    global_key,
    is_readable,
    parse_operator,
)
from policybuilder.domain.policy.document import Condition
from policybuilder.domain.words import quoted
from policybuilder.domain.work import Work

from .text_sets import covers, glob_of

PREFIX_WITH_NULL = "What {prefix} does to Null is not documented."
NO_VALUE = "{operator} has no value for {key}."
UNREADABLE_VALUE = "The value {value} of {owner} is no {type}."


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of a request: keys in lower case, sorted, each with its values.

    A key without values is known to be absent from the request. Of a key that does not stand here nothing is known.
    """

    known: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @classmethod
    def of(cls, values: Mapping[str, Iterable[str]]) -> "Context":
        """Keys are compared without regard to case: two spellings of one key give it the values of both."""
        found: dict[str, tuple[str, ...]] = {}
        for key, given in values.items():
            found[key.casefold()] = (*found.get(key.casefold(), ()), *given)
        return cls(tuple(sorted(found.items())))

    def values(self, key: str) -> tuple[str, ...] | None:
        """The values of `key`, none where it is absent from the request; None where nothing is known of it."""
        folded = key.casefold()
        at = bisect_left(self.known, (folded,))
        if at == len(self.known) or self.known[at][0] != folded:
            return None
        return self.known[at][1]


NOTHING_KNOWN = Context()


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether something holds; None: not known.

    Then `missing_keys` are those whose values would tell, and `reasons` sentences about what no value would change.
    """

    holds: bool | None
    missing_keys: frozenset[str] = frozenset()
    reasons: frozenset[str] = frozenset()


HOLDS = Outcome(True)
FAILS = Outcome(False)


def every(outcomes: Iterable[Outcome]) -> Outcome:
    """Whether all of them hold. One that fails settles it, whatever is missing for the others."""
    found = list(outcomes)
    if any(outcome.holds is False for outcome in found):
        return FAILS
    open_ = [outcome for outcome in found if outcome.holds is None]
    if not open_:
        return HOLDS
    return Outcome(
        holds=None,
        missing_keys=frozenset().union(*(outcome.missing_keys for outcome in open_)),
        reasons=frozenset().union(*(outcome.reasons for outcome in open_)),
    )


def some(outcomes: Iterable[Outcome]) -> Outcome:
    """Whether at least one of them holds. One that does settles it, whatever is missing for the others."""
    return opposite(every(map(opposite, outcomes)))


def opposite(outcome: Outcome) -> Outcome:
    """What is not known of something is not known of its opposite either."""
    return outcome if outcome.holds is None else _outcome(not outcome.holds)


def all_hold(conditions: Iterable[Condition], context: Context, work: Work | None = None) -> Outcome:
    """Raises WorkSpentError where there is `work`."""
    return every(holds(condition, context, work) for condition in conditions)


def holds(condition: Condition, context: Context, work: Work | None = None) -> Outcome:
    """Raises WorkSpentError where there is `work`."""
    operator = parse_operator(condition.operator)
    if operator is None:
        unreadable = next(iter(condition.values), "A condition cannot be read.")
        return _unknown(f"{quoted(condition.operator)} is no operator." if condition.operator else unreadable)
    if problem := without_meaning(condition, operator):
        return _unknown(problem)
    given = context.values(condition.key)
    if given is None:
        return Outcome(None, missing_keys=frozenset({global_key(condition.key) or condition.key}))
    if operator.base == "Null":
        return _outcome(any((value.lower() == "true") == (not given) for value in condition.values))
    if not given:
        return _without_key(condition, operator)
    if unread := [value for value in given if not is_readable(value, operator.type)]:
        return _unknown(
            UNREADABLE_VALUE.format(value=quoted(unread[0]), owner=quoted(condition.key), type=_NAMES[operator.type])
        )
    if work:
        work.spend(_steps(operator, given, condition.values))
    return _outcome(_passes(operator, given, condition.values))


def _without_key(condition: Condition, operator: Operator) -> Outcome:
    """For a request that lacks the key."""
    found = operator.holds_without_key
    if found is None:
        return _unknown(f"How {condition.operator} treats a request without {condition.key} is not documented.")
    return _outcome(found)


def _steps(operator: Operator, given: Iterable[str], wanted: Iterable[str]) -> int:
    """What it takes to compare each value with each: where a pattern holds a "?", sign by sign."""
    values = list(given)
    signs = sum(map(len, values))
    steps = len(values)
    for each in wanted:
        if operator.base in _BY_PATTERN and "?" in each:
            steps += len(values) + len(each) * signs // 16
        else:
            steps += len(values) * (1 + each.count("*") // 2 + len(each) // 64) + signs // 64
    return steps


def _passes(operator: Operator, given: Iterable[str], wanted: Iterable[str]) -> bool:
    negated = operator.negated
    matches = _MATCHES[operator.base.replace("Not", "")]
    targets = [read_value(value, operator.type) for value in wanted]
    passed = [
        any(matches(value, target) for target in targets) != negated
        for value in (read_value(text, operator.type) for text in given)
    ]
    every = negated if not operator.prefix else operator.prefix == "ForAllValues"
    return all(passed) if every else any(passed)


def without_meaning(condition: Condition, operator: Operator) -> str | None:
    """Why the condition has no known meaning: IAM refuses it, or says nothing about it."""
    key = global_key(condition.key)
    if operator.base == "Null" and operator.prefix:
        return PREFIX_WITH_NULL.format(prefix=operator.prefix)
    if not condition.values:
        return NO_VALUE.format(operator=condition.operator, key=quoted(condition.key))
    if key is not None and operator.type not in (GLOBAL_KEYS[key], KeyType.PRESENCE):
        return f"{key} is a {GLOBAL_KEYS[key].value}; {condition.operator} compares {operator.type.value}s."
    if unread := [value for value in condition.values if not is_readable(value, operator.type)]:
        return UNREADABLE_VALUE.format(value=quoted(unread[0]), owner=condition.operator, type=_NAMES[operator.type])
    return None


def _unknown(reason: str) -> Outcome:
    return Outcome(None, reasons=frozenset({reason}))


def _outcome(holds: bool) -> Outcome:
    return HOLDS if holds else FAILS


def read_value(text: str, kind: KeyType) -> Any:
    """The readable `text` as a value to compare. A time without a zone counts as UTC, as g:CurrentTime is given."""
    match kind:
        case KeyType.NUMBER:
            return Decimal(text)
        case KeyType.DATE:
            moment = datetime.fromisoformat(text)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        case KeyType.BOOLEAN:
            return text.lower()
    return text


def _like(text: str, pattern: str) -> bool:
    """In `pattern`, "*" stands for any characters, "?" for one."""
    return covers(glob_of(pattern), tuple(text)) if "?" in pattern else covers_part(pattern, text)


def _equals_ignoring_case(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


_NAMES = {
    KeyType.NUMBER: "number",
    KeyType.DATE: "time in ISO 8601",
    KeyType.BOOLEAN: "“true” or “false”",
    KeyType.PRESENCE: "“true” or “false”",
}
_BY_PATTERN = frozenset({"StringMatch", "StringNotMatch", "StringLike"})
# Positive operators -> whether a value of the request matches one of the condition.
_MATCHES: dict[str, Callable[[Any, Any], bool]] = {
    **dict.fromkeys(("StringEquals", "NumberEquals", "Bool"), compare.eq),
    "StringEqualsIgnoreCase": _equals_ignoring_case,
    "StringMatch": _like,
    "StringLike": _like,
    "StringStartWith": str.startswith,
    "StringEndWith": str.endswith,
    **{
        f"{kind}{comparison}": compares
        for kind in ("Number", "Date")
        for comparison, compares in (
            ("LessThan", compare.lt),
            ("LessThanEquals", compare.le),
            ("GreaterThan", compare.gt),
            ("GreaterThanEquals", compare.ge),
        )
    },
}
