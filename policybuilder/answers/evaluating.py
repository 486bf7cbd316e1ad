"""Decisions of the policies of one user group about calls.

Strict: a statement or an action without a meaning, which an evaluation could only pass over, is refused with its place.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from policybuilder.domain.access.conditions import Context
from policybuilder.domain.access.evaluation import GrantedPolicy, Project, Request, evaluate, level_of_policy
from policybuilder.domain.access.group_warnings import MOST_STATEMENTS
from policybuilder.domain.catalog.action_names import ActionNameError, is_wildcard, parse_action
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.jsontext.nodes import Array, Node, Object, path_of
from policybuilder.domain.policy.reading import StatementView, statements, value
from policybuilder.domain.work import Work

from .invalid_input import Detail, InvalidInput
from .policies import read_policy
from .suggest import MOST_SUGGESTIONS, NO_OPERATION, did_you_mean

MAX_WILDCARDS = 20  # each is compared with every action of every policy


def evaluate_policies(catalog: Catalog, request: Mapping[str, Any]) -> dict[str, Any]:
    """Raises InvalidInput, WorkSpentError."""
    work = Work()
    policies = _read_policies(catalog, request["policies"], work)
    made = evaluate(catalog, policies, _read_requests(catalog, request["requests"]), work)
    return {
        "decisions": [
            {
                "decision": decision.decision,
                "because": [{"policy": policies[at].name, "statement": place} for at, place in decision.because],
                "missing_keys": list(decision.missing_keys),
                "missing_actions": list(decision.missing_actions),
            }
            for decision in made
        ],
        "levels": [policy.level for policy in policies],
    }


def _read_policies(catalog: Catalog, data: Sequence[Mapping[str, Any]], work: Work) -> list[GrantedPolicy]:
    """The policies in their order.

    Raises InvalidInput with everything in them that has no meaning, and WorkSpentError.
    """
    policies, details = [], []
    for at, given in enumerate(data):
        place = f"policies[{at}].policy"
        try:
            body, found = read_policy(given, work)
        except InvalidInput as refused:
            details += [replace(detail, place=place) for detail in refused.details]
            continue
        details += [replace(detail, place=f"{place}.{detail.place}") for detail in _meaningless(body)]
        policy = GrantedPolicy.of(given["name"], body, Project(given["granted_in"]))
        level = level_of_policy(catalog, policy.document, given.get("level", found.role_type))
        policy = replace(policy, level=level)
        if (number := len(policy.document.statements)) > MOST_STATEMENTS:
            message = f"There are {number} statements; {MOST_STATEMENTS} at most are taken, and IAM takes 8."
            details.append(Detail(f"{place}.Statement", "too_many", message))
        policies.append(policy)
    if details:
        raise InvalidInput(details)
    return policies


def _read_requests(catalog: Catalog, data: Sequence[Mapping[str, Any]]) -> list[Request]:
    """The questions in their order. Raises InvalidInput with every action that is none and every unknown operation."""
    details: list[Detail] = []
    wildcards = sum(is_wildcard(asked.get("action", "")) for asked in data)
    if wildcards > MAX_WILDCARDS:
        message = f"There are {wildcards} wildcards; {MAX_WILDCARDS} at most are taken."
        details.append(Detail("requests", "too_many", message))
    for at, asked in enumerate(data):
        if (id_ := asked.get("operation")) is not None and id_ not in catalog.operations:
            near = did_you_mean(id_, catalog.operations) if len(details) < MOST_SUGGESTIONS else ""
            message = NO_OPERATION.format(id=id_[:200]) + near
            details.append(Detail(f"requests[{at}].operation", "unknown_operation", message))
        elif id_ is None and (problem := _action_problem(asked["action"])):
            details.append(Detail(f"requests[{at}].action", "malformed_action", problem))
    if details:
        raise InvalidInput(details)
    return [
        Request(
            asked["operation"] if "operation" in asked else asked["action"],
            Project(asked["project"]),
            Context.of(asked["context"]),
        )
        for asked in data
    ]


def _meaningless(body: Node) -> Iterator[Detail]:
    """The parts of a policy without a meaning. Its statements are a list."""
    listed = value(body, "Statement")
    views = {view.index: view for view in statements(body)}
    for at, node in enumerate(listed.items if isinstance(listed, Array) else ()):
        place = path_of(body, node)
        view = views.get(at)
        if view is None:
            yield Detail(place, "no_statement", "This is no statement; an object was expected.")
        elif view.effect is None:
            yield Detail(f"{place}.Effect", "no_effect", "There is no effect here; Allow or Deny was expected.")
        else:
            yield from _unreadable_actions(body, view, place)


def _unreadable_actions(body: Node, view: StatementView, place: str) -> Iterator[Detail]:
    for listed, entries in ((view.action, view.actions), (view.not_action, view.not_actions)):
        if listed is not None and not isinstance(listed, Array) and not entries:
            yield Detail(path_of(body, listed), "wrong_type", "A list of actions was expected.")
        for entry in entries:
            if entry.name is None:
                message = _action_problem(getattr(entry.node, "value", None))
                yield Detail(path_of(body, entry.node), "malformed_action", message)
    if not isinstance(view.node, Object) or (view.action is None and view.not_action is None):
        yield Detail(place, "no_action", "There is neither Action nor NotAction here.")


def _action_problem(name: object) -> str:
    """Why `name` is no action; "" where it is one."""
    if not isinstance(name, str):
        return "This is no text; an action was expected."
    try:
        parse_action(name)
    except ActionNameError as error:
        return str(error)
    return ""
