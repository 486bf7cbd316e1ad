"""What to try with the first login that has a policy, and which answer each call must get.

Listed are the operations that were selected, that the policy allows, and that it allows in part or denies. So that the
limits are proven as well, some are added that the policy says nothing about: of the services in use one of a category
at most, the first that only reads, since it does no harm should it go through, else the first. What is listed already
is near in the categories that have something listed, so these come before others, and services take turns.

Some services answer a query without permission with 200 and an empty list. Such a query proves no refusal, and neither
does a call that an operation shares which may be let through: the answer does not show which of them was called. A
service without any proof gets one such query, to show the empty list.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice, zip_longest

from policybuilder.domain.access.conditions import NOTHING_KNOWN, Context
from policybuilder.domain.access.decisions import Decision
from policybuilder.domain.access.evaluation import Evaluator, GrantedPolicy, OperationDecisions, Project, Request
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Access, ApiCall, Operation
from policybuilder.domain.work import Work

from .compiler import CompiledPolicy

MOST_LIMITS = 10
_PLACEHOLDER = re.compile(r"\{[^{}/]*\}+")
_PATH_END = re.compile(r"[,? ]")  # the query follows, or words about the body, which no address shows


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


def trials(catalog: Catalog, policy: CompiledPolicy, work: Work) -> tuple[Trial, ...]:
    """What to try, in the catalogue's order. Of a policy without statements what needs no authorization, and no limits:
    there is no policy that could prove them. Raises WorkSpentError."""
    return tuple(_trials(catalog, policy, work)) if policy.document.statements or policy.operations.allowed else ()


def expected(catalog: Catalog, policy: CompiledPolicy, work: Work) -> dict[str, OperationDecisions]:
    """What every operation of the catalogue gets in each kind of project, with the policy granted there only.

    Raises WorkSpentError.
    """
    return decide_in_each_place(
        catalog, lambda project: (GrantedPolicy("", policy.document, granted_in=project),), work=work
    )


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


def _trials(catalog: Catalog, policy: CompiledPolicy, work: Work) -> Iterator[Trial]:
    answers = expected(catalog, policy, work)
    missing = {entry.id: entry.missing for entry in policy.operations.incomplete}
    listed = _listed(policy)
    limits = _limits(catalog, policy, listed, answers) if policy.document.statements else {}
    whys = listed | limits
    for _, operations in catalog.by_category(catalog.operations[id_] for id_ in whys):
        for operation in operations:
            answer = answers[operation.id]
            lacks = missing.get(operation.id, ())
            never = is_never_refused(catalog, operation)
            yield Trial(operation, whys[operation.id], answer.iam_project, answer.enterprise_project, lacks, never)


def is_never_refused(catalog: Catalog, operation: Operation) -> bool:
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
    open_calls = _open_calls(catalog, answers)
    for category, operations in catalog.by_category(catalog.operations.values()):
        if category.service not in proofs:
            continue
        refused = [
            each
            for each in operations
            if each.id not in listed
            and _is_refused(answers[each.id])
            and each.calls
            and open_calls.isdisjoint(calls_of(catalog, each))
        ]
        queries = [each for each in refused if is_never_refused(catalog, each)]
        if lists := [each for each in queries if not each.calls[0].path.endswith("}")] or queries:
            empty.setdefault(category.service, lists[0].id)
        if proof := _proof([each for each in refused if each not in queries]):
            proofs[category.service].append((category.id not in near, proof))
    nearest = [[proof for _, proof in sorted(found, key=lambda each: each[0])] for found in proofs.values()]
    turns = (proof for turn in zip_longest(*nearest) for proof in turn if proof is not None)
    found = {proof.id: Why.LIMIT for proof in islice(turns, MOST_LIMITS)}
    return found | {id_: Why.EMPTY for service, id_ in empty.items() if not proofs[service]}


def _is_refused(answer: OperationDecisions) -> bool:
    """Whether it is refused in both kinds of project."""
    return answer.iam_project.decision.refuses and answer.enterprise_project.decision.refuses


def _open_calls(catalog: Catalog, answers: Mapping[str, OperationDecisions]) -> frozenset[tuple[str, str, str]]:
    """The calls of all operations that may be let through somewhere."""
    opened = (catalog.operations[id_] for id_, answer in answers.items() if not _is_refused(answer))
    return frozenset(call for operation in opened for call in calls_of(catalog, operation))


def calls_of(catalog: Catalog, operation: Operation) -> Iterator[tuple[str, str, str]]:
    """Host, method and path of each call of an operation, without the names of placeholders. A call to one address can
    be a call of several operations."""
    services = catalog.services_of(operation)
    hosts = {host for service in services for host in service.endpoints} or {service.slug for service in services}
    return ((host, call.method, _path(call)) for host in hosts for call in operation.calls)


def _path(call: ApiCall) -> str:
    address = _PATH_END.split(call.path, maxsplit=1)[0] if call.method else call.path
    return _PLACEHOLDER.sub("{}", address).rstrip("/").casefold()


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
