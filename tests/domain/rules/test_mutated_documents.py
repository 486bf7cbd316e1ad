"""What holds of every answer of the check, tried on damaged policies, a thousand for each seed, and on hostile texts.

How long the latter take is measured by `make bench ARGS=check`.
"""

from collections import Counter

import pytest

from bench import hostile
from policybuilder.domain.jsontext.nodes import find
from policybuilder.domain.jsontext.source import JsonText, read
from policybuilder.domain.rules.check import (
    MORE_FINDINGS,
    MOST_FINDINGS,
    MOST_PLACE_CHARACTERS,
    Checked,
    PolicyFinding,
    check,
)
from policybuilder.domain.rules.table import table
from tests.builders import real_catalog
from tests.domain.policy_mutations import documents
from tests.laws import PROFILE
from tests.sweeps import sweep

DOCUMENTS_PER_SEED = 1_000
FIXES_OF_ONE_IN = 4  # documents; each fix is one more check
ABOUT_THE_CHECK = 4  # findings that are given beside the first MOST_FINDINGS
MISSING = {"display_name", "type", "policy"}  # the place of keys that a role lacks, and the only ones to be no place
SEVERITIES = {entry.code: entry.severity for entry in table()}
OF_THE_SPELLING = {"PB029"}  # how long the text is with its space; a repair changes that


@pytest.mark.parametrize("seed", range(3 if PROFILE == "ci" else 2))
def test_mutated_documents_are_answered_and_their_fixes_fix(seed):
    faulty = repaired = fixes = 0
    seen: set[str] = set()
    for at, text in enumerate(documents(seed, DOCUMENTS_PER_SEED)):
        source, result = hold(text)
        seen |= codes(result).keys()
        faulty += source.root is None
        if source.root and source.repairs:
            repaired += 1
            hold_for_repairs(source, result)
        if at % FIXES_OF_ONE_IN == 0:
            fixes += hold_for_fixes(result, text)

    # Not by how many: only that there was something to hold for.
    assert min(faulty, repaired, fixes, len(seen)) > 50


# What is said about them, once each and the gravest first.
HOSTILE = {
    "a text of a megabyte": "IAM.1101",
    "an action of 32 KB": "IAM.1021 IAM.1034",
    "an action of 32 KB of stars": "IAM.1021 IAM.1034",
    "a key of 32 KB": "IAM.1021 IAM.1029 IAM.1030 IAM.1059",
    "a value of 32 KB": "IAM.1021 IAM.1056 PB003 PB022",
    "brackets 100,000 deep": "IAM.1101",
    "brackets as deep as 32 KB": "PB036",
    "objects as deep as 32 KB": "PB036",
    "1,000 statements": "IAM.1021 IAM.1028 PB010 PB017 PB033",
    "600 statements of one wildcard": "IAM.1021 IAM.1028 PB002 PB005 PB017 PB033",
    "150 statements of actions and a Deny": "IAM.1021 IAM.1028 PB002 PB018 PB017 PB022",
    "32 KB of known actions": "IAM.1021 IAM.1033 PB002 PB014 PB033",
    "32 KB of nearly known actions": "IAM.1021 IAM.1033 IAM.1036 PB033",
    "32 KB of unknown services": "IAM.1021 IAM.1033 PB003 PB022 PB033",
    "32 KB of wildcards": "IAM.1021 IAM.1033 PB002 PB018 PB034 PB033",
    "32 KB of wildcards in the service": "IAM.1021 IAM.1033 PB003 PB020 PB034 PB033",
    "32 KB of wildcards that match much": "IAM.1021 IAM.1033 PB002 PB019 PB022 PB015 PB034",
    "wildcards and a Deny of the same": "IAM.1021 IAM.1033 PB002 PB016 PB020 PB034 PB033",
    "wildcards and actions that are nearly known": "IAM.1021 IAM.1033 IAM.1036 PB034 PB033",
    "32 KB of operators": "IAM.1021 IAM.1050 PB023 IAM.1051 PB033",
    "32 KB of nearly known keys": "IAM.1021 IAM.1054 IAM.1052 PB033",
    "32 KB of values that are no Booleans": "IAM.1021 PB010 PB027 PB033",
    "32 KB of one key": "IAM.1021 IAM.1030 PB008 PB033",
    "32 KB of lists": "IAM.1021 IAM.1028 PB009 PB033",
    "50 policies": "PB002",
    "10,000 policies": "IAM.1024 IAM.1028 PB035",
    "NaN": "PB036",
    "a huge exponent": "PB036",
    "a number of 32 KB": "PB036",
    "half a character": "PB036",
    "half a character, escaped": "PB036",
    "a control character": "PB036",
    "32 KB of control characters": "PB036",
    "32 KB of quotes": "PB036",
    "32 KB of typographic quotes": "PB036",
    "32 KB of typographic texts": "IAM.1020 PB035",
    "32 KB of single quotes": "PB036",
    "32 KB of backslashes": "IAM.1020",
    "32 KB of commas": "PB036",
    "32 KB of missing commas": "PB036",
    "32 KB of comments": "PB036",
    "32 KB of open comments": "PB036",
    "32 KB of code fences": "PB036",
    "32 KB of invisible space": "PB036",
    "32 KB of lines": "PB036",
    "32 KB of mail quotes": "PB036",
    "32 KB of entities": "PB036",
    "32 KB of brackets in prose": "PB036",
    "32 KB of names in prose": "PB036",
    "32 KB of plus in Terraform": "PB036",
    "32 KB of blocks in Terraform": "IAM.1101",
    "32 KB of heredocs": "PB036",
    "32 KB of quotes for a shell": "PB036",
    "32 KB of escapes": "PB036",
    "8 levels of strings": "PB036",
    "policies in a row": "IAM.1101",
    "32 KB of repairs in 8 layers": "PB036",
    "32 KB of Effects in lower case": "IAM.1021 IAM.1028 IAM.1030 IAM.1029 PB034 PB033",
    "32 KB of Effects in lower case, once": "IAM.1021 IAM.1030 PB008 PB033",
    "32 KB of actions in a text": "IAM.1101",
}


