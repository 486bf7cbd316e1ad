"""Blocks -> the policy, with everything there is to say about it.

A block is written as one statement per service (see `lay_out`), each with the block's effect, resources and conditions.
Allow grants the closure of the selection. Deny holds the operations' own actions and the single ones only: an operation
is refused as soon as its own action is, while denying its dependencies would take them from every other operation.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from policybuilder.domain.access.document_scope import judge_document
from policybuilder.domain.access.openings import Opening
from policybuilder.domain.access.operations import OperationAccess, what_allows, what_concerns
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.known_actions import KnownActions
from policybuilder.domain.catalog.scope import PolicyScope
from policybuilder.domain.jsontext.nodes import Array, Member, Object, String
from policybuilder.domain.jsontext.source import JsonText, read
from policybuilder.domain.jsontext.writer import INDENT, in_order, write, write_compact, write_text
from policybuilder.domain.policy.document import (
    MAX_ACTIONS,
    MAX_STATEMENTS,
    VERSION,
    Document,
    Effect,
    Size,
    Statement,
    lay_out,
    statement_data,
)
from policybuilder.domain.rules.check import PolicyFinding, check
from policybuilder.domain.rules.rule import Selected

from .blocks import Block, block_grants, kept_node, kept_statement
from .closure import Grant
from .openings import openings
from .selection import Selection

_OWN_MEMBERS = (
    Member(String(0, 0, "Version", '"Version"'), String(0, 0, VERSION, f'"{VERSION}"')),
    Member(String(0, 0, "Statement", '"Statement"'), Array(0, 0, ())),
)


@dataclass(frozen=True, slots=True)
class CompiledBlock:
    """`statements` are what of the block has a meaning; it is written as `count`, of which the first is `first`."""

    block: Block
    grants: tuple[Grant, ...]
    statements: tuple[Statement, ...]
    first: int
    count: int


@dataclass(frozen=True)
class CompiledPolicy:
    """`document` is what of the policy has a meaning, `text` the policy as the console prints it.

    `denied_by`: id of an operation with an own action that is denied -> the blocks that deny it, counted from 0.
    `openings` are the wildcards that operations depend on and that allow what nobody selected. `source` is `text` read;
    positions of findings are of it.
    """

    blocks: tuple[CompiledBlock, ...]
    document: Document
    text: str
    size: Size
    scope: PolicyScope
    operations: OperationAccess
    denied_by: dict[str, tuple[int, ...]]
    openings: tuple[Opening, ...]
    source: JsonText
    findings: tuple[PolicyFinding, ...]

    @property
    def empty(self) -> bool:
        return not self.size.statements

    @property
    def grants(self) -> tuple[Grant, ...]:
        """Those of all blocks, one after the other."""
        return tuple(grant for part in self.blocks for grant in part.grants)


def compile_selection(catalog: Catalog, selection: Selection, effect: Effect = Effect.ALLOW) -> CompiledPolicy:
    """The policy of one block. Raises UnknownOperation with the id."""
    return compile_blocks(catalog, (Block(selection, effect),))


def compile_blocks(catalog: Catalog, blocks: Sequence[Block], extra: str = "") -> CompiledPolicy:
    """The policy of `blocks`. `extra` is a JSON object with what else stands in the document, or "".

    Raises UnknownOperation with the id.
    """
    compiled = tuple(_compile(catalog, blocks))
    document = Document(tuple(statement for part in compiled for statement in part.statements))
    written = [each for part in compiled for each in _written(part)]
    text, characters = _write(written, extra)
    lengths = [len(s.actions) + len(s.not_actions) for s in document.statements]
    allowing = [part.block.selection for part in compiled if part.block.effect is Effect.ALLOW]
    operations = what_allows(
        catalog,
        document,
        frozenset().union(*(selection.operations for selection in allowing)),
        frozenset().union(*(selection.options_off for selection in allowing)),
    )
    scope = judge_document(KnownActions(catalog), document)
    denied_by = _denied_by(catalog, compiled)
    opened = openings(catalog, [(p.block, p.grants, p.statements) for p in compiled], operations.also_allowed)
    source = read(text, literal=True)
    findings = check(catalog, source, selected=Selected(operations, denied_by, scope, opened)).findings
    return CompiledPolicy(
        blocks=compiled,
        document=document,
        text=text,
        size=Size(characters, len(written), max(lengths, default=0)),
        scope=scope,
        operations=operations,
        denied_by=denied_by,
        openings=opened,
        source=source,
        # Where nothing is written yet, there is no text to say anything about.
        findings=findings if written else tuple(each for each in findings if each.start is None),
    )


def _compile(catalog: Catalog, blocks: Sequence[Block]) -> Iterator[CompiledBlock]:
    grants = [() if block.kept else block_grants(catalog, block) for block in blocks]
    laid_out = _lay_out(blocks, [[grant.action for grant in each] for each in grants])
    first = 0
    for block, granted, listed in zip(blocks, grants, laid_out, strict=True):
        count = 1 if block.kept else len(listed)
        if block.kept and (understood := kept_statement(block.kept)):
            listed = (understood,)
        yield CompiledBlock(block, granted, listed, first, count)
        first += count


def _lay_out(blocks: Sequence[Block], actions: Sequence[list[str]]) -> list[tuple[Statement, ...]]:
    """One statement per service in each block, or fewer where IAM's limit asks for it and the block can."""
    room = max(1, MAX_STATEMENTS - sum(1 for block in blocks if block.kept))

    def lay(at: int, most: int) -> tuple[Statement, ...]:
        block = blocks[at]
        plain = lay_out(block.effect, actions[at], most).statements
        return tuple(replace(s, conditions=block.conditions, resources=block.resources) for s in plain)

    laid_out = [lay(at, room) for at in range(len(blocks))]
    least = [-(-sum(len(s.actions) for s in listed) // MAX_ACTIONS) for listed in laid_out]
    while sum(map(len, laid_out)) > room:
        shorter = [at for at, listed in enumerate(laid_out) if len(listed) > least[at]]
        if not shorter:
            break
        longest = max(shorter, key=lambda at: len(laid_out[at]))
        laid_out[longest] = lay(longest, len(laid_out[longest]) - 1)
    return laid_out


def _written(part: CompiledBlock) -> Iterator[tuple[str, str]]:
    """Each statement of a block as the console prints it, in its place in the document, and compact."""
    if part.block.kept:
        node = kept_node(part.block.kept)
        yield write(node, 2), write_compact(node)
        return
    for statement in part.statements:
        data = statement_data(statement)
        printed = json.dumps(data, indent=len(INDENT), ensure_ascii=False).replace("\n", "\n" + INDENT * 2)
        yield printed, json.dumps(data, separators=(",", ":"), ensure_ascii=False)


def _write(written: Sequence[tuple[str, str]], extra: str) -> tuple[str, int]:
    """The document as text, and how many characters it has without optional space."""
    space = "\n" + INDENT * 2
    listed = ",".join(space + printed for printed, _ in written)
    members = {member.key.value: member for member in (*_OWN_MEMBERS, *_extra(extra))}
    ordered = in_order(Object(0, 0, tuple(members.values())))
    printed = {member.key.value: write(member.value, 1) for member in ordered}
    compact = {member.key.value: write_compact(member.value) for member in ordered}
    printed["Statement"] = f"[{listed}\n{INDENT}]" if written else "[]"
    compact["Statement"] = f"[{','.join(short for _, short in written)}]"
    lines = (f"{INDENT}{write_text(key)}: {value}" for key, value in printed.items())
    characters = sum(len(write_text(key)) + len(value) + 2 for key, value in compact.items()) + 1
    return "{\n" + ",\n".join(lines) + "\n}\n", characters


def _extra(extra: str) -> Iterator[Member]:
    """No statements: those of the blocks are all that there are."""
    node = kept_node(extra) if extra else None
    members = node.members if isinstance(node, Object) else ()
    return (member for member in members if member.key.value.casefold() != "statement")


def _denied_by(catalog: Catalog, parts: Sequence[CompiledBlock]) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for at, part in enumerate(parts):
        denying = [statement for statement in part.statements if statement.effect is Effect.DENY]
        for id_ in what_concerns(catalog, denying) if denying else ():
            found[id_] = (*found.get(id_, ()), at)
    return found
