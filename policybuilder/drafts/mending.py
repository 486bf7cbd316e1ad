"""One-click fixes in the builder: the text of the policy is corrected, and the blocks that it concerns are read again.

All other blocks stay as they are, with their labels and with what was left out in them on purpose.
"""

from dataclasses import replace
from itertools import takewhile

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.compiler import CompiledPolicy
from policybuilder.domain.building.importing import CannotEditError, Imported, read_blocks
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.jsontext.nodes import Array, Node, Object
from policybuilder.domain.jsontext.source import read_own
from policybuilder.domain.jsontext.writer import write_compact
from policybuilder.domain.policy.reading import FoundPolicy
from policybuilder.domain.rules.rule import Fix
from policybuilder.web.commands import RefusedError

from .draft import Draft, with_editable

NOT_MENDED = "This cannot be mended here: check the policy as text instead."


def mended(catalog: Catalog, draft: Draft, policy: CompiledPolicy, fix: Fix) -> Draft:
    """The draft of `policy` with the fix made. Raises RefusedError where the corrected text cannot be edited here."""
    root = read_own(fix.apply(policy.text)).root
    if root is None:
        raise RefusedError(NOT_MENDED)
    extra = _import(catalog, root).extra
    before, after = _statements(policy.source.root), _statements(root)
    first, end = _changed(before, after)
    touched = [at for at, part in enumerate(policy.blocks) if part.first < end and first < part.first + part.count]
    if not touched:
        return replace(draft, extra=extra)
    start, stop = touched[0], touched[-1] + 1
    after_them = len(before) - policy.blocks[stop - 1].first - policy.blocks[stop - 1].count
    changed = after[policy.blocks[start].first : len(after) - after_them]
    blocks = _import(catalog, _with_statements(root, changed)).blocks if changed else ()
    labelled = _labelled(blocks, [block.label for block in draft.blocks[start:stop]])
    return replace(draft, blocks=with_editable((*draft.blocks[:start], *labelled, *draft.blocks[stop:])), extra=extra)


def _changed(before: tuple[Node, ...], after: tuple[Node, ...]) -> tuple[int, int]:
    """Where the statements of `before` that are not in `after` begin and end."""
    old, new = list(map(write_compact, before)), list(map(write_compact, after))
    first = _alike(old, new)
    last = _alike(old[first:][::-1], new[first:][::-1])
    return first, len(old) - last


def _alike(one: list[str], other: list[str]) -> int:
    """How many statements from the start are the same."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _labelled(blocks: tuple[Block, ...], labels: list[str]) -> tuple[Block, ...]:
    """The label of one block goes to all that become of it, those of several only where each becomes one."""
    if len(labels) == 1:
        labels = labels * len(blocks)
    if len(labels) != len(blocks):
        return blocks
    return tuple(replace(block, label=label) for block, label in zip(blocks, labels, strict=True))


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
        raise RefusedError(str(error)) from None