HOSTILE_TEXTS = hostile.texts(real_catalog())


@sweep("name", HOSTILE_TEXTS)
def test_hostile_text_is_answered_clearly(name):
    _, result = hold(HOSTILE_TEXTS[name])

    assert " ".join(codes(result)) == HOSTILE[name]


def hold(text: str) -> tuple[JsonText, Checked]:
    source = read(text)
    result = check(real_catalog(), source)
    assert len(result.findings) <= MOST_FINDINGS + ABOUT_THE_CHECK
    assert (source.root is None) == (not result.policies) or "PB036" in codes(result)
    for found in (*source.faults, *source.repairs):
        assert 0 <= found.offset <= len(text)
        assert source.position(found.offset) == (found.line, found.column)
    for each in result.findings:
        hold_for_finding(each, source, result)
    return source, result


def hold_for_finding(each: PolicyFinding, source: JsonText, result: Checked) -> None:
    finding = each.finding
    assert finding.severity is SEVERITIES[finding.code]
    assert finding.message
    assert finding.hint
    assert "".join((finding.message, finding.hint)).isprintable()
    assert max(map(len, (finding.message, finding.hint))) <= 300
    assert each.fix is None or not source.repairs
    assert each.start is not None
    assert each.end is not None
    assert 0 <= each.start <= each.end <= len(source.text)
    if not finding.place or len(finding.place) == MOST_PLACE_CHARACTERS:
        return
    policy = result.policies[each.policy].found
    roots = [root for root in (policy.body, policy.role) if root is not None]
    nodes = [node for root in roots if (node := find(root, finding.place)) is not None]
    # Duplicates share a place, and what is found there is the last one.
    if finding.place not in MISSING and not source.duplicates:
        # The value itself, or the key before it.
        origin = source.passage.origin
        places = [(origin(node.start), origin(node.end - 1) + 1) for node in nodes]
        assert any((each.start, each.end) == place or each.end <= place[0] for place in places)


def hold_for_repairs(source: JsonText, result: Checked) -> None:
    """What is said about a repaired text is what was said about the text before."""
    again, after = hold(source.repaired_text)
    assert (again.faults, again.repairs) == ((), ())
    assert words(after) == words(result)


def hold_for_fixes(result: Checked, text: str) -> int:
    """Applies each fix to the text by itself, and counts them."""
    fixable = [each for each in result.findings if each.fix]
    for each in fixable:
        hold_for_fix(each, result, text)
    return len(fixable)


def hold_for_fix(each: PolicyFinding, result: Checked, text: str) -> None:
    assert each.fix is not None
    source, after = hold(each.fix.apply(text))
    assert (source.faults, source.repairs) == ((), ())
    if MORE_FINDINGS not in codes(result):
        assert codes(after)[each.finding.code] < codes(result)[each.finding.code]
    if any(edit.text for edit in each.fix.edits):
        # What is taken out makes place for the next one, which can be wrong in the same way.
        assert words(after)[_words(each)] < words(result)[_words(each)]


def codes(result: Checked) -> Counter[str]:
    return Counter(each.finding.code for each in result.findings)


def words(result: Checked) -> Counter[tuple[int, str, str, str]]:
    return Counter(_words(each) for each in result.findings if each.finding.code not in OF_THE_SPELLING)


def _words(each: PolicyFinding) -> tuple[int, str, str, str]:
    return each.policy, each.finding.code, each.finding.place, each.finding.message
