"""The rows of the tree as values for its templates: an operation in a table, with what is to be said of it there."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from policybuilder.domain.building.operation_states import NO_STATE, OperationState
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Category, Operation, Option
from policybuilder.domain.catalog.scope import Goal
from policybuilder.domain.remembering import remembered
from policybuilder.domain.words import titles_in_words
from policybuilder.web.element_ids import element_id
from policybuilder.web.marked_html import filled_in

from .form import BESIDE
from .wildcards import RowWildcard, row_wildcards

NATIVE_IDLE = "OpenStack API only: no effect in {place}."
IDLE = "No effect in {place}."
SELECTED = OperationState(selected=True, allowed=True)


@dataclass(frozen=True)
class Row:
    """One operation in one of the tables that publish it. `denying`: the block that is edited denies what is ticked.

    `idle_at` is where the policy is to be granted, if it has no effect there. `instead`: whether what does the same job
    in enterprise projects is selected, which has a box in this row, too; None where nothing does it. `words` are
    marked; None leaves a slot in the place of each text that a search marks.
    """

    operation: Operation
    category: Category
    state: OperationState
    options: tuple[tuple[Option, bool], ...]
    words: tuple[str, ...] | None
    catalog: Catalog
    denying: bool
    idle_at: Goal | None
    instead: bool | None

    @property
    def key(self) -> str:
        """What tells it from all rows of the tree."""
        at_home = self.category is self.catalog.category_of(self.operation)
        return self.operation.id if at_home else f"{self.category.id}/{self.operation.id}"

    @property
    def element_id(self) -> str:
        return element_id(self.key)

    @property
    def suffix(self) -> str:
        """What tells its boxes from those of the same operation in another table."""
        return "" if self.key == self.operation.id else f" {self.category.id}"

    @property
    def other(self) -> Operation | None:
        """What does the same job in enterprise projects."""
        return self.catalog.operations.get(self.operation.enterprise_alternative or "")

    @property
    def other_name(self) -> str:
        return self._named(self.other) if self.other else ""

    @property
    def other_box(self) -> str:
        """What the box of the other operation sends from here."""
        return f"{self.operation.enterprise_alternative} {BESIDE}{self.key}"

    @property
    def idle_because(self) -> str:
        return (NATIVE_IDLE if self.operation.native else IDLE).format(place=self.idle_at.place) if self.idle_at else ""

    def wildcards(self) -> list[RowWildcard]:
        """A Deny names no dependencies, and shuts what a wildcard would open."""
        return [] if self.denying else list(row_wildcards(self.catalog, self.operation))

    def ways_open(self) -> str:
        """The names of the operations that do the same job and are not denied."""
        return titles_in_words(self._named(self.catalog.operations[id_]) for id_ in self.state.ways_open)

    def needed_by(self) -> list[str]:
        return [self._named(self.catalog.operations[id_]) for id_ in self.state.needed_by]

    @property
    def plain(self) -> bool:
        """Whether there is nothing to say of its state."""
        return self.state in (NO_STATE, SELECTED) and not self.operation.free

    @property
    def html(self) -> SafeString:
        """As the template draws it, which is remembered but for what a search marks."""
        on = tuple(is_on for _, is_on in self.options)
        drawn = (self.state, on, self.denying, self.idle_at, self.instead)
        frame = _row_frame(self.catalog, self.operation.id, self.category.id, *drawn)
        texts = (self.operation.title, *self.operation.all_actions(), *map(str, self.operation.calls))
        return SafeString(filled_in(frame, texts, self.words or ()))

    def _named(self, operation: Operation) -> str:
        return self.catalog.titles.operation_name(operation, self.category.service)


@remembered(4_000_000, weigh=lambda html, *made_of: len(html) + 200)
def _row_frame(
    catalog: Catalog,
    id_: str,
    category: str,
    state: OperationState,
    on: tuple[bool, ...],
    denying: bool,
    idle_at: Goal | None,
    instead: bool | None,
) -> str:
    operation = catalog.operations[id_]
    options = tuple(zip(operation.options, on, strict=True))
    row = Row(operation, catalog.categories[category], state, options, None, catalog, denying, idle_at, instead)
    return render_to_string("builder/tree.html#row", {"row": row})
