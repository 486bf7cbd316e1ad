"""What of a draft's blocks stands in the policy of each level, where their actions are of both.

One policy holds actions of one level: XA is granted for projects of a region, AX for the global service project. Each
action stands in the policy of its service. Where that is not known, it counts with the first. What means every service
(a wildcard in place of the service, NotAction, what cannot be read) stands in both, as it is written: in each place
that policy alone has a say. Which Denies each keeps, `division` says; of one that names actions of both levels, each
keeps those of its own. Where a Deny would have to stand in the policy of the other level, nothing is divided.
Source: IAM user manual, creating a custom policy: "To define permissions required to access both global and
project-level services, create two custom policies".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from policybuilder.domain.catalog.action_names import service_of
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.jsontext.nodes import Object
from policybuilder.domain.policy.document import Effect, Statement
from policybuilder.domain.policy.reading import view_statement
from policybuilder.domain.policy.unclear import clear_statement

from .blocks import Block, kept_node, kept_statement
from .division import Denials

FIRST = Level.XA
LEVELS = (FIRST, Level.AX)

Share = tuple[str, ...] | None  # the names of a block that stand in a policy, () of a kept one; None: nothing of it


def shared_by_level(
    catalog: Catalog, blocks: Sequence[Block], names: Sequence[Sequence[str]]
) -> dict[Level, list[Share]]:
    """What of each block stands in the policy of each level, XA first, for blocks of both; empty where that cannot be.

    `names` are those that are written of each block that is not kept.
    """
    parts = [_part(catalog, block, listed) for block, listed in zip(blocks, names, strict=True)]
    if any(part.kept and part.own.keys() >= set(LEVELS) for part in parts):
        return {}
    stays = _places_of_denies(parts)
    if stays is None:
        return {}
    return {level: [_share(part, level, stays.get(at, ())) for at, part in enumerate(parts)] for level in LEVELS}


@dataclass(frozen=True, slots=True)
class _Part:
    """A block's names by level. `free` are those of no level, `everywhere` those of them that mean every service.

    `kept`: it is written as it stands. `unread`: it may mean anything; a Deny, where it does not say Allow.
    """

    allows: bool
    own: Mapping[Level, tuple[str, ...]]
    free: tuple[str, ...] = ()
    excepted: tuple[str, ...] = ()
    kept: bool = False
    unread: bool = False

    @property
    def everywhere(self) -> tuple[str, ...]:
        return tuple(name for name in self.free if "*" in service_of(name))

    def stands_in(self, level: Level) -> bool:
        """Whether an Allow that is kept does."""
        if self.own:
            return level in self.own
        return level is FIRST or self.unread or bool(self.excepted or self.everywhere)

    def allowed(self, level: Level) -> tuple[str, ...]:
        """The names of an Allow in the policy of a level, in their order."""
        there = {*self.own.get(level, ()), *(self.free if level is FIRST or self.kept else self.everywhere)}
        return tuple(name for name in self._names if name in there)

    @property
    def _names(self) -> tuple[str, ...]:
        return (*(name for level in LEVELS for name in self.own.get(level, ())), *self.free)

    def denied(self) -> Iterator[tuple[Level | None, Statement | None]]:
        """What a Deny says to each level, and what it says to none alone; None for what cannot be read."""
        if self.unread:
            yield None, None
            return
        for level, names in self.own.items():
            yield level, Statement(Effect.DENY, names)
        if self.free or self.excepted:
            yield None, Statement(Effect.DENY, self.free, self.excepted)


def _part(catalog: Catalog, block: Block, names: Sequence[str]) -> _Part:
    if not block.kept:
        return _Part(block.effect is Effect.ALLOW, *_by_level(catalog, names))
    node = kept_node(block.kept)
    view = view_statement(node) if isinstance(node, Object) else None
    meant = kept_statement(block.kept)
    allows = meant is not None and meant.effect is Effect.ALLOW
    own, free = _by_level(catalog, view.names if view else ())
    excepted = meant.not_actions if meant else ()
    return _Part(allows, own, free, excepted, kept=True, unread=view is None or clear_statement(view) is None)


def _by_level(catalog: Catalog, names: Sequence[str]) -> tuple[dict[Level, tuple[str, ...]], tuple[str, ...]]:
    levels = [(name, catalog.level_of(name)) for name in names]
    own = {level: tuple(name for name, of in levels if of is level) for level in LEVELS}
    return {level: found for level, found in own.items() if found}, tuple(name for name, of in levels if of is None)


def _places_of_denies(parts: Sequence[_Part]) -> dict[int, list[Level]] | None:
    """Where what each Deny says to no level alone stands, by the number of its part; None where one of a level
    would have to stand in the policy of the other."""
    said = [(at, level, deny) for at, part in enumerate(parts) if not part.allows for level, deny in part.denied()]
    denials = Denials([deny for _, _, deny in said])
    places: dict[int, list[Level]] = {at: [] for at, part in enumerate(parts) if not part.allows}
    for there in LEVELS:
        touching = frozenset[int]().union(
            *(denials.touching(allow) for part in parts if part.allows for allow in _allows(part, there))
        )
        for number in sorted(touching):
            at, level, _ = said[number]
            if level is None and _may_stand(parts[at], there):
                places[at].append(there)
            elif level is not there:
                return None
    for at, found in places.items():
        if not found and not parts[at].own:
            found.append(FIRST)
    return places


def _may_stand(part: _Part, level: Level) -> bool:
    """A kept Deny stands whole or not at all."""
    return not part.kept or not part.own or level in part.own


def _allows(part: _Part, level: Level) -> Iterator[Statement | None]:
    if part.kept and not part.stands_in(level):
        return
    if part.unread:
        yield None
    elif names := part.allowed(level):
        yield Statement(Effect.ALLOW, names)
    elif part.excepted:
        yield Statement(Effect.ALLOW, (), part.excepted)


def _share(part: _Part, level: Level, places: Sequence[Level]) -> Share:
    if part.allows:
        if part.kept:
            return () if part.stands_in(level) else None
        return part.allowed(level) or None
    stands = level in part.own or level in places
    if part.kept:
        return () if stands else None
    return (*part.own.get(level, ()), *part.free) if stands and (part.own.get(level) or part.free) else None
