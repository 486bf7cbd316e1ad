"""What a check found, in one word. Only here is it decided that IAM accepts a policy."""

from collections.abc import Iterable
from enum import StrEnum

from policybuilder.domain.findings import Finding, Severity

KEEPS_NOTHING_SHUT = "PB011"


class Outcome(StrEnum):
    """REFUSED: there is an error. OPEN: a Deny may protect nothing. UNCHECKED: no error, but not all was checked.

    ACCEPTED: everything was checked, with findings that are no errors. CLEAN: without any finding.
    """

    REFUSED = "refused"
    OPEN = "open"
    UNCHECKED = "unchecked"
    ACCEPTED = "accepted"
    CLEAN = "clean"


def outcome_of(findings: Iterable[Finding], *, whole: bool) -> Outcome:
    """`whole`: everything that IAM checks was checked."""
    found = list(findings)
    if any(each.severity is Severity.ERROR for each in found):
        return Outcome.REFUSED
    if any(each.code == KEEPS_NOTHING_SHUT for each in found):
        return Outcome.OPEN
    if not whole:
        return Outcome.UNCHECKED
    return Outcome.ACCEPTED if found else Outcome.CLEAN
