"""What the tests of a statement's conditions come to: PB044 to PB046.

Findings about what can never hold are proofs (`access.limits`): for every request, as far as its values can be read.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import combinations
from typing import NamedTuple

from policybuilder.domain.access.limits import Limit, contradict, limit_of
from policybuilder.domain.access.value_sets import Spans, common
from policybuilder.domain.findings import Severity, Wording
from policybuilder.domain.jsontext.nodes import String
from policybuilder.domain.policy.condition_terms import CURRENT_TIME, IF_EXISTS, Operator, global_key
from policybuilder.domain.policy.condition_words import NOT_DAILY
from policybuilder.domain.policy.document import Condition, Effect
from policybuilder.domain.policy.reading import StatementView, texts
from policybuilder.domain.work import WorkSpentError

from .iam_conditions import Use, uses_of
from .own_conditions import SYNTAX
from .rule import PolicySubject, Remark, Rule

MOST_PAIRED = 12  # tests of one key that are looked at in pairs; more only all together
STEPS = 16  # of a proof, for which one comparison is paid
A_DAY = timedelta(days=1)

_TAKES_NO_STAR = (
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringStartWith",
    "StringEndWith",
)


class Test(NamedTuple):
    use: Use
    limit: Limit


WRITE_A_MATCH = "Write {match} with {pattern:quoted}, which minds upper and lower case, or a value without “*”."
STAR_IN_A_VALUE = Wording(
    "{operator} takes the “*” of {value:quoted} for the sign itself, not for any characters.", WRITE_A_MATCH
)
STAR_ALLOWS_NOTHING = Wording(
    "{operator} takes the “*” of {value:quoted} for the sign itself, not for any characters. By this value the "
    "statement allows nothing.",
    WRITE_A_MATCH,
)
STAR_DENIES_NOTHING = Wording(
    "{operator} takes the “*” of {value:quoted} for the sign itself, not for any characters. By this value the "
    "statement denies nothing, so that it protects nothing.",
    WRITE_A_MATCH,
)
STAR_KEEPS_NOBODY_OUT = Wording(
    "{operator} takes the “*” of {value:quoted} for the sign itself, not for any characters. This value keeps nobody "
    "out: the statement allows what it seems to leave out.",
    WRITE_A_MATCH,
)
STAR_SPARES_NOBODY = Wording(
    "{operator} takes the “*” of {value:quoted} for the sign itself, not for any characters. This value spares nobody: "
    "the statement denies what it seems to leave out.",
    WRITE_A_MATCH,
)
_OF_A_STAR = {  # by effect, and whether the operator is a negated one
    (Effect.ALLOW, False): STAR_ALLOWS_NOTHING,
    (Effect.DENY, False): STAR_DENIES_NOTHING,
    (Effect.ALLOW, True): STAR_KEEPS_NOBODY_OUT,
    (Effect.DENY, True): STAR_SPARES_NOBODY,
}


def star_is_taken(subject: PolicySubject) -> Iterator[Remark]:
    for view in subject.statements:
        for use in uses_of(view):
            operator = use.operator
            if operator is None or operator.base not in _TAKES_NO_STAR:
                continue
            for node in use.values:
                if isinstance(node, String) and "*" in node.value:
                    wording = _OF_A_STAR[view.effect, "Not" in operator.base] if view.effect else STAR_IN_A_VALUE
                    match, pattern = _with_star(operator, node.value)
                    values = {"operator": use.operator_node.value, "value": node.value}
                    yield Remark(node, wording, {**values, "match": match, "pattern": pattern})


def tests_can_hold(subject: PolicySubject) -> Iterator[Remark]:
    for view in subject.statements:
        for tests in _by_key(view).values():
            try:
                clash = _clash(tests, _spend(subject))
            except WorkSpentError:
                return
            if clash:
                yield _never(view, clash)


APPLIES_ONCE = Wording(
    "The statement applies once, from {first} to {last}, on that day, and not daily.",
    f"{NOT_DAILY} If only this one time is meant, leave it so.",
)


def window_is_once(subject: PolicySubject) -> Iterator[Remark]:
    for view in subject.statements:
        timed = (use for use in uses_of(view) if global_key(use.attribute.value) == CURRENT_TIME)
        dated = [(test.use, test.limit.values) for test in _tests(timed) if isinstance(test.limit.values, Spans)]
        bounds = common([spans for _, spans in dated]).bounds if dated else None
        if bounds and bounds[1] - bounds[0] < A_DAY:
            values = {"first": _moment(bounds[0]), "last": _moment(bounds[1])}
            yield Remark(dated[0][0].attribute, APPLIES_ONCE, values)


def _with_star(operator: Operator, value: str) -> tuple[str, str]:
    """The operator and the value that say what a value with a star seems to mean."""
    base = "StringNotMatch" if "Not" in operator.base else "StringMatch"
    name = f"{operator.prefix}:{base}" if operator.prefix else base
    name += IF_EXISTS if operator.if_exists else ""
    if operator.base == "StringStartWith":
        value = f"{value.rstrip('*')}*"
    elif operator.base == "StringEndWith":
        value = f"*{value.lstrip('*')}"
    return name, value


def _by_key(view: StatementView) -> dict[str, list[Test]]:
    """The tests of a statement that have a certain meaning, by their key in lower case."""
    found: dict[str, list[Test]] = defaultdict(list)
    for test in _tests(uses_of(view)):
        found[test.limit.key].append(test)
    return found


def _tests(uses: Iterable[Use]) -> Iterator[Test]:
    for use in uses:
        values = texts(use.values_node)
        limit = limit_of(Condition(use.operator_node.value, use.attribute.value, values)) if values else None
        if limit:
            yield Test(use, limit)


def _clash(tests: Sequence[Test], spend: Callable[[int], None]) -> Sequence[Test]:
    """The tests of one key that never hold together: two, where two are enough; none where that is not proven."""
    single = global_key(tests[0].limit.key) is not None
    if len(tests) <= MOST_PAIRED:
        for pair in combinations(tests, 2):
            if contradict([test.limit for test in pair], spend, single=single):
                return pair
    all_limits = [test.limit for test in tests]
    return tests if len(tests) > 2 and contradict(all_limits, spend, single=single) else ()


CORRECT_ONE = "All conditions of a statement have to hold. Correct one; for one or the other, make two statements."
NEVER_HOLD = Wording(
    "{operators:joined} of {key:quoted} never hold together, so that the statement never applies.", CORRECT_ONE
)
DENY_NEVER_HOLDS = Wording(
    "{operators:joined} of {key:quoted} never hold together, so that the statement never applies: it protects nothing.",
    CORRECT_ONE,
)


def _never(view: StatementView, clash: Sequence[Test]) -> Remark:
    key = clash[-1].use.attribute
    wording = DENY_NEVER_HOLDS if view.effect is Effect.DENY else NEVER_HOLD
    return Remark(key, wording, {"operators": [test.use.operator_node.value for test in clash], "key": key.value})


def _spend(subject: PolicySubject) -> Callable[[int], None]:
    def spend(steps: int) -> None:
        if not subject.comparisons.take(1 + steps // STEPS):
            raise WorkSpentError

    return spend


def _moment(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


RULES = (
    Rule("PB044", Severity.WARNING, "“*” in a value whose operator takes none", star_is_taken, SYNTAX),
    Rule("PB045", Severity.WARNING, "Conditions of a statement never hold together", tests_can_hold, SYNTAX),
    Rule("PB046", Severity.NOTE, "A window of less than a day applies once, and not daily", window_is_once, SYNTAX),
)
