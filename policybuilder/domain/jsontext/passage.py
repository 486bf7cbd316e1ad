"""A text made of pieces of another one, which still knows where each of its characters came from.

What a policy was wrapped in goes layer by layer, and each layer makes a new text. People are told the lines and columns
of the text that they pasted, so every place in the last text can be followed back through all of them.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Self, TypeAlias


class Piece(NamedTuple):
    """What stands from `start` to `end` of a text, or `text` in its place."""

    start: int
    end: int
    text: str | None = None


Pieces: TypeAlias = tuple[Piece, ...]


class _Step(NamedTuple):
    """One layer: where each piece begins in the new text, where it was in the one before, and whether it is a copy."""

    starts: list[int]
    origins: list[int]
    copied: list[bool]

    def back(self, at: int) -> int:
        index = bisect_right(self.starts, at) - 1
        return self.origins[index] + (at - self.starts[index] if self.copied[index] else 0)


@dataclass(frozen=True, slots=True)
class Passage:
    """`text` is what the pasted text was made into."""

    text: str
    _steps: tuple[_Step, ...] = ()

    def rebuilt(self, pieces: Iterable[Piece]) -> Self:
        """The text of these pieces of this one, in whatever order they come."""
        step, parts, at = _Step([], [], []), [], 0
        for start, end, text in pieces:
            part = self.text[start:end] if text is None else text
            if part or not step.starts:
                step.starts.append(at)
                step.origins.append(start)
                step.copied.append(text is None)
                parts.append(part)
                at += len(part)
        return type(self)("".join(parts), (*self._steps, step))

    @property
    def wrapped(self) -> bool:
        """Whether it is another text than the pasted one."""
        return bool(self._steps)

    def origin(self, at: int) -> int:
        """Where in the pasted text the character at `at` came from; of one that was added, where that was done."""
        for step in reversed(self._steps):
            at = step.back(at)
        return at


def between(start: int, end: int, changed: Iterable[Piece]) -> Iterator[Piece]:
    """What stands from `start` to `end`, with these pieces, which come in order, in their places."""
    for piece in changed:
        yield Piece(start, piece.start)
        yield piece
        start = piece.end
    yield Piece(start, end)
