"""Whether a policy of a user group adds anything: whether some decision is another one without it.

Looked at are all operations and actions of the catalogue and all actions that the policies name. Of what a wildcard
covers beyond the catalogue only what is proven counts: a policy that reaches further than the others adds something.
So does one on which an answer that depends may depend, unless the others say all the same under the same conditions.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from policybuilder.domain.catalog.action_names import action_key, is_wildcard, service_of
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.known_actions import KnownActions
from policybuilder.domain.policy.document import Effect, Statement
from policybuilder.domain.work import Work

from .conditions import Context
from .decisions import Answer, Decision
from .evaluation import Evaluator, GrantedPolicy, Project, Request
from .operations import Concerned

MOST_COMPARISONS = 20_000  # of wildcards with other names; some microseconds each
MOST_DECISIONS = 60_000  # that are made once more; some microseconds each

Asked = tuple[str, Project]


@dataclass(frozen=True, slots=True)
class Group:
    """Policies that were evaluated: the decisions by what was asked for, actions of no catalogue among them.

    `plain` are the policies, counted from 0, that are seen to add something at the first glance.
    """

    catalog: Catalog
    policies: Sequence[GrantedPolicy]
    context: Context
    operations: Mapping[Asked, Decision]
    actions: Mapping[Asked, Decision]
    plain: frozenset[int]
    work: Work | None = None

    @classmethod
    def of(
        cls, catalog: Catalog, policies: Sequence[GrantedPolicy], context: Context, work: Work | None = None
    ) -> "Group":
        """Raises WorkSpentError where there is `work`; so does whatever is asked of the group."""
        evaluator = Evaluator(catalog, policies, work)

        def asked(targets: Iterable[str]) -> dict[Asked, Decision]:
            return {
                (target, project): evaluator.evaluate(Request(target, project, context))
                for target in targets
                for project in Project
            }

        actions = asked([*catalog.action_index.actions, *_beyond(catalog, policies)])
        plain = frozenset(_adding(policies, actions))
        return cls(catalog, policies, context, asked(catalog.operations), actions, plain, work)


def needless(group: Group) -> Iterator[int]:
    """The policies that add nothing, counted from 0: those that could be proven so in bounded time."""
    budget = Work(MOST_DECISIONS)
    decisions = len(group.operations) + len(group.actions)
    for at, policy in enumerate(group.policies):
        others = [other for number, other in enumerate(group.policies) if number != at]
        if _is_said_by(policy, others):
            yield at
        elif at in group.plain or not _reach_is_known(group, policy, others) or not budget.take(decisions):
            continue
        elif _changes_nothing(group, Evaluator(group.catalog, others, group.work)):
            yield at


def _changes_nothing(group: Group, without: Evaluator) -> bool:
    return all(
        _same(decision, without.evaluate(Request(target, project, group.context)))
        for decisions in (group.operations, group.actions)
        for (target, project), decision in decisions.items()
    )


def _adding(policies: Sequence[GrantedPolicy], actions: Mapping[Asked, Decision]) -> Iterator[int]:
    """Policies on which an answer may depend, or which alone make an answer of the stage that they are granted for."""
    for (_, project), decision in actions.items():
        makers = {policy for policy, _ in decision.because}
        if decision.decision is Answer.DEPENDS:
            yield from makers
        elif len(makers) == 1:
            yield from (policy for policy in makers if policies[policy].granted_in is project)


def _same(one: Decision, other: Decision) -> bool:
    """Which statements make it may differ, and is all that may."""
    return (one.decision, one.missing_actions, one.missing_keys, one.reasons) == (
        other.decision,
        other.missing_actions,
        other.missing_keys,
        other.reasons,
    )


def _beyond(catalog: Catalog, policies: Sequence[GrantedPolicy]) -> list[str]:
    """What the policies name and the catalogue has nothing of. Of wildcards as many as there is time for."""
    statements = [statement for policy in policies for statement in policy.document.statements]
    known = {action_key(name) for name in catalog.action_index.actions}
    services = {service_of(name) for name in catalog.action_index.actions}
    found = {
        action_key(name): name for statement in statements for name in (*statement.actions, *statement.not_actions)
    }
    unknown = {key: name for key, name in found.items() if key not in known}
    wildcards = [name for key, name in unknown.items() if is_wildcard(key) and service_of(key) not in services]
    single = [name for key, name in unknown.items() if not is_wildcard(key)]
    return [*single, *wildcards[: MOST_COMPARISONS // max(1, len(found))]]


def _is_said_by(policy: GrantedPolicy, others: Iterable[GrantedPolicy]) -> bool:
    """Whether all of it stands in policies that are granted for the same, under the same conditions."""
    said: dict[Hashable, set[str]] = defaultdict(set)
    for other in others:
        if _is_alike(other, policy):
            for statement in other.document.statements:
                said[_shell(statement)].update(map(action_key, statement.actions))
    return all(
        _shell(statement) in said and said[_shell(statement)].issuperset(map(action_key, statement.actions))
        for statement in policy.document.statements
    )


def _is_alike(other: GrantedPolicy, policy: GrantedPolicy) -> bool:
    """Whether the other policy is granted in the same place and applies to the same services, or to more."""
    return other.granted_in is policy.granted_in and other.level in (None, policy.level)


def _shell(statement: Statement) -> Hashable:
    """Everything of it but its actions."""
    excepted = frozenset(map(action_key, statement.not_actions))
    return statement.effect, excepted, statement.conditions, statement.resources


def _reach_is_known(group: Group, policy: GrantedPolicy, others: Sequence[GrantedPolicy]) -> bool:
    """Whether what the policy covers beyond the catalogue's actions is covered by the others all the same.

    What all actions but some are is known of no service whose actions are not all in the catalogue.
    """
    if any(statement.not_actions for statement in policy.document.statements):
        return False
    known = KnownActions(group.catalog)
    for effect in Effect:
        names = [
            name
            for statement in policy.document.statements
            if statement.effect is effect
            for name in statement.actions
            if is_wildcard(name) and (is_wildcard(service_of(name)) or not known.is_complete(service_of(name)))
        ]
        if not names:
            continue
        alike = [
            statement
            for other in others
            if _is_alike(other, policy)
            for statement in other.document.statements
            if statement.effect is effect and not statement.limited
        ]
        if len(names) * sum(len(s.actions) + len(s.not_actions) for s in alike) > MOST_COMPARISONS:
            return False
        covering = Concerned(alike, group.work)
        if not all(covering.whole(name) for name in names):
            return False
    return True
