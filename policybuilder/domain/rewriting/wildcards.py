"""Wildcards in place of actions: short, readable, and without one known name that was not meant.

Readable are `*` alone, and `*` behind or in front of whole words of a part: `ecs:*:get*`. They are chosen greedily, the
one that saves most first; then those go that the others made needless. The result is short, not the shortest there is.
Source: IAM API reference, policy syntax; its limit of 6,144 characters (IAM.1021) is what this is for.
"""

import re
from collections.abc import Collection, Container, Iterable, Iterator
from heapq import heappop, heapreplace

from policybuilder.domain.catalog.action_names import MAX_CHARACTERS, action_key, covers_part, service_of
from policybuilder.domain.catalog.name_index import NameIndex, uncovered

_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])|.")
_AROUND = 3  # characters that JSON puts around a name in a list: two quotes and a comma


class InexactCompaction(AssertionError):
    """The patterns match other known names than what was given. Whatever that was, only a fault here leads to it."""


def compact(known: Iterable[str], names: Collection[str], others: Iterable[str] = ()) -> list[str]:
    """Patterns and names that match, of the `known` names and of `others`, what the actions `names` do; none is lost.

    Only known names become wildcards. A wildcard among `names` stays as it is written where no other one covers it, and
    so does an unknown name. The same names in whatever order give the same patterns. Raises InexactCompaction.
    """
    given = NameIndex.of(names)
    spelling = {action_key(name): name for name in known}
    refused = [name for name in (*spelling.values(), *others) if name not in given]
    own = {action_key(name): spelling.get(action_key(name), name) for name in sorted(uncovered(names), reverse=True)}
    found = list(own.values())
    for service in sorted({service_of(key) for key in own if key in spelling}):
        elements = sorted(name for name in own.values() if service_of(name) == service)
        around = [name for name in refused if service_of(name) == service]
        found += _chosen(elements, _candidates(elements, spelling, around))
    proof = NameIndex.of(found := uncovered(found))
    if any(name in proof for name in refused) or any(name not in proof for name in names):
        raise InexactCompaction(f"{len(names)} actions became others: {found[:5]}")
    return found


def _candidates(elements: list[str], known: Container[str], refused: list[str]) -> dict[str, int]:
    """Patterns of known elements that match nothing refused -> the elements that they cover, as bits, at least two.

    Of several that cover the same the shortest, of these the first by alphabet.
    """
    matched: dict[tuple[int, str], tuple[int, int]] = {}

    def matching(part: int, glob: str) -> tuple[int, int]:
        if (part, glob) not in matched:
            matched[part, glob] = _bits(elements, part, glob), _bits(refused, part, glob)
        return matched[part, glob]

    best: dict[int, str] = {}
    for service, resource_type, verb in (name.split(":") for name in elements if action_key(name) in known):
        for kind in _globs(resource_type):
            for action in _globs(verb):
                (types, bad_types), (verbs, bad_verbs) = matching(1, kind), matching(2, action)
                pattern, covered = f"{service}:{kind}:{action}", types & verbs
                if not bad_types & bad_verbs and covered.bit_count() > 1 and len(pattern) <= MAX_CHARACTERS:
                    best[covered] = min(best.get(covered, pattern), pattern, key=lambda each: (len(each), each))
    return {pattern: covered for covered, pattern in best.items()}


def _chosen(elements: list[str], candidates: dict[str, int]) -> list[str]:
    """Each the pattern that saves most when it was chosen, without those that save nothing beside all the others."""

    def saved(pattern: str, others: Iterable[str]) -> int:
        left = candidates[pattern]
        for other in others:
            left &= ~candidates[other]
        characters = sum(len(name) + _AROUND for at, name in enumerate(elements) if left >> at & 1)
        return characters - len(pattern) - _AROUND

    chosen: list[str] = []
    queue = sorted((-saved(pattern, ()), pattern) for pattern in candidates)
    while queue and queue[0][0] < 0:
        before, pattern = queue[0]
        if (now := -saved(pattern, chosen)) > before:  # less than it was thought to save: its turn may still come
            heapreplace(queue, (now, pattern))
        else:
            chosen.append(heappop(queue)[1])
    for pattern in sorted(chosen, key=lambda each: (-len(each), each)):
        if saved(pattern, others := [other for other in chosen if other != pattern]) <= 0:
            chosen = others
    return chosen


def _bits(names: list[str], part: int, glob: str) -> int:
    return sum(1 << at for at, name in enumerate(names) if covers_part(glob.lower(), name.split(":")[part].lower()))


def _globs(text: str) -> Iterator[str]:
    """The text, `*`, and `*` behind and in front of its words."""
    words = _WORD.findall(text)
    yield from (text, "*")
    for at in range(1, len(words)):
        yield from ("".join(words[:at]) + "*", "*" + "".join(words[at:]))
