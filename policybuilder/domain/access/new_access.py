"""Whether a change of a policy gives new access: "yes" is proven too, by a request that shows it, the witness.

Access that `comparison` cannot prove to be old is not thereby new. So requests are tried, made of the keys and values
that the conditions of both policies name: one that the policy after allows and the one before refuses is new access.
Both answers must be certain: a witness holds in every reading of the open questions about absent keys. Without a
witness, nothing is proven. A statement for some resources gives no witness, because the documentation says of some
services only that they honour resources.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, combinations, islice, pairwise, product

from policybuilder.domain.catalog.action_names import is_wildcard
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.policy.condition_terms import (
    CURRENT_TIME,
    GLOBAL_KEYS,
    KeyType,
    global_key,
    is_readable,
    parse_operator,
)
from policybuilder.domain.policy.document import Condition, Document
from policybuilder.domain.work import Spend, Work, WorkSpentError

from .conditions import Context, read_value
from .decisions import Answer
from .evaluation import Evaluator, GrantedPolicy, Project, Request

MOST_ACTIONS = 40  # of those that may be gained
MOST_VALUES = 6  # of one condition
MOST_CHOICES = 24  # of one key
MOST_PAIRED = 4  # of the values around those that conditions name
MOST_CONTEXTS = 300
MOST_STEPS = 25_000
_EARLY, _LATE = "0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z"

_Given = tuple[str, ...]  # the values of one key; none where it is absent
_Values = dict[str, _Given]  # by key


class NewAccess(StrEnum):
    """`NO` and `YES` are proven. NOT_PROVEN: access may be new, and no request is known that shows it."""

    NO = "no"
    YES = "yes"
    NOT_PROVEN = "not_proven"


@dataclass(frozen=True, slots=True)
class Witness:
    """A request that the policy after allows and the one before refuses.

    `known`: the catalogue has the action. `context`: each key that matters with its values, none where the request must
    lack the key; the other keys do not matter. Sorted by key; a service's key is in lower case.
    """

    action: str
    known: bool
    project: Project
    context: tuple[tuple[str, _Given], ...] = ()


def find_witness(
    catalog: Catalog,
    documents: tuple[Document, Document],
    levels: tuple[Level | None, Level | None],
    gained: Iterable[str],
) -> Witness | None:
    """A witness for one of the `gained` actions, known ones first; None where none is found in bounded work."""
    actions = [name for name in gained if not is_wildcard(name)]
    actions.sort(key=lambda name: catalog.action_index.action(name) is None)
    if not actions:
        return None
    try:
        return _Search(catalog, documents, levels).first(actions[:MOST_ACTIONS])
    except WorkSpentError:
        return None


class _Search:
    """Raises WorkSpentError."""

    def __init__(
        self, catalog: Catalog, documents: tuple[Document, Document], levels: tuple[Level | None, Level | None]
    ):
        self._work = Work(MOST_STEPS)
        self._catalog = catalog
        self._old, self._new = (
            Evaluator(catalog, [GrantedPolicy("", document, Project.IAM, level=level)], self._work)
            for document, level in zip(documents, levels, strict=True)
        )
        self._contexts = _contexts(
            self._work.spend, [each.conditions for one in reversed(documents) for each in one.statements]
        )

    def first(self, actions: Sequence[str]) -> Witness | None:
        for context, values in islice(self._contexts, MOST_CONTEXTS):
            for action in actions:
                if self._shows(action, context):
                    known = self._catalog.action_index.action(action) is not None
                    return Witness(action, known, Project.IAM, tuple(sorted(self._needed(action, values).items())))
        return None

    def _shows(self, action: str, context: Context) -> bool:
        request = Request(action, Project.IAM, context)
        return self._new.evaluate(request).decision is Answer.ALLOWED and not self._old.may_allow(request)

    def _needed(self, action: str, values: _Values) -> _Values:
        """The values without those of keys that do not matter, as far as the work allows."""
        needed = values
        for key in values:
            fewer = {other: given for other, given in needed.items() if other != key}
            try:
                self._work.spend(1 + len(fewer))
                if self._shows(action, Context.of(fewer)):
                    needed = fewer
            except WorkSpentError:
                break
        return needed


def _contexts(spend: Spend, tests: Sequence[Sequence[Condition]]) -> Iterator[tuple[Context, _Values]]:
    """Each value of the keys of each statement, beside other keys that are absent, or have some value, or another.

    `tests` are the conditions of each statement.
    """
    spend(sum(map(len, tests)))
    found: defaultdict[str, list[Condition]] = defaultdict(list)
    for condition in chain.from_iterable(tests):
        found[_spelled(condition.key)].append(condition)
    choices = {key: _choices(key, conditions) for key, conditions in found.items()}
    backgrounds = [{key: _background(key, given, at) for key, given in choices.items()} for at in range(3)]
    own = [{_spelled(condition.key): choices[_spelled(condition.key)] for condition in each} for each in tests]
    seen = set()
    for values in chain([{}], backgrounds, _of_statements(own, backgrounds)):
        spend(1 + len(values))
        context = Context.of(values)
        if context not in seen:
            seen.add(context)
            yield context, values


def _of_statements(own: Sequence[dict[str, list[_Given]]], backgrounds: Sequence[_Values]) -> Iterator[_Values]:
    most = max((len(given) for choices in own for given in choices.values()), default=0)
    for background, number in product(backgrounds, range(most)):
        for choices in own:
            if any(number < len(given) for given in choices.values()):
                yield background | {key: given[number % len(given)] for key, given in choices.items()}


def _spelled(key: str) -> str:
    """One spelling for each key: a global key's own, else lower case, as keys are compared."""
    return global_key(key) or key.casefold()


