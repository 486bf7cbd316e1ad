"""What IAM answers to a call, and how the answers to its actions make up one.

DENIED is worse than NOT_ALLOWED, and that worse than ALLOWED. Of actions that are needed together the worst answer
counts, of several ways to do the same the best one. Where something is not known, every answer that is still possible
is kept, with the statements that would make it: several are a decision that depends.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial, reduce

Place = tuple[int, int]  # of a statement: its policy, and where it stands in that policy, both from 0


class Answer(StrEnum):
    ALLOWED = "allowed"
    DENIED = "denied"  # by a statement
    NOT_ALLOWED = "not_allowed"  # by none, the implicit denial
    DEPENDS = "depends"


@dataclass(frozen=True, slots=True)
class Decision:
    """`because` are the statements that made it, sorted; none made a NOT_ALLOWED. One that depends names those that
    would make each of the answers that it can come to.

    Only of one that depends: `missing_keys`, sorted, are those whose values may tell, and `reasons`, sorted, say in
    sentences what no value can tell. `missing_actions`, sorted, are the actions of an operation that are denied or not
    allowed whatever is not known.
    """

    decision: Answer
    because: tuple[Place, ...] = ()
    missing_keys: tuple[str, ...] = ()
    missing_actions: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Possible:
    """Every answer that is possible, never DEPENDS, with the statements that would make it.

    `missing_keys` and `reasons` are those of a decision, should there be several answers.
    """

    answers: Mapping[Answer, frozenset[Place]]
    missing_keys: frozenset[str] = frozenset()
    reasons: frozenset[str] = frozenset()

    def decide(self, missing_actions: Iterable[str] = ()) -> Decision:
        because = tuple(sorted(frozenset[Place]().union(*self.answers.values())))
        missing = tuple(sorted(missing_actions))
        if len(self.answers) == 1:
            (answer,) = self.answers
            return Decision(answer, because, missing_actions=missing)
        return Decision(Answer.DEPENDS, because, tuple(sorted(self.missing_keys)), missing, tuple(sorted(self.reasons)))


def worst(possibles: Iterable[Possible]) -> Possible:
    """Of actions that are needed together. For none of them there is nothing to allow."""
    return reduce(partial(_combined, ranks=_WORST_FIRST), possibles, Possible({Answer.ALLOWED: frozenset()}))


def best(possibles: Iterable[Possible]) -> Possible:
    """Of several ways to do the same, at least one."""
    return reduce(partial(_combined, ranks=_BEST_FIRST), possibles)


_WORST_FIRST = {Answer.DENIED: 0, Answer.NOT_ALLOWED: 1, Answer.ALLOWED: 2}
_BEST_FIRST = {Answer.ALLOWED: 0, Answer.NOT_ALLOWED: 1, Answer.DENIED: 2}


def _combined(one: Possible, other: Possible, ranks: Mapping[Answer, int]) -> Possible:
    """Every pair of answers is taken to be possible, which errs towards a decision that depends."""
    answers: dict[Answer, frozenset[Place]] = {}
    for answer, places in one.answers.items():
        for rival, others in other.answers.items():
            if answer is rival:
                chosen, makers = answer, places | others
            else:
                chosen, makers = (answer, places) if ranks[answer] < ranks[rival] else (rival, others)
            answers[chosen] = answers.get(chosen, frozenset()) | makers
    return Possible(answers, one.missing_keys | other.missing_keys, one.reasons | other.reasons)
