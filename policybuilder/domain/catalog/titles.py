"""Names of categories and operations that tell them from all others of the catalogue."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from .entries import Category, Operation, Service


class Titles:
    """`categories` has the tables of each operation by its id, its own first."""

    def __init__(
        self,
        services: Mapping[str, Service],
        operations: Iterable[Operation],
        categories: Mapping[str, Sequence[Category]],
    ):
        self._services, self._operations, self._categories = services, tuple(operations), categories

    @cached_property
    def has_several(self) -> bool:
        """Whether several services have operations. Then titles alone do not tell what is meant."""
        return sum(1 for service in self._services.values() if service.categories) > 1

    def category_name(self, category: Category) -> str:
        """What it is called apart from its service: EVS: API v3: Disk. In a catalogue of one service its title."""
        label = f"{self._services[category.service].label}: " if self.has_several else ""
        return f"{label}{category.full_title}"

    def operation_name(self, operation: Operation, beside: str = "") -> str:
        """What it is called apart from its category: Creating Disks (EVS), or Creating Disks (EVS, API v3) where its
        service has several of that title. In a catalogue of one service the first part is left out, and `beside`
        operations of its service, given by the slug, too."""
        service = self._categories[operation.id][0].service
        told = [] if not self.has_several or service == beside else [self._services[service].label]
        if mark := self._marks.get(operation.id):
            told.append(mark)
        return f"{operation.title} ({', '.join(told)})" if told else operation.title

    @cached_property
    def _marks(self) -> dict[str, str]:
        """Id of an operation of whose title its service has several -> what tells it from them.

        That is the set of tables, the category, or the first call: the first of these that all of them differ in.
        """
        alike: dict[tuple[str, str], list[Operation]] = defaultdict(list)
        for operation in self._operations:
            alike[self._categories[operation.id][0].service, operation.title.casefold()].append(operation)
        marks: dict[str, str] = {}
        for operations in alike.values():
            if len(operations) > 1:
                marks.update(self._telling(operations))
        return marks

    def _telling(self, operations: Sequence[Operation]) -> Iterator[tuple[str, str]]:
        categories = [self._categories[operation.id][0] for operation in operations]
        for marks in (
            [category.section for category in categories],
            [category.title for category in categories],
            [category.full_title for category in categories],
            [str(next(iter(operation.calls), "")) for operation in operations],
            [operation.slug for operation in operations],
        ):
            if all(marks) and len(set(marks)) == len(marks):
                return zip((operation.id for operation in operations), marks, strict=True)
        return iter(())
