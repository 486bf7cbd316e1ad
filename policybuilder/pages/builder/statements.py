"""The statements of a draft as values for the templates: a line for each, and the editor of the current one."""

from dataclasses import dataclass

from django.utils.functional import cached_property

from policybuilder.domain.building.blocks import Block, kept_node
from policybuilder.domain.building.compiler import CompiledBlock, CompiledPolicy
from policybuilder.domain.building.reach import Reach, reach_of
from policybuilder.domain.catalog.action_names import service_of
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.findings import Finding, Severity
from policybuilder.domain.jsontext.writer import write
from policybuilder.domain.policy.condition_terms import (
    GLOBAL_KEYS,
    OPERATORS,
    SET_PREFIXES,
    KeyType,
    global_key,
)
from policybuilder.domain.policy.condition_words import (
    KEY_WORDS,
    OPERATOR_WORDS,
    POINTS_IN_TIME,
    in_words,
    operators_for,
)
from policybuilder.domain.policy.document import MAX_STATEMENTS, Condition, Effect
from policybuilder.drafts.addresses import View
from policybuilder.drafts.conditions import (
    NO_MFA,
    PRESETS,
    UTC,
    ConditionFields,
    Typed,
    condition_findings,
    without_key,
)
from policybuilder.web.wording import limits_in_words, reach_in_words

OTHER_KEY = "other"
TIME, CHOICE, LIST = "time", "choice", "list"  # fields for values: one time in UTC, yes or no, one value a line

_TYPES = {
    KeyType.STRING: "Text",
    KeyType.NUMBER: "Number",
    KeyType.DATE: "Time",
    KeyType.BOOLEAN: "Yes or no",
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
class ConditionEditor:
    """The editor of one condition of a statement with this effect."""

    fields: ConditionFields
    findings: tuple[Finding, ...]
    effect: Effect

    @property
    def keys(self) -> tuple[tuple[str, str], ...]:
        """Each global key with how a sentence goes on that begins with "only"."""
        return tuple((key, KEY_WORDS[key]) for key in GLOBAL_KEYS)

    @property
    def chosen_key(self) -> str:
        """Which of them it is, OTHER_KEY for one that is typed."""
        return global_key(self.fields.key) or (OTHER_KEY if self.fields.key else "")

    @property
    def typed_key(self) -> str:
        """The key as it is spelt, where choosing it would spell it otherwise."""
        return "" if self.fields.key in GLOBAL_KEYS else self.fields.key

    @property
    def operators(self) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
        """Each type with its operators and their words, without those that do not go with the key."""
        fitting = operators_for(self.fields.key)
        groups = []
        for kind, title in _TYPES.items():
            of_kind = ((name, OPERATOR_WORDS[name]) for name, type_ in OPERATORS.items() if type_ is kind)
            if names := tuple(each for each in of_kind if each[0] in fitting):
                groups.append((title, names))
        return tuple(groups)

    @property
    def presets(self) -> list[tuple[str, str]]:
        """Name and title of each; what a Deny is given most comes first there."""
        listed = [(name, title) for name, (title, _) in PRESETS.items()]
        return sorted(listed, key=lambda each: self.effect is Effect.DENY and each[0] != NO_MFA)

    @property
    def prefixes(self) -> tuple[str, ...]:
        return SET_PREFIXES

    @property
    def example(self) -> str:
        """A value as the operator takes it."""
        return _EXAMPLES[self.type]

    @property
    def widget(self) -> str:
        """The field that gives the values back as they are: TIME, CHOICE or LIST."""
        values = self.fields.values.strip()
        if self.type is KeyType.DATE and (not values or UTC.fullmatch(values)):
            return TIME
        yes_or_no = self.type in (KeyType.BOOLEAN, KeyType.PRESENCE)
        return CHOICE if yes_or_no and values in {"", "true", "false"} else LIST

    @property
    def value(self) -> str:
        """As a field for a time or a choice has it."""
        values = self.fields.values.strip()
        return values.removesuffix("Z") if self.widget == TIME else values

    @property
    def about_dates(self) -> str:
        """What is to be known of the values where they are dates."""
        return POINTS_IN_TIME if self.type is KeyType.DATE and self.widget == LIST else ""

    @property
    def type(self) -> KeyType:
        return self.fields.kind

    @property
    def words(self) -> str:
        """What the condition says, once there is something to say."""
        ready = self.fields.key.strip() and self.fields.operator and self.fields.values.strip()
        return in_words(self.fields.condition()) if ready else ""

    @property
    def technical(self) -> str:
        """Its operator and key, as the policy has them."""
        condition = self.fields.condition()
        return f"{condition.operator} {condition.key}"

    @property
    def incomplete(self) -> bool:
        return not (self.fields.key and self.fields.operator and self.fields.values.strip())

    @property
    def meant(self) -> str:
        """What stands in its place in `fields.meant()`; "" where that is the same."""
        meant = self.fields.meant()
        names = [meant.key] if meant.key != self.fields.key else []
        values = meant.values.splitlines() if meant.values != self.fields.values else []
        return ", ".join(names + values)

    @property
    def without_key(self) -> str:
        """The outcome of a request without the key, where it may surprise; "" otherwise."""
        wrong = any(finding.severity is Severity.ERROR for finding in self.findings)
        return "" if wrong else without_key(self.fields.condition(), self.effect)


@dataclass(frozen=True)
class StatementLine:
    """One block in the list of statements; `number` counts from 1. `services` are those of its actions. `json` is only
    set for one that is kept."""

    number: int
    part: CompiledBlock
    reach: Reach
    services: tuple[str, ...]
    current: bool

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
        """12 ECS, EVS and VPC actions; of more than three, how many services."""
        if self.block.kept:
            return "Kept as it is"
        if not self.reach.count:
            return "Nothing selected yet"
        *first, last = self.services
        if len(self.services) > 3:
            return f"{reach_in_words(self.reach)} of {len(self.services)} services"
        return reach_in_words(self.reach, f"{', '.join(first)} and {last}" if first else last)

    @property
    def limits(self) -> str:
        return limits_in_words(self.block)

    @property
    def json(self) -> str:
        return write(kept_node(self.block.kept)) if self.block.kept else ""


def _services(catalog: Catalog, found: Reach) -> tuple[str, ...]:
    """As they are called where there is little room; one that is not known by its prefix."""
    prefixes, known = {service_of(name) for name in found.actions}, catalog.prefixes.services_by_prefix
    return tuple(sorted({known[prefix].label if prefix in known else prefix for prefix in prefixes}))


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
        found = [(part, reach_of(self._catalog, part.statements)) for part in self._policy.blocks]
        return tuple(
            StatementLine(at + 1, part, reached, _services(self._catalog, reached), current=at == self._at)
            for at, (part, reached) in enumerate(found)
        )

    @property
    def current(self) -> StatementLine:
        return self.lines[self._at]

    @property
    def several(self) -> bool:
        return len(self.lines) > 1

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
        return ConditionEditor(fields, findings, self.current.block.effect)

    @property
    def edited(self) -> int | None:
        """The condition of the block that is edited, counted from 0."""
        at = self._view.condition
        return at if at is not None and at < len(self.current.block.conditions) else None

    @property
    def edited_number(self) -> int | str:
        """The same counted from 1, "" where a new one is written."""
        return "" if self.edited is None else self.edited + 1
