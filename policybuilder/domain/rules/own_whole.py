"""What we say about a policy as a whole: whether it works, where, and beside what.

PB001 to PB007, PB048, PB050 to PB052.
"""

from collections.abc import Iterator

from policybuilder.domain.access.document_scope import denied_without_effect
from policybuilder.domain.access.openings import opening_wording
from policybuilder.domain.access.operations import Concerned
from policybuilder.domain.catalog.action_names import action_key, service_of
from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.catalog.scope import Goal, Verdict
from policybuilder.domain.findings import Finding, Plural, Severity, Values, Wording
from policybuilder.domain.policy.both_levels import what_keeps_mixed
from policybuilder.domain.policy.document import MAX_CHARACTERS, Effect

from .rule import OUR_ADVICE, OURS, SYNTAX, PolicySubject, Remark, Rule

NEAR_LIMIT = 0.9  # of the characters that IAM takes
MIXED_LEVELS_CODE = "PB007"
_SELECTIONS = "about selections only"
SCOPE_COLUMNS = "tables of supported actions, columns IAM Project and Enterprise Project"


PUT_BACK = "Put back what was left out or switched off, or untick the operation."
CHANGE_DENY = "Change the Deny, which wins over every Allow, or untick the operation."
TRY_OR_PUT_BACK = "Nobody publishes which of its actions the operation needs: try it, or put back what was left out."
TRY_OR_CHANGE_DENY = "Nobody publishes which of its actions the operation needs: try it, or change the Deny."
NOT_GRANTED = Wording(
    Plural(
        "“{operation}” is selected but will be refused: {names:all} is not granted.",
        "“{operation}” is selected but will be refused: {names:all} are not granted.",
    ),
    PUT_BACK,
)
NOT_GRANTED_AS_A_WHOLE = Wording(
    Plural(
        "“{operation}” is selected but will be refused: {names:all} is not granted as a whole.",
        "“{operation}” is selected but will be refused: {names:all} are not granted as a whole.",
    ),
    PUT_BACK,
)
PERHAPS_NOT_GRANTED = Wording(
    Plural(
        "“{operation}” is selected but may be refused: {names:all} is not granted.",
        "“{operation}” is selected but may be refused: {names:all} are not granted.",
    ),
    TRY_OR_PUT_BACK,
)
PERHAPS_NOT_GRANTED_AS_A_WHOLE = Wording(
    Plural(
        "“{operation}” is selected but may be refused: {names:all} is not granted as a whole.",
        "“{operation}” is selected but may be refused: {names:all} are not granted as a whole.",
    ),
    TRY_OR_PUT_BACK,
)
DENIED = Wording(
    Plural(
        "“{operation}” is selected but will be refused: {blocks:statements} denies {names:all}.",
        "“{operation}” is selected but will be refused: {blocks:statements} deny {names:all}.",
        by="denying",
    ),
    CHANGE_DENY,
)
DENIED_IN_PART = Wording(
    Plural(
        "“{operation}” is selected but will be refused: {blocks:statements} denies a part of {names:all}.",
        "“{operation}” is selected but will be refused: {blocks:statements} deny a part of {names:all}.",
        by="denying",
    ),
    CHANGE_DENY,
)
PERHAPS_DENIED = Wording(
    Plural(
        "“{operation}” is selected but may be refused: {blocks:statements} denies {names:all}.",
        "“{operation}” is selected but may be refused: {blocks:statements} deny {names:all}.",
        by="denying",
    ),
    TRY_OR_CHANGE_DENY,
)
PERHAPS_DENIED_IN_PART = Wording(
    Plural(
        "“{operation}” is selected but may be refused: {blocks:statements} denies a part of {names:all}.",
        "“{operation}” is selected but may be refused: {blocks:statements} deny a part of {names:all}.",
        by="denying",
    ),
    TRY_OR_CHANGE_DENY,
)
_LACKING = {  # whether a statement denies the actions, whether only a part of them is lacking, whether it may work
    (False, False, False): NOT_GRANTED,
    (False, True, False): NOT_GRANTED_AS_A_WHOLE,
    (False, False, True): PERHAPS_NOT_GRANTED,
    (False, True, True): PERHAPS_NOT_GRANTED_AS_A_WHOLE,
    (True, False, False): DENIED,
    (True, True, False): DENIED_IN_PART,
    (True, False, True): PERHAPS_DENIED,
    (True, True, True): PERHAPS_DENIED_IN_PART,
}
UNTICK_HERE_OR_THERE = "Untick it here or there: a Deny wins over every Allow."
OPERATION_DENIED = Wording(
    Plural(
        "“{operation}” is selected but will be refused: {blocks:statements} denies it.",
        "“{operation}” is selected but will be refused: {blocks:statements} deny it.",
        by="denying",
    ),
    UNTICK_HERE_OR_THERE,
)
OPERATION_DENIED_IN_PART = Wording(
    Plural(
        "“{operation}” is selected but may be refused: {blocks:statements} denies a part of what authorises it.",
        "“{operation}” is selected but may be refused: {blocks:statements} deny a part of what authorises it.",
        by="denying",
    ),
    UNTICK_HERE_OR_THERE,
)


