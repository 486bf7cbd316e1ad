"""Whether a change of a policy gives new access: that it does is proven as well, by a request.

What `comparison` cannot prove to be old is not thereby new. So requests are tried, made of what the conditions of both
policies name: one that the policy after allows and the one before does not is new access. Without one, nothing is
proven. A statement for some resources proves neither, since which services honour them is documented for some only.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import islice

from policybuilder.domain.catalog.action_names import is_wildcard
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.policy.condition_terms import CURRENT_TIME, global_key
from policybuilder.domain.policy.document import Document
from policybuilder.domain.work import Work, WorkSpentError

from .conditions import NOTHING_KNOWN, Context
from .decisions import Answer
from .evaluation import Evaluator, GrantedPolicy, Project, Request

MOST_ACTIONS = 40  # of those that may be gained
MOST_VALUES = 6  # of one condition
MOST_CONTEXTS = 40
MOST_STEPS = 25_000
_LATE: tuple[str, ...] = ("9999-12-31T00:00:00Z",)


class NewAccess(StrEnum):
    """`NO` and `YES` are proven; NOT_PROVEN is what may be new, where no request is known that shows it."""

    NO = "no"
    YES = "yes"
    NOT_PROVEN = "not_proven"


def new_access(catalog: Catalog, before: Document, after: Document, gained: Iterable[str]) -> NewAccess:
    """`gained` are the actions and wildcards that are not proven to have been allowed before."""
    names = list(gained)
    if not names:
        return NewAccess.NO
    actions = [name for name in names if not is_wildcard(name)][:MOST_ACTIONS]
    try:
        return NewAccess.YES if actions and _shown(catalog, before, after, actions) else NewAccess.NOT_PROVEN
    except WorkSpentError:
        return NewAccess.NOT_PROVEN


def _shown(catalog: Catalog, before: Document, after: Document, actions: Iterable[str]) -> bool:
    """Whether a request is found that is allowed after and refused before. Raises WorkSpentError."""
    work = Work(MOST_STEPS)
    old, new = (Evaluator(catalog, [GrantedPolicy("", each, Project.IAM)], work) for each in (before, after))
    contexts = dict.fromkeys(islice(_contexts(before, after), MOST_CONTEXTS))
    requests = [Request(action, Project.IAM, context) for context in contexts for action in actions]
    return any(
        new.evaluate(each).decision is Answer.ALLOWED and old.evaluate(each).decision.refuses for each in requests
    )


def _contexts(before: Document, after: Document) -> Iterator[Context]:
    """Nothing is known; no key is there but the time; of each statement the first values, the second, and so on."""
    statements = [each for document in (after, before) for each in document.statements]
    absent: dict[str, tuple[str, ...]] = {
        each.key: _LATE if global_key(each.key) == CURRENT_TIME else () for one in statements for each in one.conditions
    }
    yield NOTHING_KNOWN
    yield Context.of(absent)
    for statement in statements:
        for number in range(MOST_VALUES):
            values: dict[str, tuple[str, ...]] = {
                each.key: (each.values[number % len(each.values)],) for each in statement.conditions if each.values
            }
            yield Context.of(absent | values)
