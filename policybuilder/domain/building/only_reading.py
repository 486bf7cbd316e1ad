"""The operations that only read in a statement: the Read button selects these, and no others.

An Allow also grants the dependencies of an operation and of all its options, since a tick turns all options on. A Deny
names the operation's own actions only.
"""

from dataclasses import replace
from functools import lru_cache

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Access, Operation
from policybuilder.domain.policy.document import Effect

from .blocks import Block
from .closure import dependencies
from .reach import can_change
from .selection import Selection


def only_reading(catalog: Catalog, block: Block) -> frozenset[str]:
    """The ids of the reading operations whose tick adds no action to the statement that can change something.

    It goes by the statement's switch for dependencies of dependencies and by the dependencies that it leaves out.
    """
    return _only_reading(catalog, _choices(block.selection), block.effect)


def changing_actions(catalog: Catalog, block: Block, operation: Operation) -> tuple[str, ...]:
    """The actions and wildcards that a tick of the operation adds and that can change something, sorted."""
    return _changing(catalog, _choices(block.selection), block.effect, operation)


def _choices(selection: Selection) -> Selection:
    """The part of a selection that decides about dependencies."""
    return replace(selection, operations=frozenset(), options_off=frozenset(), actions=frozenset())


@lru_cache(maxsize=32)
def _only_reading(catalog: Catalog, choices: Selection, effect: Effect) -> frozenset[str]:
    return frozenset(
        operation.id
        for operation in catalog.operations.values()
        if operation.access is Access.READ and not _changing(catalog, choices, effect, operation)
    )


def _changing(catalog: Catalog, choices: Selection, effect: Effect, operation: Operation) -> tuple[str, ...]:
    needed = dependencies(catalog, operation, choices) if effect is Effect.ALLOW else frozenset()
    return tuple(name for name in sorted({*operation.all_actions(), *needed}) if can_change(catalog, name))
