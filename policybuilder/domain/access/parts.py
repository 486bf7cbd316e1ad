"""What a policy allows or denies, as parts: an action, a wildcard or all but some actions, within limits.

Whether some parts cover another one is proven piece by piece: what one part leaves of it, because of its limits or its
exceptions, has to be covered by the others.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from policybuilder.domain.catalog.action_names import covers_part, is_wildcard, overlap
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.catalog.name_index import NameIndex
from policybuilder.domain.policy.document import Statement
from policybuilder.domain.work import Work

from .limits import Limits, Reasoning

EVERYTHING = "*:*:*"
MOST_PIECES = 24  # into which the limits of one part are divided
EXCEPTION = 6  # steps that it takes to compare it with a wildcard
MOST_DEPTH = 2  # exceptions within exceptions


class Exceptions:
    """The names that a NotAction leaves out."""

    def __init__(self, names: tuple[str, ...] = (), work: Work | None = None):
        self.names = names
        self._index = NameIndex.of(names, work)

    def __len__(self) -> int:
        return len(self.names)

    def __contains__(self, name: str) -> bool:
        """Whether all of the name is excepted."""
        return bool(self.names) and name in self._index


NOTHING_EXCEPTED = Exceptions()


@dataclass(frozen=True, slots=True)
class Part:
    """One action or wildcard of a statement, or all but some, for the requests within the statement's limits."""

    name: str
    excepted: Exceptions
    limits: Limits

    @property
    def weight(self) -> int:
        """How many steps a look at it takes."""
        return 1 + len(self.limits.limits) + len(self.limits.opaque)

    @property
    def empty(self) -> bool:
        """Whether all of it is excepted."""
        return self.name in self.excepted

    def under(self, other: "Part") -> "Part":
        """This part, for the requests only that are within the other's limits, too."""
        return Part(self.name, self.excepted, self.limits.both(other.limits))

    def meets(self, other: "Part") -> bool:
        """Whether they may have an action in common."""
        return overlap(self.name, other.name) and self.name not in other.excepted and other.name not in self.excepted

    def gaps(self, other: "Part") -> list[str]:
        """Names for all that this part, whose name covers the other's, excepts of the other."""
        if other.name in self.excepted:
            return [other.name]
        if not is_wildcard(other.name):
            return []
        return [name for name in self.excepted.names if name not in other.excepted and overlap(name, other.name)]


class Services:
    """All services, or the services of one `level`: the services that a policy applies to.

    A service that the catalogue does not have may be of either level. `known` leaves it out; otherwise it counts.
    """

    def __init__(self, catalog: Catalog, level: Level | None = None, *, known: bool = False):
        self._catalog = catalog
        self.level = level
        self._known = known
        prefixes = {prefix: service.level for service in catalog.services for prefix in service.prefixes}
        self._own = sorted(prefix for prefix in prefixes if prefixes[prefix] is level)
        self._others = sorted(prefixes.keys() - self._own)

    def divided(self, name: str, excepted: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The share of a name, less its exceptions, that is about these services: names, each with its exceptions."""
        service, _, rest = name.partition(":")
        level = self._catalog.prefixes.level_of(name)
        if self.level in (None, level):
            yield name, excepted
        elif is_wildcard(service) and self._known:
            yield from ((f"{prefix}:{rest}", excepted) for prefix in self._own if covers_part(service, prefix))
        elif is_wildcard(service):
            others = (f"{prefix}:*:*" for prefix in self._others if covers_part(service, prefix))
            yield name, (*excepted, *others)
        elif level is None and not self._known:
            yield name, excepted


class Parts:
    """The parts of all statements of one effect; those of a single action are found by its name."""

    def __init__(self, statements: Iterable[Statement], services: Services, work: Work, reasoning: Reasoning):
        self._work = work
        self.reasoning = reasoning
        self.all = [part for statement in statements for part in _parts(statement, services, work)]
        self._index = NameIndex(((part.name, part) for part in self.all), work)

    def covering(self, part: Part) -> Iterator[Part]:
        """Those whose name covers the part's."""
        for candidate in self._index.covering(part.name):
            exceptions = len(candidate.excepted)
            self._work.spend(candidate.weight + (EXCEPTION * exceptions if is_wildcard(part.name) else exceptions))
            yield candidate

    def meeting(self, part: Part) -> Iterator[Part]:
        for candidate in self._index.overlapping(part.name):
            self._work.spend(candidate.weight + len(candidate.excepted))
            if candidate.meets(part):
                yield candidate


def covered(part: Part, *by: Parts, depth: int = MOST_DEPTH) -> bool:
    """Whether it is proven that all of the part lies within those parts together."""
    reasoning = by[0].reasoning
    if part.empty or reasoning.never_hold(part.limits):
        return True
    pieces = [part.limits]
    for candidate in _whole_first(part, by):
        gaps = candidate.gaps(part)
        if gaps and (not depth or part.name in gaps):
            continue
        if not all(covered(Part(gap, part.excepted, part.limits), *by, depth=depth - 1) for gap in gaps):
            continue
        left = [rest for piece in pieces for rest in reasoning.outside(piece, candidate.limits)]
        if not left:
            return True
        if len(left) <= MOST_PIECES:
            pieces = left
    return False


def _whole_first(part: Part, by: Iterable[Parts]) -> list[Part]:
    """The parts whose name covers the part's, those without exceptions and with few limits first."""
    found = [candidate for parts in by for candidate in parts.covering(part)]
    return sorted(found, key=lambda each: (len(each.excepted), len(each.limits.limits)))


def _parts(statement: Statement, services: Services, work: Work) -> Iterator[Part]:
    limits = Limits.of(statement)
    exceptions: dict[tuple[str, ...], Exceptions] = {(): NOTHING_EXCEPTED}
    whole: list[tuple[str, tuple[str, ...]]] = [(name, ()) for name in statement.actions]
    if statement.not_actions:
        whole.append((EVERYTHING, statement.not_actions))
    for name, excepted in whole:
        for share, without in services.divided(name, excepted):
            if without not in exceptions:
                exceptions[without] = Exceptions(without, work)
            yield Part(share, exceptions[without], limits)
