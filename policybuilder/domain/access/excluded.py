"""What of a policy has no effect where it is to be granted. Source: see `catalog.scope`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from policybuilder.domain.catalog.action_names import action_key
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Scope
from policybuilder.domain.catalog.known_actions import KnownActions
from policybuilder.domain.catalog.scope import Goal, has_effect, works_at
from policybuilder.domain.policy.document import Document, Effect, Statement

from .document_scope import actions_of


@dataclass(frozen=True, slots=True)
class Excluded:
    """Ids of operations that were asked for, in the catalogue's order, and the actions that Allows grant, sorted.

    A wildcard counts as the actions of the catalogue that it matches. An operation can be here though none of its
    actions is: the calls of an action can differ. What needs no authorization is let through whatever a policy says.
    """

    operations: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()


def excluded(catalog: Catalog, document: Document, asked: Iterable[str], goal: Goal) -> Excluded:
    """`asked`: ids of the operations that are to be allowed. A Deny that has no effect somewhere does no harm there."""
    if goal is Goal.UNDECIDED:
        return Excluded()
    wanted = frozenset(asked)
    allows = [statement for statement in document.statements if statement.effect is Effect.ALLOW]
    return Excluded(
        tuple(id_ for id_, each in catalog.operations.items() if id_ in wanted and not works_at(each, goal)),
        without_effect(catalog, allows, goal),
    )


def without_effect(catalog: Catalog, statements: Iterable[Statement], goal: Goal) -> tuple[str, ...]:
    """The actions of the statements that have none there, sorted."""
    return tuple(sorted({name for name, scope in _scopes(catalog, statements) if not has_effect(scope, goal)}))


def _scopes(catalog: Catalog, statements: Iterable[Statement]) -> Iterator[tuple[str, Scope]]:
    known = KnownActions(catalog)
    for name in actions_of(known, statements):
        found = known.expand(name)
        yield from ((each, catalog.action_index.actions[each].scope) for each in found or ())
        if not found and action_key(name) in catalog.action_index.wildcards:
            yield name, catalog.action_index.wildcards[action_key(name)].scope
