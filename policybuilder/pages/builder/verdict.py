"""Where a draft's policy works, in words: in general, or else there where it is to be granted."""

from dataclasses import dataclass

from policybuilder.domain.access.excluded import without_effect
from policybuilder.domain.building.compiler import CompiledPolicy
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Support, combine
from policybuilder.domain.catalog.scope import Goal, Verdict
from policybuilder.domain.policy.document import Effect
from policybuilder.domain.words import counted, have
from policybuilder.web.wording import VerdictInWords

_WORKS = "Works where it is to be granted"


@dataclass(frozen=True)
class DraftVerdict(VerdictInWords):
    """`without_effect` are the actions that have none in IAM projects, where these are the goal, and `unknown` those of
    which nobody says whether they work at the goal; both sorted."""

    goal: Goal
    without_effect: tuple[str, ...]
    unknown: tuple[str, ...]

    @classmethod
    def of(cls, catalog: Catalog, policy: CompiledPolicy) -> "DraftVerdict":
        scope, goal = policy.scope, policy.goal
        if goal is not Goal.IAM_PROJECT:
            unknown = scope.unknown if scope.verdict is Verdict.UNKNOWN else ()
            return cls(scope, goal, (), unknown)
        supports = {
            name: combine(each.iam_project for each in catalog.action_index.scopes(name)) for name in scope.unknown
        }
        unknown = tuple(name for name, found in supports.items() if found is Support.UNKNOWN)
        return cls(scope, goal, _without_effect(catalog, policy), unknown)

    @property
    def in_iam_projects(self) -> bool:
        return self.goal is Goal.IAM_PROJECT

    @property
    def varies(self) -> tuple[str, ...]:
        """The actions of which some calls stay IAM-only, where that is what is to be said."""
        return self.scope.varies if not self.in_iam_projects and self.scope.verdict is Verdict.VARIES else ()

    @property
    def kind(self) -> str:
        if not self.in_iam_projects or not self.scope.total:
            return super().kind
        kinds = {Verdict.VARIES: self.without_effect, Verdict.UNKNOWN: self.unknown}
        return next((kind.value for kind, found in kinds.items() if found), Verdict.IAM_AND_ENTERPRISE.value)

    @property
    def short(self) -> str:
        if self.goal is Goal.UNDECIDED or not self.scope.total:
            return super().short
        if without := self._without_effect:
            return f"{counted(len(without), 'action')} without effect"
        return "Scope unknown" if self.unknown else _WORKS + (", in part" if self.varies else "")

    @property
    def line(self) -> str:
        """3 of 14 actions have no effect in enterprise projects, where it is to be granted"""
        scope = self.scope
        if self.goal is Goal.UNDECIDED or not scope.total:
            return super().line
        if without := self._without_effect:
            return f"{_none_of(len(without), scope.total)} in {self.goal.place}, where it is to be granted"
        if self.unknown:
            return f"Scope unknown for {len(self.unknown)} of {counted(scope.total, 'action')}"
        part = f", in part for {len(self.varies)} of {counted(scope.total, 'action')}" if self.varies else ""
        return f"{_WORKS}: {self.goal.place}{part}"

    @property
    def _without_effect(self) -> tuple[str, ...]:
        return self.without_effect if self.in_iam_projects else self.scope.iam_only

    @property
    def news(self) -> str:
        """What the alarm says; the numbers are in the line."""
        if self.goal is Goal.UNDECIDED:
            return "The policy is now IAM-only"
        return "The policy now holds what has no effect in enterprise projects"

    @property
    def asks_why(self) -> str:
        """The name of the list of what makes it so."""
        return "What makes it IAM-only" if self.goal is Goal.UNDECIDED else "What has no effect there"


def _without_effect(catalog: Catalog, policy: CompiledPolicy) -> tuple[str, ...]:
    """Of what is allowed; of a policy that only denies, of what it denies, which is what its verdict is about."""
    statements = policy.document.statements
    if any(each.effect is Effect.ALLOW for each in statements):
        return policy.excluded.actions
    return without_effect(catalog, statements, policy.goal)


def _none_of(number: int, total: int) -> str:
    if total == 1:
        return "Its one action has no effect"
    if number == total:
        return f"None of {counted(total, 'action')} has an effect"
    return f"{number} of {counted(total, 'action')} {have(number)} no effect"
