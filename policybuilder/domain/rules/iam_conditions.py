"""What IAM refuses in Condition. One function per error code, in the order of the codes.

Condition is {operator: {attribute: [values]}}, e.g. {"StringEquals": {"g:UserName": ["anna"]}}.
Source: IAM API reference, error codes; IAM user manual, syntax of policies, conditions.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from policybuilder.domain.findings import Severity, Values, Wording
from policybuilder.domain.jsontext.nodes import Array, Node, Object, String, described
from policybuilder.domain.policy.condition_terms import GLOBAL_KEYS, KeyType, Operator, global_key, parse_operator
from policybuilder.domain.policy.reading import StatementView
from policybuilder.domain.policy.service_terms import SERVICE_KEYS, SERVICE_TERMS, VALUE
from policybuilder.domain.words import invisible

from .operator_names import MOST_NEAREST, near_key
from .rule import MAKE_LIST, PolicySubject, Remark, Rule, wrap
from .statement_terms import StatementTerms, statement_terms

MAX_OPERATORS = 10  # IAM.1050
MAX_ATTRIBUTES = 10  # IAM.1054, of one operator
MAX_VALUE_CHARACTERS = 1024  # IAM.1056
FORM = 'A condition is {{operator: {{key: [values]}}}}, e.g. {{"StringEquals": {{"g:UserName": ["anna"]}}}}.'

_ATTRIBUTE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*:[^\s:][^\s]*")


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


CONDITION_IS_NO_OBJECT = Wording("Condition must be an object; this is {found}.", FORM)
CONDITION_IS_EMPTY = Wording("Condition holds no condition.", "Take Condition out, or add a condition.")
OPERATORS_ARE_MANY = Wording(
    "Condition holds {n:,} operators; IAM takes {limit}.",
    "Make several statements of it.",
)


def conditions_are_few(subject: PolicySubject) -> Iterator[Remark]:
    for view in subject.statements:
        node = view.condition
        if node is None:
            continue
        if not isinstance(node, Object):
            yield Remark(node, CONDITION_IS_NO_OBJECT, {"found": described(node)})
        elif not node.members:
            yield Remark(node, CONDITION_IS_EMPTY)
        elif len(node.members) > MAX_OPERATORS:
            yield Remark(node, OPERATORS_ARE_MANY, {"n": len(node.members), "limit": MAX_OPERATORS})


OPERATOR_HAS_NO_KEY = Wording("Below {operator:quoted} stands no key with values but {found}.", FORM)
KEY_HAS_NO_VALUE = Wording(
    "{operator:quoted} has no value for {key:quoted}.",
    "Add a value, or take the key out.",
)


def operator_has_values(subject: PolicySubject) -> Iterator[Remark]:
    for operator, below in operators(subject):
        if not isinstance(below, Object):
            yield Remark(below, OPERATOR_HAS_NO_KEY, {"operator": operator.value, "found": described(below)})
    for use in uses(subject):
        if isinstance(use.values_node, Array) and not use.values_node.items:
            values = {"operator": use.operator_node.value, "key": use.attribute.value}
            yield Remark(use.values_node, KEY_HAS_NO_VALUE, values)


_NO_KEY = "{key:quoted} is no key of a condition."
_NO_GLOBAL_KEY = "There is no global key {key:quoted}."
_NO_KEY_OF_SERVICE = "{service} has no condition key {key:quoted}."
_MEANT = "Did you mean {meant}?"
KEY_IS_INVALID = Wording(_NO_KEY, "A key has a service in front, or g for all: g:UserName.")
KEY_IS_MISSPELT = Wording(_NO_KEY, _MEANT)
GLOBAL_KEY_IS_UNKNOWN = Wording(_NO_GLOBAL_KEY, "There are {keys:all}.")
GLOBAL_KEY_IS_MISSPELT = Wording(_NO_GLOBAL_KEY, _MEANT)
SERVICE_KEY_IS_UNKNOWN = Wording(_NO_KEY_OF_SERVICE, "Its keys are {keys:all}.")
SERVICE_KEY_IS_MISSPELT = Wording(_NO_KEY_OF_SERVICE, _MEANT)
SERVICE_HAS_NO_KEYS = Wording(_NO_KEY_OF_SERVICE, "Use a global key, such as g:UserName.")
_MISSPELT = {
    KEY_IS_INVALID: KEY_IS_MISSPELT,
    GLOBAL_KEY_IS_UNKNOWN: GLOBAL_KEY_IS_MISSPELT,
    SERVICE_KEY_IS_UNKNOWN: SERVICE_KEY_IS_MISSPELT,
    SERVICE_HAS_NO_KEYS: SERVICE_KEY_IS_MISSPELT,
}


def attribute_is_valid(subject: PolicySubject) -> Iterator[Remark]:
    looked_up = 0
    for use in uses(subject):
        refused = refused_key(use.attribute.value)
        if refused is None:
            continue
        wording, values = refused
        meant = near_key(use.attribute.value) if looked_up < MOST_NEAREST else None
        looked_up += 1
        if meant:
            yield Remark(use.attribute, _MISSPELT[wording], {**values, "meant": meant})
        else:
            yield Remark(use.attribute, wording, values)


def refused_key(text: str) -> tuple[Wording, Values] | None:
    """The fault of a key, None where no manual rules the key out. The case of letters is no fault."""
    if not _ATTRIBUTE.fullmatch(text) or invisible(text):
        return KEY_IS_INVALID, {"key": text}
    service = text.partition(":")[0].lower()
    terms = SERVICE_TERMS.get(service)
    if service == "g" and global_key(text) is None:
        return GLOBAL_KEY_IS_UNKNOWN, {"key": text, "keys": tuple(GLOBAL_KEYS)}
    if terms is None or not terms.closed_keys or text.lower() in {key.name.lower() for key in terms.keys}:
        return None
    names = tuple(key.name for key in terms.keys)
    wording = SERVICE_KEY_IS_UNKNOWN if names else SERVICE_HAS_NO_KEYS
    return wording, {"service": service.upper(), "key": text, "keys": names}


VALUES_ARE_NO_LIST = Wording(
    "The values of {key:quoted} must be a list; this is {found}.",
    "Put the values in square brackets.",
)


def values_are_listed(subject: PolicySubject) -> Iterator[Remark]:
    for use in uses(subject):
        if not isinstance(use.values_node, Array):
            fix = None if isinstance(use.values_node, Object) else wrap(use.values_node, MAKE_LIST)
            values = {"key": use.attribute.value, "found": described(use.values_node)}
            yield Remark(use.values_node, VALUES_ARE_NO_LIST, values, fix)


OPERATOR_IS_EMPTY = Wording("{operator:quoted} holds 0 keys; IAM takes 1 to {limit}.", FORM)
KEYS_ARE_MANY = Wording(
    "{operator:quoted} holds {n:,} keys; IAM takes 1 to {limit}.",
    "Make several statements of it.",
)


def attributes_are_few(subject: PolicySubject) -> Iterator[Remark]:
    for operator, below in operators(subject):
        if isinstance(below, Object) and not 1 <= len(below.members) <= MAX_ATTRIBUTES:
            values = {"operator": operator.value, "n": len(below.members), "limit": MAX_ATTRIBUTES}
            yield Remark(below, KEYS_ARE_MANY if below.members else OPERATOR_IS_EMPTY, values)


OPERATOR_DOES_NOT_FIT = Wording(
    "{key:quoted} is a {type}; {operator:quoted} compares {compared}s.",
    "Use an operator for a {type}, such as {example}.",
)


def attribute_fits_operator(subject: PolicySubject) -> Iterator[Remark]:
    for use in uses(subject):
        operator, kind = use.operator, use.key_type
        if operator and kind and operator.type not in {kind, KeyType.PRESENCE}:
            values = {
                "key": use.attribute.value,
                "type": kind.value,
                "operator": use.operator_node.value,
                "compared": operator.type.value,
                "example": _EXAMPLES[kind],
            }
            yield Remark(use.attribute, OPERATOR_DOES_NOT_FIT, values)


VALUE_IS_WRONG_IN_LENGTH = Wording(
    "A value of {key:quoted} has {n:,} characters; IAM takes 1 to {limit:,}.",
    "Shorten it, or take it out.",
)


def value_is_short(subject: PolicySubject) -> Iterator[Remark]:
    for use, node in _texts(subject):
        if not 1 <= len(node.value) <= MAX_VALUE_CHARACTERS:
            values = {"key": use.attribute.value, "n": len(node.value), "limit": MAX_VALUE_CHARACTERS}
            yield Remark(node, VALUE_IS_WRONG_IN_LENGTH, values)


VALUE_HAS_INVISIBLE = Wording("The value {value:quoted} holds the character {character}.", "Type it anew.")
VALUE_IS_STRANGE = Wording(
    "The value {value:quoted} holds a character that the manual does not list for values.",
    "Letters, digits and -,./_@#$%& are listed. For others, use StringMatch with “*” in their place.",
)


def value_is_legible(subject: PolicySubject) -> Iterator[Remark]:
    for terms in statement_terms(subject):
        for use, node in _texts_of(terms.view):
            if found := invisible(node.value):
                yield Remark(node, VALUE_HAS_INVISIBLE, {"value": node.value, "character": found})
            elif is_refused_value(terms, use, node.value):
                yield Remark(node, VALUE_IS_STRANGE, {"value": node.value})


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
