"""What IAM refuses in Condition. One function per error code, in the order of the codes.

Condition is {operator: {attribute: [values]}}, e.g. {"StringEquals": {"g:UserName": ["anna"]}}.
Source: IAM API reference, error codes; IAM user manual, syntax of policies, conditions.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from policybuilder.domain.findings import Severity
from policybuilder.domain.jsontext.nodes import Array, Node, Object, String, described
from policybuilder.domain.policy.condition_terms import GLOBAL_KEYS, KeyType, Operator, global_key, parse_operator
from policybuilder.domain.policy.reading import StatementView
from policybuilder.domain.policy.service_terms import SERVICE_KEYS, SERVICE_TERMS, VALUE
from policybuilder.domain.words import invisible, listed, quoted

from .operator_names import MOST_NEAREST, near_key
from .rule import PolicySubject, Remark, Rule, wrap
from .statement_terms import StatementTerms, statement_terms

MAX_OPERATORS = 10  # IAM.1050
MAX_ATTRIBUTES = 10  # IAM.1054, of one operator
MAX_VALUE_CHARACTERS = 1024  # IAM.1056
FORM = 'A condition is {operator: {key: [values]}}, e.g. {"StringEquals": {"g:UserName": ["anna"]}}.'

_ATTRIBUTE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*:[^\s:][^\s]*")
_THE_GLOBAL_KEYS = f"There are {listed(GLOBAL_KEYS, most=len(GLOBAL_KEYS))}."


@dataclass(frozen=True, slots=True)
class Use:
    """One attribute under one operator. `values` are whatever stands there, one by one."""

    operator_node: String
    attribute: String
    values_node: Node

    @property
    def operator(self) -> Operator | None:
        return parse_operator(self.operator_node.value)

    @property
    def values(self) -> tuple[Node, ...]:
        if isinstance(self.values_node, Array):
            return self.values_node.items
        return () if isinstance(self.values_node, Object) else (self.values_node,)

    @property
    def key_type(self) -> KeyType | None:
        """Known of the global keys and those that a service's manual lists."""
        if (name := global_key(self.attribute.value)) is not None:
            return GLOBAL_KEYS[name]
        key = SERVICE_KEYS.get(self.attribute.value)
        return None if key is None else key.type


def operators(subject: PolicySubject) -> Iterator[tuple[String, Node]]:
    """Every operator with what stands below it."""
    for view in subject.statements:
        yield from _operators_of(view)


def uses(subject: PolicySubject) -> Iterator[Use]:
    for view in subject.statements:
        yield from uses_of(view)


def uses_of(view: StatementView) -> Iterator[Use]:
    for operator, below in _operators_of(view):
        if isinstance(below, Object):
            for each in below.members:
                yield Use(operator, each.key, each.value)


def _operators_of(view: StatementView) -> Iterator[tuple[String, Node]]:
    if isinstance(view.condition, Object):
        for each in view.condition.members:
            yield each.key, each.value


def conditions_are_few(subject: PolicySubject) -> Iterator[Remark]:
    for view in subject.statements:
        node = view.condition
        if node is None:
            continue
        if not isinstance(node, Object):
            yield Remark(node, f"Condition must be an object; this is {described(node)}.", FORM)
        elif not node.members:
            yield Remark(node, "Condition holds no condition.", "Take Condition out, or add a condition.")
        elif len(node.members) > MAX_OPERATORS:
            message = f"Condition holds {len(node.members):,} operators; IAM takes {MAX_OPERATORS}."
            yield Remark(node, message, "Make several statements of it.")


def operator_has_values(subject: PolicySubject) -> Iterator[Remark]:
    for operator, below in operators(subject):
        if not isinstance(below, Object):
            message = f"Below {quoted(operator.value)} stands no key with values but {described(below)}."
            yield Remark(below, message, FORM)
    for use in uses(subject):
        if isinstance(use.values_node, Array) and not use.values_node.items:
            message = f"{quoted(use.operator_node.value)} has no value for {quoted(use.attribute.value)}."
            yield Remark(use.values_node, message, "Add a value, or take the key out.")


def attribute_is_valid(subject: PolicySubject) -> Iterator[Remark]:
    looked_up = 0
    for use in uses(subject):
        refused = refused_key(use.attribute.value)
        if refused is None:
            continue
        message, hint = refused
        meant = near_key(use.attribute.value) if looked_up < MOST_NEAREST else None
        looked_up += 1
        yield Remark(use.attribute, message, f"Did you mean {meant}?" if meant else hint)


