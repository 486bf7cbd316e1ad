"""What a policy that is being built means for each operation of the catalogue."""

from dataclasses import dataclass

from policybuilder.domain.access.denials import Denials
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
    one of its own actions, `elsewhere` are others that allow it. `ways_open`: the block denies the operation, but the
    policy does not deny these, which do the same job, wherever the block does.
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
    ways_open: tuple[str, ...] = ()


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
    ways = ways_left_open(catalog, policy, at)
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
            ways_open=ways.get(id_, ()),
        )
    return states


def ways_left_open(catalog: Catalog, policy: CompiledPolicy, at: int) -> dict[str, tuple[str, ...]]:
    """Operations selected in the Deny block `at` -> the operations that do their job and are not denied there.

    Empty for a block that allows, and without operations that have another way.
    """
    part = policy.blocks[at]
    selected = part.block.selection.operations & catalog.needs.other_ways.keys()
    if part.block.effect is not Effect.DENY or not part.statements or not selected:
        return {}
    statements = policy.document.statements
    one = next(n for n, statement in enumerate(statements) if statement is part.statements[0])
    denials = Denials(catalog, statements, policy.goal)
    found = {id_: denials.open_ways(one, id_) for id_ in selected}
    return {id_: tuple(way.id for way in ways) for id_, ways in found.items() if ways}
