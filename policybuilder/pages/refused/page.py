"""A refusal as values for its template: the actions and operations behind it, and what a draft says about each."""

from django.utils.functional import cached_property

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.findings import Finding, Severity
from policybuilder.domain.refusal.explain import SEVERAL_OPERATIONS, Explanation, explain
from policybuilder.domain.words import counted, listed
from policybuilder.drafts.compiled import compiled
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.link import encode
from policybuilder.web.wording import totals_in_words

from .cards import ActionGroup, OperationCard, Standing
from .commands import SAMPLES
from .draft_cards import DraftCards


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
