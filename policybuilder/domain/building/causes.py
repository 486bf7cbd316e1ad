"""What makes a policy IAM-only, seen from the block that is edited."""

from dataclasses import dataclass
from functools import cached_property

from policybuilder.domain.access.operations import Concerned
from policybuilder.domain.building.compiler import CompiledPolicy
from policybuilder.domain.building.operation_states import ways_left_open
from policybuilder.domain.catalog.action_names import action_key, is_wildcard
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Operation
from policybuilder.domain.catalog.scope import Goal, Verdict
from policybuilder.domain.policy.document import Effect
from policybuilder.domain.words import titles_in_words


@dataclass(frozen=True)
class Culprit:
    """A selected operation that brings actions which have no effect in enterprise projects.

    `alternative` names the operation that does its job there, in quotes; in a Deny, each operation that does its job
    and is not denied. "" without one.
    """

    name: str
    operation: Operation
    actions: tuple[str, ...]
    alternative: str


class Causes:
    """What makes a policy IAM-only, seen from the block `at` that is edited. All of it is empty for other policies.

    What is denied is no cause where something is allowed: then it has no effect there, and does no harm.
    """

    def __init__(self, catalog: Catalog, policy: CompiledPolicy, at: int):
        self._catalog = catalog
        self._policy = policy
        self._at = at
        effects = {statement.effect for statement in policy.document.statements}
        self._effect = Effect.ALLOW if Effect.ALLOW in effects else Effect.DENY
        self._here = policy.blocks[at].block.effect is self._effect
        self._iam_only = frozenset(policy.scope.iam_only)

    @property
    def iam_only(self) -> bool:
        return is_iam_only(self._policy)

    @cached_property
    def culprits(self) -> tuple[Culprit, ...]:
        """The selected operations that bring IAM-only actions, those with an alternative first."""
        catalog, part = self._catalog, self._policy.blocks[self._at]
        brought: dict[str, list[str]] = {}
        for grant in part.grants if self._here else ():
            if grant.action in self._iam_only or self._matches_one(grant.action):
                own = {o.id for o in catalog.needs.operations_by_action.get(action_key(grant.action), ())}
                for id_ in {*grant.needed_by, *(own & part.block.selection.operations)}:
                    brought.setdefault(id_, []).append(grant.action)
        ways = ways_left_open(catalog, self._policy, self._at) if self.denied else {}
        culprits = []
        for id_, actions in sorted(brought.items()):
            operation = catalog.operations[id_]
            others = ways.get(id_, ()) if self.denied else filter(None, [operation.enterprise_alternative])
            names = [catalog.titles.operation_name(catalog.operations[other], operation.service) for other in others]
            culprits.append(
                Culprit(catalog.titles.operation_name(operation), operation, tuple(actions), titles_in_words(names))
            )
        return tuple(sorted(culprits, key=lambda culprit: not culprit.alternative))

    def _matches_one(self, name: str) -> bool:
        return is_wildcard(name) and not self._iam_only.isdisjoint(self._catalog.action_index.expand(name))

    @property
    def denied(self) -> bool:
        """Whether it is a Deny that they stand in: there nothing is swapped."""
        return self._effect is Effect.DENY

    @property
    def swappable(self) -> int:
        return 0 if self.denied else sum(1 for culprit in self.culprits if culprit.alternative)

    @property
    def singles(self) -> tuple[str, ...]:
        """Single actions and wildcards that have no effect in enterprise projects, or match one that has none."""
        singles = self._policy.blocks[self._at].block.selection.actions if self._here else ()
        return tuple(
            sorted(name for name in singles if self._iam_only.intersection(self._catalog.action_index.expand(name)))
        )

    @property
    def elsewhere(self) -> tuple[int, ...]:
        """The other blocks, counted from 1, that hold IAM-only actions."""
        return tuple(
            number
            for number, part in enumerate(self._policy.blocks, 1)
            if number != self._at + 1
            and any(map(Concerned(s for s in part.statements if s.effect is self._effect).part, self._iam_only))
        )


def is_iam_only(policy: CompiledPolicy) -> bool:
    """Whether it is, and that is not as it was meant."""
    return policy.scope.verdict is Verdict.IAM_ONLY and policy.goal is not Goal.IAM_PROJECT
