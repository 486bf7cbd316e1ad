"""The check of a catalogue as a whole: repeated names, missing entries, references to nothing."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set

from .action_names import ActionNameError, action_key, parse_action
from .entries import Level, Operation, Problem, PublishedAction, Service


def problems_of(services: Sequence[Service], published: Sequence[PublishedAction]) -> Iterator[Problem]:
    """Every contradiction among the entries of a catalogue, with its place."""
    yield from _repeated("service", (service.slug for service in services))
    yield from _repeated("category", (c.id for s in services for c in s.categories))
    yield from _repeated_operations(services)
    levels: dict[str, Level] = {}
    for service in services:
        yield from _untitled(service.slug, service.title)
        for prefix in service.prefixes:
            if levels.setdefault(prefix, service.level) is not service.level:
                yield Problem(service.slug, f"another service of prefix {prefix!r} has another level")
        for category in service.categories:
            yield from _untitled(category.id, category.title)
    yield from _action_problems(published, levels)
    yield from _operation_problems(services, published)


def _repeated_operations(services: Iterable[Service]) -> Iterator[Problem]:
    """One row can stand in tables of several services; it is the same there, and once in each."""
    first: dict[str, Operation] = {}
    for service in services:
        for category in service.categories:
            yield from _repeated("operation", (operation.id for operation in category.operations))
            for operation in category.operations:
                if first.setdefault(operation.id, operation) != operation:
                    yield Problem(operation.id, f"it is another one in {category.id} than elsewhere")


def _action_problems(published: Iterable[PublishedAction], levels: dict[str, Level]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for action in published:
        try:
            key = action_key(action.name)
        except ActionNameError as error:
            yield Problem(action.name or "action", str(error))
            continue
        if key in seen:
            yield Problem(action.name, f"duplicate of the action {seen[key]!r}")
        seen[key] = action.name
        prefix = parse_action(action.name).service
        if prefix not in levels:
            yield Problem(action.name, f"no service has the action prefix {prefix!r}")


def _operation_problems(services: Sequence[Service], actions: Iterable[PublishedAction]) -> Iterator[Problem]:
    known = {action.name for action in actions}
    ids = {operation.id for service in services for operation in service.operations}
    published = {service.slug for service in services if service.categories}  # of the others, ids are unknown
    for service in services:
        for operation in service.operations:
            place = operation.id
            yield from _untitled(place, operation.title)
            if operation.id != f"{operation.service}/{operation.category}/{operation.slug}":
                yield Problem(place, "the id is not service/category/operation")
            yield from _name_problems(operation, known)
            for option in operation.options:
                yield from _untitled(f"{place}#{option.slug}", option.title)
            yield from _repeated("option", (f"{place}#{option.slug}" for option in operation.options))
            alternative = operation.enterprise_alternative
            if alternative is not None and alternative not in ids:
                yield Problem(f"{place}: enterprise_alternative", f"there is no operation {alternative!r}")
            elif alternative == operation.id:
                yield Problem(f"{place}: enterprise_alternative", "an operation is no alternative to itself")
            for other in operation.same_job:
                if other == operation.id:
                    yield Problem(f"{place}: same_job", "the operation names itself")
                elif other not in ids and other.partition("/")[0] in published:
                    yield Problem(f"{place}: same_job", f"there is no operation {other!r}")


def _name_problems(operation: Operation, known: Set[str]) -> Iterator[Problem]:
    for field, names in _named_fields(operation):
        for at, name in enumerate(names):
            place = f"{operation.id}: {field}[{at}]"
            if name not in known:
                what = "action" if field.endswith("actions") else "dependency"
                yield Problem(place, f"{what} {name!r} has no entry among the actions")


def _named_fields(operation: Operation) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "actions", operation.actions
    yield "dependencies", operation.dependencies
    for option in operation.options:
        yield f"options[{option.slug}].actions", option.actions
        yield f"options[{option.slug}].dependencies", option.dependencies


def _repeated(what: str, ids: Iterable[str]) -> Iterator[Problem]:
    for name, count in Counter(ids).items():
        if count > 1:
            yield Problem(name, f"duplicate {what}: the id stands {count} times")


def _untitled(place: str, title: str) -> Iterator[Problem]:
    if not title.strip():
        yield Problem(place, "the title is empty")
