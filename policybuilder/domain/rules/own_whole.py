"""What we say about a policy as a whole: whether it works, where, and beside what.

PB001 to PB007, PB048, PB050 to PB052.
"""

from collections.abc import Iterator, Mapping, Sequence

from policybuilder.domain.access.document_scope import denied_without_effect
from policybuilder.domain.access.openings import opening_in_words
from policybuilder.domain.access.operations import Concerned, Incomplete
from policybuilder.domain.catalog.action_names import action_key, service_of
from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.catalog.scope import Goal, Verdict
from policybuilder.domain.findings import Severity
from policybuilder.domain.policy.both_levels import what_keeps_mixed
from policybuilder.domain.policy.document import MAX_CHARACTERS, Effect
from policybuilder.domain.words import have, listed, statements_in_words

from .rule import OUR_ADVICE, OURS, SYNTAX, PolicySubject, Remark, Rule, plain_remark

NARROWER = "Grant only what reads in its place, or leave it out. The operation may then be refused: try it first."
NEAR_LIMIT = 0.9  # of the characters that IAM takes
MIXED_LEVELS = "PB007"
DIVIDE = "Divide it: each kind gets a policy of its own."
_SELECTIONS = "about selections only"
SCOPE_COLUMNS = "tables of supported actions, columns IAM Project and Enterprise Project"


def selected_is_refused(subject: PolicySubject) -> Iterator[Remark]:
    """Operations that lack an action, then those that a statement denies and that lack nothing else: what is incomplete
    gets its own action, so no Deny is sure to take it."""
    if subject.selected is None:
        return
    operations, denied_by = subject.selected.operations, subject.selected.denied_by
    asked = set(operations.selected)
    for entry in operations.incomplete:
        if entry.id in asked:
            lacks = "; ".join(_lacking(entry, subject.selected.missing_denied_by))
            denied = all(name in subject.selected.missing_denied_by for name in entry.missing)
            yield from subject.plainly_as_a_whole(
                f"{_refused(subject, entry.id, certainly=not entry.may_work)}: {lacks}.",
                _ways_out(entry, denied=denied),
            )
    others = operations.allowed | operations.conditional | {entry.id for entry in operations.incomplete}
    denying = Concerned(s for s in subject.document.statements if s.effect is Effect.DENY)
    for id_ in operations.selected:
        if id_ in denied_by and id_ not in others:
            whole = any(map(denying.whole, subject.catalog.operation(id_).all_actions()))
            what = "it" if whole else "a part of what authorises it"
            yield from subject.plainly_as_a_whole(
                f"{_refused(subject, id_, certainly=whole)}: {_denying(denied_by[id_])} {what}.",
                "Untick it here or there: a Deny wins over every Allow.",
            )


def _refused(subject: PolicySubject, id_: str, *, certainly: bool) -> str:
    title = subject.catalog.titles.operation_name(subject.catalog.operation(id_))
    return f"“{title}” is selected but {'will' if certainly else 'may'} be refused"


def _lacking(entry: Incomplete, denied_by: Mapping[str, tuple[int, ...]]) -> Iterator[str]:
    """a, b are not granted; c is not granted as a whole; statement 2 denies a part of d."""
    reasons: dict[tuple[tuple[int, ...], bool], list[str]] = {}
    for name in entry.missing:
        reasons.setdefault((denied_by.get(name, ()), name in entry.in_part), []).append(name)
    for (blocks, in_part), names in sorted(reasons.items()):
        shown = ", ".join(names)
        if blocks:
            yield f"{_denying(blocks)} {'a part of ' if in_part else ''}{shown}"
        else:
            yield f"{shown} {'is' if len(names) == 1 else 'are'} not granted{' as a whole' if in_part else ''}"


def _denying(blocks: Sequence[int]) -> str:
    return f"{statements_in_words([at + 1 for at in blocks])} {'denies' if len(blocks) == 1 else 'deny'}"


def _ways_out(entry: Incomplete, *, denied: bool) -> str:
    if entry.may_work:
        back = "change the Deny" if denied else "put back what was left out"
        return f"Nobody publishes which of its actions the operation needs: try it, or {back}."
    if denied:
        return "Change the Deny, which wins over every Allow, or untick the operation."
    return "Put back what was left out or switched off, or untick the operation."


def nothing_is_opened(subject: PolicySubject) -> Iterator[Remark]:
    """Said of the wildcard where it stands first; of one that no statement has in full, nowhere."""
    openings = subject.selected.openings if subject.selected else ()
    for opening in openings:
        key = action_key(opening.name)
        entries = (e for view in subject.statements if view.effect is Effect.ALLOW for e in view.actions)
        entry = next((e for e in entries if e.name is not None and action_key(e.name) == key), None)
        if entry is not None:
            yield plain_remark(entry.node, f"{opening_in_words(subject.catalog, opening)}.", NARROWER)


def selected_can_be_denied(subject: PolicySubject) -> Iterator[Remark]:
    ids = subject.selected.undeniable if subject.selected else ()
    if ids:
        titles = listed(f"“{subject.catalog.titles.operation_name(subject.catalog.operation(id_))}”" for id_ in ids)
        needs = "needs" if len(ids) == 1 else "need"
        yield from subject.plainly_as_a_whole(
            f"{titles} {needs} no authorization: no policy can deny {'it' if len(ids) == 1 else 'them'}.",
            f"Untick {'it' if len(ids) == 1 else 'them'}: the call is let through whatever the policy says.",
        )


