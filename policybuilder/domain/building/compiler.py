"""A selection -> the policy, with everything there is to say about it.

Allow grants the closure of the selection. Deny holds the operations' own actions and the single ones only: an operation
is refused as soon as its own action is, while denying its dependencies would take them from every other operation.
"""

from dataclasses import dataclass, replace

from policybuilder.domain.access.operations import OperationAccess, what_allows
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.scope import PolicyScope, judge
from policybuilder.domain.findings import Finding
from policybuilder.domain.policy.document import Document, Effect, Size, lay_out, measure
from policybuilder.domain.rules.lint import Subject, lint

from .closure import Grant, close
from .selection import Selection


@dataclass(frozen=True, slots=True)
class Policy:
    """A compiled selection."""

    selection: Selection
    document: Document
    grants: tuple[Grant, ...]
    scope: PolicyScope
    operations: OperationAccess
    size: Size
    findings: tuple[Finding, ...]

    @property
    def selected_count(self) -> int:
        return sum(1 for grant in self.grants if grant.selected)


def compile_selection(catalog: Catalog, selection: Selection, effect: Effect = Effect.ALLOW) -> Policy:
    """The policy of `selection`. Raises UnknownOperation with the id."""
    grants = close(catalog, selection)
    if effect is Effect.DENY:
        grants = tuple(replace(grant, needed_by=()) for grant in grants if grant.selected)
    document = lay_out(effect, (grant.action for grant in grants))
    scope = judge(catalog, document.actions())
    operations = what_allows(catalog, document, selection.operations, selection.options_off)
    size = measure(document)
    findings = lint(Subject(catalog, document, scope, operations, size))
    return Policy(selection, document, grants, scope, operations, size, findings)
