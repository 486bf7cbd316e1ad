"""The catalogue files of all services: what one of them needs of the others, and rows that two of them publish."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from policybuilder.reference.decisions import Decisions, ServiceDecision
from policybuilder.reference.journal import Journal
from policybuilder.reference.pages import ReadRow, read_rows
from policybuilder.reference.problems import ReferenceProblem
from policybuilder.reference.repositories import Repository
from policybuilder.reference.reveals import read_reveals
from policybuilder.reference.scopes import FIELDS, read_scopes
from policybuilder.reference.services import BuiltService, Entry, build_service, named


def build_catalogue(
    decisions: Decisions, repositories: Mapping[str, Repository], scopes: Path, journal: Journal
) -> tuple[dict[str, Entry], list[ReferenceProblem]]:
    """(files by service, problems). A service of which a repository is not there is left out and remarked on.

    A problem of a service's pages costs that service its file, no other.
    """
    rows: dict[str, list[ReadRow]] = {}
    problems: list[ReferenceProblem] = []
    for service in decisions.services:
        missing = sorted(service.repositories - set(repositories))
        if missing:
            journal.remark("services not read", f"{service.slug}: no repository {', '.join(missing)}")
        elif service.pages:
            try:
                rows[service.slug] = read_rows(service, dict(repositories), decisions.corrections, journal)
            except ReferenceProblem as problem:
                problems.append(problem)
    spellings = _spellings(decisions, rows, journal)
    built: dict[str, BuiltService] = {}
    for service in decisions.services:
        if service.slug in rows:
            try:
                scope_file = read_scopes(scopes / f"{service.slug}.yaml")
                reveals = read_reveals(service, repositories)
                built[service.slug] = build_service(
                    service, rows[service.slug], scope_file, reveals, journal, spellings
                )
            except ReferenceProblem as problem:
                problems.append(problem)
    problems += _stale(decisions, rows, journal)
    problems += _join_same_jobs(decisions, built)
    _share(decisions, built, journal)
    files: dict[str, Entry] = {}
    for slug, own in built.items():
        try:
            files[slug] = _with_used_sources({**own.file, "needs": _needs(own, decisions, built)})
        except ReferenceProblem as problem:
            problems.append(problem)
    return files, problems


def _with_used_sources(file: Entry) -> Entry:
    """Without the sources of rows that were taken from another service's file."""
    entries = [operation for category in file["categories"] for operation in category["operations"]]
    entries += [action for told in (file, *file["needs"]) for action in told["actions"]]
    used = {category["source"] for category in file["categories"]} | {
        action.get("source") for action in (*file["actions"], *file["manual"])
    }
    used |= {entry[part].get("source") for entry in entries for part in ("scope", "reveals") if part in entry}
    return {**file, "sources": {key: source for key, source in file["sources"].items() if key in used}}


def _spellings(decisions: Decisions, rows: Mapping[str, list[ReadRow]], journal: Journal) -> dict[str, str]:
    """Names by themselves in lower case: as the API tables of their service spell them first, else its manual."""
    order: list[tuple[int, str, str]] = []
    for slug, reads in rows.items():
        for read in reads:
            for rank, names in ((0, read.row.all_actions), (2, read.row.all_dependencies)):
                for name in names:
                    owner = decisions.owner(name.partition(":")[0])
                    foreign = owner is None or owner.slug != slug
                    order.append((4 if foreign else rank + read.manual, name, str(read.row.place)))
    found: dict[str, str] = {}
    for _, name, place in sorted(order, key=lambda entry: entry[0]):
        spelled = found.setdefault(name.casefold(), name)
        if spelled != name:
            journal.normalise("name-case", place, f"{name} is {spelled}")
    return found


def _stale(decisions: Decisions, rows: Mapping[str, list[ReadRow]], journal: Journal) -> Iterable[ReferenceProblem]:
    """Corrections that did not apply, of pages that were read or are no longer there."""
    unread = {page.repository for service in decisions.services if service.slug not in rows for page in service.pages}
    for number, correction in enumerate(decisions.corrections):
        if number not in journal.corrected and correction.page.partition("/")[0] not in unread:
            yield ReferenceProblem(
                f"decisions, corrections[{number}]",
                f"{correction.page} has no {correction.old!r} in its {correction.column} any more: take it out.",
            )


def _join_same_jobs(decisions: Decisions, built: Mapping[str, BuiltService]) -> Iterable[ReferenceProblem]:
    """Writes the other operations of the same job into each operation's entry. Problems: ids that no service has."""
    for number, job in enumerate(decisions.same_jobs):
        for identifier in job.operations:
            service = built.get(identifier.partition("/")[0])
            if service is None:
                continue
            if identifier not in service.operations:
                yield ReferenceProblem(f"decisions, same_jobs[{number}]", f"there is no {identifier} any more.")
                continue
            others = service.operations[identifier]["same_job"]
            others += [other for other in job.operations if other != identifier and other not in others]


