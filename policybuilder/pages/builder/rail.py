"""The list of services beside the tree as values for its template."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from policybuilder.catalog_files.searching import said_for
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Service
from policybuilder.domain.remembering import remembered


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
