"""Catalogues for tests: small ones in sight, and those of catalogue files, read here without a database."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import (
    Access,
    ApiCall,
    Category,
    Evidence,
    Level,
    Operation,
    Option,
    Page,
    PublishedAction,
    Scope,
    Service,
    Source,
    Support,
)

ROOT = Path(__file__).parent.parent
ECS = ROOT / "fixtures" / "ecs.yaml"
OTHER_SERVICES = ROOT / "tests" / "other-services.yaml"
# What an entry of a file may leave out.
DEFAULTS: dict[str, dict[str, Any]] = {
    "sourcerecord": {"revision": "", "date": ""},
    "apicallrecord": {"enterprise_project": ""},
    "actionrecord": dict.fromkeys(("title", "access", "iam_project", "enterprise_project", "scope_evidence"), "")
    | {"scope_source": None, "calls": []},
    "servicerecord": {"complete": False},
    "operationrecord": {"calls": [], "actions": [], "dependencies": [], "pages": []}
    | {"scope_source": None, "enterprise_alternative": None},
    "optionrecord": {"actions": [], "dependencies": []},
}
SOURCE = Source("table", "A published table", "https://vendor.example/table", "1", "2026-01-31")


def scope(support: str | Support) -> Scope:
    """Of an operation or action that works in every IAM project."""
    return Scope(Support.YES, Support(support), Evidence.STATED, SOURCE)


def option(slug: str, *, actions: Iterable[str] = (), needs: Iterable[str] = ()) -> Option:
    return Option(slug, slug.capitalize(), tuple(actions), tuple(needs))


def operation(
    id_: str,
    *actions: str,
    needs: Iterable[str] = (),
    options: Iterable[Option] = (),
    enterprise: str | Support = "yes",
    access: str | Access = "write",
    calls: Iterable[str] = (),
    title: str | None = None,
    native: bool = False,
    alternative: str | None = None,
) -> Operation:
    """The operation `service/category/slug`, with its own actions and the dependencies that it needs."""
    service, category, slug = id_.split("/")
    return Operation(
        id=id_,
        service=service,
        category=category,
        slug=slug,
        title=slug.capitalize() if title is None else title,
        access=Access(access),
        native=native,
        calls=tuple(ApiCall(*call.split(" ", 1)) for call in calls),
        actions=actions,
        dependencies=tuple(needs),
        options=tuple(options),
        scope=scope(enterprise),
        by_instance=Support.UNKNOWN,
        by_tag=Support.UNKNOWN,
        enterprise_alternative=alternative,
        pages=(),
    )


def published(
    name: str, enterprise: str | Support | None = None, access: str | Access | None = None
) -> PublishedAction:
    return PublishedAction(name, "", access and Access(access), None if enterprise is None else scope(enterprise))


def service(
    slug: str, *operations: Operation, prefix: str | None = None, level: Level = Level.XA, title: str | None = None
) -> Service:
    """The service with these operations in their categories, in the order in which they come.

    One without operations is known in part only.
    """
    grouped: dict[str, list[Operation]] = {}
    for row in operations:
        grouped.setdefault(row.category, []).append(row)
    categories = tuple(
        Category(f"{slug}/{category}", slug, category, category.capitalize(), SOURCE, tuple(rows))
        for category, rows in grouped.items()
    )
    complete = "everything published" if operations else ""
    return Service(slug, slug.upper() if title is None else title, (prefix or slug,), level, complete, categories)


def catalog_of_services(*services: Service, actions: Iterable[PublishedAction] = ()) -> Catalog:
    """The catalogue of these services, with every action that their operations name and a service for each of these."""
    entries = {action.name: action for action in actions}
    for known in services:
        for row in known.operations:
            entries |= {name: PublishedAction(name, "") for name in row.names() if name not in entries}
    have = {prefix for known in services for prefix in known.prefixes}
    missing = {name.partition(":")[0] for name in entries} - have
    return Catalog((*services, *(service(prefix) for prefix in sorted(missing))), entries.values())


def category(id_: str, *operations: Operation, title: str | None = None, section: str = "") -> Category:
    """The table `service/category` with these rows, whoever publishes them too."""
    owner, slug = id_.split("/")
    return Category(id_, owner, slug, slug.capitalize() if title is None else title, SOURCE, operations, section)


def catalog(
    *operations: Operation,
    actions: Iterable[PublishedAction] = (),
    prefixes: Mapping[str, str] | None = None,
    levels: Mapping[str, Level] | None = None,
) -> Catalog:
    """The catalogue of these operations, with a service for each one that they or their actions name.

    `actions` are those with something published about them; the others that stand in operations are added. `prefixes`
    and `levels` are by service; left out, the prefix is the service's own name and the level is XA.
    """
    entries = {action.name: action for action in actions}
    rows: dict[str, list[Operation]] = {}
    for row in operations:
        rows.setdefault(row.service, []).append(row)
        for name in row.names():
            entries.setdefault(name, PublishedAction(name, ""))
    levels = levels or {}
    services = [
        service(slug, *found, prefix=(prefixes or {}).get(slug), level=levels.get(slug, Level.XA))
        for slug, found in rows.items()
    ]
    have = {prefix for known in services for prefix in known.prefixes}
    missing = {name.partition(":")[0] for name in entries} - have
    services += [service(prefix, level=levels.get(prefix, Level.XA)) for prefix in sorted(missing)]
    return Catalog(services, entries.values())


@cache
def real_catalog() -> Catalog:
    """The catalogue that the project ships."""
    return catalog_of_files(ECS)


def catalog_of_files(*paths: Path) -> Catalog:
    """The catalogue of these files, put together without the database and without the loader."""
    rows = _Rows(paths)
    services = rows.in_order("servicerecord")
    return Catalog(
        (rows.service(*row) for row in services), (rows.action(*row) for row in rows.by_name("actionrecord"))
    )


class _Rows:
    """The entries of catalogue files by model and key, and what each is in the catalogue."""

    def __init__(self, paths: Iterable[Path]):
        self._rows: dict[str, dict[str, dict[str, Any]]] = {}
        for path in paths:
            for entry in read_entries(path):
                model = entry["model"].removeprefix("policybuilder.")
                self._rows.setdefault(model, {})[entry["pk"]] = DEFAULTS.get(model, {}) | entry["fields"]
        self._sources = {
            pk: Source(pk, fields["title"], fields["url"], fields["revision"], fields["date"])
            for pk, fields in self._rows["sourcerecord"].items()
        }

    def in_order(self, model: str, **owner: str) -> list[tuple[str, dict[str, Any]]]:
        """The rows by their position, of one owner where that is given."""
        rows = [(pk, f) for pk, f in self._rows.get(model, {}).items() if owner.items() <= f.items()]
        return sorted(rows, key=lambda row: (row[1]["position"], row[0]))

    def by_name(self, model: str) -> list[tuple[str, dict[str, Any]]]:
        return sorted(self._rows[model].items())

    def service(self, slug: str, fields: Mapping[str, Any]) -> Service:
        categories = tuple(self._category(*row) for row in self.in_order("categoryrecord", service=slug))
        return Service(
            slug,
            fields["title"],
            (fields["action_prefix"],),
            Level(fields["level"]),
            "stated" if fields["complete"] else "",
            categories,
        )

    def action(self, name: str, fields: Mapping[str, Any]) -> PublishedAction:
        return PublishedAction(
            name,
            fields["title"],
            Access(fields["access"]) if fields["access"] else None,
            self._scope(fields) if fields["enterprise_project"] else None,
            self._calls(fields["calls"]),
        )

    def _category(self, id_: str, fields: Mapping[str, Any]) -> Category:
        operations = tuple(self._operation(*row) for row in self.in_order("operationrecord", category=id_))
        source = self._sources[fields["source"]]
        return Category(id_, fields["service"], fields["slug"], fields["title"], source, operations)

    def _operation(self, id_: str, fields: Mapping[str, Any]) -> Operation:
        service_slug, category_slug, slug = id_.split("/")
        return Operation(
            id=id_,
            service=service_slug,
            category=category_slug,
            slug=slug,
            title=fields["title"],
            access=Access(fields["access"]),
            native=fields["native"],
            calls=self._calls(fields["calls"]),
            actions=tuple(sorted(fields["actions"])),
            dependencies=tuple(sorted(fields["dependencies"])),
            options=tuple(
                Option(o["slug"], o["title"], tuple(sorted(o["actions"])), tuple(sorted(o["dependencies"])))
                for _, o in self.in_order("optionrecord", operation=id_)
            ),
            scope=self._scope(fields),
            by_instance=Support(fields["by_instance"]),
            by_tag=Support(fields["by_tag"]),
            enterprise_alternative=fields["enterprise_alternative"],
            pages=tuple(Page(self._rows["pagerecord"][url]["title"], url) for url in sorted(fields["pages"])),
        )

    def _calls(self, ids: Iterable[str]) -> tuple[ApiCall, ...]:
        calls = [self._rows["apicallrecord"][id_] for id_ in ids]
        calls.sort(key=lambda fields: (fields["path"].split("/"), fields["method"]))
        return tuple(
            ApiCall(f["method"], f["path"], Support(f["enterprise_project"]) if f["enterprise_project"] else None)
            for f in calls
        )

    def _scope(self, fields: Mapping[str, Any]) -> Scope:
        return Scope(
            Support(fields["iam_project"]),
            Support(fields["enterprise_project"]),
            Evidence(fields["scope_evidence"]),
            self._sources.get(fields["scope_source"]),
        )


def read_entries(path: Path) -> list[dict[str, Any]]:
    text = path.read_text(encoding="utf-8")
    if yaml.__with_libyaml__:
        return yaml.load(text, Loader=yaml.CSafeLoader)  # the same in a tenth of the time
    return yaml.safe_load(text)
