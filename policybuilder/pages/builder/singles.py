"""The single actions that a search finds beside the operations: those that no operation has as its own."""

from dataclasses import dataclass, fields, replace

from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from policybuilder.catalog_files.searching import search_of
from policybuilder.domain.building.compiler import CompiledBlock
from policybuilder.domain.catalog.action_names import service_of
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Action
from policybuilder.domain.catalog.name_index import NameIndex
from policybuilder.domain.policy.document import Effect
from policybuilder.domain.remembering import remembered
from policybuilder.domain.searching.search import Filter
from policybuilder.web.element_ids import element_id
from policybuilder.web.marked_html import SLOT, filled_in, marked_html

MOST_SINGLES = 50  # that are listed
SINGLES_BESIDE = 10  # below operations of which not all are listed


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

    def name(self) -> str:
        return marked_html(self.action.name, self.words)

    def title(self) -> str:
        return marked_html(self.action.title, self.words)

    def calls(self) -> list[str]:
        return [marked_html(str(call), self.words) for call in self.action.calls]

    @property
    def html(self) -> SafeString:
        """As the template draws it, which is remembered but for what a search marks."""
        titles = [self.action.title] if self.action.title else []
        texts = (self.action.name, *titles, *map(str, self.action.calls))
        return SafeString(filled_in(_single_frame(replace(self, words=())), texts, self.words))


class _SingleFrame(SingleAction):
    """A single action with a slot in the place of each text that a search marks."""

    def name(self) -> str:
        return SLOT

    def title(self) -> str:
        return SLOT

    def calls(self) -> list[str]:
        return [SLOT for _ in self.action.calls]


@remembered(1_000_000, weigh=lambda html, single: len(html) + 200)
def _single_frame(single: SingleAction) -> str:
    frame = _SingleFrame(**{field.name: getattr(single, field.name) for field in fields(single)})
    return render_to_string("builder/singles.html#single", {"single": frame})


class SingleActions:
    """What the search finds of them for one block, as the block has them. `most` are listed."""

    def __init__(self, catalog: Catalog, part: CompiledBlock, wanted: Filter, most: int = MOST_SINGLES):
        self._catalog = catalog
        self._part = part
        self._wanted = wanted
        self._most = most
        self._found = search_of(catalog).single_actions(wanted, part.block.selection.actions)

    @property
    def count(self) -> int:
        return len(self._found)

    @cached_property
    def hidden(self) -> int:
        """How many more there are for which nobody states the scope that the filter asks for."""
        return len(search_of(self._catalog).hidden_single_actions(self._wanted, self._part.block.selection.actions))

    @property
    def more(self) -> int:
        """How many are found and not listed."""
        return max(0, self.count - self._most)

    @property
    def longer(self) -> bool:
        """Whether more can be listed."""
        return self.more > 0 and self._most < MOST_SINGLES

    @cached_property
    def rows(self) -> tuple[SingleAction, ...]:
        """The likeliest of them."""
        return tuple(map(self.row, self._found[: self._most]))

    @property
    def shown_value(self) -> str:
        """For the hidden field that says which the browser has."""
        return " ".join(row.action.name for row in self.rows)

    def row(self, action: Action) -> SingleAction:
        block = self._part.block
        return SingleAction(
            action=action,
            service=self._catalog.prefixes.services_by_prefix[service_of(action.name)].label,
            words=self._marks,
            added=action.name in block.selection.actions,
            granted=action.name in self._granted,
            denying=block.effect is Effect.DENY,
        )

    @cached_property
    def _marks(self) -> tuple[str, ...]:
        return search_of(self._catalog).marks(self._wanted)

    @cached_property
    def _granted(self) -> NameIndex[str]:
        return NameIndex.of(grant.action for grant in self._part.grants)
