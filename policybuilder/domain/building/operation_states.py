"""What a policy that is being built means for each operation of the catalogue."""

from dataclasses import dataclass

from policybuilder.domain.access.operations import Concerned
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.policy.document import Effect

from .compiler import CompiledPolicy


@dataclass(frozen=True, slots=True)
class OperationState:
    """What the whole document means for one operation, and whether it is selected in the block that is edited.

    `also_allowed`: it works, under conditions at least, and no block that allows has it selected.
    `needed_by` and `missing` are ids and actions; `denied` are the missing actions that a Deny takes away. `may_work`:
    all that is missing are wildcards of which a part is granted. Blocks are numbers, counted from 1: `denied_by` deny
    one of its own actions, `elsewhere` are others that allow it. `way_round`: the block denies it, but not the
    operation with this id, which does the same job in enterprise projects.
    """

    selected: bool = False
    allowed: bool = False
    conditional: bool = False
    also_allowed: bool = False
    needed_by: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    may_work: bool = False
    denied_by: tuple[int, ...] = ()
    elsewhere: tuple[int, ...] = ()
    way_round: str = ""


NO_STATE = OperationState()


def operation_states(catalog: Catalog, policy: CompiledPolicy, at: int) -> dict[str, OperationState]:
    """The state of every operation that the policy or its block `at` means something for; others have NO_STATE."""
    part = policy.blocks[at]
    missing = {entry.id: entry for entry in policy.operations.incomplete}
    needed_by = {grant.action: grant.needed_by for grant in part.grants}
    selected = part.block.selection.operations
    also = frozenset(policy.operations.also_allowed)
    works = policy.operations.allowed | policy.operations.conditional
    elsewhere = {
        number: other.block.selection.operations
        for number, other in enumerate(policy.blocks, 1)
        if number != at + 1 and other.block.effect is Effect.ALLOW
    }
    denying = Concerned(s for s in policy.document.statements if s.effect is Effect.DENY)
    denies = part.block.effect is Effect.DENY
    states = {}
    for id_ in selected.union(works, missing, policy.denied_by, *elsewhere.values()):
        own = catalog.operations[id_].all_actions()
        by = {other for name in own for other in needed_by.get(name, ()) if other != id_}
        incomplete = missing.get(id_)
        lacks = incomplete.missing if incomplete else ()
        states[id_] = OperationState(
            selected=id_ in selected,
            allowed=id_ in policy.operations.allowed,
            conditional=id_ in policy.operations.conditional,
            also_allowed=id_ in also,
            needed_by=tuple(sorted(by)),
            missing=lacks,
            denied=tuple(name for name in lacks if denying.part(name)),
            may_work=incomplete is not None and incomplete.may_work,
            denied_by=tuple(number + 1 for number in policy.denied_by.get(id_, ())),
            elsewhere=tuple(number for number, operations in elsewhere.items() if id_ in operations),
            way_round=_way_round(catalog, policy, at, id_) if denies else "",
        )
    return states


def _way_round(catalog: Catalog, policy: CompiledPolicy, at: int, id_: str) -> str:
    block, alternative = policy.blocks[at].block, catalog.operations[id_].enterprise_alternative
    if alternative is None or id_ not in block.selection.operations:
        return ""
    return "" if at in policy.denied_by.get(alternative, ()) else alternative
