"""The words of a catalogue's operations and actions, and where they stand.

An entry is an operation or an action. Its words count by the text that they stand in: the title most, then the names of
actions, the category, the service, and the paths of calls least.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

from policybuilder.domain.catalog.action_names import parse_action, service_of
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Action, ApiCall, Operation, Service

from .words import beginning_with, fold, name_words, stem, stem_in_text, words_of

TITLE, ACTION, CATEGORY, SERVICE, CALL = 10, 6, 5, 4, 2  # what a word counts in each
AT_HOME = 1  # more for a word of a title whose category or service is called so: a cluster among Clusters

# Words that questions have beside those that are meant. AS and ER are services, so they are none.
STOP_WORDS = frozenset(
    words_of(
        "a able all alle allen allow allowed allows an and any are at auf aus be bei by can cannot could darf das dem "
        "den der des die diese diesem diesen dieser do does durfen ein eine einem einen einer eines for from fuer fur "
        "have here how i ich im in ins inside into is ist it its jemand just kann konnen let man may me mein meine "
        "mit mochte my need oder of on or our per please should soll sollen some somebody someone that the their them "
        "there this to try trying uber um und use used using via vom von want was we welche welcher welches wer what "
        "where which who whose wie will wir with within wo wollen you your zu zum zur"
    )
)
# What a task can be told with, whatever is to be done. Only where nothing has them too, they need not be met.
SAID_OF_ANYTHING = frozenset(
    words_of(
        "access account action another cloud data existing feature function information new operation other own "
        "permission permissions project projects request resource resources right rights service system task tenant "
        "aktion andere anderen anderes auftrag berechtigung berechtigungen bestehende dienst eigene eigenen erlaubnis "
        "konto neue neuen neuer projekt recht rechte zugriff"
    )
)
# Words of titles that tell operations less from each other.
_FAINT = frozenset(
    stem(word) for word in words_of("specified specific single information details about list batch batches")
)
_FAINT_BESIDE = frozenset(["project", "resourc"])  # as the name of the service, where enough else tells
_FAINT_WEIGHT = 0.4


@dataclass(frozen=True, slots=True)
class Title:
    """What a title says apart from remarks in parentheses: stems with their weights, and the words after the first one.

    `told` are the stems that tell it from others. `plain` is the whole title as a search for it reads.
    """

    stems: Mapping[str, float]
    told: frozenset[str]
    words: frozenset[str]
    total: float
    plain: str


@dataclass(frozen=True, slots=True)
class Entry:
    """`text` holds title and names, `calls` each call, as they are compared with parts of names and addresses."""

    of: Operation | Action
    title: Title
    text: str
    names: tuple[str, ...]
    calls: tuple[str, ...]
    calls_together: str
    services: frozenset[str]
    native: bool
    deprecated: bool


class Index:
    """`entries` are all operations in the catalogue's order, then all actions. `operations` is how many there are."""

    def __init__(self, catalog: Catalog) -> None:
        self._stems: dict[str, str] = {}  # of every word as it stands, folded
        self._told: set[str] = set()  # the stems that stand not only in calls
        self._titled: dict[str, tuple[str, str]] = {}  # the words of titles, folded and with their stems
        self._split: dict[str, tuple[str, ...]] = {}
        self._postings: dict[str, dict[int, int]] = defaultdict(dict)
        self.entries: list[Entry] = []
        self.service_names: dict[frozenset[str], str] = {}  # stems of a service's title -> what it is called
        self.short_names: set[str] = set()  # of services, folded
        self._add_all(catalog)
        self.operations = len(catalog.operations)
        self.at = {
            entry.of.id if isinstance(entry.of, Operation) else entry.of.name: n for n, entry in self._numbered()
        }
        self.words = sorted(self._stems)
        self._packed = {each: (array("I", found), bytes(found.values())) for each, found in self._postings.items()}
        del self._postings, self._split, self._titled

    def _numbered(self) -> Iterator[tuple[int, Entry]]:
        return enumerate(self.entries)

    def places(self, stem_: str) -> Iterator[tuple[int, int]]:
        """The entries that have a stem, each with what it counts there."""
        numbers, weights = self._packed.get(stem_, ((), b""))
        return zip(numbers, weights, strict=True)

    def stem_of(self, word: str) -> str | None:
        """The stem by which a folded word is found; None where no text has it in any form."""
        if word in self._stems:
            return self._stems[word]
        if (found := stem(word)) in self._packed:
            return found
        if word.endswith("s") and word[:-1] in self._stems:
            return self._stems[word[:-1]]
        return None

    def is_told(self, word: str) -> bool:
        """Whether a form of it stands in a title, in an action's name, or in the name of a service or category."""
        return self.stem_of(word) in self._told

    def beginning_with(self, start: str) -> list[str]:
        """The words that begin so, longer ones only."""
        return beginning_with(start, self.words)

    def with_part(self, part: str) -> list[str]:
        return [word for word in self.words if part in word]

    def stems_of(self, words: Iterable[str]) -> dict[str, str]:
        """Each stem with the shortest of the words that have it."""
        found: dict[str, str] = {}
        for word in words:
            each = self._stems[word]
            if each not in found or len(word) < len(found[each]):
                found[each] = word
        return found

    def forms(self, stems: Iterable[str]) -> set[str]:
        """The words, as they stand in texts, that have one of these stems."""
        wanted = set(stems)
        return {word for word, each in self._stems.items() if each in wanted}

    def _add_all(self, catalog: Catalog) -> None:
        titles = [operation.title for operation in catalog.operations.values()]
        for title in (*titles, *(action.title for action in catalog.action_index.actions.values())):
            for word in words_of(title):
                self._in_title(word)
        by_service = {service.slug: self._service_words(service) for service in catalog.services}
        by_prefix: dict[str, list[Service]] = defaultdict(list)
        for service in catalog.services:
            for prefix in service.prefixes:
                by_prefix[prefix].append(service)
        by_category = {
            category.id: tuple(self._in_text(category.full_title)) for category in catalog.categories.values()
        }
        for operation in catalog.operations.values():
            tables = catalog.categories_by_operation[operation.id]
            services = frozenset(category.service for category in tables)
            own = {word for slug in services for word in by_service[slug]}
            categories = {word for category in tables for word in by_category[category.id]}
            names = operation.all_actions()
            self._add(operation, names, operation.calls, services, own, categories, operation.native)
        for action in catalog.action_index.actions.values():
            services = frozenset(service.slug for service in by_prefix[service_of(action.name)])
            own = {word for slug in services for word in by_service[slug]}
            self._add(action, (action.name,), action.calls, services, own, (), native=False)

    def _add(
        self,
        of: Operation | Action,
        names: tuple[str, ...],
        calls: tuple[ApiCall, ...],
        services: frozenset[str],
        own: Set[str],
        categories: Iterable[str],
        native: bool,
    ) -> None:
        number = len(self.entries)
        title = self._title(of.title, own)
        in_names = {word for name in names for word in self._of_name(name)}
        in_calls = {word for call in calls for word in (*self._of_path(call.path), *self._of_method(call.method))}
        for weight, stems in ((CALL, in_calls), (SERVICE, own), (CATEGORY, categories), (ACTION, in_names)):
            for each in stems:
                self._postings[each][number] = weight
        home = {*own, *categories}
        for word in words_of(of.title):
            _, each = self._in_title(word)
            self._postings[each][number] = TITLE + AT_HOME * (each in home)
        text = "\n".join((fold(of.title), *map(fold, names)))
        shown = tuple(fold(str(call)) for call in calls)
        deprecated = "deprecated" in text
        self.entries.append(
            Entry(of, title, text, tuple(map(fold, names)), shown, "\n".join(shown), services, native, deprecated)
        )

    def _title(self, text: str, own: Set[str]) -> Title:
        """The service's own name tells little in a title of it."""
        main = text.partition(" (")[0]
        stems: dict[str, float] = {}
        surfaces = []
        for word in words_of(main):
            surface, each = self._in_title(word)
            if surface not in STOP_WORDS:
                stems[each] = _FAINT_WEIGHT if stems and each in _FAINT else 1.0
                surfaces.append(surface)
        faint = {each: _FAINT_WEIGHT for each in stems if each in own or each in _FAINT_BESIDE}
        if sum(weight == 1.0 for weight in {**stems, **faint}.values()) > 1:
            stems |= faint  # but not in Creating ECSs, where nothing else tells what is created
        told = frozenset(each for each, weight in stems.items() if weight == 1.0)
        plain = " ".join(dict.fromkeys(fold(text).split()))
        return Title(stems, told, frozenset(surfaces[1:]), sum(stems.values()), plain)

    def _service_words(self, service: Service) -> frozenset[str]:
        names = (service.title, service.short, service.slug, *service.prefixes)
        stems = {each for name in names for each in self._in_text(name)}
        self.short_names.update(map(fold, names[1:]))
        if service.short and service.short != service.title:
            self.service_names.setdefault(frozenset(self._in_text(service.title)), self._in_title(service.short)[1])
        return frozenset(stems)

    def _in_text(self, text: str) -> Iterator[str]:
        words = (self._in_title(word) for word in words_of(text))
        return (each for surface, each in words if surface not in STOP_WORDS)

    def _in_title(self, word: str) -> tuple[str, str]:
        """A word folded, and its stem. A plural of a name in one title tells that it is one in every text."""
        if word not in self._titled:
            self._titled[word] = fold(word), stem_in_text(word)
            surface, each = self._titled[word]
            self._stems[surface] = each
            self._told.add(each)
        return self._titled[word]

    def _of_name(self, name: str) -> tuple[str, ...]:
        if name not in self._split:
            parts = parse_action(name)
            found = {word for part in (parts.resource_type, parts.verb) for word in name_words(part)}
            self._split[name] = tuple(self._known(word) for word in found)
            self._told.update(self._split[name])
        return self._split[name]

    def _of_path(self, path: str) -> tuple[str, ...]:
        if path not in self._split:
            segments = (segment for segment in path.split("/") if "{" not in segment)
            self._split[path] = tuple({self._known(word) for segment in segments for word in name_words(segment)})
        return self._split[path]

    def _of_method(self, method: str) -> tuple[str, ...]:
        """GET and DELETE are words for what is done, and call for more than these."""
        return () if method in ("", "GET", "DELETE") else (self._known(method.lower()),)

    def _known(self, word: str) -> str:
        if word not in self._stems:
            self._stems[word] = stem(word[:-1] if word.endswith("s") and word[:-1] in self._stems else word)
        return self._stems[word]
