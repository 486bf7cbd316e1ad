"""Catalogues for tests: small ones in sight, and those of catalogue files, read here without a database."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from policybuilder.domain.catalog.catalog import (
    Access,
    ApiCall,
    Catalog,
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
    """The service with these operations in their categories, in the order in which they come."""
    grouped: dict[str, list[Operation]] = {}
    for row in operations:
        grouped.setdefault(row.category, []).append(row)
    categories = tuple(
        Category(f"{slug}/{category}", slug, category, category.capitalize(), SOURCE, tuple(rows))
        for category, rows in grouped.items()
    )
    return Service(slug, slug.upper() if title is None else title, prefix or slug, level, categories)


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
    have = {known.action_prefix for known in services}
    missing = {name.partition(":")[0] for name in entries} - have
    services += [service(prefix, level=levels.get(prefix, Level.XA)) for prefix in sorted(missing)]
    return Catalog(services, entries.values())


@cache
def real_catalog() -> Catalog:
    """The catalogue that the project ships."""
    return catalog_of_files(ECS)


def catalog_of_files(*paths: Path) -> Catalog:
    """The catalogue of these files, put together without the database and without the loader."""
    rows: dict[str, dict[str, dict[str, Any]]] = {}
    for path in paths:
        for entry in read_entries(path):
            model = entry["model"].removeprefix("policybuilder.")
            rows.setdefault(model, {})[entry["pk"]] = DEFAULTS.get(model, {}) | entry["fields"]
    sources = {
        pk: Source(pk, fields["title"], fields["url"], fields["revision"], fields["date"])
        for pk, fields in rows["sourcerecord"].items()
    }

    def calls(ids: Iterable[str]) -> tuple[ApiCall, ...]:
        found = [rows["apicallrecord"][id_] for id_ in ids]
        found.sort(key=lambda fields: (fields["path"].split("/"), fields["method"]))
        return tuple(
            ApiCall(f["method"], f["path"], Support(f["enterprise_project"]) if f["enterprise_project"] else None)
            for f in found
        )

    def scope_of(fields: Mapping[str, Any]) -> Scope:
        return Scope(
            Support(fields["iam_project"]),
            Support(fields["enterprise_project"]),
            Evidence(fields["scope_evidence"]),
            sources.get(fields["scope_source"]),
        )

    def below(model: str, owner: str, id_: str) -> list[tuple[str, dict[str, Any]]]:
        found = [(pk, fields) for pk, fields in rows.get(model, {}).items() if fields[owner] == id_]
        return sorted(found, key=lambda row: (row[1]["position"], row[0]))

    def operation_of(id_: str, fields: Mapping[str, Any]) -> Operation:
        service_slug, category_slug, slug = id_.split("/")
        return Operation(
            id=id_,
            service=service_slug,
            category=category_slug,
            slug=slug,
            title=fields["title"],
            access=Access(fields["access"]),
            native=fields["native"],
            calls=calls(fields["calls"]),
            actions=tuple(sorted(fields["actions"])),
            dependencies=tuple(sorted(fields["dependencies"])),
            options=tuple(
                Option(o["slug"], o["title"], tuple(sorted(o["actions"])), tuple(sorted(o["dependencies"])))
                for _, o in below("optionrecord", "operation", id_)
            ),
            scope=scope_of(fields),
            by_instance=Support(fields["by_instance"]),
            by_tag=Support(fields["by_tag"]),
            enterprise_alternative=fields["enterprise_alternative"],
            pages=tuple(Page(rows["pagerecord"][url]["title"], url) for url in sorted(fields["pages"])),
        )

    def category_of(id_: str, fields: Mapping[str, Any]) -> Category:
        operations = tuple(operation_of(*row) for row in below("operationrecord", "category", id_))
        return Category(id_, fields["service"], fields["slug"], fields["title"], sources[fields["source"]], operations)

    services = sorted(rows["servicerecord"].items(), key=lambda row: (row[1]["position"], row[0]))
    return Catalog(
        (
            Service(
                slug,
                fields["title"],
                fields["action_prefix"],
                Level(fields["level"]),
                tuple(category_of(*row) for row in below("categoryrecord", "service", slug)),
            )
            for slug, fields in services
        ),
        (
            PublishedAction(
                name,
                fields["title"],
                Access(fields["access"]) if fields["access"] else None,
                scope_of(fields) if fields["enterprise_project"] else None,
                calls(fields["calls"]),
            )
            for name, fields in sorted(rows["actionrecord"].items())
        ),
    )


def read_entries(path: Path) -> list[dict[str, Any]]:
    text = path.read_text(encoding="utf-8")
    if yaml.__with_libyaml__:
        return yaml.load(text, Loader=yaml.CSafeLoader)  # the same in a tenth of the time
    return yaml.safe_load(text)
