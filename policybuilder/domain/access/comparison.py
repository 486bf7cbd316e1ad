"""What a change of a policy gives and takes: for certain, or possibly.

Nothing is found out by trying. An Allow brings no new access where one Allow of the policy before covers all of it,
under no further condition, and all that this policy denied of it is still denied. That is a proof for every request and
for every action, those of tomorrow's catalogue included. What it cannot settle counts as new access: a wildcard against
a list of all the actions that it matches today, or against several wildcards that cover it only together; conditions
that are not the same but may come to it. The order of a condition's values and the case of its key make no difference.

The work is bounded: policies that take more than MOST_STEPS are refused rather than answered late.

The policies are compared by themselves. Beside others, a Deny that goes can let through what those allow: these actions
are told apart, as `no_longer_denied`. Source: IAM, "an explicit Deny beats any Allow; with neither, access is denied".
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from policybuilder.domain.catalog.action_names import action_key, is_wildcard, matches, overlap
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.name_index import Budget, BudgetSpentError, Looks, NameIndex
from policybuilder.domain.policy.document import Condition, Document, Effect, Statement

from .decisions import Answer, Decision
from .evaluation import Evaluator, GrantedPolicy, Project, Request

EVERYTHING = "*:*:*"
MOST_STEPS = 400_000  # looks of one action or wildcard at another; about half a second


class TooMuchToCompareError(Exception):
    """Two policies would take more than MOST_STEPS. The text is for the user."""

    def __init__(self) -> None:
        super().__init__(
            "The two policies hold more wildcards and exceptions, or more of them under conditions, than can be"
            " compared at once. Compare them in parts, a service at a time."
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """`operations` are ids in the catalogue's order; `actions`, sorted, those behind them and others.

    Beside actions of the catalogue and unknown ones that the policies name, these are the wildcards that reach beyond
    the other side, as a whole; "*:*:*" stands for a NotAction that does.
    """

    operations: tuple[str, ...]
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`gained` is what may be allowed after and not before, `lost` the other way round.

    Under conditions an action can be in both: it may be allowed for other requests than before.
    `no_longer_denied` are the actions, as in a Difference, that were denied and are not, or under further conditions.
    """

    gained: Difference
    lost: Difference
    no_longer_denied: tuple[str, ...]

    @property
    def no_new_access(self) -> bool:
        """Proven: whatever the request, what the policy after allows, the one before allowed, too."""
        return not self.gained.actions


def compare(catalog: Catalog, before: Document, after: Document) -> Comparison:
    """Raises TooMuchToCompareError."""
    try:
        return _compared(catalog, before, after)
    except BudgetSpentError:
        raise TooMuchToCompareError from None


def _compared(catalog: Catalog, before: Document, after: Document) -> Comparison:
    work = _Work(MOST_STEPS)
    old, new = _Policy(catalog, before, work), _Policy(catalog, after, work)
    names = _Names(catalog, (before, after), work)
    return Comparison(
        gained=_gained(catalog, names, old, new),
        lost=_gained(catalog, names, new, old),
        no_longer_denied=names.among(old.denies, lambda part: not new.denies.cover(part)),
    )


def _gained(catalog: Catalog, names: "_Names", old: "_Policy", new: "_Policy") -> Difference:
    """An operation counts when it may be allowed, was not whatever the request, and one of its actions is gained."""
    actions = names.among(new.allows, lambda part: not _is_settled(part, old, new))
    gained = NameIndex.of(actions)
    return Difference(
        operations=tuple(
            id_
            for id_, operation in catalog.operations.items()
            if any(_concerns(gained, name) for name in operation.names())
            and not new.decide(id_).missing_actions
            and old.decide(id_).decision is not Answer.ALLOWED
        ),
        actions=actions,
    )


def _concerns(gained: NameIndex[str], name: str) -> bool:
    """Whether `name` is gained. Of a wildcard that an operation needs, a part is enough."""
    return gained.overlaps(name) if is_wildcard(name) else action_key(name) in gained.values


def _is_settled(part: "_Part", old: "_Policy", new: "_Policy") -> bool:
    """Whether an allowed part brings nothing new: it is denied all the same, or old, with every old Deny in force."""
    if new.denies.cover(part):
        return True
    return old.allows.cover(part) and all(
        new.denies.cover(part.under(denied)) or new.denies.cover(denied.under(part))
        for denied in old.denies.meeting(part)
    )


class _Work(Budget):
    """The steps of one comparison."""

    def spend(self, steps: int) -> None:
        if not self.take(steps):
            raise BudgetSpentError


