"""The requests that a statement's conditions and resources let through, as limits that imply one another or not.

A limit is a test of the values of one key: at least one of them, or every one, is in a set. For a request without the
key, it holds under some readings of the manual, all or none (`READINGS`). The opposite of such a limit is one as well.
So "within these limits that one holds, too" is the same as "these limits and its opposite contradict each other", which
`value_sets` can prove. It is a proof for every request and every reading, a key of several values included. What is not
proven counts as not so.

A test that has no certain meaning implies nothing but itself, and so does a test of numbers, times or Booleans for a
key of which nothing else says that its values can be read as such.
Source: IAM user manual, "Policy Syntax", conditions.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import product

from policybuilder.domain.policy.condition_terms import CURRENT_TIME, KeyType, Operator, parse_operator
from policybuilder.domain.policy.document import Condition, Statement
from policybuilder.domain.work import Spend

from .conditions import without_meaning
from .text_sets import Resources
from .value_sets import Presence, Values, apart, passing

LOOK = 8  # steps that it takes to deal with a limit, whatever its values
_RESOURCE = "Resource"  # no key of a condition, since those are in lower case here
_TIME = CURRENT_TIME.casefold()

# The undocumented cases: a negated operator, ForAllValues, and both at once, where the request lacks the key. A reading
# says of each case whether the test holds.
_CASES = (("", True), ("ForAllValues", False), ("ForAllValues", True))
Reading = tuple[bool, ...]
READINGS: frozenset[Reading] = frozenset(product((False, True), repeat=len(_CASES)))


@dataclass(frozen=True, slots=True)
class Limit:
    """Every value of `key` is in the set, or at least one is. `absent`: the readings under which the limit also holds
    for a request without the key."""

    key: str
    every: bool
    values: Values
    absent: frozenset[Reading]

    @property
    def depends_on_reading(self) -> bool:
        return bool(self.absent) and self.absent != READINGS

    @property
    def has_type(self) -> bool:
        """Whether it compares values of a type that not every text can be read as."""
        return self.values.kind not in (KeyType.STRING, KeyType.PRESENCE, None)

    def opposite(self) -> "Limit":
        return Limit(self.key, not self.every, self.values.complement(), READINGS - self.absent)


@dataclass(frozen=True, slots=True)
class Limits:
    """All of them together. `opaque` are conditions without a certain meaning.

    `unclear`: there is more that cannot be read, so that nothing is known to lie within.
    """

    limits: frozenset[Limit] = frozenset()
    opaque: frozenset[Condition] = frozenset()
    unclear: bool = False

    @classmethod
    def of(cls, statement: Statement) -> "Limits":
        limits = [limit_of(condition) for condition in statement.conditions]
        opaque = [_ordered(each) for each, limit in zip(statement.conditions, limits, strict=True) if limit is None]
        if statement.resources:
            limits.append(Limit(_RESOURCE, every=False, values=Resources.of(statement.resources), absent=frozenset()))
        unclear = any(not each.operator for each in opaque) or "" in statement.resources
        return cls(frozenset(limit for limit in limits if limit), frozenset(opaque), unclear)

    def both(self, other: "Limits") -> "Limits":
        return Limits(self.limits | other.limits, self.opaque | other.opaque, self.unclear or other.unclear)

    def beside(self, limit: Limit) -> "Limits":
        return Limits(self.limits | {limit}, self.opaque, self.unclear)


def limit_of(condition: Condition) -> Limit | None:
    """None where the condition has no certain meaning."""
    operator = parse_operator(condition.operator)
    if operator is None or without_meaning(condition, operator):
        return None
    key = condition.key.casefold()
    if operator.type is KeyType.PRESENCE:
        wanted = {value.lower() for value in condition.values}
        absent = READINGS if "true" in wanted else frozenset()
        return Limit(key, every=True, values=Presence("false" in wanted), absent=absent)
    every = operator.negated if not operator.prefix else operator.prefix == "ForAllValues"
    return Limit(key, every, passing(operator, condition.values), _holding_without_key(operator))


def _holding_without_key(operator: Operator) -> frozenset[Reading]:
    """The readings under which the test holds for a request that lacks the key."""
    known = operator.holds_without_key
    if known is not None:
        return READINGS if known else frozenset()
    case = _CASES.index((operator.prefix, operator.negated))
    return frozenset(reading for reading in READINGS if reading[case])


def contradict(
    limits: Collection[Limit], spend: Spend, *, single: bool = False, readings: frozenset[Reading] = READINGS
) -> bool:
    """Whether it is proven that limits of one key never hold together, under any of the readings.

    `single`: the key has one value at a time.
    """
    absent = readings.intersection(*(limit.absent for limit in limits))
    if absent and not any(limit.key == _TIME for limit in limits):
        return False
    every = [limit.values for limit in limits if limit.every]
    some = [limit.values for limit in limits if not limit.every]
    if single or not some:
        return apart([*every, *some], spend)
    return any(apart([values, *every], spend) for values in some)


class Reasoning:
    """What follows from limits under all of the `readings`, remembered.

    `typed`: as if every value of a key could be read as the type that its limits compare.
    """

    def __init__(self, spend: Spend, readings: frozenset[Reading] = READINGS, *, typed: bool = False) -> None:
        self._spend = spend
        self._readings = readings
        self._typed = typed
        self._by_key: dict[Limits, dict[str, frozenset[Limit]]] = {}
        self._contradicting: dict[frozenset[Limit], bool] = {}

    def never_hold(self, limits: Limits) -> bool:
        return any(map(self._contradict, self._grouped(limits).values()))

    def outside(self, limits: Limits, other: Limits) -> list[Limits]:
        """Limits for the requests within `limits` that are perhaps not within the other: for none, an empty list."""
        if other.unclear or not other.opaque <= limits.opaque:
            return [limits]
        found = []
        for limit in other.limits - limits.limits:
            around = self._grouped(limits).get(limit.key, frozenset())
            if not (self._typed or _is_readable(limit, around)):
                return [limits]
            if not self._contradict(around | {limit.opposite()}):
                found.append(limits.beside(limit.opposite()))
        return found

    def _grouped(self, limits: Limits) -> dict[str, frozenset[Limit]]:
        found = self._by_key.get(limits)
        if found is None:
            self._spend(LOOK * len(limits.limits))
            listed: dict[str, list[Limit]] = {}
            for limit in limits.limits:
                listed.setdefault(limit.key, []).append(limit)
            found = self._by_key[limits] = {key: frozenset(each) for key, each in listed.items()}
        return found

    def _contradict(self, limits: frozenset[Limit]) -> bool:
        self._spend(LOOK)
        found = self._contradicting.get(limits)
        if found is None:
            self._spend(LOOK * len(limits))
            found = self._contradicting[limits] = contradict(limits, self._spend, readings=self._readings)
        return found


def _is_readable(limit: Limit, around: Iterable[Limit]) -> bool:
    """Whether the values of the key can surely be read as what the limit compares: all of them, if it compares all."""
    alike = (other for other in around if other.values.kind is limit.values.kind)
    return not limit.has_type or any(other.every or not limit.every for other in alike)


def _ordered(condition: Condition) -> Condition:
    """In a form in which equal conditions are equal."""
    return Condition(condition.operator, condition.key.casefold(), tuple(sorted(set(condition.values))))
