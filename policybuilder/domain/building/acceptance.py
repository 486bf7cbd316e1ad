"""What to try with the first login that has a policy, and which answer each call must get.

Listed are the operations that were selected, that the policy allows, and that it allows in part or denies. So that the
limits are proven as well, some are added that the policy says nothing about: of the services in use one of a category
at most, the first that only reads, since it does no harm should it go through, else the first. What is listed already
is near in the categories that have something listed, so these come before others, and services take turns.

Some services answer a query without permission with 200 and an empty list. Such a query proves no refusal, and neither
does a call that an allowed operation has too. A service without any proof gets one such query, to show the empty list.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice, zip_longest

from policybuilder.domain.access.conditions import NOTHING_KNOWN, Context
from policybuilder.domain.access.decisions import Decision
from policybuilder.domain.access.evaluation import Evaluator, GrantedPolicy, OperationDecisions, Project, Request
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Access, Operation
from policybuilder.domain.work import Work

from .compiler import CompiledPolicy

MOST_LIMITS = 10


class Why(StrEnum):
    """Why an operation is on the list; the first that holds."""

    DENIED = "denied"
    INCOMPLETE = "incomplete"
    CONDITIONAL = "conditional"
    SELECTED = "selected"
    ALSO_ALLOWED = "also_allowed"
    ALSO_CONDITIONAL = "also_conditional"
    LIMIT = "limit"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Trial:
    """One operation to try: in an IAM project with the policy granted there only, and in an enterprise project with
    the policy granted in Enterprise Management only. `missing` are actions, sorted. `never_refused`: without permission
    the answer is 200 and an empty list.
    """

    operation: Operation
    why: Why
    iam_project: Decision
    enterprise_project: Decision
    missing: tuple[str, ...]
    never_refused: bool = False


def trials(catalog: Catalog, policy: CompiledPolicy) -> tuple[Trial, ...]:
    """What to try, in the catalogue's order. Of a policy without statements what needs no authorization, and no limits:
    there is no policy that could prove them."""
    return tuple(_trials(catalog, policy)) if policy.document.statements or policy.operations.allowed else ()


def expected(catalog: Catalog, policy: CompiledPolicy) -> dict[str, OperationDecisions]:
    """What every operation of the catalogue gets in each kind of project, with the policy granted there only."""
    return decide_in_each_place(catalog, lambda project: (GrantedPolicy("", policy.document, granted_in=project),))


def decide_in_each_place(
    catalog: Catalog,
    granted_for: Callable[[Project], tuple[GrantedPolicy, ...]],
    context: Context = NOTHING_KNOWN,
    work: Work | None = None,
) -> dict[str, OperationDecisions]:
    """What every operation gets in each kind of project, with the policies as they are granted for that one.

    Raises WorkSpentError where there is `work`.
    """
    here, there = granted_for(Project.IAM), granted_for(Project.ENTERPRISE)
    in_iam = Evaluator(catalog, here, work)
    in_enterprise = in_iam if here == there else Evaluator(catalog, there, work)
    return {
        id_: OperationDecisions(
            in_iam.evaluate(Request(id_, Project.IAM, context)),
            in_enterprise.evaluate(Request(id_, Project.ENTERPRISE, context)),
        )
        for id_ in catalog.operations
    }


def _trials(catalog: Catalog, policy: CompiledPolicy) -> Iterator[Trial]:
    answers = expected(catalog, policy)
    missing = {entry.id: entry.missing for entry in policy.operations.incomplete}
    listed = _listed(policy)
    limits = _limits(catalog, policy, listed, answers) if policy.document.statements else {}
    whys = listed | limits
    for _, operations in catalog.by_category(catalog.operations[id_] for id_ in whys):
        for operation in operations:
            answer = answers[operation.id]
            lacks = missing.get(operation.id, ())
            never = _is_never_refused(catalog, operation)
            yield Trial(operation, whys[operation.id], answer.iam_project, answer.enterprise_project, lacks, never)


def _is_never_refused(catalog: Catalog, operation: Operation) -> bool:
    """Whether the call is a query that its service answers with an empty list instead of a refusal."""
    queries = operation.access is Access.READ
    return queries and any(service.queries_never_refused for service in catalog.services_of(operation))


def _limits(
    catalog: Catalog, policy: CompiledPolicy, listed: Mapping[str, Why], answers: Mapping[str, OperationDecisions]
) -> dict[str, Why]:
    """Ids of the operations that prove the limits, MOST_LIMITS at most; for a service without any, an empty query."""
    near = {catalog.category_of(catalog.operations[id_]).id for id_ in listed}
    proofs: dict[str, list[tuple[bool, Operation]]] = {slug: [] for slug in _in_use(catalog, policy, listed)}
    empty: dict[str, str] = {}
    shared = _allowed_calls(catalog, answers)
    for category, operations in catalog.by_category(catalog.operations.values()):
        if category.service not in proofs:
            continue
        refused = [each for each in operations if each.id not in listed and _is_refused(each, answers, shared)]
        queries = [each for each in refused if _is_never_refused(catalog, each)]
        if queries:
            empty.setdefault(category.service, queries[0].id)
        if proof := _proof([each for each in refused if each not in queries]):
            proofs[category.service].append((category.id not in near, proof))
    nearest = [[proof for _, proof in sorted(found, key=lambda each: each[0])] for found in proofs.values()]
    turns = (proof for turn in zip_longest(*nearest) for proof in turn if proof is not None)
    found = {proof.id: Why.LIMIT for proof in islice(turns, MOST_LIMITS)}
    return found | {id_: Why.EMPTY for service, id_ in empty.items() if not proofs[service]}


def _allowed_calls(catalog: Catalog, answers: Mapping[str, OperationDecisions]) -> frozenset[tuple[str, str]]:
    """Method and path of the calls of all operations that may go through in the IAM project."""
    return frozenset(
        (call.method, call.path)
        for id_, answer in answers.items()
        if not answer.iam_project.decision.refuses
        for call in catalog.operations[id_].calls
    )


def _is_refused(
    operation: Operation, answers: Mapping[str, OperationDecisions], allowed_calls: frozenset[tuple[str, str]]
) -> bool:
    """Whether each call of the operation is refused in the IAM project."""
    refused = answers[operation.id].iam_project.decision.refuses
    calls = [(call.method, call.path) for call in operation.calls]
    return refused and bool(calls) and allowed_calls.isdisjoint(calls)


def _in_use(catalog: Catalog, policy: CompiledPolicy, listed: Iterable[str]) -> list[str]:
    """The slugs of the services of what is selected; where nothing is, of what is listed."""
    categories = (catalog.category_of(catalog.operations[id_]) for id_ in policy.asked or listed)
    slugs = {category.service for category in categories}
    return [service.slug for service in catalog.services if service.slug in slugs]


def _listed(policy: CompiledPolicy) -> dict[str, Why]:
    """Later reasons are stronger."""
    operations = policy.operations
    also = frozenset(operations.also_allowed)
    return (
        dict.fromkeys(also, Why.ALSO_ALLOWED)
        | dict.fromkeys(operations.selected, Why.SELECTED)
        | dict.fromkeys(operations.conditional, Why.CONDITIONAL)
        | dict.fromkeys(also & operations.conditional, Why.ALSO_CONDITIONAL)
        | dict.fromkeys((entry.id for entry in operations.incomplete), Why.INCOMPLETE)
        | dict.fromkeys(policy.denied_by, Why.DENIED)
    )


def _proof(refused: Sequence[Operation]) -> Operation | None:
    """The first that only reads, else the first."""
    reading = [operation for operation in refused if operation.access is Access.READ]
    return next(iter(reading or refused), None)
