"""What of a draft's blocks stands in the policy of each level, where their actions are of both.

One policy holds actions of one level: XA is granted for projects of a region, AX for the global service project. Each
action stands in the policy of its service, the first where that is not known (`Catalog.counted_level`). What means
every service (a wildcard in place of the service, NotAction, what cannot be read) stands in both, as it is written: in
each place that policy alone has a say. Which Denies each keeps, `division` says; of one that names actions of both
levels, each keeps those of its own. Where a Deny would have to stand in the policy of the other level, nothing is
divided.
Source: IAM user manual, creating a custom policy: "To define permissions required to access both global and
project-level services, create two custom policies".
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.jsontext.nodes import Object
from policybuilder.domain.policy.both_levels import beside_denies, first_of_all
from policybuilder.domain.policy.document import Effect, Statement
from policybuilder.domain.policy.reading import StatementView, understand, view_statement
from policybuilder.domain.policy.rebuilding import is_divisible
from policybuilder.domain.policy.unclear import clear_statement

from .blocks import Block, kept_node
from .division import Denials

FIRST = Level.XA
LEVELS = (FIRST, Level.AX)

Share = tuple[str, ...] | None  # the names of a block that stand in a policy, () of a kept one; None: nothing of it


class UndividedError(Exception):
    """Blocks of both levels that stay one policy. It says why, and what to do."""


def shared_by_level(
    catalog: Catalog, blocks: Sequence[Block], names: Sequence[Sequence[str]]
) -> dict[Level, list[Share]]:
    """What of each block stands in the policy of each level, XA first, for blocks of both. Raises UndividedError.

    `names` are those that are written of each block that is not kept.
    """
    numbered = enumerate(zip(blocks, names, strict=True), start=1)
    parts = [_part(catalog, number, block, listed) for number, (block, listed) in numbered]
    stays = _places_of_denies(parts)
    return {level: [_share(part, level, stays.get(at, ())) for at, part in enumerate(parts)] for level in LEVELS}


def why_undivided(catalog: Catalog, views: Iterable[StatementView]) -> str:
    """Why statements of both levels stay one policy, and what to do, or ""."""
    try:
        _places_of_denies([_part_of(catalog, view) for view in views])
    except UndividedError as error:
        return str(error)
    return ""


@dataclass(frozen=True, slots=True)
class _Part:
    """The names of a statement by level; `number` counts from 1. `free` are those that mean every service.

    `kept`: it is written as it stands, which is `view` where it is an object. `unread`: it may mean anything; a Deny,
    where it does not say Allow.
    """

    number: int
    allows: bool
    own: Mapping[Level, tuple[str, ...]]
    free: tuple[str, ...] = ()
    excepted: tuple[str, ...] = ()
    kept: bool = False
    unread: bool = False
    view: StatementView | None = None

    def may_stand(self, level: Level) -> bool:
        """What is kept stands whole or not at all."""
        return not self.kept or not self.own or level in self.own

    def allowed(self, level: Level) -> tuple[str, ...]:
        """The names of an Allow in the policy of a level."""
        return (*self.own.get(level, ()), *self.free)

    def denied(self) -> Iterator[tuple[Level | None, Statement | None]]:
        """What a Deny says to each level, and what it says to none alone; None for what cannot be read."""
        if self.unread:
            yield None, None
            return
        for level, names in self.own.items():
            yield level, Statement(Effect.DENY, names)
        if self.free or self.excepted:
            yield None, Statement(Effect.DENY, self.free, self.excepted)


def _part(catalog: Catalog, number: int, block: Block, names: Sequence[str]) -> _Part:
    if not block.kept:
        return _Part(number, block.effect is Effect.ALLOW, *_by_level(catalog, names))
    node = kept_node(block.kept)
    if not isinstance(node, Object):
        return _Part(number, allows=False, own={}, kept=True, unread=True)
    return _whole(catalog, number, view_statement(node))


def _part_of(catalog: Catalog, view: StatementView) -> _Part:
    if is_divisible(view) and clear_statement(view):
        return _Part(view.index + 1, view.effect is Effect.ALLOW, *_by_level(catalog, view.names))
    return _whole(catalog, view.index + 1, view)


def _whole(catalog: Catalog, number: int, view: StatementView) -> _Part:
    meant = understand(view)
    allows = meant is not None and meant.effect is Effect.ALLOW
    own, free = _by_level(catalog, view.names)
    excepted = meant.not_actions if meant else ()
    return _Part(number, allows, own, free, excepted, kept=True, unread=clear_statement(view) is None, view=view)


def _by_level(catalog: Catalog, names: Sequence[str]) -> tuple[dict[Level, tuple[str, ...]], tuple[str, ...]]:
    levels = [(name, catalog.counted_level(name)) for name in names]
    own = {level: tuple(name for name, of in levels if of is level) for level in LEVELS}
    return {level: found for level, found in own.items() if found}, tuple(name for name, of in levels if of is None)


def _places_of_denies(parts: Sequence[_Part]) -> dict[int, set[Level]]:
    """Where what each Deny says to no level alone stands, by the place of its part.

    Raises UndividedError where one of a level would have to stand in the policy of the other, and for a kept statement
    of both.
    """
    for part in parts:
        if part.kept and part.own.keys() >= set(LEVELS):
            raise UndividedError(first_of_all(part.view, part.number))
    said = [(at, level, deny) for at, part in enumerate(parts) if not part.allows for level, deny in part.denied()]
    denials = Denials([deny for _, _, deny in said])
    places: dict[int, set[Level]] = {at: set() for at, part in enumerate(parts) if not part.allows}
    for there in LEVELS:
        for part in parts:
            for number in sorted(_touching(denials, part, there)):
                at, level, _ = said[number]
                if level is None and parts[at].may_stand(there):
                    places[at].add(there)
                elif level is not there:
                    raise UndividedError(_why(part, parts[at], level))
    for at, found in places.items():
        if not found and not parts[at].own:
            found.add(FIRST)
    return places


def _why(allow: _Part, deny: _Part, level: Level | None) -> str:
    """Why what allows cannot stand beside what the Deny says to a level: what is wrong in one of them, if anything is.

    What is said to none alone stands in both, but for a Deny that is kept for what is wrong in it.
    """
    wrong = allow if allow.unread else deny if level is None else None
    return first_of_all(wrong.view, wrong.number) if wrong else beside_denies(allow.number)


def _touching(denials: Denials, part: _Part, level: Level) -> frozenset[int]:
    """The Denies of what a part allows in the policy of a level."""
    return frozenset[int]().union(*map(denials.touching, _allows(part, level) if part.allows else ()))


def _allows(part: _Part, level: Level) -> Iterator[Statement | None]:
    if not part.may_stand(level):
        return
    if part.unread:
        yield None
    elif names := part.allowed(level):
        yield Statement(Effect.ALLOW, names)
    elif part.excepted:
        yield Statement(Effect.ALLOW, (), part.excepted)


def _share(part: _Part, level: Level, places: Collection[Level]) -> Share:
    if part.allows:
        if part.kept:
            return () if part.may_stand(level) else None
        return part.allowed(level) or None
    stands = level in part.own or level in places
    if part.kept:
        return () if stands else None
    return (*part.own.get(level, ()), *part.free) if stands and (part.own.get(level) or part.free) else None
