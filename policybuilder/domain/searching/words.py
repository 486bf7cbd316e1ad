"""Words of texts and of searches, in the form in which they are compared.

Case and accents do not count. A stem is what the forms of a word share: creating, creates and creation have `creat`.
Short words and those with digits stand for themselves, since they are names: ECS is no plural of EC.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import takewhile
from threading import Lock

import Stemmer

_WORD = re.compile(r"[^\W_]+(?:\.\d+)*")
_HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_POSSESSIVE = re.compile(r"['’]s\b", re.IGNORECASE)
_PLURAL_OF_NAME = re.compile(r"[A-Z][A-Za-z]*[A-Z]s")
_LEAST_STEMMED = 4  # letters
_LONGEST = 40  # letters of a word that is stemmed; no word of the catalogue has as many
# A stemmer works in memory of its own, and one thread at a time may use it.
_STEMMING = Lock()
_ENGLISH, _GERMAN = Stemmer.Stemmer("english", 0), Stemmer.Stemmer("german", 0)  # without a cache: searches vary


def fold(text: str) -> str:
    """Lower case and without accents: Löschen -> loschen, Straße -> strasse."""
    if text.isascii():
        return text.lower()
    parted = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in parted if not unicodedata.combining(sign))


def words_of(text: str) -> Iterator[str]:
    """The words of a text as they stand there: A User's VPCs -> A, User, VPCs."""
    return (match[0] for match in _WORD.finditer(_POSSESSIVE.sub("", text)))


def name_words(name: str) -> Iterator[str]:
    """Folded words of a part of an action or a path: listMyBuckets -> listmybuckets, list, my, buckets."""
    for piece in _WORD.findall(name):
        humps = _HUMP.findall(piece)
        yield fold(piece)
        if len(humps) > 1:
            yield from map(str.lower, humps)


def stem(word: str) -> str:
    """The stem of an English word, which is folded."""
    if not _LEAST_STEMMED <= len(word) <= _LONGEST or not word.isalpha():
        return word
    with _STEMMING:
        return str(_ENGLISH.stemWord(word))


def german_stem(word: str) -> str:
    """The stem of a German word, which is folded; loeschen has that of loschen."""
    if not _LEAST_STEMMED <= len(word) <= _LONGEST or not word.isalpha():
        return word
    with _STEMMING:
        return str(_GERMAN.stemWord(word))


def stem_in_text(word: str) -> str:
    """The stem of a word as it stands in a text; the plural of a name has that of the name: ECSs -> ecs."""
    return stem(fold(word[:-1] if _PLURAL_OF_NAME.fullmatch(word) else word))


def beginning_with(start: str, words: Sequence[str]) -> list[str]:
    """Those of sorted words that begin so and are longer."""
    after = (words[at] for at in range(bisect_right(words, start), len(words)))
    return list(takewhile(lambda word: word.startswith(start), after))