def goal_is_met(subject: PolicySubject) -> Iterator[Remark]:
    """Said of operations, and of the actions that others need or that stand by themselves."""
    if subject.selected is None or subject.selected.goal is Goal.UNDECIDED:
        return
    without = subject.selected.excluded
    there = f"in {subject.selected.goal.place}, where the policy is to be granted"
    operations = [subject.catalog.operation(id_) for id_ in without.operations]
    theirs = {name for operation in operations for name in (*operation.all_actions(), *operation.all_dependencies())}
    actions = [name for name in without.actions if name not in theirs]
    in_enterprise = subject.selected.goal is Goal.ENTERPRISE_PROJECT
    if operations:
        titles = listed(f"“{subject.catalog.titles.operation_name(operation)}”" for operation in operations)
        others = in_enterprise and any(operation.enterprise_alternative for operation in operations)
        way = "Tick what does the same there" if others else "Untick it"
        yield from subject.plainly_as_a_whole(
            f"{titles} {have(len(operations))} no effect {there}.",
            f"{way}, or grant it elsewhere by a policy of its own.",
        )
    if actions:
        yield from subject.plainly_as_a_whole(
            f"{listed(actions)} {have(len(actions))} no effect {there}.",
            f"{'Grant it in the IAM project as well' if in_enterprise else 'Leave it out'}, or try there what needs "
            "it: no page says whether that works without.",
        )


def works_in_enterprise_projects(subject: PolicySubject) -> Iterator[Remark]:
    scope = subject.scope
    if scope.none_in_enterprise:
        yield from subject.plainly_as_a_whole(
            "IAM-only: the policy cannot be applied in Enterprise Management, none of its actions has an effect there.",
            "Apply it in IAM, or swap operations for the ones that support enterprise projects.",
        )
    elif scope.verdict is Verdict.IAM_ONLY:
        yield from subject.plainly_as_a_whole(
            f"IAM-only: {len(scope.iam_only)} of {scope.total} actions {have(len(scope.iam_only))} no effect in an "
            "enterprise project.",
            "Swap operations for the ones that support enterprise projects, or split the policy in two.",
        )


def denials_have_an_effect(subject: PolicySubject) -> Iterator[Remark]:
    denied = denied_without_effect(subject.known, subject.document)
    if denied is not None and denied.iam_only:
        one = len(denied.iam_only) == 1
        yield from subject.plainly_as_a_whole(
            f"{listed(denied.iam_only)} {'is' if one else 'are'} denied, which has no effect where the policy is "
            f"granted in Enterprise Management: nobody is granted {'it' if one else 'them'} there.",
            "Nothing has to be done: the Deny does no harm there, and in IAM projects it counts.",
        )


def scope_is_known(subject: PolicySubject) -> Iterator[Remark]:
    scope = subject.scope
    if scope.verdict is Verdict.UNKNOWN:
        yield from subject.plainly_as_a_whole(
            f"It is not known whether {len(scope.unknown)} of {scope.total} actions work in enterprise projects.",
            "Try the policy before relying on it there.",
        )


def scope_does_not_vary(subject: PolicySubject) -> Iterator[Remark]:
    scope = subject.scope
    if scope.verdict is Verdict.VARIES:
        yield from subject.plainly_as_a_whole(
            f"{len(scope.varies)} of {scope.total} actions work in enterprise projects for some of their calls only.",
            "See the calls of each action; grant the policy in IAM as well where the others are needed.",
        )


def something_is_allowed(subject: PolicySubject) -> Iterator[Remark]:
    if {statement.effect for statement in subject.document.statements} == {Effect.DENY}:
        yield from subject.plainly_as_a_whole(
            "The policy only denies: it has an effect only beside one that allows.",
            "Give the same user group a policy that allows the rest.",
            "Statement",
        )


def limit_is_far(subject: PolicySubject) -> Iterator[Remark]:
    characters = subject.size.characters
    left = MAX_CHARACTERS - characters
    if left >= 0 and characters >= NEAR_LIMIT * MAX_CHARACTERS:
        yield from subject.plainly_as_a_whole(
            f"The policy has {characters:,} of {MAX_CHARACTERS:,} characters; {left:,} are left.",
            "Plan for a second policy before adding more.",
        )


def levels_are_not_mixed(subject: PolicySubject) -> Iterator[Remark]:
    """Named services decide: IAM takes a wildcard of every service at either level. A draft is exported as two policies
    unless a statement keeps it together."""
    catalog, names = subject.catalog, {service_of(name): name for name in subject.document.actions()}.values()
    undivided = subject.selected.undivided if subject.selected else ""
    if not undivided and not catalog.prefixes.mixes_levels(names):
        return
    others = dict.fromkeys(service_of(name) for name in names if catalog.prefixes.counted_level(name) is Level.XA)
    mixed = "services of a region's projects with global services"
    if others and not any(catalog.prefixes.level_of(name) is Level.XA for name in names):
        they = "which counts as a service" if len(others) == 1 else "which count as services"
        mixed = f"global services with {listed(others)}, {they} of a region's projects as long as nothing else is known"
    why = undivided if subject.selected else what_keeps_mixed(catalog, subject.body, subject.statements)
    yield from subject.plainly_as_a_whole(
        f"The policy mixes {mixed}; IAM takes one kind per policy.", why or DIVIDE, "Statement"
    )


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
        MIXED_LEVELS,
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
