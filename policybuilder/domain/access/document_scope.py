"""Where a document can be applied: the verdict over what it grants, patterns and NotAction as what they stand for.

Only what Allows grant decides, for a Deny of an action that has no effect in enterprise projects does no harm there. Of
a document that only denies, the Denies decide. Source: see `catalog.scope`.
"""

from collections.abc import Iterable

from policybuilder.domain.catalog.known_actions import KnownActions
from policybuilder.domain.catalog.scope import PolicyScope
from policybuilder.domain.policy.document import Document, Effect, Statement


def judge_document(known: KnownActions, document: Document) -> PolicyScope:
    """The scope over all actions that the Allows grant, those that a Deny takes away again among them."""
    allows = [statement for statement in document.statements if statement.effect is Effect.ALLOW]
    return known.scope(actions_of(known, allows or document.statements))


def denied_without_effect(known: KnownActions, document: Document) -> PolicyScope | None:
    """The scope of what is denied beside an Allow; None where there is no Allow, or no Deny names an action."""
    denies = [statement for statement in document.statements if statement.effect is Effect.DENY]
    if len(denies) == len(document.statements):
        return None
    names = [name for statement in denies for name in statement.actions]
    return known.scope(names) if names else None


def actions_of(known: KnownActions, statements: Iterable[Statement]) -> list[str]:
    """The actions that statements speak of: as they are named, and of NotAction the catalogue's that it leaves."""
    listed = list(statements)
    names = dict.fromkeys(name for statement in listed for name in statement.actions)
    excepted = [_covered(known, statement.not_actions) for statement in listed if statement.not_actions]
    if excepted:
        spared = frozenset.intersection(*excepted)
        names |= dict.fromkeys(name for name in known.catalog.action_index.actions if name not in spared)
    return list(names)


def _covered(known: KnownActions, names: Iterable[str]) -> frozenset[str]:
    """Those of the catalogue; what there is too much of to be looked at covers nothing."""
    return frozenset(found for name in names for found in known.expand(name) or ())
