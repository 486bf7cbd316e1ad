"""What a policy is divided into: documents, each with its purpose and the place where it is to be granted."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from policybuilder.domain.access.document_scope import judge_document
from policybuilder.domain.access.evaluation import Project, level_of_policy
from policybuilder.domain.catalog.action_names import is_wildcard
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.catalog.known_actions import KnownActions
from policybuilder.domain.catalog.scope import PolicyScope
from policybuilder.domain.jsontext.nodes import Node
from policybuilder.domain.policy.document import Effect, Size
from policybuilder.domain.policy.reading import StatementView, measure_body, to_document

MIXED = "It mixes services of a region's projects with global services, which IAM does not take in one policy."
MOST_COMPARISONS = 100_000  # of what is allowed with what is denied; about 3 µs each, for all that is tried


@dataclass(frozen=True, slots=True)
class PolicyPart:
    """One of the policies. `purpose` is a short text for people: what is in it, where it is to be granted, and why it
    is the only one. `granted_in` is None where it is to be granted wherever the whole policy would be. `level` is None
    where the services that the policy names give its level. `mixed`: the reason why its actions are of both levels,
    which IAM does not take, and the remedy; "" where they are not."""

    purpose: str
    body: Node
    scope: PolicyScope
    size: Size
    granted_in: Project | None = None
    level: Level | None = None
    mixed: str = ""


def make_part(
    known: KnownActions,
    purpose: str,
    body: Node,
    granted_in: Project | None = None,
    *,
    level: Level | None = None,
    mixed: str = "",
) -> PolicyPart:
    scope = judge_document(known, to_document(body))
    return PolicyPart(purpose, body, scope, measure_body(body), granted_in, level, mixed)


def level_of_body(catalog: Catalog, body: Node, role_type: str) -> Level | None:
    """The level of a whole policy; None for one of both levels, which IAM does not take, whatever its type says."""
    document = to_document(body)
    return None if catalog.prefixes.mixes_levels(document.actions()) else level_of_policy(catalog, document, role_type)


def at_level(catalog: Catalog, part: PolicyPart, level: Level | None) -> PolicyPart:
    """The part with the level of the whole policy, where its own services do not give it: `*:*:list*` of an XA policy
    has no effect for global services."""
    if level is None or part.level or level_of_policy(catalog, to_document(part.body)) is level:
        return part
    return replace(part, level=level, purpose=f"{part.purpose} Create it with the type {level.value}.")


def too_large(views: Iterable[StatementView]) -> bool:
    """Whether it would take too long to find out which Denies touch what is allowed.

    Names are looked up; a wildcard is compared with all that stands on the other side, and so is all but some actions.
    """
    names, wildcards, excepting = Counter[bool](), Counter[bool](), 0
    for view in views:
        allows = view.effect is Effect.ALLOW
        listed = [entry.name for entry in (*view.actions, *view.not_actions) if entry.name is not None]
        names[allows] += len(listed)
        wildcards[allows] += sum(map(is_wildcard, listed))
        excepting += allows and bool(view.not_actions)
    compared = names[True] * wildcards[False] + wildcards[True] * names[False] + excepting * names[False]
    return compared > MOST_COMPARISONS
