"""The services beside the tree as values for their template, and the service that the tree shows."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from policybuilder.catalog_files.searching import said_for
from policybuilder.domain.building.blocks import Block
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Service
from policybuilder.domain.remembering import remembered


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


@dataclass(frozen=True, slots=True)
class RailService:
    """A service in the rail. `number` counts the operations that the filters let through, all where there is none."""

    service: Service
    number: int
    filtered: bool
    current: bool
    catalog: Catalog

    @property
    def names(self) -> str:
        """What it is found by in the rail."""
        return _names(self.service)

    @property
    def html(self) -> SafeString:
        """As the template draws one that is not shown in the tree, remembered."""
        return _rail_line(self.catalog, self.service.slug, self.number, self.filtered)


@remembered(200_000, weigh=lambda html, *made_of: len(html) + 200)
def _rail_line(catalog: Catalog, slug: str, number: int, filtered: bool) -> SafeString:
    line = RailService(catalog.services_by_slug[slug], number, filtered, False, catalog)
    return render_to_string("builder/rail.html#rail-service", {"line": line})


@dataclass(frozen=True, slots=True)
class RailGroup:
    """What services are sold under; the title is "" where nobody says."""

    title: str
    services: tuple[RailService, ...]
    open: bool

    @property
    def number(self) -> int:
        return sum(each.number for each in self.services)


@dataclass(frozen=True, slots=True)
class UsedService:
    """A service of which something is selected in any statement, with how many operations of how many. `denied`: a
    statement denies some of it."""

    service: Service
    selected: int
    total: int
    current: bool
    denied: bool

    @property
    def names(self) -> str:
        """What it is found by in the rail."""
        return _names(self.service)


def _names(service: Service) -> str:
    names = (service.title, service.short, service.slug, service.group, *said_for(service))
    return " ".join(dict.fromkeys(name.casefold() for name in names if name))
