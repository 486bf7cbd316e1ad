"""Statements that keep a policy with actions of both levels from being divided, and the first thing to correct."""

from collections.abc import Iterable

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.jsontext.nodes import Node
from policybuilder.domain.words import listed, quoted

from .document import Effect
from .reading import StatementView, possible_names
from .rebuilding import KEYS, is_divisible, statement_list
from .unclear import clear_statement

KEY_FIRST = "Take {keys} out of statement {n} first: with it, it cannot be divided."
KEYS_FIRST = "Take {keys} out of statement {n} first: with them, it cannot be divided."
CORRECT_FIRST = "First correct what else is wrong in statement {n}: as it stands, it cannot be divided."


def named_levels(catalog: Catalog, names: Iterable[str]) -> set[Level]:
    """The levels of the services that the names give in full; a wildcard service names none."""
    return {level for level in catalog.prefixes.counted_levels(names) if level is not None}


def what_keeps_mixed(catalog: Catalog, body: Node | None, views: Iterable[StatementView]) -> str:
    """The reason why a pasted policy of both levels cannot be divided, with the remedy; "" where it can."""
    if statement_list(body) is None:
        return "First make one list of its statements: as they stand, they cannot be divided."
    return what_keeps_together(catalog, views)


def what_keeps_together(catalog: Catalog, views: Iterable[StatementView]) -> str:
    """The same for a list of statements. The first faulty one is named by its index, counted from 1."""
    return next((_first_of_all(view) for view in views if _is_inseparable(catalog, view)), "")


def _is_inseparable(catalog: Catalog, view: StatementView) -> bool:
    """Whether the statement belongs in both policies and names services of a level, but cannot be copied for each.

    A Deny that IAM cannot read belongs in both: it may deny more than it names.
    """
    if view.effect is Effect.ALLOW and is_divisible(view):
        return False
    levels = catalog.prefixes.counted_levels(possible_names(view))
    if levels <= {None}:
        return False
    if view.effect is not Effect.ALLOW and clear_statement(view) is None:
        return True
    return len(levels) > 1 and not is_divisible(view)


def _first_of_all(view: StatementView) -> str:
    number = view.index + 1
    keys = dict.fromkeys(member.key.value for member in view.node.members)
    strange = [quoted(key) for key in keys if key not in KEYS]
    if strange:
        return (KEY_FIRST if len(strange) == 1 else KEYS_FIRST).format(keys=listed(strange), n=number)
    return CORRECT_FIRST.format(n=number)
