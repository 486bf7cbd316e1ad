"""What the builder's buttons do to the statements of a draft: add, copy, move, remove, limit and mend them."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from policybuilder.domain.building.blocks import Block, block_grants
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.findings import Severity
from policybuilder.domain.policy.document import MAX_STATEMENTS, Condition, Effect
from policybuilder.domain.rules.own_manual import MANUAL_NEEDS
from policybuilder.drafts.addresses import View
from policybuilder.drafts.compiled import compiled
from policybuilder.drafts.draft import Draft, with_editable
from policybuilder.drafts.mending import mended
from policybuilder.web.commands import RefusedError

from .conditions import PRESETS, ConditionFields, Typed, condition_findings, preset
from .omitted import Omitted

MAX_RESOURCES = 20  # IAM.1037

NO_STATEMENT = "There is no statement {subject} (any more). Reload the page."
NO_CONDITION = "There is no condition {subject} (any more). Reload the page."
NO_RESOURCE = "There is no resource {subject} (any more). Reload the page."
WOULD_BE_LOST = "{unfinished} Finish it first, or discard it: otherwise it would be lost."
FINISH_FIRST = "{unfinished} Finish it first, or discard it."
STATEMENT_IS_KEPT = "This statement is kept as it is. It can be moved, copied and deleted, but not be edited here."
NO_EFFECT = "“{subject}” is no effect: a statement allows or denies."
TOO_MANY_STATEMENTS = "A policy has at most {limit} statements. Put the rest into a second policy."
AT_THE_END = "The statement is at the end of the list already."
CONDITION_HAS_NO_KEY = "The condition is not complete yet. It has no key. Choose what is to be compared."
NOT_COMPLETE_YET = "The condition is not complete yet. {error.message} {error.hint}"
NO_SUCH_PRESET = "There is no condition “{subject}” to begin with. Reload the page."
TYPE_A_RESOURCE = "Type a resource to add, e.g. obs:*:*:bucket:reports."
RESOURCE_HAS_SPACES = "A resource has no spaces. It is service:region:account:type:path, * stands for all of a part."
RESOURCE_TWICE = "“{uri}” is in the list already."
TOO_MANY_RESOURCES = "IAM takes at most {limit} resources in a statement."
MENDING_IS_GONE = "What this would have mended is not there any more."


@dataclass(frozen=True, slots=True)
class DraftChange:
    """A draft, the view of it, and what is typed and is not in the draft; in the end also the problems, and the
    operations that a button left out."""

    draft: Draft
    view: View
    typed: Typed
    problems: tuple[str, ...] = ()
    omitted: Omitted | None = None

    @property
    def block(self) -> Block:
        return self.draft.blocks[self.view.at]

    def with_block(self, block: Block) -> "DraftChange":
        return replace(self, draft=self.draft.with_block(self.view.at, block))

    def showing(self, at: int) -> "DraftChange":
        return replace(self, view=replace(self.view, at=at, condition=None), typed=Typed(action=self.typed.action))

    def leaving(self) -> "DraftChange":
        """The same. Raises RefusedError where the statement cannot be left without losing what is typed."""
        if lost := self.typed.unfinished:
            raise RefusedError(WOULD_BE_LOST, unfinished=lost[0])
        return self


def with_complete_condition(catalog: Catalog, change: DraftChange) -> DraftChange:
    """A condition counts as soon as it is complete, in place of the one that is edited or after the others."""
    fields, conditions, at = change.typed.condition, list(change.block.conditions), change.view.condition
    edited = at is not None and at < len(conditions)
    condition = fields.condition()
    others = tuple(each for number, each in enumerate(conditions) if not (edited and number == at))
    if fields.empty or any(f.severity is Severity.ERROR for f in condition_findings(catalog, condition, others)):
        return change
    if at is not None and edited:
        conditions[at] = condition
    else:
        conditions.append(condition)
    counted = _with_conditions(change, conditions)
    view = replace(change.view, condition=counted.block.conditions.index(condition))
    return replace(counted, view=view, typed=replace(change.typed, condition=ConditionFields()))


def restoring(change: DraftChange, draft: Draft, at: int) -> DraftChange:
    """Another draft in place of this one, and its block `at` shown, as far as it has that.

    What is typed and not complete stays with its statement, or else nothing is done: raises RefusedError.
    """
    at, condition = draft.editable(at), change.view.condition
    block = draft.blocks[at]
    same = at == change.view.at and block.effect is change.block.effect
    if not same:
        change.leaving()
    if not same or (condition is not None and condition >= len(block.conditions)):
        condition = None
    return replace(change, draft=draft, view=replace(change.view, at=at, condition=condition))


def _reset(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    return replace(change.leaving(), draft=Draft(name=change.draft.name, goal=change.draft.goal)).showing(0)


def _accept(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    """The draft as it was read, without the parts that could not be read: it makes files again."""
    return replace(change, draft=replace(change.draft, partial=False))


def _statement(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    at = _index(change, subject)
    if change.draft.blocks[at].kept:
        raise RefusedError(STATEMENT_IS_KEPT)
    return change if at == change.view.at else change.leaving().showing(at)


def _add(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    if subject not in list(Effect):
        raise RefusedError(NO_EFFECT, subject=subject[:50])
    return _insert(change, len(change.draft.blocks), Block(effect=Effect(subject)))


def _duplicate(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    at = _index(change, subject)
    return _insert(change, at + 1, change.draft.blocks[at])


def _insert(change: DraftChange, at: int, block: Block) -> DraftChange:
    blocks = change.draft.blocks
    if len(blocks) >= MAX_STATEMENTS:
        raise RefusedError(TOO_MANY_STATEMENTS, limit=MAX_STATEMENTS)
    draft = replace(change.leaving().draft, blocks=(*blocks[:at], block, *blocks[at:]))
    return replace(change, draft=draft).showing(draft.editable(at))


def _delete(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    at = _index(change, subject)
    blocks = change.draft.blocks
    draft = replace(change.draft, blocks=with_editable((*blocks[:at], *blocks[at + 1 :])))
    if at != change.view.at:  # else what is typed goes with its statement
        return replace(change, draft=draft, view=replace(change.view, at=change.view.at - (change.view.at > at)))
    return replace(change, draft=draft).showing(draft.editable(max(0, at - (at == len(blocks) - 1))))


def _up(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    return _swap(change, _index(change, subject) - 1)


def _down(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    return _swap(change, _index(change, subject))


def _swap(change: DraftChange, at: int) -> DraftChange:
    """The blocks `at` and after it change places; the tree goes on to show the same one."""
    blocks = list(change.draft.blocks)
    if not 0 <= at < len(blocks) - 1:
        raise RefusedError(AT_THE_END)
    blocks[at], blocks[at + 1] = blocks[at + 1], blocks[at]
    shown = {at: at + 1, at + 1: at}.get(change.view.at, change.view.at)
    view = replace(change.view, at=shown)
    return replace(change, draft=replace(change.draft, blocks=tuple(blocks)), view=view)


def _effect(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    if subject not in list(Effect):
        raise RefusedError(NO_EFFECT, subject=subject[:50])
    return change.with_block(replace(change.block, effect=Effect(subject)))


def _condition_done(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    """The editor is ready for another condition; what was typed counts."""
    change = with_complete_condition(catalog, change)
    fields, at = change.typed.condition, change.view.condition
    if fields.empty and at is None:
        raise RefusedError(CONDITION_HAS_NO_KEY)
    if not fields.empty:
        others = (each for number, each in enumerate(change.block.conditions) if number != at)
        error = next(f for f in condition_findings(catalog, fields.condition(), others) if f.severity is Severity.ERROR)
        raise RefusedError(NOT_COMPLETE_YET, error=error)
    return _with_empty_editor(change)


def _condition_meant(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    typed = replace(change.typed, condition=change.typed.condition.meant())
    return with_complete_condition(catalog, replace(change, typed=typed))


def _condition_discard(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    return _with_empty_editor(change)


def _with_empty_editor(change: DraftChange) -> DraftChange:
    typed = replace(change.typed, condition=ConditionFields())
    return replace(change, view=replace(change.view, condition=None), typed=typed)


def _condition_preset(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    """One of PRESETS is put into the editor. A complete one counts, in place of one of the same operator and key."""
    if subject not in PRESETS:
        raise RefusedError(NO_SUCH_PRESET, subject=subject[:50])
    if change.typed.condition.values.strip():
        raise RefusedError(FINISH_FIRST, unfinished=change.typed.unfinished[0])
    fields = preset(subject, change.block.effect)
    there = enumerate(map(ConditionFields.of, change.block.conditions))
    same = (at for at, each in there if (each.operator, each.key) == (fields.operator, fields.key))
    view = replace(change.view, condition=next(same, None) if fields.values else None)
    return with_complete_condition(catalog, replace(change, view=view, typed=replace(change.typed, condition=fields)))


def _condition_edit(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    at = _position(subject, len(change.block.conditions), NO_CONDITION)
    if at != change.view.condition and not change.typed.condition.empty:
        raise RefusedError(FINISH_FIRST, unfinished=change.typed.unfinished[0])
    return replace(change, view=replace(change.view, condition=at))


def _condition_remove(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    """The editor goes on with the condition that it had, unless it was this one."""
    conditions, edited = list(change.block.conditions), change.view.condition
    at = _position(subject, len(conditions), NO_CONDITION)
    del conditions[at]
    changed = _with_conditions(change, conditions)
    if edited == at:
        return _with_empty_editor(changed)
    shown = None if edited is None else changed.block.conditions.index(change.block.conditions[edited])
    return replace(changed, view=replace(change.view, condition=shown))


def _with_conditions(change: DraftChange, conditions: list[Condition]) -> DraftChange:
    """Those of one operator stand together, as they do in the document."""
    first = {each.operator: at for at, each in reversed(list(enumerate(conditions)))}
    together = tuple(sorted(conditions, key=lambda each: first[each.operator]))
    return change.with_block(replace(change.block, conditions=together))


def _resource_add(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    uri, resources = change.typed.resource, change.block.resources
    if not uri:
        raise RefusedError(TYPE_A_RESOURCE)
    if " " in uri or not uri.isprintable():
        raise RefusedError(RESOURCE_HAS_SPACES)
    if uri in resources:
        raise RefusedError(RESOURCE_TWICE, uri=uri[:200])
    if len(resources) >= MAX_RESOURCES:
        raise RefusedError(TOO_MANY_RESOURCES, limit=MAX_RESOURCES)
    changed = change.with_block(replace(change.block, resources=(*resources, uri)))
    return replace(changed, typed=replace(change.typed, resource=""))


def _resource_remove(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    resources = list(change.block.resources)
    del resources[_position(subject, len(resources), NO_RESOURCE)]
    return change.with_block(replace(change.block, resources=tuple(resources)))


def _fix(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    """The fix of one finding, `code@offset`, made in the text of the policy, and what it changed read again."""
    policy = compiled(catalog, change.draft)
    fixes = [f.fix for f in policy.findings if f.fix is not None and f"{f.finding.code}@{f.start}" == subject]
    if not fixes:
        raise RefusedError(MENDING_IS_GONE)
    draft = mended(catalog, change.leaving().draft, policy, fixes[0])
    return replace(change, draft=draft).showing(draft.editable(change.view.at))


def _add_manual(catalog: Catalog, change: DraftChange, subject: str) -> DraftChange:
    """The dependencies that the user manual lists for an action, as single actions beside it."""
    found = (each.finding for each in compiled(catalog, change.draft).findings if each.finding.code == MANUAL_NEEDS)
    names = next((finding.values["names"] for finding in found if finding.values["action"] == subject), None)
    if names is None:
        raise RefusedError(MENDING_IS_GONE)
    for at, block in enumerate(change.draft.blocks):
        if block.effect is Effect.ALLOW and any(g.action == subject for g in block_grants(catalog, block)):
            selection = replace(block.selection, actions=block.selection.actions.union(names))
            return replace(change, draft=change.draft.with_block(at, replace(block, selection=selection)))
    raise RefusedError(STATEMENT_IS_KEPT)


def _index(change: DraftChange, subject: str) -> int:
    return _position(subject, len(change.draft.blocks), NO_STATEMENT)


def _position(subject: str, length: int, refusal: str) -> int:
    """A number that the page counts from 1, counted from 0."""
    if subject.isascii() and subject.isdigit() and len(subject) < 4 and 0 < int(subject) <= length:
        return int(subject) - 1
    raise RefusedError(refusal, subject=subject[:50])


STATEMENT_COMMANDS: dict[str, Callable[[Catalog, DraftChange, str], DraftChange]] = {
    "reset": _reset,
    "accept": _accept,
    "statement": _statement,
    "add-statement": _add,
    "duplicate": _duplicate,
    "delete": _delete,
    "up": _up,
    "down": _down,
    "effect": _effect,
    "condition-done": _condition_done,
    "condition-meant": _condition_meant,
    "condition-discard": _condition_discard,
    "condition-preset": _condition_preset,
    "condition-edit": _condition_edit,
    "condition-remove": _condition_remove,
    "resource-add": _resource_add,
    "resource-remove": _resource_remove,
    "fix": _fix,
    "add-manual": _add_manual,
}
