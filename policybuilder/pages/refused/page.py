"""A refusal as values for its template: the actions and operations behind it, and what a draft says about each."""

from typing import Any

from django.utils.functional import cached_property

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.findings import Finding, Plural, Severity, Template, fill
from policybuilder.domain.refusal.calls_in_doubt import SEVERAL_OPERATIONS
from policybuilder.domain.refusal.explain import Explanation, explain
from policybuilder.drafts.compiled import compiled
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.link import encode
from policybuilder.web.wording import totals_in_words

from .cards import ActionGroup, OperationCard, Standing
from .commands import SAMPLES
from .draft_cards import DraftCards

# The headlines. `there` is " in eu-de", or "" where no region is known.
NO_REFUSAL_YET = "No refusal yet"
ONE_OPERATION = "This is about “{name}”{there}"
SEVERAL_OPERATIONS_MEANT = "This can be about {n:,} operations{there}"
ONE_ACTION = "This is about {name}, which other operations need"
SEVERAL_ACTIONS = "This is about {n:,} actions that other operations need"
POLICY_REFUSED = "IAM refused a policy, not a call"
NOT_AUTHENTICATED = "Authentication failed: no policy is involved"
NO_REFUSED_CALL = "No refused call was found in this text"
NO_OPERATION = "No operation was found in this text"
# The verdicts.
NOTHING_TO_ADD = "There is nothing to add to the draft."
NEEDS_NO_AUTHORIZATION = "It needs no authorization, so a policy did not refuse it, and none can allow it."
BEGIN_WITH_IT = (
    "A call is refused when no policy of the caller allows it, or a policy denies it. "
    "The draft is empty: begin it with this."
)
ALLOWED = (
    "The draft allows it. Where it is refused still, another policy is in force: create this one in IAM, and look at "
    "which user group it is granted for."
)
ALLOWED_IN_PROJECT = (
    "The draft allows it. Where it is refused still, another policy is in force: create this one in IAM, and look at "
    "which user group and project{there} it is granted for."
)
SOME_ALLOWED = "The draft allows {allowed} of these {n}."
NONE_ALLOWED = "The draft allows none of them."
CONDITIONAL = "The draft allows it for some requests only."
NOT_ALLOWED = "The draft does not allow it."


class RefusedPage:
    """The page for one text and one draft."""

    def __init__(self, catalog: Catalog, draft: Draft, text: str):
        self.catalog = catalog
        self.draft = draft
        self.text = text
        self.policy = compiled(catalog, draft)
        self.at = draft.editable(0)
        self.token = encode(draft)

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
        return DraftCards(self.catalog, self.draft, self.policy, self.token).groups(self.explanation)

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
        values: dict[str, Any] = {"n": len(self.explanation.operations or self.explanation.actions)}
        if self.explanation.operations:
            first = self.catalog.operation(self.explanation.operations[0])
            values["name"] = self.catalog.titles.operation_name(first)
        elif self.explanation.actions:
            values["name"] = self.explanation.actions[0]
        return fill(self._headline, {**values, "there": self._there})

    @property
    def _headline(self) -> Template:
        if self.empty:
            return NO_REFUSAL_YET
        if self.explanation.operations:
            return Plural(ONE_OPERATION, SEVERAL_OPERATIONS_MEANT)
        if self.explanation.actions:
            return Plural(ONE_ACTION, SEVERAL_ACTIONS)
        if self.policy_was_refused:
            return POLICY_REFUSED
        if self.unauthenticated:
            return NOT_AUTHENTICATED
        return NO_REFUSED_CALL if self.explanation.left_out else NO_OPERATION

    @property
    def _there(self) -> str:
        """The regions that the calls went to: “ in eu-de”."""
        regions = self.explanation.regions
        return fill(" in {regions:listed}", {"regions": regions}) if regions else ""

    @property
    def question(self) -> str:
        """What to paste as well, where a call can be that of several operations; "" where nothing is asked for."""
        asked = (finding.hint for finding in self.findings if finding.code == SEVERAL_OPERATIONS)
        return next(asked, "")

    @property
    def verdict(self) -> str:
        """What the draft says about all of it, in a sentence, "" where there is nothing to say."""
        return fill(self._verdict, {"there": self._there, "allowed": self._allowed, "n": len(self.cards)})

    @property
    def _allowed(self) -> int:
        return sum(card.standing in (Standing.ALLOWED, Standing.FREE) for card in self.cards)

    @property
    def _verdict(self) -> str:
        if self.unauthenticated:
            return NOTHING_TO_ADD
        if self.empty or self.unknown:
            return ""
        if not self.explanation.actions:
            return NEEDS_NO_AUTHORIZATION
        if not self.has_draft:
            return BEGIN_WITH_IT
        if self.outcome == "clean":  # services without regions are granted in no project of a region
            levels = {self.catalog.prefixes.level_of(name) for name in self.explanation.actions}
            return ALLOWED if levels == {Level.AX} else ALLOWED_IN_PROJECT
        if self._allowed:
            return SOME_ALLOWED
        if len(self.cards) > 1:
            return NONE_ALLOWED
        conditional = any(card.standing is Standing.CONDITIONAL for card in self.cards)
        return CONDITIONAL if conditional else NOT_ALLOWED

    @property
    def said(self) -> str:
        """For the status line, which screen readers read out."""
        return ". ".join(filter(None, [self.headline, self.verdict.partition(". ")[0].rstrip(".")]))
