"""What we say about conditions in addition to IAM's refusals: PB023 to PB025, PB027 and PB028.

What tests come to together, `own_limits` says.
"""

from collections.abc import Iterator
from typing import Any

from policybuilder.domain.findings import Severity, Wording
from policybuilder.domain.jsontext.nodes import Object, String
from policybuilder.domain.policy.condition_terms import (
    BUCKET_KEYS,
    BUCKET_OPERATORS,
    IF_EXISTS,
    ONLY_IN_SAMPLES,
    OPERATORS,
    KeyType,
    global_key,
    is_readable,
    is_time_of_day,
    parse_operator,
)
from policybuilder.domain.policy.condition_words import NOT_DAILY

from .iam_conditions import operators, uses
from .operator_names import MOST_NEAREST, near, near_boolean, of_buckets, respelt
from .rule import PolicySubject, Remark, Rule, respell

SYNTAX = "IAM user manual, syntax of policies, conditions"


OPERATOR_IS_UNKNOWN = Wording(
    "IAM knows no operator {operator:quoted}.", f"There are {{operators:listed}}, each with {IF_EXISTS} too."
)
OPERATOR_IS_MISSPELT = Wording("IAM knows no operator {operator:quoted}.", "Spell it {meant}.")
NULL_IF_EXISTS = Wording("IAM knows no operator {operator:quoted}.", f"Null takes no {IF_EXISTS}: write “Null”.")
OPERATOR_OF_BUCKETS = Wording(
    "IAM knows no operator {operator:quoted}.", "Bucket policies have it; here it is {meant}."
)
OPERATOR_OF_BUCKETS_ALONE = Wording("IAM knows no operator {operator:quoted}.", "Only bucket policies have it.")
OPERATOR_IS_NEAR = Wording("IAM knows no operator {operator:quoted}.", "Perhaps meant: {meant:listed}.")


def operator_is_known(subject: PolicySubject) -> Iterator[Remark]:
    looked_up = 0
    for node, _ in operators(subject):
        text = node.value
        if parse_operator(text):
            continue
        wording, fix = OPERATOR_IS_UNKNOWN, None
        values: dict[str, Any] = {"operator": text, "operators": OPERATORS}
        if meant := respelt(text):
            wording, values["meant"], fix = OPERATOR_IS_MISSPELT, meant, respell(node, meant)
        elif text.rpartition(":")[2].casefold() == f"Null{IF_EXISTS}".casefold():
            wording = NULL_IF_EXISTS
        elif (there := of_buckets(text)) is not None:
            wording, values["meant"] = (OPERATOR_OF_BUCKETS if there else OPERATOR_OF_BUCKETS_ALONE), there
        elif looked_up < MOST_NEAREST:
            looked_up += 1
            if found := near(text):
                wording, values["meant"] = OPERATOR_IS_NEAR, found
        yield Remark(node, wording, values, fix)


OPERATOR_IS_UNDOCUMENTED = Wording(
    "{operator:quoted} stands in sample policies only; the documented operators lack it.",
    "StringMatch with “*” does the same and is documented.",
)


def operator_is_documented(subject: PolicySubject) -> Iterator[Remark]:
    for node, _ in operators(subject):
        operator = parse_operator(node.value)
        if operator and operator.base in ONLY_IN_SAMPLES:
            yield Remark(node, OPERATOR_IS_UNDOCUMENTED, {"operator": operator.base})


KEY_HAS_ONE_VALUE = Wording(
    "{key} has one value at a time; {prefix} is for keys of several.",
    "Write the operator without {prefix}.",
)


def prefix_has_a_set(subject: PolicySubject) -> Iterator[Remark]:
    for use in uses(subject):
        operator, name = use.operator, global_key(use.attribute.value)
        if operator and operator.prefix and name:
            yield Remark(use.attribute, KEY_HAS_ONE_VALUE, {"key": name, "prefix": operator.prefix})


