"""The values that pass a test of a condition, or the resources that a statement is for, as sets that can be compared.

A set is a union of what its values stand for, or everything but that. The one question is whether several sets have
nothing in common. "Yes" is a proof; "no" may only mean that none was found, as with two patterns of text that meet
in the middle. All the time that an answer takes is paid for through `Spend`.
Source: IAM user manual, "Policy Syntax", conditions and resources.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Self

from policybuilder.domain.policy.condition_terms import KeyType, Operator
from policybuilder.domain.work import Spend

from .conditions import read_value
from .text_sets import Resources, Texts

Cut = tuple[Any, ...]  # between two values, or at an end: see `_before`

_LOWEST, _HIGHEST = (-1,), (1,)


@dataclass(frozen=True, slots=True)
class Presence:
    """Every value, or none."""

    whole: bool
    kind = KeyType.PRESENCE

    def complement(self) -> "Presence":
        return Presence(not self.whole)

    @classmethod
    def apart(cls, sets: Sequence[Self], spend: Spend) -> bool:
        return not all(each.whole for each in sets)

    @property
    def size(self) -> int:
        return 1


@dataclass(frozen=True, slots=True)
class Flags:
    """Of “true” and “false”."""

    values: frozenset[str]
    kind = KeyType.BOOLEAN

    def complement(self) -> "Flags":
        return Flags(frozenset({"true", "false"}) - self.values)

    @classmethod
    def apart(cls, sets: Sequence[Self], spend: Spend) -> bool:
        return not frozenset.intersection(*(each.values for each in sets))

    @property
    def size(self) -> int:
        return 1


@dataclass(frozen=True, slots=True)
class Spans:
    """Numbers, or points in time, from one cut to another; the spans are sorted and have gaps between them."""

    kind: KeyType
    spans: tuple[tuple[Cut, Cut], ...]

    def complement(self) -> "Spans":
        cuts = [_LOWEST, *(cut for span in self.spans for cut in span), _HIGHEST]
        gaps = zip(cuts[::2], cuts[1::2], strict=True)
        return Spans(self.kind, tuple((low, high) for low, high in gaps if low < high))

    @classmethod
    def apart(cls, sets: Sequence[Self], spend: Spend) -> bool:
        kinds = {each.kind for each in sets}
        return any(not common([each for each in sets if each.kind is kind]).spans for kind in kinds)

    @property
    def size(self) -> int:
        return len(self.spans)

    @property
    def bounds(self) -> tuple[Any, Any] | None:
        """The lowest and the highest value, included or not; None where an end is open or there is no value."""
        if not self.spans or self.spans[0][0] == _LOWEST or self.spans[-1][1] == _HIGHEST:
            return None
        return self.spans[0][0][1], self.spans[-1][1][1]


Values = Presence | Flags | Spans | Texts | Resources


def passing(operator: Operator, wanted: Iterable[str]) -> Values:
    """The single values that pass the test, of those that can be read; `wanted` are readable values of its type."""
    base = operator.base.replace("Not", "")
    found: Values
    match operator.type:
        case KeyType.STRING:
            found = Texts.of(base, wanted)
        case KeyType.BOOLEAN:
            found = Flags(frozenset(value.lower() for value in wanted))
        case _:
            found = _united(operator.type, (_span(base, read_value(value, operator.type)) for value in wanted))
    return found.complement() if "Not" in operator.base else found


def apart(sets: Iterable[Values], spend: Spend) -> bool:
    """Whether it is proven that no value is in all of the sets. Those of different types say nothing of each other."""
    for type_, group in groupby(sorted(sets, key=lambda each: type(each).__name__), key=type):
        found = list(group)
        spend(sum(each.size for each in found))
        if type_.apart(found, spend):  # type: ignore[attr-defined]
            return True
    return False


def common(sets: Sequence[Spans]) -> Spans:
    """What is in all of the sets, which are of one type."""
    outside = [span for each in sets for span in each.complement().spans]
    return _united(sets[0].kind, outside).complement()


def _before(value: Any) -> Cut:
    return (0, value, 0)


def _after(value: Any) -> Cut:
    return (0, value, 1)


def _span(base: str, value: Any) -> tuple[Cut, Cut]:
    match base.removeprefix("Number").removeprefix("Date"):
        case "LessThan":
            return _LOWEST, _before(value)
        case "LessThanEquals":
            return _LOWEST, _after(value)
        case "GreaterThan":
            return _after(value), _HIGHEST
        case "GreaterThanEquals":
            return _before(value), _HIGHEST
    return _before(value), _after(value)


def _united(kind: KeyType, spans: Iterable[tuple[Cut, Cut]]) -> Spans:
    united: list[tuple[Cut, Cut]] = []
    for low, high in sorted(spans):
        if united and low <= united[-1][1]:
            united[-1] = (united[-1][0], max(united[-1][1], high))
        else:
            united.append((low, high))
    return Spans(kind, tuple(united))
