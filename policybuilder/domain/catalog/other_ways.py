"""Operations that do the same job as another: who may use one of them can do the job.

Two facts of the catalogue say so. An enterprise alternative does the job of each operation that names it, and these do
each other's. `same_job` names the operations of a job directly: an operation can do two jobs (add tags, delete tags),
so these pairs are not joined any further.
"""

from collections import defaultdict
from collections.abc import Mapping

from .entries import Operation


def other_ways(operations: Mapping[str, Operation]) -> dict[str, tuple[str, ...]]:
    """See `Catalog.needs.other_ways`. `operations` by id; ids that are not among them are passed over."""
    pairs: dict[str, set[str]] = defaultdict(set)
    for group in _by_alternative(operations):
        for id_ in group:
            pairs[id_] |= group
    for operation in operations.values():
        for other in operation.same_job:
            pairs[operation.id].add(other)
            pairs[other].add(operation.id)
    order = {id_: at for at, (id_, operation) in enumerate(operations.items()) if not operation.free}
    found = {id_: (pairs[id_] & order.keys()) - {id_} for id_ in order if id_ in pairs}
    return {id_: tuple(sorted(others, key=order.__getitem__)) for id_, others in found.items() if others}


def _by_alternative(operations: Mapping[str, Operation]) -> list[set[str]]:
    """Groups of ids, linked by enterprise alternatives in any number of steps."""
    groups: dict[str, set[str]] = {}
    for operation in operations.values():
        if operation.enterprise_alternative is None:
            continue
        one, other = operation.id, operation.enterprise_alternative
        joined = groups.get(one, {one}) | groups.get(other, {other})
        groups |= dict.fromkeys(joined, joined)
    return list({id(group): group for group in groups.values()}.values())
