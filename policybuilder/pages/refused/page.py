"""A refusal as values for its template: the actions and operations behind it, and what a draft says about each."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from django.utils.functional import cached_property

from policybuilder.domain.access.operations import Granted, what_concerns
from policybuilder.domain.building.blocks import block_grants
from policybuilder.domain.building.operation_states import NO_STATE, OperationState
from policybuilder.domain.catalog.action_names import action_key, is_wildcard, matches
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Action, Level, Operation, Support
from policybuilder.domain.findings import Finding, Severity
from policybuilder.domain.policy.document import Effect
from policybuilder.domain.refusal.explain import SEVERAL_OPERATIONS, Explanation, explain
from policybuilder.domain.words import counted, listed
from policybuilder.drafts.addresses import View, address
from policybuilder.drafts.compiled import compiled, states
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.link import MAX_LINK, encode
from policybuilder.web.commands import RefusedError
from policybuilder.web.element_ids import element_id
from policybuilder.web.wording import limits_in_words, totals_in_words

from .cards import ActionGroup, Addition, Limit, OperationCard, Standing, standing_of
from .commands import SAMPLES, ExtendedDraft, with_action, with_operation

MOST_CARDS = 12  # operations with all that is said about them, and actions without one; others are counted


class RefusedPage:
    """The page for one text and one draft."""

    def __init__(self, catalog: Catalog, draft: Draft, text: str):
        self.catalog = catalog
        self.draft = draft
        self.text = text
        self.policy = compiled(catalog, draft)
        self.at = draft.editable(0)
        self.token = encode(draft)
        self.granted = Granted(self.policy.document)

    @property
    def empty(self) -> bool:
        return not self.text.strip()

    @property
    def has_draft(self) -> bool:
        """Whether there is a policy to look at."""
        return not self.policy.empty

    @property
    def draft_words(self) -> str:
        name = f"“{self.draft.name}”: " if self.draft.name else ""
        return f"{name}{totals_in_words(self.catalog, self.policy, self.at)}"

    @property
    def examples(self) -> tuple[str, ...]:
        return tuple(SAMPLES.values())

    # What was found

    @cached_property
    def explanation(self) -> Explanation:
        return explain(self.catalog, self.text)

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.explanation.findings

    @property
    def policy_was_refused(self) -> bool:
        """Whether the text names a code that stands for a rule about policies."""
        named = self.text.upper()
        return any(finding.severity is Severity.ERROR and finding.code in named for finding in self.findings)

    @property
    def unknown(self) -> bool:
        """Whether nothing of the catalogue was found."""
        return not (self.explanation.operations or self.explanation.actions)

    @property
    def asks_for_more(self) -> bool:
        """Whether to show what can be pasted."""
        return self.unknown and not self.policy_was_refused and not self.unauthenticated

    @property
    def unauthenticated(self) -> bool:
        """Whether nothing but a failed authentication was found."""
        return self.unknown and not self.policy_was_refused and bool(self.explanation.unauthenticated)

    @cached_property
    def groups(self) -> tuple[ActionGroup, ...]:
        return tuple(self._groups())

    def _groups(self) -> Iterator[ActionGroup]:
        """An operation stands below the first of its actions; after the actions, those that need none."""
        waiting = dict.fromkeys(self.explanation.operations)
        room = MOST_CARDS
        for name in self.explanation.actions[:MOST_CARDS]:
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
        ids = sorted(needing(self.catalog, action.name), key=lambda id_: id_ not in self.selected)
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

    # What the draft says about it

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
        return states(self.catalog, self.policy, self.at)

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

    # In words

    @property
    def cards(self) -> tuple[OperationCard, ...]:
        return tuple(card for group in self.groups for card in group.cards)

    @property
    def outcome(self) -> str:
        """Colour and sign of the headline: empty, unknown, found (without a draft), clean (allowed) or refused."""
        if self.empty:
            return "empty"
        if self.unknown:
            return "unknown"
        if not self.has_draft:
            return "found"
        standings = {card.standing for card in self.cards} | {group.standing for group in self.groups if group.needing}
        return "clean" if standings <= {Standing.ALLOWED, Standing.FREE} else "refused"

    @property
    def headline(self) -> str:
        operations, actions = self.explanation.operations, self.explanation.actions
        if self.empty:
            return "No refusal yet"
        if len(operations) == 1:
            name = self.catalog.titles.operation_name(self.catalog.operation(operations[0]))
            return f"This is about “{name}”{self._there}"
        if operations:
            return f"This can be about {counted(len(operations), 'operation')}{self._there}"
        if len(actions) == 1:
            return f"This is about {actions[0]}, which other operations need"
        if actions:
            return f"This is about {counted(len(actions), 'action')} that other operations need"
        if self.policy_was_refused:
            return "IAM refused a policy, not a call"
        if self.unauthenticated:
            return "Authentication failed: no policy is involved"
        what = "refused call" if self.explanation.left_out else "operation"
        return f"No {what} was found in this text"

    @property
    def _there(self) -> str:
        """The regions that the calls went to: “ in eu-de”."""
        regions = self.explanation.regions
        return f" in {listed(regions)}" if regions else ""

    @property
    def _project(self) -> str:
        """Where a grant counts: in a project of the call's region, or everywhere, for services without regions."""
        levels = {self.catalog.prefixes.level_of(name) for name in self.explanation.actions}
        return "" if levels == {Level.AX} else f" and project{self._there}"

    @property
    def question(self) -> str:
        """What to paste as well, where a call can be that of several operations; "" where nothing is asked for."""
        asked = (finding.hint for finding in self.findings if finding.code == SEVERAL_OPERATIONS)
        return next(asked, "")

    @property
    def verdict(self) -> str:
        """What the draft says about all of it, in a sentence, "" where there is nothing to say."""
        if self.unauthenticated:
            return "There is nothing to add to the draft."
        if self.empty or self.unknown:
            return ""
        if not self.explanation.actions:
            return "It needs no authorization, so a policy did not refuse it, and none can allow it."
        if not self.has_draft:
            return (
                "A call is refused when no policy of the caller allows it, or one denies it. "
                "The draft is empty: begin it with this."
            )
        allowed = sum(card.standing in (Standing.ALLOWED, Standing.FREE) for card in self.cards)
        if self.outcome == "clean":
            return (
                "The draft allows it. Where it is refused still, another policy is in force: create this one in IAM, "
                f"and look at which user group{self._project} it is granted for."
            )
        if allowed:
            return f"The draft allows {allowed} of these {len(self.cards)}."
        if len(self.cards) > 1:
            return "The draft allows none of them."
        conditional = any(card.standing is Standing.CONDITIONAL for card in self.cards)
        return "The draft allows it for some requests only." if conditional else "The draft does not allow it."

    @property
    def said(self) -> str:
        """For the status line, which screen readers read out."""
        return ". ".join(filter(None, [self.headline, self.verdict.partition(". ")[0].rstrip(".")]))


@lru_cache(maxsize=1)
def _dependants(catalog: Catalog) -> dict[str, tuple[str, ...]]:
    """A dependency, in the form of `action_key` -> the ids of the operations that need it, in the catalogue's order."""
    needed_by: dict[str, dict[str, None]] = defaultdict(dict)
    for operation in catalog.operations.values():
        for name in operation.all_dependencies():
            needed_by[action_key(name)][operation.id] = None
    return {name: tuple(ids) for name, ids in needed_by.items()}


def needing(catalog: Catalog, name: str) -> tuple[str, ...]:
    """The ids of the operations that need an action besides their own, in the catalogue's order."""
    ids: set[str] = set()
    for dependency, dependants in _dependants(catalog).items():
        if dependency == action_key(name) or (is_wildcard(dependency) and matches(dependency, name)):
            ids.update(dependants)
    return tuple(id_ for id_ in catalog.operations if id_ in ids)
