"""The catalogue as it is committed, and as the vendor's pages say it where REFERENCE names a folder with them."""

import hashlib
import json
import os
from pathlib import Path

import pytest

from policybuilder.catalog_files.files import read_files
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Scope, Support
from policybuilder.reference.decisions import read_decisions
from policybuilder.reference.links import page_url
from policybuilder.reference.reading import read_reference

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "fixtures"

# The first edition of ECS, made by hand: every operation, option and scope, and its own actions.
FIRST_EDITION = "d14c79f9184c04ae"

# Rows of the vendor's API tables, and the actions of its own that they authorise. Another reading of the same pages,
# which shares no code with this one, counted them; docs/catalogue.md explains where that one differs.
PUBLISHED = {
    "aom": (17, 12),
    "apig": (123, 122),
    "as": (45, 38),
    "cbr": (38, 38),
    "cce": (18, 15),
    "cci": (29, 14),
    "ces": (13, 12),
    "config": (41, 22),
    "dc": (15, 15),
    "dcs": (54, 54),
    "dds": (42, 26),
    "deh": (11, 11),
    "dli": (83, 80),
    "dms": (37, 16),
    "dns": (26, 17),
    "dws": (21, 21),
    "ecs": (91, 66),
    "eip": (17, 16),
    "elb": (125, 70),
    "eps": (7, 9),
    "er": (45, 40),
    "evs": (82, 40),
    "iam": (103, 97),
    "ims": (43, 13),
    "kms": (36, 28),
    "nat": (19, 16),
    "obs": (68, 67),
    "ocr": (15, 15),
    "rds": (46, 33),
    "sfs": (24, 20),
    "smn": (14, 14),
    "tms": (10, 10),
    "vpc": (144, 92),
    "vpcep": (19, 19),
    "vpn": (30, 30),
    "waf": (80, 67),
}


def projects(scope: Scope) -> tuple[Support, Support]:
    return scope.iam_project, scope.enterprise_project


def digest(path: Path) -> str:
    """Of a file's operations and own actions, without notes and sources."""
    catalog = read_files([path])
    rows = [
        [row.id, row.title, row.access, row.native, list(map(str, row.calls)), row.actions, row.dependencies]
        + [[option.slug, option.title, option.actions, option.dependencies] for option in row.options]
        + [*projects(row.scope), row.by_instance, row.by_tag]
        + [row.enterprise_alternative or ""]
        + [[page.title, page.url] for page in row.pages]
        for service in catalog.services
        for row in service.operations
    ]
    actions = [
        [action.name, action.title, action.access, action.operations, *projects(action.scope)]
        for action in sorted(catalog.action_index.actions.values(), key=lambda action: action.name)
        if action.name.startswith("ecs:")
    ]
    return hashlib.sha256(json.dumps([rows, actions]).encode()).hexdigest()[:16]


def test_ecs_is_what_its_first_edition_was() -> None:
    assert digest(FIXTURES / "catalogue" / "ecs.yaml") == FIRST_EDITION


def test_all_files_together_say_the_same_of_what_ecs_names() -> None:
    alone = read_files([FIXTURES / "catalogue" / "ecs.yaml"])
    together = read_files([FIXTURES / "catalogue"])

    def told(catalog: Catalog) -> dict[str, tuple[str, ...]]:
        found = {name: catalog.action_index.actions[name] for name in alone.action_index.actions}
        return {name: (a.access, a.scope.iam_project, a.scope.enterprise_project) for name, a in found.items()}

    assert told(together) == told(alone)


@pytest.mark.skipif("REFERENCE" not in os.environ, reason="REFERENCE names no folder with the vendor's repositories")
def test_the_pages_say_what_the_catalogue_holds(tmp_path: Path) -> None:
    outcome = read_reference([Path(os.environ["REFERENCE"])], FIXTURES, tmp_path / "catalogue", tmp_path / "NOTICE")

    counted = [line.strip("| ").split(" | ") for line in outcome.report.splitlines() if line.startswith("| ")][2:]
    assert not outcome.problems
    assert {slug: (int(rows), int(own)) for slug, _, rows, own, _ in counted if rows != "0"} == PUBLISHED
    written = {path.name: path.read_text() for path in (tmp_path / "catalogue").iterdir()}
    assert written == {path.name: path.read_text() for path in (FIXTURES / "catalogue").iterdir()}
    assert (tmp_path / "NOTICE").read_text() == (ROOT / "NOTICE").read_text()


def test_every_decided_reveals_is_in_the_catalogue_with_its_page_and_every_one_in_the_catalogue_is_decided():
    """So the next edition of the files keeps each judgement. Judged as none is a fact too; not judged is absent."""
    decided = {
        id_: (judged.kinds, judged.fields, page_url(judged.repository, judged.page.partition("/")[2]))
        for service in read_decisions(FIXTURES / "decisions.yaml").services
        for id_, judged in service.reveals.items()
    }
    operations = read_files([FIXTURES / "catalogue"]).operations.values()
    found = {
        row.id: (row.reveals.kinds, row.reveals.fields, row.reveals.source.url) for row in operations if row.reveals
    }

    assert found == decided
    assert {row.id: row.reveals.source for row in operations if row.reveals and not row.reveals.source.revision} == {}
    assert len(found) > 650
