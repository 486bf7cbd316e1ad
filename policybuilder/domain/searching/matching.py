"""What the words of a search stand for in an index, and which entries meet all of them.

A word is met by itself or a form of it, by what it means (synonyms), and by words that it begins; where there is none
of these, by a part of a word, and at last by words that differ from it as a slip of the keyboard does. What has a
colon, a slash or a brace is a part of a name or an address, and is met as it stands.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from .index import SAID_OF_ANYTHING, STOP_WORDS, TITLE, Entry, Index
from .synonyms import SURE, Meanings, Phrase, Synonyms
from .words import beginning_with, fold, stem, words_of

MOST_WORDS = 24  # that count of a search; the longest title has 40
_LONGEST = 40  # letters of a word that is compared with others

# How many letters a word has at least …
_LEAST_BEGINNING = 1  # that begins others
_SURE_BEGINNING = 4  # that does though it stands by itself, too: nat is not meant as native
_LEAST_PART = 4  # that is a part of others
_LEAST_TOGETHER = 6  # that can be two
_LEAST_SLIP, _LEAST_TWO_SLIPS = 4, 8  # that is mistyped, twice

_LITERAL = frozenset(":/{}*=")
_EITHER = re.compile(r"[^\W\d_]+(?:/[^\W\d_]+)+")  # ak/sk, start/stop: words, and no path
_METHODS = frozenset(("get", "post", "put", "patch", "delete", "head", "options"))

# What a match counts of a whole word's.
_SERVICE, _TOGETHER = 0.97, 0.85  # the short name of a service that is written out; two words written as one
_BEGUN, _BEGUN_LENGTH, _PART, _SLIP, _TWO_SLIPS = 0.5, 0.2, 0.35, 0.5, 0.4
_NEAR = 70  # percent of two words that are alike
_ASKED = 0.6  # a word that asks, of what it means


@dataclass(frozen=True, slots=True)
class Query:
    """The words of a search: those that are compared as words, folded, and the parts of names and addresses."""

    words: tuple[str, ...]
    literals: tuple[str, ...]

    @staticmethod
    def of(words: Iterable[str]) -> "Query":
        given = [fold(word) for word in words][: 4 * MOST_WORDS]
        texts = [part for text in given for part in (text.split("/") if _EITHER.fullmatch(text) else [text])]
        called = any("/" in text or "=" in text for text in texts)
        literals = [text for text in texts if not _LITERAL.isdisjoint(text) or (called and text in _METHODS)]
        plain = [word for text in texts if text not in literals for word in words_of(text)]
        if not plain and not literals:
            literals = texts
        kept = tuple(dict.fromkeys(plain))[:MOST_WORDS]
        return Query(kept, tuple(dict.fromkeys(literals))[:MOST_WORDS])


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to meet a word: stems that all have to stand in an entry, and what that counts."""

    phrase: Phrase
    quality: float
    whole: bool = True  # and not a part of a word only


@dataclass(slots=True)
class Match:
    """`scores`: number of an entry that meets every word -> points, 10 for each word that stands in its title.

    `qualities`: stem that a word of the search can be met by -> how well. `stems` are those of which all forms are to
    be marked, `marks` the words that are to be, as texts have them.
    `loosely`: what words mean only perhaps counts, and what is said of anything need not be met.
    """

    scores: dict[int, float] = field(default_factory=dict)
    qualities: dict[str, float] = field(default_factory=dict)
    stems: set[str] = field(default_factory=set)
    marks: set[str] = field(default_factory=set)
    unmet: list[str] = field(default_factory=list)
    loosely: bool = False


