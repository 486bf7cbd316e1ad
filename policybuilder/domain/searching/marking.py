"""What of a text a search found, to be marked there."""

import re
from collections.abc import Iterator

_LEAST_BEGINNING = 4  # letters; shorter words are marked where they stand by themselves: nat, and not in native
_RUN = re.compile(r"[^\W_]+")
_HUMP = re.compile(r"[A-Z]+s?(?![a-z])|[A-Z]?[a-z]+|[^\W_]")

Pieces = Iterator[tuple[str, bool]]


class Marks:
    """Words that are marked where a word of a text, or a part of a name such as addNics, is or begins like one of them;
    what is no mere word is marked wherever it stands."""

    def __init__(self, words: tuple[str, ...]):
        plain = [word for word in words if word.isalnum()]
        self._words = frozenset(plain)
        self._beginnings = tuple(word for word in plain if len(word) >= _LEAST_BEGINNING)
        literals = sorted((word for word in words if word and not word.isalnum()), key=len, reverse=True)
        self._literals = re.compile(f"({'|'.join(map(re.escape, literals))})", re.IGNORECASE) if literals else None

    def pieces(self, text: str) -> Pieces:
        parts = self._literals.split(text) if self._literals else [text]
        for at, part in enumerate(parts):
            if at % 2:
                yield part, True
            else:
                yield from self._in_words(part)

    def _in_words(self, text: str) -> Pieces:
        done = 0
        for start, end in self._found(text):
            if start > done:
                yield text[done:start], False
            yield text[start:end], True
            done = end
        if done < len(text):
            yield text[done:], False

    def _found(self, text: str) -> Iterator[tuple[int, int]]:
        for run in _RUN.finditer(text):
            if length := self._marked(run[0]):
                yield run.start(), run.start() + length
                continue
            for hump in _HUMP.finditer(text, run.start(), run.end()):
                if length := self._marked(hump[0]):
                    yield hump.start(), hump.start() + length

    def _marked(self, piece: str) -> int:
        """How many of its letters, from the first one on."""
        lower = piece.lower()
        if lower in self._words:
            return len(piece)
        if not lower.startswith(self._beginnings):
            return 0
        lengths = {len(word) for word in self._beginnings if lower.startswith(word)}
        return max(lengths - {length for length in lengths if _parts_hump(piece, length)}, default=max(lengths))


def _parts_hump(piece: str, length: int) -> bool:
    """Whether what is marked would end with the first letter of a part: deleteS, of deleteServers."""
    return piece[length - 1].isupper() and piece[length : length + 1].islower()


def mark(text: str, words: tuple[str, ...]) -> Pieces:
    """`text` in pieces, each with whether it is to be marked: "A disk", ("disk",) -> ("A ", False), ("disk", True)."""
    if words:
        yield from Marks(words).pieces(text)
    elif text:
        yield text, False
