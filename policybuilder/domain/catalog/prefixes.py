"""The services as the first parts of action names: their levels, and whether they are complete."""

from collections.abc import Iterable, Sequence
from functools import cached_property

from .action_names import service_of
from .entries import Level, Service


class Prefixes:
    """Look-ups by the first part of an action's name, and so by an action."""

    def __init__(self, services: Sequence[Service]):
        self._services = services

    @cached_property
    def services_by_prefix(self) -> dict[str, Service]:
        """First part of an action's name -> its service; of several with it the one called so, or the first."""
        found: dict[str, Service] = {}
        for service in self._services:
            for prefix in service.prefixes:
                if prefix not in found or service.slug == prefix:
                    found[prefix] = service
        return found

    @cached_property
    def _levels(self) -> dict[str, Level]:
        return {prefix: service.level for service in self._services for prefix in service.prefixes}

    def is_complete(self, service: str) -> bool:
        """Whether it is stated that it has all actions of the service, which is named by its prefix.

        Only then an action that it does not know is unknown to IAM as well. Of a service that has all actions of its
        tables nobody knows that: a table can lack some, and the calls of other pages can need more.
        """
        return service in self._complete

    @cached_property
    def _complete(self) -> frozenset[str]:
        """Prefixes; of services that share one, each has to be complete."""
        partly = {prefix for service in self._services if not service.complete for prefix in service.prefixes}
        return frozenset(prefix for service in self._services for prefix in service.prefixes) - partly

    def level_of(self, name: str) -> Level | None:
        """The level of the service that an action belongs to; None where no service has its prefix."""
        return self._levels.get(service_of(name))

    def levels_of(self, names: Iterable[str]) -> frozenset[Level]:
        """Those of the actions of which they are known; one policy takes one."""
        return frozenset(level for name in names if (level := self.level_of(name)))

    def counted_level(self, name: str) -> Level | None:
        """The level that an action counts with where one policy takes one: that of its service, XA where that is not
        known, as most services are. None for a wildcard in place of the service, which means services of both."""
        return None if "*" in service_of(name) else self.level_of(name) or Level.XA

    def counted_levels(self, names: Iterable[str]) -> set[Level | None]:
        """The levels that actions count with: see `counted_level`. Each service is looked up once."""
        return {self.counted_level(name) for name in {service_of(name): name for name in names}.values()}

    def mixes_levels(self, names: Iterable[str]) -> bool:
        """Whether IAM does not take these actions in one policy, as far as is known: see `counted_level`."""
        return self.counted_levels(names) >= set(Level)
