"""The statements of a draft as values for the builder's templates: a line for each, and the editor of a condition."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.functional import cached_property

from policybuilder.domain.building.blocks import Block, kept_node
from policybuilder.domain.building.compiler import CompiledBlock, CompiledPolicy
from policybuilder.domain.building.reach import Reach, reach_of
from policybuilder.domain.catalog.action_names import service_of
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.findings import Finding, Severity
from policybuilder.domain.jsontext.source import read
from policybuilder.domain.jsontext.writer import write
from policybuilder.domain.policy.condition_terms import (
    GLOBAL_KEYS,
    IF_EXISTS,
    OPERATORS,
    SET_PREFIXES,
    KeyType,
    global_key,
    parse_operator,
)
from policybuilder.domain.policy.condition_words import NOT_DAILY, POINTS_IN_TIME, in_words, operators_for
from policybuilder.domain.policy.document import MAX_STATEMENTS, Condition, Effect
from policybuilder.domain.rules.check import check
from policybuilder.domain.words import quoted
from policybuilder.drafts.addresses import View
from policybuilder.web.wording import limits_in_words, reach_in_words

_TYPES = {
    KeyType.STRING: "Text",
    KeyType.NUMBER: "Number",
    KeyType.DATE: "Time",
    KeyType.BOOLEAN: "True or false",
    KeyType.PRESENCE: "Whether it is there",
}
_EXAMPLES = {
    KeyType.STRING: "ops-team",
    KeyType.NUMBER: "3600",
    KeyType.DATE: "2027-01-31T18:00:00Z",
    KeyType.BOOLEAN: "true",
    KeyType.PRESENCE: "true",
}


@dataclass(frozen=True)
class StatementLine:
    """One block in the list of statements; `number` counts from 1. `json` is only set for one that is kept."""

    number: int
    part: CompiledBlock
    reach: Reach
    current: bool
    first: bool
    last: bool

    @property
    def block(self) -> Block:
        return self.part.block

    @property
    def kind(self) -> str:
        if self.block.kept:
            return "kept"
        return "deny" if self.block.effect is Effect.DENY else "allow"

    @property
    def what(self) -> str:
        """12 actions of ecs, evs and vpc."""
        if self.block.kept:
            return "Kept as it is"
        if not self.reach.count:
            return "Nothing selected yet"
        services = sorted({service_of(name) for name in self.reach.actions})
        of = " and ".join(filter(None, [", ".join(services[:-1]), services[-1]]))
        return f"{reach_in_words(self.reach)} of {of}"

    @property
    def limits(self) -> str:
        return limits_in_words(self.block)

    @property
    def json(self) -> str:
        return write(kept_node(self.block.kept)) if self.block.kept else ""


def statement_lines(catalog: Catalog, policy: CompiledPolicy, at: int) -> tuple[StatementLine, ...]:
    last = len(policy.blocks) - 1
    return tuple(
        StatementLine(number + 1, part, reach_of(catalog, part.statements), number == at, number == 0, number == last)
        for number, part in enumerate(policy.blocks)
    )


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

    def condition(self) -> Condition:
        name = f"{self.prefix}:{self.operator}" if self.prefix else self.operator
        name += IF_EXISTS if self.if_exists and self.operator != "Null" else ""
        values = tuple(line.strip() for line in self.values.splitlines() if line.strip())
        return Condition(name, self.key.strip(), values)


@dataclass(frozen=True)
class Typed:
    """What stands in the fields of a condition and a resource and is not in the draft; it must not be lost."""

    condition: ConditionFields = field(default_factory=ConditionFields)
    resource: str = ""

    @property
    def empty(self) -> bool:
        return self.condition.empty and not self.resource


NOTHING_TYPED = Typed()


def unfinished_in_words(typed: Typed) -> tuple[str, ...]:
    """What is typed and does not count, a sentence each."""
    said = [] if typed.condition.empty else ["A condition is typed that is not complete."]
    if typed.resource:
        said.append(f"A resource is typed that is not added: {quoted(typed.resource)}.")
    return tuple(said)


@dataclass(frozen=True)
class ConditionEditor:
    """The editor of one condition: what is typed, what can be chosen, and what is to be said about it."""

    fields: ConditionFields
    findings: tuple[Finding, ...]

    @property
    def keys(self) -> tuple[tuple[str, str], ...]:
        return tuple((key, _TYPES[kind]) for key, kind in GLOBAL_KEYS.items())

    @property
    def operators(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Each type with its operators, without those that do not go with the key."""
        fitting = operators_for(self.fields.key)
        groups = []
        for kind, title in _TYPES.items():
            names = tuple(name for name, type_ in OPERATORS.items() if type_ is kind and name in fitting)
            if names:
                groups.append((title, names))
        return tuple(groups)

    @property
    def prefixes(self) -> tuple[str, ...]:
        return SET_PREFIXES

    @property
    def example(self) -> str:
        """A value as the operator takes it."""
        return _EXAMPLES[self._kind]

    @property
    def about_dates(self) -> str:
        """What is to be known of the values where they are dates."""
        return f"{POINTS_IN_TIME} {NOT_DAILY}" if self._kind is KeyType.DATE else ""

    @property
    def _kind(self) -> KeyType:
        key = global_key(self.fields.key)
        return OPERATORS.get(self.fields.operator) or (GLOBAL_KEYS[key] if key else KeyType.STRING)

    @property
    def words(self) -> str:
        """What the condition says, once there is something to say."""
        ready = self.fields.key.strip() and self.fields.operator and self.fields.values.strip()
        return in_words(self.fields.condition()) if ready else ""


