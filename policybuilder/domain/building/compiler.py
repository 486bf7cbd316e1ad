"""Blocks -> the policy, with everything there is to say about it; two policies where their grants are of both levels.

A block is written as one statement per service (see `lay_out`), each with the block's effect, resources and conditions.
Allow grants the closure of the selection. Deny holds the operations' own actions and the single ones only: an operation
is refused as soon as its own action is, while denying its dependencies would take them from every other operation.
`levels` divides the blocks where their grants are of both levels.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from policybuilder.domain.access.document_scope import judge_document
from policybuilder.domain.access.excluded import Excluded, excluded
from policybuilder.domain.access.openings import Opening
from policybuilder.domain.access.operations import Concerned, Granted, OperationAccess, what_allows, what_concerns
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.catalog.known_actions import KnownActions
from policybuilder.domain.catalog.scope import Goal, PolicyScope
from policybuilder.domain.findings import Finding
from policybuilder.domain.jsontext.nodes import Array, Member, Object, String
from policybuilder.domain.jsontext.source import JsonText, read_own
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
from policybuilder.domain.rules.check import RULES, PolicyFinding, run_rules
from policybuilder.domain.rules.own_whole import MIXED_LEVELS_CODE
from policybuilder.domain.rules.rule import Rule, Selected

from .blocks import Block, block_grants, kept_node, kept_statement
from .closure import Grant
from .levels import Share, UndividedError, needed_levels, shared_by_level
from .openings import openings
from .selection import Selection

# Findings about all policies of a draft together, whatever each holds.
_OF_ALL = {"PB001", "PB002", "PB003", "PB004", "PB005", "PB048", "PB051", "PB052"}

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
class PolicyDocument:
    """A policy as it is created in IAM. `level` is None where the draft makes no other one.

    `document` is what of it has a meaning, `text` the policy as the console prints it. `source` is `text` read;
    positions of findings are of it.
    """

    level: Level | None
    document: Document
    text: str
    size: Size
    scope: PolicyScope
    source: JsonText
    findings: tuple[PolicyFinding, ...]

    @property
    def mixed(self) -> Finding | None:
        """What is said where actions of both levels stand in it, for they cannot be divided: IAM does not take it."""
        return next((each.finding for each in self.findings if each.finding.code == MIXED_LEVELS_CODE), None)


@dataclass(frozen=True, eq=False)
class CompiledPolicy:
    """What the blocks come to together is said of `document`, `text` and `source`, as one policy.

    `documents` are the policies to create: that one, or one of each level, XA first, where IAM does not take them as
    one. `findings` are those of `text`. `denied_by`: id of an operation with an own action that is denied -> the blocks
    that deny it, counted from 0. `openings` are the wildcards that operations depend on and that allow what nobody
    selected. `excluded` is what has no effect at the `goal`. `levels` are those of all grants and Denies. Each is
    itself only, so that what follows from one can be remembered.
    """

    blocks: tuple[CompiledBlock, ...]
    document: Document
    text: str
    size: Size
    scope: PolicyScope
    operations: OperationAccess
    denied_by: dict[str, tuple[int, ...]]
    openings: tuple[Opening, ...]
    goal: Goal
    excluded: Excluded
    source: JsonText
    findings: tuple[PolicyFinding, ...]
    levels: frozenset[Level]
    documents: tuple[PolicyDocument, ...]

    @property
    def only_global(self) -> bool:
        """Whether all its actions are of global services, so that its only policy is granted for these."""
        return self.levels == {Level.AX}

    @property
    def empty(self) -> bool:
        return not self.size.statements

    @cached_property
    def asked(self) -> frozenset[str]:
        """The ids of the operations that some block has selected."""
        return frozenset().union(*(part.block.selection.operations for part in self.blocks))

    @property
    def divided(self) -> bool:
        return len(self.documents) > 1

    @property
    def grants(self) -> tuple[Grant, ...]:
        """Those of all blocks, one after the other."""
        return tuple(grant for part in self.blocks for grant in part.grants)

    @property
    def shared_findings(self) -> tuple[PolicyFinding, ...]:
        """What is said of several policies together; of one alone, it is among its own."""
        return tuple(each for each in self.findings if each.finding.code in _OF_ALL) if self.divided else ()


def compile_selection(
    catalog: Catalog, selection: Selection, effect: Effect = Effect.ALLOW, goal: Goal = Goal.UNDECIDED
) -> CompiledPolicy:
    """The policy of one block. Raises UnknownOperation with the id."""
    return compile_blocks(catalog, (Block(selection, effect),), goal=goal)


def compile_blocks(
    catalog: Catalog, blocks: Sequence[Block], extra: str = "", goal: Goal = Goal.UNDECIDED
) -> CompiledPolicy:
    """The policy of `blocks`. `extra` is a JSON object with what else stands in the document, or "".

    `goal` adds to what is said, and changes nothing of the documents.

    Raises UnknownOperation with the id.
    """
    grants = [() if block.kept else block_grants(catalog, block) for block in blocks]
    names = [[grant.action for grant in each] for each in grants]
    compiled = tuple(_compile(blocks, grants, names))
    written = _written(blocks, [part.statements for part in compiled])
    document = Document(tuple(statement for part in compiled for statement in part.statements))
    allowing = [block.selection for block in blocks if block.effect is Effect.ALLOW]
    operations = what_allows(
        catalog,
        document,
        frozenset().union(*(selection.operations for selection in allowing)),
        frozenset().union(*(selection.options_off for selection in allowing)),
    )
    scope = judge_document(KnownActions(catalog), document)
    denied_by = _denied_by(catalog, compiled)
    opened = openings(catalog, [(p.block, p.grants, p.statements) for p in compiled], operations.also_allowed)
    denied = frozenset().union(*(b.selection.operations for b in blocks if b.effect is Effect.DENY))
    without_effect = excluded(catalog, document, operations.selected, goal)
    levels = needed_levels(KnownActions(catalog), _before_layout(blocks, names))
    shared, undivided = _shared_by_level(catalog, blocks, names) if len(levels) > 1 else ({}, "")
    selected = Selected(
        operations,
        denied_by,
        scope,
        opened,
        undivided,
        missing_denied_by=_missing_denied_by(document, compiled, operations),
        undeniable=tuple(id_ for id_ in catalog.operations if id_ in denied and catalog.operation(id_).free),
        goal=goal,
        excluded=without_effect,
    )
    whole = _document(catalog, None, document, written, extra, selected, RULES)
    divided = tuple(_by_level(catalog, compiled, shared, extra, selected))
    return CompiledPolicy(
        blocks=compiled,
        document=document,
        text=whole.text,
        size=whole.size,
        scope=scope,
        operations=operations,
        denied_by=denied_by,
        openings=opened,
        goal=goal,
        excluded=without_effect,
        source=whole.source,
        findings=whole.findings,
        levels=levels,
        documents=divided or (whole,),
    )


def _compile(
    blocks: Sequence[Block], grants: Sequence[tuple[Grant, ...]], names: Sequence[Sequence[str]]
) -> Iterator[CompiledBlock]:
    first = 0
    for block, granted, listed in zip(blocks, grants, _lay_out(blocks, names), strict=True):
        count = 1 if block.kept else len(listed)
        yield CompiledBlock(block, granted, listed, first, count)
        first += count


def _before_layout(blocks: Sequence[Block], names: Sequence[Sequence[str]]) -> Iterator[Statement]:
    """Each block as one statement, with the names that a wildcard of the same block covers."""
    for block, listed in zip(blocks, names, strict=True):
        yield from _kept(block) if block.kept else (Statement(block.effect, tuple(listed)),)


def _shared_by_level(
    catalog: Catalog, blocks: Sequence[Block], names: Sequence[Sequence[str]]
) -> tuple[Mapping[Level, Sequence[Share]], str]:
    """The share of each block in the policy of each level; where they cannot be divided, no shares and the reason."""
    try:
        return shared_by_level(catalog, blocks, names), ""
    except UndividedError as error:
        return {}, str(error)


def _by_level(
    catalog: Catalog,
    compiled: Sequence[CompiledBlock],
    shared: Mapping[Level, Sequence[Share]],
    extra: str,
    selected: Selected,
) -> Iterator[PolicyDocument]:
    """The policy of each level, each laid out by itself."""
    rules = [rule for rule in RULES if rule.code not in _OF_ALL]
    blocks = [part.block for part in compiled]
    for level, shares in shared.items():
        there = [(block, share) for block, share in zip(blocks, shares, strict=True) if share is not None]
        standing = [block for block, _ in there]
        listed = _lay_out(standing, [share for _, share in there])
        document = Document(tuple(statement for each in listed for statement in each))
        yield _document(catalog, level, document, _written(standing, listed), extra, selected, rules)


def _document(
    catalog: Catalog,
    level: Level | None,
    document: Document,
    written: Sequence[tuple[str, str]],
    extra: str,
    selected: Selected,
    rules: Sequence[Rule],
) -> PolicyDocument:
    text, characters = _write(written, extra)
    source = read_own(text)
    findings = run_rules(catalog, source, rules, selected)
    lengths = [len(s.actions) + len(s.not_actions) for s in document.statements]
    return PolicyDocument(
        level=level,
        document=document,
        text=text,
        size=Size(characters, len(written), max(lengths, default=0)),
        scope=judge_document(KnownActions(catalog), document) if level else selected.scope,
        source=source,
        # Where nothing is written yet, there is no text to say anything about.
        findings=findings if written else tuple(each for each in findings if each.start is None),
    )


def _lay_out(blocks: Sequence[Block], actions: Sequence[Sequence[str]]) -> list[tuple[Statement, ...]]:
    """One statement per service in each block, or fewer where IAM's limit asks for it and the block can; of a kept one
    that which is understood."""
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
    return [_kept(block) if block.kept else listed for block, listed in zip(blocks, laid_out, strict=True)]


def _kept(block: Block) -> tuple[Statement, ...]:
    understood = kept_statement(block.kept)
    return (understood,) if understood else ()


def _written(blocks: Sequence[Block], statements: Sequence[tuple[Statement, ...]]) -> list[tuple[str, str]]:
    """Each statement of the blocks as the console prints it, in its place in the document, and compact."""
    return [each for block, listed in zip(blocks, statements, strict=True) for each in _written_block(block, listed)]


def _written_block(block: Block, statements: Sequence[Statement]) -> Iterator[tuple[str, str]]:
    if block.kept:
        node = kept_node(block.kept)
        yield write(node, 2), write_compact(node)
        return
    for statement in statements:
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


def _missing_denied_by(
    document: Document, parts: Sequence[CompiledBlock], operations: OperationAccess
) -> dict[str, tuple[int, ...]]:
    """Denies under conditions take nothing away for certain."""
    granted = Granted(document, certainly=False)
    missing = {name for entry in operations.incomplete for name in entry.missing if granted.denied(name)}
    if not missing:
        return {}
    denies = [[s for s in part.statements if s.effect is Effect.DENY and not s.limited] for part in parts]
    denying = [(at, Concerned(statements)) for at, statements in enumerate(denies) if statements]
    return {name: tuple(at for at, concerned in denying if concerned.part(name)) for name in missing}


def _denied_by(catalog: Catalog, parts: Sequence[CompiledBlock]) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for at, part in enumerate(parts):
        denying = [statement for statement in part.statements if statement.effect is Effect.DENY]
        for id_ in what_concerns(catalog, denying) if denying else ():
            found[id_] = (*found.get(id_, ()), at)
    return found
