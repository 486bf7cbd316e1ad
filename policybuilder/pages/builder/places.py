"""Where operations and services are in the builder: the boxes of a form, and the service that the tree shows."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Category, Operation, Service

BESIDE = "@"  # what the place of a box begins with that is in the row of another operation

Box = tuple[str, str]  # a place and the id of an operation: that of a category of it, or of a row that names it


@dataclass(frozen=True, slots=True)
class Boxes:
    """The boxes that a submitted form held, `ticked` ones among them; `options` of these with the option's slug.

    An operation has a box in each of the tables that publish it, and one in each row that it does the job of.
    """

    shown: frozenset[Box] = frozenset()
    ticked: frozenset[Box] = frozenset()
    options: frozenset[tuple[str, str, str]] = frozenset()

    @property
    def listed(self) -> frozenset[str]:
        """The ids of those that have a row."""
        return frozenset(id_ for place, id_ in self.shown if not place.startswith(BESIDE))


def places_beside(catalog: Catalog, boxes: Iterable[Box]) -> set[Box]:
    """The boxes that rows have for what does their job in enterprise projects. `boxes` are the rows' own."""
    found = set()
    for category, id_ in boxes:
        if other := catalog.operations[id_].enterprise_alternative:
            home = catalog.category_of(catalog.operations[id_]).id == category
            found.add((f"{BESIDE}{id_}" if home else f"{BESIDE}{category}/{id_}", other))
    return found


def row_beside(catalog: Catalog, place: str) -> tuple[Operation, Category] | None:
    """The row that such a place is in; None where there is none (any more)."""
    parts = place.removeprefix(BESIDE).split("/")
    operation = catalog.operations.get("/".join(parts[-3:]))
    if operation is None:
        return None
    tables = catalog.categories_by_operation[operation.id]
    named = catalog.category_of(operation).id if len(parts) == 3 else "/".join(parts[:-3])
    return next(((operation, table) for table in tables if table.id == named), None)


def services_with_operations(catalog: Catalog) -> tuple[Service, ...]:
    """Those that a tree can show, in the catalogue's order."""
    return tuple([service for service in catalog.services if service.categories])


def services_in_use(catalog: Catalog, blocks: Iterable[Block]) -> Counter[str]:
    """Slug of each service that something is selected of, in any block -> of how many operations that are its own."""
    ids = {id_ for block in blocks for id_ in block.selection.operations}
    return Counter([catalog.category_of(catalog.operations[id_]).service for id_ in ids])


def service_shown(catalog: Catalog, blocks: Iterable[Block], named: str = "") -> Service | None:
    """The one that is `named` by its slug; else the first in use, or the first of all. None without operations."""
    services = services_with_operations(catalog)
    for service in services:
        if service.slug == named:
            return service
    in_use = services_in_use(catalog, blocks)
    for service in services:
        if service.slug in in_use:
            return service
    return services[0] if services else None
