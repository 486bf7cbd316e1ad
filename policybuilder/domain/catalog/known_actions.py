"""What a catalogue knows of the actions in a document, found with bounded work however many there are.

`Catalog.expand` and `ActionSet` look at every pair; a hostile document has thousands of wildcards. Here names are put
into buckets first, and what is still compared one by one is paid for out of a `Budget`. Once it is spent, the answer is
None ("not looked at"), never a guess.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches

from .action_names import action_key, is_wildcard, matches, parse_action
from .catalog import Access, Catalog
from .scope import PolicyScope, Verdict, judge

MOST_MATCHES = 8_000  # comparisons with a wildcard; about 5 µs each
MOST_NEAREST = 1_000  # names compared letter by letter; about 50 µs each
MOST_CANDIDATES = 150  # of these for one name
NEAREST = 3  # names that are offered
SPELLING = 0.6  # how alike, of 1, they have to be
SAME_BUT_FOR_A_SLIP = 0.92


class Budget:
    def __init__(self, amount: int) -> None:
        self.left = amount
        self.spent = False  # something was refused

    def take(self, amount: int) -> bool:
        if self.left < amount:
            self.spent = True
            return False
        self.left -= amount
        return True


class KnownActions:
    """Look-ups in `catalog` for one check. Names are well-formed ones throughout."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.budget = Budget(MOST_MATCHES)
        self._nearest_budget = Budget(MOST_NEAREST)
        # service -> resource type -> verb -> name; types and verbs in lower case
        self._by_part: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
        for name in catalog.actions:
            service, resource_type, verb = parse_action(name)
            self._by_part[service][resource_type.lower()][verb.lower()] = name
        services: dict[str, list[bool]] = defaultdict(list)
        for entry in catalog.services:
            services[entry.action_prefix].append(any(True for _ in entry.operations))
        self._complete = {prefix for prefix, found in services.items() if all(found)}
        self._prefixes = tuple(services)
        self._expanded: dict[str, tuple[str, ...]] = {}
        self._parts: dict[tuple[str, str, str], tuple[str, ...]] = {}

    def has_service(self, service: str) -> bool:
        return service in self._prefixes

    def is_complete(self, service: str) -> bool:
        """Whether the catalogue has the service's operations, and not only what other services need of it.

        Only then an action that it does not know is unknown to IAM as well.
        """
        return service in self._complete

    def expand(self, name: str) -> tuple[str, ...] | None:
        """What `Catalog.expand` gives, in some order; None when the budget is spent."""
        key = action_key(name)
        found = self._expanded.get(key)
        if found is None:
            found = self._matched(key) if is_wildcard(key) else self.catalog.expand(name)
            if found is None:
                return None
            self._expanded[key] = found
        return found

    def scope(self, names: Iterable[str]) -> PolicyScope:
        """What `judge` says; wildcards that were not looked at count as unknown."""
        exact: set[str] = set()
        unknown: dict[str, str] = {}
        for name in dict.fromkeys(names):
            found = self.expand(name)
            if found:
                exact.update(found)
            else:
                unknown[name] = name
        scope = judge(self.catalog, exact)
        if not unknown:
            return scope
        return replace(
            scope,
            verdict=scope.verdict if scope.verdict is Verdict.IAM_ONLY else Verdict.UNKNOWN,
            unknown=tuple(sorted(unknown)),
            total=scope.total + len(unknown),
        )

    def writing(self, name: str) -> int:
        """How many operations that write have an own action that `name` covers."""
        by_action = self.catalog.operations_by_action
        rows = {
            row.id
            for action in self.expand(name) or ()
            for row in by_action.get(action_key(action), ())
            if row.access is Access.WRITE
        }
        return len(rows)

    def nearest(self, name: str, likeness: float = SPELLING) -> tuple[str, ...]:
        """Known actions spelt nearly like that, nearest first; none for names that come after many others."""
        service, resource_type, verb = parse_action(name)
        types = self._by_part.get(service)
        if not types:
            return self._of_other_services(service, resource_type.lower(), verb.lower())
        if not self._nearest_budget.take(len(types)):
            return ()
        close = get_close_matches(resource_type.lower(), types, n=NEAREST, cutoff=SPELLING)
        candidates = {action_key(found): found for kind in close for found in types[kind].values()}
        for verbs in types.values():
            if len(candidates) < MOST_CANDIDATES and (same := verbs.get(verb.lower())):
                candidates[action_key(same)] = same
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
        found = (self._by_part[prefix].get(resource_type, {}).get(verb) for prefix in close)
        return tuple(name for name in found if name)

    def _matched(self, pattern: str) -> tuple[str, ...] | None:
        service, resource_type, verb = pattern.split(":")
        prefixes = self._select("", "services", service, self._by_part)
        if prefixes is None:
            return None
        found: list[str] = []
        for prefix in prefixes:
            types = self._select(prefix, "types", resource_type, self._by_part[prefix])
            if types is None:
                return None
            for kind in types:
                verbs = self._select(prefix, kind, verb, self._by_part[prefix][kind])
                if verbs is None:
                    return None
                found += (self._by_part[prefix][kind][each] for each in verbs)
        return tuple(found) if self.budget.take(len(found) // 20) else None

    def _select(self, prefix: str, kind: str, part: str, among: Iterable[str]) -> tuple[str, ...] | None:
        """Those of `among` that one part of a pattern matches; `prefix` and `kind` say whose they are. None when the
        budget is spent."""
        if part == "*":
            return tuple(among)
        if not is_wildcard(part):
            return (part,) if part in among else ()
        memo = (prefix, kind, part)
        if memo not in self._parts:
            texts = tuple(among)
            if not self.budget.take(len(texts)):
                return None
            self._parts[memo] = tuple(text for text in texts if self._fits(part, text))
        return self._parts[memo]

    @staticmethod
    def _fits(part: str, text: str) -> bool:
        return matches(f"{part}:*:*", f"{text}:*:*")


class Coverage:
    """Which of some names covers another: `covering(name)`. The first one in their order, of wildcards only."""

    def __init__(self, names: Iterable[str], budget: Budget) -> None:
        self._budget = budget
        self._order: dict[str, tuple[int, str]] = {}
        self._of_type: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._of_service: dict[str, list[str]] = defaultdict(list)
        self._others: list[str] = []
        for at, name in enumerate(names):
            key = action_key(name)
            if key in self._order:
                continue
            self._order[key] = at, name
            if not is_wildcard(key):
                continue
            service, resource_type, _ = parse_action(key)
            if is_wildcard(service):
                self._others.append(key)
            elif is_wildcard(resource_type):
                self._of_service[service].append(key)
            else:
                self._of_type[service, resource_type].append(key)

    def __contains__(self, name: str) -> bool:
        """Whether the name stands there, or something covers it."""
        return action_key(name) in self._order or self.covering(name) is not None

    def covering(self, name: str) -> str | None:
        """A wildcard, other than `name` itself, that covers it. Of two that cover each other, only the first does."""
        key = action_key(name)
        service, resource_type, _ = parse_action(key)
        own = self._order.get(key, (len(self._order), name))[0]
        of_type = self._of_type.get((service, resource_type), ())
        for wildcards in (self._of_service.get(service, ()), of_type, self._others):
            for wildcard in wildcards:
                if wildcard == key:
                    continue
                if not self._budget.take(1):
                    return None
                at, spelt = self._order[wildcard]
                if matches(wildcard, key) and (at < own or not matches(key, wildcard)):
                    return spelt
        return None
