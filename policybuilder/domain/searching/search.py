"""Finding operations and actions: words over titles, names and API calls, and the filters of the tree."""

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Access, Action, ApiCall, Operation, Support


@dataclass(frozen=True, slots=True)
class Filter:
    """What the tree shows. An empty filter shows everything."""

    words: tuple[str, ...] = ()
    reading: bool = False
    enterprise: bool = False
    native: bool | None = None
    selected: bool = False

    @property
    def active(self) -> bool:
        return self != Filter()


def split_words(text: str) -> tuple[str, ...]:
    """The words of a search, lower case, without repeats. White space parts them."""
    return tuple(dict.fromkeys(text.casefold().split()))


class Search:
    """Finds in one catalogue; built once for it."""

    def __init__(self, catalog: Catalog):
        self._catalog = catalog

    def operations(self, wanted: Filter, selected: Set[str], in_use: Set[str] = frozenset()) -> tuple[Operation, ...]:
        """The operations that pass every filter. One that needs no authorization works in every project.

        `selected` are ids, `in_use` slugs of services.
        """
        every = self._catalog.operations.values()
        return tuple(o for o in every if _passes(o, wanted, selected) and mentions(o, wanted.words))

    def hidden_operations(self, wanted: Filter, selected: Set[str]) -> tuple[Operation, ...]:
        """What the filter for enterprise projects hides only since nobody states whether it works there."""
        if not wanted.enterprise:
            return ()
        others = self.operations(replace(wanted, enterprise=False), selected)
        return tuple(o for o in others if o.scope.enterprise_project is Support.UNKNOWN and not o.free)

    def single_actions(self, wanted: Filter, selected: Set[str]) -> tuple[Action, ...]:
        """The actions of no operation that have every word and pass every filter, sorted by name.

        Without words there are none: they are looked for, and not listed. Which API the calls belong to is not
        published of them, so none passes a filter for one. `selected` are names.
        """
        if not wanted.words or wanted.native is not None:
            return ()
        return tuple(
            action
            for action in self._catalog.single_actions
            if (not wanted.reading or action.access is Access.READ)
            and (not wanted.enterprise or action.scope.enterprise_project is Support.YES)
            and (not wanted.selected or action.name in selected)
            and action_mentions(action, wanted.words)
        )

    def hidden_single_actions(self, wanted: Filter, selected: Set[str]) -> tuple[Action, ...]:
        """As `hidden_operations`."""
        if not wanted.enterprise:
            return ()
        others = self.single_actions(replace(wanted, enterprise=False), selected)
        return tuple(action for action in others if action.scope.enterprise_project is Support.UNKNOWN)


def mentions(operation: Operation, words: tuple[str, ...]) -> bool:
    """Whether every word stands in the title, an own action or an API call; words in API calls must share one call.

    So "POST /v2.1" finds a POST call of version 2.1, and not an operation with some POST and some call of version 2.1.
    """
    return not words or _mention((operation.title, *operation.all_actions()), operation.calls, words)


def action_mentions(action: Action, words: tuple[str, ...]) -> bool:
    """Whether every word stands in the name, the title or an API call; words in API calls must share one call."""
    return not words or _mention((action.name, action.title), action.calls, words)


def mark(text: str, words: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    """`text` in pieces, each with whether it matches a word: "A disk", ("disk",) -> ("A ", False), ("disk", True)."""
    if not words:
        yield text, False
        return
    pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    for at, piece in enumerate(re.split(f"({pattern})", text, flags=re.IGNORECASE)):
        if piece:
            yield piece, at % 2 == 1


def _passes(operation: Operation, wanted: Filter, selected: Set[str]) -> bool:
    return (
        (not wanted.reading or operation.access is Access.READ)
        and (not wanted.enterprise or operation.free or operation.scope.enterprise_project is Support.YES)
        and (wanted.native is None or operation.native is wanted.native)
        and (not wanted.selected or operation.id in selected)
    )


def _mention(texts: Iterable[str], calls: Iterable[ApiCall], words: tuple[str, ...]) -> bool:
    text = "\n".join(texts).casefold()
    each = [str(call).casefold() for call in calls] or [""]
    return any(all(word in text or word in call for word in words) for call in each)
