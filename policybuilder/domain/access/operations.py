"""What a document really allows, computed back from it over the whole catalogue, wherever it came from.

Source: IAM, "an explicit Deny beats any Allow; with neither, access is denied".
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass

from policybuilder.domain.catalog.action_names import action_key, is_wildcard, service_of
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Operation
from policybuilder.domain.catalog.name_index import NameIndex
from policybuilder.domain.policy.document import Document, Effect, Statement
from policybuilder.domain.work import Work

FEW_WILDCARDS = 20  # of single services, which are matched in less time than all operations are looked at


@dataclass(frozen=True, slots=True)
class Incomplete:
    """An operation whose own action is granted while these others, sorted, are not.

    `in_part` are those of them, wildcards, of which a part is granted: nobody publishes which actions the operation
    needs.
    """

    id: str
    missing: tuple[str, ...]
    in_part: tuple[str, ...] = ()

    @property
    def may_work(self) -> bool:
        return len(self.in_part) == len(self.missing)


@dataclass(frozen=True, slots=True)
class OperationAccess:
    """Ids in the catalogue's order. An operation that needs no authorization is neither in `also_allowed` nor in
    `incomplete`.

    `allowed` holds every operation that works whatever the request, `conditional` those that work under conditions or
    for some resources only, selected ones included; `also_allowed` are those of either that nobody selected.
    """

    selected: tuple[str, ...]
    also_allowed: tuple[str, ...]
    incomplete: tuple[Incomplete, ...]
    allowed: frozenset[str]
    conditional: frozenset[str] = frozenset()


class Concerned:
    """The actions that some statements speak of. A wildcard may be asked for, too.

    Where there is `work`, what is compared is paid for out of it, and everything raises WorkSpentError.
    """

    def __init__(self, statements: Iterable[Statement], work: Work | None = None):
        listed = list(statements)
        self._named = NameIndex.of((name for s in listed for name in s.actions), work)
        self._all_but = [NameIndex.of(s.not_actions, work) for s in listed if s.not_actions]
        self._paid = work is not None

    def whole(self, name: str) -> bool:
        """Whether they speak of everything that `name` covers."""
        return name in self._named or any(not excepted.overlaps(name) for excepted in self._all_but)

    def part(self, name: str) -> bool:
        """Whether they speak of something that `name` covers."""
        return self._named.overlaps(name) or any(name not in excepted for excepted in self._all_but)

    def among(self, catalog: Catalog) -> Iterable[Operation]:
        """The operations that a look is worth, in the catalogue's order: all of them once there are many wildcards."""
        wildcards = list(filter(is_wildcard, self._named.values))
        wide = len(wildcards) > FEW_WILDCARDS or any(is_wildcard(service_of(name)) for name in wildcards)
        if self._all_but or wide or (wildcards and self._paid):
            return catalog.operations.values()
        matched = (action_key(name) for wildcard in wildcards for name in catalog.action_index.expand(wildcard))
        keys = {*self._named.values, *matched}
        found = {o.id for key in keys for o in catalog.needs.operations_by_action.get(key, ())}
        found |= catalog.needs.authorised_by_wildcards
        return (operation for id_, operation in catalog.operations.items() if id_ in found)


class Granted:
    """The actions that a document grants: `name in granted`. A wildcard is granted when all that it covers is.

    `certainly`: whatever the request is. Otherwise those that some request gets.
    """

    def __init__(self, document: Document, *, certainly: bool = True, work: Work | None = None):
        statements = document.statements
        allows = [s for s in statements if s.effect is Effect.ALLOW and not (certainly and s.limited)]
        denies = [s for s in statements if s.effect is Effect.DENY and (certainly or not s.limited)]
        self.allow, self.deny = Concerned(allows, work), Concerned(denies, work)

    def __contains__(self, name: str) -> bool:
        return self.allow.whole(name) and not self.deny.part(name)

    def in_part(self, name: str) -> bool:
        """Of a wildcard that is not granted: whether something that it covers may be."""
        return is_wildcard(name) and self.allow.part(name) and not self.deny.whole(name)

    def denied(self, name: str) -> bool:
        """Whether some of it would be granted, were it not denied."""
        return self.allow.part(name) and self.deny.part(name)


def what_allows(
    catalog: Catalog,
    document: Document,
    selected: Iterable[str] = (),
    options_off: Set[tuple[str, str]] = frozenset(),
    work: Work | None = None,
) -> OperationAccess:
    """Which operations `document` allows and which it leaves incomplete.

    `selected` are the ids that were asked for, `options_off` the (id, option) pairs that were not wanted: where nothing
    works, what is missing is said for the wanted ones. Raises WorkSpentError where there is `work`.
    """
    asked = frozenset(selected)
    perhaps = Granted(document, certainly=False, work=work)
    certainly = Granted(document, work=work) if any(s.limited for s in document.statements) else perhaps
    allowed: set[str] = set()
    conditional: set[str] = set()
    incomplete: list[Incomplete] = []
    for operation in perhaps.allow.among(catalog):
        if operation.free:
            continue
        own, missing = _lacking(operation, perhaps, options_off)
        if own:
            continue
        if missing:
            incomplete.append(Incomplete(operation.id, missing, tuple(filter(perhaps.in_part, missing))))
        elif certainly is perhaps or not any(_lacking(operation, certainly, options_off)):
            allowed.add(operation.id)
        else:
            conditional.add(operation.id)
    works = allowed | conditional
    return OperationAccess(
        selected=tuple(id_ for id_ in catalog.operations if id_ in asked),
        also_allowed=tuple(id_ for id_ in catalog.operations if id_ in works and id_ not in asked),
        incomplete=tuple(incomplete),
        allowed=frozenset(allowed | {id_ for id_ in asked if catalog.operation(id_).free}),
        conditional=frozenset(conditional),
    )


def working(catalog: Catalog, document: Document, ids: Iterable[str]) -> frozenset[str]:
    """Those of the operations that `document` allows, under conditions at least."""
    granted = Granted(document, certainly=False)
    return frozenset(id_ for id_ in ids if not any(map(len, _lacking(catalog.operation(id_), granted, frozenset()))))


def what_concerns(catalog: Catalog, statements: Iterable[Statement]) -> frozenset[str]:
    """The ids of the operations with an own action, in each of their ways, of which the statements speak."""
    concerned = Concerned(statements)
    return frozenset(
        operation.id
        for operation in concerned.among(catalog)
        if any(map(concerned.part, operation.actions))
        or (operation.options and all(any(map(concerned.part, option.actions)) for option in operation.options))
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
