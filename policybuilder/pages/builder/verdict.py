"""Where a draft's policy works, in words: in general, or else there where it is to be granted; and the alarm."""

from collections.abc import Iterator
from dataclasses import dataclass

from policybuilder.domain.access.excluded import without_effect
from policybuilder.domain.building.causes import Causes, Culprit
from policybuilder.domain.building.compiler import CompiledPolicy
from policybuilder.domain.building.selection import Dependencies, Selection
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Support, combine
from policybuilder.domain.catalog.scope import Goal, Verdict
from policybuilder.domain.findings import Plural, Template
from policybuilder.domain.policy.document import Effect
from policybuilder.domain.words import counted
from policybuilder.drafts.draft import Draft
from policybuilder.web.wording import SCOPE_UNKNOWN, VerdictInWords

WORKS_THERE = "Works where it is to be granted"
WORKS_AT = "Works where it is to be granted: {place}"
WORKS_IN_PART = Plural(
    "Works where it is to be granted: {place}, in part for 1 of 1 action",
    "Works where it is to be granted: {place}, in part for {n:,} of {total:,} actions",
    by="total",
)
NONE_HAS_EFFECT = Plural(
    "Its one action has no effect in {place}, where it is to be granted",
    "None of {total:,} actions has an effect in {place}, where it is to be granted",
    by="total",
)
SOME_WITHOUT_EFFECT = Plural(
    "1 of {total:,} actions has no effect in {place}, where it is to be granted",
    "{n:,} of {total:,} actions have no effect in {place}, where it is to be granted",
)
NOW_IAM_ONLY = "The policy is now IAM-only"
NOW_WITHOUT_EFFECT = "The policy now holds what has no effect in enterprise projects"


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
        return "Scope unknown" if self.unknown else WORKS_THERE + (", in part" if self.varies else "")

    @property
    def line(self) -> str:
        """3 of 14 actions have no effect in enterprise projects, where it is to be granted"""
        total, without = self.scope.total, self._without_effect
        if self.goal is Goal.UNDECIDED or not total:
            return super().line
        wording: Template
        if without:
            names, wording = without, NONE_HAS_EFFECT if len(without) == total else SOME_WITHOUT_EFFECT
        elif self.unknown:
            names, wording = self.unknown, SCOPE_UNKNOWN
        else:
            names, wording = self.varies, WORKS_IN_PART if self.varies else WORKS_AT
        return wording.format(n=len(names), total=total, place=self.goal.place)

    @property
    def _without_effect(self) -> tuple[str, ...]:
        return self.without_effect if self.in_iam_projects else self.scope.iam_only

    @property
    def news(self) -> str:
        """What the alarm says; the numbers are in the line."""
        return NOW_IAM_ONLY if self.goal is Goal.UNDECIDED else NOW_WITHOUT_EFFECT

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


CULPRITS_IN_ALARM = 2
NAMED = 3  # operations that are named one by one


@dataclass(frozen=True)
class Alarm:
    """The change that made the policy IAM-only, in clauses, with the first culprits and how many follow them."""

    changes: tuple[str, ...]
    culprits: tuple[Culprit, ...]
    more: int


def raise_alarm(catalog: Catalog, before: Draft, after: Draft, causes: Causes) -> Alarm:
    """The alarm for a change that made a policy IAM-only. `causes` are those of `after`."""
    changes = tuple(describe_change(catalog, before, after))
    culprits = causes.culprits
    return Alarm(changes, culprits[:CULPRITS_IN_ALARM], max(0, len(culprits) - CULPRITS_IN_ALARM))


def describe_change(catalog: Catalog, before: Draft, after: Draft) -> Iterator[str]:
    """What was added between two drafts, a few words each: “Starting an ECS” was chosen."""
    if after.goal is not before.goal and after.goal.place:
        yield f"it is to be granted in {after.goal.place} now"
    if len(before.blocks) != len(after.blocks):
        yield f"the policy has {len(after.blocks)} statements now, it had {len(before.blocks)}"
        return
    for number, (was, is_) in enumerate(zip(before.blocks, after.blocks, strict=True), 1):
        if was.effect is not is_.effect:
            yield f"statement {number} {'denies' if is_.effect is Effect.DENY else 'allows'} now"
        done = "denied" if is_.effect is Effect.DENY else "chosen"
        yield from _describe_selections(catalog, was.selection, is_.selection, done)


def _describe_selections(catalog: Catalog, before: Selection, after: Selection, done: str) -> Iterator[str]:
    ticked = [id_ for id_ in catalog.operations if id_ in after.operations - before.operations]
    for id_ in ticked[:NAMED]:
        yield f"“{catalog.titles.operation_name(catalog.operations[id_])}” was {done}"
    if len(ticked) > NAMED:
        more = len(ticked) - NAMED
        yield f"1 more operation was {done}" if more == 1 else f"{more} more operations were {done}"
    for id_, slug in sorted(before.options_off - after.options_off):
        title = next((o.title for o in catalog.operations[id_].options if o.slug == slug), slug)
        if id_ in before.operations & after.operations:
            yield f"the option “{title}” was switched on"
    for name in sorted(after.actions - before.actions):
        yield f"the action {name} was {'denied' if done == 'denied' else 'added'}"
    for name in sorted((before.without | before.only_reading) - (after.without | after.only_reading)):
        yield f"{name} was put back"
    if after.dependencies is Dependencies.ALL and before.dependencies is not Dependencies.ALL:
        yield "dependencies of dependencies were switched on"
