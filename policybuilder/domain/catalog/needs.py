"""The operations by their actions: what an action authorises, what needs it, and what else does the same job."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from .action_names import action_key, is_wildcard, matches
from .entries import ManualNeeds, Operation
from .other_ways import other_ways


class Needs:
    """Look-ups from actions to operations and back. `operations` by id, in the catalogue's order.

    `manual` are the dependencies and remarks of user manuals, by the key of their action (`action_key`). They are kept
    apart from the tables: no operation is incomplete without them, and nothing grants them automatically.
    """

    def __init__(self, operations: Mapping[str, Operation], manual: Iterable[ManualNeeds] = ()):
        self._operations = operations
        self.manual = {action_key(needs.action): needs for needs in manual}

    def in_manual(self, names: Iterable[str]) -> tuple[ManualNeeds, ...]:
        """The user manuals' dependencies and remarks about these actions."""
        return tuple(self.manual[key] for key in dict.fromkeys(map(action_key, names)) if key in self.manual)

    @cached_property
    def operations_by_action(self) -> dict[str, tuple[Operation, ...]]:
        """Key of an action (`action_key`) -> the operations that it authorises."""
        found: dict[str, list[Operation]] = defaultdict(list)
        for operation in self._operations.values():
            for name in dict.fromkeys(action_key(name) for name in operation.all_actions()):
                found[name].append(operation)
        return {name: tuple(operations) for name, operations in found.items()}

    @cached_property
    def operations_needing(self) -> dict[str, tuple[Operation, ...]]:
        """Key of an action -> the operations that name it, as an own action or as a dependency."""
        found: dict[str, list[Operation]] = defaultdict(list)
        for operation in self._operations.values():
            for key in dict.fromkeys(map(action_key, operation.names())):
                found[key].append(operation)
        return {key: tuple(operations) for key, operations in found.items()}

    @cached_property
    def authorised_by_wildcards(self) -> frozenset[str]:
        """The ids of the operations with an own action that is a wildcard."""
        found = (rows for key, rows in self.operations_by_action.items() if is_wildcard(key))
        return frozenset(row.id for rows in found for row in rows)

    @cached_property
    def other_ways(self) -> dict[str, tuple[str, ...]]:
        """By id of an operation, the ids of the operations that do the same job, in the catalogue's order.

        Operations that need no authorization are left out: no policy decides about them. Operations without another
        way are absent.
        """
        return other_ways(self._operations)

    def depending_on(self, name: str) -> tuple[Operation, ...]:
        """The operations that need an action in addition to their own, in the catalogue's order."""
        wildcards = (key for key in self._dependants if is_wildcard(key) and matches(key, name))
        ids = {id_ for key in (action_key(name), *wildcards) for id_ in self._dependants.get(key, ())}
        return tuple(operation for id_, operation in self._operations.items() if id_ in ids)

    @cached_property
    def _dependants(self) -> dict[str, frozenset[str]]:
        """Key of a dependency -> the ids of the operations that need it."""
        found: dict[str, set[str]] = defaultdict(set)
        for operation in self._operations.values():
            for name in operation.all_dependencies():
                found[action_key(name)].add(operation.id)
        return {key: frozenset(ids) for key, ids in found.items()}

    def shared_dependencies(self, name: str) -> frozenset[str]:
        """The dependencies that *all* rows of an action list, whichever of their options is used.

        Empty for an action that authorises no operation, and for a wildcard.
        """
        return self._shared_dependencies.get(action_key(name), frozenset())

    @cached_property
    def _shared_dependencies(self) -> dict[str, frozenset[str]]:
        """By key of the action; wildcards are not among them."""
        return {
            key: frozenset.intersection(*map(_always_needed, rows))
            for key, rows in self.operations_by_action.items()
            if not is_wildcard(key)
        }


def _always_needed(operation: Operation) -> frozenset[str]:
    """Its dependencies, whichever option is used."""
    options = [frozenset(option.dependencies) for option in operation.options]
    return frozenset(operation.dependencies).union(frozenset.intersection(*options) if options else ())
