"""The draft that somebody came with, which a starting point does not touch: it is one step Back from the new one."""

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.drafts.compiled import compiled
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.link import encode
from policybuilder.web.wording import totals_in_words


class KeptDraft:
    def __init__(self, catalog: Catalog, draft: Draft):
        self.catalog = catalog
        self.draft = draft

    @property
    def token(self) -> str:
        return encode(self.draft)

    @property
    def has_draft(self) -> bool:
        return not self.draft.empty or bool(self.draft.name)

    @property
    def draft_summary(self) -> str:
        return totals_in_words(self.catalog, compiled(self.catalog, self.draft), self.draft.editable(0))
