"""How much may be read, compared and written for one request, so that no text that somebody sends takes long.

Counted are steps, some tenths of a microsecond to a microsecond each: looks of one name or pattern at another, and the
characters of long ones; values that are read and repairs that are made; characters of texts that are written many
times. Whoever reads, compares or writes is given the work as an argument.
"""

from collections.abc import Callable

MOST_STEPS = 250_000  # for one request; some tenths of a second
CHARACTERS_A_STEP = 8  # of what is written: 2 MB for one request

Spend = Callable[[int], None]  # steps; raises WorkSpentError


class WorkSpentError(Exception):
    """There is more to read, compare or write than the work allows."""


class Work:
    """An amount of work that may be done. `spent`: some was refused."""

    def __init__(self, amount: int = MOST_STEPS) -> None:
        self.left = amount
        self.spent = False

    def take(self, amount: int) -> bool:
        """Whether so much is left; then it is gone."""
        if self.left < amount:
            self.spent = True
            return False
        self.left -= amount
        return True

    def spend(self, amount: int) -> None:
        """Raises WorkSpentError where not so much is left."""
        if self.left < amount:
            self.spent = True
            raise WorkSpentError
        self.left -= amount

    def write(self, text: str) -> str:
        """The text, once it is paid for. Raises WorkSpentError."""
        self.spend(len(text) // CHARACTERS_A_STEP)
        return text
