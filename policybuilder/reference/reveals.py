"""The pages that show what operations' responses reveal: each is read, and has to have the fields that are decided."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from policybuilder.reference.decisions import RevealsDecision, ServiceDecision
from policybuilder.reference.links import page_url
from policybuilder.reference.naming import shortest_names
from policybuilder.reference.pages import Source
from policybuilder.reference.problems import ReferenceProblem
from policybuilder.reference.repositories import Repository
from policybuilder.reference.tables import read_page


@dataclass(frozen=True)
class ShownReveals:
    """A decision with the page that shows it, and the page's key among the sources of a file."""

    decision: RevealsDecision
    key: str
    source: Source


def read_reveals(service: ServiceDecision, repositories: Mapping[str, Repository]) -> dict[str, ShownReveals]:
    """By id of an operation. Raises ReferenceProblem for a page or field that is not there (any more)."""
    names = shortest_names(judged.page for judged in service.reveals.values())
    sources = {page: _source(service, page, repositories) for page in names}
    found = {}
    for identifier, judged in service.reveals.items():
        source, text = sources[judged.page]
        for name in judged.fields:
            if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text):
                place = f"reveals/{service.slug}.yaml, {identifier}"
                raise ReferenceProblem(place, f"{judged.page} has no {name!r} any more: read the page again.")
        found[identifier] = ShownReveals(judged, f"response-{names[judged.page]}", source)
    return found


def _source(service: ServiceDecision, page: str, repositories: Mapping[str, Repository]) -> tuple[Source, str]:
    name, _, path = page.partition("/")
    repository = repositories[name]
    text = repository.read([path]).get(path)
    if text is None:
        raise ReferenceProblem(f"reveals/{service.slug}.yaml", f"there is no page {page} any more.")
    title = f"Open Telekom Cloud, {service.short} API Reference: {read_page(text, page).title}"
    return Source(title, page_url(name, path), repository.revision, repository.date), text
