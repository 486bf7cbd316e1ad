"""The table of rules: every code that is reported anywhere, and those of IAM that cannot occur."""

from dataclasses import dataclass

from policybuilder.domain.findings import Severity
from policybuilder.domain.jsontext.source import TOO_LONG

from .check import COMPARED_IN_PART, MORE_FINDINGS, MORE_POLICIES, MOST_FINDINGS, MOST_POLICIES, RULES, UNREADABLE
from .iam_policy import NOT_APPLICABLE
from .rule import ERROR_CODES, OURS

_REFUSALS = "about refusals only"
_GROUPS = "about the policies of a group only"


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """A row of the table of rules. `severity` is None, and `note` says why, where we never report the code."""

    code: str
    severity: Severity | None
    title: str
    source: str
    note: str = ""


def table() -> tuple[RuleEntry, ...]:
    """Every code that we report, and those of IAM that cannot occur, sorted by code."""
    entries = [RuleEntry(rule.code, rule.severity, rule.title, rule.source, rule.note) for rule in RULES]
    entries += [
        RuleEntry(TOO_LONG, Severity.ERROR, "The text is longer than 32,768 bytes", ERROR_CODES),
        RuleEntry(MORE_FINDINGS, Severity.NOTE, f"There are more than {MOST_FINDINGS} findings", OURS),
        RuleEntry(COMPARED_IN_PART, Severity.NOTE, "The policy is too large to be looked at whole", OURS),
        RuleEntry(MORE_POLICIES, Severity.WARNING, f"There are more than {MOST_POLICIES} policies in a list", OURS),
        RuleEntry(UNREADABLE, Severity.ERROR, "The text is no JSON, or holds no policy", OURS),
        RuleEntry("PB037", Severity.WARNING, "What was refused is not known here", OURS, _REFUSALS),
        RuleEntry("PB038", Severity.NOTE, "A call can be that of several operations", OURS, _REFUSALS),
        RuleEntry("PB039", Severity.NOTE, "An operation needs the action beside its own", OURS, _REFUSALS),
        RuleEntry("PB040", Severity.NOTE, "The refusal was read in part only", OURS, _REFUSALS),
        RuleEntry("PB047", Severity.NOTE, "What the text does not call refused was left out", OURS, _REFUSALS),
        RuleEntry(
            "PB054",
            Severity.WARNING,
            "Authentication failed: no policy is involved",
            "IAM API reference, error codes",
            _REFUSALS,
        ),
        RuleEntry(
            "PB041",
            Severity.WARNING,
            "An Allow in the IAM project makes a Deny in Enterprise Management void",
            "IAM user manual, authentication process",
            _GROUPS,
        ),
        RuleEntry("PB042", Severity.WARNING, "A Deny of a dependency breaks an allowed operation", OURS, _GROUPS),
        RuleEntry("PB043", Severity.NOTE, "A policy adds nothing to the others", OURS, _GROUPS),
    ]
    entries += [RuleEntry(code, None, "Never reported", ERROR_CODES, why) for code, why in NOT_APPLICABLE.items()]
    return tuple(sorted(entries, key=lambda entry: entry.code))
