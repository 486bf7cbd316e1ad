"""What a search finds, for the builder's templates: operations, best first, and actions that no operation has."""

from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from itertools import groupby

from django.utils.functional import cached_property

from policybuilder.catalog_files.judged_starting_points import starting_tasks
from policybuilder.catalog_files.searching import search_of
from policybuilder.catalog_files.starting_points import Template
from policybuilder.domain.building.compiler import CompiledBlock
from policybuilder.domain.catalog.action_names import service_of
from policybuilder.domain.catalog.entries import Action, Category, Operation
from policybuilder.domain.catalog.name_index import NameIndex
from policybuilder.domain.policy.document import Effect
from policybuilder.domain.words import counted
from policybuilder.web.element_ids import element_id

from .rows import Row
from .tree import MOST_ROWS, AccessLevel, Tree

FOUND_AT_ONCE = 20  # operations; the others come when they are asked for
FOUND_IN_SIGHT = 12  # of these, at least: about as many as a window has room for
MOST_SINGLES = 50  # single actions that are listed
SINGLES_BESIDE = 10  # below operations of which not all are listed
MOST_TASKS = 5  # that are offered where nothing was found
SHORTEST_WORD = 3  # that tasks are looked for with


@dataclass(frozen=True)
class Run:
    """Rows that follow each other in what was found and are of one category. `place` names it, with its service."""

    category: Category
    place: str
    rows: tuple[Row, ...]

    @property
    def summary_id(self) -> str:
        return f"fold-{element_id(self.category.id)}"


@dataclass(frozen=True)
class Found:
    """Rows that a search found, best first: the first of them, or the others."""

    rows: tuple[Row, ...]

    @property
    def parts(self) -> list[list[Run]]:
        """What a window has room for, and the rest."""
        parts: list[list[Run]] = [[]]
        for category, rows in groupby(self.rows, key=lambda row: row.category):
            if len(parts) == 1 and sum(len(run.rows) for run in parts[0]) >= FOUND_IN_SIGHT:
                parts.append([])
            run = tuple(rows)
            parts[-1].append(Run(category, run[0].catalog.titles.category_name(category), run))
        return parts

    @property
    def shown_value(self) -> str:
        """For the hidden field that says which boxes the form holds: no category, and ids of operations."""
        return " ".join(["", *(row.operation.id for row in self.rows)])


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


class SearchResults:
    """The operations and single actions that the search and the filters let through, and other ways to find some.

    `part` is the block that the tree edits.
    """

    def __init__(self, tree: Tree, part: CompiledBlock):
        self.tree = tree
        self._part = part
        self._search = search_of(tree.catalog)
        self._wanted = tree.view.wanted

    @property
    def in_words(self) -> str:
        """How many there are; where one service is shown, how many of it first."""
        tree, operations = self.tree, counted(len(self.tree.found), "operation")
        if tree.service and tree.catalog.titles.has_several:
            shown = counted(tree.trunks[0].shown, "operation")
            return f"{shown} of {tree.service.label} found, {len(tree.found)} in all services"
        singles = len(self.singles)
        return f"{operations} and {counted(singles, 'single action')} found" if singles else f"{operations} found"

    @property
    def filtered(self) -> bool:
        """Whether there are filters beside the words that are searched."""
        return replace(self._wanted, words=()).active

    # Other words, and tasks

    @property
    def meant(self) -> str:
        """What to search for in place of what was searched, which finds little; "" where that finds enough."""
        return self._search.meant(self._wanted.words)

    @property
    def nearest(self) -> tuple[str, ...]:
        """Words to search for in place of words that found nothing."""
        return self._search.nearest(self._wanted.words)

    @property
    def tasks(self) -> list[Template]:
        """Tasks to start from that mention what is searched; the best match first, a match in the title above all."""
        tellers = [self._search.teller((word,)) for word in self._wanted.words if len(word) >= SHORTEST_WORD]
        told = [
            (sum(2 * tells(task.title) + tells(task.description) for tells in tellers), task)
            for task in starting_tasks(self.tree.catalog)
        ]
        told.sort(key=lambda each: each[0], reverse=True)
        return [task for times, task in told if times][:MOST_TASKS]

    # Operations

    @cached_property
    def first(self) -> Found:
        """The operations that come at once."""
        return self._rows(self.tree.found[: MOST_ROWS if self.tree.view.all else FOUND_AT_ONCE])

    def other(self, in_use: Set[str]) -> Found:
        """The operations after those that are listed, as these services in use had put all in order: a tick since then
        changes which are in use, and neither repeats a row nor leaves one out."""
        listed = self._search.operations(self._wanted, self.tree.selection.operations, in_use)
        return self._rows(listed[FOUND_AT_ONCE:MOST_ROWS])

    def _rows(self, operations: Iterable[Operation]) -> Found:
        return Found(tuple(map(self.tree.row, operations)) if self.tree.searching else ())

    @property
    def others(self) -> int:
        """How many come when they are asked for."""
        return min(len(self.tree.found), MOST_ROWS) - len(self.first.rows)

    @property
    def unlisted(self) -> int:
        """How many more were found than are listed, whatever is asked for."""
        return max(0, len(self.tree.found) - MOST_ROWS)

    @cached_property
    def levels(self) -> tuple[AccessLevel, ...]:
        return self.tree.levels_among(self.tree.found)

    @property
    def working(self) -> int:
        """How many of the operations have an effect where the policy is to be granted."""
        return len(tuple(self.tree.parted(self.tree.found)[0]))

    @cached_property
    def hidden(self) -> int:
        """How many operations and single actions the filters hide only since nobody states their scope."""
        selection = self.tree.selection
        actions = self._search.hidden_single_actions(self._wanted, selection.actions)
        return len(self._search.hidden_operations(self._wanted, selection.operations)) + len(actions)

    # Single actions

    @cached_property
    def singles(self) -> tuple[Action, ...]:
        return self._search.single_actions(self._wanted, self.tree.selection.actions)

    @cached_property
    def single_rows(self) -> tuple[SingleAction, ...]:
        """The likeliest single actions."""
        most = SINGLES_BESIDE if self.tree.searching and self.others else MOST_SINGLES
        return tuple(map(self.single_row, self.singles[:most]))

    @property
    def more_singles(self) -> int:
        """How many are found and not listed."""
        return len(self.singles) - len(self.single_rows)

    @property
    def more_to_list(self) -> bool:
        """Whether more of the single actions can be listed."""
        return len(self.single_rows) < min(MOST_SINGLES, len(self.singles))

    def single_row(self, action: Action) -> SingleAction:
        block, catalog = self._part.block, self.tree.catalog
        return SingleAction(
            action=action,
            service=catalog.prefixes.services_by_prefix[service_of(action.name)].label,
            words=self.tree.marks,
            added=action.name in block.selection.actions,
            granted=action.name in self._granted,
            denying=block.effect is Effect.DENY,
        )

    @cached_property
    def _granted(self) -> NameIndex[str]:
        return NameIndex.of(grant.action for grant in self._part.grants)
