"""The catalogue: what operations there are, which actions authorise them and what else they need.

Everything here is frozen. `Catalog` is checked when it is built and refused whole, with every error and its place.
Source of the terms: the API references' tables of supported actions (permission, API, action, dependencies, scope).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Set
from functools import cached_property

from .action_names import ActionNameError, action_key, is_wildcard, parse_action, service_of
from .entries import (
    Access,
    Action,
    CatalogError,
    Category,
    Evidence,
    Level,
    Operation,
    Problem,
    PublishedAction,
    Scope,
    Service,
    Support,
    UnknownOperation,
)
from .name_index import NameIndex
from .older_names import OLDER_ACTIONS


class Catalog:
    """All services, categories, operations and actions, with look-ups by name.

    `services` keep their order, and so do their categories and operations (the vendor's). Raises CatalogError.
    """

    def __init__(self, services: Iterable[Service], actions: Iterable[PublishedAction]):
        self.services = tuple(services)
        self._published = tuple(actions)
        problems = tuple(self._problems())
        if problems:
            raise CatalogError(problems)

    @cached_property
    def categories(self) -> dict[str, Category]:
        return {category.id: category for service in self.services for category in service.categories}

    @cached_property
    def operations(self) -> dict[str, Operation]:
        """Every operation by its id, in the catalogue's order."""
        return {operation.id: operation for service in self.services for operation in service.operations}

    @cached_property
    def actions(self) -> dict[str, Action]:
        """Every action by its name, sorted; wildcards are not among them."""
        named = (a for a in self._published if not is_wildcard(a.name))
        return {a.name: self._described(a) for a in sorted(named, key=lambda a: action_key(a.name))}

    @cached_property
    def index(self) -> NameIndex[str]:
        """The names of the actions; wildcards are not among them."""
        return NameIndex.of(self.actions)

    @cached_property
    def known_names(self) -> NameIndex[str]:
        """All names of which somebody knows: the catalogue's actions and the older ones; no wildcards among them."""
        older = (action.name for action in OLDER_ACTIONS if action_key(action.name) not in self.index.values)
        return NameIndex.of((*self.actions, *older))

    @cached_property
    def operations_by_action(self) -> dict[str, tuple[Operation, ...]]:
        """Key of an action (`action_key`) -> the operations that it authorises."""
        found: dict[str, list[Operation]] = defaultdict(list)
        for operation in self.operations.values():
            for name in dict.fromkeys(action_key(name) for name in operation.all_actions()):
                found[name].append(operation)
        return {name: tuple(operations) for name, operations in found.items()}

    @cached_property
    def _levels(self) -> dict[str, Level]:
        return {service.action_prefix: service.level for service in self.services}

    def operation(self, operation_id: str) -> Operation:
        try:
            return self.operations[operation_id]
        except KeyError:
            raise UnknownOperation(operation_id) from None

    def action(self, name: str) -> Action | None:
        """The action of that name, whatever the case of its last two parts; None where the catalogue has none."""
        try:
            known = self.index.values.get(action_key(name))
        except ActionNameError:
            return None
        return None if known is None else self.actions[known[0]]

    def expand(self, name: str) -> tuple[str, ...]:
        """The catalogue's actions that `name` covers, sorted: itself, or all that a wildcard matches."""
        return tuple(self.index.covered(name))

    def is_complete(self, service: str) -> bool:
        """Whether it has all actions that are published for the service, which is named by its prefix.

        Only then an action that it does not know is unknown to IAM as well.
        """
        return service in self._complete

    @cached_property
    def _complete(self) -> frozenset[str]:
        """Prefixes; of services that share one, each has to be complete."""
        partly = {service.action_prefix for service in self.services if not service.complete}
        return frozenset(service.action_prefix for service in self.services) - partly

    def level_of(self, name: str) -> Level | None:
        """The level of the service that an action belongs to; None where no service has its prefix."""
        return self._levels.get(service_of(name))

    def shared_dependencies(self, name: str) -> frozenset[str]:
        """The dependencies that *all* rows of an action list, whichever of their options is used.

        Empty for an action that authorises no operation, and for a wildcard.
        """
        rows = self.operations_by_action.get(action_key(name), ())
        needs = []
        for row in rows:
            always = set(row.dependencies)
            if row.options:
                always |= set.intersection(*(set(option.dependencies) for option in row.options))
            needs.append(always)
        return frozenset(set.intersection(*needs)) if needs else frozenset()

    def _described(self, published: PublishedAction) -> Action:
        rows = self.operations_by_action.get(action_key(published.name), ())
        return Action(
            name=published.name,
            title=published.title,
            access=published.access or _access_of(rows, published.name),
            scope=published.scope or _scope_of(rows),
            calls=published.calls or tuple(dict.fromkeys(call for row in rows for call in row.calls)),
            operations=tuple(row.id for row in rows),
            level=self._levels[service_of(published.name)],
        )

    def _problems(self) -> Iterator[Problem]:
        yield from _repeated("service", (service.slug for service in self.services))
        yield from _repeated("category", (c.id for s in self.services for c in s.categories))
        yield from _repeated("operation", (o.id for s in self.services for o in s.operations))
        levels: dict[str, Level] = {}
        for service in self.services:
            yield from _untitled(service.slug, service.title)
            if levels.setdefault(service.action_prefix, service.level) is not service.level:
                yield Problem(service.slug, f"another service of prefix {service.action_prefix!r} has another level")
            for category in service.categories:
                yield from _untitled(category.id, category.title)
        yield from self._action_problems(levels)
        yield from self._operation_problems()

    def _action_problems(self, levels: dict[str, Level]) -> Iterator[Problem]:
        seen: dict[str, str] = {}
        for action in self._published:
            try:
                key = action_key(action.name)
            except ActionNameError as error:
                yield Problem(action.name or "action", str(error))
                continue
            if key in seen:
                yield Problem(action.name, f"duplicate of the action {seen[key]!r}")
            seen[key] = action.name
            prefix = parse_action(action.name).service
            if prefix not in levels:
                yield Problem(action.name, f"no service has the action prefix {prefix!r}")

    def _operation_problems(self) -> Iterator[Problem]:
        known = {action.name for action in self._published}
        ids = {operation.id for service in self.services for operation in service.operations}
        for service in self.services:
            for operation in service.operations:
                place = operation.id
                yield from _untitled(place, operation.title)
                if operation.id != f"{operation.service}/{operation.category}/{operation.slug}":
                    yield Problem(place, "the id is not service/category/operation")
                yield from _name_problems(operation, known)
                for option in operation.options:
                    yield from _untitled(f"{place}#{option.slug}", option.title)
                yield from _repeated("option", (f"{place}#{option.slug}" for option in operation.options))
                alternative = operation.enterprise_alternative
                if alternative is not None and alternative not in ids:
                    yield Problem(f"{place}: enterprise_alternative", f"there is no operation {alternative!r}")
                elif alternative == operation.id:
                    yield Problem(f"{place}: enterprise_alternative", "an operation is no alternative to itself")


def _name_problems(operation: Operation, known: Set[str]) -> Iterator[Problem]:
    for field, names in _named_fields(operation):
        for at, name in enumerate(names):
            place = f"{operation.id}: {field}[{at}]"
            if name not in known:
                what = "action" if field.endswith("actions") else "dependency"
                yield Problem(place, f"{what} {name!r} has no entry among the actions")
            elif is_wildcard(name) and field.endswith("actions"):
                yield Problem(place, f"{name!r} is a wildcard; own actions are named")


def combine(values: Iterable[Support]) -> Support:
    """The support of several rows or calls: equal values stay, yes and no together vary, a gap leaves it unknown."""
    found = set(values)
    if len(found) == 1:
        return found.pop()
    if Support.VARIES in found or {Support.YES, Support.NO} <= found:
        return Support.VARIES
    return Support.UNKNOWN


def _access_of(rows: Iterable[Operation], name: str) -> Access:
    """Writing when any row writes. Without rows the verb decides, and a verb that is not plainly reading writes."""
    accesses = {row.access for row in rows}
    if accesses:
        return Access.WRITE if Access.WRITE in accesses else Access.READ
    verb = parse_action(name).verb.lower()
    return Access.READ if verb.startswith(("get", "list", "show")) else Access.WRITE


def _scope_of(rows: tuple[Operation, ...]) -> Scope:
    evidences = {row.scope.evidence for row in rows}
    evidence = next((e for e in (Evidence.MISSING, Evidence.INFERRED) if e in evidences), Evidence.STATED)
    return Scope(
        iam_project=combine(row.scope.iam_project for row in rows),
        enterprise_project=combine(row.scope.enterprise_project for row in rows),
        evidence=evidence if rows else Evidence.MISSING,
        source=next((row.scope.source for row in rows), None),
    )


def _named_fields(operation: Operation) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "actions", operation.actions
    yield "dependencies", operation.dependencies
    for option in operation.options:
        yield f"options[{option.slug}].actions", option.actions
        yield f"options[{option.slug}].dependencies", option.dependencies


def _repeated(what: str, ids: Iterable[str]) -> Iterator[Problem]:
    for name, count in Counter(ids).items():
        if count > 1:
            yield Problem(name, f"duplicate {what}: the id stands {count} times")


def _untitled(place: str, title: str) -> Iterator[Problem]:
    if not title.strip():
        yield Problem(place, "the title is empty")
