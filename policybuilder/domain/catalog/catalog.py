"""The catalogue: what operations there are, which actions authorise them and what else they need.

Everything here is frozen. `Catalog` is checked when it is built and refused whole, with every error and its place.
Source of the terms: the API references' tables of supported actions (permission, API, action, dependencies, scope).
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from .action_index import ActionIndex
from .entries import CatalogError, Category, Operation, PublishedAction, Service, UnknownOperation
from .needs import Needs
from .prefixes import Prefixes
from .problems import problems_of
from .published_scopes import with_known_scopes
from .titles import Titles


class Catalog:
    """The tables: services, categories and operations, with look-ups by id. Its components look up the rest:

    action_index   the actions by name, and the matches of a wildcard
    needs          the operations of an action, and operations of the same job
    prefixes       the services by the first part of an action's name, and their levels
    titles         the names that tell operations and categories apart

    `services` keep their order, and so do their categories and operations (the vendor's). Raises CatalogError.
    All look-ups are built here, before threads share the catalogue. Two threads that build one side by side would each
    go on with their own, and `Looks` knows the levels of an index by their identity.
    """

    def __init__(self, services: Iterable[Service], actions: Iterable[PublishedAction]):
        services, published = tuple(services), tuple(actions)
        problems = tuple(problems_of(services, published))
        if problems:
            raise CatalogError(problems)
        self.services = with_known_scopes(services, published)
        self.needs = Needs(self.operations, (needs for service in self.services for needs in service.manual))
        self.prefixes = Prefixes(self.services)
        self.action_index = ActionIndex(published, self.needs, self.prefixes)
        self.titles = Titles(self.services_by_slug, self.operations.values(), self.categories_by_operation)
        components = (self.needs, self.prefixes, self.action_index, self.titles)
        for each in (self, *components, self.action_index.names, self.action_index.known_names):
            _build_all(each)

    @cached_property
    def categories(self) -> dict[str, Category]:
        return {category.id: category for service in self.services for category in service.categories}

    @cached_property
    def operations(self) -> dict[str, Operation]:
        """Every operation by its id, in the catalogue's order."""
        return {operation.id: operation for service in self.services for operation in service.operations}

    @cached_property
    def categories_by_operation(self) -> dict[str, tuple[Category, ...]]:
        """Id of an operation -> the tables that publish it, its own first; where that is not here, the others only."""
        found: dict[str, list[Category]] = defaultdict(list)
        for category in self.categories.values():
            for operation in category.operations:
                found[operation.id].append(category)
        return {
            id_: tuple(sorted(categories, key=lambda category: category.id != self.operations[id_].category_id))
            for id_, categories in found.items()
        }

    @cached_property
    def operations_by_service(self) -> dict[str, tuple[Operation, ...]]:
        """Slug of a service -> what its tables publish, each operation once."""
        return {
            service.slug: tuple({operation.id: operation for operation in service.operations}.values())
            for service in self.services
        }

    @cached_property
    def services_by_slug(self) -> dict[str, Service]:
        return {service.slug: service for service in self.services}

    def operation(self, operation_id: str) -> Operation:
        try:
            return self.operations[operation_id]
        except KeyError:
            raise UnknownOperation(operation_id) from None

    def category_of(self, operation: Operation) -> Category:
        """The table that it is a row of; of several its own, or the first that is here."""
        return self.categories_by_operation[operation.id][0]

    def services_of(self, operation: Operation) -> tuple[Service, ...]:
        """The services that publish it, its own first."""
        slugs = dict.fromkeys(category.service for category in self.categories_by_operation[operation.id])
        return tuple(self.services_by_slug[slug] for slug in slugs)

    def by_category(self, operations: Iterable[Operation]) -> tuple[tuple[Category, tuple[Operation, ...]], ...]:
        """Each operation once, below `category_of`: categories and operations in the catalogue's order."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for operation in operations:
            wanted[self.category_of(operation).id].add(operation.id)
        return tuple(
            (category, tuple(operation for operation in category.operations if operation.id in wanted[id_]))
            for id_, category in self.categories.items()
            if id_ in wanted
        )


def _build_all(of: object) -> None:
    """Build every cached property of an object. Later, threads only read them."""
    for name, attribute in vars(type(of)).items():
        if isinstance(attribute, cached_property):
            getattr(of, name)
