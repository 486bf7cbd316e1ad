"""Finding operations and actions: what is meant by words, names and calls, and the filters of the tree."""

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, replace

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Access, Action, Operation, Support
from policybuilder.domain.refusal.api_calls import call_of
from policybuilder.domain.refusal.known_calls import calls_of
from policybuilder.domain.remembering import remembered

from .index import TITLE, Entry, Index
from .marking import mark as mark  # with `Search.marks`
from .matching import Match, Matcher, Query
from .synonyms import Synonyms
from .words import fold, name_words, stem_in_text, words_of

MOST_NEAREST = 5
_MOST_SHORTENED, _MOST_SHORTER = 5, 3  # words that are left out in turn; searches without one of them
_KEPT = 20_000  # entries of the latest matches

# Points beside those of the words, of which one that stands in the title has 10.
_WHOLE_TITLE = 10.0  # the title is what was searched
_COVERED, _ALL_COVERED = 4.0, 2.0  # for the share of the title that is met, and for all of it
_DONE = 1.0  # where its first word is met, which says what is done: Attaching a disk, not Deleting an attachment
_AS_WRITTEN = 0.15  # for each word that stands in the title in the same form
_IN_USE = 1.5
_NATIVE, _DEPRECATED = -0.7, -2.0


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

    def __init__(self, catalog: Catalog, synonyms: Synonyms | None = None):
        self._catalog = catalog
        self._index = Index(catalog)
        self._matcher = Matcher(self._index, synonyms or Synonyms())
        self._matched = remembered(most=_KEPT, weigh=lambda match, _: len(match.scores) + 100)(self._match)

    def operations(self, wanted: Filter, selected: Set[str], in_use: Set[str] = frozenset()) -> tuple[Operation, ...]:
        """The operations that pass every filter. One that needs no authorization works in every project.

        Those that meet the words, the likeliest first; of equals those of services in use. Without words, in the
        catalogue's order. `selected` are ids, `in_use` slugs of services.
        """
        if not wanted.words:
            return tuple(o for o in self._catalog.operations.values() if _passes(o, wanted, selected))
        return tuple(
            entry.of
            for entry in self._ranked(wanted.words, in_use)
            if isinstance(entry.of, Operation) and _passes(entry.of, wanted, selected)
        )

    def hidden_operations(self, wanted: Filter, selected: Set[str]) -> tuple[Operation, ...]:
        """What the filter for enterprise projects hides only since nobody states whether it works there."""
        if not wanted.enterprise:
            return ()
        others = self.operations(replace(wanted, enterprise=False), selected)
        return tuple(o for o in others if o.scope.enterprise_project is Support.UNKNOWN and not o.free)

    def single_actions(self, wanted: Filter, selected: Set[str], in_use: Set[str] = frozenset()) -> tuple[Action, ...]:
        """The actions of no operation that meet the words and pass every filter, the likeliest first.

        Without words there are none: they are looked for, and not listed. Which API the calls belong to is not
        published of them, so none passes a filter for one. `selected` are names.
        """
        if not wanted.words or wanted.native is not None:
            return ()
        return tuple(
            entry.of
            for entry in self._ranked(wanted.words, in_use, actions=True)
            if isinstance(entry.of, Action)
            and not entry.of.operations
            and (not wanted.reading or entry.of.access is Access.READ)
            and (not wanted.enterprise or entry.of.scope.enterprise_project is Support.YES)
            and (not wanted.selected or entry.of.name in selected)
        )

    def hidden_single_actions(self, wanted: Filter, selected: Set[str]) -> tuple[Action, ...]:
        """As `hidden_operations`."""
        if not wanted.enterprise:
            return ()
        others = self.single_actions(replace(wanted, enterprise=False), selected)
        return tuple(action for action in others if action.scope.enterprise_project is Support.UNKNOWN)

    def meets(self, of: Operation | Action, words: tuple[str, ...]) -> bool:
        """Whether an operation or action of the catalogue meets the words, so that a search for them finds it."""
        key = of.id if isinstance(of, Operation) else of.name
        return not words or self._index.at[key] in self._matched(words).scores

    def teller(self, words: tuple[str, ...]) -> Callable[[str], bool]:
        """Tells of other texts whether they meet every word: one begins so, is a form of it, or what it means."""
        ways = self._matcher.ways(Query.of(words))

        def tells(text: str) -> bool:
            folded, stems = fold(text), set(map(stem_in_text, words_of(text)))
            told = {each for word in words_of(text) for each in name_words(word)}
            return all(
                any(map(stems.issuperset, phrases))
                or (any(each.startswith(word) for each in told) if word.isalnum() else word in folded)
                for word, phrases in ways
            )

        return tells

    def marks(self, wanted: Filter) -> tuple[str, ...]:
        """What `mark` is to mark for a search: the words by which it can be met, as texts have them, lower case."""
        if not wanted.words:
            return ()
        match = self._matched(wanted.words)
        return tuple(sorted(match.marks | self._index.forms(match.stems)))

    def nearest(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """What else to search where nothing meets all words; at most MOST_NEAREST.

        That with one word less, what finds least first; then words of the catalogue that look like those that nothing
        meets, the nearest first.
        """
        match = self._matched(words)
        if match.scores:
            return ()
        near = (*self._shorter(words[:_MOST_SHORTENED]), *self._matcher.nearest(match.unmet, MOST_NEAREST))
        return tuple(dict.fromkeys(near))[:MOST_NEAREST]

    def meant(self, words: tuple[str, ...]) -> str:
        """The search that finds more, where a word is met by a part of others or as a slip only; "" where none does."""
        found = len(self._matched(words).scores)
        ways = {
            " ".join(each): len(self._matched(each).scores)
            for at, word in enumerate(words[:_MOST_SHORTENED] if found else ())
            for other in self._matcher.likely(word)
            if (each := (*words[:at], other, *words[at + 1 :]))
        }
        best = max(ways, key=ways.__getitem__, default="")
        return best if ways.get(best, 0) > found else ""

    def _shorter(self, words: tuple[str, ...]) -> tuple[str, ...]:
        shorter = (words[:at] + words[at + 1 :] for at in range(len(words) if len(words) > 1 else 0))
        found = {" ".join(each): len(self._matched(each).scores) for each in shorter}
        return tuple(sorted((each for each in found if found[each]), key=found.__getitem__))[:_MOST_SHORTER]

    def _match(self, words: tuple[str, ...]) -> Match:
        """With the operations and actions of a call that is written out, whatever stands for its placeholders."""
        match = self._matcher.match(Query.of(words))
        for number in self._called(words):
            match.scores[number] = TITLE
        return match

    def _called(self, words: tuple[str, ...]) -> Iterator[int]:
        paths = [word for word in words if "/" in word]
        method = next((word.upper() for word in words if word.isalpha()), None)
        if len(paths) != 1 or len(words) > 2 or not (call := call_of(method, paths[0])):
            return
        for known in calls_of(self._catalog).find(call):
            yield self._index.at[known.operation.id if known.operation else known.action]

    def _ranked(self, words: tuple[str, ...], in_use: Set[str], *, actions: bool = False) -> Iterator[Entry]:
        """Of what meets the words the operations, or else the actions, the likeliest first."""
        match, query, whole = self._matched(words), Query.of(words), fold(" ".join(words))
        ranked = []
        for number, score in match.scores.items():
            if (number >= self._index.operations) is actions:
                entry = self._index.entries[number]
                points = score + _points(entry, match.qualities, query.words, whole)
                used = _IN_USE * (not in_use.isdisjoint(entry.services))
                ranked.append((-round(points + used, 3), number))
        return (self._index.entries[number] for _, number in sorted(ranked))


def _points(entry: Entry, qualities: dict[str, float], words: tuple[str, ...], whole: str) -> float:
    """What an entry has beside the points of the words."""
    title = entry.title
    points = _NATIVE * entry.native + _DEPRECATED * entry.deprecated
    if title.total:
        met = sum(weight * qualities[each] for each, weight in title.stems.items() if each in qualities)
        covered = met / title.total
        points += (_COVERED + _ALL_COVERED * (title.told <= qualities.keys())) * covered
        points += _DONE * qualities.get(next(iter(title.stems)), 0.0)
    points += _AS_WRITTEN * sum(word in title.words for word in words)
    if title.plain == whole:
        points += _WHOLE_TITLE
    return points


def _passes(operation: Operation, wanted: Filter, selected: Set[str]) -> bool:
    return (
        (not wanted.reading or operation.access is Access.READ)
        and (not wanted.enterprise or operation.free or operation.scope.enterprise_project is Support.YES)
        and (wanted.native is None or operation.native is wanted.native)
        and (not wanted.selected or operation.id in selected)
    )
