"""Rows -> Catalog: the only module that knows both.

Each process holds one Catalog. `current_catalog` compares its version with the database's, one indexed read, and builds
a new one when a load in whatever process has counted the version up.
"""

import logging
import threading
from collections.abc import Iterable

from django.db.models import Prefetch

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import (
    Access,
    ApiCall,
    CatalogError,
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
from policybuilder.models import (
    ActionRecord,
    ApiCallRecord,
    CatalogStateRecord,
    CategoryRecord,
    OperationRecord,
    OptionRecord,
    ServiceRecord,
    SourceRecord,
)

logger = logging.getLogger(__name__)


class CatalogMissing(Exception):
    """There is no catalogue to work with: nothing was loaded, or what was loaded is not valid."""


class _Held:
    """The process's Catalog and the version of the rows that it was built from."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.version: int | None = None
        self.catalog: Catalog | None = None


_held = _Held()


def current_catalog() -> Catalog:
    """The Catalog of the rows as they are now. Raises CatalogMissing.

    Rows that are not valid, as somebody could write them past the loader, are reported and the last good Catalog stays.
    """
    version = CatalogStateRecord.current()
    if version != _held.version:
        with _held.lock:
            while version != _held.version:
                _held.catalog, _held.version = _rebuilt(version), version
                version = CatalogStateRecord.current()  # a load may have come between the reads of the rows
    if _held.catalog is None:
        raise CatalogMissing
    return _held.catalog


def _rebuilt(version: int) -> Catalog | None:
    try:
        catalog = build_catalog()
    except CatalogError as error:
        logger.error("The catalogue, version %s, is not valid; the last good one stays in use.\n%s", version, error)
        return _held.catalog
    except LookupError:  # rows of before and after a load that came in between; the next version is there already
        return _held.catalog
    return catalog if catalog.operations else None


def build_catalog() -> Catalog:
    """A Catalog from all rows. Raises CatalogError with every problem."""
    sources = {row.slug: _source(row) for row in SourceRecord.objects.all()}
    options = OptionRecord.objects.prefetch_related("actions", "dependencies")
    operations = OperationRecord.objects.prefetch_related(
        "calls", "actions", "dependencies", "pages", Prefetch("options", options)
    )
    categories = CategoryRecord.objects.prefetch_related(Prefetch("operations", operations))
    services = ServiceRecord.objects.prefetch_related(Prefetch("categories", categories))
    actions = ActionRecord.objects.prefetch_related("calls")
    return Catalog(
        (_service(row, sources) for row in services),
        (_action(row, sources) for row in actions),
    )


def _source(row: SourceRecord) -> Source:
    return Source(row.slug, row.title, row.url, row.revision, row.date)


def _service(row: ServiceRecord, sources: dict[str, Source]) -> Service:
    categories = tuple(_category(category, row, sources) for category in row.categories.all())
    return Service(row.slug, row.title, row.action_prefix, Level(row.level), row.complete, categories)


def _category(row: CategoryRecord, service: ServiceRecord, sources: dict[str, Source]) -> Category:
    operations = tuple(_operation(operation, row, service, sources) for operation in row.operations.all())
    return Category(row.id, service.slug, row.slug, row.title, sources[row.source_id], operations)


def _operation(
    row: OperationRecord, category: CategoryRecord, service: ServiceRecord, sources: dict[str, Source]
) -> Operation:
    return Operation(
        id=row.id,
        service=service.slug,
        category=category.slug,
        slug=row.slug,
        title=row.title,
        access=Access(row.access),
        native=row.native,
        calls=_calls(row.calls.all()),
        actions=_names(row.actions.all()),
        dependencies=_names(row.dependencies.all()),
        options=tuple(
            Option(option.slug, option.title, _names(option.actions.all()), _names(option.dependencies.all()))
            for option in row.options.all()
        ),
        scope=_scope(row, sources),
        by_instance=Support(row.by_instance),
        by_tag=Support(row.by_tag),
        enterprise_alternative=row.enterprise_alternative_id,
        pages=tuple(Page(page.title, page.url) for page in row.pages.all()),
    )


def _action(row: ActionRecord, sources: dict[str, Source]) -> PublishedAction:
    return PublishedAction(
        name=row.name,
        title=row.title,
        access=Access(row.access) if row.access else None,
        scope=_scope(row, sources) if row.enterprise_project else None,
        calls=_calls(row.calls.all()),
    )


def _scope(row: OperationRecord | ActionRecord, sources: dict[str, Source]) -> Scope:
    return Scope(
        iam_project=Support(row.iam_project or Support.UNKNOWN),
        enterprise_project=Support(row.enterprise_project),
        evidence=Evidence(row.scope_evidence or Evidence.MISSING),
        source=sources[row.scope_source_id] if row.scope_source_id else None,
    )


def _calls(rows: Iterable[ApiCallRecord]) -> tuple[ApiCall, ...]:
    """Older API versions first: /v2/ before /v2.1/, which the plain order of characters would turn round."""
    ordered = sorted(rows, key=lambda row: (row.path.split("/"), row.method))
    return tuple(
        ApiCall(row.method, row.path, Support(row.enterprise_project) if row.enterprise_project else None)
        for row in ordered
    )


def _names(rows: Iterable[ActionRecord]) -> tuple[str, ...]:
    return tuple(sorted(row.name for row in rows))
