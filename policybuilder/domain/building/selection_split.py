"""One selection in two: what works in enterprise projects, and its companion for IAM projects.

Operations are split, not actions: an operation that only works in an IAM project needs all its actions there, those
that would also work elsewhere included. Together the two grant exactly what the one did.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Support
from policybuilder.domain.policy.document import Effect

from .blocks import Block, kept_statement
from .closure import dependencies, own_actions
from .selection import Selection


@dataclass(frozen=True, slots=True)
class ScopeSplit:
    enterprise: Selection
    iam: Selection


def split_by_scope(catalog: Catalog, selection: Selection) -> ScopeSplit:
    """Both parts keep the options, the switch and what was left out. A part can be empty."""
    fits = frozenset(id_ for id_ in selection.operations if _works_in_enterprise(catalog, selection, id_))
    singles = frozenset(name for name in selection.actions if _supports_enterprise(catalog, [name]))
    rest = selection.operations - fits
    return ScopeSplit(
        enterprise=replace(selection.untick(rest), actions=singles),
        iam=replace(selection.untick(fits), actions=selection.actions - singles),
    )


def split_blocks(catalog: Catalog, blocks: Iterable[Block]) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """The same for several blocks: first what works in enterprise projects, then the companion. Either can be empty.

    What denies, and what is kept as it is, stands in both: in an enterprise project, policies that are granted in IAM
    are looked at first.
    """
    enterprise: list[Block] = []
    iam: list[Block] = []
    for block in blocks:
        if block.kept or block.effect is Effect.DENY:
            halves = (block, block)
        else:
            parts = split_by_scope(catalog, block.selection)
            halves = (replace(block, selection=parts.enterprise), replace(block, selection=parts.iam))
        for side, half in zip((enterprise, iam), halves, strict=True):
            if half.kept or half.selection.operations or half.selection.actions:
                side.append(half)
    return _allowing(enterprise), _allowing(iam)


def _allowing(blocks: list[Block]) -> tuple[Block, ...]:
    """The blocks, unless none of them allows anything."""
    return tuple(blocks) if any(_effect(block) is not Effect.DENY for block in blocks) else ()


def _effect(block: Block) -> Effect | None:
    """None where a kept statement has none that can be read."""
    if not block.kept:
        return block.effect
    statement = kept_statement(block.kept)
    return None if statement is None else statement.effect


def _works_in_enterprise(catalog: Catalog, selection: Selection, id_: str) -> bool:
    operation = catalog.operation(id_)
    names = (*own_actions(operation, selection), *dependencies(catalog, operation, selection))
    return operation.scope.enterprise_project is not Support.NO and _supports_enterprise(catalog, names)


def _supports_enterprise(catalog: Catalog, names: Iterable[str]) -> bool:
    """Whether each action works in enterprise projects, at least for some of its calls, and is known to."""
    works = {Support.YES, Support.VARIES}
    for name in names:
        known = catalog.expand(name)
        if not known or any(catalog.actions[found].scope.enterprise_project not in works for found in known):
            return False
    return True
