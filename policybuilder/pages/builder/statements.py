"""The statements of a draft as values for the builder's templates: a line for each, and what limits the edited one."""

from dataclasses import dataclass

from django.utils.functional import cached_property

from policybuilder.domain.building.blocks import Block, kept_node
from policybuilder.domain.building.compiler import CompiledBlock, CompiledPolicy
from policybuilder.domain.building.reach import Reach, reach_of
from policybuilder.domain.catalog.action_names import service_of
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.jsontext.writer import write
from policybuilder.domain.policy.condition_words import in_words
from policybuilder.domain.policy.document import MAX_STATEMENTS, Condition, Effect
from policybuilder.drafts.addresses import View
from policybuilder.web.wording import limits_in_words, reach_in_words

from .conditions import ConditionEditor, ConditionFields, Typed, condition_findings


@dataclass(frozen=True)
class StatementLine:
    """One block in the list of statements; `number` counts from 1. `services` are those of its actions. `json` is only
    set for one that is kept."""

    number: int
    part: CompiledBlock
    reach: Reach
    services: tuple[str, ...]
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


def statement_lines(catalog: Catalog, policy: CompiledPolicy, at: int) -> tuple[StatementLine, ...]:
    last = len(policy.blocks) - 1
    found = [reach_of(catalog, part.statements) for part in policy.blocks]
    return tuple(
        StatementLine(number + 1, part, reached, _services(catalog, reached), number == at, number == 0, number == last)
        for number, (part, reached) in enumerate(zip(policy.blocks, found, strict=True))
    )


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

    @property
    def unfinished_condition(self) -> bool:
        return not self._typed.condition.empty

    @property
    def unfinished(self) -> tuple[str, ...]:
        return self._typed.unfinished