def selected_is_refused(subject: PolicySubject) -> Iterator[Remark]:
    """Operations that lack an action, each reason by itself; then those that a statement denies and that lack nothing
    else: what is incomplete gets its own action, so no Deny is sure to take it."""
    if subject.selected is None:
        return
    operations, denied_by = subject.selected.operations, subject.selected.denied_by
    asked = set(operations.selected)
    for entry in operations.incomplete:
        if entry.id in asked:
            reasons: dict[tuple[tuple[int, ...], bool], list[str]] = {}
            for name in entry.missing:
                blocks = subject.selected.missing_denied_by.get(name, ())
                reasons.setdefault((blocks, name in entry.in_part), []).append(name)
            for (blocks, in_part), names in sorted(reasons.items()):
                wording = _LACKING[bool(blocks), in_part, entry.may_work]
                values = {**_refused(subject, entry.id, blocks), "names": names, "n": len(names)}
                yield from subject.as_a_whole(wording, values)
    others = operations.allowed | operations.conditional | {entry.id for entry in operations.incomplete}
    denying = Concerned(s for s in subject.document.statements if s.effect is Effect.DENY)
    for id_ in operations.selected:
        if id_ in denied_by and id_ not in others:
            whole = any(map(denying.whole, subject.catalog.operation(id_).all_actions()))
            wording = OPERATION_DENIED if whole else OPERATION_DENIED_IN_PART
            yield from subject.as_a_whole(wording, _refused(subject, id_, denied_by[id_]))


def _refused(subject: PolicySubject, id_: str, blocks: tuple[int, ...]) -> Values:
    return {
        "operation": subject.catalog.titles.operation_name(subject.catalog.operation(id_)),
        "blocks": [at + 1 for at in blocks],
        "denying": len(blocks),
    }


def nothing_is_opened(subject: PolicySubject) -> Iterator[Remark]:
    """Said of the wildcard where it stands first; of one that no statement has in full, nowhere."""
    openings = subject.selected.openings if subject.selected else ()
    for opening in openings:
        key = action_key(opening.name)
        entries = (e for view in subject.statements if view.effect is Effect.ALLOW for e in view.actions)
        entry = next((e for e in entries if e.name is not None and action_key(e.name) == key), None)
        if entry is not None:
            yield Remark(entry.node, *opening_wording(subject.catalog, opening))


CANNOT_BE_DENIED = Wording(
    Plural(
        "{titles:titles} needs no authorization: no policy can deny it.",
        "{titles:titles} need no authorization: no policy can deny them.",
    ),
    Plural(
        "Untick it: the call is let through whatever the policy says.",
        "Untick them: the call is let through whatever the policy says.",
    ),
)


def selected_can_be_denied(subject: PolicySubject) -> Iterator[Remark]:
    ids = subject.selected.undeniable if subject.selected else ()
    if ids:
        titles = [subject.catalog.titles.operation_name(subject.catalog.operation(id_)) for id_ in ids]
        yield from subject.as_a_whole(CANNOT_BE_DENIED, {"titles": titles, "n": len(ids)})


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
        "PB001",
        Severity.WARNING,
        "A selected operation will be refused, or may be",
        selected_is_refused,
        OURS,
        _SELECTIONS,
    ),
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
        "PB050",
        Severity.WARNING,
        "A wildcard that an operation needs allows changes that nobody selected",
        nothing_is_opened,
        OURS,
        _SELECTIONS,
    ),
    Rule(
        "PB051",
        Severity.NOTE,
        "What is to be denied needs no authorization",
        selected_can_be_denied,
        OURS,
        _SELECTIONS,
    ),
    Rule(
        "PB052",
        Severity.WARNING,
        "What was selected has no effect where the policy is to be granted",
        goal_is_met,
        SCOPE_COLUMNS,
        _SELECTIONS,
    ),
)