def refused_key(text: str) -> tuple[str, str] | None:
    """The fault of a key and the way out, None where no manual rules the key out. The case of letters is no fault."""
    if not _ATTRIBUTE.fullmatch(text) or invisible(text):
        return f"{quoted(text)} is no key of a condition.", "A key has a service in front, or g for all: g:UserName."
    service = text.partition(":")[0].lower()
    terms = SERVICE_TERMS.get(service)
    if service == "g" and global_key(text) is None:
        return f"There is no global key {quoted(text)}.", _THE_GLOBAL_KEYS
    if terms is None or not terms.closed_keys or text.lower() in {key.name.lower() for key in terms.keys}:
        return None
    names = listed((key.name for key in terms.keys), most=len(terms.keys))
    hint = f"Its keys are {names}." if names else "Use a global key, such as g:UserName."
    return f"{service.upper()} has no condition key {quoted(text)}.", hint


def values_are_listed(subject: PolicySubject) -> Iterator[Remark]:
    for use in uses(subject):
        if not isinstance(use.values_node, Array):
            fix = None if isinstance(use.values_node, Object) else wrap(use.values_node, "Make it a list")
            message = (
                f"The values of {quoted(use.attribute.value)} must be a list; this is {described(use.values_node)}."
            )
            yield Remark(use.values_node, message, "Put the values in square brackets.", fix)


def attributes_are_few(subject: PolicySubject) -> Iterator[Remark]:
    for operator, below in operators(subject):
        if isinstance(below, Object) and not 1 <= len(below.members) <= MAX_ATTRIBUTES:
            message = f"{quoted(operator.value)} holds {len(below.members):,} keys; IAM takes 1 to {MAX_ATTRIBUTES}."
            yield Remark(below, message, "Make several statements of it." if below.members else FORM)


def attribute_fits_operator(subject: PolicySubject) -> Iterator[Remark]:
    for use in uses(subject):
        operator, kind = use.operator, use.key_type
        if operator and kind and operator.type not in {kind, KeyType.PRESENCE}:
            message = (
                f"{quoted(use.attribute.value)} is a {kind.value}; {quoted(use.operator_node.value)} "
                f"compares {operator.type.value}s."
            )
            yield Remark(use.attribute, message, f"Use an operator for a {kind.value}, such as {_EXAMPLES[kind]}.")


def value_is_short(subject: PolicySubject) -> Iterator[Remark]:
    for use, node in _texts(subject):
        if not 1 <= len(node.value) <= MAX_VALUE_CHARACTERS:
            message = f"A value of {quoted(use.attribute.value)} has {len(node.value):,} characters; "
            yield Remark(node, f"{message}IAM takes 1 to {MAX_VALUE_CHARACTERS:,}.", "Shorten it, or take it out.")


def value_is_legible(subject: PolicySubject) -> Iterator[Remark]:
    for terms in statement_terms(subject):
        for use, node in _texts_of(terms.view):
            if found := invisible(node.value):
                yield Remark(node, f"The value {quoted(node.value)} holds the character {found}.", "Type it anew.")
            elif is_refused_value(terms, use, node.value):
                message = f"The value {quoted(node.value)} holds a character that the manual does not list for values."
                hint = "Letters, digits and -,./_@#$%& are listed. For others, use StringMatch with “*” in their place."
                yield Remark(node, message, hint)


def is_refused_value(terms: StatementTerms, use: Use, text: str) -> bool:
    """Whether the manual of the statement's services rules out a character of a text value."""
    operator = use.operator
    of_text = operator is not None and operator.type is KeyType.STRING
    return of_text and terms.closed_values and VALUE.fullmatch(text) is None


def _texts(subject: PolicySubject) -> Iterator[tuple[Use, String]]:
    for view in subject.statements:
        yield from _texts_of(view)


def _texts_of(view: StatementView) -> Iterator[tuple[Use, String]]:
    for use in uses_of(view):
        for node in use.values:
            if isinstance(node, String):
                yield use, node


_EXAMPLES = {
    KeyType.STRING: "StringEquals",
    KeyType.NUMBER: "NumberLessThan",
    KeyType.DATE: "DateLessThan",
    KeyType.BOOLEAN: "Bool",
}

RULES = (
    Rule("IAM.1050", Severity.ERROR, "There are no conditions, or more than 10", conditions_are_few),
    Rule("IAM.1051", Severity.ERROR, "An operator has no values", operator_has_values),
    Rule("IAM.1052", Severity.ERROR, "A key of a condition is not valid", attribute_is_valid),
    Rule("IAM.1053", Severity.ERROR, "The values of a condition's key are no list", values_are_listed),
    Rule("IAM.1054", Severity.ERROR, "An operator holds no keys, or more than 10", attributes_are_few),
    Rule("IAM.1055", Severity.ERROR, "A key does not go with the operator", attribute_fits_operator),
    Rule("IAM.1056", Severity.ERROR, "A value of a condition is empty or longer than 1,024 characters", value_is_short),
    Rule("IAM.1057", Severity.ERROR, "A value of a condition holds characters that are not allowed", value_is_legible),
)
