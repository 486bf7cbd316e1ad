"""What we say about a policy as a whole: whether it works, where, and beside what.

PB002 to PB007, PB048, PB052.
"""

from collections.abc import Iterator

from policybuilder.domain.access.document_scope import denied_without_effect
from policybuilder.domain.catalog.action_names import service_of
from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.catalog.scope import Goal, Verdict
from policybuilder.domain.findings import Finding, Plural, Severity, Wording
from policybuilder.domain.policy.both_levels import what_keeps_mixed
from policybuilder.domain.policy.document import MAX_CHARACTERS, Effect

from .own_selected import SELECTIONS
from .rule import OUR_ADVICE, SCOPE_COLUMNS, SYNTAX, PolicySubject, Remark, Rule

NEAR_LIMIT = 0.9  # of the characters that IAM takes
MIXED_LEVELS_CODE = "PB007"


OPERATIONS_WITHOUT_EFFECT = Plural(
    "{titles:titles} has no effect in {place}, where the policy is to be granted.",
    "{titles:titles} have no effect in {place}, where the policy is to be granted.",
)
ACTIONS_WITHOUT_EFFECT = Plural(
    "{names:listed} has no effect in {place}, where the policy is to be granted.",
    "{names:listed} have no effect in {place}, where the policy is to be granted.",
)
OPERATION_UNFIT = Wording(OPERATIONS_WITHOUT_EFFECT, "Untick it, or grant it elsewhere by a policy of its own.")
OPERATION_HAS_SUBSTITUTE = Wording(
    OPERATIONS_WITHOUT_EFFECT, "Tick what does the same there, or grant it elsewhere by a policy of its own."
)
ACTION_UNFIT = Wording(
    ACTIONS_WITHOUT_EFFECT, "Leave it out, or try there what needs it: no page says whether that works without."
)
ACTION_UNFIT_IN_ENTERPRISE = Wording(
    ACTIONS_WITHOUT_EFFECT,
    "Grant it in the IAM project as well, or try there what needs it: no page says whether that works without.",
)


def goal_is_met(subject: PolicySubject) -> Iterator[Remark]:
    """Said of operations, and of the actions that others need or that stand by themselves."""
    if subject.selected is None or subject.selected.goal is Goal.UNDECIDED:
        return
    without = subject.selected.excluded
    place = subject.selected.goal.place
    operations = [subject.catalog.operation(id_) for id_ in without.operations]
    theirs = {name for operation in operations for name in (*operation.all_actions(), *operation.all_dependencies())}
    actions = [name for name in without.actions if name not in theirs]
    in_enterprise = subject.selected.goal is Goal.ENTERPRISE_PROJECT
    if operations:
        titles = [subject.catalog.titles.operation_name(operation) for operation in operations]
        others = in_enterprise and any(operation.enterprise_alternative for operation in operations)
        wording = OPERATION_HAS_SUBSTITUTE if others else OPERATION_UNFIT
        yield from subject.as_a_whole(wording, {"titles": titles, "n": len(titles), "place": place})
    if actions:
        wording = ACTION_UNFIT_IN_ENTERPRISE if in_enterprise else ACTION_UNFIT
        yield from subject.as_a_whole(wording, {"names": actions, "n": len(actions), "place": place})


NONE_IN_ENTERPRISE = Wording(
    "IAM-only: the policy cannot be applied in Enterprise Management, none of its actions has an effect there.",
    "Apply it in IAM, or swap operations for the ones that support enterprise projects.",
)
IAM_ONLY = Wording(
    Plural(
        "IAM-only: {n} of {total} actions has no effect in an enterprise project.",
        "IAM-only: {n} of {total} actions have no effect in an enterprise project.",
    ),
    "Swap operations for the ones that support enterprise projects, or split the policy in two.",
)


def works_in_enterprise_projects(subject: PolicySubject) -> Iterator[Remark]:
    scope = subject.scope
    if scope.none_in_enterprise:
        yield from subject.as_a_whole(NONE_IN_ENTERPRISE)
    elif scope.verdict is Verdict.IAM_ONLY:
        yield from subject.as_a_whole(IAM_ONLY, {"n": len(scope.iam_only), "total": scope.total})


DENIAL_WITHOUT_EFFECT = Wording(
    Plural(
        "{names:listed} is denied, which has no effect where the policy is granted in Enterprise Management: nobody "
        "is granted it there.",
        "{names:listed} are denied, which has no effect where the policy is granted in Enterprise Management: nobody "
        "is granted them there.",
    ),
    "Nothing has to be done: the Deny does no harm there, and in IAM projects it counts.",
)


def denials_have_an_effect(subject: PolicySubject) -> Iterator[Remark]:
    denied = denied_without_effect(subject.known, subject.document)
    if denied is not None and denied.iam_only:
        values = {"names": denied.iam_only, "n": len(denied.iam_only)}
        yield from subject.as_a_whole(DENIAL_WITHOUT_EFFECT, values)


SCOPE_UNKNOWN = Wording(
    "It is not known whether {unknown} of {total} actions work in enterprise projects.",
    "Try the policy before relying on it there.",
)


def scope_is_known(subject: PolicySubject) -> Iterator[Remark]:
    scope = subject.scope
    if scope.verdict is Verdict.UNKNOWN:
        yield from subject.as_a_whole(SCOPE_UNKNOWN, {"unknown": len(scope.unknown), "total": scope.total})


