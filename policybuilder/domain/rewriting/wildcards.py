"""The shortest set of wildcards that matches exactly the granted actions of the whole catalogue.

Never one more, never one less: what is returned has been matched against every action of the catalogue. That says
nothing of actions that a service adds later, so a wildcard is only used where it stands for several granted actions:
one name would also be shorter with a "*" in it, but that saves little and opens it to names that nobody has seen.

How it is found. A service stays as it is written, hence each is a problem of its own. A wildcard picks out a set of
resource types and a set of verbs; `globs` lists every set that can be picked out, each with its shortest glob. All
pairs of them that meet no action outside are candidates, and `cover` chooses among the candidates. Nothing is left out
on the way but what something shorter replaces, which is why the result can be called the shortest.
Source: IAM API reference, policy syntax; its limit of 6,144 characters (IAM.1021) is what this is for.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from policybuilder.domain.catalog.action_names import (
    MAX_CHARACTERS,
    ActionName,
    ActionNameError,
    action_key,
    is_wildcard,
    matches,
    parse_action,
    service_of,
)
from policybuilder.domain.catalog.name_index import NameIndex

from .bitsets import bits, union
from .cover import cheapest_cover
from .globs import find_globs

# Bounds of the work of one call, counted and not timed, so that the same call has the same result anywhere.
MOST_GLOBS = 100_000  # steps of `find_globs`; about 4 µs each
MOST_CHOICES = 200_000  # of verbs for a set of resource types; about 3 µs each
MOST_EFFORT = 4_000_000  # of `cheapest_cover`; about 0.1 µs each


@dataclass(frozen=True, slots=True)
class Compaction:
    """`patterns`: actions and wildcards, sorted as a document sorts them. `characters`: what they take in JSON without
    optional space, each with its quotes and a comma. `optimal`: it is proven that no set is shorter."""

    patterns: tuple[str, ...]
    characters: int
    optimal: bool


class InexactCompaction(AssertionError):
    """The patterns do not match what was granted. Whatever was given, only a fault of this module leads here."""


def compact(universe: Collection[str], granted: Collection[str], *, share: int = 1) -> Compaction:
    """The shortest patterns that match, of the actions of `universe`, exactly those in `granted`.

    Wildcards in `granted` count as what they match in `universe` today. What matches nothing there, unknown actions and
    texts that are no action among it, is kept verbatim and brings in no wildcard. Names are compared as `action_key`
    does, and spelled as in `universe`.

    Of sets of the same length the one with the fewest patterns is taken, then the alphabetically first (only where a
    great many are left, any of these, but always the same); the order of `universe` and `granted` makes no difference.
    One call of `share` of them takes that part of the work only, so that together they take no more than one alone.
    Raises ActionNameError where `universe` holds anything but names of actions.
    """
    names = _names_by_key(universe)
    index = NameIndex.of(names)
    wanted, kept = _sort_out(index, granted)
    services = _services(names, wanted)
    allowance = _Allowance(MOST_GLOBS, MOST_CHOICES, MOST_EFFORT).take(share)
    patterns: list[str] = []
    optimal = True
    for done, service in enumerate(services):
        part = allowance.take(len(services) - done)
        found, proven = _shortest(service, part)
        allowance.give_back(part)
        patterns += (_spelled(pattern, service, names) for pattern in found)
        optimal = optimal and proven
    _prove(patterns, names, index, wanted)
    together = tuple(sorted([*patterns, *kept], key=document_order))
    return Compaction(together, sum(map(_characters, together)), optimal)


@dataclass
class _Allowance:
    """Work that may still be done. What one service leaves of its share goes to the next ones."""

    globs: int
    choices: int
    effort: int

    def take(self, parts: int) -> "_Allowance":
        """One of `parts` equal parts."""
        share = _Allowance(self.globs // parts, self.choices // parts, self.effort // parts)
        self._add(share, -1)
        return share

    def give_back(self, rest: "_Allowance") -> None:
        self._add(rest, 1)

    def _add(self, other: "_Allowance", sign: int) -> None:
        self.globs += sign * max(0, other.globs)
        self.choices += sign * max(0, other.choices)
        self.effort += sign * max(0, other.effort)


@dataclass(frozen=True, slots=True)
class _ServiceActions:
    """The actions of one service: keys, in their parts, sorted."""

    name: str
    granted: list[ActionName]
    refused: list[ActionName]


def _names_by_key(universe: Collection[str]) -> dict[str, str]:
    """key -> name, sorted by key; of two spellings of one action the alphabetically first."""
    names: dict[str, str] = {}
    for key, name in sorted((action_key(name), name) for name in universe):
        if is_wildcard(key):
            raise ActionNameError(f"{name!r} is a wildcard. Expected the names of the catalogue's actions.")
        names.setdefault(key, name)
    return names


def _sort_out(index: NameIndex[str], granted: Collection[str]) -> tuple[set[str], list[str]]:
    """(keys of the granted actions of the catalogue, what else was granted: each action in one of its spellings)"""
    wanted: set[str] = set()
    kept: dict[str, str] = {}
    for name in sorted(set(granted)):
        try:
            matched = list(index.covered(name))
        except ActionNameError:
            kept[name] = name
            continue
        wanted.update(matched)
        if not matched:
            kept.setdefault(action_key(name), name)
    return wanted, list(kept.values())


def _services(names: dict[str, str], wanted: set[str]) -> list[_ServiceActions]:
    """Those with granted actions, the smallest first, which leave much of their share of the work to the others."""
    services = []
    keys_of: dict[str, list[str]] = defaultdict(list)
    for key in names:
        keys_of[service_of(key)].append(key)
    for name, keys in keys_of.items():
        granted = [parse_action(key) for key in keys if key in wanted]
        if granted:
            services.append(_ServiceActions(name, granted, [parse_action(key) for key in keys if key not in wanted]))
    return sorted(services, key=lambda service: (len(service.granted), service.name))


def _shortest(service: _ServiceActions, allowance: _Allowance) -> tuple[list[str], bool]:
    """The patterns of a service, as keys, and whether it is proven that none are shorter. Uses up `allowance`."""
    if not service.refused and len(service.granted) > 1:
        return [f"{service.name}:*:*"], True
    shortest, complete = _candidates(service, allowance)
    candidates = sorted((pattern, actions) for actions, pattern in shortest.items())
    cover = cheapest_cover([(actions, _characters(pattern)) for pattern, actions in candidates], allowance.effort)
    allowance.effort -= cover.effort
    return [candidates[at][0] for at in cover.chosen], complete and cover.proven


def _candidates(service: _ServiceActions, allowance: _Allowance) -> tuple[dict[int, str], bool]:
    """Granted actions, as bits -> the shortest pattern that matches these and no others.

    And whether these are all there are, but for those that can be replaced by one that is no longer and matches more.
    """
    table = _Table(service)
    type_globs = find_globs(
        table.types, union(table.type_bit[a.resource_type] for a in service.granted), allowance.globs // 2
    )
    allowance.globs -= type_globs.steps
    verb_globs = find_globs(table.verbs, union(table.verb_bit[a.verb] for a in service.granted), allowance.globs)
    allowance.globs -= verb_globs.steps
    choice = _VerbChoice(verb_globs.found)
    of_glob = {verbs: union(table.actions_of_verb[verb] for verb in bits(verbs)) for verbs, _ in verb_globs.found}

    shortest = {1 << at: ":".join(action) for at, action in enumerate(service.granted)}
    for types, type_glob in type_globs.found:
        if allowance.choices < 0:
            return shortest, False
        actions_of_types = union(table.actions_of_type[one] for one in bits(types))
        refused = union(table.refused_verbs[one] for one in bits(types))
        useful = union(table.granted_verbs[one] for one in bits(types)) & ~refused
        stride = 1 + useful.bit_count() * len(verb_globs.found) // 50_000
        allowance.choices -= stride
        for verbs, verb_glob in choice.among(useful, refused):
            allowance.choices -= stride
            actions = actions_of_types & of_glob[verbs]
            pattern = f"{service.name}:{type_glob}:{verb_glob}"
            if actions.bit_count() < 2 or len(pattern) > MAX_CHARACTERS:
                continue
            before = shortest.get(actions)
            if before is None or (len(pattern), pattern) < (len(before), before):
                shortest[actions] = pattern
    return shortest, type_globs.complete and verb_globs.complete


class _Table:
    """The actions of a service by resource type and by verb. Sets of types, of verbs and of granted actions are bits,
    and a single type or verb is its bit."""

    def __init__(self, service: _ServiceActions):
        both = [*service.granted, *service.refused]
        self.types = sorted({action.resource_type for action in both})
        self.verbs = sorted({action.verb for action in both})
        self.type_bit = {text: 1 << at for at, text in enumerate(self.types)}
        self.verb_bit = {text: 1 << at for at, text in enumerate(self.verbs)}
        self.actions_of_type: dict[int, int] = defaultdict(int)
        self.actions_of_verb: dict[int, int] = defaultdict(int)
        self.granted_verbs: dict[int, int] = defaultdict(int)
        self.refused_verbs: dict[int, int] = defaultdict(int)
        for at, action in enumerate(service.granted):
            self.actions_of_type[self.type_bit[action.resource_type]] |= 1 << at
            self.actions_of_verb[self.verb_bit[action.verb]] |= 1 << at
            self.granted_verbs[self.type_bit[action.resource_type]] |= self.verb_bit[action.verb]
        for action in service.refused:
            self.refused_verbs[self.type_bit[action.resource_type]] |= self.verb_bit[action.verb]


class _VerbChoice:
    """The globs of verbs, to be asked again and again which of them are worth a look.

    A set of globs is an integer here, its lowest bit the shortest glob, so that a question is answered for all at once.
    """

    def __init__(self, globs: tuple[tuple[int, str], ...]):
        self._globs = globs
        self._matching: dict[int, int] = defaultdict(int)  # verb -> the globs that match it
        for at, (verbs, _) in enumerate(globs):
            for verb in bits(verbs):
                self._matching[verb] |= 1 << at

    def among(self, useful: int, refused: int) -> Iterator[tuple[int, str]]:
        """(verbs that it matches, glob) for globs that match none of the `refused` verbs, shortest first, each with
        `useful` verbs that no glob before it matches together."""
        left = self._matching_any(useful)
        left &= ~self._matching_any(refused)
        while left:
            verbs, glob = self._globs[(left & -left).bit_length() - 1]
            yield verbs, glob
            left &= self._matching_any(useful & ~verbs)

    def _matching_any(self, verbs: int) -> int:
        return union(self._matching[verb] for verb in bits(verbs))


def _spelled(pattern: str, service: _ServiceActions, names: dict[str, str]) -> str:
    """`pattern` with the upper and lower case of the first granted action that it matches."""
    if not is_wildcard(pattern):
        return names[pattern]
    granted = (":".join(action) for action in service.granted)
    example = names[next(key for key in granted if matches(pattern, key))]
    parts = zip(parse_action(pattern), parse_action(example), strict=True)
    return ":".join(_in_case_of(glob, text) for glob, text in parts)


def _in_case_of(glob: str, text: str) -> str:
    """`glob`, which matches `text`, with its fixed parts as they stand there."""
    *firsts, last = glob.split("*")
    spelled, at = [], 0
    for part in firsts:
        at = text.lower().index(part, at)
        spelled.append(text[at : at + len(part)])
        at += len(part)
    return "*".join([*spelled, text[len(text) - len(last) :]])


def _prove(patterns: list[str], names: dict[str, str], index: NameIndex[str], wanted: set[str]) -> None:
    """Matches every pattern against every action, by the rules alone. Raises InexactCompaction."""
    matched = {key for pattern in patterns for key in index.covered(pattern)}
    if matched != wanted:
        wrong = sorted(names[key] for key in matched ^ wanted)
        raise InexactCompaction(f"{len(wrong)} actions are matched and not granted, or the reverse: {wrong[:5]}")


def _characters(name: str) -> int:
    return len(json.dumps(name, ensure_ascii=False)) + 1


def document_order(name: str) -> tuple[str, str, str]:
    """The key by which a document sorts its actions, whatever texts they are."""
    return name.partition(":")[0], name.casefold(), name
