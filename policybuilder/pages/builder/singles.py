"""The single actions that a search finds beside the operations: those that no operation has as its own."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import cached_property

from policybuilder.domain.building.compiler import CompiledBlock
from policybuilder.domain.catalog.action_names import service_of
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Action
from policybuilder.domain.catalog.name_index import NameIndex
from policybuilder.domain.catalog.search import Filter, find_hidden_single_actions, find_single_actions, mark
from policybuilder.domain.policy.document import Effect
from policybuilder.web.element_ids import element_id

MOST_SINGLES = 50  # that are listed


@dataclass(frozen=True)
class SingleAction:
    """`service` is the label of the one that it belongs to. `added`: it stands in the block by itself.

    `granted`: the block grants it, however that comes about; where it is `denying`, it denies it.
    """

    action: Action
    service: str
    words: tuple[str, ...]
    added: bool
    granted: bool
    denying: bool

    @property
    def element_id(self) -> str:
        return f"single-{element_id(self.action.name)}"

    def name(self) -> Iterator[tuple[str, bool]]:
        return mark(self.action.name, self.words)

    def title(self) -> Iterator[tuple[str, bool]]:
        return mark(self.action.title, self.words)

    def calls(self) -> list[list[tuple[str, bool]]]:
        return [list(mark(str(call), self.words)) for call in self.action.calls]


class SingleActions:
    """What the search finds of them for one block, as the block has them."""

    def __init__(self, catalog: Catalog, part: CompiledBlock, wanted: Filter):
        self._catalog = catalog
        self._part = part
        self._wanted = wanted
        self._found = find_single_actions(catalog, wanted, part.block.selection.actions)

    @property
    def count(self) -> int:
        return len(self._found)

    @cached_property
    def hidden(self) -> int:
        """How many more there are for which nobody states the scope that the filter asks for."""
        return len(find_hidden_single_actions(self._catalog, self._wanted, self._part.block.selection.actions))

    @property
    def more(self) -> int:
        """How many are found and not listed."""
        return max(0, self.count - MOST_SINGLES)

    @cached_property
    def rows(self) -> tuple[SingleAction, ...]:
        """The first of them, sorted by name."""
        if not self._found:
            return ()
        block, services = self._part.block, self._catalog.services_by_prefix
        granted = NameIndex.of(grant.action for grant in self._part.grants)
        return tuple(
            SingleAction(
                action=action,
                service=services[service_of(action.name)].label,
                words=self._wanted.words,
                added=action.name in block.selection.actions,
                granted=action.name in granted,
                denying=block.effect is Effect.DENY,
            )
            for action in self._found[:MOST_SINGLES]
        )


def changed_singles(before: SingleActions, after: SingleActions) -> tuple[SingleAction, ...] | None:
    """The rows that are not as they were; None where others are listed, so that the list is to be sent whole."""
    was = {row.action.name: row for row in before.rows}
    if list(was) != [row.action.name for row in after.rows] or before.count != after.count:
        return None
    return tuple(row for row in after.rows if row != was[row.action.name])
