"""When a document is not divided by scope, and the reason in words for people. Pages and the API give the same reason.

A statement that cannot be copied with some of its actions (NotAction, a key that IAM does not know) is written whole,
in one part. If it allows something that works in enterprise projects, the companion alone would lose that there. The
part for enterprise projects would lose the rest. Such a document stays one, and so does a document with more wildcards
than can be looked at.
"""

from collections.abc import Iterable

from policybuilder.domain.access.document_scope import actions_of, judge_document
from policybuilder.domain.catalog.entries import Support
from policybuilder.domain.catalog.known_actions import KnownActions
from policybuilder.domain.catalog.scope import Verdict
from policybuilder.domain.policy.document import Document, Effect
from policybuilder.domain.policy.reading import StatementView, document_of
from policybuilder.domain.policy.rebuilding import KEYS, is_divisible
from policybuilder.domain.words import listed, quoted

_WRITTEN_WHOLE = "Statement {n} allows actions that work in enterprise projects, and is written whole in one policy."
LIST_ACTIONS_FIRST = f"{_WRITTEN_WHOLE} First list the actions it allows, in place of NotAction."
TAKE_OUT_FIRST = f"{_WRITTEN_WHOLE} First take {{keys}} out of it."
CORRECT_FIRST = f"{_WRITTEN_WHOLE} First correct the errors in it."
BOTH = "The whole policy: it needs no companion for IAM projects."
ONLY_IAM = "The whole policy, for IAM projects: nothing in it is known to work in enterprise projects."
NO_OPERATION = (
    "The whole policy, for IAM projects: no selected operation works in enterprise projects with all it needs."
)
ONLY_DENIES = "The whole policy: it only denies, so that it goes wherever what it denies could be allowed."
UNDIVIDED = "The whole policy: it cannot be divided by where it works."
ONE_LIST = "First make one list of its statements."
TOO_LARGE = "The whole policy: it holds too much to be divided at once. Divide it by service first."
MOST_MATCHES = 60_000  # comparisons with a wildcard; some twenty such as `*:*:get*`
MOST_WRITTEN = 5_000  # actions in place of wildcards; a policy that needs more is not divided
WORKS = {Support.YES, Support.VARIES}  # in enterprise projects, at least for some calls


def why_whole(known: KnownActions, document: Document, views: Iterable[StatementView]) -> str:
    """Why a document stays one policy; "" where each of its statements can be divided.

    `views` are the statements that may be written whole.
    """
    allows = (statement for statement in document.statements if statement.effect is Effect.ALLOW)
    if any(known.expand(name) is None for each in allows for name in (*each.actions, *each.not_actions)):
        return TOO_LARGE
    kept = next((each for each in views if _keeps_whole(known, each)), None)
    if kept is None:
        return ""
    if judge_document(known, document).verdict is Verdict.IAM_AND_ENTERPRISE:
        return BOTH
    return f"{UNDIVIDED} {_remedy(kept)}"


def _keeps_whole(known: KnownActions, view: StatementView) -> bool:
    if view.effect is not Effect.ALLOW or is_divisible(view):
        return False
    names = actions_of(known, document_of([view]).statements)
    actions = known.catalog.action_index.actions
    return any(actions[each].scope.enterprise_project in WORKS for name in names for each in known.expand(name) or ())


def _remedy(view: StatementView) -> str:
    number = view.index + 1
    if view.not_action is not None:
        return LIST_ACTIONS_FIRST.format(n=number)
    keys = dict.fromkeys(member.key.value for member in view.node.members)
    if strange := [quoted(key) for key in keys if key not in KEYS]:
        return TAKE_OUT_FIRST.format(n=number, keys=listed(strange))
    return CORRECT_FIRST.format(n=number)
