"""The outcome of a check in one sentence. "IAM accepts" appears only where no part of the policy is not checked."""

from collections.abc import Callable, Iterable

from policybuilder.domain.findings import Severity
from policybuilder.domain.rules.check import Checked, PolicyFinding
from policybuilder.domain.rules.documented import NotChecked
from policybuilder.domain.rules.outcome import Outcome
from policybuilder.domain.words import counted
from policybuilder.web.wording import severities_in_words

REFUSED_TEXT = "IAM refuses this text"
REFUSED = "IAM refuses this policy"
REFUSED_SOME = "IAM refuses {refused} of these {n} policies"
ACCEPTED = "IAM accepts this policy"
ACCEPTED_ALL = "IAM accepts all {n} policies"
OPEN = "IAM accepts this policy, but not all is protected that should be"
OPEN_ALL = "IAM accepts all {n} policies, but not all is protected that should be"
UNCHECKED = "nothing found that IAM would refuse; {unchecked}"
UNCHECKED_OPEN = "nothing found that IAM would refuse, but not all is protected that should be; {unchecked}"
REPAIRED = "With the repairs, {answer}"
CLEAN = "clean, nothing to say"
OUTCOME_WORDS = {
    Outcome.REFUSED: "IAM refuses it",
    Outcome.OPEN: "It does not protect what it should",
    Outcome.UNCHECKED: "Nothing found that IAM would refuse, but not all was checked",
    Outcome.ACCEPTED: "IAM accepts it",
    Outcome.CLEAN: "IAM accepts it",
}
_KINDS: tuple[tuple[str, Callable[[NotChecked], Iterable[str]]], ...] = (
    ("action", lambda found: (each.name for each in found.actions if not (each.in_part or each.empty))),
    ("empty action list", lambda found: (each.name for each in found.actions if each.empty)),
    ("condition key", lambda found: found.condition_keys),
    ("resource", lambda found: found.resources),
    ("name", lambda found: found.names),
    ("description", lambda found: found.descriptions),
    ("role key", lambda found: found.role_keys),
)


def answer(checked: Checked) -> str:
    """Whether IAM accepts the policies of the text, as far as that is known. Begins in lower case, but for IAM."""
    number, outcome = len(checked.policies), checked.outcome
    if outcome is Outcome.REFUSED:
        refused = REFUSED_SOME if number > 1 else REFUSED if number else REFUSED_TEXT
        return refused.format(refused=_refused(checked), n=number)
    one, many = (OPEN, OPEN_ALL) if outcome is Outcome.OPEN else (ACCEPTED, ACCEPTED_ALL)
    if checked.whole:
        return (one if number == 1 else many).format(n=number)
    return (UNCHECKED_OPEN if outcome is Outcome.OPEN else UNCHECKED).format(unchecked=not_checked_in_words(checked))


def not_checked_in_words(checked: Checked) -> str:
    """not checked: 3 actions, 1 resource; checked in part: 1 action. The findings name them."""
    found = [policy.not_checked for policy in checked.policies]
    counts = [(what, len({text for each in found for text in texts(each)})) for what, texts in _KINDS]
    in_part = {each.name for policy in found for each in policy.actions if each.in_part}
    said = []
    if missed := [counted(number, what) for what, number in counts if number]:
        said.append(f"not checked: {', '.join(missed)}")
    if in_part:
        said.append(f"checked in part: {counted(len(in_part), 'action')}")
    if any(policy.gave_up for policy in checked.policies):
        said.append("too large to be checked as a whole")
    if checked.left_out:
        said.append(f"{checked.left_out:,} more policies not checked")
    return "; ".join(said)


def counts_in_words(findings: Iterable[PolicyFinding]) -> str:
    """2 errors, 1 warning; "" without any."""
    return severities_in_words(found.finding.severity for found in findings)


def _refused(checked: Checked) -> int:
    """How many of the policies IAM refuses."""
    return len({found.policy for found in checked.findings if found.finding.severity is Severity.ERROR})
