"""How many actions some names stand for: a wildcard counts as what it matches in the catalogue."""

from collections.abc import Iterable
from dataclasses import dataclass

from policybuilder.domain.access.document_scope import actions_of
from policybuilder.domain.catalog.action_names import action_key, is_wildcard
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Access
from policybuilder.domain.catalog.known_actions import Coverage, KnownActions
from policybuilder.domain.policy.document import Statement
from policybuilder.domain.work import Work

MOST_STEPS = 50_000  # to find out which of the wildcards that match nothing another one covers


@dataclass(frozen=True, slots=True)
class Reach:
    """`actions` are the catalogue's. A name that the catalogue does not have, and a wildcard that matches none, counts
    as one action, unless another of the wildcards covers it.

    `writing` counts those that may change something, unknown ones among them; `wildcards` those that were counted.
    """

    actions: frozenset[str]
    writing: int
    wildcards: int

    @property
    def count(self) -> int:
        return len(self.actions)


def reach(catalog: Catalog, names: Iterable[str]) -> Reach:
    keys = frozenset(map(action_key, names))
    wildcards = frozenset(filter(is_wildcard, keys))
    known = catalog.action_index.names.values
    matched = {key: catalog.action_index.expand(key) if key in wildcards else known.get(key, ()) for key in keys}
    actions = {found for each in matched.values() for found in each}
    if unknown := [key for key, found in matched.items() if not found]:
        wider = Coverage(sorted(wildcards), Work(MOST_STEPS))
        actions.update(key for key in unknown if wider.covering(key) is None)
    return Reach(frozenset(actions), sum(1 for name in actions if _writes(catalog, name)), len(wildcards))


def reach_of(catalog: Catalog, statements: Iterable[Statement]) -> Reach:
    """That of all statements together; NotAction stands for all actions of the catalogue that it leaves."""
    return reach(catalog, actions_of(KnownActions(catalog), statements))


def can_change(catalog: Catalog, name: str) -> bool:
    """Whether one of the actions that a name stands for may change something."""
    key = action_key(name)
    found = catalog.action_index.expand(key) if is_wildcard(key) else catalog.action_index.names.values.get(key, ())
    return any(_writes(catalog, each) for each in found or (key,))


def _writes(catalog: Catalog, name: str) -> bool:
    known = catalog.action_index.actions.get(name)
    return known is None or known.access is Access.WRITE
