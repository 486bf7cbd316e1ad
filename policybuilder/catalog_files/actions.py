"""The actions that catalogue files name, each with one spelling."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from policybuilder.domain.catalog.action_names import ActionNameError, action_key
from policybuilder.domain.catalog.entries import Operation, PublishedAction, Service


class Actions:
    """Actions by their keys. The first entry of an action counts; a later one only adds a missing title."""

    def __init__(self) -> None:
        self._by_key: dict[str, PublishedAction] = {}

    def add(self, actions: Iterable[PublishedAction]) -> None:
        for action in actions:
            key = key_of(action.name)
            known = self._by_key.setdefault(key, action)
            if action.title and not known.title:
                self._by_key[key] = replace(known, title=action.title)

    def all(self) -> Iterable[PublishedAction]:
        return self._by_key.values()

    def spelt(self, service: Service) -> Service:
        """The service with each action in its known spelling: letter case can differ from file to file."""
        if all(self._spelt(name) == name for row in service.operations for name in row.names()):
            return service
        categories = (
            replace(category, operations=tuple(map(self._with_known_names, category.operations)))
            for category in service.categories
        )
        return replace(service, categories=tuple(categories))

    def _with_known_names(self, row: Operation) -> Operation:
        options = (
            replace(option, actions=self._all(option.actions), dependencies=self._all(option.dependencies))
            for option in row.options
        )
        return replace(
            row, actions=self._all(row.actions), dependencies=self._all(row.dependencies), options=tuple(options)
        )

    def _all(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(map(self._spelt, names)))

    def _spelt(self, name: str) -> str:
        return self._by_key[key_of(name)].name


def named(service: Service, prefixes: Iterable[str] | None = None) -> Iterator[PublishedAction]:
    """The actions that the service's rows name; with `prefixes`, only the actions with one of these."""
    for row in service.operations:
        for name in row.names():
            if prefixes is None or name.partition(":")[0] in prefixes:
                yield PublishedAction(name, "")


def key_of(name: str) -> str:
    """The key of an action's name. A malformed name is its own key: the catalogue reports it later."""
    try:
        return action_key(name)
    except ActionNameError:
        return name
