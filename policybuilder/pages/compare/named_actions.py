"""The actions and wildcards that two policies name, and how far each wildcard reaches today."""

from dataclasses import dataclass

from django.utils.functional import cached_property

from policybuilder.domain.catalog.action_names import action_key, is_wildcard
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.policy.document import Document, Effect

from .sides import ComparedSide

MOST_NAMES = 300  # of one list of actions
MOST_WILDCARDS = 60


@dataclass(frozen=True, slots=True)
class WildcardRow:
    """`where` is after, before or both; `roles` are Allow, Deny and "all but"; `covers` are actions of today."""

    name: str
    where: str
    roles: tuple[str, ...]
    covers: tuple[str, ...]

    @property
    def first(self) -> tuple[str, ...]:
        return self.covers[:MOST_NAMES]

    @property
    def more(self) -> int:
        return max(len(self.covers) - MOST_NAMES, 0)


class NamedActions:
    def __init__(self, catalog: Catalog, before: ComparedSide, after: ComparedSide):
        self.catalog = catalog
        self._by_key = {action_key(name): name for side in (before, after) for name in side.names()}
        self._before, self._after = _roles(before.document), _roles(after.document)

    @property
    def single(self) -> int:
        """The number of actions that are no wildcards."""
        return sum(not is_wildcard(name) for name in self._by_key)

    @cached_property
    def wildcards(self) -> tuple[str, ...]:
        """New wildcards first, then those that are gone, then those of both policies."""
        found = (name for key, name in self._by_key.items() if is_wildcard(key))
        return tuple(sorted(found, key=lambda name: (("after", "before", "both").index(self._where(name)), name)))

    @property
    def rows(self) -> tuple[WildcardRow, ...]:
        expand = self.catalog.action_index.expand
        shown = self.wildcards[:MOST_WILDCARDS]
        return tuple(WildcardRow(name, self._where(name), self._roles(name), expand(name)) for name in shown)

    @property
    def more(self) -> int:
        return max(len(self.wildcards) - MOST_WILDCARDS, 0)

    def _where(self, name: str) -> str:
        before, after = (action_key(name) in roles for roles in (self._before, self._after))
        return "both" if before and after else "before" if before else "after"

    def _roles(self, name: str) -> tuple[str, ...]:
        key = action_key(name)
        return tuple(sorted(self._before.get(key, set()) | self._after.get(key, set())))


def _roles(document: Document) -> dict[str, set[str]]:
    """The key of each action -> its part in the statements: allowed, denied, or an exception of one of these."""
    found: dict[str, set[str]] = {}
    for statement in document.statements:
        verb = "allowed" if statement.effect is Effect.ALLOW else "denied"
        for name in statement.actions:
            found.setdefault(action_key(name), set()).add(verb)
        for name in statement.not_actions:
            found.setdefault(action_key(name), set()).add(f"all but it {verb}")
    return found
