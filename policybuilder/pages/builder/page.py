"""The builder for one draft, as values for its templates: the tree, the policy, and the ways from here."""

from collections.abc import Mapping
from dataclasses import replace

from django.utils.functional import cached_property

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.causes import Causes, is_iam_only
from policybuilder.domain.building.closure import Cascade, left_out, preview_cascade
from policybuilder.domain.building.compiler import CompiledPolicy
from policybuilder.domain.building.operation_states import OperationState
from policybuilder.domain.building.reach import reach_of
from policybuilder.domain.building.selection import Dependencies, Selection
from policybuilder.domain.building.selection_split import divide_blocks
from policybuilder.domain.catalog.action_names import action_key, is_wildcard
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Operation
from policybuilder.domain.policy.document import Effect
from policybuilder.drafts.addresses import View
from policybuilder.drafts.compiled import compiled, states
from policybuilder.drafts.conditions import NOTHING_TYPED, Typed
from policybuilder.drafts.draft import Draft
from policybuilder.web.element_ids import element_id
from policybuilder.web.wording import name_problem, totals_in_words

from .documents import Links, ShownDocument, ShownFinding, shown_findings
from .found import SearchResults
from .granted import GrantedActions, grant_groups
from .rail import service_shown
from .statements import StatementEditor
from .tree import Tree
from .verdict import Alarm, DraftVerdict, raise_alarm
from .wildcards import Opened, WildcardChoice, opened, wildcard_choices

NAMES_AT_ONCE = 300  # of actions


class Summary:
    """What the policy of a page allows and how large it is, in words and lists."""

    def __init__(self, page: "BuilderPage"):
        self.page = page

    @cached_property
    def totals(self) -> str:
        return totals_in_words(self.page.catalog, self.page.policy, self.page.at)

    @cached_property
    def writing(self) -> str:
        """How many of the allowed actions can change something, "" where nothing is allowed."""
        statements = self.page.policy.document.statements
        found = reach_of(self.page.catalog, (each for each in statements if each.effect is Effect.ALLOW))
        if not found.count:
            return ""
        of_them = " of the allowed" if any(each.effect is Effect.DENY for each in statements) else ""
        return f"{found.writing}{of_them} can change something"

    @cached_property
    def can_split(self) -> bool:
        """Whether a page can show it as two policies: one for enterprise projects and one for IAM projects."""
        return self.page.links.linkable and not divide_blocks(self.page.catalog, self.page.draft.blocks).whole

    @property
    def near_a_limit(self) -> bool:
        """Whether one of the policies takes up half of what IAM lets it have of something, or more."""
        return any(document.near_a_limit for document in self.page.documents)

    @property
    def name_problem(self) -> str:
        return name_problem(self.page.draft.name)

    @cached_property
    def also_allowed(self) -> tuple[tuple[str, Operation, bool], ...]:
        """Each with its name, and whether it is allowed under conditions only."""
        found = self.page.policy.operations
        return tuple((*self.page.named(id_), id_ in found.conditional) for id_ in found.also_allowed)

    @cached_property
    def selected_operations(self) -> tuple[tuple[str, Operation], ...]:
        """Each with its name."""
        return tuple(map(self.page.named, self.page.policy.operations.selected))

    @property
    def single_actions(self) -> tuple[str, ...]:
        """The actions and wildcards that stand by themselves, of all blocks that allow."""
        allowing = (block for block in self.page.draft.blocks if block.effect is Effect.ALLOW)
        return tuple(sorted({name for block in allowing for name in block.selection.actions}))


class DependencyChoices:
    """The dependencies of the statement that the tree edits, as far as they can be left out or added."""

    def __init__(self, page: "BuilderPage"):
        self.page = page

    @property
    def left_out(self) -> list[tuple[str, str, list[str]]]:
        """Each single action that was left out, its element id, and the names of the operations that need it.

        A Deny names no dependencies, so there is nothing to leave out of it.
        """
        found = {} if self.page.denies else left_out(self.page.catalog, self.page.selection)
        return [
            (name, element_id(name), [self.page.named(id_)[0] for id_ in ids])
            for name, ids in found.items()
            if not is_wildcard(name)
        ]

    @cached_property
    def wildcards(self) -> tuple[WildcardChoice, ...]:
        """The wildcards that operations depend on, granted or not."""
        return () if self.page.denies else wildcard_choices(self.page.catalog, self.page.selection)

    @property
    def cascades(self) -> bool:
        return self.page.selection.dependencies is Dependencies.ALL

    @cached_property
    def cascade(self) -> Cascade:
        return preview_cascade(self.page.catalog, self.page.selection)


