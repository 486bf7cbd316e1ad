"""A submitted refusal, or an address that opens the page with a draft. What cannot be used is named."""

from dataclasses import dataclass, field

from django.http import HttpRequest

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.reading import read_draft
from policybuilder.web.commands import Command, read_command


@dataclass(frozen=True, slots=True)
class RefusedSubmission:
    draft: Draft = field(default_factory=Draft)
    text: str = ""
    command: Command = Command()
    problems: tuple[str, ...] = ()


def read_refused(catalog: Catalog, request: HttpRequest) -> RefusedSubmission:
    """What cannot be used is named in `problems`."""
    if request.method != "POST":
        opened = read_draft(catalog, request.GET)
        return RefusedSubmission(opened.draft, problems=opened.warnings)
    opened = read_draft(catalog, request.POST)
    return RefusedSubmission(opened.draft, request.POST.get("text", ""), read_command(request.POST), opened.warnings)