def bucket_signs(subject: PolicySubject) -> Iterator[String]:
    """Keys and operators that only bucket policies have, in the order in which people look at a policy."""
    for owner in (subject.body, *(view.node for view in subject.statements)):
        if isinstance(owner, Object):
            yield from (each.key for each in owner.members if each.key.value in BUCKET_KEYS)
    for node, _ in operators(subject):
        if node.value.rpartition(":")[2].removesuffix(IF_EXISTS) in BUCKET_OPERATORS:
            yield node


WRITE_A_DATE = "Write a time in ISO 8601, e.g. “2026-01-31T08:00:00Z”."
NO_NUMBER = Wording("{value:quoted} cannot be read as a number.", "Write a number, e.g. “3600”.")
NO_DATE = Wording("{value:quoted} cannot be read as a time in ISO 8601.", WRITE_A_DATE)
TIME_WITHOUT_DATE = Wording(
    "{value:quoted} is a time of day without a date; dates are points in time with a date.",
    f"{WRITE_A_DATE} {NOT_DAILY}",
)
NO_BOOLEAN = Wording("{value:quoted} cannot be read as “true” or “false”.", "Write “true” or “false”.")
NO_PRESENCE = Wording(NO_BOOLEAN.message, "Write “true” (the key is absent) or “false”.")
NEARLY_A_BOOLEAN = Wording(NO_BOOLEAN.message, "Did you mean “{meant}”?")
_UNREADABLE = {
    KeyType.NUMBER: NO_NUMBER,
    KeyType.DATE: NO_DATE,
    KeyType.BOOLEAN: NO_BOOLEAN,
    KeyType.PRESENCE: NO_PRESENCE,
}


def value_is_readable(subject: PolicySubject) -> Iterator[Remark]:
    looked_up = 0
    for use in uses(subject):
        operator = use.operator
        if operator is None:
            continue
        for node in use.values:
            if not (isinstance(node, String) and node.value) or is_readable(node.value, operator.type):
                continue
            wording, meant = _UNREADABLE[operator.type], None
            if operator.type in (KeyType.BOOLEAN, KeyType.PRESENCE) and looked_up < MOST_NEAREST:
                looked_up += 1
                meant = near_boolean(node.value)
                wording = NEARLY_A_BOOLEAN if meant else wording
            elif operator.type is KeyType.DATE and is_time_of_day(node.value):
                wording = TIME_WITHOUT_DATE
            yield Remark(node, wording, {"value": node.value, "meant": meant})


AGE_WITHOUT_PRESENCE = Wording(
    "g:MFAAge says something only together with g:MFAPresent.",
    'Add "Bool": {{"g:MFAPresent": ["true"]}} to the condition.',
)


def age_comes_with_presence(subject: PolicySubject) -> Iterator[Remark]:
    for view in subject.statements:
        if not isinstance(view.condition, Object):
            continue
        keys = [
            each.key
            for below in view.condition.members
            if isinstance(below.value, Object)
            for each in below.value.members
        ]
        names = {global_key(key.value) for key in keys}
        if "g:MFAAge" in names and "g:MFAPresent" not in names:
            key = next(key for key in keys if global_key(key.value) == "g:MFAAge")
            yield Remark(key, AGE_WITHOUT_PRESENCE)


OPERATOR_RULES = (
    Rule("PB023", Severity.ERROR, "An operator is not known", operator_is_known, SYNTAX),
    Rule("PB024", Severity.NOTE, "An operator stands in sample policies only", operator_is_documented, SYNTAX),
    Rule("PB025", Severity.NOTE, "ForAllValues or ForAnyValue with a key of one value", prefix_has_a_set, SYNTAX),
)
VALUE_RULES = (
    Rule("PB027", Severity.WARNING, "A number, time or Boolean value is not readable", value_is_readable, SYNTAX),
    Rule("PB028", Severity.WARNING, "g:MFAAge stands without g:MFAPresent", age_comes_with_presence, SYNTAX),
)
