"""The words for where a policy works, for each verdict."""

import pytest

from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.catalog.scope import Verdict, judge
from policybuilder.web import wording
from policybuilder.web.wording import VerdictInWords, policy_name
from tests.builders import catalog, operation

CATALOG = catalog(
    *(operation(f"ecs/servers/{kind}", f"ecs:servers:{kind}", enterprise=kind) for kind in ("yes", "no", "varies"))
)


@pytest.mark.parametrize(
    ("names", "kind", "short", "line"),
    [
        ([], "empty", "Nothing is granted yet", "Nothing is granted yet"),
        (["yes"], Verdict.IAM_AND_ENTERPRISE, *[wording.IN_BOTH] * 2),
        (["no"], Verdict.IAM_ONLY, "IAM-only", wording.ALL_IAM_ONLY),
        (
            ["no", "yes"],
            Verdict.IAM_ONLY,
            "IAM-only",
            wording.SOME_IAM_ONLY.format(n=1, total=2),
        ),
        (["other"], Verdict.UNKNOWN, "Scope unknown", wording.SCOPE_UNKNOWN.format(n=1, total=1)),
        (["varies"], Verdict.VARIES, wording.IN_PART, wording.SCOPE_VARIES.format(n=1, total=1)),
        (["other", "yes"], Verdict.UNKNOWN, "Scope unknown", wording.SCOPE_UNKNOWN.format(n=1, total=2)),
        (
            ["varies", "yes"],
            Verdict.VARIES,
            wording.IN_PART,
            wording.SCOPE_VARIES.format(n=1, total=2),
        ),
    ],
)
def test_verdict_in_words(names, kind, short, line):
    verdict = VerdictInWords(judge(CATALOG, [f"ecs:servers:{name}" for name in names]))

    assert (verdict.kind, verdict.short, verdict.line) == (kind, short, line)


@pytest.mark.parametrize(
    ("name", "level", "made"),
    [
        ("team-a", None, "team-a"),
        ("", None, ""),
        ("team-a", Level.XA, "team-a"),
        ("team-a", Level.AX, "team-a-global"),
        ("", Level.XA, "custom-policy"),
        ("", Level.AX, "custom-policy-global"),
        ("x" * 200, Level.XA, "x" * 64),
        ("x" * 200, Level.AX, "x" * 57 + "-global"),
    ],
)
def test_each_policy_of_a_draft_has_a_name_that_iam_takes(name, level, made):
    assert policy_name(name, level) == made
