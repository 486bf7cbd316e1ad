"""Entries of catalogue files -> Catalog.

Each file is one service's. A file loads alone, since it says what it needs of other services; loaded together, a
service's own file tells, and of what others say about it only the actions that it does not have itself are taken.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from policybuilder.domain.catalog.action_names import ActionNameError, action_key
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import (
    Access,
    ApiCall,
    CatalogError,
    Category,
    Evidence,
    Level,
    ManualNeeds,
    Operation,
    Option,
    Page,
    Problem,
    PublishedAction,
    Revealed,
    Reveals,
    Scope,
    Service,
    Source,
    Support,
)

from .actions import Actions, key_of, named
from .entry import Entry, Where

T = TypeVar("T")

LAST = 1_000  # position of a service that does not say it
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
_NO_SOURCE = Source("", "", "", "", "")
_ID = "id in another service's file: service/category/operation was expected"


@dataclass(frozen=True)
class Facts:
    """One service's mapping, and how to tell where in its file something stands ("" where there is no file)."""

    data: Mapping[str, Any]
    where: Where = lambda path: ""


def read_catalog(all_facts: Iterable[Facts], problems: Iterable[Problem] = ()) -> Catalog:
    """The catalogue of these services. Raises CatalogError, with `problems` that were found before among the others."""
    reader = _Reader(list(problems))
    for facts in all_facts:
        reader.read(facts)
    if reader.problems:
        raise CatalogError(reader.problems)
    try:
        return reader.catalog()
    except CatalogError as error:
        raise CatalogError(map(reader.placed, error.problems)) from None


@dataclass
class _Own:
    """What a file says: its service, and of other services; `told` are the actions that it says something about."""

    service: Service
    position: int
    told: list[PublishedAction]
    needed: list[tuple[Service, list[PublishedAction]]] = field(default_factory=list)


