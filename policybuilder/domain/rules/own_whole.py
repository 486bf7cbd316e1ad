"""What we say about a policy as a whole: whether it works, where, and beside what. PB001 to PB007, PB048 and PB050."""

from collections.abc import Iterator

from policybuilder.domain.access.document_scope import denied_without_effect
from policybuilder.domain.access.openings import opening_in_words
from policybuilder.domain.catalog.action_names import action_key, service_of
from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.catalog.scope import Verdict
from policybuilder.domain.findings import Severity
from policybuilder.domain.policy.both_levels import what_keeps_mixed
from policybuilder.domain.policy.document import MAX_CHARACTERS, Effect
from policybuilder.domain.words import listed

from .rule import OUR_ADVICE, OURS, SYNTAX, PolicySubject, Remark, Rule

NARROWER = "Grant only what reads in its place, or leave it out. The operation may then be refused: try it first."
NEAR_LIMIT = 0.9  # of the characters that IAM takes
MIXED_LEVELS = "PB007"
DIVIDE = "Divide it: each kind gets a policy of its own."
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
            title = subject.catalog.operation_name(subject.catalog.operation(entry.id))
            yield from subject.as_a_whole(
                f"“{title}” is selected but will be refused: {', '.join(entry.missing)} is not granted.",
                "Put back what was left out or switched off, or untick the operation.",
            )
    others = operations.allowed | operations.conditional | {entry.id for entry in operations.incomplete}
    for id_ in operations.selected:
        if id_ in denied_by and id_ not in others:
            numbers = " and ".join(str(at + 1) for at in denied_by[id_])
            denying = f"statements {numbers} deny" if len(denied_by[id_]) > 1 else f"statement {numbers} denies"
            title = subject.catalog.operation_name(subject.catalog.operation(id_))
            yield from subject.as_a_whole(
                f"“{title}” is selected but will be refused: {denying} it.",
                "Untick it here or there: a Deny wins over every Allow.",
            )


def nothing_is_opened(subject: PolicySubject) -> Iterator[Remark]:
    """Said of the wildcard where it stands first; of one that no statement has in full, nowhere."""
    openings = subject.selected.openings if subject.selected else ()
    for opening in openings:
        key = action_key(opening.name)
        entries = (e for view in subject.statements if view.effect is Effect.ALLOW for e in view.actions)
        entry = next((e for e in entries if e.name is not None and action_key(e.name) == key), None)
        if entry is not None:
            yield Remark(entry.node, f"{opening_in_words(subject.catalog, opening)}.", NARROWER)


def works_in_enterprise_projects(subject: PolicySubject) -> Iterator[Remark]:
    scope = subject.scope
    if scope.none_in_enterprise:
        yield from subject.as_a_whole(
            "IAM-only: the policy cannot be applied in Enterprise Management, none of its actions has an effect there.",
            "Apply it in IAM, or swap operations for the ones that support enterprise projects.",
        )
    elif scope.verdict is Verdict.IAM_ONLY:
        yield from subject.as_a_whole(
            f"IAM-only: {len(scope.iam_only)} of {scope.total} actions have no effect in an enterprise project.",
            "Swap operations for the ones that support enterprise projects, or split the policy in two.",
        )


def denials_have_an_effect(subject: PolicySubject) -> Iterator[Remark]:
    denied = denied_without_effect(subject.known, subject.document)
    if denied is not None and denied.iam_only:
        one = len(denied.iam_only) == 1
        yield from subject.as_a_whole(
            f"{listed(denied.iam_only)} {'is' if one else 'are'} denied, which has no effect where the policy is "
            f"granted in Enterprise Management: nobody is granted {'it' if one else 'them'} there.",
            "Nothing has to be done: the Deny does no harm there, and in IAM projects it counts.",
        )


def scope_is_known(subject: PolicySubject) -> Iterator[Remark]:
    scope = subject.scope
    if scope.verdict is Verdict.UNKNOWN:
        yield from subject.as_a_whole(
            f"It is not known whether {len(scope.unknown)} of {scope.total} actions work in enterprise projects.",
            "Try the policy before relying on it there.",
        )


def scope_does_not_vary(subject: PolicySubject) -> Iterator[Remark]:
    scope = subject.scope
    if scope.verdict is Verdict.VARIES:
        yield from subject.as_a_whole(
            f"{len(scope.varies)} of {scope.total} actions work in enterprise projects for some of their calls only.",
            "See the calls of each action; grant the policy in IAM as well where the others are needed.",
        )


def something_is_allowed(subject: PolicySubject) -> Iterator[Remark]:
    if {statement.effect for statement in subject.document.statements} == {Effect.DENY}:
        yield from subject.as_a_whole(
            "The policy only denies: it has an effect only beside one that allows.",
            "Give the same user group a policy that allows the rest.",
            "Statement",
        )


def limit_is_far(subject: PolicySubject) -> Iterator[Remark]:
    characters = subject.size.characters
    left = MAX_CHARACTERS - characters
    if left >= 0 and characters >= NEAR_LIMIT * MAX_CHARACTERS:
        yield from subject.as_a_whole(
            f"The policy has {characters:,} of {MAX_CHARACTERS:,} characters; {left:,} are left.",
            "Plan for a second policy before adding more.",
        )


def levels_are_not_mixed(subject: PolicySubject) -> Iterator[Remark]:
    """A draft is exported as two policies wherever that says the same."""
    catalog, names = subject.catalog, subject.document.actions()
    if not catalog.mixes_levels(names):
        return
    others = dict.fromkeys(service_of(name) for name in names if catalog.counted_level(name) is Level.XA)
    mixed = "services of a region's projects with global services"
    if not any(catalog.level_of(name) is Level.XA for name in names):
        they = "which counts as a service" if len(others) == 1 else "which count as services"
        mixed = f"global services with {listed(others)}, {they} of a region's projects as long as nothing else is known"
    why = (
        subject.selected.undivided if subject.selected else what_keeps_mixed(catalog, subject.body, subject.statements)
    )
    yield from subject.as_a_whole(
        f"The policy mixes {mixed}; IAM takes one kind per policy.", why or DIVIDE, "Statement"
    )


RULES = (
    Rule(
        "PB001",
        Severity.WARNING,
        "A selected operation will be refused",
        selected_is_refused,
        OURS,
        "in the builder only",
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
        "A wildcard that an operation needs allows writing operations that nobody selected",
        nothing_is_opened,
        OURS,
        "in the builder only",
    ),
)
