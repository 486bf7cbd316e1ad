"""What a person must look at after the pages were read."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from policybuilder.reference.decisions import Decisions
from policybuilder.reference.journal import NORMALISATIONS, Journal
from policybuilder.reference.services import Entry, named

MOST_PLACES = 20  # of a normalisation


def report_text(journal: Journal, decisions: Decisions, files: Mapping[str, Entry]) -> str:
    """Markdown: a heading with its count for each group, an entry a line."""
    groups = {**journal.remarks, **_of_files(files)}
    return "\n".join(
        line
        for part in (_counts(files), _groups(groups), _normalisations(journal), _corrections(journal, decisions))
        for line in part
    )


def operations(file: Entry) -> Iterator[Entry]:
    return (operation for category in file.get("categories", ()) for operation in category["operations"])


def _counts(files: Mapping[str, Entry]) -> Iterator[str]:
    yield "| service | categories | operations | their actions | other actions |"
    yield "| --- | --- | --- | --- | --- |"
    for slug, file in files.items():
        own = {name.casefold() for operation in operations(file) for name in named(operation, "actions")}
        rows = len(list(operations(file)))
        yield f"| {slug} | {len(file['categories'])} | {rows} | {len(own)} | {len(file['actions'])} |"
    yield ""


def _groups(groups: Mapping[str, list[str]]) -> Iterator[str]:
    for name in sorted(groups):
        yield f"## {name} ({len(groups[name])})"
        yield from _listed(groups[name])
        yield ""


def _normalisations(journal: Journal) -> Iterator[str]:
    for name, what in NORMALISATIONS.items():
        places = journal.normalised.get(name, [])
        yield f"## normalisation {name} ({len(places)}): {what}"
        yield from _listed(places[:MOST_PLACES])
        yield ""


def _listed(texts: list[str]) -> Iterator[str]:
    for text in dict.fromkeys(texts):
        yield f"- {text}"


def _corrections(journal: Journal, decisions: Decisions) -> Iterator[str]:
    yield f"## corrections ({len(journal.corrected)})"
    for number, places in sorted(journal.corrected.items()):
        correction = decisions.corrections[number]
        yield f"- {correction.old} -> {correction.new}: {', '.join(places)} ({correction.reason})"


def _of_files(files: Mapping[str, Entry]) -> dict[str, list[str]]:
    known = {name for file in files.values() for operation in operations(file) for name in named(operation, "actions")}
    described = {action["action"] for file in files.values() for action in file["actions"] if action["title"]}
    scopes: dict[str, set[str]] = defaultdict(set)
    found: dict[str, list[str]] = defaultdict(list)
    missing: dict[str, str] = {}
    for file in files.values():
        for operation in operations(file):
            place = f"{file['service']}: {operation['title']}"
            scope = operation["scope"]
            for name in named(operation, "actions"):
                scopes[name].add(f"{scope.get('iam_project', '?')}/{scope.get('enterprise_project', '?')}")
                if "*" in name:
                    found["wildcards as own actions"].append(f"{place}: {name}")
            for name in named(operation, "dependencies"):
                if "*" in name:
                    found["wildcard dependencies"].append(f"{place}: {name}")
                elif name not in known:
                    note = " (a user manual or another documentation has it)" if name in described else ""
                    missing.setdefault(name, f"{name}{note}, first {place}")
    found["dependencies in no table"] = [missing[name] for name in sorted(missing)]
    found["actions of differing scope"] = [
        f"{name}: {', '.join(sorted(values))}" for name, values in sorted(scopes.items()) if len(values) > 1
    ]
    return found
