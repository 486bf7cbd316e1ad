"""A policy as the builder edits it: blocks, each with a selection of its own.

What no selection can say (NotAction, a misspelt key) is a block too: it is kept as it is and written unchanged.
"""

from dataclasses import dataclass, replace

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.jsontext.nodes import Node, Object
from policybuilder.domain.jsontext.source import read
from policybuilder.domain.policy.document import (
    Condition,
    Effect,
    Statement,
)
from policybuilder.domain.policy.reading import understand, view_statement
from policybuilder.domain.remembering import remembered

from .closure import Grant, close
from .selection import Selection

MAX_BLOCKS = 20  # more than IAM takes statements, so that a policy with too many of them can be mended here


@dataclass(frozen=True, slots=True)
class Block:
    """`label` is for oneself and not in the document. `kept` is the JSON of a statement; then only that counts."""

    selection: Selection = Selection()
    effect: Effect = Effect.ALLOW
    label: str = ""
    conditions: tuple[Condition, ...] = ()
    resources: tuple[str, ...] = ()
    kept: str = ""


# In characters, each of which takes up to seventy bytes in nodes.
@remembered(120_000, weigh=lambda node, kept: len(kept))
def kept_node(kept: str) -> Node:
    """The statement that a block keeps. Raises ValueError for a text that is no JSON."""
    source = read(kept, literal=True)
    if source.root is None or source.repairs:
        raise ValueError("A kept statement must be JSON.")
    return source.root


def kept_statement(kept: str) -> Statement | None:
    """What of a kept statement has a meaning."""
    node = kept_node(kept)
    return understand(view_statement(node)) if isinstance(node, Object) else None


def block_grants(catalog: Catalog, block: Block) -> tuple[Grant, ...]:
    """Allow grants the closure of the selection; Deny names the operations' own actions and the single ones only."""
    grants = close(catalog, block.selection)
    if block.effect is Effect.DENY:
        return tuple(replace(grant, needed_by=()) for grant in grants if grant.selected)
    return grants
