"""What we say about a Deny that leaves a job open, because another operation does the same: PB053."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from policybuilder.domain.access.denials import Closing, Denials, OpenJob
from policybuilder.domain.catalog.action_names import action_key
from policybuilder.domain.catalog.scope import Goal
from policybuilder.domain.findings import Plural, Severity, Wording
from policybuilder.domain.policy.document import MAX_ACTIONS, Effect
from policybuilder.domain.policy.reading import ActionView, StatementView, understand
from policybuilder.domain.work import WorkSpentError

from .rule import OURS, Fix, PolicySubject, Remark, Rule, insert_after

DENY_EVERY_WAY = "Deny every way"
DENY_AS_WELL = "Deny {actions:listed 6} as well."
DENY_AS_WELL_AND_MORE = Plural(
    "Deny {actions:listed 6} as well. That denies {n:,} more operation: {more:titles}.",
    "Deny {actions:listed 6} as well. That denies {n:,} more operations: {more:titles}.",
)
ONE_JOB = Plural(
    "This Deny leaves another way open: {ways:titles} does the same job as {denied:titles}.",
    "This Deny leaves {open} other ways open: {ways:titles 6} do the same job as {denied:titles}.",
    by="open",
)
SEVERAL_JOBS = Plural(
    "This Deny leaves another way open: {ways:titles} do the same jobs as {denied:titles 2}.",
    "This Deny leaves {open} other ways open: {ways:titles 6} do the same jobs as {denied:titles 2}.",
    by="open",
)
ONE_JOB_OPEN = Wording(ONE_JOB, DENY_AS_WELL)
ONE_JOB_OPEN_CLOSING_MORE = Wording(ONE_JOB, DENY_AS_WELL_AND_MORE)
SEVERAL_JOBS_OPEN = Wording(SEVERAL_JOBS, DENY_AS_WELL)
SEVERAL_JOBS_OPEN_CLOSING_MORE = Wording(SEVERAL_JOBS, DENY_AS_WELL_AND_MORE)


def every_way_is_denied(subject: PolicySubject) -> Iterator[Remark]:
    """One remark for a statement, at the first action that leaves a job open. A service that is not in lower case makes
    a statement doubtful (PB013): it neither leaves a job open for certain nor denies a way."""
    views = [view for view in subject.statements if view.effect is Effect.DENY and not view.doubtful]
    found = [(view, statement) for view in views if (statement := understand(view)) is not None]
    goal = subject.selected.goal if subject.selected else Goal.UNDECIDED
    denials = Denials(
        subject.catalog,
        [statement for _, statement in found],
        goal,
        expand=subject.known.expand,
        work=subject.denial_work,
    )
    try:
        for at, (view, _) in enumerate(found):
            if jobs := denials.left_open(at):
                yield _remark(subject, view, jobs, denials.closing(at, jobs))
    except WorkSpentError:
        return  # `gave_up` reports it


def _remark(subject: PolicySubject, view: StatementView, jobs: Sequence[OpenJob], closing: Closing) -> Remark:
    entry = _first(subject, view, jobs)
    ways = list({way.id: way for job in jobs for way in job.ways}.values())
    if len(jobs) == 1:
        wording = ONE_JOB_OPEN_CLOSING_MORE if closing.others else ONE_JOB_OPEN
    else:
        wording = SEVERAL_JOBS_OPEN_CLOSING_MORE if closing.others else SEVERAL_JOBS_OPEN
    title = subject.catalog.titles.operation_name
    values = {
        "open": len(ways),
        "ways": list(map(title, ways)),
        "denied": [title(job.denied) for job in jobs],
        "actions": closing.actions,
        "n": len(closing.others),
        "more": list(map(title, closing.others)),
    }
    return Remark(entry.node, wording, values, _fix(subject, view, closing))


def _first(subject: PolicySubject, view: StatementView, jobs: Iterable[OpenJob]) -> ActionView:
    """The first action that denies the operation of an open job."""
    keys = {action_key(name) for job in jobs for name in job.denied.all_actions()}
    named = (entry for entry in view.actions if entry.name is not None)
    return next(e for e in named if not keys.isdisjoint(map(action_key, subject.known.expand(e.name or "") or ())))


def _fix(subject: PolicySubject, view: StatementView, closing: Closing) -> Fix | None:
    """The actions at the end of the list; without a list, or past the limit of IAM, they need another statement."""
    owner = view.actions[-1].owner
    if owner is None or len(owner.items) + len(closing.actions) > MAX_ACTIONS:
        return None
    fix = insert_after(owner, len(owner.items) - 1, closing.actions, subject.text, DENY_EVERY_WAY)
    return replace(fix, certain=False)


RULES = (
    Rule(
        "PB053",
        Severity.WARNING,
        "A Deny leaves open another operation that does the same job",
        every_way_is_denied,
        OURS,
    ),
)
