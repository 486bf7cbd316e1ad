"""Catalogues for tests: small ones in sight, and those of catalogue files."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from policybuilder.catalog_files.files import read_files
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import (
    Access,
    ApiCall,
    Category,
    Evidence,
    Level,
    Operation,
    Option,
    PublishedAction,
    Revealed,
    Reveals,
    Scope,
    Service,
    Source,
    Support,
)

ROOT = Path(__file__).parent.parent
ECS = ROOT / "fixtures" / "catalogue" / "ecs.yaml"
WHOLE = ECS.parent  # every service that publishes its actions
OTHER_SERVICES = ROOT / "tests" / "other-services"  # rows in the shapes that no ECS row has
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
    same_job: Iterable[str] = (),
    reveals: Iterable[str] | None = None,
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
        same_job=tuple(same_job),
        reveals=None if reveals is None else Reveals(tuple(map(Revealed, reveals)), (), SOURCE),
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


@cache
def catalog_of_files(*paths: Path) -> Catalog:
    """The catalogue of these files."""
    return read_files(paths)


@cache
def whole_catalog() -> Catalog:
    """The catalogue of the whole cloud that the project ships. A second to read, hence once a process."""
    return read_files([WHOLE])
