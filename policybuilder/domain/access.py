"""What a document really allows, computed back from it over the whole catalogue, wherever it came from.

Source: IAM, "an explicit Deny beats any Allow; with neither, access is denied".
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass

from .catalog import Catalog, Operation
from .document import Document, Effect
from .matching import ActionSet, is_wildcard, overlap


@dataclass(frozen=True, slots=True)
class Incomplete:
    """An operation whose own action is granted while these others, sorted, are not."""

    id: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OperationAccess:
    """Ids in the catalogue's order. An operation that needs no authorization is in none of the last two.

    `allowed` holds every operation that works, selected ones included; `also_allowed` those that nobody selected.
    """

    selected: tuple[str, ...]
    also_allowed: tuple[str, ...]
    incomplete: tuple[Incomplete, ...]
    allowed: frozenset[str]


class Granted:
    """The actions that a document grants: `name in granted`. A wildcard is granted when all that it covers is."""

    def __init__(self, document: Document):
        statements = document.statements
        self._allow = ActionSet.of(a for s in statements if s.effect is Effect.ALLOW for a in s.actions)
        self._deny = ActionSet.of(a for s in statements if s.effect is Effect.DENY for a in s.actions)

    def __contains__(self, name: str) -> bool:
        return name in self._allow and not self._denies(name)

    def _denies(self, name: str) -> bool:
        if is_wildcard(name):  # part of it denied is enough for it not to be granted whole
            return any(overlap(denied, name) for denied in self._deny.exact)
        return name in self._deny

    def may_concern(self, catalog: Catalog) -> Iterable[Operation]:
        """The operations that a look is worth, in the catalogue's order: all of them once there are wildcards."""
        if self._allow.wildcards:
            return catalog.operations.values()
        found = {o.id for key in self._allow.exact for o in catalog.operations_by_action.get(key, ())}
        return (operation for id_, operation in catalog.operations.items() if id_ in found)


def what_allows(
    catalog: Catalog, document: Document, selected: Iterable[str] = (), options_off: Set[tuple[str, str]] = frozenset()
) -> OperationAccess:
    """Which operations `document` allows and which it leaves incomplete.

    `selected` are the ids that were asked for, `options_off` the (id, option) pairs that were not wanted: where nothing
    works, what is missing is said for the wanted ones.
    """
    asked = frozenset(selected)
    granted = Granted(document)
    allowed: set[str] = set()
    incomplete: list[Incomplete] = []
    for operation in granted.may_concern(catalog):
        if not operation.all_actions():
            continue
        own, missing = _lacking(operation, granted, options_off)
        if own:
            continue
        if missing:
            incomplete.append(Incomplete(operation.id, missing))
        else:
            allowed.add(operation.id)
    return OperationAccess(
        selected=tuple(id_ for id_ in catalog.operations if id_ in asked),
        also_allowed=tuple(id_ for id_ in catalog.operations if id_ in allowed and id_ not in asked),
        incomplete=tuple(incomplete),
        allowed=frozenset(allowed | {id_ for id_ in asked if not catalog.operation(id_).all_actions()}),
    )


def _lacking(
    operation: Operation, granted: Granted, options_off: Set[tuple[str, str]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The own actions and the dependencies that are not granted, each sorted.

    Of several options the one counts that works; where none does, a wanted one, and of these the one that lacks least.
    """
    own = {name for name in operation.actions if name not in granted}
    missing = {name for name in operation.dependencies if name not in granted}
    ways = [
        (
            own.union(name for name in option.actions if name not in granted),
            missing.union(name for name in option.dependencies if name not in granted),
            (operation.id, option.slug) in options_off,
        )
        for option in operation.options
    ] or [(own, missing, False)]
    own, missing, _ = min(ways, key=lambda way: (len(way[0]), bool(way[1]), way[2], len(way[1])))
    return tuple(sorted(own)), tuple(sorted(missing))