def _share(decisions: Decisions, built: Mapping[str, BuiltService], journal: Journal) -> None:
    """A row that the owner of its actions publishes too (same calls, same actions) becomes the owner's operation."""
    for service in built.values():
        for entry in service.operations.values():
            actions = named(entry, "actions")
            owner = decisions.owner(actions[0].partition(":")[0]) if actions and entry["calls"] else None
            if owner is None or owner.slug not in built or owner.slug == service.decision.slug:
                continue
            for identifier, own in built[owner.slug].operations.items():
                if own["calls"] == entry["calls"] and sorted(named(own, "actions")) == sorted(actions):
                    journal.remark("rows of two services", f"{service.decision.slug}: {identifier}")
                    entry |= {
                        **own,
                        "operation": identifier,
                        "scope": _copied(own["scope"], built[owner.slug], service),
                        "reveals": _copied(own["reveals"], built[owner.slug], service),
                    }


def _copied(fact: Entry, owner: BuiltService, service: BuiltService) -> Entry:
    """A fact of `owner`, whose source is added to the sources of `service`."""
    if "source" not in fact:
        return fact
    key = f"{owner.decision.slug}-{fact['source']}"
    service.file["sources"][key] = owner.file["sources"][fact["source"]]
    return {**fact, "source": key}


def _needs(service: BuiltService, decisions: Decisions, built: Mapping[str, BuiltService]) -> list[Entry]:
    """Stubs of the other services whose actions the file names."""
    wanted: dict[str, set[str]] = {}
    names: set[str] = set()
    for entry in service.operations.values():
        if entry["operation"].count("/"):
            wanted.setdefault(entry["operation"].partition("/")[0], set())
        names.update((*named(entry, "actions"), *named(entry, "dependencies")))
    names.update(name for entry in service.file["manual"] for name in entry["dependencies"] if "*" not in name)
    for name in names:
        prefix = name.partition(":")[0]
        if prefix not in service.decision.prefixes:
            wanted.setdefault(_owner(decisions, prefix, name).slug, set()).add(name)
    by_slug = {decision.slug: decision for decision in decisions.services}
    return [_stub(by_slug[slug], wanted[slug], service, built.get(slug)) for slug in by_slug if slug in wanted]


def _owner(decisions: Decisions, prefix: str, name: str) -> ServiceDecision:
    owner = decisions.owner(prefix)
    if owner is None:
        raise ReferenceProblem("decisions", f"no service has the prefix of {name}.")
    return owner


def _stub(decision: ServiceDecision, names: set[str], service: BuiltService, own: BuiltService | None) -> Entry:
    actions = []
    for name in sorted(names, key=str.casefold):
        known = service.scopes.actions.get(name, {})
        told: Entry = next((action for action in own.file["actions"] if action["action"] == name), {}) if own else {}
        entry: Entry = {"action": name, "title": "", "access": "", "scope": {}, "calls": []}
        if "evidence" in known:
            scope = {key: known[key] for key in (*FIELDS, "evidence") if key in known}
            service.file["sources"][known["source"]] = dict(service.scopes.sources[known["source"]])
            entry["scope"] = {**scope, "source": known["source"]}
        elif own and told.get("scope"):
            entry |= {"access": told["access"], "scope": _copied(told["scope"], own, service), "calls": told["calls"]}
        elif own:
            entry["scope"] = _of_rows(name, own, service)
        entry |= {key: known[key] for key in ("title", "access", "calls") if key in known}
        actions.append(entry)
    stub: Entry = {"service": decision.slug, "title": decision.title, "short": decision.short, "group": decision.group}
    stub |= {"prefixes": list(decision.prefixes), "level": decision.level, "level_evidence": decision.level_evidence}
    return {**stub, "endpoints": list(decision.endpoints), "actions": actions}


def _of_rows(name: str, own: BuiltService, service: BuiltService) -> Entry:
    """The scope of an action over the rows that it authorises: `varies` where they differ."""
    scopes: list[Entry] = [
        entry["scope"] for entry in own.operations.values() if name in named(entry, "actions") and entry["scope"]
    ]
    found: dict[str, Any] = {}
    for key in ("iam_project", "enterprise_project"):
        values = {scope[key] for scope in scopes if key in scope}
        if values:
            found[key] = values.pop() if len(values) == 1 else "varies"
    if found:
        evidence = {scope["evidence"] for scope in scopes}
        copied = _copied(scopes[0], own, service)
        found |= {"evidence": "stated" if evidence == {"stated"} else "inferred", "source": copied["source"]}
    return found
