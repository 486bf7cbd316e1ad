"""The warnings about the policies of a group, as values for the templates."""

from collections.abc import Iterable
from dataclasses import dataclass

from policybuilder.domain.access.conditions import Context
from policybuilder.domain.access.evaluation import Project
from policybuilder.domain.access.group_warnings import ADDS_NOTHING, BROKEN_OPERATIONS, GroupWarning, find_warnings
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.work import Work

from .cells import Few, StatementLink, StatementNames
from .group import PolicyOfGroup

MOST_WARNINGS = 60


@dataclass(frozen=True)
class WarningRow:
    warning: GroupWarning
    links: Few[StatementLink]
    link: StatementLink | None

    @property
    def severity(self) -> str:
        return self.warning.finding.severity.value


def warning_rows(
    catalog: Catalog, policies: tuple[PolicyOfGroup, ...], names: StatementNames, context: Context, work: Work
) -> tuple[WarningRow, ...]:
    """The gravest first. A policy that cannot be read adds nothing, and its card says why. Raises WorkSpentError."""
    said = (
        warning
        for warning in _wherever_granted(catalog, policies, context, work)
        if warning.finding.code != ADDS_NOTHING or policies[warning.policy].granted.document.statements
    )
    return tuple(_row(names, warning) for warning in list(said)[:MOST_WARNINGS])


def _wherever_granted(
    catalog: Catalog, policies: tuple[PolicyOfGroup, ...], context: Context, work: Work
) -> Iterable[GroupWarning]:
    """As long as nobody said where some policy is granted, those that do not hang on which place that is."""
    here, there = (tuple(policy.judged_for(project) for policy in policies) for project in Project)
    found = find_warnings(catalog, here, context, work)
    if here == there:
        return found
    elsewhere = {_about(warning) for warning in find_warnings(catalog, there, context, work)}
    return [warning for warning in found if warning.finding.code == BROKEN_OPERATIONS or _about(warning) in elsewhere]


def _about(warning: GroupWarning) -> tuple[str, int, str]:
    return warning.finding.code, warning.policy, warning.finding.place


def _row(names: StatementNames, warning: GroupWarning) -> WarningRow:
    few = Few.of(warning.because)
    links = Few([names.link(place) for place in few.first], few.more)
    place = warning.finding.place.removeprefix("Statement[").removesuffix("]")
    return WarningRow(warning, links, names.link((warning.policy, int(place))) if place else None)
