"""The fields of a condition as typed, what is typed beside them and is not in the draft, and the findings about it."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.findings import Finding, Severity, Wording, fill
from policybuilder.domain.jsontext.source import read
from policybuilder.domain.policy.condition_terms import (
    GLOBAL_KEYS,
    IF_EXISTS,
    OPERATORS,
    KeyType,
    global_key,
    is_readable,
    parse_operator,
)
from policybuilder.domain.policy.condition_words import operators_for
from policybuilder.domain.policy.document import Condition, Effect
from policybuilder.domain.rules.check import check
from policybuilder.domain.rules.operator_names import MOST_NEAREST, near_boolean, near_key

NO_KEY = Wording("It has no key.", "Choose what is to be compared.")
NO_OPERATOR = Wording("It has no operator.", "Choose how to compare.")
NO_VALUE = Wording("It has no value.", "Fill it in.")
ALREADY_THERE = Wording("There is a condition with {operator} of {key} already.", "Add its values to that one.")

NOT_DENIED = "A request without {key} is not denied. “Also applies if the key is missing” denies it too."
DENIAL_UNKNOWN = (
    "Whether a request without {key} is denied is not documented. “Also applies if the key is missing” denies it."
)
ALLOWED_AS_WELL = "A request without {key} is allowed as well."
ALLOWANCE_UNKNOWN = "Whether a request without {key} is allowed is not documented."
# The global keys of which nobody says that every request has them: they are about a login with MFA.
_OF_SOME_LOGINS = ("g:MFAPresent", "g:MFAAge")

UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


@dataclass(frozen=True)
class ConditionFields:
    """The fields of the editor, as typed. `values` has one value a line."""

    key: str = ""
    operator: str = ""
    prefix: str = ""
    if_exists: bool = False
    values: str = ""

    @classmethod
    def of(cls, condition: Condition) -> "ConditionFields":
        parsed = parse_operator(condition.operator)
        if parsed is None:  # only known operators get into a block
            return cls(condition.key, values="\n".join(condition.values))
        return cls(condition.key, parsed.base, parsed.prefix, parsed.if_exists, "\n".join(condition.values))

    @property
    def empty(self) -> bool:
        return not (self.key or self.values.strip())

    @property
    def kind(self) -> KeyType:
        """The type of the values: the operator's, or else the key's."""
        key = global_key(self.key)
        return OPERATORS.get(self.operator) or (GLOBAL_KEYS[key] if key else KeyType.STRING)

    def condition(self) -> Condition:
        name = f"{self.prefix}:{self.operator}" if self.prefix else self.operator
        name += IF_EXISTS if self.if_exists and self.operator != "Null" else ""
        values = tuple(line.strip() for line in self.values.splitlines() if line.strip())
        return Condition(name, self.key.strip(), values)

    def meant(self) -> "ConditionFields":
        """The same with what it nearly says in place of what nobody can read: a global key, yes and no."""
        unknown = global_key(self.key) is None and (self.key[:2].lower() == "g:" or ":" not in self.key)
        kind, lines = OPERATORS.get(self.operator), self.values.splitlines()
        if kind in (KeyType.BOOLEAN, KeyType.PRESENCE) and len(lines) <= MOST_NEAREST:
            lines = [line if is_readable(line.strip(), kind) else near_boolean(line) or line for line in lines]
        return replace(
            self,
            key=(near_key(self.key) if unknown else None) or self.key,
            values=self.values if lines == self.values.splitlines() else "\n".join(lines),
        )

    def fitting(self) -> "ConditionFields":
        """The same for a key that was just chosen: of an operator that does not go with it, the first that does.

        Beside a value none: it was written for another comparison.
        """
        fitting = operators_for(self.key)
        if global_key(self.key) is None or self.operator in fitting:
            return self
        return replace(self, operator="" if self.values.strip() else fitting[0])


HALF_TYPED = "A condition is typed that is not complete."
HALF_TYPED_RESOURCE = "A resource is typed that is not added: {resource:quoted}."


@dataclass(frozen=True)
class Typed:
    """What is in the fields of a condition, a resource and an action and is not in the draft; it must not be lost."""

    condition: ConditionFields = field(default_factory=ConditionFields)
    resource: str = ""
    action: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing of the statement is unfinished. An action in its field is no part of the statement yet."""
        return self.condition.empty and not self.resource

    @property
    def unfinished(self) -> tuple[str, ...]:
        """What is typed and does not count, a sentence each."""
        said = [] if self.condition.empty else [HALF_TYPED]
        if self.resource:
            said.append(fill(HALF_TYPED_RESOURCE, {"resource": self.resource}))
        return tuple(said)


