"""What the user asked for, and nothing that follows from it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Operation, Option


class Dependencies(StrEnum):
    """DIRECT: those of an operation's own row. ALL: also the dependencies that all rows of a dependency share."""

    DIRECT = "direct"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Selection:
    """Operations (ids), single actions, options switched off as (operation id, option slug), dependencies left out.

    `only_reading`: wildcard dependencies in whose place the reading actions that they match are granted, by name.
    A set of each, so the order of ticking cannot matter. An option that is not named is on. A wildcard that is left out
    as well is left out.
    """

    operations: frozenset[str] = frozenset()
    options_off: frozenset[tuple[str, str]] = frozenset()
    actions: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    dependencies: Dependencies = Dependencies.DIRECT
    only_reading: frozenset[str] = frozenset()

    def tick(self, operations: Iterable[str]) -> "Selection":
        return replace(self, operations=self.operations | frozenset(operations))

    def untick(self, operations: Iterable[str]) -> "Selection":
        """Without these operations and without their options, so that ticking again starts with all options."""
        gone = frozenset(operations)
        kept = frozenset(pair for pair in self.options_off if pair[0] not in gone)
        return replace(self, operations=self.operations - gone, options_off=kept)

    def take_dependencies(self, names: Iterable[str]) -> "Selection":
        """With these dependencies as they are published, neither left out nor narrowed."""
        gone = {name.casefold() for name in names}
        without, only_reading = (
            frozenset(name for name in each if name.casefold() not in gone)
            for each in (self.without, self.only_reading)
        )
        return replace(self, without=without, only_reading=only_reading)

    def leave_out(self, name: str) -> "Selection":
        chosen = self.take_dependencies([name])
        return replace(chosen, without=chosen.without | {name})

    def read_only(self, name: str) -> "Selection":
        """With the reading actions in the place of the wildcard dependency `name`."""
        chosen = self.take_dependencies([name])
        return replace(chosen, only_reading=chosen.only_reading | {name})

    def chosen_options(self, operation: Operation) -> tuple[Option, ...]:
        return tuple(o for o in operation.options if (operation.id, o.slug) not in self.options_off)

    def swap_for_enterprise(self, catalog: Catalog, operations: Iterable[str]) -> "Selection":
        """Each of these operations replaced by the one that does its job in enterprise projects, where there is one."""
        swaps = {id_: catalog.operation(id_).enterprise_alternative for id_ in operations if id_ in self.operations}
        found = {id_: alternative for id_, alternative in swaps.items() if alternative is not None}
        return self.untick(found).tick(found.values())
