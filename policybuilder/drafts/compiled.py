"""The policy of a draft, remembered: what a change is compared with is what the change before it led to."""

from collections.abc import Mapping

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.compiler import CompiledPolicy, compile_blocks
from policybuilder.domain.building.operation_states import OperationState, operation_states
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.scope import Goal
from policybuilder.domain.remembering import remembered

from .draft import Draft


def compiled(catalog: Catalog, draft: Draft) -> CompiledPolicy:
    """The policy of `draft`, whatever its name."""
    return _compiled(catalog, draft.blocks, draft.extra, draft.goal)


def _weight(policy: CompiledPolicy, *made_from: object) -> int:
    """About as many bytes as it takes, most of them for what is said of each statement and operation."""
    operations = policy.operations
    missing = sum(len(entry.missing) for entry in operations.incomplete)
    listed = len(operations.allowed) + len(operations.also_allowed) + len(operations.incomplete) + missing
    texts = {policy.text, *(document.text for document in policy.documents)}
    return 20_000 + 15 * sum(map(len, texts)) + 100 * listed


@remembered(8_000_000, weigh=_weight)
def _compiled(catalog: Catalog, blocks: tuple[Block, ...], extra: str, goal: Goal) -> CompiledPolicy:
    return compile_blocks(catalog, blocks, extra, goal)


@remembered(2_000_000, weigh=lambda found, catalog, policy, at: _weight(policy) + 300 * len(found))
def states(catalog: Catalog, policy: CompiledPolicy, at: int) -> Mapping[str, OperationState]:
    """What that policy means for each operation while the block `at` is edited; see `operation_states`."""
    return operation_states(catalog, policy, at)