def condition_findings(catalog: Catalog, condition: Condition, others: Iterable[Condition] = ()) -> Iterator[Finding]:
    """What IAM and we would say about the condition: the findings about a statement that has it beside `others`.

    One with an error is not complete.
    """
    if not condition.key:
        yield Finding("", Severity.ERROR, "key", "It has no key.", "Choose what is to be compared.")
    elif not condition.operator:
        yield Finding("", Severity.ERROR, "operator", "It has no operator.", "Choose how to compare.")
    elif not condition.values:
        yield Finding("", Severity.ERROR, "values", "It has no value.", "Write one value a line.")
    elif any((each.operator, each.key) == (condition.operator, condition.key) for each in others):
        message = f"There is a condition with {condition.operator} of {condition.key} already."
        yield Finding("", Severity.ERROR, "key", message, "Add its values to that one.")
    else:
        # It neither allows nor denies: what the condition means for either, the findings about the policy say.
        statement = {"Condition": {condition.operator: {condition.key: condition.values}}}
        found = check(catalog, read(json.dumps({"Statement": [statement]}), literal=True)).findings
        yield from (each.finding for each in found if ".Condition" in each.finding.place)


class StatementEditor:
    """The list of statements, and what is shown of the block `at` that is edited."""

    def __init__(self, catalog: Catalog, policy: CompiledPolicy, view: View, at: int, typed: Typed):
        self._catalog = catalog
        self._policy = policy
        self._view = view
        self._at = at
        self._typed = typed

    @cached_property
    def lines(self) -> tuple[StatementLine, ...]:
        return statement_lines(self._catalog, self._policy, self._at)

    @property
    def current(self) -> StatementLine:
        return self.lines[self._at]

    @property
    def full(self) -> bool:
        return len(self._policy.blocks) >= MAX_STATEMENTS

    @property
    def conditions(self) -> tuple[tuple[int, Condition, str], ...]:
        """Each condition of the block, with its number and in plain words."""
        return tuple((at, each, in_words(each)) for at, each in enumerate(self.current.block.conditions))

    @cached_property
    def condition(self) -> ConditionEditor:
        """Filled with what was typed, else with the condition that is edited."""
        conditions, at, fields = self.current.block.conditions, self.edited, self._typed.condition
        if fields.empty and at is not None:
            fields = ConditionFields.of(conditions[at])
        others = tuple(each for number, each in enumerate(conditions) if number != at)
        findings = () if fields.empty else tuple(condition_findings(self._catalog, fields.condition(), others))
        return ConditionEditor(fields, findings)

    @property
    def edited(self) -> int | None:
        """The condition of the block that is edited, counted from 0."""
        at = self._view.condition
        return at if at is not None and at < len(self.current.block.conditions) else None

    @property
    def edited_number(self) -> int | str:
        """The same counted from 1, "" where a new one is written."""
        return "" if self.edited is None else self.edited + 1

    @property
    def unfinished_condition(self) -> bool:
        return not self._typed.condition.empty

    @property
    def unfinished(self) -> tuple[str, ...]:
        return unfinished_in_words(self._typed)
