"""One selection in two: what works in enterprise projects, and its companion for IAM projects.

Operations are split, not actions: an operation that only works in an IAM project needs all its actions there, those
that would also work elsewhere included. Together the two grant what the one did. A wildcard that also covers what has
no effect in enterprise projects stays as it is in the companion; beside it, what works there is named.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from policybuilder.domain.access.document_scope import judge_document
from policybuilder.domain.catalog.action_names import is_wildcard
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Support
from policybuilder.domain.catalog.known_actions import KnownActions
from policybuilder.domain.catalog.name_index import NameIndex
from policybuilder.domain.jsontext.nodes import Object
from policybuilder.domain.policy.document import Document, Effect, Statement
from policybuilder.domain.policy.reading import view_statement
from policybuilder.domain.policy.unclear import clear_statement

from .blocks import Block, block_grants, kept_node, kept_statement
from .closure import close, dependencies, own_actions
from .division import Denials
from .scope_division import BOTH, MOST_MATCHES, MOST_WRITTEN, NO_OPERATION, ONLY_DENIES, ONLY_IAM, TOO_LARGE, why_whole
from .selection import Selection


@dataclass(frozen=True, slots=True)
class ScopeSplit:
    enterprise: Selection
    iam: Selection


def split_by_scope(catalog: Catalog, selection: Selection) -> ScopeSplit:
    """Both parts keep the options, the switch and what was left out. A part can be empty.

    What an operation needs can be granted for the sake of another one, though it was left out or its option is off.
    Where that one is in the other part, such an action stands by itself beside the operation.
    """
    granted = NameIndex.of(grant.action for grant in close(catalog, selection))
    used = {id_: _used(catalog, selection, granted, id_) for id_ in selection.operations}
    fits = frozenset(id_ for id_, names in used.items() if _works_in_enterprise(catalog, id_, names))
    whole = frozenset(name for name in selection.actions if _supports_enterprise(catalog, [name]))
    rest = selection.actions - whole
    covered = NameIndex.of(whole)
    named = frozenset(
        each
        for name in rest
        for each in catalog.action_index.expand(name)
        if each not in covered and _supports_enterprise(catalog, [each])
    )
    return ScopeSplit(
        enterprise=_completed(catalog, replace(selection.untick(used.keys() - fits), actions=whole | named), used),
        iam=_completed(catalog, replace(selection.untick(fits), actions=rest), used),
    )


def _used(catalog: Catalog, selection: Selection, granted: NameIndex[str], id_: str) -> frozenset[str]:
    """All that the selection grants of what an operation needs."""
    operation = catalog.operation(id_)
    ways = [(*operation.actions, *operation.dependencies)]
    ways += [(*option.actions, *option.dependencies) for option in operation.options]
    whole = (name for names in ways if all(name in granted for name in names) for name in names)
    return frozenset((*own_actions(operation, selection), *dependencies(catalog, operation, selection), *whole))


def _completed(catalog: Catalog, part: Selection, used: Mapping[str, frozenset[str]]) -> Selection:
    have = NameIndex.of(grant.action for grant in close(catalog, part))
    lacking = frozenset(name for id_ in part.operations for name in used[id_] if name not in have)
    return replace(part, actions=part.actions | lacking)


@dataclass(frozen=True, slots=True)
class BlocksByScope:
    """`enterprise` and its companion `iam`; where the blocks stay one policy, both are empty and `whole` says why."""

    enterprise: tuple[Block, ...] = ()
    iam: tuple[Block, ...] = ()
    whole: str = ""


def divide_blocks(catalog: Catalog, blocks: Iterable[Block]) -> BlocksByScope:
    """The blocks in two, where some of what they allow works in enterprise projects and some does not."""
    listed = list(blocks)
    written = (kept_statement(block.kept) if block.kept else _statement(catalog, block) for block in listed)
    document = Document(tuple(statement for statement in written if statement))
    nodes = ((at, kept_node(block.kept)) for at, block in enumerate(listed) if block.kept)
    views = [view_statement(node, at) for at, node in nodes if isinstance(node, Object)]
    known = KnownActions(catalog, MOST_MATCHES)
    if why := why_whole(known, document, views):
        return BlocksByScope(whole=why)
    if _written(known, document) > MOST_WRITTEN:
        return BlocksByScope(whole=TOO_LARGE)
    enterprise, iam = split_blocks(catalog, listed)
    if enterprise and iam:
        return BlocksByScope(enterprise, iam)
    if iam:
        scope = judge_document(known, document)
        some_work = len(scope.iam_only) + len(scope.unknown) < scope.total
        return BlocksByScope(whole=NO_OPERATION if some_work else ONLY_IAM)
    only_denies = not enterprise and any(_effect(block) is Effect.DENY for block in listed)
    return BlocksByScope(whole=ONLY_DENIES if only_denies else BOTH)


def _written(known: KnownActions, document: Document) -> int:
    """How many actions the parts name in place of wildcards, at most."""
    allows = (statement for statement in document.statements if statement.effect is Effect.ALLOW)
    wildcards = (name for each in allows for name in each.actions if is_wildcard(name))
    return sum(len(known.expand(name) or ()) for name in wildcards)


def split_blocks(catalog: Catalog, blocks: Iterable[Block]) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """The same for several blocks: first what works in enterprise projects, then the companion. Either can be empty.

    An Allow that is kept as it is written goes to the companion; `divide_blocks` has made sure that it has no effect in
    enterprise projects. `division` decides which Denies each keeps. A Deny that touches neither is in both, since
    nobody knows where the policies it is meant for are granted.
    """
    listed = list(blocks)
    denies = [block for block in listed if _effect(block) is not Effect.ALLOW]
    halves = [_halves(catalog, block) for block in listed]
    allowed = [[_statement(catalog, part) for pair in halves if (part := pair[half])] for half in (0, 1)]
    dealt = Denials([_statement(catalog, block) for block in denies]).dealt(allowed)
    number = {id(block): at for at, block in enumerate(denies)}
    sides: tuple[list[Block], list[Block]] = [], []
    for half, side in enumerate(sides):
        for block, pair in zip(listed, halves, strict=True):
            kept = block if number.get(id(block)) in dealt[half] else pair[half]
            if kept:
                side.append(kept)
    first, second = (tuple(side) if any(_allows(catalog, block) for block in side) else () for side in sides)
    return first, second


def _halves(catalog: Catalog, block: Block) -> tuple[Block | None, Block | None]:
    """What a block that allows becomes; nothing of one that denies."""
    if _effect(block) is not Effect.ALLOW:
        return None, None
    if block.kept:
        return None, block
    parts = split_by_scope(catalog, block.selection)
    first, second = (replace(block, selection=selection) for selection in (parts.enterprise, parts.iam))
    return first if _asks(first) else None, second if _asks(second) else None


def _asks(block: Block) -> bool:
    return bool(block.selection.operations or block.selection.actions)


def _statement(catalog: Catalog, block: Block) -> Statement | None:
    """What it allows or denies; None where that cannot be read."""
    if not block.kept:
        return Statement(block.effect, tuple(grant.action for grant in block_grants(catalog, block)))
    node = kept_node(block.kept)
    return clear_statement(view_statement(node)) if isinstance(node, Object) else None


def _allows(catalog: Catalog, block: Block) -> bool:
    """Whether something is allowed by it; not by operations that need no authorization."""
    return _effect(block) is Effect.ALLOW and bool(block.kept or block_grants(catalog, block))


def _effect(block: Block) -> Effect | None:
    """None where a kept statement has none that can be read."""
    if not block.kept:
        return block.effect
    statement = kept_statement(block.kept)
    return None if statement is None else statement.effect


def _works_in_enterprise(catalog: Catalog, id_: str, names: Iterable[str]) -> bool:
    supported = catalog.operation(id_).scope.enterprise_project is not Support.NO
    return supported and _supports_enterprise(catalog, names)


def _supports_enterprise(catalog: Catalog, names: Iterable[str]) -> bool:
    """Whether each action works in enterprise projects, at least for some of its calls, and is known to."""
    works = {Support.YES, Support.VARIES}
    for name in names:
        known = catalog.action_index.scopes(name)
        if not known or any(scope.enterprise_project not in works for scope in known):
            return False
    return True
