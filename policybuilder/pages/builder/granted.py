"""The granted actions as the builder lists them, each with its reasons, and what a change does to that list."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.functional import cached_property

from policybuilder.domain.building.closure import Grant
from policybuilder.domain.building.compiler import CompiledBlock
from policybuilder.domain.building.reach import reach
from policybuilder.domain.catalog.action_names import is_wildcard, service_of
from policybuilder.domain.catalog.catalog import Catalog, combine
from policybuilder.domain.catalog.entries import Action, Support
from policybuilder.domain.policy.document import Effect
from policybuilder.domain.remembering import remembered
from policybuilder.web.element_ids import element_id


@dataclass(frozen=True)
class GrantRow:
    """A granted action with the names of the operations that need it. `matches` are what a wildcard covers today.

    `denied`: it stands in a Deny, where a wildcard is not replaced by these.
    """

    grant: Grant
    action: Action | None
    unknown: bool
    single: bool
    denied: bool
    needed_by: tuple[str, ...]
    matches: tuple[str, ...]
    support: Support

    @property
    def can_be_left_out(self) -> bool:
        """Of a wildcard there is more to choose, in a list of its own."""
        return not self.grant.selected and not is_wildcard(self.grant.action)

    @property
    def expandable(self) -> bool:
        return self.single and bool(self.matches) and not self.denied

    @property
    def element_id(self) -> str:
        return element_id(self.grant.action)

    @property
    def place(self) -> str:
        """The id of its element."""
        return f"grant-{self.element_id}"

    @cached_property
    def html(self) -> str:
        return render_to_string("builder/granted.html#grant-row", {"row": self})

    @cached_property
    def oob_html(self) -> str:
        """With the mark by which htmx puts it in its place."""
        return render_to_string("builder/granted.html#grant-row", {"row": self, "oob": True})


@dataclass(frozen=True)
class ServiceHead:
    """The name of a service, before the first of its actions."""

    prefix: str
    title: str

    @property
    def place(self) -> str:
        return f"service-{element_id(self.prefix)}"

    @cached_property
    def html(self) -> str:
        return render_to_string("builder/granted.html#grant-head", {"head": self})

    @cached_property
    def oob_html(self) -> str:
        """With the mark by which htmx puts it in its place."""
        return render_to_string("builder/granted.html#grant-head", {"head": self, "oob": True})


GrantItem = GrantRow | ServiceHead


# In names, for each of which a rendered row has some hundred bytes; those of a whole catalogue fit in several times.
@remembered(40_000, weigh=lambda row, *made_from, **how: 10 + len(row.needed_by) + len(row.matches))
def _grant_row(catalog: Catalog, grant: Grant, *, single: bool, denied: bool) -> GrantRow:
    """Remembered, since a tick changes few of the rows, and rendering them all takes longer than everything else."""
    matches = catalog.expand(grant.action)
    return GrantRow(
        grant=grant,
        action=catalog.described(grant.action),
        unknown=not catalog.has(grant.action),
        single=single,
        denied=denied,
        needed_by=tuple(catalog.operation_name(catalog.operations[id_]) for id_ in grant.needed_by),
        matches=matches if is_wildcard(grant.action) else (),
        support=combine(scope.enterprise_project for scope in catalog.scopes(grant.action)),
    )


@lru_cache(maxsize=256)
def _service_head(prefix: str, title: str) -> ServiceHead:
    return ServiceHead(prefix, title)


class GrantedActions:
    """What one block grants, with its reasons."""

    def __init__(self, catalog: Catalog, part: CompiledBlock):
        self._catalog = catalog
        self._part = part

    @cached_property
    def items(self) -> tuple[GrantItem, ...]:
        """The list as it stands: a head before the actions of each service."""
        names = {prefix: service.title for prefix, service in self._catalog.services_by_prefix.items()}
        items: list[GrantItem] = []
        block = self._part.block
        last = ""
        for grant in self._part.grants:
            prefix = service_of(grant.action)
            if prefix != last:
                items.append(_service_head(prefix, names.get(prefix, prefix)))
            single, denied = grant.action in block.selection.actions, block.effect is Effect.DENY
            items.append(_grant_row(self._catalog, grant, single=single, denied=denied))
            last = prefix
        return tuple(items)

    @property
    def rows(self) -> tuple[GrantRow, ...]:
        return tuple(item for item in self.items if isinstance(item, GrantRow))

    @property
    def count(self) -> int:
        """A wildcard counts as what it matches."""
        return reach(self._catalog, (grant.action for grant in self._part.grants)).count


@dataclass(frozen=True)
class Insertion:
    """Items that go where `where` says, in htmx's words: after another one, or at the beginning of the list."""

    where: str
    items: tuple[GrantItem, ...]


@dataclass(frozen=True)
class GrantedChange:
    """What leads from one list to another. `whole`: so much of it that the list is better sent whole."""

    whole: bool
    gone: tuple[str, ...] = ()
    changed: tuple[GrantItem, ...] = ()
    inserted: tuple[Insertion, ...] = ()


def granted_change(before: Sequence[GrantItem], after: Sequence[GrantItem]) -> GrantedChange:
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
    whole = touched > len(after) // 2
    return GrantedChange(whole=True) if whole else GrantedChange(False, gone, changed, tuple(inserted))
