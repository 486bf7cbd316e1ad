"""What is to be said about a document: IAM's refusals under IAM's own codes, ours as PB001 and up.

Source: IAM API reference, error codes and limits of custom policies.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from policybuilder.domain.access.operations import OperationAccess
from policybuilder.domain.catalog.catalog import Catalog, Level
from policybuilder.domain.catalog.scope import PolicyScope, Verdict
from policybuilder.domain.findings import Finding, Severity
from policybuilder.domain.policy.document import MAX_CHARACTERS, MAX_STATEMENTS, Document, Effect, Size

NEAR_LIMIT = 0.9


@dataclass(frozen=True, slots=True)
class Subject:
    """A compiled document with what was found out about it."""

    catalog: Catalog
    document: Document
    scope: PolicyScope
    operations: OperationAccess
    size: Size


def too_long(subject: Subject) -> Iterator[Finding]:
    over = subject.size.characters - MAX_CHARACTERS
    if over > 0:
        yield Finding(
            "IAM.1021",
            Severity.ERROR,
            "",
            f"The policy has {subject.size.characters:,} characters, "
            f"{over:,} more than IAM's limit of {MAX_CHARACTERS:,}.",
            "Select fewer operations, or put them into two policies.",
        )


def statement_count(subject: Subject) -> Iterator[Finding]:
    if subject.size.statements == 0:
        yield Finding(
            "IAM.1028",
            Severity.ERROR,
            "Statement",
            "The policy has no statement: nothing is granted yet.",
            "Select at least one operation.",
        )
    elif subject.size.statements > MAX_STATEMENTS:
        yield Finding(
            "IAM.1028",
            Severity.ERROR,
            "Statement",
            f"The policy needs {subject.size.statements} statements; IAM takes {MAX_STATEMENTS} of 100 actions each.",
            "Select fewer operations, or put them into two policies.",
        )


def incomplete_selection(subject: Subject) -> Iterator[Finding]:
    selected = set(subject.operations.selected)
    for entry in subject.operations.incomplete:
        if entry.id in selected:
            title = subject.catalog.operation(entry.id).title
            yield Finding(
                "PB001",
                Severity.WARNING,
                "",
                f"“{title}” is selected but will be refused: {', '.join(entry.missing)} is not granted.",
                "Put back what was left out or switched off, or untick the operation.",
            )


def scope_verdict(subject: Subject) -> Iterator[Finding]:
    scope = subject.scope
    if scope.none_in_enterprise:
        yield Finding(
            "PB002",
            Severity.WARNING,
            "",
            "IAM-only: the policy cannot be applied in Enterprise Management, none of its actions has an effect there.",
            "Apply it in IAM, or swap operations for the ones that support enterprise projects.",
        )
    elif scope.verdict is Verdict.IAM_ONLY:
        yield Finding(
            "PB002",
            Severity.WARNING,
            "",
            f"IAM-only: {len(scope.iam_only)} of {scope.total} actions have no effect in an enterprise project.",
            "Swap operations for the ones that support enterprise projects, or split the policy in two.",
        )
    elif scope.verdict is Verdict.UNKNOWN:
        yield Finding(
            "PB003",
            Severity.WARNING,
            "",
            f"It is not known whether {len(scope.unknown)} of {scope.total} actions work in enterprise projects.",
            "Try the policy before relying on it there.",
        )
    elif scope.verdict is Verdict.VARIES:
        yield Finding(
            "PB004",
            Severity.NOTE,
            "",
            f"{len(scope.varies)} of {scope.total} actions work in enterprise projects for some of their calls only.",
            "See the calls of each action; grant the policy in IAM as well where the others are needed.",
        )


def only_denies(subject: Subject) -> Iterator[Finding]:
    effects = {statement.effect for statement in subject.document.statements}
    if effects == {Effect.DENY}:
        yield Finding(
            "PB005",
            Severity.WARNING,
            "Statement",
            "The policy only denies: it has an effect only beside one that allows.",
            "Give the same user group a policy that allows the rest.",
        )


def near_limit(subject: Subject) -> Iterator[Finding]:
    if NEAR_LIMIT * MAX_CHARACTERS <= subject.size.characters <= MAX_CHARACTERS:
        left = MAX_CHARACTERS - subject.size.characters
        yield Finding(
            "PB006",
            Severity.NOTE,
            "",
            f"The policy has {subject.size.characters:,} of {MAX_CHARACTERS:,} characters; {left:,} are left.",
            "Plan for a second policy before adding more.",
        )


def mixed_levels(subject: Subject) -> Iterator[Finding]:
    levels = {subject.catalog.level_of(name) for name in subject.document.actions()}
    if {Level.XA, Level.AX} <= levels:
        yield Finding(
            "PB007",
            Severity.ERROR,
            "Statement",
            "The policy mixes services of a region's projects with global services; IAM takes one kind per policy.",
            "Put the global services into a policy of their own.",
        )


RULES: tuple[Callable[[Subject], Iterator[Finding]], ...] = (
    too_long,
    statement_count,
    mixed_levels,
    incomplete_selection,
    scope_verdict,
    only_denies,
    near_limit,
)
_ORDER = {severity: at for at, severity in enumerate(Severity)}


def lint(subject: Subject) -> tuple[Finding, ...]:
    """Every finding, the gravest first, otherwise in the order of RULES."""
    found = [finding for rule in RULES for finding in rule(subject)]
    return tuple(sorted(found, key=lambda finding: _ORDER[finding.severity]))
