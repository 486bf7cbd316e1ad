"""The catalogue: what operations there are, which actions authorise them and what else they need.

Everything here is frozen. `Catalog` is checked when it is built and refused whole, with every error and its place.
Source of the terms: the API references' tables of supported actions (permission, API, action, dependencies, scope).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace
from functools import cached_property

from policybuilder.domain.remembering import remembered

from .action_names import ActionNameError, action_key, is_wildcard, matches, parse_action, service_of
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
from .other_ways import other_ways

READING_VERBS = ("get", "list", "show", "query", "describe", "head", "search")


class Catalog:
    """All services, categories, operations and actions, with look-ups by name.

    `services` keep their order, and so do their categories and operations (the vendor's). Raises CatalogError.
    All look-ups are built here, before threads share the catalogue. Two threads that build one side by side would each
    go on with their own, and `Looks` knows the levels of an index by their identity.
    """

    def __init__(self, services: Iterable[Service], actions: Iterable[PublishedAction]):
        self.services = tuple(services)
        self._published = tuple(actions)
        problems = tuple(self._problems())
        if problems:
            raise CatalogError(problems)
        self.services = tuple(self._with_known_scopes(service) for service in self.services)
        for each in (self, self.index, self.known_names):
            _build_all(each)

    @cached_property
    def categories(self) -> dict[str, Category]:
        return {category.id: category for service in self.services for category in service.categories}

    @cached_property
    def operations(self) -> dict[str, Operation]:
        """Every operation by its id, in the catalogue's order."""
        return {operation.id: operation for service in self.services for operation in service.operations}

    @cached_property
    def categories_by_operation(self) -> dict[str, tuple[Category, ...]]:
        """Id of an operation -> the tables that publish it, its own first; where that is not here, the others only."""
        found: dict[str, list[Category]] = defaultdict(list)
        for category in self.categories.values():
            for operation in category.operations:
                found[operation.id].append(category)
        return {
            id_: tuple(sorted(categories, key=lambda category: category.id != self.operations[id_].category_id))
            for id_, categories in found.items()
        }

    @cached_property
    def operations_by_service(self) -> dict[str, tuple[Operation, ...]]:
        """Slug of a service -> what its tables publish, each operation once."""
        return {
            service.slug: tuple({operation.id: operation for operation in service.operations}.values())
            for service in self.services
        }

    @cached_property
    def services_by_slug(self) -> dict[str, Service]:
        return {service.slug: service for service in self.services}

    @cached_property
    def services_by_prefix(self) -> dict[str, Service]:
        """First part of an action's name -> its service; of several with it the one called so, or the first."""
        found: dict[str, Service] = {}
        for service in self.services:
            for prefix in service.prefixes:
                if prefix not in found or service.slug == prefix:
                    found[prefix] = service
        return found

    @cached_property
    def actions(self) -> dict[str, Action]:
        """Every action by its name, sorted; wildcards are not among them."""
        named = (a for a in self._published if not is_wildcard(a.name))
        return {a.name: self._described(a) for a in sorted(named, key=lambda a: action_key(a.name))}

    @cached_property
    def single_actions(self) -> tuple[Action, ...]:
        """Those that no operation has as its own, so that they are granted by themselves or as dependencies only."""
        return tuple(action for action in self.actions.values() if not action.operations)

    @cached_property
    def wildcards(self) -> dict[str, Action]:
        """The wildcards that tables publish as actions or dependencies, by their keys (`action_key`)."""
        return {action_key(a.name): self._described(a) for a in self._published if is_wildcard(a.name)}

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
    def operations_needing(self) -> dict[str, tuple[Operation, ...]]:
        """Key of an action -> the operations that name it, as an own action or as a dependency."""
        found: dict[str, list[Operation]] = defaultdict(list)
        for operation in self.operations.values():
            for key in dict.fromkeys(map(action_key, operation.names())):
                found[key].append(operation)
        return {key: tuple(operations) for key, operations in found.items()}

    @cached_property
    def authorised_by_wildcards(self) -> frozenset[str]:
        """The ids of the operations with an own action that is a wildcard."""
        found = (rows for key, rows in self.operations_by_action.items() if is_wildcard(key))
        return frozenset(row.id for rows in found for row in rows)

    @cached_property
    def _levels(self) -> dict[str, Level]:
        return {prefix: service.level for service in self.services for prefix in service.prefixes}

    def operation(self, operation_id: str) -> Operation:
        try:
            return self.operations[operation_id]
        except KeyError:
            raise UnknownOperation(operation_id) from None

    def category_of(self, operation: Operation) -> Category:
        """The table that it is a row of; of several its own, or the first that is here."""
        return self.categories_by_operation[operation.id][0]

    def services_of(self, operation: Operation) -> tuple[Service, ...]:
        """The services that publish it, its own first."""
        slugs = dict.fromkeys(category.service for category in self.categories_by_operation[operation.id])
        return tuple(self.services_by_slug[slug] for slug in slugs)

    @cached_property
    def has_several(self) -> bool:
        """Whether several services have operations. Then titles alone do not tell what is meant."""
        return sum(1 for service in self.services if service.categories) > 1

    def category_name(self, category: Category) -> str:
        """What it is called apart from its service: EVS: API v3: Disk. In a catalogue of one service its title."""
        label = f"{self.services_by_slug[category.service].label}: " if self.has_several else ""
        return f"{label}{category.full_title}"

    def operation_name(self, operation: Operation, beside: str = "") -> str:
        """What it is called apart from its category: Creating Disks (EVS), or Creating Disks (EVS, API v3) where its
        service has several of that title. In a catalogue of one service the first part is left out, and `beside`
        operations of its service, given by the slug, too."""
        service = self.category_of(operation).service
        told = [] if not self.has_several or service == beside else [self.services_by_slug[service].label]
        if mark := self._marks.get(operation.id):
            told.append(mark)
        return f"{operation.title} ({', '.join(told)})" if told else operation.title

    @cached_property
    def _marks(self) -> dict[str, str]:
        """Id of an operation of whose title its service has several -> what tells it from them.

        That is the set of tables, the category, or the first call: the first of these that all of them differ in.
        """
        alike: dict[tuple[str, str], list[Operation]] = defaultdict(list)
        for operation in self.operations.values():
            alike[self.category_of(operation).service, operation.title.casefold()].append(operation)
        marks: dict[str, str] = {}
        for operations in alike.values():
            if len(operations) > 1:
                marks.update(self._telling(operations))
        return marks

    def _telling(self, operations: Sequence[Operation]) -> Iterator[tuple[str, str]]:
        categories = [self.category_of(operation) for operation in operations]
        for marks in (
            [category.section for category in categories],
            [category.title for category in categories],
            [category.full_title for category in categories],
            [str(next(iter(operation.calls), "")) for operation in operations],
            [operation.slug for operation in operations],
        ):
            if all(marks) and len(set(marks)) == len(marks):
                return zip((operation.id for operation in operations), marks, strict=True)
        return iter(())

    def by_category(self, operations: Iterable[Operation]) -> tuple[tuple[Category, tuple[Operation, ...]], ...]:
        """Each operation once, below `category_of`: categories and operations in the catalogue's order."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for operation in operations:
            wanted[self.category_of(operation).id].add(operation.id)
        return tuple(
            (category, tuple(operation for operation in category.operations if operation.id in wanted[id_]))
            for id_, category in self.categories.items()
            if id_ in wanted
        )

    def action(self, name: str) -> Action | None:
        """The action of that name, whatever the case of its last two parts; None where the catalogue has none."""
        try:
            known = self.index.values.get(action_key(name))
        except ActionNameError:
            return None
        return None if known is None else self.actions[known[0]]

    def described(self, name: str) -> Action | None:
        """As `action`, and of a wildcard what is published of it."""
        return self.action(name) or self.wildcards.get(action_key(name))

    def authorising(self, name: str) -> tuple[Action, ...]:
        """The action of that name; where there is none, the wildcards that cover it and authorise operations."""
        if known := self.action(name):
            return (known,)
        return tuple(a for a in self.wildcards.values() if a.operations and matches(a.name, name))

    def expand(self, name: str) -> tuple[str, ...]:
        """The catalogue's actions that `name` covers, sorted: itself, or all that a wildcard matches."""
        key = action_key(name)
        return _expanded(self, key) if is_wildcard(key) else tuple(self.index.values.get(key, ()))

    def has(self, name: str) -> bool:
        """Whether it is published, or is a wildcard that matches an action which is."""
        return action_key(name) in self.wildcards or bool(self.expand(name))

    def scopes(self, name: str) -> tuple[Scope, ...]:
        """Those of all actions that `name` covers; of a published wildcard that covers none here, its own."""
        found = tuple(self.actions[each].scope for each in self.expand(name))
        wildcard = None if found else self.wildcards.get(action_key(name))
        return (wildcard.scope,) if wildcard else found

    def is_complete(self, service: str) -> bool:
        """Whether it is stated that it has all actions of the service, which is named by its prefix.

        Only then an action that it does not know is unknown to IAM as well. Of a service that has all actions of its
        tables nobody knows that: a table can lack some, and the calls of other pages can need more.
        """
        return service in self._complete

    @cached_property
    def _complete(self) -> frozenset[str]:
        """Prefixes; of services that share one, each has to be complete."""
        partly = {prefix for service in self.services if not service.complete for prefix in service.prefixes}
        return frozenset(prefix for service in self.services for prefix in service.prefixes) - partly

    def level_of(self, name: str) -> Level | None:
        """The level of the service that an action belongs to; None where no service has its prefix."""
        return self._levels.get(service_of(name))

    def levels_of(self, names: Iterable[str]) -> frozenset[Level]:
        """Those of the actions of which they are known; one policy takes one."""
        return frozenset(level for name in names if (level := self.level_of(name)))

    def counted_level(self, name: str) -> Level | None:
        """The level that an action counts with where one policy takes one: that of its service, XA where that is not
        known, as most services are. None for a wildcard in place of the service, which means services of both."""
        return None if "*" in service_of(name) else self.level_of(name) or Level.XA

    def mixes_levels(self, names: Iterable[str]) -> bool:
        """Whether IAM does not take these actions in one policy, as far as is known: see `counted_level`."""
        return self.counted_levels(names) >= set(Level)

    def counted_levels(self, names: Iterable[str]) -> set[Level | None]:
        """The levels that actions count with: see `counted_level`. Each service is looked up once."""
        return {self.counted_level(name) for name in {service_of(name): name for name in names}.values()}

    @cached_property
    def other_ways(self) -> dict[str, tuple[str, ...]]:
        """By id of an operation, the ids of the operations that do the same job, in the catalogue's order.

        Operations that need no authorization are left out: no policy decides about them. Operations without another
        way are absent.
        """
        return other_ways(self.operations)

    def shared_dependencies(self, name: str) -> frozenset[str]:
        """The dependencies that *all* rows of an action list, whichever of their options is used.

        Empty for an action that authorises no operation, and for a wildcard.
        """
        return self._shared_dependencies.get(action_key(name), frozenset())

    @cached_property
    def _shared_dependencies(self) -> dict[str, frozenset[str]]:
        """By key of the action; wildcards are not among them."""
        return {
            key: frozenset.intersection(*map(_always_needed, rows))
            for key, rows in self.operations_by_action.items()
            if not is_wildcard(key)
        }

    def _described(self, published: PublishedAction) -> Action:
        rows = self.operations_by_action.get(action_key(published.name), ())
        return Action(
            name=published.name,
            title=published.title,
            access=_access_of(rows, published),
            scope=_scope_of(rows, published.scope),
            calls=published.calls or tuple(dict.fromkeys(call for row in rows for call in row.calls)),
            operations=tuple(row.id for row in rows),
            level=self._levels[service_of(published.name)],
            source=published.source,
        )

    @cached_property
    def _published_scopes(self) -> dict[str, Scope]:
        return {action_key(action.name): action.scope for action in self._published if action.scope}

    def _with_known_scopes(self, service: Service) -> Service:
        """The service where a table states no scope, with that of its rows' actions as far as it is published."""
        if all(row.scope.enterprise_project is not Support.UNKNOWN for row in service.operations):
            return service
        categories = (
            replace(category, operations=tuple(self._with_known_scope(row) for row in category.operations))
            for category in service.categories
        )
        return replace(service, categories=tuple(categories))

    def _with_known_scope(self, row: Operation) -> Operation:
        if row.scope.enterprise_project is not Support.UNKNOWN:
            return row
        scopes = [self._published_scopes.get(action_key(name)) for name in row.all_actions()]
        known = [scope for scope in scopes if scope]
        enterprise = _needed_together(scope.enterprise_project for scope in known)
        if len(known) < len(scopes) or not known or enterprise is Support.UNKNOWN:
            return row
        stated = row.scope.iam_project
        iam = _needed_together(scope.iam_project for scope in known) if stated is Support.UNKNOWN else stated
        return replace(row, scope=Scope(iam, enterprise, Evidence.INFERRED, known[0].source))

    def _problems(self) -> Iterator[Problem]:
        yield from _repeated("service", (service.slug for service in self.services))
        yield from _repeated("category", (c.id for s in self.services for c in s.categories))
        yield from self._repeated_operations()
        levels: dict[str, Level] = {}
        for service in self.services:
            yield from _untitled(service.slug, service.title)
            for prefix in service.prefixes:
                if levels.setdefault(prefix, service.level) is not service.level:
                    yield Problem(service.slug, f"another service of prefix {prefix!r} has another level")
            for category in service.categories:
                yield from _untitled(category.id, category.title)
        yield from self._action_problems(levels)
        yield from self._operation_problems()

    def _repeated_operations(self) -> Iterator[Problem]:
        """One row can stand in tables of several services; it is the same there, and once in each."""
        first: dict[str, Operation] = {}
        for service in self.services:
            for category in service.categories:
                yield from _repeated("operation", (operation.id for operation in category.operations))
                for operation in category.operations:
                    if first.setdefault(operation.id, operation) != operation:
                        yield Problem(operation.id, f"it is another one in {category.id} than elsewhere")

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
        published = {service.slug for service in self.services if service.categories}  # of the others, ids are unknown
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
                for other in operation.same_job:
                    if other == operation.id:
                        yield Problem(f"{place}: same_job", "the operation names itself")
                    elif other not in ids and other.partition("/")[0] in published:
                        yield Problem(f"{place}: same_job", f"there is no operation {other!r}")


def _build_all(of: object) -> None:
    """Build every cached property of an object. Later, threads only read them."""
    for name, attribute in vars(type(of)).items():
        if isinstance(attribute, cached_property):
            getattr(of, name)


@remembered(150_000, weigh=lambda found, catalog, key: 10 + len(found))
def _expanded(catalog: Catalog, key: str) -> tuple[str, ...]:
    """Remembered, since whatever is said of a policy asks for the same wildcards. Weighed in names."""
    return tuple(catalog.index.covered(key))


def _name_problems(operation: Operation, known: Set[str]) -> Iterator[Problem]:
    for field, names in _named_fields(operation):
        for at, name in enumerate(names):
            place = f"{operation.id}: {field}[{at}]"
            if name not in known:
                what = "action" if field.endswith("actions") else "dependency"
                yield Problem(place, f"{what} {name!r} has no entry among the actions")


def _always_needed(operation: Operation) -> frozenset[str]:
    """Its dependencies, whichever option is used."""
    options = [frozenset(option.dependencies) for option in operation.options]
    return frozenset(operation.dependencies).union(frozenset.intersection(*options) if options else ())


def combine(values: Iterable[Support]) -> Support:
    """The support of several rows or calls: equal values stay, yes and no together vary, a gap leaves it unknown."""
    found = set(values)
    if len(found) == 1:
        return found.pop()
    if Support.VARIES in found or {Support.YES, Support.NO} <= found:
        return Support.VARIES
    return Support.UNKNOWN


def _needed_together(values: Iterable[Support]) -> Support:
    """The support of a row whose actions have these: yes if all have it, no if one has not, else nobody knows."""
    found = set(values)
    if found == {Support.YES}:
        return Support.YES
    return Support.NO if Support.NO in found else Support.UNKNOWN


def _access_of(rows: Iterable[Operation], published: PublishedAction) -> Access:
    """The access that is stated for the action itself, else the access of the rows that need this action alone: one
    writing row is enough.

    Rows that need other actions too say nothing about this one. Without other rows the verb decides: an action writes
    unless its verb plainly reads.
    """
    if published.access:
        return published.access
    alone = {row.access for row in rows if _needs_one_action(row)}
    if alone:
        return Access.WRITE if Access.WRITE in alone else Access.READ
    return Access.READ if parse_action(published.name).verb.lower().startswith(READING_VERBS) else Access.WRITE


def _needs_one_action(row: Operation) -> bool:
    return len({action_key(name) for name in row.all_actions()}) == 1


def _scope_of(rows: tuple[Operation, ...], published: Scope | None) -> Scope:
    """Of an action: what is published of it and of its rows, together.

    Where a row that needs other actions too has no effect in a kind of project, any of them can be why: it counts only
    if nothing else tells.
    """
    telling = [row for row in rows if _needs_one_action(row) or row.scope.enterprise_project is Support.YES]
    told = [*([published] if published else []), *(row.scope for row in telling)] or [row.scope for row in rows]
    evidences = {scope.evidence for scope in told}
    evidence = next((e for e in (Evidence.MISSING, Evidence.INFERRED) if e in evidences), Evidence.STATED)
    return Scope(
        iam_project=combine(scope.iam_project for scope in told),
        enterprise_project=combine(scope.enterprise_project for scope in told),
        evidence=evidence if told else Evidence.MISSING,
        source=next((scope.source for scope in told), None),
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
