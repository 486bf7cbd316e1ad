"""Why it is not proven whether a change of a policy gives new access.

A doubt is about the statements of both policies that concern the actions in question. None is found where a wildcard
alone reaches further than the actions that it matches today.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum

from policybuilder.domain.catalog.name_index import NameIndex
from policybuilder.domain.policy.condition_terms import (
    GLOBAL_KEYS,
    KeyType,
    global_key,
    is_readable,
    parse_operator,
)
from policybuilder.domain.policy.document import Condition, Document, Statement
from policybuilder.domain.work import Work

from .limits import READINGS, Limits, Reading


class Doubt(StrEnum):
    RESOURCE_SUPPORT = "resource_support"  # whether the services honour a statement's resources
    ABSENT_KEY = "absent_key"  # what a negated operator or ForAllValues does for a request without the key
    OPERATOR_MEANING = "operator_meaning"  # an unknown operator, or one that does not fit its key or prefix
    MIXED_TYPES = "mixed_types"  # a key is compared as a number, time or Boolean, and may have other values
    UNREADABLE = "unreadable"  # a condition, value or resource


def concerned(document: Document, names: Iterable[str], work: Work) -> list[Statement]:
    """The statements that may be about some of the names. Raises WorkSpentError."""
    index = NameIndex.of(names, work)
    return [
        statement
        for statement in document.statements
        if statement.not_actions or any(map(index.overlaps, statement.actions))
    ]


def doubts_of(statements: Iterable[Statement]) -> Iterator[Doubt]:
    """The doubts that the statements show by themselves, in no order, some of them twice."""
    types: defaultdict[str, set[KeyType]] = defaultdict(set)
    for statement in statements:
        if any(statement.resources):
            yield Doubt.RESOURCE_SUPPORT
        if "" in statement.resources:
            yield Doubt.UNREADABLE
        yield from filter(None, map(_doubt_of, statement.conditions))
        for limit in Limits.of(statement).limits:
            if limit.values.kind not in (None, KeyType.PRESENCE):
                types[limit.key].add(limit.values.kind)
    if any(len(kinds) > 1 for kinds in types.values()):
        yield Doubt.MIXED_TYPES


def doubts_of_proof(
    statements: Iterable[Statement], unsettled: Callable[[frozenset[Reading], bool], tuple[str, ...]]
) -> Iterator[Doubt]:
    """The doubts without which less would be unsettled.

    `unsettled` names what is not proven to be old, under these readings, and as if all values had the compared types.
    """
    limits = [limit for statement in statements for limit in Limits.of(statement).limits]
    single = map(frozenset, zip(READINGS))
    readings = [READINGS, *(single if any(limit.depends_on_reading for limit in limits) else ())]
    typed = [False, *((True,) if any(limit.has_type for limit in limits) else ())]
    found = {(reading, whether): unsettled(reading, whether) for reading in readings for whether in typed}
    if any(found[reading, whether] != found[READINGS, whether] for reading, whether in found):
        yield Doubt.ABSENT_KEY
    if any(found[reading, whether] != found[reading, False] for reading, whether in found):
        yield Doubt.MIXED_TYPES


def possible_doubts(statements: Iterable[Statement]) -> Iterator[Doubt]:
    """Every doubt that the statements give reason for, whether or not the proof depends on it."""
    listed = list(statements)
    yield from doubts_of(listed)
    for statement in listed:
        for limit in Limits.of(statement).limits:
            if limit.depends_on_reading:
                yield Doubt.ABSENT_KEY
            if limit.has_type:
                yield Doubt.MIXED_TYPES


def _doubt_of(condition: Condition) -> Doubt | None:
    if not condition.operator:
        return Doubt.UNREADABLE
    operator = parse_operator(condition.operator)
    if operator is None or (operator.prefix and operator.base == "Null"):
        return Doubt.OPERATOR_MEANING
    key = global_key(condition.key)
    if key and operator.type not in (GLOBAL_KEYS[key], KeyType.PRESENCE):
        return Doubt.OPERATOR_MEANING
    readable = condition.values and all(is_readable(value, operator.type) for value in condition.values)
    return None if readable else Doubt.UNREADABLE
