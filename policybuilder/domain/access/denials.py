"""Jobs that a Deny leaves open: it denies an operation, and another operation that does the same job is not denied.

A Deny denies an operation when it names all own actions of the operation, or one that authorises nothing else. The
other operation counts as denied when each call of it is: by an own action or by a dependency, wherever the Deny applies
(see `access.evaluation`). A Deny with `NotAction` lists what it leaves open, and a wildcard for a whole service means
that service: neither leaves a job open, but both count for other statements.

An action can authorise several jobs. Once each way of one of these jobs is denied, its actions are explained by that
job: nothing says that the others were meant as well.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from policybuilder.domain.catalog.action_names import action_key
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Operation
from policybuilder.domain.catalog.scope import Goal, works_at
from policybuilder.domain.policy.document import Effect, Statement
from policybuilder.domain.work import Work

from .operations import Concerned

_WHOLE_SERVICE = ":*:*"

Expand = Callable[[str], Iterable[str] | None]  # the catalogue's actions that a name covers; None: not looked at


@dataclass(frozen=True, slots=True)
class OpenJob:
    """A denied operation, and the operations that do its job and are not denied with it, in the catalogue's order."""

    denied: Operation
    ways: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Closing:
    """`actions` that deny some operations in addition, and the other operations that these actions deny."""

    actions: tuple[str, ...]
    others: tuple[Operation, ...]


class Denials:
    """What the Deny statements among `statements` deny together. A statement is named by its number, from 0.

    `expand` looks names up. Where there is `work`, comparisons are paid for out of it, and methods raise
    WorkSpentError.
    """

    def __init__(
        self,
        catalog: Catalog,
        statements: Sequence[Statement],
        goal: Goal = Goal.UNDECIDED,
        *,
        expand: Expand | None = None,
        work: Work | None = None,
    ):
        self._catalog = catalog
        self._statements = statements
        self._by_limits: dict[_Limits, list[Statement]] = {}
        for at, statement in enumerate(statements):
            if statement.effect is Effect.DENY:
                self._by_limits.setdefault(_limits(at, statement), []).append(statement)
        self._goal = goal
        self._expand = expand or catalog.action_index.expand
        self._work = work
        self._concerned: dict[_Limits, Concerned] = {}

    def left_open(self, at: int) -> tuple[OpenJob, ...]:
        """The jobs that statement `at` leaves open, in the catalogue's order of the denied operations."""
        names = (name for name in self._statements[at].actions if not name.endswith(_WHOLE_SERVICE))
        keys = {action_key(each) for name in names for each in self._expand(name) or ()}
        together = self._together(at)
        rows = {row.id: row for key in keys for row in self._catalog.needs.operations_by_action.get(key, ())}
        order = (id_ for id_ in self._catalog.needs.other_ways if id_ in rows)
        denied = [row for id_ in order if self._is_meant(row := rows[id_], keys, together)]
        jobs = [OpenJob(row, self._open(row, together)) for row in denied]
        closed = [job.denied for job in jobs if not job.ways]
        explained = {key for row in closed for each in (row, *self._ways(row)) for key in _own_keys(each)}
        return tuple(job for job in jobs if job.ways and not (_own_keys(job.denied) & keys) <= explained)

    def open_ways(self, at: int, id_: str) -> tuple[Operation, ...]:
        """The operations that do the job of `id_` and are not denied wherever statement `at` applies."""
        return self._open(self._catalog.operation(id_), self._together(at))

    def closing(self, at: int, jobs: Iterable[OpenJob]) -> Closing:
        """The fewest further actions for statement `at` that deny each open way of the jobs.

        Of an operation that needs several actions, the one is taken that authorises the fewest operations.
        """
        listed = list(jobs)
        ways = list({way.id: way for job in listed for way in job.ways}.values())
        found: dict[str, str] = {}
        for way in sorted(ways, key=lambda each: len(each.all_actions())):
            if found.keys().isdisjoint(_own_keys(way)):
                found |= {action_key(name): name for name in self._least(way)}
        wanted = {row.id for job in listed for row in (job.denied, *job.ways)}
        actions = tuple(sorted(found.values()))
        added, together = Concerned([Statement(Effect.DENY, actions)]), self._together(at)
        touched = {row.id: row for key in sorted(found) for row in self._catalog.needs.operations_needing.get(key, ())}
        others = (row for id_, row in touched.items() if id_ not in wanted and not _is_denied(row, together))
        return Closing(actions, tuple(row for row in others if _is_denied(row, added)))

    def _ways(self, row: Operation) -> Iterator[Operation]:
        """The other operations of the same job that have an effect at the goal."""
        ways = map(self._catalog.operation, self._catalog.needs.other_ways.get(row.id, ()))
        return (way for way in ways if works_at(way, self._goal))

    def _open(self, row: Operation, together: Concerned) -> tuple[Operation, ...]:
        return tuple(way for way in self._ways(row) if not _is_denied(way, together))

    def _is_meant(self, row: Operation, keys: set[str], together: Concerned) -> bool:
        by_action = self._catalog.needs.operations_by_action
        alone = any(key in keys and len(by_action[key]) == 1 for key in _own_keys(row))
        return alone or all(map(together.whole, row.all_actions()))

    def _least(self, way: Operation) -> list[str]:
        choices = [way.actions] if way.actions else [option.actions for option in way.options]
        by_action = self._catalog.needs.operations_by_action
        return [min(names, key=lambda name: len(by_action[action_key(name)])) for names in choices if names]

    def _together(self, at: int) -> Concerned:
        """The statements that apply to each request that statement `at` applies to, itself included."""
        limits = _limits(at, self._statements[at])
        if limits not in self._concerned:
            if self._work:
                self._work.spend(len(self._by_limits))
            covering = [s for other, group in self._by_limits.items() if other.cover(limits) for s in group]
            if self._work:
                self._work.spend(sum(len(statement.actions) for statement in covering))
            self._concerned[limits] = Concerned(covering, self._work)
        return self._concerned[limits]


@dataclass(frozen=True, slots=True)
class _Limits:
    """The requests that a statement applies to: all `tests` hold, for one of the `resources`, or for each without any.

    `unreadable` is the number of a statement with a condition or resource that nobody can read, else None.
    """

    tests: frozenset[tuple[str, str, frozenset[str]]]
    resources: frozenset[str]
    unreadable: int | None

    def cover(self, other: "_Limits") -> bool:
        """Whether a statement with these limits applies wherever one with the `other` limits does."""
        if self.unreadable is not None:
            return self == other
        everywhere = not self.resources or (bool(other.resources) and other.resources <= self.resources)
        return everywhere and self.tests <= other.tests


def _limits(at: int, statement: Statement) -> _Limits:
    unreadable = "" in statement.resources or any(not condition.operator for condition in statement.conditions)
    tests = frozenset((c.operator, c.key.casefold(), frozenset(c.values)) for c in statement.conditions)
    return _Limits(tests, frozenset(statement.resources), at if unreadable else None)


def _is_denied(row: Operation, denied: Concerned) -> bool:
    """Whether each call is refused; of several options, whichever is used."""
    if any(map(denied.whole, (*row.actions, *row.dependencies))):
        return True
    ways = [(*option.actions, *option.dependencies) for option in row.options]
    return bool(ways) and all(any(map(denied.whole, names)) for names in ways)


def _own_keys(row: Operation) -> set[str]:
    return {action_key(name) for name in row.all_actions()}