@dataclass(frozen=True, slots=True)
class _Part:
    """One action or wildcard of a statement, or all but some, for the requests within the statement's limits.

    `limits` are its conditions and resources, each of which takes something away. `unclear`: one cannot be read, so
    that nothing is known to lie within this part.
    """

    name: str
    excepted: tuple[str, ...]
    limits: frozenset[object]
    unclear: bool = False

    @property
    def weight(self) -> int:
        """How many steps a look at it takes."""
        return 1 + len(self.excepted) + len(self.limits)

    def under(self, other: "_Part") -> "_Part":
        """This part, for the requests only that are within the other's limits, too."""
        return _Part(self.name, self.excepted, self.limits | other.limits)

    def covers(self, other: "_Part") -> bool:
        """Whether all of the other lies within this one. Transitive, and true of two parts that are equal and clear."""
        if self.unclear or not (self.limits <= other.limits and matches(self.name, other.name)):
            return False
        if not self.excepted:
            return True
        spared = NameIndex.of(other.excepted)
        return all(name in spared or not overlap(name, other.name) for name in self.excepted)

    def meets(self, other: "_Part") -> bool:
        """Whether they may have an action in common."""
        return (
            overlap(self.name, other.name)
            and self.name not in NameIndex.of(other.excepted)
            and other.name not in NameIndex.of(self.excepted)
        )


class _Parts:
    """The parts of all statements of one effect; those of a single action are found by its name."""

    def __init__(self, statements: Iterable[Statement], work: _Work):
        self._work = work
        self.all = [part for statement in statements for part in _parts(statement)]
        self._index = NameIndex((part.name, part) for part in self.all)
        self._looks = Looks(work)

    def cover(self, part: _Part) -> bool:
        for candidate in self._index.covering(part.name, self._looks):
            self._work.spend(candidate.weight)
            if candidate.covers(part):
                return True
        return False

    def meeting(self, part: _Part) -> Iterator[_Part]:
        for candidate in self._index.overlapping(part.name, self._looks):
            self._work.spend(candidate.weight)
            if candidate.meets(part):
                yield candidate


class _Policy:
    def __init__(self, catalog: Catalog, document: Document, work: _Work):
        self._evaluator = Evaluator(catalog, [GrantedPolicy("", document, Project.IAM)])
        self.allows = _Parts((s for s in document.statements if s.effect is Effect.ALLOW), work)
        self.denies = _Parts((s for s in document.statements if s.effect is Effect.DENY), work)

    def decide(self, operation: str) -> Decision:
        """What the policy decides about an operation where nothing is known of the request."""
        return self._evaluator.evaluate(Request(operation, Project.IAM))


class _Names:
    """The actions to look at one by one: those of the catalogue, and those that the policies name besides."""

    def __init__(self, catalog: Catalog, documents: Iterable[Document], work: _Work):
        self._catalog = catalog
        self._work = work
        written = [n for d in documents for s in d.statements for n in (*s.actions, *s.not_actions)]
        self._spelling = {action_key(name): name for name in sorted(written, reverse=True)}
        self._spelling |= {action_key(name): name for name in catalog.actions}
        self._unknown = [
            name for key, name in self._spelling.items() if not is_wildcard(key) and catalog.action(name) is None
        ]

    def among(self, parts: _Parts, concerned: Callable[[_Part], bool]) -> tuple[str, ...]:
        """The names of the concerned parts, and of all concerned actions within them, sorted."""
        found: set[str] = set()
        for part in parts.all:
            if not concerned(part):
                continue
            found.add(self._spelling.get(action_key(part.name), part.name))
            if is_wildcard(part.name):
                excepted = NameIndex.of(part.excepted)
                inside = (name for name in self._inside(part) if name not in found and name not in excepted)
                found.update(name for name in inside if concerned(_Part(name, (), part.limits, part.unclear)))
        return tuple(sorted(found))

    def _inside(self, part: _Part) -> Iterator[str]:
        self._work.spend((len(self._catalog.actions) + len(self._unknown)) * (1 + len(part.excepted)))
        yield from self._catalog.expand(part.name)
        yield from (name for name in self._unknown if matches(part.name, name))


def _parts(statement: Statement) -> Iterator[_Part]:
    limits = frozenset(_limits(statement))
    unclear = any(not condition.operator for condition in statement.conditions) or "" in statement.resources
    for name in statement.actions:
        yield _Part(name, (), limits, unclear)
    if statement.not_actions:
        yield _Part(EVERYTHING, statement.not_actions, limits, unclear)


def _limits(statement: Statement) -> Iterator[object]:
    """In a form in which equal limits are equal. Of several resources any will do, so that they are one limit."""
    for condition in statement.conditions:
        yield Condition(condition.operator, condition.key.casefold(), tuple(sorted(set(condition.values))))
    if statement.resources:
        yield frozenset(statement.resources)
