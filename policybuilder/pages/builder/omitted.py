"""What a button that selects several operations left out, and how an address says it to those without JavaScript."""

import re
from dataclasses import dataclass

from policybuilder.domain.catalog.scope import Goal

KEY = "omitted"
_NUMBERS = re.compile(r"(\d{1,5})-([1-9]\d{0,4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Omitted:
    """How many operations it selected, and how many it left out since they have no effect at the goal."""

    selected: int
    left_out: int

    @classmethod
    def read(cls, text: str) -> "Omitted | None":
        """None for anything that `written` does not write."""
        found = _NUMBERS.fullmatch(text)
        return cls(*map(int, found.groups())) if found else None

    @property
    def written(self) -> str:
        return f"{self.selected}-{self.left_out}"


def omitted_in_words(omitted: Omitted | None, goal: Goal) -> str:
    """11 selected; 27 left out: no effect in enterprise projects; "" where nothing was."""
    if omitted is None or goal is Goal.UNDECIDED:
        return ""
    return f"{omitted.selected} selected; {omitted.left_out} left out: no effect in {goal.place}."
