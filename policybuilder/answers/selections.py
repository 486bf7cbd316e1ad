"""A request's texts -> a Selection. The catalogue decides the meaning of a text; here its errors get their places."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from policybuilder.domain.building.bounds import MOST_WILDCARDS
from policybuilder.domain.building.selection import Dependencies, Selection
from policybuilder.domain.catalog.action_names import ActionNameError, action_key, is_wildcard
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Operation

from .invalid_input import Detail, InvalidInput
from .suggest import MOST_SUGGESTIONS, NO_OPERATION, did_you_mean


def read_selection(catalog: Catalog, data: Mapping[str, Any]) -> Selection:
    """The selection of a request whose shape is right. Raises InvalidInput with every name that is not known."""
    reader = _SelectionReader(catalog)
    operations = reader.operations("operations", data["operations"])
    selection = Selection(
        operations=frozenset(operations),
        options_off=frozenset(reader.options_off("options", data["options"], operations)),
        actions=frozenset(reader.actions("actions", data["actions"])),
        without=frozenset(reader.left_out("without", data["without"])),
        only_reading=frozenset(reader.only_reading("only_reading", data["only_reading"])),
        dependencies=Dependencies(data["dependencies"]),
    )
    if reader.details:
        raise InvalidInput(reader.details)
    return selection


@dataclass
class _SelectionReader:
    catalog: Catalog
    details: list[Detail] = field(default_factory=list)

    def operations(self, place: str, ids: Sequence[str]) -> dict[str, Operation]:
        for at, id_ in enumerate(ids):
            if id_ not in self.catalog.operations:
                self._unknown_operation(f"{place}[{at}]", id_)
        return {id_: self.catalog.operations[id_] for id_ in ids if id_ in self.catalog.operations}

    def options_off(
        self, place: str, chosen: Mapping[str, Sequence[str]], operations: Mapping[str, Operation]
    ) -> Iterator[tuple[str, str]]:
        """The options that are not chosen, of every operation that has a list of its own."""
        for id_, slugs in chosen.items():
            here = f"{place}.{id_}"
            if id_ not in self.catalog.operations:
                self._unknown_operation(here, id_)
                continue
            if id_ not in operations:
                self._add(here, "not_selected", f"The operation {id_!r} does not stand in operations.")
                continue
            known = [option.slug for option in operations[id_].options]
            for at, slug in enumerate(slugs):
                if slug not in known:
                    has = f"Its options: {', '.join(known)}." if known else "It has no options."
                    self._add(f"{here}[{at}]", "unknown_option", f"{id_!r} has no option {slug[:80]!r}. {has}")
            yield from ((id_, slug) for slug in known if slug not in slugs)

    def actions(self, place: str, names: Sequence[str]) -> Iterator[str]:
        return (name for _, name in self._covered(place, names))

    def left_out(self, place: str, names: Sequence[str]) -> Iterator[str]:
        """Actions of the catalogue. A wildcard only where some operation names that very one as a dependency."""
        for here, name in self._covered(place, names):
            if is_wildcard(name) and action_key(name) not in self._wildcard_dependencies:
                self._add(here, "unknown_action", f"No operation depends on {name!r}: name single actions.")
            else:
                yield name

    def only_reading(self, place: str, names: Sequence[str]) -> Iterator[str]:
        """Wildcards that some operation names as a dependency."""
        for here, name in self._covered(place, names):
            if action_key(name) not in self._wildcard_dependencies:
                message = f"{name!r} is no wildcard that an operation depends on, so there is nothing to narrow."
                self._add(here, "no_wildcard_dependency", message)
            else:
                yield name

    def _covered(self, place: str, names: Sequence[str]) -> Iterator[tuple[str, str]]:
        """The names that the catalogue has, or that cover some action of it, each with its place."""
        wildcards = {name for name in names if is_wildcard(name)}
        if len(wildcards) > MOST_WILDCARDS:
            message = f"There are {len(wildcards)} wildcards; {MOST_WILDCARDS} at most are taken."
            self._add(place, "too_many", message)
            return
        for at, name in enumerate(names):
            here = f"{place}[{at}]"
            try:
                if self.catalog.action_index.has(name):
                    yield here, name
                    continue
                matches = "matches no action of" if is_wildcard(name) else "is no action of"
                code, message = "unknown_action", f"{name!r} {matches} the catalogue."
            except ActionNameError as error:
                code, message = "malformed_action", str(error)
            self._add(here, code, message, name, self.catalog.action_index.actions)

    @cached_property
    def _wildcard_dependencies(self) -> frozenset[str]:
        names = (name for o in self.catalog.operations.values() for name in o.all_dependencies())
        return frozenset(action_key(name) for name in names if is_wildcard(name))

    def _unknown_operation(self, place: str, id_: str) -> None:
        message = NO_OPERATION.format(id=id_[:200])
        self._add(place, "unknown_operation", message, id_, self.catalog.operations)

    def _add(
        self, place: str, code: str, message: str, wanted: str = "", known: Mapping[str, Any] | None = None
    ) -> None:
        if known and len(self.details) < MOST_SUGGESTIONS:
            message += did_you_mean(wanted, known)
        self.details.append(Detail(place, code, message))
