"""What to try with the first login that has a policy, and which answer each call must get.

Listed are the operations that were selected, that the policy allows, and that it allows in part or denies. So that the
limits are proven as well, some are added that the policy says nothing about: of the services in use one of a category
at most, the first that only reads, since it does no harm should it go through, else the first. What is listed already
is near in the categories that have something listed, so these come before others, and services take turns.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice, zip_longest

from policybuilder.domain.access.conditions import NOTHING_KNOWN, Context
from policybuilder.domain.access.decisions import Answer, Decision
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


@dataclass(frozen=True, slots=True)
class Trial:
    """One operation to try: in an IAM project with the policy granted there only, and in an enterprise project with
    the policy granted in Enterprise Management only. `missing` are actions, sorted.
    """

    operation: Operation
    why: Why
    iam_project: Decision
    enterprise_project: Decision
    missing: tuple[str, ...]


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
    limits = _limits(catalog, policy, listed, answers) if policy.document.statements else ()
    whys = listed | dict.fromkeys(limits, Why.LIMIT)
    for _, operations in catalog.by_category(catalog.operations[id_] for id_ in whys):
        for operation in operations:
            answer = answers[operation.id]
            lacks = missing.get(operation.id, ())
            yield Trial(operation, whys[operation.id], answer.iam_project, answer.enterprise_project, lacks)


def _limits(
    catalog: Catalog, policy: CompiledPolicy, listed: Mapping[str, Why], answers: Mapping[str, OperationDecisions]
) -> Iterator[str]:
    """Ids of the operations that prove the limits, MOST_LIMITS at most."""
    near = {catalog.category_of(catalog.operations[id_]).id for id_ in listed}
    proofs: dict[str, list[tuple[bool, Operation]]] = {slug: [] for slug in _in_use(catalog, policy, listed)}
    for category, operations in catalog.by_category(catalog.operations.values()):
        if category.service in proofs and (proof := _proof(operations, listed, answers)):
            proofs[category.service].append((category.id not in near, proof))
    nearest = [[proof for _, proof in sorted(found, key=lambda each: each[0])] for found in proofs.values()]
    turns = (proof for turn in zip_longest(*nearest) for proof in turn if proof is not None)
    return (proof.id for proof in islice(turns, MOST_LIMITS))


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


def _proof(
    operations: tuple[Operation, ...], listed: Mapping[str, Why], answers: Mapping[str, OperationDecisions]
) -> Operation | None:
    refused = [
        operation
        for operation in operations
        if operation.id not in listed
        and operation.calls
        and answers[operation.id].iam_project.decision in (Answer.DENIED, Answer.NOT_ALLOWED)
    ]
    reading = [operation for operation in refused if operation.access is Access.READ]
    return next(iter(reading or refused), None)
