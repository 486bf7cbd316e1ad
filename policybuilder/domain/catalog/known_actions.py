"""What a catalogue knows of the actions in a document, found with bounded work however many there are.

A hostile document has thousands of wildcards, so what is compared is paid for out of a `Work`. Once that is spent, the
answer is None ("not looked at"), never a guess.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from enum import Enum

from policybuilder.domain.work import Work, WorkSpentError

from .action_names import action_key, is_wildcard, matches, parse_action
from .catalog import Catalog
from .entries import Access, Action, Support
from .name_index import Looks, NameIndex
from .scope import PolicyScope, scope_of

MOST_MATCHES = 12_000  # comparisons with a wildcard; about 1 µs each
MOST_NEAREST = 1_000  # names compared letter by letter; about 50 µs each
MOST_CANDIDATES = 150  # of these for one name
NEAREST = 3  # names that are offered
SPELLING = 0.6  # how alike, of 1, they have to be
SAME_BUT_FOR_A_SLIP = 0.92


class Known(Enum):
    """How much of what a name can mean to IAM the catalogue knows."""

    WHOLLY = "wholly"
    IN_PART = "in part"
    NOT = "not"


class KnownActions:
    """Look-ups in `catalog` for one check, with at most `most` comparisons with a wildcard. Names are well-formed."""

    def __init__(self, catalog: Catalog, most: int = MOST_MATCHES) -> None:
        self.catalog = catalog
        self.budget = Work(most)
        self._nearest_budget = Work(MOST_NEAREST)
        self._looks = Looks(self.budget)
        self._prefixes = tuple(catalog.prefixes.services_by_prefix)
        self._expanded: dict[str, tuple[str, ...]] = {}

    def has_service(self, service: str) -> bool:
        return service in self._prefixes

    def is_complete(self, service: str) -> bool:
        return self.catalog.prefixes.is_complete(service)

    def extent(self, name: str) -> Known:
        """What can be said of the name: of a single action in a complete service, also that there is none.

        ecs:servers:nothing  WHOLLY    ecs:servers:*  WHOLLY    ecs:nothing*:*  NOT, for IAM may know what it is for
        vpc:ports:nothing    NOT       vpc:ports:*    IN_PART   *:*:*           IN_PART

        A wildcard that a table publishes is known, even where nothing that it matches is.
        """
        if name in self.catalog.action_index.actions:
            return Known.WHOLLY
        complete = self.is_complete(parse_action(name).service)
        if not is_wildcard(name):
            return Known.WHOLLY if complete or self.expand(name) else Known.NOT
        if (
            not self.expand(name) and action_key(name) not in self.catalog.action_index.wildcards
        ):  # nothing, or not looked at
            return Known.NOT
        return Known.WHOLLY if complete else Known.IN_PART

    def expand(self, name: str) -> tuple[str, ...] | None:
        """What `Catalog.action_index.expand` gives, in some order; None when the budget is spent."""
        key = action_key(name)
        if not is_wildcard(key):
            return tuple(self.catalog.action_index.names.values.get(key, ()))
        found = self._expanded.get(key)
        if found is None:
            try:
                found = tuple(self.catalog.action_index.names.covered(key, self._looks))
            except WorkSpentError:
                return None
            if not self.budget.take(len(found) // 20):
                return None
            self._expanded[key] = found
        return found

    def scope(self, names: Iterable[str]) -> PolicyScope:
        """What `judge` says; wildcards that were not looked at count as unknown."""
        actions, wildcards = self.catalog.action_index.actions, self.catalog.action_index.wildcards
        known: dict[str, Action] = {}
        unknown: dict[str, str] = {}
        for name in dict.fromkeys(names):
            if name in actions:
                known[name] = actions[name]
            elif found := self.expand(name):
                known.update(zip(found, map(actions.__getitem__, found), strict=True))
            elif found is not None and (wildcard := wildcards.get(action_key(name))):
                known[wildcard.name] = wildcard
            else:
                unknown.setdefault(action_key(name), name)
        supports = {name: action.scope.enterprise_project for name, action in known.items()}
        return scope_of(supports | dict.fromkeys(unknown.values(), Support.UNKNOWN))

    def writing(self, name: str) -> int:
        """How many operations that can change something have an own action that `name` covers."""
        by_action = self.catalog.needs.operations_by_action
        keys = {action_key(action) for action in self.expand(name) or ()}
        keys.update(key for key in self.catalog.action_index.wildcards if matches(name, key))
        rows = {row.id for key in keys for row in by_action.get(key, ()) if row.access is Access.WRITE}
        return len(rows)

    def nearest(self, name: str, likeness: float = SPELLING) -> tuple[str, ...]:
        """Known actions spelt nearly like that, nearest first; none for names that come after many others."""
        service, resource_type, verb = parse_action(name)
        types = self.catalog.action_index.names.names.get(service)
        if not types:
            return self._of_other_services(service, resource_type.lower(), verb.lower())
        if not self._nearest_budget.take(len(types)):
            return ()
        close = get_close_matches(resource_type.lower(), types, n=NEAREST, cutoff=SPELLING)
        candidates = {action_key(found): found for kind in close for found, *_ in types[kind].values()}
        for verbs in types.values():
            if len(candidates) < MOST_CANDIDATES and (same := verbs.get(verb.lower())):
                candidates[action_key(same[0])] = same[0]
        chosen = list(candidates)[:MOST_CANDIDATES]
        if not self._nearest_budget.take(len(chosen)):
            return ()
        found = get_close_matches(action_key(name), chosen, n=NEAREST, cutoff=likeness)
        return tuple(candidates[key] for key in found)

    def _of_other_services(self, service: str, resource_type: str, verb: str) -> tuple[str, ...]:
        """The same action of a service with nearly this name: ecs:servers:list for esc:servers:list."""
        if not self._nearest_budget.take(len(self._prefixes)):
            return ()
        close = get_close_matches(service, self._prefixes, n=NEAREST, cutoff=SPELLING)
        names = self.catalog.action_index.names.names
        return tuple(name for prefix in close for name in names.get(prefix, {}).get(resource_type, {}).get(verb, ()))


class Coverage:
    """Which of some names covers another: `covering(name)`. The first one in their order, of wildcards only."""

    def __init__(self, names: Iterable[str], budget: Work) -> None:
        self._order: dict[str, int] = {}
        first = [(at, name) for at, name in enumerate(names) if self._order.setdefault(action_key(name), at) == at]
        self._wildcards = NameIndex(((name, (at, name)) for at, name in first if is_wildcard(name)), budget)

    def __contains__(self, name: str) -> bool:
        """Whether the name stands there, or something covers it."""
        return action_key(name) in self._order or self.covering(name) is not None

    def covering(self, name: str) -> str | None:
        """A wildcard, other than `name` itself, that covers it. Of two that cover each other, only the first does.

        None as well where the budget is spent.
        """
        key = action_key(name)
        own = self._order.get(key, len(self._order))
        try:
            found = list(self._wildcards.covering(name))
        except WorkSpentError:
            return None
        if not found:
            return None
        wider = [
            (at, wildcard)
            for at, wildcard in found
            if action_key(wildcard) != key and (at < own or not matches(name, wildcard))
        ]
        return min(wider, key=_nearest)[1] if wider else None


def _nearest(entry: tuple[int, str]) -> tuple[bool, bool, int]:
    """One with a wildcard in the resource type first, then in the verb only, last in the service."""
    at, wildcard = entry
    service, resource_type, _ = parse_action(wildcard)
    return is_wildcard(service), not is_wildcard(resource_type), at