def _background(key: str, choices: Sequence[_Given], at: int) -> _Given:
    """The key is absent, or has its first value, or its last. The time is never absent."""
    if at == 0:
        return (_LATE,) if key == CURRENT_TIME else ()
    return choices[0] if at == 1 else choices[-1]


def _choices(key: str, conditions: Iterable[Condition]) -> list[_Given]:
    """Values of a key: those that its conditions name, others around them, and two at once if it can have several."""
    named: defaultdict[KeyType, list[str]] = defaultdict(list)
    for condition in conditions:
        operator = parse_operator(condition.operator)
        kind = operator.type if operator else KeyType.STRING
        if kind is KeyType.PRESENCE:
            named[GLOBAL_KEYS.get(key, KeyType.STRING)] += []
        else:
            named[kind] += [value for value in condition.values[:MOST_VALUES] if is_readable(value, kind)]
    found: list[_Given] = []
    for kind, values in named.items():
        single = list(dict.fromkeys(values))[:MOST_CHOICES]
        around = [value for value in _around(kind, single) if value not in single]
        found += ((value,) for value in [*single, *around])
        if key not in GLOBAL_KEYS:
            found[-1:-1] = combinations([*single[:1], *around[-MOST_PAIRED:]], 2)
    return found


def _around(kind: KeyType, named: Sequence[str]) -> list[str]:
    """Values beside and between those that conditions name; the last is the most unlike."""
    match kind:
        case KeyType.NUMBER:
            return [*_between(kind, named), "-" + "9" * 30, "9" * 30]
        case KeyType.DATE:
            return [*_between(kind, named), _EARLY, _LATE]
        case KeyType.BOOLEAN:
            return ["true", "false"]
    near = [each for value in named[:1] for each in (value.swapcase(), f"{value}-other", f"other-{value}")]
    return [*near, "other"]


def _between(kind: KeyType, named: Iterable[str]) -> Iterator[str]:
    """The middle of each two neighbours among the numbers or times."""
    for low, high in pairwise(sorted(read_value(value, kind) for value in named)):
        middle = low + (high - low) / 2
        text = f"{middle:f}" if kind is KeyType.NUMBER else middle.isoformat()
        if is_readable(text, kind):
            yield text
