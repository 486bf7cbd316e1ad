"""Rows -> Catalog: the only module that knows both.

Each process holds one Catalog. Once a second at most, `current_catalog` compares its version with the database's, one
indexed read, and builds a new one when a load in whatever process has counted the version up. A database that does not
answer changes nothing where a Catalog is held.
"""

import json
import logging
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import connection

from policybuilder.catalog_files.reading import LAST, Facts, read_catalog
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import CatalogError
from policybuilder.models import (
    CATALOG_MODELS,
    ActionRecord,
    CatalogStateRecord,
    CategoryRecord,
    OperationRecord,
    ServiceRecord,
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
    return read_catalog(map(Facts, _entries()))


def save_entries(services: Iterable[Mapping[str, Any]]) -> None:
    """Replace all rows by those of these entries of catalogue files, which were found to be right."""
    for model in reversed(CATALOG_MODELS):
        model.objects.all().delete()
    rows = _Rows(services)
    ServiceRecord.objects.bulk_create(rows.services)
    CategoryRecord.objects.bulk_create(rows.categories)
    OperationRecord.objects.bulk_create(rows.operations)
    ActionRecord.objects.bulk_create(rows.actions)


class _Rows:
    """Entries of catalogue files as rows."""

    def __init__(self, entries: Iterable[Mapping[str, Any]]) -> None:
        self.services: list[ServiceRecord] = []
        self.categories: list[CategoryRecord] = []
        self.operations: list[OperationRecord] = []
        self.actions: list[ActionRecord] = []
        for entry in entries:
            self._add_service(entry)

    def _add_service(self, entry: Mapping[str, Any]) -> None:
        row = ServiceRecord(
            slug=entry["service"],
            title=entry["title"],
            level=entry["level"],
            position=entry.get("position", LAST),
            entry=_json(entry, "categories", "actions"),
        )
        self.services.append(row)
        for at, category in enumerate(entry.get("categories", ())):
            self._add_category(row, category, at)
        for at, action in enumerate(entry.get("actions", ())):
            title = action.get("title", "")
            self.actions.append(
                ActionRecord(service=row, name=action["action"], title=title, position=at, entry=_json(action))
            )

    def _add_category(self, service: ServiceRecord, entry: Mapping[str, Any], position: int) -> None:
        id_ = f"{service.slug}/{entry['category']}"
        row = CategoryRecord(
            id=id_, service=service, title=entry["title"], position=position, entry=_json(entry, "operations")
        )
        self.categories.append(row)
        self.operations += (
            OperationRecord(
                category=row,
                operation=operation["operation"],
                title=operation["title"],
                access=operation["access"],
                position=at,
                entry=_json(operation),
            )
            for at, operation in enumerate(entry.get("operations", ()))
        )


def _json(entry: Mapping[str, Any], *without: str) -> str:
    return json.dumps({key: value for key, value in entry.items() if key not in without}, ensure_ascii=False)


def _entries() -> Iterator[dict[str, Any]]:
    """What the rows keep, put together as catalogue files have it."""
    operations = _grouped(OperationRecord, "category_id")
    actions = _grouped(ActionRecord, "service_id")
    categories: dict[str, list[dict[str, Any]]] = {}
    for row in CategoryRecord.objects.order_by("position"):
        entry = json.loads(row.entry)
        categories.setdefault(row.service_id, []).append({**entry, "operations": operations.get(row.id, [])})
    for service in ServiceRecord.objects.all():
        yield {
            **json.loads(service.entry),
            "categories": categories.get(service.slug, []),
            "actions": actions.get(service.slug, []),
        }


def _grouped(model: type[OperationRecord] | type[ActionRecord], owner: str) -> dict[str, list[dict[str, Any]]]:
    """Entries by their owner, in their order."""
    found: dict[str, list[dict[str, Any]]] = {}
    for key, entry in model.objects.order_by("position").values_list(owner, "entry").iterator():
        found.setdefault(key, []).append(json.loads(entry))
    return found
