"""NOTICE: whose documentation the catalogue was read from, in which edition and under which licence."""

from collections.abc import Iterator, Mapping

from policybuilder.reference.decisions import Decisions
from policybuilder.reference.repositories import Repository
from policybuilder.reference.services import Entry

OWNER = "https://github.com/opentelekomcloud-docs"
INTRODUCTION = """\
Policy Builder

The files in fixtures/catalogue/ are made from tables of the documentation of Open Telekom Cloud, published by T-Systems
International GmbH. Titles, API calls and names of actions are taken from them; what was corrected stands in
fixtures/decisions.yaml. The system-defined policies in fixtures/starting-points/ are taken from the same documentation,
and from that of Ubiquitous Cloud Native Service (Apache-2.0); their sources stand beside them. This file is written by
`manage.py read_reference`.

The repositories, each with the revision that was read, its date, and its licence:
"""
FACTS = """\
Levels of services and their hosts were read here:
"""
OTHER = """\
Where these tables do not say whether an action takes effect in enterprise projects, other documentations were read,
which state it of the same software; nothing but that was taken from them:
"""


def notice_text(decisions: Decisions, repositories: Mapping[str, Repository], files: Mapping[str, Entry]) -> str:
    lines = [
        INTRODUCTION,
        *_repositories(decisions, repositories),
        "",
        FACTS,
        *_facts(decisions),
        "",
        OTHER,
        *_others(files),
    ]
    return "\n".join(lines) + "\n"


def _repositories(decisions: Decisions, repositories: Mapping[str, Repository]) -> Iterator[str]:
    read = {name for service in decisions.services for name in service.repositories}
    for name in sorted(read):
        repository = repositories[name]
        licence = "Apache-2.0" if repository.has_licence else "no LICENSE file; setup.cfg names the Apache licence"
        yield f"- {OWNER}/{name}"
        yield f"  {repository.revision} ({repository.date}), {licence}"


def _facts(decisions: Decisions) -> Iterator[str]:
    for source in decisions.sources:
        yield f"- {source.title}"
        yield f"  {source.url} ({source.revision}, {source.date})"


def _others(files: Mapping[str, Entry]) -> Iterator[str]:
    sources = {source["url"]: source for file in files.values() for source in file["sources"].values()}
    for url in sorted(sources):
        if not url.startswith("https://docs.otc.t-systems.com/"):
            edition = ", ".join(part for part in (sources[url].get("revision"), sources[url].get("date")) if part)
            yield f"- {sources[url]['title']}"
            yield f"  {url}" + (f" ({edition})" if edition else "")
