"""Sets of texts: those that pass a test of a condition, and the resources that a statement is for.

`value_sets` says what is asked of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self

from policybuilder.domain.policy.condition_terms import KeyType
from policybuilder.domain.work import Spend

Glob = tuple[str, ...]  # single characters, ONE and ANY

MOST_SIGNS = 60_000  # of one pattern times those of another; of longer ones nothing is proven
ANY, ONE = "any characters", "one character"


@dataclass(frozen=True, slots=True)
class Texts:
    """`folded` are texts in whatever case, by their folded form. `negated`: all texts but these."""

    exact: frozenset[str]
    folded: frozenset[str] = frozenset()
    globs: frozenset[Glob] = frozenset()
    negated: bool = False
    kind = KeyType.STRING

    @classmethod
    def of(cls, base: str, values: Iterable[str]) -> "Texts":
        """Those that pass a positive operator for one of the values."""
        if base == "StringEquals":
            return cls(frozenset(values))
        if base == "StringEqualsIgnoreCase":
            return cls(frozenset(), frozenset(value.casefold() for value in values))
        globs = {_glob(base, value) for value in values}
        exact = {glob for glob in globs if ANY not in glob and ONE not in glob}
        return cls(frozenset("".join(glob) for glob in exact), globs=frozenset(globs - exact))

    def complement(self) -> "Texts":
        return replace(self, negated=not self.negated)

    @property
    def size(self) -> int:
        return len(self.exact) + len(self.folded) + len(self.globs)

    @classmethod
    def apart(cls, sets: Sequence[Self], spend: Spend) -> bool:
        """Whether of one set each part lies outside of another one, or nothing is in one at all."""
        if any(each.negated and (ANY,) in each.globs for each in sets):
            return True
        return any(
            not each.negated and each._is_outside([other for other in sets if other is not each], spend)
            for each in sets
        )

    def _is_outside(self, others: Sequence[Self], spend: Spend) -> bool:
        return (
            all(any(other._lacks_text(text, spend) for other in others) for text in self.exact)
            and all(any(other._lacks_folded(text, spend) for other in others) for text in self.folded)
            and all(any(other._lacks_glob(glob, spend) for other in others) for glob in self.globs)
        )

    def _lacks_text(self, text: str, spend: Spend) -> bool:
        if text in self.exact or text.casefold() in self.folded:
            return self.negated
        signs = tuple(text)
        if self.negated:
            return any(_surely_covers(glob, signs, spend) for glob in self.globs)
        return not any(_may_cover(glob, signs, spend) for glob in self.globs)

    def _lacks_folded(self, folded: str, spend: Spend) -> bool:
        if folded in self.folded:
            return self.negated
        if self.negated or self.globs:
            return False
        spend(len(self.exact))
        return all(text.casefold() != folded for text in self.exact)

    def _lacks_glob(self, glob: Glob, spend: Spend) -> bool:
        if self.negated:
            return glob in self.globs or any(_surely_covers(wider, glob, spend) for wider in self.globs)
        if self.folded:
            return False
        spend(len(self.globs))
        return all(_ends_differ(glob, other) for other in self.globs) and not any(
            _may_cover(glob, tuple(text), spend) for text in self.exact
        )


@dataclass(frozen=True, slots=True)
class Resources:
    """URIs, each as its positions. "*" stands for all of a position, and in the path for any characters."""

    uris: frozenset[tuple[str, ...]]
    negated: bool = False
    kind = None

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Resources":
        return cls(frozenset(tuple(text.split(":", 4)) for text in texts))

    def complement(self) -> "Resources":
        return replace(self, negated=not self.negated)

    @property
    def size(self) -> int:
        return len(self.uris)

    @classmethod
    def apart(cls, sets: Sequence[Self], spend: Spend) -> bool:
        """Whether each URI of one set lies within one that is excepted. Different ones may be of one resource."""
        excepted = [uri for each in sets if each.negated for uri in each.uris]
        return any(
            all(any(_lies_within(uri, wider, spend) for wider in excepted) for uri in each.uris)
            for each in sets
            if not each.negated
        )


def covers(pattern: Glob, inside: Glob) -> bool:
    """Whether every text that fits `inside` fits `pattern`, too. Without ANY and ONE, `inside` is one text.

    No sign of a pattern but ANY takes up an ANY, and what it takes up, it takes up whatever stands in its place. The
    leftmost place that fits is taken, and given up for one further to the right where what follows does not fit.
    """
    at = place = again = 0
    star = -1
    while place < len(inside):
        sign = pattern[at] if at < len(pattern) else ""
        if sign == ANY:
            star, again = at, place
            at += 1
        elif inside[place] != ANY and sign in (ONE, inside[place]):
            at += 1
            place += 1
        elif star >= 0:
            again += 1
            at, place = star + 1, again
        else:
            return False
    return all(sign == ANY for sign in pattern[at:])


def glob_of(pattern: str) -> Glob:
    """A pattern of a condition: "*" stands for any characters, "?" for one."""
    return tuple([ANY if sign == "*" else ONE if sign == "?" else sign for sign in pattern])


def _glob(base: str, value: str) -> Glob:
    if base == "StringStartWith":
        return (*value, ANY)
    if base == "StringEndWith":
        return (ANY, *value)
    return glob_of(value)


def _surely_covers(pattern: Glob, inside: Glob, spend: Spend) -> bool:
    signs = len(pattern) * len(inside)
    spend(1 + min(signs, MOST_SIGNS) // 16)
    return signs <= MOST_SIGNS and covers(pattern, inside)


def _may_cover(pattern: Glob, inside: Glob, spend: Spend) -> bool:
    signs = len(pattern) * len(inside)
    spend(1 + min(signs, MOST_SIGNS) // 16)
    return signs > MOST_SIGNS or covers(pattern, inside)


def _ends_differ(one: Glob, other: Glob) -> bool:
    """Whether the fixed beginnings of two patterns disagree, or their fixed ends."""
    return _start_differs(one, other) or _start_differs(one[::-1], other[::-1])


def _start_differs(one: Glob, other: Glob) -> bool:
    for sign, opposite in zip(one, other, strict=False):
        if ANY in (sign, opposite):
            return False
        if ONE not in (sign, opposite) and sign != opposite:
            return True
    return False


def _lies_within(uri: tuple[str, ...], wider: tuple[str, ...], spend: Spend) -> bool:
    spend(1)
    if len(uri) != len(wider):
        return False
    *positions, path = uri
    *wider_positions, wider_path = wider
    fits = all(other in ("*", one) for one, other in zip(positions, wider_positions, strict=True))
    return fits and (path == wider_path or _surely_covers(_stars(wider_path), _stars(path), spend))


def _stars(path: str) -> Glob:
    return tuple(ANY if sign == "*" else sign for sign in path)
