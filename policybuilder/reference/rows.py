"""A row of an action table as an operation, or as an action with its description."""

import re
from dataclasses import dataclass

from policybuilder.reference.calls import read_calls
from policybuilder.reference.cells import (
    GUEST,
    Names,
    NamesReader,
    PublishedScope,
    read_scope_sentence,
    read_scope_word,
)
from policybuilder.reference.headings import Column
from policybuilder.reference.journal import Journal, Place
from policybuilder.reference.problems import ReferenceProblem
from policybuilder.reference.tables import Cell, Reference, text_of

NATIVE = re.compile(r"\((native )?OpenStack( [A-Za-z]+)?( API)?\)", re.IGNORECASE)


GRANTS = re.compile(r"Grants? permissions? to ([a-z])")
SENTENCE_END = re.compile(r"(?<=[a-z]{2}\.) (?=[A-Z])")


@dataclass(frozen=True)
class RowOption:
    title: str
    actions: tuple[str, ...]
    dependencies: tuple[str, ...]


@dataclass(frozen=True)
class PublishedRow:
    """What a row says, in one spelling. `guest`: it says that the Tenant Guest permissions include what it is about."""

    place: Place
    title: str
    references: tuple[Reference, ...]
    calls: tuple[str, ...]
    actions: tuple[str, ...]
    dependencies: tuple[str, ...]
    options: tuple[RowOption, ...]
    scope: PublishedScope
    notes: tuple[str, ...]
    guest: bool = False

    @property
    def all_actions(self) -> tuple[str, ...]:
        return (*self.actions, *(name for option in self.options for name in option.actions))

    @property
    def all_dependencies(self) -> tuple[str, ...]:
        return (*self.dependencies, *(name for option in self.options for name in option.dependencies))


@dataclass(frozen=True)
class RowReader:
    """Reads the rows of one table; `prefixes` are those of the service that the table is about.

    In a user manual, actions stand in the sentences of dependencies and remarks as well.
    """

    prefixes: tuple[str, ...]
    by_name: bool
    journal: Journal
    manual: bool = False

    def read(self, cells: dict[Column, Cell], place: Place) -> PublishedRow:
        """Raises ReferenceProblem for a cell that says what nobody has judged."""
        title_cell = cells[Column.TITLE]
        title, *explanation = SENTENCE_END.split(text_of(title_cell), maxsplit=1)
        if explanation:
            self.journal.normalise("title-sentences", place, explanation[0])
        if not title:
            raise ReferenceProblem(str(place), "the row has no title.")
        references = _references(title_cell)
        call_cell = cells.get(Column.CALLS, ())
        calls, notes = read_calls(call_cell, place, self.journal, by_name=self.by_name)
        guest = text_of(cells[Column.ACTIONS]) == GUEST
        names = NamesReader(place, self.journal)
        actions = Names() if guest else names.read(cells[Column.ACTIONS], prose=False)
        dependencies = self._dependencies(cells, names)
        own, needed, options = self._divided(actions, dependencies, place)
        return PublishedRow(
            place,
            self._title(title, references, place),
            references or _references(call_cell),
            calls,
            own,
            needed,
            options,
            self._scope(cells, place),
            (*(() if self.manual else explanation), *notes, *actions.notes, *dependencies.notes),
            guest,
        )

    def _dependencies(self, cells: dict[Column, Cell], names: NamesReader) -> Names:
        cell = cells.get(Column.DEPENDENCIES, ())
        if not self.manual:
            return names.read(cell, prose=True)
        needed, remarks = names.read_remarks(cell), names.read_remarks(cells.get(Column.NOTES, ()))
        return Names([*needed.groups, *remarks.groups], [*needed.notes, *remarks.notes])

    def _title(self, title: str, references: tuple[Reference, ...], place: Place) -> str:
        names = [reference.title for reference in references]
        if len(names) > 1 and title == "/".join(names):
            self.journal.normalise("joined-titles", place, title)
            return " / ".join(names)
        if title.endswith("."):
            self.journal.normalise("title-stop", place, title)
        grants = GRANTS.match(title)
        if grants:
            self.journal.normalise("title-grants", place, title)
            title = f"{grants[1].upper()}{title[grants.end() :]}"
        return title.rstrip(".")

    def _scope(self, cells: dict[Column, Cell], place: Place) -> PublishedScope:
        if Column.SCOPE in cells:
            return read_scope_sentence(cells[Column.SCOPE], place)
        values = [
            read_scope_word(cells[column], place, self.journal) if column in cells else None
            for column in (Column.IAM_PROJECT, Column.ENTERPRISE_PROJECT)
        ]
        return PublishedScope(*values)

    def _divided(
        self, actions: Names, dependencies: Names, place: Place
    ) -> tuple[tuple[str, ...], tuple[str, ...], tuple[RowOption, ...]]:
        """(actions, dependencies, options): what all ways of making the call need, and what each needs alone."""
        headings = list(dict.fromkeys((*actions.headings, *dependencies.headings)))
        own = [name for name in actions.all() if name.partition(":")[0] in self.prefixes] or actions.all()
        foreign = [name for name in dict.fromkeys(actions.all()) if name not in own]
        if foreign:
            what = f"{place}: {', '.join(foreign)} (taken as dependencies)"
            self.journal.remark("foreign actions in the action column", what)
        common = _common(actions, headings)
        common_own = tuple(name for name in common if name in own)
        common_needed = _common(dependencies, headings)
        needed = self._needed([name for name in common if name in foreign], common_needed, common, place)
        options = []
        for heading in headings:
            named = [name for name in actions.of(heading) if name not in common]
            option = RowOption(
                _decapitalised(heading),
                tuple(name for name in named if name in own),
                self._needed(
                    [name for name in named if name in foreign],
                    [name for name in dependencies.of(heading) if name not in needed],
                    [*common, *named],
                    place,
                ),
            )
            options.append(option)
        return common_own, needed, tuple(options)

    def _needed(self, foreign: list[str], dependencies: list[str], actions: list[str], place: Place) -> tuple[str, ...]:
        """Sorted, each once; without the actions that they are needed with, which a cell can repeat above them.

        An action that only another way of making the call needs is a dependency here.
        """
        known = {name.casefold() for name in actions}
        repeated = [name for name in dependencies if name.casefold() in known]
        if repeated:
            self.journal.normalise("own-action", place, ", ".join(repeated))
        return tuple(sorted({*foreign, *(name for name in dependencies if name.casefold() not in known)}))


def _references(cell: Cell) -> tuple[Reference, ...]:
    return tuple(reference for block in cell for reference in block.references)


def _common(names: Names, headings: list[str]) -> list[str]:
    """Those without heading, and those that stand under every heading."""
    under = [names.of(heading) for heading in headings]
    shared = [name for name in under[0] if all(name in others for others in under)] if len(under) > 1 else []
    return list(dict.fromkeys((*names.of(""), *shared)))


def _decapitalised(heading: str) -> str:
    """`Assigning a New EIP` as it stands in a sentence: `assigning a new EIP`."""
    return " ".join(word.lower() if word[1:].islower() or len(word) == 1 else word for word in heading.split())
