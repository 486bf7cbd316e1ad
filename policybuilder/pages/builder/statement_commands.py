"""What the builder's buttons do to the statements of a draft: add, copy, move, remove, limit and mend them."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.findings import Severity
from policybuilder.domain.policy.document import MAX_STATEMENTS, Condition, Effect
from policybuilder.drafts.addresses import View
from policybuilder.drafts.compiled import compiled
from policybuilder.drafts.draft import Draft, with_editable
from policybuilder.drafts.mending import mended
from policybuilder.web.commands import RefusedError

from .statements import NOTHING_TYPED, Typed, condition_findings

MAX_RESOURCES = 20  # IAM.1037


@dataclass(frozen=True, slots=True)
class DraftChange:
    """A draft, what of it is shown, and what stands in the fields of conditions and resources."""

    draft: Draft
    view: View
    typed: Typed

    @property
    def block(self) -> Block:
        return self.draft.blocks[self.view.at]

    def with_block(self, block: Block) -> "DraftChange":
        return replace(self, draft=self.draft.with_block(self.view.at, block))

    def showing(self, at: int) -> "DraftChange":
        return replace(self, view=replace(self.view, at=at, condition=None), typed=NOTHING_TYPED)


def _reset(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    return replace(change, draft=Draft(name=change.draft.name)).showing(0)


def _statement(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    at = _index(change, subject)
    if change.draft.blocks[at].kept:
        raise RefusedError(
            "This statement is kept as it is. It can be moved, copied and deleted, but not be edited here."
        )
    return change.showing(at)


def _add(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    if subject not in list(Effect):
        raise RefusedError(f"“{subject[:50]}” is no effect: a statement allows or denies.")
    return _insert(change, len(change.draft.blocks), Block(effect=Effect(subject)))


def _duplicate(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    at = _index(change, subject)
    return _insert(change, at + 1, change.draft.blocks[at])


def _insert(change: DraftChange, at: int, block: Block) -> DraftChange:
    blocks = change.draft.blocks
    if len(blocks) >= MAX_STATEMENTS:
        raise RefusedError(f"A policy has at most {MAX_STATEMENTS} statements. Put the rest into a second policy.")
    draft = replace(change.draft, blocks=(*blocks[:at], block, *blocks[at:]))
    return replace(change, draft=draft).showing(draft.editable(at))


def _delete(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    at = _index(change, subject)
    blocks = change.draft.blocks
    draft = replace(change.draft, blocks=with_editable((*blocks[:at], *blocks[at + 1 :])))
    shown = change.view.at - (change.view.at > at or change.view.at == len(blocks) - 1)
    return replace(change, draft=draft).showing(draft.editable(max(0, shown)))


def _up(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    return _swap(change, _index(change, subject) - 1)


def _down(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    return _swap(change, _index(change, subject))


def _swap(change: DraftChange, at: int) -> DraftChange:
    """The blocks `at` and after it change places; the tree goes on to show the same one."""
    blocks = list(change.draft.blocks)
    if not 0 <= at < len(blocks) - 1:
        raise RefusedError("The statement is at the end of the list already.")
    blocks[at], blocks[at + 1] = blocks[at + 1], blocks[at]
    shown = {at: at + 1, at + 1: at}.get(change.view.at, change.view.at)
    view = replace(change.view, at=shown)
    return replace(change, draft=replace(change.draft, blocks=tuple(blocks)), view=view)


def _effect(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    if subject not in list(Effect):
        raise RefusedError(f"“{subject[:50]}” is no effect: a statement allows or denies.")
    return change.with_block(replace(change.block, effect=Effect(subject)))


def _condition_save(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    """What is typed, in place of the condition that is edited or after the others."""
    condition = change.typed.condition.condition()
    errors = [f for f in condition_findings(catalog, condition) if f.severity is Severity.ERROR]
    if errors:
        raise RefusedError(f"The condition is not complete yet. {errors[0].message} {errors[0].hint}")
    conditions = list(change.block.conditions)
    at = change.view.condition
    if at is not None and at < len(conditions):
        conditions[at] = condition
    else:
        conditions.append(condition)
    tests = [(each.operator, each.key) for each in conditions]
    if len(set(tests)) < len(tests):
        raise RefusedError(
            f"There is a condition with {condition.operator} of {condition.key} already: add its values to that one."
        )
    return _with_conditions(change, conditions)


def _condition_edit(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    at = _position(subject, len(change.block.conditions), "condition")
    return replace(change, view=replace(change.view, condition=at), typed=NOTHING_TYPED)


def _condition_cancel(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    return replace(change, view=replace(change.view, condition=None), typed=NOTHING_TYPED)


def _condition_remove(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    conditions = list(change.block.conditions)
    del conditions[_position(subject, len(conditions), "condition")]
    return _with_conditions(change, conditions)


def _with_conditions(change: DraftChange, conditions: list[Condition]) -> DraftChange:
    """Those of one operator stand together, as they do in the document."""
    first = {each.operator: at for at, each in reversed(list(enumerate(conditions)))}
    together = tuple(sorted(conditions, key=lambda each: first[each.operator]))
    changed = change.with_block(replace(change.block, conditions=together))
    return replace(changed, view=replace(change.view, condition=None), typed=NOTHING_TYPED)


def _resource_add(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    uri, resources = change.typed.resource, change.block.resources
    if not uri:
        raise RefusedError("Type a resource to add, e.g. obs:*:*:bucket:reports.")
    if " " in uri or not uri.isprintable():
        raise RefusedError(
            "A resource has no spaces. It is service:region:account:type:path, * stands for all of a part."
        )
    if uri in resources:
        raise RefusedError(f"“{uri[:200]}” is in the list already.")
    if len(resources) >= MAX_RESOURCES:
        raise RefusedError(f"IAM takes at most {MAX_RESOURCES} resources in a statement.")
    changed = change.with_block(replace(change.block, resources=(*resources, uri)))
    return replace(changed, typed=replace(change.typed, resource=""))


def _resource_remove(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    resources = list(change.block.resources)
    del resources[_position(subject, len(resources), "resource")]
    return change.with_block(replace(change.block, resources=tuple(resources)))


def _fix(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    """The fix of one finding, `code@offset`, made in the text of the policy, and what it changed read again."""
    policy = compiled(catalog, change.draft)
    fixes = [f.fix for f in policy.findings if f.fix is not None and f"{f.finding.code}@{f.start}" == subject]
    if not fixes:
        raise RefusedError("What this would have mended is not there any more.")
    draft = mended(catalog, change.draft, policy, fixes[0])
    return replace(change, draft=draft).showing(draft.editable(change.view.at))


def _index(change: DraftChange, subject: str) -> int:
    return _position(subject, len(change.draft.blocks), "statement")


def _position(subject: str, length: int, what: str) -> int:
    """A number that the page counts from 1, counted from 0."""
    if subject.isascii() and subject.isdigit() and len(subject) < 4 and 0 < int(subject) <= length:
        return int(subject) - 1
    raise RefusedError(f"There is no {what} {subject[:50]} (any more). Reload the page.")


STATEMENT_COMMANDS: dict[str, Callable[[Catalog, DraftChange, str], DraftChange]] = {
    "reset": _reset,
    "statement": _statement,
    "add-statement": _add,
    "duplicate": _duplicate,
    "delete": _delete,
    "up": _up,
    "down": _down,
    "effect": _effect,
    "condition-save": _condition_save,
    "condition-edit": _condition_edit,
    "condition-cancel": _condition_cancel,
    "condition-remove": _condition_remove,
    "resource-add": _resource_add,
    "resource-remove": _resource_remove,
    "fix": _fix,
}