class Matcher:
    """Finds the entries of an index that meet a query, with what its words mean."""

    def __init__(self, index: Index, synonyms: Synonyms):
        self._index = index
        self._synonyms = synonyms
        phrases = dict(synonyms.phrases)
        for title, short in index.service_names.items():
            phrases[title] = {**phrases.get(title, {}), (short,): _SERVICE}
        self._phrases = sorted(phrases.items(), key=lambda phrase: -len(phrase[0]))
        known = frozenset(index.words)
        told = (word for word in index.words if index.is_told(word))
        self._slips = [word for word in told if len(word) >= _LEAST_SLIP and word.isalpha()]
        self._slips += [word for word in synonyms.words if len(word) >= _LEAST_SLIP and word not in known]

    def match(self, query: Query) -> Match:
        """What meets every word; where that is nothing, what does loosely."""
        match = self._match(query, loosely=False)
        return match if match.scores else self._match(query, loosely=True)

    def ways(self, query: Query) -> list[tuple[str, frozenset[Phrase]]]:
        """Each word that has to be met, with the phrases of stems of which one meets it in place of itself."""
        match = Match()
        told = [
            (word, frozenset(each.phrase for each in self._alternatives(word, match)))
            for word in _told(query.words, match)
        ]
        return told + [(literal, frozenset()) for literal in query.literals]

    def nearest(self, words: Iterable[str], most: int) -> tuple[str, ...]:
        """Words that look like these and find something, the nearest first."""
        found: dict[str, float] = {}
        for word in words:
            near = process.extract(word[:_LONGEST], self._slips, scorer=fuzz.ratio, score_cutoff=_NEAR, limit=most)
            for other, ratio, _ in near:
                if other not in found and _begins_alike(word, other) and self.finds(other):
                    found[other] = ratio
        return tuple(sorted(found, key=lambda word: (-found[word], word))[:most])

    def likely(self, word: str) -> list[str]:
        """The words that are one slip away, or two from a long one, from a word that no text has and nobody says.

        Not those that it begins, or ends with something more: these it finds as it stands.
        """
        folded = fold(word)
        if not (folded.isalpha() and _LEAST_SLIP <= len(folded) <= _LONGEST):
            return []
        if self._index.stem_of(folded) or self._synonyms.of_word(folded) or self._synonyms.of_german_word(folded):
            return []
        near = self._near(folded)
        return [each for each, _ in near if not each.startswith(folded) and not folded.startswith(each)]

    def _near(self, word: str) -> list[tuple[str, float]]:
        """The everyday words that slips make of it, each with how many."""
        most = 2 if len(word) >= _LEAST_TWO_SLIPS else 1
        near = process.extract(word, self._slips, scorer=OSA.distance, score_cutoff=most, limit=None)
        return [
            (each, distance)
            for each, distance, _ in near
            if _begins_alike(word, each) and not each.startswith(_opposites(word))
        ]

    def finds(self, word: str) -> bool:
        """Whether a word by itself is met."""
        return bool(self._match(Query((word,), ()), loosely=False).scores)

    def _match(self, query: Query, *, loosely: bool) -> Match:
        match = Match(loosely=loosely)
        terms = sorted(self._terms(query, match), key=lambda term: len(term[0]))
        if not terms or not terms[0][0]:
            return match
        found = dict.fromkeys(terms[0][0], 0.0)
        for scores, count in terms:
            found = {number: score + scores[number] * count for number, score in found.items() if number in scores}
        counted = sum(count for _, count in terms)
        match.scores = {number: score / counted for number, score in found.items()}
        return match

    def _terms(self, query: Query, match: Match) -> Iterator[tuple[dict[int, float], int]]:
        """The scores of each word, phrase, and of all literals together, with how many words they stand for."""
        if query.literals:
            match.marks.update(query.literals)
            yield self._literal_scores(query.literals), len(query.literals)
        words = list(query.words)
        stems = {self._index.stem_of(word) or stem(word): word for word in words}
        for phrase, meant in self._phrases:
            if phrase <= stems.keys() and all(stems[each] in words for each in phrase):
                inside = [stems[each] for each in phrase]
                words = [word for word in words if word not in inside]
                yield self._phrase_scores(_told(inside, match), meant, match), len(inside)
        told = _told(words, match)
        if not told and len(words) == len(query.words) and not query.literals:
            told = words
        for word in told:
            scores = self._word_scores(word, match)
            if not scores:
                match.unmet.append(word)
            yield scores, 1
        self._ask([word for word in words if word in STOP_WORDS], match)

    def _ask(self, words: Iterable[str], match: Match) -> None:
        """Who and how many tell what is wanted, though no text need say so."""
        for word in words:
            for phrase, quality in self._synonyms.of_word(word).items():
                for each in phrase:
                    match.qualities[each] = max(quality * _ASKED, match.qualities.get(each, 0.0))

    def _phrase_scores(self, words: Iterable[str], meant: Meanings, match: Match) -> dict[int, float]:
        each = [self._word_scores(word, match) for word in words]
        scores = _mean(each) if each else {}
        self._add(_as_meant(meant, match), scores, match)
        return scores

    def _word_scores(self, word: str, match: Match) -> dict[int, float]:
        scores: dict[int, float] = {}
        self._add(self._alternatives(word, match), scores, match)
        return scores

    def _alternatives(self, word: str, match: Match) -> list[Alternative]:
        own = self._index.stem_of(word)
        found = [] if own is None else [Alternative((own,), 1.0)]
        found += _as_meant(self._synonyms.of_word(word) or ({} if own else self._synonyms.of_german_word(word)), match)
        told = self._index.is_told(word) or len(found) > (own is not None)
        if len(word) >= (_SURE_BEGINNING if told else _LEAST_BEGINNING) and word not in self._index.short_names:
            found += self._begun(word, match) or ([] if found else self._said(word, match))
        return found or self._together(word) or self._parts(word, match) or self._slipped(word, match)

    def _begun(self, word: str, match: Match) -> list[Alternative]:
        begun = self._index.beginning_with(word)
        match.marks.update(begun if len(word) < _SURE_BEGINNING else [word] if begun else [])
        return [
            Alternative((each,), _BEGUN + _BEGUN_LENGTH * len(word) / len(whole), whole=False)
            for each, whole in self._index.stems_of(begun).items()
        ]

    def _said(self, word: str, match: Match) -> list[Alternative]:
        """What is meant by the words that people are about to say."""
        if len(word) < _SURE_BEGINNING:
            return []
        said = beginning_with(word, self._synonyms.words)
        meant = [each for other in said for each in _as_meant(self._synonyms.of_word(other), match)]
        return [Alternative(each.phrase, each.quality * _BEGUN) for each in meant]

    def _together(self, word: str) -> list[Alternative]:
        """Two words that are written as one: filesystem."""
        if not _LEAST_TOGETHER <= len(word) <= _LONGEST:
            return []
        for at in range(3, len(word) - 2):
            first, second = word[:at], word[at:]
            if self._index.is_told(first) and self._index.is_told(second):
                stems = self._index.stem_of(first), self._index.stem_of(second)
                return [Alternative(tuple(each for each in stems if each), _TOGETHER)]
        return []

    def _parts(self, word: str, match: Match) -> list[Alternative]:
        if not _LEAST_PART <= len(word) <= _LONGEST:
            return []
        having = [other for other in self._index.with_part(word) if not other.startswith(_opposites(word))]
        match.marks.update(having)
        return [Alternative((each,), _PART, whole=False) for each in self._index.stems_of(having)]

    def _slipped(self, word: str, match: Match) -> list[Alternative]:
        """The nearest words, where they are near enough."""
        if not _LEAST_SLIP <= len(word) <= _LONGEST:
            return []
        near = self._near(word)
        least = min((distance for _, distance in near), default=0)
        quality = _SLIP if least == 1 else _TWO_SLIPS
        found: list[Alternative] = []
        for other, distance in near:
            if distance == least:
                own = self._index.stem_of(other)
                found += [Alternative((own,), quality)] if own else []
                found += [
                    Alternative(each.phrase, each.quality * quality)
                    for each in _as_meant(self._synonyms.of_word(other), match)
                ]
        return found

    def _add(self, alternatives: Iterable[Alternative], scores: dict[int, float], match: Match) -> None:
        for alternative in alternatives:
            quality = alternative.quality
            match.stems.update(alternative.phrase if alternative.whole else ())
            for each in alternative.phrase:
                match.qualities[each] = max(quality, match.qualities.get(each, 0.0))
            places: list[dict[int, float]] = [dict(self._index.places(each)) for each in alternative.phrase]
            for number, weight in (places[0] if len(places) == 1 else _mean(places)).items():
                score, known = weight * quality, scores.get(number)
                if known is None or known < score:
                    scores[number] = score

    def _literal_scores(self, literals: tuple[str, ...]) -> dict[int, float]:
        """Those in whose title and names, and in one call, all of them stand; a whole name counts most."""
        scores: dict[int, float] = {}
        longest = max(literals, key=len)
        for number, entry in enumerate(self._index.entries):
            if not (_stands(longest, entry.text) or _stands(longest, entry.calls_together)):
                continue
            for call in entry.calls or ("",):
                if all(_stands(each, entry.text) or _stands(each, call) for each in literals):
                    scores[number] = max(_literal_score(longest, entry, call), scores.get(number, 0.0))
        return scores


