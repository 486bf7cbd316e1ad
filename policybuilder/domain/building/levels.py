"""The policy of each level, where the actions of a draft or of a pasted policy are of both levels.

A policy holds actions of one level and applies to the services of that level only: XA is granted for projects of a
region, AX for the global service project. An action is written in the policy of its service's level, XA where the
service is not known (`Prefixes.counted_level`). A wildcard in place of the service, NotAction and unreadable text may
mean services of both levels: they are written in both policies, Allow and Deny alike. In each of them they take effect
for the services of its level. A Deny that names services is needed at their level only.

A draft says what people may do, so its levels are judged on all its grants: a wildcard counts as the actions it
matches. A pasted policy already has a level, so it is divided only where it names services of both.
Source: IAM user manual, creating a custom policy: "To define permissions required to access both global and
project-level services, create two custom policies".
"""

from collections.abc import Iterable, Iterator, Sequence

from policybuilder.domain.access.document_scope import actions_of
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.catalog.known_actions import KnownActions
from policybuilder.domain.jsontext.nodes import Node, Object, String
from policybuilder.domain.policy.both_levels import named_levels, what_keeps_together
from policybuilder.domain.policy.document import Statement
from policybuilder.domain.policy.reading import StatementView, possible_names, statements, view_statement
from policybuilder.domain.policy.rebuilding import is_divisible, statement_list, with_actions, with_statements

from .blocks import Block, kept_node

FIRST = Level.XA
LEVELS = (FIRST, Level.AX)

Share = tuple[str, ...] | None  # the names of a block in one policy, () of a kept one; None: the block is not in it


class UndividedError(Exception):
    """Blocks of both levels that stay one policy. The text gives the reason and the remedy."""


def needed_levels(known: KnownActions, listed: Iterable[Statement]) -> frozenset[Level]:
    """The levels of all actions that the statements allow or deny; a wildcard counts as the actions it matches.

    A wildcard with too many candidates to be looked at counts at both levels.
    """
    catalog = known.catalog
    names = actions_of(known, listed)
    found = named_levels(catalog, names)
    for name in names:
        if len(found) == len(LEVELS):
            break
        if catalog.prefixes.counted_level(name) is None:
            matched = known.expand(name)
            found |= set(LEVELS) if matched is None else named_levels(catalog, matched)
    return frozenset(found)


def shared_by_level(
    catalog: Catalog, blocks: Sequence[Block], names: Sequence[Sequence[str]]
) -> dict[Level, list[Share]]:
    """The share of each block in the policy of each level, XA first, for blocks of both levels. Raises UndividedError.

    `names` are the granted or denied names of each block that is not kept.
    """
    views = [_view(block, at) for at, block in enumerate(blocks)]
    if why := what_keeps_together(catalog, (view for view in views if view)):
        raise UndividedError(why)
    return {
        level: [
            _share(catalog, block, view, listed, level)
            for block, view, listed in zip(blocks, views, names, strict=True)
        ]
        for level in LEVELS
    }


def divided_by_level(catalog: Catalog, body: Object) -> dict[Level, Object]:
    """A pasted policy that names services of both levels as one policy of each, XA first.

    Nothing in it may keep it together (`both_levels.what_keeps_mixed`).
    """
    listed = statement_list(body)
    views = {view.index: view for view in statements(body)}
    items = listed.items if listed else ()
    return {
        level: with_statements(
            body, [each for at, node in enumerate(items) for each in _copy(catalog, node, views.get(at), level)]
        )
        for level in LEVELS
    }


def _view(block: Block, at: int) -> StatementView | None:
    node = kept_node(block.kept) if block.kept else None
    return view_statement(node, at) if isinstance(node, Object) else None


def _share(catalog: Catalog, block: Block, view: StatementView | None, names: Sequence[str], level: Level) -> Share:
    if block.kept:
        return () if view is None or _belongs(catalog, view, level) else None
    return tuple(name for name in names if catalog.prefixes.counted_level(name) in (level, None)) or None


def _belongs(catalog: Catalog, view: StatementView, level: Level) -> bool:
    """Whether an undivided statement is in the policy of a level."""
    levels = named_levels(catalog, possible_names(view))
    return not levels or level in levels


def _copy(catalog: Catalog, node: Node, view: StatementView | None, level: Level) -> Iterator[Node]:
    """The statement in the policy of a level: whole, with some of its actions, or not at all."""
    if view is None or not is_divisible(view):
        if view is None or _belongs(catalog, view, level):
            yield node
        return
    levels = named_levels(catalog, possible_names(view))
    kept = [
        text for text, at in _placed(catalog, view, min(levels, key=LEVELS.index, default=None)) if at in (level, None)
    ]
    if kept:
        yield node if len(kept) == len(view.actions) else with_actions(view.node, kept)


def _placed(catalog: Catalog, view: StatementView, other: Level | None) -> Iterator[tuple[str, Level | None]]:
    """The texts of a divisible statement, each with its level, None for both; malformed ones with the level `other`."""
    for entry in view.actions:
        if isinstance(entry.node, String):
            name = entry.name or entry.in_lower_case
            yield entry.node.value, catalog.prefixes.counted_level(name) if name else other
