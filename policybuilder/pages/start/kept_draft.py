"""The draft that somebody came with, which a starting point does not touch: it is one step Back from the new one.

Where the new one is to be granted, its address says, or else the draft that somebody came with.
"""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.http import urlencode

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.scope import Goal
from policybuilder.drafts.compiled import compiled
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.link import encode
from policybuilder.web.wording import GOALS, totals_in_words


@dataclass(frozen=True, slots=True)
class GoalLink:
    """`query` follows the page's own path."""

    words: str
    query: str
    current: bool


def read_goal(data: QueryDict, draft: Draft) -> Goal:
    sent = data.get("goal", "")
    return Goal(sent) if sent in list(Goal) else draft.goal


class KeptDraft:
    """`search` is what the page searches."""

    def __init__(self, catalog: Catalog, draft: Draft, goal: Goal, search: str = ""):
        self.catalog = catalog
        self.draft = draft
        self.goal = goal
        self.search = search
        self.token = encode(draft)

    @property
    def has_draft(self) -> bool:
        return not self.draft.empty or bool(self.draft.name)

    @property
    def draft_summary(self) -> str:
        return totals_in_words(self.catalog, compiled(self.catalog, self.draft), self.draft.editable(0))

    @property
    def goals(self) -> tuple[GoalLink, ...]:
        """The same page for each."""
        return tuple(
            GoalLink(words, self._query(goal, self.search), goal is self.goal) for goal, words in GOALS.items()
        )

    @property
    def query(self) -> str:
        """What follows the address of a page that goes on with the draft and the goal."""
        return self._query(self.goal)

    @property
    def for_iam(self) -> str:
        """As `query`, for IAM projects."""
        return self._query(Goal.IAM_PROJECT)

    @property
    def goal_sent(self) -> str:
        """The goal as addresses say it, "" where the draft does."""
        return "" if self.goal is self.draft.goal else self.goal.value

    def _query(self, goal: Goal, search: str = "") -> str:
        pairs = [("draft", self.token)] if self.token else []
        pairs += [("q", search)] if search else []
        pairs += [("goal", goal.value)] if goal is not self.draft.goal else []
        return f"?{urlencode(pairs)}" if pairs else ""
