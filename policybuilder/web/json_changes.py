"""Which lines of a policy's JSON a change touched, by what they say and not by where they stand."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

MOST_TOUCHED = 100  # lines; where more is new, all of it is to be looked at

# As the console prints a statement and its actions, without the commas at the ends.
_OPENING, _CLOSING = "        {", "        }"
_ACTIONS, _END_OF_ACTIONS = '            "Action": [', "            ]"


class Touched(StrEnum):
    """What was done to a line. `GONE`: something went between it and the next one."""

    NEW = "new"
    GONE = "gone"


@dataclass
class _Statement:
    """The numbers of its lines: of its actions, and of everything else but the signs around these."""

    actions: dict[str, int] = field(default_factory=dict)
    others: dict[int, str] = field(default_factory=dict)

    @property
    def said(self) -> tuple[str, ...]:
        """Its effect, and for whom, where and when it holds."""
        return tuple(self.others.values())

    @property
    def does(self) -> tuple[tuple[str, ...], frozenset[str]]:
        """Its effect, and on which actions."""
        return self.said[:1], frozenset(self.actions)


def touched_lines(before: str, after: str) -> dict[int, Touched]:
    """Line of `after`, counted from 1 -> what was done to it; both are policies as the console prints them.

    Actions are compared among statements that say the same otherwise; a statement that says what none did is compared
    with the one that did the same to the same actions. Nothing where there was no policy before, or too much is new.
    """
    earlier, now = list(_statements(before)), list(_statements(after))
    had, has = _by_what_they_say(earlier), _by_what_they_say(now)
    doing_the_same = {statement.does: statement for statement in earlier}
    found: dict[int, Touched] = {}
    for said, statements in has.items() if earlier else ():
        if said in had:
            found |= _touched_actions(had[said], statements)
            continue
        for statement in statements:
            was = doing_the_same.get(statement.does)
            found |= _new(number for number, text in statement.others.items() if was is None or text not in was.said)
            found |= _new(statement.actions.values() if was is None else ())
    return found if len(found) <= MOST_TOUCHED else {}


def _by_what_they_say(statements: Iterable[_Statement]) -> Mapping[tuple[str, ...], list[_Statement]]:
    found = defaultdict(list)
    for statement in statements:
        found[statement.said].append(statement)
    return found


def _new(numbers: Iterable[int]) -> dict[int, Touched]:
    return dict.fromkeys(numbers, Touched.NEW)


def _touched_actions(before: Sequence[_Statement], after: Sequence[_Statement]) -> dict[int, Touched]:
    numbers = {action: number for statement in after for action, number in statement.actions.items()}
    had = {action for statement in before for action in statement.actions}
    found: dict[int, Touched] = {}
    for statement in before:
        gone, above = False, 0
        for action in statement.actions:
            if number := numbers.get(action, 0):
                found |= {number - 1: Touched.GONE} if gone and not above else {}
                gone, above = False, number
            elif above:
                found[above] = Touched.GONE
            else:
                gone = True
    return found | _new(number for action, number in numbers.items() if action not in had)


def _statements(text: str) -> Iterator[_Statement]:
    statement, among_actions = None, False
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.removesuffix(",")
        if statement is None:
            statement = _Statement() if bare == _OPENING else None
        elif bare == _CLOSING:
            yield statement
            statement = None
        elif bare == _ACTIONS:
            among_actions = True
        elif among_actions and bare == _END_OF_ACTIONS:
            among_actions = False
        elif among_actions:
            statement.actions.setdefault(bare, number)
        else:
            statement.others[number] = bare