SCOPE_VARIES = Wording(
    "{varying} of {total} actions work in enterprise projects for some of their calls only.",
    "See the calls of each action; grant the policy in IAM as well where the others are needed.",
)


def scope_does_not_vary(subject: PolicySubject) -> Iterator[Remark]:
    scope = subject.scope
    if scope.verdict is Verdict.VARIES:
        yield from subject.as_a_whole(SCOPE_VARIES, {"varying": len(scope.varies), "total": scope.total})


ONLY_DENIES = Wording(
    "The policy only denies: it has an effect only beside one that allows.",
    "Give the same user group a policy that allows the rest.",
)


def something_is_allowed(subject: PolicySubject) -> Iterator[Remark]:
    if {statement.effect for statement in subject.document.statements} == {Effect.DENY}:
        yield from subject.as_a_whole(ONLY_DENIES, place="Statement")


LIMIT_IS_NEAR = Wording(
    "The policy has {characters:,} of {most:,} characters; {left:,} are left.",
    "Plan for a second policy before adding more.",
)


def limit_is_far(subject: PolicySubject) -> Iterator[Remark]:
    characters = subject.size.characters
    left = MAX_CHARACTERS - characters
    if left >= 0 and characters >= NEAR_LIMIT * MAX_CHARACTERS:
        yield from subject.as_a_whole(LIMIT_IS_NEAR, {"characters": characters, "most": MAX_CHARACTERS, "left": left})


MIXED = "The policy mixes services of a region's projects with global services; IAM takes one kind per policy."
MIXED_BY_UNKNOWN = Plural(
    "The policy mixes global services with {others:listed}, which counts as a service of a region's projects as long "
    "as nothing else is known; IAM takes one kind per policy.",
    "The policy mixes global services with {others:listed}, which count as services of a region's projects as long "
    "as nothing else is known; IAM takes one kind per policy.",
)
DIVIDE = "Divide it: each kind gets a policy of its own."
MIXED_LEVELS = Wording(MIXED, DIVIDE)
MIXED_LEVELS_BY_UNKNOWN = Wording(MIXED_BY_UNKNOWN, DIVIDE)
# `why` is the text of `both_levels` for what keeps the policy together.
MIXED_LEVELS_KEPT = Wording(MIXED, "{why}")
MIXED_LEVELS_BY_UNKNOWN_KEPT = Wording(MIXED_BY_UNKNOWN, "{why}")


def is_divided(finding: Finding) -> bool:
    """Whether it is PB007 of a policy that can be divided."""
    return finding.wording in (MIXED_LEVELS, MIXED_LEVELS_BY_UNKNOWN)


def levels_are_not_mixed(subject: PolicySubject) -> Iterator[Remark]:
    """Named services decide: IAM takes a wildcard of every service at either level. A draft is exported as two policies
    unless a statement keeps it together."""
    catalog, names = subject.catalog, {service_of(name): name for name in subject.document.actions()}.values()
    undivided = subject.selected.undivided if subject.selected else ""
    if not undivided and not catalog.prefixes.mixes_levels(names):
        return
    others = dict.fromkeys(service_of(name) for name in names if catalog.prefixes.counted_level(name) is Level.XA)
    why = undivided if subject.selected else what_keeps_mixed(catalog, subject.body, subject.statements)
    if others and not any(catalog.prefixes.level_of(name) is Level.XA for name in names):
        wording = MIXED_LEVELS_BY_UNKNOWN_KEPT if why else MIXED_LEVELS_BY_UNKNOWN
    else:
        wording = MIXED_LEVELS_KEPT if why else MIXED_LEVELS
    yield from subject.as_a_whole(wording, {"others": list(others), "n": len(others), "why": why}, "Statement")


RULES = (
    Rule(
        "PB002",
        Severity.WARNING,
        "Actions have no effect in enterprise projects",
        works_in_enterprise_projects,
        SCOPE_COLUMNS,
    ),
    Rule(
        "PB003",
        Severity.WARNING,
        "Whether actions work in enterprise projects is not known",
        scope_is_known,
        SCOPE_COLUMNS,
    ),
    Rule(
        "PB004",
        Severity.NOTE,
        "Actions work in enterprise projects for some of their calls only",
        scope_does_not_vary,
        SCOPE_COLUMNS,
    ),
    Rule("PB005", Severity.WARNING, "The policy only denies", something_is_allowed, SYNTAX),
    Rule(
        "PB006",
        Severity.NOTE,
        "The policy is near IAM's limit of 6,144 characters",
        limit_is_far,
        OUR_ADVICE,
    ),
    Rule(
        MIXED_LEVELS_CODE,
        Severity.ERROR,
        "Services of projects and global services stand in one policy",
        levels_are_not_mixed,
        SYNTAX,
    ),
    Rule(
        "PB048",
        Severity.NOTE,
        "A Deny has no effect in enterprise projects",
        denials_have_an_effect,
        SCOPE_COLUMNS,
    ),
    Rule(
        "PB052",
        Severity.WARNING,
        "What was selected has no effect where the policy is to be granted",
        goal_is_met,
        SCOPE_COLUMNS,
        SELECTIONS,
    ),
)
