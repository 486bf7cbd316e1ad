"""The policy of a draft, remembered: what a change is compared with is what the change before it led to."""

from functools import lru_cache

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.compiler import CompiledPolicy, compile_blocks
from policybuilder.domain.catalog.catalog import Catalog

from .draft import Draft


def compiled(catalog: Catalog, draft: Draft) -> CompiledPolicy:
    """The policy of `draft`, whatever its name."""
    return _compiled(catalog, draft.blocks, draft.extra)


@lru_cache(maxsize=64)
def _compiled(catalog: Catalog, blocks: tuple[Block, ...], extra: str) -> CompiledPolicy:
    return compile_blocks(catalog, blocks, extra)
