"""The granted actions as the builder lists them, each with its reasons."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.functional import cached_property

from .builder_tree import dom_id
from .domain.blocks import CompiledBlock
from .domain.catalog import Action, Catalog, Operation, Support, combine
from .domain.closure import Grant
from .domain.matching import is_wildcard, service_of


@dataclass(frozen=True)
class GrantRow:
    """A granted action beside the operations that need it and, on the first of a service, the service's name."""

    grant: Grant
    action: Action | None
    service: str
    single: bool
    needed_by: tuple[Operation, ...]
    matches: tuple[str, ...]
    support: Support

    @property
    def unknown(self) -> bool:
        return self.action is None and not self.matches

    @property
    def dom_id(self) -> str:
        return dom_id(self.grant.action)

    @cached_property
    def html(self) -> str:
        return render_to_string("builder.html#grant-row", {"row": self})


@lru_cache(maxsize=4096)
def _grant_row(catalog: Catalog, grant: Grant, service: str, *, single: bool) -> GrantRow:
    """Remembered, since a tick changes few of the rows, and rendering them all takes longer than everything else."""
    matches = catalog.expand(grant.action)
    return GrantRow(
        grant=grant,
        action=catalog.action(grant.action),
        service=service,
        single=single,
        needed_by=tuple(catalog.operations[id_] for id_ in grant.needed_by),
        matches=matches if is_wildcard(grant.action) else (),
        support=combine(catalog.actions[name].scope.enterprise_project for name in matches),
    )


def grant_rows(catalog: Catalog, part: CompiledBlock) -> Iterator[GrantRow]:
    names = {service.action_prefix: service.title for service in reversed(catalog.services)}
    last = ""
    for grant in part.grants:
        prefix = service_of(grant.action)
        service = names.get(prefix, prefix) if prefix != last else ""
        yield _grant_row(catalog, grant, service, single=grant.action in part.block.selection.actions)
        last = prefix
