"""Why a policy with actions of both levels cannot be divided into one of each, and what to do first, in words."""

from collections.abc import Iterable

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.jsontext.nodes import Node
from policybuilder.domain.words import listed, quoted

from .reading import StatementView
from .rebuilding import KEYS, is_divisible, statement_list


def what_keeps_mixed(catalog: Catalog, body: Node | None, views: Iterable[StatementView]) -> str:
    """Of the statements by themselves; "" where each can be divided, though a Deny may still stand in the way."""
    if statement_list(body) is None:
        return "First make one list of its statements: as they stand, they cannot be divided."
    mixed = (view for view in views if catalog.mixes_levels(view.names) and not is_divisible(view))
    return next((first_of_all(view, view.index + 1) for view in mixed), "")


def first_of_all(view: StatementView | None, number: int) -> str:
    """What to do about statement `number`, which has something in it that keeps it from being divided."""
    keys = dict.fromkeys(member.key.value for member in view.node.members) if view else {}
    strange = [quoted(key) for key in keys if key not in KEYS]
    if strange:
        them = "it" if len(strange) == 1 else "them"
        return f"Take {listed(strange)} out of statement {number} first: with {them}, it cannot be divided."
    return f"First correct what else is wrong in statement {number}: as it stands, it cannot be divided."


def beside_denies(number: int) -> str:
    """Where nothing is wrong in statement `number`, an Allow, nor in the Denies."""
    return (
        f"It cannot be divided as it stands: what statement {number} allows in every service would need a Deny of one "
        "kind in the policy of the other. Name the services there in place of “*”, or list actions in place of "
        "NotAction."
    )
