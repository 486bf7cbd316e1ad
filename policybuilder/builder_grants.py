"""The granted actions as the builder lists them, each with its reasons, and what a change does to that list."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe

from .builder_tree import dom_id
from .domain.blocks import CompiledBlock
from .domain.catalog import Action, Catalog, Operation, Support, combine
from .domain.closure import Grant
from .domain.matching import is_wildcard, service_of


@dataclass(frozen=True)
class GrantRow:
    """A granted action beside the operations that need it. `matches` are the actions that a wildcard covers today."""

    grant: Grant
    action: Action | None
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

    @property
    def place(self) -> str:
        """The id of its element."""
        return f"grant-{self.dom_id}"

    @cached_property
    def html(self) -> str:
        return render_to_string("builder.html#grant-row", {"row": self})


@dataclass(frozen=True)
class ServiceHead:
    """The name of a service, before the first of its actions."""

    prefix: str
    title: str

    @property
    def place(self) -> str:
        return f"service-{dom_id(self.prefix)}"

    @cached_property
    def html(self) -> str:
        return render_to_string("builder.html#grant-head", {"head": self})


GrantItem = GrantRow | ServiceHead


@lru_cache(maxsize=4096)
def _grant_row(catalog: Catalog, grant: Grant, *, single: bool) -> GrantRow:
    """Remembered, since a tick changes few of the rows, and rendering them all takes longer than everything else."""
    matches = catalog.expand(grant.action)
    return GrantRow(
        grant=grant,
        action=catalog.action(grant.action),
        single=single,
        needed_by=tuple(catalog.operations[id_] for id_ in grant.needed_by),
        matches=matches if is_wildcard(grant.action) else (),
        support=combine(catalog.actions[name].scope.enterprise_project for name in matches),
    )


@lru_cache(maxsize=256)
def _service_head(prefix: str, title: str) -> ServiceHead:
    return ServiceHead(prefix, title)


def grant_items(catalog: Catalog, part: CompiledBlock) -> Iterator[GrantItem]:
    """The list as it stands: a head before the actions of each service."""
    names = {service.action_prefix: service.title for service in reversed(catalog.services)}
    last = ""
    for grant in part.grants:
        prefix = service_of(grant.action)
        if prefix != last:
            yield _service_head(prefix, names.get(prefix, prefix))
        yield _grant_row(catalog, grant, single=grant.action in part.block.selection.actions)
        last = prefix


@dataclass(frozen=True)
class Insertion:
    """Items that go where `where` says, in htmx's words: after another one, or at the beginning of the list."""

    where: str
    items: tuple[GrantItem, ...]


@dataclass(frozen=True)
class GrantsChange:
    """What leads from one list to another. `whole`: so much of it that the list is better sent anew."""

    whole: bool
    gone: tuple[str, ...] = ()
    changed: tuple[GrantItem, ...] = ()
    inserted: tuple[Insertion, ...] = ()

    @property
    def changed_html(self) -> tuple[SafeString, ...]:
        """Each with the mark by which htmx puts it in its place."""
        return tuple(mark_safe(item.html.replace("<li ", '<li hx-swap-oob="true" ', 1)) for item in self.changed)  # noqa: S308


def grants_change(before: Sequence[GrantItem], after: Sequence[GrantItem]) -> GrantsChange:
    """Both lists have one order, so what stays in both stays in its place."""
    was = {item.place: item for item in before}
    will_be = {item.place: item for item in after}
    gone = tuple(place for place in was if place not in will_be)
    changed = tuple(item for item in after if item.place in was and was[item.place] is not item)
    inserted: list[Insertion] = []
    new: list[GrantItem] = []
    where = "afterbegin:#grants"
    for item in after:
        if item.place not in was:
            new.append(item)
            continue
        if new:
            inserted.append(Insertion(where, tuple(new)))
            new = []
        where = f"afterend:#{item.place}"
    if new:
        inserted.append(Insertion(where, tuple(new)))
    touched = len(gone) + len(changed) + sum(len(insertion.items) for insertion in inserted)
    whole = not before or not after or touched > len(after) // 2
    return GrantsChange(whole=True) if whole else GrantsChange(False, gone, changed, tuple(inserted))
