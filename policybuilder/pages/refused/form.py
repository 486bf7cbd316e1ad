"""A submitted refusal, or an address that opens the page with a draft. Nothing here raises."""

from dataclasses import dataclass, field

from django.http import HttpRequest

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.jsontext.source import MAX_BYTES
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.reading import read_draft
from policybuilder.web.commands import Command, read_command
from policybuilder.web.uploads import OversizedError, read_form


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
        return RefusedSubmission(opened.draft, problems=opened.problems)
    try:
        data, _ = read_form(request)
    except OversizedError:
        problem = f"That is far too much: at most {MAX_BYTES:,} bytes are read. Go back to have your text again."
        return RefusedSubmission(problems=(problem,))
    opened = read_draft(catalog, data)
    return RefusedSubmission(opened.draft, data.get("text", ""), read_command(data), opened.problems)
