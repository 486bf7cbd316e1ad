"""Which writing operations a policy allows only because an operation depends on a wildcard."""

from collections.abc import Iterable, Iterator, Sequence

from policybuilder.domain.access.openings import Opening
from policybuilder.domain.access.operations import working
from policybuilder.domain.catalog.action_names import action_key, is_wildcard, matches
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Access
from policybuilder.domain.policy.document import Document, Effect, Statement

from .blocks import Block
from .closure import Grant

Part = tuple[Block, tuple[Grant, ...], tuple[Statement, ...]]


def openings(catalog: Catalog, parts: Sequence[Part], also_allowed: Iterable[str]) -> tuple[Opening, ...]:
    """The wildcards that open something, by name. `parts` are blocks with their grants and the statements they become.

    What another wildcard opens as well counts for the wider one.
    """
    allowing = [grants for block, grants, _ in parts if not block.kept and block.effect is Effect.ALLOW]
    wildcards = [grant for grants in allowing for grant in grants if is_wildcard(grant.action)]
    asked = {action_key(grant.action) for grant in wildcards if grant.selected}
    needed = {key: grant.action for grant in wildcards if (key := action_key(grant.action)) not in asked}
    if not needed:
        return ()
    writing = [id_ for id_ in also_allowed if catalog.operation(id_).access is Access.WRITE]
    found = []
    for key in sorted(needed):
        gone = {other for other in needed if matches(key, other)}
        still = working(catalog, Document(tuple(_statements(parts, gone))), writing)
        opened = tuple(id_ for id_ in writing if id_ not in still)
        ids = {id_ for grant in wildcards if action_key(grant.action) == key for id_ in grant.needed_by}
        if opened:
            found.append(Opening(needed[key], tuple(sorted(ids)), opened))
    return tuple(found)


def _statements(parts: Sequence[Part], gone: set[str]) -> Iterator[Statement]:
    """Those of all blocks without the wildcards `gone`. What a wildcard covers is not written beside it, so the grants
    say what would stay."""
    for block, grants, statements in parts:
        if block.kept:
            yield from statements
        elif names := tuple(grant.action for grant in grants if action_key(grant.action) not in gone):
            yield Statement(block.effect, names, conditions=block.conditions, resources=block.resources)