def _begins_alike(word: str, other: str) -> bool:
    """Whether the first letter is the same, or slipped by one place: billing is not meant as killing."""
    return other[0] in word[:2] or other[1] == word[0]


def _stands(literal: str, text: str) -> bool:
    """Whether it is a part of a text; in what can be an action, a star is for anything."""
    if "*" not in literal or ":" not in literal:
        return literal in text
    at = 0
    for part in literal.split("*"):
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return True


def _literal_score(literal: str, entry: Entry, call: str) -> float:
    if literal in entry.names:
        return TITLE * (1.0 - 0.1 * min(len(entry.names) - 1, 5))
    shares = (len(literal) / len(text) for text in (call, *entry.names) if literal in text)
    return TITLE * 0.7 * max(shares, default=0.5)


def _told(words: Iterable[str], match: Match) -> list[str]:
    """Those that have to be met."""
    told = [word for word in words if word not in STOP_WORDS]
    return [word for word in told if word not in SAID_OF_ANYTHING] or told if match.loosely else told


def _opposites(word: str) -> tuple[str, ...]:
    return tuple(f"{start}{word}" for start in ("un", "de", "dis", "non"))


def _as_meant(meanings: Meanings, match: Match) -> list[Alternative]:
    return [Alternative(phrase, quality) for phrase, quality in meanings.items() if quality >= SURE or match.loosely]


def _mean(each: Sequence[Mapping[int, float]]) -> dict[int, float]:
    """The entries that all have, with the mean of their scores."""
    shared = set.intersection(*map(set, each))
    return {number: sum(scores[number] for scores in each) / len(each) for number in shared}
