"""Invalid input of a caller: everything that is wrong, each with its place."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing that is wrong. `place` counts from 0 (`operations[2]`); empty, it means the whole request."""

    place: str
    code: str
    message: str


class InvalidInput(Exception):
    """Input that has no answer. Its text is the first detail's, with the number of details if there are several."""

    def __init__(self, details: Iterable[Detail]):
        self.details = tuple(details)
        place, message = self.details[0].place, self.details[0].message
        number, first = len(self.details), f"{place}: {message}" if place else message
        super().__init__(first if number == 1 else f"{number} things are wrong. The first: {first}")