class _Reader:
    def __init__(self, problems: list[Problem]):
        self.problems = problems
        self._own: dict[str, _Own] = {}
        self._entries: dict[str, Entry] = {}  # by the id or name that the catalogue knows it by
        self._rows: dict[tuple[str, str], Entry] = {}  # by category and operation, of which two categories can have one
        self._sources: dict[str, Source] = {}  # of the file that is read
        self._ones: dict[Any, Any] = {}

    def read(self, facts: Facts) -> None:
        entry = Entry(facts.data, str(facts.data.get("service", "service")), (), facts.where, self.problems)
        self._sources = {key: self._source(key, below) for key, below in entry.keyed("sources")}
        slug = entry.slug("service")
        position = entry.number("position", LAST)
        service = self._service(entry, slug)
        told = self._told(entry)
        own = _Own(service, position, told)
        for below in entry.entries("needs", _name("service")):
            needed = self._service(below, below.slug("service"))
            own.needed.append((needed, self._told(below)))
            below.done()
        entry.done()
        if slug in self._own:
            entry.note(f"the service stands at {self._entries[slug].place()} already")
            return
        self._own[slug] = own
        self._entries[slug] = entry

    def catalog(self) -> Catalog:
        """What was read, put together. Raises CatalogError."""
        owns = sorted(self._own.values(), key=lambda own: (own.position, own.service.slug))
        services = [self._with_loaded_alternatives(self._with_rows_of_others(own.service)) for own in owns]
        actions = Actions()
        for own in owns:
            actions.add(own.told)
            actions.add(named(own.service, own.service.prefixes))
        stubs: dict[str, Service] = {}
        for own in owns:
            for stub, told in own.needed:
                if stub.slug not in self._own:
                    stubs.setdefault(stub.slug, stub)
                actions.add(told)
            actions.add(named(own.service))
        services += stubs.values()
        if self.problems:
            raise CatalogError(self.problems)
        return Catalog((actions.spelt(service) for service in services), actions.all())

    def placed(self, problem: Problem) -> Problem:
        """A problem of a built catalogue, whose place is an id, with the file and line of the entry."""
        id_, separator, rest = problem.place.partition(": ")
        entry = self._entries.get(id_)
        return Problem(f"{entry.place()}{separator}{rest}", problem.message) if entry else problem

    def _with_rows_of_others(self, service: Service) -> Service:
        """The service with rows that another service's file has too as that file has them."""
        if all(row.service == service.slug for row in service.operations):
            return service
        categories = (
            replace(category, operations=tuple(self._as_its_owner_has_it(row, category) for row in category.operations))
            for category in service.categories
        )
        return replace(service, categories=tuple(categories))

    def _with_loaded_alternatives(self, service: Service) -> Service:
        """The service without the enterprise alternatives of services whose files are not loaded."""
        if all(self._is_loaded(row.enterprise_alternative) for row in service.operations):
            return service
        categories = (
            replace(
                category,
                operations=tuple(
                    row if self._is_loaded(row.enterprise_alternative) else replace(row, enterprise_alternative=None)
                    for row in category.operations
                ),
            )
            for category in service.categories
        )
        return replace(service, categories=tuple(categories))

    def _is_loaded(self, id_: str | None) -> bool:
        return id_ is None or id_.partition("/")[0] in self._own

    def _as_its_owner_has_it(self, row: Operation, category: Category) -> Operation:
        owner = self._own.get(row.service)
        if owner is None or row.service == category.service:
            return row
        own = next((each for each in owner.service.operations if each.id == row.id), None)
        if own is None:
            self._rows[category.id, row.id].note(f"the file of {row.service} has no such operation")
            return row
        if (set(own.calls), set(own.all_actions())) != (set(row.calls), set(row.all_actions())):
            there = f"its calls or actions are others than in the file of {row.service}"
            self._rows[category.id, row.id].note(there)
        return own

    # --- Entries -----------------------------------------------------------------------------------------------------

    def _one(self, value: T) -> T:
        """The same object for equal ones, of which a whole cloud has many."""
        one: T = self._ones.setdefault(value, value)
        return one

    def _told(self, entry: Entry) -> list[PublishedAction]:
        told: dict[str, PublishedAction] = {}
        for below in entry.entries("actions", _name("action")):
            action = self._action(below)
            if told.setdefault(key_of(action.name), action) is not action:
                below.note(f"the action stands there already, as {told[key_of(action.name)].name!r}")
        return list(told.values())

    def _source(self, key: str, entry: Entry) -> Source:
        source = Source(key, entry.text("title"), entry.url("url"), entry.text("revision", ""), entry.text("date", ""))
        entry.done()
        return source

    def _service(self, entry: Entry, slug: str) -> Service:
        return Service(
            slug=slug,
            title=entry.text("title"),
            prefixes=entry.texts("prefixes") or (slug,),
            level=entry.choice("level", Level),
            complete=entry.text("complete", ""),
            categories=tuple(
                self._category(below, slug) for below in entry.entries("categories", _name("category", slug))
            ),
            short=entry.text("short", ""),
            group=entry.text("group", ""),
            level_evidence=entry.choice("level_evidence", Evidence, Evidence.STATED),
            endpoints=entry.texts("endpoints"),
            notes=entry.texts("notes"),
            queries_never_refused=entry.url("queries_never_refused", ""),
            manual=tuple(map(self._manual, entry.entries("manual", _name("action")))),
        )

    def _manual(self, entry: Entry) -> ManualNeeds:
        source = self._source_of(entry)
        if source is None:
            entry.note("the key source is missing: the manual's page was expected")
        needs = ManualNeeds(
            self._one(entry.text("action")),
            self._names(entry, "dependencies"),
            entry.texts("notes"),
            source or _NO_SOURCE,
        )
        entry.done()
        return needs

    def _category(self, entry: Entry, service: str) -> Category:
        slug = entry.slug("category")
        id_ = f"{service}/{slug}"
        self._entries.setdefault(id_, entry)
        category = Category(
            id=id_,
            service=service,
            slug=slug,
            title=entry.text("title"),
            source=self._source_of(entry) or _NO_SOURCE,
            operations=tuple(
                self._operation(below, id_) for below in entry.entries("operations", _operation_name(id_))
            ),
            section=entry.text("section", ""),
        )
        if not category.source.slug:
            entry.note("the key source is missing: the published table was expected")
        entry.done()
        return category

    def _operation(self, entry: Entry, category: str) -> Operation:
        written = entry.text("operation")
        if "/" not in written:
            entry.slug("operation")
        id_ = written if "/" in written else f"{category}/{written}"
        service, own_category, slug = id_.split("/") if id_.count("/") == 2 else ("", "", id_)
        if not service:
            entry.note(f"{written!r} is no slug and no {_ID}", "operation")
        if id_.startswith(f"{category}/"):
            self._entries[id_] = entry
        self._entries.setdefault(id_, entry)
        self._rows[category, id_] = entry
        scope, by_instance, by_tag = self._row_scope(entry)
        operation = Operation(
            id=id_,
            service=service,
            category=own_category,
            slug=slug,
            title=entry.text("title"),
            access=entry.choice("access", Access),
            native=entry.flag("native"),
            calls=self._calls(entry),
            actions=self._names(entry, "actions"),
            dependencies=self._names(entry, "dependencies"),
            options=tuple(self._option(below, id_) for below in entry.entries("options", _name("option", id_, "#"))),
            scope=scope,
            by_instance=by_instance,
            by_tag=by_tag,
            enterprise_alternative=entry.text("alternative", "") or None,
            same_job=entry.texts("same_job"),
            pages=tuple(map(self._page, entry.entries("pages"))),
            notes=entry.texts("notes"),
            reveals=self._reveals(entry),
        )
        entry.done()
        return operation

    def _reveals(self, entry: Entry) -> Reveals | None:
        below = entry.entry("reveals")
        if below is None:
            return None
        source = self._source_of(below)
        if source is None:
            below.note("the key source is missing: the page that shows it was expected")
        kinds, fields = below.choices("kinds", Revealed), below.texts("fields")
        below.done()
        return Reveals(kinds, fields, source or _NO_SOURCE)

    def _option(self, entry: Entry, operation: str) -> Option:
        slug = entry.slug("option")
        self._entries[f"{operation}#{slug}"] = entry
        option = Option(slug, entry.text("title"), self._names(entry, "actions"), self._names(entry, "dependencies"))
        entry.done()
        return option

    def _page(self, entry: Entry) -> Page:
        page = Page(entry.text("title"), entry.url("url"))
        entry.done()
        return self._one(page)

    def _action(self, entry: Entry) -> PublishedAction:
        name = entry.text("action")
        self._entries.setdefault(name, entry)
        scope, _, _ = self._row_scope(entry)
        access = entry.choice("access", Access, Access.READ) if entry.has("access") else None
        action = PublishedAction(
            self._one(name),
            entry.text("title", ""),
            access,
            scope if entry.has("scope") else None,
            self._calls(entry),
            self._source_of(entry),
        )
        entry.done()
        return action

    def _row_scope(self, entry: Entry) -> tuple[Scope, Support, Support]:
        """The scope, and whether rights can be given by instance and by tag."""
        unknown = Support.UNKNOWN
        below = entry.entry("scope")
        if below is None:
            return Scope(unknown, unknown), unknown, unknown
        scope = Scope(
            below.choice("iam_project", Support, unknown),
            below.choice("enterprise_project", Support, unknown),
            below.choice("evidence", Evidence, Evidence.MISSING),
            self._source_of(below),
        )
        by_instance, by_tag = (below.choice(key, Support, unknown) for key in ("by_instance", "by_tag"))
        below.done()
        return self._one(scope), by_instance, by_tag

    def _source_of(self, entry: Entry) -> Source | None:
        key = entry.text("source", "")
        if key and key not in self._sources:
            entry.note(f"unknown source {key!r}: it is not among the file's sources", "source")
        return self._sources.get(key)

    def _calls(self, entry: Entry) -> tuple[ApiCall, ...]:
        """Older versions of the API first: /v2/ before /v2.1/, which the plain order of characters would turn round."""
        calls: list[ApiCall] = []
        for at, item in enumerate(entry.items("calls")):
            call = self._call(entry, item, at)
            if call in calls:
                entry.note(f"{str(call)!r} stands twice", "calls", at)
            elif call:
                calls.append(call)
        return tuple(sorted(calls, key=lambda call: (call.path.split("/"), call.method)))

    def _call(self, entry: Entry, item: Any, at: int) -> ApiCall | None:
        support = None
        if isinstance(item, dict):
            below = entry.at("calls", at, item)
            support = below.choice("enterprise_project", Support)
            item = below.text("call")
            below.done()
        if not isinstance(item, str) or not item.strip():
            entry.note(f"is {item!r}; a call was expected: METHOD /path, or its name", "calls", at)
            return None
        method, _, path = item.partition(" ")
        call = ApiCall(method, path, support) if method in METHODS else ApiCall("", item, support)
        return self._one(call)

    def _names(self, entry: Entry, key: str) -> tuple[str, ...]:
        """Names of actions, sorted."""
        names = entry.texts(key)
        for at, name in enumerate(names):
            try:
                action_key(name)
            except ActionNameError as error:
                entry.note(str(error), key, at)
        return tuple(sorted(self._one(name) for name in names))


def _name(key: str, owner: str = "", separator: str = "/") -> Callable[[Mapping[str, Any]], str]:
    return lambda data: f"{owner}{separator if owner else ''}{data.get(key, key)}"


def _operation_name(category: str) -> Callable[[Mapping[str, Any]], str]:
    def name(data: Mapping[str, Any]) -> str:
        written = str(data.get("operation", "operation"))
        return written if "/" in written else f"{category}/{written}"

    return name
