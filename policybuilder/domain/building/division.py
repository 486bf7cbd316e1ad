"""One policy in several, whatever it is divided by: which Denies each part keeps.

An explicit Deny beats every Allow, so a part without a Deny of the whole could allow what the whole does not. Hence a
Deny stands, as it is written, in each part that allows something it touches; one that touches nothing has to stand in
one part at least, since it is meant for other policies of the same people. Then no part allows what the whole does not,
and together they allow what it does: what each allows is dealt out by whoever divides.
Source: IAM, "an explicit Deny beats any Allow; with neither, access is denied".
"""

from collections.abc import Iterable, Sequence

from policybuilder.domain.access.statement_index import StatementIndex
from policybuilder.domain.catalog.name_index import NameIndex
from policybuilder.domain.policy.document import Statement
from policybuilder.domain.policy.reading import is_action


class Denials:
    """The Denies of a policy by their numbers, and which of them touch what is allowed.

    What cannot be read may mean anything. None stands for a statement with something of that kind: a Deny that touches
    everything, an Allow that every Deny touches.
    """

    def __init__(self, denies: Sequence[Statement | None]) -> None:
        self._clear = {number: deny for number, deny in enumerate(denies) if deny is not None}
        self._numbers = tuple(self._clear)
        self._index = StatementIndex(tuple(self._clear.values()))
        self._touching: dict[str, frozenset[int]] = {}
        self._all = frozenset(range(len(denies)))
        self.unclear = self._all - self._clear.keys()

    def dealt(self, parts: Sequence[Iterable[Statement | None]]) -> list[frozenset[int]]:
        """Those that stand in each part, for parts that are granted in different places, by what each part allows.

        One that touches nothing stands in all of them: nobody knows where what it is meant for is granted.
        """
        touching = [frozenset[int]().union(*map(self.touching, allows)) for allows in parts]
        nowhere = self._all.difference(*touching)
        return [found | nowhere for found in touching]

    def touching(self, allow: Statement | None) -> frozenset[int]:
        if allow is None:
            return self._all
        named = (number for name in allow.actions for number in self.touching_name(name))
        return self.unclear.union(named, self._touching_all_but(allow.not_actions))

    def touching_name(self, name: str) -> frozenset[int]:
        """Those that touch an action, or something that a wildcard covers; all, where it is neither."""
        found = self._touching.get(name)
        if found is None:
            concerned = self._index.concerned(name) if is_action(name) else range(len(self._numbers))
            found = self._touching[name] = self.unclear.union(self._numbers[at] for at in concerned)
        return found

    def _touching_all_but(self, excepted: Sequence[str]) -> frozenset[int]:
        spared = NameIndex.of(excepted)
        return frozenset(
            number
            for number, deny in self._clear.items()
            if excepted and (deny.not_actions or any(name not in spared for name in deny.actions))
        )
