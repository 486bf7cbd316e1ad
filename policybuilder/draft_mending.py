"""One-click fixes in the builder: the text of the policy is corrected, and the blocks that it concerns are read anew.

All other blocks stay as they are, with their labels and with what was left out in them on purpose.
"""

from dataclasses import replace

from .domain.blocks import CompiledBlock, CompiledPolicy
from .domain.catalog import Catalog
from .domain.importing import CannotEditError, Imported, read_blocks
from .domain.json_nodes import Array, Node, Object
from .domain.json_source import read
from .domain.policy_rules import Fix
from .domain.policy_source import FoundPolicy
from .drafts import Draft, with_editable
from .selection_commands import Refused


def mended(catalog: Catalog, draft: Draft, policy: CompiledPolicy, fix: Fix) -> Draft:
    """The draft of `policy` with the fix made. Raises Refused where the corrected text cannot be edited here."""
    root = read(fix.apply(policy.text)).root
    if root is None:
        raise Refused("This cannot be mended here: check the policy as text instead.")
    at = _block_of(policy, fix)
    if at is None:
        imported = _import(catalog, root)
        return Draft(imported.blocks, draft.name, imported.extra)
    part, others = policy.blocks[at], sum(part.count for part in policy.blocks) - policy.blocks[at].count
    listed = _statements(root)
    changed = listed[part.first : len(listed) - (others - part.first)]
    blocks = _import(catalog, _with_statements(root, changed)).blocks if changed else ()
    labelled = tuple(replace(block, label=part.block.label) for block in blocks)
    return replace(draft, blocks=with_editable((*draft.blocks[:at], *labelled, *draft.blocks[at + 1 :])))


def _block_of(policy: CompiledPolicy, fix: Fix) -> int | None:
    """The one block in whose statements all edits are, None where there is no such one."""
    places = [(edit.start, edit.end) for edit in fix.edits]
    listed = _statements(policy.source.root)
    return next((at for at, part in enumerate(policy.blocks) if _holds(part, listed, places)), None)


def _holds(part: CompiledBlock, listed: tuple[Node, ...], places: list[tuple[int, int]]) -> bool:
    own = listed[part.first : part.first + part.count]
    return all(any(node.start <= start and end <= node.end for node in own) for start, end in places)


def _statements(root: Node | None) -> tuple[Node, ...]:
    listed = root.get("Statement") if isinstance(root, Object) else None
    return listed.items if isinstance(listed, Array) else ()


def _with_statements(root: Node, listed: tuple[Node, ...]) -> Node:
    if not isinstance(root, Object):
        return root
    members = (
        replace(member, value=Array(0, 0, listed)) if member.key.value == "Statement" else member
        for member in root.members
    )
    return replace(root, members=tuple(members))


def _import(catalog: Catalog, root: Node) -> Imported:
    try:
        return read_blocks(catalog, FoundPolicy(root, ""))
    except CannotEditError as error:
        raise Refused(str(error)) from None
