"""A draft: the policy that somebody is building, as values. A link holds it (`link`), nothing else does."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeGuard

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.catalog.scope import Goal

MAX_NAME = 200


@dataclass(frozen=True, slots=True)
class Draft:
    """The blocks of a policy, at least one of them not kept as it is, and the name that it is to have, as it was typed.

    `extra` is a JSON object with what else stands in the document, or "". `goal` is where it is to be granted.
    `partial`: a part of the draft could not be read when it was opened, and the user has not accepted the rest yet. A
    partial draft is shown with a warning and makes no file.
    """

    blocks: tuple[Block, ...] = (Block(),)
    name: str = ""
    extra: str = ""
    goal: Goal = Goal.UNDECIDED
    partial: bool = False

    @classmethod
    def of(cls, selection: Selection, name: str = "") -> "Draft":
        return cls((Block(selection),), name)

    @property
    def selection(self) -> Selection:
        """That of the first block, which most drafts have alone."""
        return self.blocks[0].selection

    @property
    def empty(self) -> bool:
        """Whether it is where everybody begins, but for the name and the goal."""
        return self.blocks == (Block(),) and not self.extra and not self.partial

    def editable(self, at: int) -> int:
        """The block `at`, or where that is not there or kept as it is, the first that the tree can edit."""
        if 0 <= at < len(self.blocks) and not self.blocks[at].kept:
            return at
        return next(number for number, block in enumerate(self.blocks) if not block.kept)

    def with_block(self, at: int, block: Block) -> "Draft":
        return replace(self, blocks=(*self.blocks[:at], block, *self.blocks[at + 1 :]))


def with_editable(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks, and an empty one where all of them are kept as they are."""
    given = tuple(blocks)
    return given if any(not block.kept for block in given) else (*given, Block())


def is_text(value: object) -> TypeGuard[str]:
    """Whether it is a text that can be written: without lone surrogates and NUL."""
    return isinstance(value, str) and "\0" not in value and not any("\ud800" <= c <= "\udfff" for c in value)


def clean_name(text: str) -> str:
    """A name as typed, on one line, without control characters, at most MAX_NAME characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:MAX_NAME]
