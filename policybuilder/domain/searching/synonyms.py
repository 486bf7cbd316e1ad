"""What people call things, and what the catalogue calls them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from .words import fold, german_stem, stem, words_of

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})

# What a meaning counts of the word itself: the first of a phrase, or of a word; less each later one; and the least.
SURE = 0.75  # or more: always meant; less: perhaps
_OF_PHRASE, _OF_WORD, _PERHAPS, _LATER, _LEAST = 0.97, 0.93, 0.7, 0.03, 0.5

Phrase = tuple[str, ...]  # of stems
Meanings = Mapping[Phrase, float]  # each with what it counts of the word itself


@dataclass(frozen=True, slots=True)
class Meaning:
    """Words or phrases that are said, in English or in German, and those of the catalogue that they mean.

    The likeliest are `meant` first; what is meant only now and then stands in `perhaps`, and counts less. Where the
    former are `alike`, they mean each other as well.
    """

    meant: tuple[str, ...]
    perhaps: tuple[str, ...] = ()
    english: tuple[str, ...] = ()
    german: tuple[str, ...] = ()
    alike: bool = False


class Synonyms:
    """Meanings by what is said. `phrases` are those of several words, as sets of stems: their order is free."""

    def __init__(self, meanings: Iterable[Meaning] = ()):
        self._by_word: dict[str, dict[Phrase, float]] = defaultdict(dict)
        self._by_stem: dict[str, dict[Phrase, float]] = defaultdict(dict)
        self._by_german_stem: dict[str, dict[Phrase, float]] = defaultdict(dict)
        self.phrases: dict[frozenset[str], dict[Phrase, float]] = defaultdict(dict)
        for meaning in meanings:
            for said in (*meaning.english, *(meaning.meant if meaning.alike else ())):
                self._add(said, meaning, self._by_stem, stem)
            for said in meaning.german:
                self._add(said, meaning, self._by_german_stem, german_stem)
        self.words = sorted(self._by_word)

    def of_word(self, word: str) -> Meanings:
        """What a folded word means, by itself or by its stem."""
        known = self._by_word.get(word) or self._by_stem.get(stem(word))
        return known or self._by_word.get(word.removesuffix("s"), {})

    def of_german_word(self, word: str) -> Meanings:
        """What another form of a German word means: lösche, of löschen."""
        return self._by_german_stem.get(german_stem(word), {})

    def _add(
        self, said: str, meaning: Meaning, by_stem: dict[str, dict[Phrase, float]], stemmed: Callable[[str], str]
    ) -> None:
        for spelling in {said.casefold(), said.casefold().translate(_UMLAUTS)}:
            words = [fold(word) for word in words_of(spelling)]
            found = _counted(meaning, said, _OF_WORD if len(words) == 1 else _OF_PHRASE)
            if len(words) > 1:
                _join(self.phrases[frozenset(map(stem, words))], found)
            else:
                _join(self._by_word[words[0]], found)
                _join(by_stem[stemmed(words[0])], found)


def _counted(meaning: Meaning, said: str, first: float) -> dict[Phrase, float]:
    found: dict[Phrase, float] = {}
    for most, least, texts in ((first, SURE, meaning.meant), (_PERHAPS, _LEAST, meaning.perhaps)):
        for at, text in enumerate(texts):
            if text != said:
                found.setdefault(tuple(stem(fold(word)) for word in words_of(text)), max(most - _LATER * at, least))
    return found


def _join(known: dict[Phrase, float], found: Meanings) -> None:
    for phrase, quality in found.items():
        known[phrase] = max(quality, known.get(phrase, 0.0))
