"""What is said of a checked text in one word and in one sentence. IAM "accepts" only what was checked as a whole."""

from collections.abc import Iterable

from policybuilder.domain.findings import Severity
from policybuilder.domain.rules.check import Checked, PolicyFinding
from policybuilder.domain.words import counted, listed
from policybuilder.web.wording import severities_in_words

KEEPS_NOTHING_SHUT = "PB011"

OUTCOME_WORDS = {
    "refused": "IAM refuses it",
    "open": "It does not protect what it should",
    "unchecked": "Nothing found that IAM would refuse, but not all was checked",
    "accepted": "IAM accepts it",
    "clean": "IAM accepts it",
}


def outcome_of(findings: Iterable[PolicyFinding], *, whole: bool) -> str:
    """refused, open (it keeps nothing shut), unchecked (no error, but not all was checked), accepted or clean."""
    found = [each.finding for each in findings]
    if any(each.severity is Severity.ERROR for each in found):
        return "refused"
    if any(each.code == KEEPS_NOTHING_SHUT for each in found):
        return "open"
    if not whole:
        return "unchecked"
    return "accepted" if found else "clean"


def answer(checked: Checked) -> str:
    """Whether IAM accepts the policies of the text, as far as that is known. Begins in lower case, but for IAM."""
    number, outcome = len(checked.policies), outcome_of(checked.findings, whole=checked.whole)
    those = "this policy" if number == 1 else f"all {number} policies" if number else "this text"
    if outcome == "refused":
        return f"IAM refuses {_refused(checked)} of these {number} policies" if number > 1 else f"IAM refuses {those}"
    said = f"IAM accepts {those}" if checked.whole else "nothing found that IAM would refuse"
    if outcome == "open":
        said += ", but not all is protected that should be"
    return said if checked.whole else f"{said}; {unchecked_in_words(checked)}"


def unchecked_in_words(checked: Checked) -> str:
    """3 actions not checked: a, b, c; 1 action checked in part: d."""
    by_name = {each.name: each for policy in checked.policies for each in policy.unchecked}
    said = []
    for in_part, words in ((False, "not checked"), (True, "checked in part")):
        if names := [name for name, each in by_name.items() if each.in_part == in_part]:
            said.append(f"{counted(len(names), 'action')} {words}: {listed(names)}")
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
