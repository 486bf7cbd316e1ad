"""The actions and operations of a refusal as cards, with the effect of a draft on each."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from django.utils.functional import cached_property

from policybuilder.domain.access.operations import Granted, what_concerns
from policybuilder.domain.building.blocks import block_grants
from policybuilder.domain.building.compiler import CompiledPolicy
from policybuilder.domain.building.operation_states import NO_STATE, OperationState
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Action, Operation, Support
from policybuilder.domain.policy.document import Effect
from policybuilder.domain.refusal.explain import Explanation
from policybuilder.drafts.addresses import View, address
from policybuilder.drafts.compiled import states
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.link import MAX_LINK
from policybuilder.web.commands import RefusedError
from policybuilder.web.element_ids import element_id
from policybuilder.web.wording import limits_in_words

from .cards import ActionGroup, Addition, Limit, OperationCard, Standing, standing_of
from .commands import ExtendedDraft, with_action, with_operation

MOST_CARDS = 12  # operations with all that is said about them, and actions without one; others are counted


class DraftCards:
    """The cards for one draft. `token` is the draft in a link."""

    def __init__(self, catalog: Catalog, draft: Draft, policy: CompiledPolicy, token: str):
        self.catalog = catalog
        self.draft = draft
        self.policy = policy
        self.token = token
        self.granted = Granted(policy.document)

    def groups(self, explanation: Explanation) -> tuple[ActionGroup, ...]:
        return tuple(self._groups(explanation))

    def _groups(self, explanation: Explanation) -> Iterator[ActionGroup]:
        """Each operation is below the first of its actions; the operations without an action come last."""
        waiting = dict.fromkeys(explanation.operations)
        room = MOST_CARDS
        for name in explanation.actions[:MOST_CARDS]:
            action = self.catalog.action_index.described(name)
            if action is None:
                continue
            if action.operations:
                own = [id_ for id_ in waiting if id_ in action.operations]
                for id_ in own:
                    del waiting[id_]
                if own:
                    yield ActionGroup(action, self._cards(own[:room]), more=len(own[room:]))
                    room = max(0, room - len(own))
            else:
                yield self._without_operation(action)
        if waiting:
            yield ActionGroup(None, self._cards(list(waiting)[:room]), more=len(list(waiting)[room:]))

    def _without_operation(self, action: Action) -> ActionGroup:
        """Those that are selected come first: one of them was called."""
        needing = (operation.id for operation in self.catalog.needs.depending_on(action.name))
        ids = sorted(needing, key=lambda id_: id_ not in self.selected)
        left_out = (at for at, block in enumerate(self.draft.blocks, 1) if action.name in block.selection.without)
        if self.granted.deny.part(action.name):
            standing = Standing.DENIED
        elif action.name in self.granted:
            standing = Standing.ALLOWED
        else:
            standing = Standing.ABSENT
        return ActionGroup(
            action=action,
            cards=(),
            needing=self._cards(ids[: MOST_CARDS // 2]),
            more=len(ids[MOST_CARDS // 2 :]),
            standing=standing,
            left_out=None if standing is Standing.ALLOWED else next(left_out, None),
            addition=self._addition(lambda: with_action(self.catalog, self.draft, action.name)),
        )

    def _cards(self, ids: Iterable[str]) -> tuple[OperationCard, ...]:
        return tuple(self._card(self.catalog.operation(id_)) for id_ in ids)

    def _card(self, operation: Operation) -> OperationCard:
        state = self._state(operation.id)
        standing = standing_of(operation, state)
        iam_only = operation.scope.enterprise_project is Support.NO
        alternative = self.catalog.operations.get(operation.enterprise_alternative or "") if iam_only else None
        return OperationCard(
            operation=operation,
            name=self.catalog.titles.operation_name(operation),
            category=self.catalog.titles.category_name(self.catalog.category_of(operation)),
            selected=operation.id in self.selected,
            state=state,
            standing=standing,
            limits=tuple(self._limits(operation)) if standing is Standing.CONDITIONAL else (),
            addition=self._addition(lambda: with_operation(self.catalog, self.draft, operation.id)),
            alternative=alternative,
            alternative_name=self.catalog.titles.operation_name(alternative, operation.service) if alternative else "",
            alternative_allowed=alternative is not None and self._state(alternative.id).allowed,
            alternative_denied=alternative is not None and bool(self._state(alternative.id).denied_by),
            here=self._row(operation, state),
        )

    @cached_property
    def selected(self) -> frozenset[str]:
        return frozenset(self.policy.operations.selected)

    @cached_property
    def _states(self) -> Mapping[str, OperationState]:
        return states(self.catalog, self.policy, self.draft.editable(0))

    def _state(self, id_: str) -> OperationState:
        return self._states.get(id_, NO_STATE)

    def _row(self, operation: Operation, state: OperationState) -> str:
        """The row of the operation in the builder, in the statement that denies it or else has it ticked; "" where no
        link holds the draft."""
        if len(self.token) > MAX_LINK:
            return ""
        ticked = (at for at, block in enumerate(self.draft.blocks) if operation.id in block.selection.operations)
        at = state.denied_by[0] - 1 if state.denied_by else next(ticked, 0)
        view = View(at=self.draft.editable(at))
        return f"{address(self.draft, view)}#row-{element_id(operation.id)}"

    def _limits(self, operation: Operation) -> Iterator[Limit]:
        for number, part in enumerate(self.policy.blocks, 1):
            limited = [statement for statement in part.statements if statement.limited]
            if limited and operation.id in what_concerns(self.catalog, limited):
                yield Limit(number, limited[0].effect is Effect.DENY, limits_in_words(part.block))

    def _addition(self, make: Callable[[], ExtendedDraft]) -> Addition:
        """Of what `make` adds, which may raise RefusedError."""
        try:
            added = make()
        except RefusedError as reason:
            return Addition(refused=str(reason))
        block = added.draft.blocks[added.at]
        there = {grant.action for part in self.policy.blocks[added.at : added.at + 1] for grant in part.grants}
        brought = (grant.action for grant in block_grants(self.catalog, block) if grant.action not in there)
        return Addition(
            actions=tuple(name for name in brought if name not in self.granted),
            number=added.at + 1,
            limited=bool(block.conditions or block.resources),
        )
