"""What is said about a policy in the same words on every page."""

from .domain.scope import PolicyScope, Verdict

_VERDICTS = {
    Verdict.IAM_ONLY: "IAM-only",
    Verdict.UNKNOWN: "Scope unknown",
    Verdict.VARIES: "Works in enterprise projects, in part",
    Verdict.IAM_AND_ENTERPRISE: "Works in IAM and enterprise projects",
}


def verdict_kind(scope: PolicyScope) -> str:
    """Which colour and sign the verdict has: the verdict's value, or "empty" without any action."""
    return scope.verdict.value if scope.total else "empty"


def verdict_short(scope: PolicyScope) -> str:
    """The verdict in two or three words, for where there is no room."""
    return _VERDICTS[scope.verdict] if scope.total else "Nothing is granted yet"


def verdict_numbers(scope: PolicyScope) -> str:
    """What follows the words "IAM-only"."""
    if scope.none_in_enterprise:
        return ": cannot be applied in Enterprise Management"
    have = "has" if len(scope.iam_only) == 1 else "have"
    return f": {len(scope.iam_only)} of {scope.total} actions {have} no effect in an enterprise project"


def verdict_line(scope: PolicyScope) -> str:
    short = verdict_short(scope)
    if not scope.total or scope.verdict is Verdict.IAM_AND_ENTERPRISE:
        return short
    if scope.verdict is Verdict.IAM_ONLY:
        return f"{short}{verdict_numbers(scope)}"
    if scope.verdict is Verdict.UNKNOWN:
        return f"{short} for {len(scope.unknown)} of {scope.total} actions"
    return f"Works in enterprise projects, in part for {len(scope.varies)} of {scope.total} actions"


def file_name(name: str) -> str:
    """A file name made from the policy's name: letters, digits, hyphens, underscores and dots only."""
    kept = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in name).strip("-.")
    return f"{kept[:64] or 'ecs-policy'}.json"