class BuilderPage:
    """The builder for one draft. Everything that templates ask for twice is kept.

    `at` is the block that the tree edits, counted from 0; `previous` the draft before the last change, None where there
    was none; `typed` what stands in fields that were refused; `policy` that of the draft, where it is known.
    """

    def __init__(
        self,
        catalog: Catalog,
        draft: Draft,
        view: View,
        previous: Draft | None = None,
        typed: Typed = NOTHING_TYPED,
        policy: CompiledPolicy | None = None,
    ):
        self.catalog = catalog
        self.draft = draft
        self.at = draft.editable(view.at)
        self.service = service_shown(catalog, draft.blocks, view.service)
        self.view = replace(view, at=self.at, service=self.service.slug if self.service else "")
        self.previous = previous
        self.typed = typed
        self.policy: CompiledPolicy = policy or compiled(catalog, draft)
        self.links = Links(draft, replace(self.view, service=self._named_service), previous)

    @property
    def _named_service(self) -> str:
        """For addresses: "" for the first one, where it opens without being named."""
        first = service_shown(self.catalog, ())
        opens_unnamed = self.service is first and service_shown(self.catalog, self.draft.blocks) is first
        return "" if opens_unnamed else self.view.service

    @cached_property
    def before(self) -> CompiledPolicy | None:
        """The policy of the draft before the last change."""
        return None if self.previous is None else compiled(self.catalog, self.previous)

    @property
    def block(self) -> Block:
        return self.draft.blocks[self.at]

    @property
    def selection(self) -> Selection:
        return self.block.selection

    @property
    def denies(self) -> bool:
        return self.block.effect is Effect.DENY

    @property
    def tree_view(self) -> str:
        """What of the draft the tree shows; which condition is edited, its editor says."""
        return replace(self.view, condition=None).encoded()

    @property
    def undoable(self) -> bool:
        return self.previous is not None and self.previous != self.draft

    @property
    def title(self) -> str:
        return f"{self.draft.name} · Policy Builder" if self.draft.name else "Policy Builder"

    # Its parts

    @cached_property
    def summary(self) -> Summary:
        return Summary(self)

    @cached_property
    def search(self) -> SearchResults:
        return SearchResults(self.tree, self.policy.blocks[self.at])

    @cached_property
    def dependencies(self) -> DependencyChoices:
        return DependencyChoices(self)

    @property
    def few_names(self) -> tuple[tuple[str, str], ...]:
        """The names of all actions, to choose from, where there are few; else they come when asked for."""
        few = len(self.catalog.action_index.actions) <= NAMES_AT_ONCE
        return tuple(self.catalog.action_index.labelled()) if few else ()

    @cached_property
    def states(self) -> Mapping[str, OperationState]:
        return states(self.catalog, self.policy, self.at)

    @cached_property
    def tree(self) -> Tree:
        return Tree(self.catalog, self.draft, self.states, self.view, self.service)

    @cached_property
    def granted(self) -> GrantedActions:
        return GrantedActions(grant_groups(self.catalog, self.block))

    @cached_property
    def editor(self) -> StatementEditor:
        return StatementEditor(self.catalog, self.policy, self.view, self.at, self.typed)

    @cached_property
    def verdict(self) -> DraftVerdict:
        return DraftVerdict.of(self.catalog, self.policy)

    @cached_property
    def causes(self) -> Causes:
        return Causes(self.catalog, self.policy, self.at)

    @cached_property
    def alarm(self) -> Alarm | None:
        """Set when the last change made the policy IAM-only."""
        if self.previous is None or self.before is None or is_iam_only(self.before) or not self.causes.iam_only:
            return None
        return raise_alarm(self.catalog, self.previous, self.draft, self.causes)

    @cached_property
    def newly_opened(self) -> tuple[Opened, ...]:
        """The wildcards that since the last change allow what nobody selected."""
        if self.before is None:
            return ()
        was = {action_key(opening.name) for opening in self.before.openings}
        found = (opening for opening in self.policy.openings if action_key(opening.name) not in was)
        return tuple(opened(self.catalog, opening, self.dependencies.wildcards) for opening in found)

    # What is said about the policy

    @cached_property
    def documents(self) -> tuple[ShownDocument, ...]:
        """The policies to create: one, or one of each level."""
        return tuple(
            ShownDocument(self.catalog, self.policy, at, self.links, self.dependencies.wildcards, self.before)
            for at in range(len(self.policy.documents))
        )

    @cached_property
    def findings(self) -> tuple[ShownFinding, ...]:
        """Of all policies together first, then of each; the gravest first of each."""
        together = shown_findings(self.policy, self.policy.shared_findings)
        of_each = [each for document in self.documents for each in document.findings]
        return (*[ShownFinding(found.finding) for found in together], *of_each)

    def named(self, id_: str) -> tuple[str, Operation]:
        operation = self.catalog.operations[id_]
        return self.catalog.titles.operation_name(operation), operation
