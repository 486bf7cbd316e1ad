"""What makes a draft IAM-only, and which change did it, for the templates of the builder."""

from collections.abc import Iterator
from dataclasses import dataclass

from .domain.blocks import CompiledPolicy
from .domain.catalog import Catalog, Operation
from .domain.document import Effect
from .domain.matching import action_key
from .domain.selection import Dependencies, Selection
from .drafts import Draft

NAMED = 3  # operations that are named one by one


@dataclass(frozen=True)
class Culprit:
    """A selected operation that brings actions which have no effect in enterprise projects."""

    operation: Operation
    actions: tuple[str, ...]
    alternative: Operation | None


@dataclass(frozen=True)
class Alarm:
    """The change that made the policy IAM-only, in clauses, with the first culprits and how many follow them."""

    changes: tuple[str, ...]
    culprits: tuple[Culprit, ...]
    more: int


def find_culprits(catalog: Catalog, policy: CompiledPolicy, at: int) -> tuple[Culprit, ...]:
    """The operations selected in block `at` that bring IAM-only actions, those with an alternative first."""
    part, iam_only = policy.blocks[at], set(policy.scope.iam_only)
    brought: dict[str, list[str]] = {}
    for grant in part.grants:
        if grant.action in iam_only:
            own = {o.id for o in catalog.operations_by_action.get(action_key(grant.action), ())}
            for id_ in {*grant.needed_by, *(own & part.block.selection.operations)}:
                brought.setdefault(id_, []).append(grant.action)
    culprits = []
    for id_, actions in sorted(brought.items()):
        operation = catalog.operations[id_]
        alternative = operation.enterprise_alternative
        culprits.append(Culprit(operation, tuple(actions), catalog.operations[alternative] if alternative else None))
    return tuple(sorted(culprits, key=lambda culprit: culprit.alternative is None))


def blocks_to_blame(catalog: Catalog, policy: CompiledPolicy) -> tuple[int, ...]:
    """The blocks that hold IAM-only actions, counted from 0."""
    iam_only = set(policy.scope.iam_only)
    return tuple(
        at
        for at, part in enumerate(policy.blocks)
        if any(iam_only.intersection(catalog.expand(name)) for s in part.statements for name in s.actions)
    )


def describe_change(catalog: Catalog, before: Draft, after: Draft) -> Iterator[str]:
    """What was added between two drafts, a few words each: “Starting an ECS” was selected."""
    if len(before.blocks) != len(after.blocks):
        yield f"the policy has {len(after.blocks)} statements now, it had {len(before.blocks)}"
        return
    for number, (was, is_) in enumerate(zip(before.blocks, after.blocks, strict=True), 1):
        if was.effect is not is_.effect:
            yield f"statement {number} {'denies' if is_.effect is Effect.DENY else 'allows'} now"
        yield from _describe_selections(catalog, was.selection, is_.selection)


def _describe_selections(catalog: Catalog, before: Selection, after: Selection) -> Iterator[str]:
    ticked = [id_ for id_ in catalog.operations if id_ in after.operations - before.operations]
    for id_ in ticked[:NAMED]:
        yield f"“{catalog.operations[id_].title}” was selected"
    if len(ticked) > NAMED:
        more = len(ticked) - NAMED
        yield "1 more operation was selected" if more == 1 else f"{more} more operations were selected"
    for id_, slug in sorted(before.options_off - after.options_off):
        title = next((o.title for o in catalog.operations[id_].options if o.slug == slug), slug)
        if id_ in before.operations & after.operations:
            yield f"the option “{title}” was switched on"
    for name in sorted(after.actions - before.actions):
        yield f"the action {name} was added"
    for name in sorted(before.without - after.without):
        yield f"{name} was put back"
    if after.dependencies is Dependencies.ALL and before.dependencies is not Dependencies.ALL:
        yield "dependencies of dependencies were switched on"
