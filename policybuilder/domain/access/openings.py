"""What a wildcard opens: the actions that it matches, and the operations that work because of it.

Some tables name a wildcard as a dependency ("vpc:*:*"), which allows far more than the operation that needs it.
"""

from dataclasses import dataclass
from functools import lru_cache

from policybuilder.domain.catalog.action_names import service_of
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Access
from policybuilder.domain.findings import Plural, Values, Wording
from policybuilder.domain.policy.document import Document, Effect, Statement

from .operations import what_allows


@dataclass(frozen=True, slots=True)
class WildcardReach:
    """What is known of a wildcard by itself: how many actions it matches, how many of these write, and the ids of the
    operations that it allows alone. `whole`: it is stated that the catalogue has all actions of its service.
    """

    name: str
    actions: int
    writing: int
    operations: tuple[str, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class Opening:
    """A wildcard of a policy that is there only because operations depend on it.

    `needed_by` and `operations` are ids; the latter write, nobody selected them, and without it they do not work.
    """

    name: str
    needed_by: tuple[str, ...]
    operations: tuple[str, ...]


@lru_cache(maxsize=256)
def wildcard_reach(catalog: Catalog, name: str) -> WildcardReach:
    """For names that the catalogue has, since what it finds is kept."""
    matched = [catalog.action_index.actions[each] for each in catalog.action_index.expand(name)]
    return WildcardReach(
        name,
        len(matched),
        sum(1 for action in matched if action.access is Access.WRITE),
        what_allows(catalog, Document((Statement(Effect.ALLOW, (name,)),))).also_allowed,
        catalog.prefixes.is_complete(service_of(name)),
    )


NARROWER = "Grant only what reads in its place, or leave it out. The operation may then be refused: try it first."
ONE_NEEDS = Wording(
    Plural(
        "{needed_by:titles} needs {name:quoted}, which also allows {n:,} operation of {services:listed} that can "
        "change something and that nobody selected.",
        "{needed_by:titles} needs {name:quoted}, which also allows {n:,} operations of {services:listed} that can "
        "change something and that nobody selected.",
    ),
    NARROWER,
)
SEVERAL_NEED = Wording(
    Plural(
        "{needed_by:titles} need {name:quoted}, which also allows {n:,} operation of {services:listed} that can "
        "change something and that nobody selected.",
        "{needed_by:titles} need {name:quoted}, which also allows {n:,} operations of {services:listed} that can "
        "change something and that nobody selected.",
    ),
    NARROWER,
)


def opening_wording(catalog: Catalog, opening: Opening) -> tuple[Wording, Values]:
    """“Creating a File System” needs “vpc:*:*”, which also allows 97 operations of Virtual Private Cloud …"""
    opened = [catalog.operation(id_) for id_ in opening.operations]
    return ONE_NEEDS if len(opening.needed_by) == 1 else SEVERAL_NEED, {
        "needed_by": [catalog.titles.operation_name(catalog.operation(id_)) for id_ in opening.needed_by],
        "name": opening.name,
        "n": len(opened),
        "services": list(dict.fromkeys(catalog.services_of(operation)[0].title for operation in opened)),
    }
