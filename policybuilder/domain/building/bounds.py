"""How much the blocks of one policy may hold, so that whatever is shown of it is there in time.

Actions: as many as IAM takes in a policy. Wildcards: each is compared with every action of the catalogue, for every
page that shows the draft. Conditions: each is written, and checked, in the statement of every service. Operations need
no bound: there are no more than the catalogue has.
"""

from collections.abc import Iterable, Iterator

from policybuilder.domain.catalog.action_names import is_wildcard
from policybuilder.domain.policy.document import MAX_ACTIONS, MAX_STATEMENTS

from .blocks import Block, kept_statement

DRAFT_TOO_LARGE = "With this, the draft would be too large. {too_much}"
TOO_MANY_CONDITIONS = "It holds {n:,} conditions; {most} at most are looked at together."
TOO_MANY_WILDCARDS = "It holds {n:,} wildcards; {most} at most are looked at together."
TOO_MANY_ACTIONS = "It holds {n:,} actions added individually; IAM takes {most} in a policy."

MOST_WILDCARDS = 100
MOST_CONDITIONS = 100
MOST_ACTIONS = MAX_STATEMENTS * MAX_ACTIONS


def excess(blocks: Iterable[Block]) -> str:
    """What the blocks together hold too much of, as a sentence; "" where all of it can be looked at."""
    listed = list(blocks)
    if (conditions := sum(map(_conditions, listed))) > MOST_CONDITIONS:
        return TOO_MANY_CONDITIONS.format(n=conditions, most=MOST_CONDITIONS)
    return excess_of(name for block in listed for name in _names(block))


def excess_of(names: Iterable[str]) -> str:
    """The same of the single actions, wildcards and left-out actions by themselves."""
    listed = list(names)
    if (wildcards := sum(map(is_wildcard, listed))) > MOST_WILDCARDS:
        return TOO_MANY_WILDCARDS.format(n=wildcards, most=MOST_WILDCARDS)
    if len(listed) > MOST_ACTIONS:
        return TOO_MANY_ACTIONS.format(n=len(listed), most=MOST_ACTIONS)
    return ""


def _conditions(block: Block) -> int:
    statement = kept_statement(block.kept) if block.kept else None
    return len(statement.conditions if statement else block.conditions)


def _names(block: Block) -> Iterator[str]:
    yield from block.selection.actions
    yield from block.selection.without
    yield from block.selection.only_reading
    if block.kept and (statement := kept_statement(block.kept)):
        yield from statement.actions
        yield from statement.not_actions
