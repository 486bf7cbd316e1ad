"""What is hardly meant in the policies of one user group, and is only seen when they are looked at together.

An Allow granted in the IAM project that makes a Deny in Enterprise Management void; a Deny of a dependency that breaks
an operation which is allowed otherwise; a policy that adds nothing. All of it follows from the evaluation, for one
context. Nothing is claimed that is not certain: where conditions are open, a policy counts as adding something, and
a Deny as breaking nothing.
Source: IAM user manual, "Policy Syntax", authentication process.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Operation
from policybuilder.domain.findings import Finding, Plural, Severity, Values, Wording
from policybuilder.domain.policy.document import Document, Effect, Statement
from policybuilder.domain.words import quoted
from policybuilder.domain.work import Work

from .conditions import NOTHING_KNOWN, Context, all_hold
from .decisions import Answer, Decision, Place
from .evaluation import Evaluator, GrantedPolicy, Project, Request
from .group_redundancy import Group, needless
from .statement_index import StatementIndex

VOID_DENY = "PB041"
BROKEN_OPERATIONS = "PB042"
ADDS_NOTHING = "PB043"

SEVERITIES = {VOID_DENY: Severity.WARNING, BROKEN_OPERATIONS: Severity.WARNING, ADDS_NOTHING: Severity.NOTE}

MOST_POLICIES = 20
MOST_STATEMENTS = 20  # of one policy; IAM takes 8

_NAMED = 2
IS_VOID = Wording(
    Plural(
        "Statement {statement} of {policy:quoted} denies {actions} in Enterprise Management, but {allowing} allows the "
        "same in the IAM project. That is looked at first, and ends the search: the Deny is void.",
        "Statement {statement} of {policy:quoted} denies {actions} in Enterprise Management, but {allowing} allow the "
        "same in the IAM project. That is looked at first, and ends the search: the Deny is void.",
    ),
    "Deny it in the IAM project, or take the Allow out of the policy that is granted there.",
)
CAN_BE_VOID = Wording(
    "Statement {statement} of {policy:quoted} denies {actions} in Enterprise Management, but {allowing} may allow the "
    "same in the IAM project. That is looked at first, and ends the search: the Deny can be void.",
    IS_VOID.hint,
)
_TAKE_OUT = "Take the action out of the Deny, or do not allow what needs it."
BROKEN = {
    (Project.IAM,): Wording(
        Plural(
            "Statement {statement} of {policy:quoted} denies {actions}, which {operations} needs: in the IAM project, "
            "it fails although its own action is allowed.",
            "Statement {statement} of {policy:quoted} denies {actions}, which {operations} need: in the IAM project, "
            "they fail although their own actions are allowed.",
        ),
        _TAKE_OUT,
    ),
    (Project.ENTERPRISE,): Wording(
        Plural(
            "Statement {statement} of {policy:quoted} denies {actions}, which {operations} needs: in enterprise "
            "projects, it fails although its own action is allowed.",
            "Statement {statement} of {policy:quoted} denies {actions}, which {operations} need: in enterprise "
            "projects, they fail although their own actions are allowed.",
        ),
        _TAKE_OUT,
    ),
    (Project.IAM, Project.ENTERPRISE): Wording(
        Plural(
            "Statement {statement} of {policy:quoted} denies {actions}, which {operations} needs: in the IAM project "
            "and in enterprise projects, it fails although its own action is allowed.",
            "Statement {statement} of {policy:quoted} denies {actions}, which {operations} need: in the IAM project "
            "and in enterprise projects, they fail although their own actions are allowed.",
        ),
        _TAKE_OUT,
    ),
}
_LOOK_AGAIN = "Take it away, or change it. Then look again: of two policies that say the same, one is needed."
NEEDLESS_ALONE = Wording(
    "{policy:quoted} adds nothing by itself: without it, every decision stays as it is.", _LOOK_AGAIN
)
NEEDLESS = Wording(
    Plural(
        "{policy:quoted} adds nothing beside the other policy: without it, every decision stays as it is.",
        "{policy:quoted} adds nothing beside the {n:,} other policies: without it, every decision stays as it is.",
    ),
    _LOOK_AGAIN,
)


@dataclass(frozen=True, slots=True)
class GroupWarning:
    """`finding` is about `policy`, counted from 0, and its place is one in that policy.

    `because` are the statements of other policies that make it so, sorted; `actions` and `operations` (ids) those that
    it is about, in the catalogue's order.
    """

    finding: Finding
    policy: int
    because: tuple[Place, ...] = ()
    actions: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()


def find_warnings(
    catalog: Catalog,
    policies: Sequence[GrantedPolicy],
    context: Context = NOTHING_KNOWN,
    work: Work | None = None,
) -> tuple[GroupWarning, ...]:
    """The gravest first, then in the order of the policies. Texts count statements from 1, as people do.

    Takes bounded time for MOST_POLICIES policies of MOST_STATEMENTS statements each. Raises WorkSpentError where there
    is `work`.
    """
    group = Group.of(catalog, [_settled(policy, context, work) for policy in policies], context, work)
    statements = {
        (at, place): statement
        for at, policy in enumerate(group.policies)
        for place, statement in zip(_numbers(policy), policy.document.statements, strict=True)
    }
    return (
        *_void_denies(group, statements),
        *_broken_operations(group, statements),
        *(_needless(group, at) for at in needless(group)),
    )


def _void_denies(group: Group, statements: Mapping[Place, Statement]) -> Iterator[GroupWarning]:
    """Of every Deny in Enterprise Management: the actions that are, or may be, allowed in the IAM project before it."""
    places = [place for place in _denies(statements) if group.policies[place[0]].granted_in is Project.ENTERPRISE]
    index = StatementIndex([statements[place] for place in places], group.work)
    void: defaultdict[Place, dict[str, tuple[Place, ...]]] = defaultdict(dict)
    certain: set[Place] = set()
    for (name, project), decision in group.actions.items():
        if project is not Project.ENTERPRISE or decision.decision not in (Answer.ALLOWED, Answer.DEPENDS):
            continue
        allows = tuple(place for place in decision.because if _allows_first(group, statements, place))
        level = group.catalog.prefixes.level_of(name)
        for number in index.concerned(name) if allows else ():
            if level and group.policies[places[number][0]].level not in (None, level):
                continue
            void[places[number]][name] = allows
            if decision.decision is Answer.ALLOWED:
                certain.add(places[number])
    for place in places:
        if found := void.get(place):
            yield _void_deny(group, place, found, certain=place in certain)


def _void_deny(group: Group, place: Place, found: Mapping[str, tuple[Place, ...]], *, certain: bool) -> GroupWarning:
    by = sorted({allow for allows in found.values() for allow in allows})
    names = list(dict.fromkeys(quoted(group.policies[at].name) for at, _ in by))
    values = {"actions": _listed(list(found)), "allowing": _listed(names), "n": len(names)}
    return GroupWarning(
        _finding(VOID_DENY, group, place, IS_VOID if certain else CAN_BE_VOID, values),
        policy=place[0],
        because=tuple(by),
        actions=tuple(found),
    )


def _broken_operations(group: Group, statements: Mapping[Place, Statement]) -> Iterator[GroupWarning]:
    """Operations that are denied for a dependency alone, and would be allowed without any Deny; by the Denies."""
    places = _denies(statements)
    if not places:
        return
    index = StatementIndex([statements[place] for place in places], group.work)
    without = Evaluator(group.catalog, [_only_allows(policy) for policy in group.policies], group.work)
    broken: defaultdict[Place, dict[str, list[Project]]] = defaultdict(lambda: defaultdict(list))
    needed: defaultdict[Place, dict[str, None]] = defaultdict(dict)
    for (id_, project), decision in group.operations.items():
        if not _lacks_dependencies_only(group.catalog.operation(id_), decision):
            continue
        if without.evaluate(Request(id_, project, group.context)).decision is not Answer.ALLOWED:
            continue
        for name in decision.missing_actions:
            for place in {places[number] for number in index.concerned(name)}.intersection(decision.because):
                needed[place][name] = None
                if project not in broken[place][id_]:
                    broken[place][id_].append(project)
    for place in places:
        if place in broken:
            yield from _broken(group, place, list(needed[place]), broken[place])


def _broken(
    group: Group, place: Place, names: Sequence[str], found: Mapping[str, Sequence[Project]]
) -> Iterator[GroupWarning]:
    """One warning for each set of projects in which operations are broken."""
    for projects, wording in BROKEN.items():
        ids = [id_ for id_ in group.catalog.operations if tuple(found.get(id_, ())) == projects]
        if not ids:
            continue
        titles = [f"“{group.catalog.titles.operation_name(group.catalog.operation(id_))}”" for id_ in ids]
        values = {"actions": _listed(names), "operations": _listed(titles), "n": len(ids)}
        yield GroupWarning(
            _finding(BROKEN_OPERATIONS, group, place, wording, values),
            policy=place[0],
            actions=tuple(names),
            operations=tuple(ids),
        )


def _needless(group: Group, at: int) -> GroupWarning:
    others = len(group.policies) - 1
    values = {"policy": group.policies[at].name, "n": others}
    return GroupWarning(
        Finding(ADDS_NOTHING, SEVERITIES[ADDS_NOTHING], "", NEEDLESS if others else NEEDLESS_ALONE, values),
        policy=at,
    )


def _settled(policy: GrantedPolicy, context: Context, work: Work | None) -> GrantedPolicy:
    """The policy as it is under `context`: without the statements that fail and the conditions that hold."""
    kept = []
    for place, statement in zip(_numbers(policy), policy.document.statements, strict=True):
        found = all_hold(statement.conditions, context, work).holds
        if found is not False:
            kept.append((place, replace(statement, conditions=()) if found else statement))
    document = Document(tuple(statement for _, statement in kept))
    return replace(policy, document=document, places=tuple(place for place, _ in kept))


def _denies(statements: Mapping[Place, Statement]) -> list[Place]:
    return [place for place, statement in statements.items() if statement.effect is Effect.DENY]


def _numbers(policy: GrantedPolicy) -> Iterable[int]:
    """Where each statement of its document stands in the policy."""
    return range(len(policy.document.statements)) if policy.places is None else policy.places


def _allows_first(group: Group, statements: Mapping[Place, Statement], place: Place) -> bool:
    return group.policies[place[0]].granted_in is Project.IAM and statements[place].effect is Effect.ALLOW


def _lacks_dependencies_only(operation: Operation, decision: Decision) -> bool:
    return (
        decision.decision is Answer.DENIED
        and bool(decision.missing_actions)
        and not set(operation.all_actions()).intersection(decision.missing_actions)
    )


def _only_allows(policy: GrantedPolicy) -> GrantedPolicy:
    allows = tuple(statement for statement in policy.document.statements if statement.effect is Effect.ALLOW)
    return replace(policy, document=Document(allows), places=None)


def _finding(code: str, group: Group, place: Place, wording: Wording, values: Values) -> Finding:
    told = {"statement": place[1] + 1, "policy": group.policies[place[0]].name, **values}
    return Finding(code, SEVERITIES[code], f"Statement[{place[1]}]", wording, told)


def _listed(names: Collection[str]) -> str:
    """a; a and b; a, b and 3 more."""
    shown = list(names)[:_NAMED]
    more = len(names) - len(shown)
    if more:
        return f"{', '.join(shown)} and {more:,} more"
    return " and ".join(shown)
