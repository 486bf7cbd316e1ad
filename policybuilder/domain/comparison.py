"""What a change of a policy gives and takes: for certain, or possibly.

Nothing is found out by trying. An Allow brings no new access where the policy before allows all of it, under no further
condition, and where whatever that policy denied of it is still denied. That is a proof for every request and for every
action, those of tomorrow's catalogue included. What it cannot settle counts as new access: a wildcard that only several
Allows of the other side cover together, or one of today's actions that are all allowed one by one; conditions that are
not the same but may come to it. Equal conditions are, whatever the order of their values and the case of their keys.

The policies are compared by themselves. Beside others, a Deny that goes can let through what these allow; such actions
are told apart, as `no_longer_denied`. Source: IAM, "an explicit Deny beats any Allow; with neither, access is denied".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from .access import Concerned
from .catalog import Catalog, Operation, Option
from .document import Document, Effect, Statement
from .matching import ActionSet, action_key, is_wildcard, matches, overlap

EVERYTHING = "*:*:*"


@dataclass(frozen=True, slots=True)
class Difference:
    """`operations` are ids in the catalogue's order, `actions` the ones behind them and others, sorted.

    Beside the catalogue's actions and the unknown ones that the policies name, these hold every wildcard that goes
    beyond what the other side allows; "*:*:*" stands for a NotAction that does.
    """

    operations: tuple[str, ...]
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`gained` is what may be allowed after and not before, `lost` the other way round.

    Under conditions an action can be in both: once for other requests than before, once no more for those.
    `no_longer_denied` are the actions and wildcards, named as in a Difference, some Deny of which went or shrank.
    """

    gained: Difference
    lost: Difference
    no_longer_denied: tuple[str, ...]

    @property
    def no_new_access(self) -> bool:
        """Proven: whatever the request, what the policy after allows, the one before allowed, too."""
        return not self.gained.actions


def compare(catalog: Catalog, before: Document, after: Document) -> Comparison:
    old, new = _Side(before), _Side(after)
    return Comparison(
        gained=_gained(catalog, old, new),
        lost=_gained(catalog, new, old),
        no_longer_denied=_named(catalog, old, new, (part for part in old.denies if not part.is_within(new.denies))),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """One action or wildcard of a statement, or what its NotAction leaves, under the statement's limits.

    `limits` are its conditions and its resources, each of which takes something away. None: they cannot be read, so
    nothing is known to be within this part, though this may be within others.
    """

    name: str
    excepted: tuple[str, ...]
    limits: frozenset[object] | None

    def is_within(self, others: Iterable["_Part"]) -> bool:
        """Whether one of the others holds for every action and request for which this one does."""
        return any(self._is_within(other) for other in others)

    def _is_within(self, other: "_Part") -> bool:
        if other.limits is None or not (other.limits <= (self.limits or frozenset()) and matches(other.name, self.name)):
            return False
        own = ActionSet.of(self.excepted)
        return all(name in own or not overlap(name, self.name) for name in other.excepted)

    def meets(self, other: "_Part") -> bool:
        """Whether they may have an action in common."""
        if not overlap(self.name, other.name):
            return False
        return self.name not in ActionSet.of(other.excepted) and other.name not in ActionSet.of(self.excepted)
