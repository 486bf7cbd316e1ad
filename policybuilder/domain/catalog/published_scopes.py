"""The scopes of operations whose table states none: from their actions, as far as the actions' own are published."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from .action_names import action_key
from .entries import Evidence, Operation, PublishedAction, Scope, Service, Support


def with_known_scopes(services: Iterable[Service], published: Iterable[PublishedAction]) -> tuple[Service, ...]:
    """The services, with the scopes of operations added where they are known."""
    scopes = {action_key(action.name): action.scope for action in published if action.scope}
    return tuple(_with_scopes(service, scopes) for service in services)


def _with_scopes(service: Service, published: Mapping[str, Scope]) -> Service:
    if all(row.scope.enterprise_project is not Support.UNKNOWN for row in service.operations):
        return service
    categories = (
        replace(category, operations=tuple(_with_scope(row, published) for row in category.operations))
        for category in service.categories
    )
    return replace(service, categories=tuple(categories))


def _with_scope(row: Operation, published: Mapping[str, Scope]) -> Operation:
    if row.scope.enterprise_project is not Support.UNKNOWN:
        return row
    scopes = [published.get(action_key(name)) for name in row.all_actions()]
    known = [scope for scope in scopes if scope]
    enterprise = _needed_together(scope.enterprise_project for scope in known)
    if len(known) < len(scopes) or not known or enterprise is Support.UNKNOWN:
        return row
    stated = row.scope.iam_project
    iam = _needed_together(scope.iam_project for scope in known) if stated is Support.UNKNOWN else stated
    return replace(row, scope=Scope(iam, enterprise, Evidence.INFERRED, known[0].source))


def _needed_together(values: Iterable[Support]) -> Support:
    """The support of a row whose actions have these: yes if all have it, no if one has not, else nobody knows."""
    found = set(values)
    if found == {Support.YES}:
        return Support.YES
    return Support.NO if Support.NO in found else Support.UNKNOWN
