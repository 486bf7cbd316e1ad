"""What user manuals say of an action: their rows describe what it allows, and some its scope."""

from collections.abc import Iterable, Sequence

from policybuilder.reference.cells import PublishedScope
from policybuilder.reference.pages import ReadRow

LONGEST_TITLE = 200
_SEPARATOR, _MORE = "; ", "; …"


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
