"""Reads repositories and decisions, and writes the catalogue files with the notice of their sources."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from policybuilder.catalog_files.files import CatalogFile
from policybuilder.reference.catalogue import build_catalogue
from policybuilder.reference.decisions import read_decisions
from policybuilder.reference.journal import Journal
from policybuilder.reference.notice import notice_text
from policybuilder.reference.problems import ReferenceProblem
from policybuilder.reference.report import report_text
from policybuilder.reference.repositories import find_repositories
from policybuilder.reference.services import Entry
from policybuilder.reference.writing import catalogue_text

HEADER = """\
The catalogue of {title}.
Written by `manage.py read_reference`; do not edit it. What no page tells stands in fixtures/decisions.yaml and
fixtures/scopes/; docs/catalogue.md says how the next edition is brought in."""


@dataclass(frozen=True)
class Outcome:
    written: tuple[str, ...]
    problems: tuple[ReferenceProblem, ...]
    report: str


def read_reference(folders: Iterable[Path], fixtures: Path, into: Path, notice: Path) -> Outcome:
    """Writes a file for each service that could be read whole, and the notice where all could.

    Raises ReferenceProblem where there is nothing to read.
    """
    decisions = read_decisions(fixtures / "decisions.yaml")
    repositories = find_repositories(folders)
    journal = Journal()
    files, problems = build_catalogue(decisions, repositories, fixtures / "scopes", journal)
    written = []
    into.mkdir(parents=True, exist_ok=True)
    for slug, file in files.items():
        if not file["categories"] and not file["actions"]:
            journal.remark(
                "services without an action", f"{slug}: no page names an action of its own; no file is written"
            )
            continue
        path = into / f"{slug}.yaml"
        if path.exists():
            _compare_ids(CatalogFile(path).data, file, journal)
        path.write_text(catalogue_text(file, HEADER.format(title=file["title"])))
        written.append(slug)
    if problems or "services not read" in journal.remarks:
        journal.remark("NOTICE is as before", "not all services of the decisions were read")
    else:
        notice.write_text(notice_text(decisions, repositories, files))
    return Outcome(tuple(written), tuple(problems), report_text(journal, decisions, files))


def _compare_ids(before: Entry, after: Entry, journal: Journal) -> None:
    for identifier in sorted(_ids(before) - _ids(after)):
        journal.remark("ids gone", f"{identifier}: if the row is still there, keep its id with `ids`")


def _ids(file: Entry) -> set[str]:
    return {
        f"{file['service']}/{category['category']}/{operation['operation']}"
        for category in file.get("categories", ())
        for operation in category["operations"]
    }
