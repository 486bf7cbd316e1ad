"""The wildcards that operations depend on, for the builder's templates: what each opens, and what is granted of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from policybuilder.domain.access.openings import Opening, WildcardReach, opening_wording, wildcard_reach
from policybuilder.domain.building.closure import Choice, WildcardNeed, reading, wildcard_needs
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.catalog.action_names import action_key, is_wildcard
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Operation
from policybuilder.domain.findings import Plural, fill
from policybuilder.domain.words import counted
from policybuilder.web.element_ids import element_id

NOTHING_IN_ITS_PLACE = "Nothing is granted in its place."
MATCHES_NO_READING = "It matches no action that only reads, so nothing is granted in its place."
IN_ITS_PLACE = Plural("In its place, 1 action that only reads.", "In its place, {n:,} actions that only read.")
UNKNOWN = "opens actions that the catalogue does not know"
# What each button sends, and what it says.
_WAYS = {
    Choice.AS_PUBLISHED: ("put-back", "As published"),
    Choice.ONLY_READING: ("only-reading", "Only reading"),
    Choice.LEFT_OUT: ("leave-out", "Leave out"),
}


@dataclass(frozen=True, slots=True)
class RowWildcard:
    """A wildcard that a row names: as its own action, or as a dependency, of one option where that has a title.

    `warns`: it opens what can change something, or what nobody knows.
    """

    name: str
    own: bool
    option: str
    opens: str
    warns: bool


@dataclass(frozen=True)
class WildcardChoice:
    """A wildcard that operations of a block depend on, with their names.

    `reading` counts the actions that it matches and that read.
    """

    need: WildcardNeed
    needed_by: tuple[str, ...]
    opens: str
    reading: int

    @property
    def name(self) -> str:
        return self.need.name

    @property
    def element_id(self) -> str:
        return element_id(self.name)

    @property
    def ways(self) -> list[tuple[str, str, bool]]:
        """Each of the three choices: the command of its button, its label, and whether it is made."""
        return [(command, label, choice is self.need.choice) for choice, (command, label) in _WAYS.items()]

    @property
    def granted(self) -> str:
        """What is granted in its place, where it is not granted itself."""
        if self.need.choice is Choice.AS_PUBLISHED:
            return ""
        if self.need.choice is Choice.LEFT_OUT:
            return NOTHING_IN_ITS_PLACE
        return IN_ITS_PLACE.format(n=self.reading) if self.reading else MATCHES_NO_READING


@dataclass(frozen=True, slots=True)
class Opened:
    """A wildcard that allows what nobody selected, in words; `choice` where the block that is edited can narrow it."""

    words: str
    choice: WildcardChoice | None


def wildcard_choices(catalog: Catalog, selection: Selection) -> tuple[WildcardChoice, ...]:
    """Those of a block that allows."""
    return tuple(
        WildcardChoice(
            need,
            tuple(catalog.titles.operation_name(catalog.operation(id_)) for id_ in need.needed_by),
            opens_in_words(wildcard_reach(catalog, need.name), need.needed_by),
            len(reading(catalog, need.name)),
        )
        for need in wildcard_needs(catalog, selection)
    )


def opened(catalog: Catalog, opening: Opening, choices: tuple[WildcardChoice, ...]) -> Opened:
    key = action_key(opening.name)
    choice = next((each for each in choices if action_key(each.name) == key), None)
    wording, values = opening_wording(catalog, opening)
    return Opened(fill(wording.message, values), choice)


def row_wildcards(catalog: Catalog, operation: Operation) -> Iterator[RowWildcard]:
    """Those that a row of the tree names, its own first."""

    def found(names: tuple[str, ...], *, own: bool, option: str = "") -> Iterator[RowWildcard]:
        for name in filter(is_wildcard, names):
            reach = wildcard_reach(catalog, name)
            warns = bool(reach.writing or not reach.actions)
            yield RowWildcard(name, own, option, opens_in_words(reach, (operation.id,)), warns)

    yield from found(operation.actions, own=True)
    yield from found(operation.dependencies, own=False)
    for option in operation.options:
        yield from found(option.actions, own=True, option=option.title)
        yield from found(option.dependencies, own=False, option=option.title)


def opens_in_words(reach: WildcardReach, besides: tuple[str, ...]) -> str:
    """opens at least 24 actions, of which 12 can change something, and 14 further operations"""
    if not reach.actions:
        return UNKNOWN
    more = len(set(reach.operations).difference(besides))
    changing = f"of which {reach.writing:,} can change something" if reach.writing else "all of which only read"
    if reach.actions == 1:
        changing = "which can change something" if reach.writing else "which only reads"
    operations = f", and {counted(more, 'further operation')}" if more else ""
    return f"opens {'' if reach.whole else 'at least '}{counted(reach.actions, 'action')}, {changing}{operations}"
