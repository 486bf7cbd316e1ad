"""What IAM answers to a call, and how the answers to its actions make up one.

DENIED is worse than NOT_ALLOWED, and that worse than ALLOWED. Of actions that are needed together the worst answer
counts, of several ways to do the same the best one. Where something is not known, every answer that is still possible
is kept, with the statements that would make it: several are a decision that depends.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial, reduce

from .conditions import FAILS, HOLDS, Outcome, every, opposite, some

Place = tuple[int, int]  # of a statement: its policy, and where it stands in that policy, both from 0


class Answer(StrEnum):
    ALLOWED = "allowed"
    DENIED = "denied"  # by a statement
    NOT_ALLOWED = "not_allowed"  # by none, the implicit denial
    DEPENDS = "depends"

    @property
    def refuses(self) -> bool:
        """Whether the call is refused for certain."""
        return self in (Answer.DENIED, Answer.NOT_ALLOWED)


@dataclass(frozen=True, slots=True)
class Decision:
    """`because` are the statements that made it, sorted; none made a NOT_ALLOWED. One that depends names those that
    would make each of the answers that it can come to.

    Only of one that depends: `missing_keys`, sorted, are those whose values can still change it, and `reasons`, sorted,
    say in sentences what no value can tell; there is at least one of either. `missing_actions`, sorted, are the actions
    of an operation that are denied or not allowed whatever is not known, and wildcards of which a part is.
    """

    decision: Answer
    because: tuple[Place, ...] = ()
    missing_keys: tuple[str, ...] = ()
    missing_actions: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Possible:
    """Every answer that is possible, never DEPENDS, with the statements that would make it.

    `denied` and `allowed` say whether the answer is DENIED, and whether it is ALLOWED: each holds where no other answer
    is possible, fails where that one is not, and else names the keys and reasons that decide between it and others.
    """

    answers: Mapping[Answer, frozenset[Place]]
    denied: Outcome = FAILS
    allowed: Outcome = FAILS

    def decide(self, missing_actions: Iterable[str] = ()) -> Decision:
        because = tuple(sorted(frozenset[Place]().union(*self.answers.values())))
        missing = tuple(sorted(missing_actions))
        if len(self.answers) == 1:
            (answer,) = self.answers
            return Decision(answer, because, missing_actions=missing)
        keys = self.denied.missing_keys | self.allowed.missing_keys
        reasons = self.denied.reasons | self.allowed.reasons
        return Decision(Answer.DEPENDS, because, tuple(sorted(keys)), missing, tuple(sorted(reasons)))


NOT_ALLOWED = Possible({Answer.NOT_ALLOWED: frozenset()})
ALLOWED = Possible({Answer.ALLOWED: frozenset()}, allowed=HOLDS)


def unless(said: Answer, outcome: Outcome, places: frozenset[Place], rest: Possible) -> Possible:
    """What comes out where statements say DENIED or ALLOWED if `outcome` holds, and else it is the `rest`.

    What can be missing for the outcome counts only where the rest may come to something else.
    """
    if outcome.holds is False:
        return rest
    makers = places | rest.answers.get(said, frozenset())
    return Possible(
        answers={said: places} if outcome.holds else {**rest.answers, said: makers},
        denied=_unless(outcome, said is Answer.DENIED, rest.denied),
        allowed=_unless(outcome, said is Answer.ALLOWED, rest.allowed),
    )


def worst(possibles: Iterable[Possible]) -> Possible:
    """Of actions that are needed together. For none of them there is nothing to allow."""
    found = _different(possibles)
    if len(found) == 1:
        return found[0]
    return Possible(
        answers=reduce(partial(_combined, ranks=_WORST_FIRST), (each.answers for each in found), ALLOWED.answers),
        denied=some(each.denied for each in found),
        allowed=every(each.allowed for each in found),
    )


def best(possibles: Iterable[Possible]) -> Possible:
    """Of several ways to do the same, at least one."""
    found = _different(possibles)
    return Possible(
        answers=reduce(partial(_combined, ranks=_BEST_FIRST), (each.answers for each in found)),
        denied=every(each.denied for each in found),
        allowed=some(each.allowed for each in found),
    )


def _different(possibles: Iterable[Possible]) -> list[Possible]:
    """Each once: that several actions share one, most often NOT_ALLOWED, changes nothing."""
    return list({id(each): each for each in possibles}.values())


_WORST_FIRST = {Answer.DENIED: 0, Answer.NOT_ALLOWED: 1, Answer.ALLOWED: 2}
_BEST_FIRST = {Answer.ALLOWED: 0, Answer.NOT_ALLOWED: 1, Answer.DENIED: 2}
_Answers = Mapping[Answer, frozenset[Place]]


def _unless(outcome: Outcome, said: bool, rest: Outcome) -> Outcome:
    return some([outcome, rest]) if said else every([opposite(outcome), rest])


def _combined(one: _Answers, other: _Answers, ranks: Mapping[Answer, int]) -> _Answers:
    """Every pair of answers is taken to be possible, which errs towards a decision that depends."""
    answers: dict[Answer, frozenset[Place]] = {}
    for answer, places in one.items():
        for rival, others in other.items():
            if answer is rival:
                chosen, makers = answer, places | others
            else:
                chosen, makers = (answer, places) if ranks[answer] < ranks[rival] else (rival, others)
            answers[chosen] = answers.get(chosen, frozenset()) | makers
    return answers
