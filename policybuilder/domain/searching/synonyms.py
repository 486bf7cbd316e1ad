"""What people call things, and what the catalogue calls them."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .words import fold, german_stem, stem, words_of

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})

Phrase = tuple[str, ...]  # of stems


@dataclass(frozen=True, slots=True)
class Meaning:
    """Words or phrases that are said, in English or in German, and those of the catalogue that they mean.

    The likeliest are `meant` first. Where they are `alike`, they mean each other as well.
    """

    meant: tuple[str, ...]
    english: tuple[str, ...] = ()
    german: tuple[str, ...] = ()
    alike: bool = False


class Synonyms:
    """Meanings by what is said. `phrases` are those of several words, as sets of stems: their order is free."""

    def __init__(self, meanings: Iterable[Meaning] = ()):
        self._by_word: dict[str, dict[Phrase, None]] = defaultdict(dict)
        self._by_stem: dict[str, dict[Phrase, None]] = defaultdict(dict)
        self._by_german_stem: dict[str, dict[Phrase, None]] = defaultdict(dict)
        self.phrases: dict[frozenset[str], dict[Phrase, None]] = defaultdict(dict)
        for meaning in meanings:
            for said in (*meaning.english, *(meaning.meant if meaning.alike else ())):
                self._add(said, meaning.meant, self._by_stem, stem)
            for said in meaning.german:
                self._add(said, meaning.meant, self._by_german_stem, german_stem)
        self.words = tuple(self._by_word)

    def of_word(self, word: str) -> tuple[Phrase, ...]:
        """What a folded word means, by itself or by its stem."""
        return tuple(self._by_word.get(word) or self._by_stem.get(stem(word), ()))

    def of_german_word(self, word: str) -> tuple[Phrase, ...]:
        """What another form of a German word means: lösche, of löschen."""
        return tuple(self._by_german_stem.get(german_stem(word), ()))

    def _add(
        self, said: str, meant: Iterable[str], by_stem: dict[str, dict[Phrase, None]], stemmed: Callable[[str], str]
    ) -> None:
        phrases = dict.fromkeys(phrase_of(text) for text in meant if text != said)
        for spelling in {said.casefold(), said.casefold().translate(_UMLAUTS)}:
            words = [fold(word) for word in words_of(spelling)]
            if len(words) > 1:
                self.phrases[frozenset(map(stem, words))].update(phrases)
            else:
                self._by_word[words[0]].update(phrases)
                by_stem[stemmed(words[0])].update(phrases)


def phrase_of(text: str) -> Phrase:
    return tuple(stem(fold(word)) for word in words_of(text))
