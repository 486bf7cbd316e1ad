"""Where a policy can be applied: the verdict over all its actions, and the numbers that people act on.

Source: the columns "IAM Project" and "Enterprise Project" of the tables of supported actions.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from .action_names import action_key
from .catalog import Catalog
from .entries import Operation, Scope, Support


class Goal(StrEnum):
    """Where a policy is to be granted. It changes what is offered and said, never what a selection means."""

    UNDECIDED = "undecided"
    IAM_PROJECT = "iam_project"
    ENTERPRISE_PROJECT = "enterprise_project"

    @property
    def place(self) -> str:
        """As sentences go on after “in”; "" while it is not decided."""
        return {Goal.IAM_PROJECT: "IAM projects", Goal.ENTERPRISE_PROJECT: "enterprise projects"}.get(self, "")


def has_effect(scope: Scope, goal: Goal) -> bool:
    """False only where it is known to have none there: what is unknown or varies may have one."""
    match goal:
        case Goal.IAM_PROJECT:
            return scope.iam_project is not Support.NO
        case Goal.ENTERPRISE_PROJECT:
            return scope.enterprise_project is not Support.NO
        case Goal.UNDECIDED:
            return True


def works_at(operation: Operation, goal: Goal) -> bool:
    """Whether it may have an effect there. What needs no authorization works everywhere, whatever is published."""
    return operation.free or has_effect(operation.scope, goal)


class Verdict(StrEnum):
    IAM_ONLY = "iam_only"
    UNKNOWN = "unknown"
    VARIES = "varies"
    IAM_AND_ENTERPRISE = "iam_and_enterprise"


@dataclass(frozen=True, slots=True)
class PolicyScope:
    """`iam_only`, `varies` and `unknown` are the actions of that kind, sorted; `total` counts all actions.

    A wildcard counts for every catalogue action that it matches; one that matches none counts for itself, with the
    scope of the table that publishes it, or else as unknown.
    """

    verdict: Verdict
    iam_only: tuple[str, ...]
    varies: tuple[str, ...]
    unknown: tuple[str, ...]
    total: int

    @property
    def none_in_enterprise(self) -> bool:
        """Whether no action at all has an effect in an enterprise project."""
        return self.total > 0 and len(self.iam_only) == self.total


def judge(catalog: Catalog, names: Iterable[str]) -> PolicyScope:
    supports: dict[str, Support] = {}
    for name in names:
        known = catalog.action_index.expand(name)
        supports.update((found, catalog.action_index.actions[found].scope.enterprise_project) for found in known)
        if not known:
            wildcard = catalog.action_index.wildcards.get(action_key(name))
            supports[name] = wildcard.scope.enterprise_project if wildcard else Support.UNKNOWN
    return scope_of(supports)


def scope_of(supports: Mapping[str, Support]) -> PolicyScope:
    """The scope of a policy of these actions: the name of each, and whether it works in enterprise projects."""
    names: dict[Support, list[str]] = {support: [] for support in Support}
    for name, support in supports.items():
        names[support].append(name)
    by_support = {support: tuple(sorted(found)) for support, found in names.items()}
    return PolicyScope(
        verdict=_verdict(by_support),
        iam_only=by_support[Support.NO],
        varies=by_support[Support.VARIES],
        unknown=by_support[Support.UNKNOWN],
        total=len(supports),
    )


def _verdict(by_support: dict[Support, tuple[str, ...]]) -> Verdict:
    if by_support[Support.NO]:
        return Verdict.IAM_ONLY
    if by_support[Support.UNKNOWN]:
        return Verdict.UNKNOWN
    if by_support[Support.VARIES]:
        return Verdict.VARIES
    return Verdict.IAM_AND_ENTERPRISE
