"""Hosts that calls go to: whose they are and in which region, as in `rds.eu-de.otc.t-systems.com`.

The cloud's hosts end in one of a few domains, which all mean the same here. What stands before an endpoint belongs to
the request: a bucket (`photos.obs.eu-de…`), a cluster (`<id>.cce.eu-de…`). A host of another domain says nothing.
Source: "Regions and Endpoints", https://docs.otc.t-systems.com/regions-and-endpoints/index.html.
"""

import re
from collections import defaultdict
from dataclasses import dataclass

from policybuilder.domain.catalog.catalog import Catalog

REGION = "{region}"

_OURS = re.compile(r"(?P<labels>[a-z0-9{][a-z0-9_.{}-]*?)\.(?:(?:sc\.)?otc\.t-systems\.com|otc-tsi\.de)", re.IGNORECASE)
_REGION = re.compile(r"[a-z]{2}-[a-z]{2,10}\d{0,3}")
_OBJECT_STORAGE = frozenset({"obs", "s3"})  # s3: as tools for the protocol of that name write it


@dataclass(frozen=True, slots=True)
class Host:
    """A host of the cloud, without its domain. `before` is what stands before the endpoint, `region` can be ""."""

    before: str
    endpoint: str
    region: str

    @property
    def stores_objects(self) -> bool:
        return self.endpoint in _OBJECT_STORAGE


def read_host(name: str) -> Host | None:
    """The parts of a host's name, which can have a port; None where it is not one of the cloud."""
    match = _OURS.fullmatch(name.partition(":")[0].rstrip("."))
    if not match:
        return None
    labels = match["labels"].casefold().split(".")
    region = labels.pop() if len(labels) > 1 and (_REGION.fullmatch(labels[-1]) or labels[-1] == REGION) else ""
    return Host(".".join(labels[:-1]), labels[-1], "" if region == REGION else region)


class Endpoints:
    """The endpoints of a catalogue's services."""

    def __init__(self, catalog: Catalog) -> None:
        self._services: dict[str, list[str]] = defaultdict(list)
        self._names: dict[str, str] = {}
        for service in catalog.services:
            for name in service.endpoints:
                host = read_host(name)
                if host:
                    self._services[host.endpoint].append(service.slug)
                    self._names.setdefault(service.slug, name)

    def services(self, host: str) -> frozenset[str]:
        """The slugs of the services that a host is of: several share `vpc.`; none for a host that is not known."""
        read = read_host(host)
        return frozenset(self._services.get(read.endpoint, ()) if read else ())

    def example(self, slug: str, region: str = "") -> str:
        """A host of the service in a region, or in one that it may have; "" where none is known."""
        return self._names.get(slug, "").replace(REGION, region or "eu-de")