NOTHING_TYPED = Typed()


def in_utc(text: str) -> str:
    """What a browser sends of a field for a time, 2027-01-31T18:00, as IAM takes it."""
    time = text.strip()
    seconds = time if time.count(":") != 1 else f"{time}:00"
    return f"{seconds}Z" if UTC.fullmatch(f"{seconds}Z") else text


NO_MFA = "no-mfa"
# What most conditions are, by the name that a button has. Without a value, that is what is left to fill in.
PRESETS = {
    "mfa": ("MFA is used", ConditionFields("g:MFAPresent", "Bool", values="true")),
    NO_MFA: ("MFA is not used", ConditionFields("g:MFAPresent", "Bool", values="false")),
    "user": ("User name starts with …", ConditionFields("g:UserName", "StringStartWith")),
    "project": ("Project is …", ConditionFields("g:ProjectName", "StringEquals")),
    "until": ("Until …", ConditionFields("g:CurrentTime", "DateLessThanEquals")),
}


def preset(name: str, effect: Effect) -> ConditionFields:
    """The fields of one of PRESETS. What is denied without MFA is so for a request that does not tell, as well."""
    _, fields = PRESETS[name]
    return replace(fields, if_exists=name == NO_MFA and effect is Effect.DENY)


def condition_findings(catalog: Catalog, condition: Condition, others: Iterable[Condition] = ()) -> Iterator[Finding]:
    """What IAM and we would say about the condition: the findings about a statement that has it beside `others`.

    One with an error is not complete.
    """
    if not condition.key:
        yield Finding("", Severity.ERROR, "key", NO_KEY)
    elif not condition.operator:
        yield Finding("", Severity.ERROR, "operator", NO_OPERATOR)
    elif not condition.values:
        yield Finding("", Severity.ERROR, "values", NO_VALUE)
    elif any((each.operator, each.key) == (condition.operator, condition.key) for each in others):
        values = {"operator": condition.operator, "key": condition.key}
        yield Finding("", Severity.ERROR, "key", ALREADY_THERE, values)
    else:
        # It neither allows nor denies: what the condition means for either, the findings about the policy say.
        statement = {"Condition": {condition.operator: {condition.key: condition.values}}}
        found = check(catalog, read(json.dumps({"Statement": [statement]}), literal=True)).findings
        yield from (each.finding for each in found if ".Condition" in each.finding.place)


def without_key(condition: Condition, effect: Effect) -> str:
    """The outcome of a request without the key, where it may surprise; "" otherwise."""
    key, operator = global_key(condition.key) or condition.key, parse_operator(condition.operator)
    may_be_absent = key in _OF_SOME_LOGINS or global_key(key) is None
    if operator is None or operator.base == "Null" or not may_be_absent:
        return ""
    match effect, operator.holds_without_key:
        case Effect.DENY, False:
            return NOT_DENIED.format(key=key)
        case Effect.DENY, None:
            return DENIAL_UNKNOWN.format(key=key)
        case Effect.ALLOW, True:
            return ALLOWED_AS_WELL.format(key=key)
        case Effect.ALLOW, None:
            return ALLOWANCE_UNKNOWN.format(key=key)
    return ""
