"""What a policy is divided into: documents, each with its purpose and the place where it is to be granted."""

from collections.abc import Iterable
from dataclasses import dataclass

from policybuilder.domain.access.document_scope import judge_document
from policybuilder.domain.access.evaluation import Project
from policybuilder.domain.catalog.known_actions import KnownActions
from policybuilder.domain.catalog.scope import PolicyScope
from policybuilder.domain.jsontext.nodes import Node
from policybuilder.domain.policy.document import Effect, Size
from policybuilder.domain.policy.reading import StatementView, measure_body, to_document

TOO_LARGE = "The whole policy: it holds too much to be divided at once. Divide it by service first."
MOST_COMPARISONS = 400_000  # of an allowed name with a denied one; about 1 µs each


@dataclass(frozen=True, slots=True)
class PolicyPart:
    """One of the policies. `purpose` is a short text for people: what is in it, where it is to be granted, and why it
    is the only one. `granted_in` is None where it is to be granted wherever the whole policy would be."""

    purpose: str
    body: Node
    scope: PolicyScope
    size: Size
    granted_in: Project | None = None


def make_part(known: KnownActions, purpose: str, body: Node, granted_in: Project | None = None) -> PolicyPart:
    return PolicyPart(purpose, body, judge_document(known, to_document(body)), measure_body(body), granted_in)


def too_large(views: Iterable[StatementView]) -> bool:
    """Whether it would take too long to find out which Denies touch what is allowed."""
    allowed = denied = 0
    for view in views:
        if view.effect is Effect.ALLOW:
            allowed += len(view.names)
        else:
            denied += len(view.names) + len(view.not_actions)
    return allowed * denied > MOST_COMPARISONS
