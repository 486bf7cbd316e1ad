"""User manuals on actions: titles, scopes, and the other actions that an action needs."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from policybuilder.reference.cells import PublishedScope
from policybuilder.reference.pages import ReadRow, Source

LONGEST_TITLE = 200
_SEPARATOR, _MORE = "; ", "; …"


@dataclass(frozen=True)
class ManualNeeds:
    """The dependencies of `action` in the rows of a user manual, sorted, and the rows' remarks in their order."""

    action: str
    dependencies: tuple[str, ...]
    notes: tuple[str, ...]
    source: Source


def joined_needs(reads: Iterable[ReadRow], spelled: Callable[[tuple[str, ...]], list[str]]) -> tuple[ManualNeeds, ...]:
    """By action, from all rows that name it first; an action that a row names after it is a dependency.

    Actions without dependencies and remarks are left out.
    """
    found: dict[str, ManualNeeds] = {}
    for read in reads:
        first, *others = spelled(read.row.all_actions) or [""]
        needed = {*others, *spelled(read.row.all_dependencies)}
        if first and (needed or read.row.notes):
            known = found.get(first, ManualNeeds(first, (), (), read.source))
            dependencies = tuple(sorted({*known.dependencies, *needed}, key=str.casefold))
            notes = tuple(dict.fromkeys((*known.notes, *read.row.notes)))
            found[first] = replace(known, dependencies=dependencies, notes=notes)
    return tuple(sorted(found.values(), key=lambda needs: needs.action.casefold()))


def joined_title(reads: Sequence[ReadRow]) -> str:
    """The titles of the rows that name an action, of those that name it alone where there are any. One line.

    Where they are longer than 200 characters together, only the first of them, and `…`.
    """
    alone = [read for read in reads if len(read.row.all_actions) == 1]
    by_letters: dict[str, str] = {}
    for read in alone or reads:
        by_letters.setdefault(_title(read).casefold(), _title(read))
    titles = list(by_letters.values())
    joined = titles[0]
    for position, title in enumerate(titles[1:], 1):
        more = "" if position == len(titles) - 1 else _MORE
        if len(joined + _SEPARATOR + title + more) > LONGEST_TITLE:
            return joined + _MORE if len(joined + _MORE) <= LONGEST_TITLE else joined
        joined += _SEPARATOR + title
    return joined


def joined_scope(reads: Sequence[ReadRow]) -> PublishedScope:
    """What these rows say alike; `varies` where they differ."""
    return PublishedScope(
        _agreed(read.row.scope.iam_project for read in reads),
        _agreed(read.row.scope.enterprise_project for read in reads),
    )


def _agreed(values: Iterable[str | None]) -> str | None:
    said = {value for value in values if value}
    return said.pop() if len(said) == 1 else "varies" if said else None


def _title(read: ReadRow) -> str:
    """Cut between words where it is longer than 200 characters."""
    line = " ".join(read.row.title.split())
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1].rpartition(' ')[0]}…"
