"""Rows -> Catalog: the only module that knows both.

Each process holds one Catalog. Once a second at most, `current_catalog` compares its version with the database's, one
indexed read, and builds a new one when a load in whatever process has counted the version up. A database that does not
answer changes nothing where a Catalog is held.
"""

import logging
import threading
import time
from collections.abc import Iterable

from django.db import connection
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

from .database import FAULTS, Fault, fault_of, one_line, without_waiting

logger = logging.getLogger(__name__)


# Seconds from one look into the database to the next, as a rule and after one that was not answered. What does not
# answer may take its time each time.
BETWEEN_LOOKS = 1.0
AFTER_NO_ANSWER = 5.0
RETRY_AFTER = f"{AFTER_NO_ANSWER:.0f}"  # the header of every answer that has to do without a catalogue
# Seconds that a request without a catalogue waits for one that is looking already: longer than connecting may take.
PATIENCE = 10.0


class CatalogMissing(Exception):
    """There is no catalogue to work with: nothing was loaded, or what was loaded is not valid."""


class DatabaseUnusable(CatalogMissing):
    """There is no catalogue to work with, and why: the database could not be read when it was last tried."""

    def __init__(self, fault: Fault):
        super().__init__(fault)
        self.fault = fault


class Held:
    """The process's Catalog, the version of the rows that it was built from, and how the last look ended."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.version: int | None = None
        self.catalog: Catalog | None = None
        self.fault: Fault | None = None
        self.next_look = float("-inf")  # by time.monotonic()

    @property
    def problem(self) -> Fault | None:
        """What the database lacks. One that nobody could read yet, because a look takes so long, does not answer."""
        return self.fault or (Fault.NO_ANSWER if self.version is None else None)

    @property
    def is_due(self) -> bool:
        return time.monotonic() >= self.next_look

    def look(self) -> None:
        # Before looking: a load that comes meanwhile, and says that the next request is to look, is not overruled.
        self.next_look = time.monotonic() + BETWEEN_LOOKS
        try:
            with without_waiting(connection):
                self._take_up()
        except FAULTS as error:
            self._fail(error)
        else:
            self._succeed()

    def _take_up(self) -> None:
        version = CatalogStateRecord.current()
        while version != self.version:
            self.catalog, self.version = self._rebuilt(version), version
            version = CatalogStateRecord.current()  # a load may have come between the reads of the rows

    def _rebuilt(self, version: int) -> Catalog | None:
        try:
            catalog = build_catalog()
        except CatalogError as error:
            logger.error("The catalogue, version %s, is not valid; the last good one stays in use.\n%s", version, error)
            return self.catalog
        except LookupError:  # rows of before and after a load that came in between; the next version is there already
            return self.catalog
        return catalog if catalog.operations else None

    def _fail(self, error: Exception) -> None:
        fault = fault_of(error, connection)
        if fault is not self.fault:  # said once, not with every look
            kept = "the catalogue in memory stays in use" if self.catalog else "there is no catalogue to answer with"
            logger.error("The database %s; %s. %s", fault, kept, one_line(error))
        self.fault = fault
        if fault is Fault.NO_ANSWER:
            self.next_look = time.monotonic() + AFTER_NO_ANSWER

    def _succeed(self) -> None:
        if self.fault:
            logger.warning("The database can be read again.")
        self.fault = None


_held = Held()


def current_catalog() -> Catalog:
    """The Catalog of the rows as they are, or were a second ago. Raises CatalogMissing, or DatabaseUnusable.

    Rows that are not valid, as somebody could write them past the loader, are reported and the last good Catalog stays.
    """
    held = look()
    if held.catalog is not None:
        return held.catalog
    if held.problem:
        raise DatabaseUnusable(held.problem)
    raise CatalogMissing


def look() -> Held:
    """What this process holds, compared with the database unless that was done a moment ago.

    One looks at a time. Where a Catalog is held, the others do not wait for it: with a host that does not answer, that
    would be all of them.
    """
    held = _held
    if held.catalog is not None and not held.is_due:
        return held
    if held.lock.acquire(timeout=PATIENCE if held.catalog is None else 0):
        try:
            if held.is_due:
                held.look()
        finally:
            held.lock.release()
    return held


def look_again() -> None:
    """The next request compares the versions, whenever the last one did: this process changed the rows."""
    _held.next_look = float("-inf")


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
    return Service(
        row.slug, row.title, (row.action_prefix,), Level(row.level), "stated" if row.complete else "", categories
    )


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
