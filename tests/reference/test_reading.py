"""From repositories and decisions to catalogue files, over two made services in git."""

import os
import shutil
import subprocess
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command

from policybuilder.catalog_files.files import read_files
from policybuilder.reference.decisions import CategoryRule, Kind, PageSet, ServiceDecision, read_decisions
from policybuilder.reference.journal import Journal
from policybuilder.reference.pages import ReadRow, read_rows
from policybuilder.reference.problems import ReferenceProblem
from policybuilder.reference.reading import Outcome, read_reference
from policybuilder.reference.repositories import find_repositories

from .made_pages import grid, page, section

ROOT = Path(__file__).parents[2]
HEADINGS = ("Permission", "API", "Action", "Dependencies", "IAM Project")
DISKS = page(
    "Supported Actions",
    section("Disk"),
    grid(
        HEADINGS,
        (
            ":ref:`Creating a Disk <disk_1>`",
            "POST /v2/{id}/disks",
            "evs:disks:create",
            "vpc:ports:ge\n\nvpc:ips:get",
            "Y",
        ),
        (":ref:`Querying Disks <away>`", "POST /v2/{id}/disks/query", "evs:disks:list", "``-``", "Y"),
        ("Getting a Tag", "GET /v1/{id}/disks/tags", "evs:tags:get", "evs:disks:use", "``-``"),
        ("Getting a Tag", "GET /v1/{id}/os-disks/tags", "evs:tags:get", "vpc:ports:get", "x"),
        ("Querying Disks", "POST /v2/{id}/disks/query", "evs:disks:list", "``-``", "Y"),
        ("Querying Quotas", "GET /v2/{id}/quotas", "Included in the Tenant Guest permissions.", "``-``", "Y"),
        ("Querying Versions", "GET /", "None", "``-``", "Y"),
    ),
)
ATTACHMENTS = page(
    "Ports",
    section("Supported Actions"),
    grid(HEADINGS, ("Showing ports", "GET /v1/ports", "vpc:ports:get", "``-``", "Y")),
)
MANUAL = page(
    "Permissions",
    grid(("Policy", "Description"), ("EVS Admin", "Everything.")),
    grid(
        ("Action", "Description", "Scope"),
        ("EVS:Disks:Create", "Create.", "Both projects and enterprise projects are supported."),
        ("evs:disks:freeze\n\nevs:disks:thaw", "Warm up.", "Projects are supported."),
        ("evs:disks:freeze", "Freeze a disk.", "Both projects and enterprise projects are supported."),
        ("evs:disks:freeze", "Cool a disk.", "Both projects and enterprise projects are supported."),
        ("obs:bucket:List", "Foreign.", "Projects are supported."),
    ),
)
COSTS = page(
    "Costs",
    grid(
        ("Action", "Description", "Dependencies"),
        ("evs:disks:pay", "Pay for a disk.", "evs:disks:owe, vpc:ports:see and vpc:\\*:get"),
        ("evs:disks:create", "Create.", "vpc:ips:get\n\nSlowly."),
        ("evs:disks:create", "Copy.", "evs:disks:create, vpc:ports:get"),
        ("obs:bucket:Read", "Foreign.", "vpc:ips:get"),
    ),
)
PORTS = page(
    "Port",
    grid(
        HEADINGS[:3],
        ("Querying all", "GET /v2/ports", "vpc:ports:get"),
        ("Querying ports", "GET /v1/ports", "vpc:ports:get"),
    ),
)
DECISIONS = """
sources:
- {title: Hosts, url: 'https://docs.example/hosts', revision: abc, date: '2026-03-04'}
services:
- service: evs
  title: Elastic Volume Service
  short: EVS
  group: Storage
  prefixes: [evs]
  operation_notes: {evs/disk/creating-a-disk: Costs money.}
  level: XA
  pages:
  - {repository: disks, path: umn/source/permissions.rst, kind: user manual}
  - {repository: disks, path: umn/source/costs.rst, kind: user manual}
  - {repository: disks, path: api-ref/source/permissions, kind: api-ref}
- service: vpc
  title: Virtual Private Cloud
  short: VPC
  group: Network
  prefixes: [vpc]
  level: XA
  pages:
  - {repository: networks, path: api-ref/source/port.rst, kind: api-ref}
- service: fg
  title: Function Graph
  short: FG
  group: Compute
  prefixes: [fg]
  level: XA
  pages:
  - {repository: disks, path: umn/source/permissions.rst, kind: user manual}
corrections:
- page: disks/api-ref/source/permissions/disks.rst
  column: dependencies
  old: vpc:ports:ge
  new: vpc:ports:get
  reason: a letter is missing.
"""
SCOPES = """
sources:
  sister: {title: Sister, url: 'https://sister.example/vpc'}
scopes:
- action: vpc:Ports:get
  calls: ['GET /V1/ports?limit={n}']
  iam_project: 'yes'
  enterprise_project: 'no'
  source: sister
- {action: vpc:ports:get, calls: [GET /v2/ports], iam_project: 'yes', enterprise_project: 'yes', source: sister}
actions:
- {action: vpc:ips:get, iam_project: 'yes', enterprise_project: varies, source: sister, calls: [GET /v9/ips]}
- {action: vpc:ports:see, title: See a port, access: read, source: sister}
"""
OWN_SCOPES = """
sources:
  another: {title: Another, url: 'https://another.example/evs'}
scopes:
- {action: evs:disks:create, iam_project: 'no', source: another}
- {action: vpc:ports:get, enterprise_project: 'yes', source: another}
"""


def commit(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    git = ["git", "-C", str(folder), "-c", "user.name=A", "-c", "user.email=a@b.example"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "-A"], check=True)
    day = {**os.environ, "GIT_AUTHOR_DATE": "2026-01-02T03:04:05Z", "GIT_COMMITTER_DATE": "2026-01-02T03:04:05Z"}
    subprocess.run([*git, "commit", "-q", "-m", "Edition"], check=True, env=day)


FILES = {
    "LICENSE": "Apache",
    "api-ref/source/permissions/index.rst": page("Index", ".. toctree::\n\n   disks\n   attachments"),
    "api-ref/source/permissions/disks.rst": DISKS,
    "api-ref/source/permissions/attachments.rst": ATTACHMENTS,
    "api-ref/source/apis/disk.rst": ".. _Disk_1:\n\n" + page("Creating a Disk", "It is fast."),
    "umn/source/permissions.rst": MANUAL,
    "umn/source/costs.rst": COSTS,
}


@pytest.fixture(scope="module")
def repositories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repositories")
    commit(folder / "disks", FILES)
    commit(folder / "networks", {"api-ref/source/port.rst": PORTS})
    return folder


def read(folder: Path, repositories: Path, decisions: str = DECISIONS) -> Outcome:
    """Reads with `folder` as the fixtures, into its folder catalogue."""
    (folder / "scopes").mkdir(exist_ok=True)
    (folder / "scopes" / "vpc.yaml").write_text(SCOPES)
    (folder / "scopes" / "evs.yaml").write_text(OWN_SCOPES)
    (folder / "decisions.yaml").write_text(decisions)
    return read_reference([repositories], folder, folder / "catalogue", folder / "NOTICE")


class World:
    """What comes of the made repositories with the made decisions."""

    def __init__(self, folder: Path, repositories: Path):
        self.folder = folder
        self.repositories = repositories
        self.outcome = read(folder, repositories)

    def file(self, slug: str) -> dict[str, Any]:
        loaded: dict[str, Any] = yaml.safe_load((self.folder / "catalogue" / f"{slug}.yaml").read_text())
        return loaded


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, repositories: Path) -> World:
    return World(tmp_path_factory.mktemp("world"), repositories)


def test_the_files_say_what_the_pages_say(world: World) -> None:
    assert (world.outcome.written, world.outcome.problems) == (("evs", "vpc"), ())
    revision = find_repositories([world.repositories])["disks"].revision
    api = "https://docs.otc.t-systems.com/disks/api-ref"
    stated = {"iam_project": "yes", "evidence": "stated", "source": "api-disks"}
    shared = {"iam_project": "yes", "enterprise_project": "no", "evidence": "inferred", "source": "vpc-sister"}
    varying = {**shared, "enterprise_project": "varies"}
    found = world.file("evs")
    manual = "manual-permissions"
    assert set(found["sources"]) == {"api-disks", "api-attachments", "vpc-sister", manual, "manual-costs"}
    assert found["sources"][manual]["title"] == "Open Telekom Cloud, EVS User Manual: Permissions"
    assert found["sources"]["api-disks"] == {
        "title": "Open Telekom Cloud, EVS API Reference: Supported Actions",
        "url": f"{api}/permissions/disks.html",
        "revision": revision,
        "date": "2026-01-02",
    }
    assert found["notes"] == ["Querying Quotas: included in the Tenant Guest permissions; no action is published."]
    disk, ports = found["categories"]
    assert disk == {
        "category": "disk",
        "title": "Disk",
        "source": "api-disks",
        "operations": [
            {
                "operation": "creating-a-disk",
                "title": "Creating a Disk",
                "access": "write",
                "calls": ["POST /v2/{id}/disks"],
                "actions": ["evs:disks:create"],
                "dependencies": ["vpc:ips:get", "vpc:ports:get"],
                "scope": stated,
                "pages": [{"title": "Creating a Disk", "url": f"{api}/apis/disk.html"}],
                "notes": [
                    "The page says “vpc:ports:ge”, read as “vpc:ports:get”: a letter is missing.",
                    "Costs money.",
                ],
            },
            {
                "operation": "querying-disks",
                "title": "Querying Disks",
                "access": "read",
                "calls": ["POST /v2/{id}/disks/query"],
                "actions": ["evs:disks:list"],
                "scope": stated,
            },
            {
                "operation": "getting-a-tag-disks",
                "title": "Getting a Tag",
                "access": "read",
                "calls": ["GET /v1/{id}/disks/tags"],
                "actions": ["evs:tags:get"],
                "dependencies": ["evs:disks:use"],
            },
            {
                "operation": "getting-a-tag-os-disks",
                "title": "Getting a Tag",
                "access": "read",
                "calls": ["GET /v1/{id}/os-disks/tags"],
                "actions": ["evs:tags:get"],
                "dependencies": ["vpc:ports:get"],
                "scope": {**stated, "iam_project": "no"},
            },
            {
                "operation": "querying-versions",
                "title": "Querying Versions",
                "access": "read",
                "calls": ["GET /"],
                "scope": stated,
            },
        ],
    }
    assert (ports["title"], ports["source"]) == ("Ports", "api-attachments")
    assert ports["operations"] == [
        {
            "operation": "vpc/port/querying-ports",
            "title": "Querying ports",
            "access": "read",
            "calls": ["GET /v1/ports"],
            "actions": ["vpc:ports:get"],
            "scope": shared,
        }
    ]
    assert found["actions"] == [
        {
            "action": "evs:disks:freeze",
            "title": "Freeze a disk; Cool a disk",
            "source": manual,
            "scope": {"iam_project": "yes", "enterprise_project": "varies", "evidence": "stated", "source": manual},
        },
        {"action": "evs:disks:owe"},
        {"action": "evs:disks:pay", "title": "Pay for a disk", "source": "manual-costs"},
        {
            "action": "evs:disks:thaw",
            "title": "Warm up",
            "source": manual,
            "scope": {"iam_project": "yes", "enterprise_project": "no", "evidence": "stated", "source": manual},
        },
        {"action": "evs:disks:use"},
    ]
    assert found["manual"] == [
        {
            "action": "evs:disks:create",
            "dependencies": ["vpc:ips:get", "vpc:ports:get"],
            "notes": ["Slowly."],
            "source": "manual-costs",
        },
        {"action": "evs:disks:freeze", "dependencies": ["evs:disks:thaw"], "source": manual},
        {
            "action": "evs:disks:pay",
            "dependencies": ["evs:disks:owe", "vpc:*:get", "vpc:ports:see"],
            "source": "manual-costs",
        },
    ]
    assert found["needs"] == [
        {
            "service": "vpc",
            "title": "Virtual Private Cloud",
            "short": "VPC",
            "group": "Network",
            "prefixes": ["vpc"],
            "level": "XA",
            "actions": [
                {"action": "vpc:ips:get", "scope": varying, "calls": ["GET /v9/ips"]},
                {"action": "vpc:ports:get", "scope": varying},
                {"action": "vpc:ports:see"},
            ],
        }
    ]


def test_action_of_no_table_names_the_page_that_has_it_and_has_no_scope_without_one(world: World) -> None:
    found = {action["action"]: action for action in world.file("vpc")["actions"]}

    assert found["vpc:ports:see"] == {
        "action": "vpc:ports:see",
        "title": "See a port",
        "access": "read",
        "source": "sister",
    }
    assert "source" not in found["vpc:ips:get"]
    assert found["vpc:ips:get"]["scope"]["source"] == "sister"


def test_scopes_stand_in_one_line(world: World) -> None:
    scope = "    scope: {iam_project: 'yes', evidence: stated, source: api-disks}\n"

    assert scope in (world.folder / "catalogue" / "evs.yaml").read_text()


def test_the_files_load_alone_and_together(world: World) -> None:
    for paths in ([world.folder / "catalogue" / "evs.yaml"], [world.folder / "catalogue"]):
        catalog = read_files(paths)
        assert "evs/disk/querying-disks" in {row.id for service in catalog.services for row in service.operations}


def test_reading_again_writes_the_same(world: World) -> None:
    before = {path.name: path.read_text() for path in (world.folder / "catalogue").iterdir()}

    report = read(world.folder, world.repositories).report

    assert {path.name: path.read_text() for path in (world.folder / "catalogue").iterdir()} == before
    assert "## ids gone" not in report


def test_the_report_says_what_a_person_must_look_at(world: World) -> None:
    for line in (
        "| evs | 2 | 6 | 4 | 5 |",
        "## dependencies in no table (2)",
        "## links that lead to no page (1)",
        "## scopes that others state differently (1)",
        "## services without an action (1)",
        "## rows twice (1)",
        "## rows of two services (1)",
        "- evs: vpc/port/querying-ports",
        "## actions of differing scope (2)",
        "- evs:tags:get: ?/?, no/?",
        "## reading by their title only (1)",
        "- evs:disks:freeze: Freeze a disk; Cool a disk",
        "- evs:Disks:Create is evs:disks:create",
        "- vpc:ports:ge -> vpc:ports:get",
    ):
        assert line.removeprefix("- ") in world.outcome.report


def test_a_page_that_is_not_understood_costs_its_service_the_file(tmp_path: Path) -> None:
    page_name = "api-ref/source/permissions/disks.rst"
    commit(tmp_path / "both" / "disks", {**FILES, page_name: DISKS.replace("IAM Project", "IAM Domains")})
    commit(tmp_path / "both" / "networks", {"api-ref/source/port.rst": PORTS})

    outcome = read(tmp_path, tmp_path / "both")

    assert outcome.written == ("vpc",)
    assert [str(problem).partition(" heading")[0] for problem in outcome.problems][:1] == [
        "disks/api-ref/source/permissions/disks.rst:10, table 1:"
    ]
    assert not (tmp_path / "NOTICE").exists()


def test_a_correction_that_applies_nowhere_is_an_error(tmp_path: Path, repositories: Path) -> None:
    decisions = DECISIONS.replace("old: vpc:ports:ge", "old: vpc:ports:gett")

    problems = read(tmp_path, repositories, decisions).problems

    assert [str(problem) for problem in problems] == [
        "decisions, corrections[0]: disks/api-ref/source/permissions/disks.rst has no 'vpc:ports:gett' in its"
        " dependencies any more: take it out."
    ]


def test_ids_that_are_gone_are_told_and_can_be_kept(tmp_path: Path, world: World) -> None:
    shutil.copytree(world.folder, tmp_path, dirs_exist_ok=True)
    kept = "  level: XA\n  ids: {evs/disk/querying-disks: evs/disk/asking}\n"

    report = read(tmp_path, world.repositories, DECISIONS.replace("  level: XA\n", kept, 1)).report

    assert "## ids gone (1)\n- evs/disk/querying-disks:" in report
    assert "operation: asking" in (tmp_path / "catalogue" / "evs.yaml").read_text()


def test_the_notice_names_every_source(world: World) -> None:
    notice = (world.folder / "NOTICE").read_text().splitlines()
    repositories = find_repositories([world.repositories])
    at = notice.index("- https://github.com/opentelekomcloud-docs/disks")
    assert notice[at : at + 4] == [
        "- https://github.com/opentelekomcloud-docs/disks",
        f"  {repositories['disks'].revision} (2026-01-02), Apache-2.0",
        "- https://github.com/opentelekomcloud-docs/networks",
        f"  {repositories['networks'].revision} (2026-01-02), no LICENSE file; setup.cfg names the Apache licence",
    ]
    assert "  https://docs.example/hosts (abc, 2026-03-04)" in notice
    assert notice[-2:] == ["- Sister", "  https://sister.example/vpc"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kind: user manual", "kind: handbook", "service evs, pages[0]: kind 'handbook' is none of api-ref"),
        ("  short: EVS\n", "", "service evs: "),
        ("  level: XA\n", "  level: XA\n  colour: red\n", "service evs: key 'colour' is unknown"),
        ("  short: EVS\n", "  short: EVS\n  short: Disks\n", "the key 'short' stands twice."),
        ("  reason: a letter is missing.\n", "", "corrections[0]: "),
    ],
)
def test_decisions_that_are_none(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "decisions.yaml"
    path.write_text(DECISIONS.replace(old, new, 1))

    with pytest.raises(ReferenceProblem) as caught:
        read_decisions(path)

    assert message in str(caught.value)


@pytest.mark.parametrize(
    "entry",
    [
        "ids: {evs/disk/gone: evs/disk/kept}",
        "access: {evs/disk/gone: read}",
        "operation_notes: {evs/disk/gone: Slow.}",
        "alternatives: {evs/disk/gone: evs/disk/querying-disks}",
    ],
)
def test_decisions_on_operations_that_are_gone(tmp_path: Path, repositories: Path, entry: str) -> None:
    decisions = DECISIONS.replace("  operation_notes: {evs/disk/creating-a-disk: Costs money.}\n", "")
    decisions = decisions.replace("  level: XA\n", f"  level: XA\n  {entry}\n", 1)

    problems = read(tmp_path, repositories, decisions).problems

    assert [str(problem).partition(" evs/disk/")[0] for problem in problems] == ["decisions, service evs: there is no"]


def test_same_job_is_written_for_each_operation_of_it(tmp_path: Path, repositories: Path) -> None:
    """An operation of a service that was not read is passed over; one that is gone is an error."""
    jobs = """same_jobs:
- operations: [evs/disk/creating-a-disk, vpc/port/querying-ports, nat/rule/creating-a-rule]
  page: https://docs.example/disks
  reason: both make a disk.
- operations: [evs/disk/creating-a-disk, vpc/port/querying-all, evs/disk/gone]
  page: https://docs.example/disks
  reason: both make a disk.
corrections:"""
    made, first, second = "evs/disk/creating-a-disk", "vpc/port/querying-ports", "vpc/port/querying-all"

    outcome = read(tmp_path, repositories, DECISIONS.replace("corrections:", jobs))

    assert [str(problem) for problem in outcome.problems] == [
        "decisions, same_jobs[1]: there is no evs/disk/gone any more."
    ]
    files = [yaml.safe_load((tmp_path / "catalogue" / f"{slug}.yaml").read_text()) for slug in ("evs", "vpc")]
    rows = [row for file in files for category in file["categories"] for row in category["operations"]]
    assert [row["same_job"] for row in rows if "same_job" in row] == [
        [first, "nat/rule/creating-a-rule", second, "evs/disk/gone"],
        [made, "nat/rule/creating-a-rule"],  # the row of EVS that VPC publishes too
        [made, "evs/disk/gone"],
        [made, "nat/rule/creating-a-rule"],
    ]


REVEALS = """
evs/disk/querying-disks: {kinds: [secret, content], fields: [fast], page: disks/api-ref/source/apis/disk.rst}
evs/disk/querying-versions: {kinds: [], page: disks/api-ref/source/apis/disk.rst}
"""


def write_reveals(tmp_path: Path, text: str) -> None:
    (tmp_path / "reveals").mkdir()
    (tmp_path / "reveals" / "evs.yaml").write_text(text)


def test_reveals_are_written_with_the_page_that_shows_them(tmp_path: Path, repositories: Path) -> None:
    write_reveals(tmp_path, REVEALS)
    access = DECISIONS.replace("\n  level: XA\n", "\n  level: XA\n  access: {evs:disks:list: read}\n", 1)
    assert read(tmp_path, repositories, access).problems == ()

    text = (tmp_path / "catalogue" / "evs.yaml").read_text()
    assert "    reveals: {kinds: [secret, content], fields: [fast], source: response-disk}\n" in text
    assert "    reveals: {kinds: [], source: response-disk}\n" in text
    catalog = read_files([tmp_path / "catalogue"])
    found = {row.slug: row.reveals for row in catalog.operations.values() if row.reveals}
    assert {slug: (judged.kinds, judged.fields, judged.source.title) for slug, judged in found.items()} == {
        "querying-disks": (("secret", "content"), ("fast",), "Open Telekom Cloud, EVS API Reference: Creating a Disk"),
        "querying-versions": ((), (), "Open Telekom Cloud, EVS API Reference: Creating a Disk"),
    }
    assert found["querying-disks"].source.url.endswith("/disks/api-ref/apis/disk.html")
    assert catalog.action_index.actions["evs:disks:list"].access == "read"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[fast]", "[slow]", "disks/api-ref/source/apis/disk.rst has no 'slow' any more: read the page again."),
        ("[fast]", "[fas]", "disks/api-ref/source/apis/disk.rst has no 'fas' any more: read the page again."),
        ("apis/disk.rst", "apis/gone.rst", "there is no page disks/api-ref/source/apis/gone.rst any more."),
        ("querying-disks", "gone", "there is no evs/disk/gone any more."),
    ],
)
def test_reveals_whose_page_no_longer_shows_them(
    tmp_path: Path, repositories: Path, old: str, new: str, message: str
) -> None:
    write_reveals(tmp_path, REVEALS.replace(old, new, 1))

    (problem,) = read(tmp_path, repositories, DECISIONS).problems

    assert str(problem).endswith(message)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[secret, content]", "[secrets]", "kind 'secrets' is none of content, secret, personal."),
        ("kinds: [], page", "page", "missing 1 required positional argument: 'kinds'"),
        (", page: disks/api-ref/source/apis/disk.rst", "", "missing 1 required positional argument: 'page'"),
    ],
)
def test_reveals_that_are_none(tmp_path: Path, old: str, new: str, message: str) -> None:
    (tmp_path / "decisions.yaml").write_text(DECISIONS)
    write_reveals(tmp_path, REVEALS.replace(old, new, 1))

    with pytest.raises(ReferenceProblem) as caught:
        read_decisions(tmp_path / "decisions.yaml")

    assert message in str(caught.value)


def test_tables_and_repositories_that_are_decided_on_but_not_there(tmp_path: Path, repositories: Path) -> None:
    decisions = DECISIONS.replace("kind: user manual}", "kind: user manual, other_tables: [Table 9 Old]}", 1)
    decisions = decisions.replace("repository: networks", "repository: away")

    outcome = read(tmp_path, repositories, decisions)

    assert [str(problem) for problem in outcome.problems] == [
        "decisions, service evs: there is no table 'Table 9 Old' any more."
    ]
    assert "## services not read (1)\n- vpc: no repository away" in outcome.report


def test_a_repeating_page_is_looked_at_for_more(tmp_path: Path, repositories: Path) -> None:
    manual = "{repository: disks, path: umn/source/permissions.rst, kind: user manual}"
    decisions = DECISIONS.replace(manual, manual.replace("user manual", "duplicate"), 1)

    report = read(tmp_path, repositories, decisions).report

    path = "disks/umn/source/permissions.rst"
    more = "## actions that only a repeating page has (3)"
    assert f"{more}\n- {path}: evs:disks:freeze\n- {path}: evs:disks:thaw\n- {path}: obs:bucket:List\n" in report


def test_the_command_writes_and_reports_what_is_there(tmp_path: Path, repositories: Path) -> None:
    """The decisions that it reads are the project's, which know none of these repositories."""
    printed = StringIO()
    notice = (ROOT / "NOTICE").read_text()

    call_command("read_reference", str(repositories), "--to", str(tmp_path / "out"), "--report", stdout=printed)

    assert f"0 catalogue files in {tmp_path / 'out'}." in printed.getvalue()
    assert "- ecs: no repository elastic-cloud-server" in printed.getvalue()
    assert (ROOT / "NOTICE").read_text() == notice


def test_the_command_fails_with_the_place(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=f"{tmp_path}: is no git repository and holds none"):
        call_command("read_reference", str(tmp_path))


TITLED = ".. table:: **Table 1** Disk management actions\n\n" + "\n".join(
    f"  {line}" for line in grid(HEADINGS[:3], ("Creating", "POST /v1/disks", "evs:Disks:create")).splitlines()
)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shelf")
    commit(folder / "owner+shelf" / "repo", {"api-ref/source/disks.rst": page("EVS Disks APIs", TITLED)})
    return folder


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        ("section", "EVS Disks"),
        ("table", "Disk management"),
        ("resource", "All Disks"),
        ("Given", "Given"),
    ],
)
def test_categories(shelf: Path, category: str, expected: str) -> None:
    rows = read_shelf(shelf, category, {"disks": "All Disks"})

    assert [row.category for row in rows] == [expected]


def test_resources_without_a_title(shelf: Path) -> None:
    with pytest.raises(ReferenceProblem, match="resource 'Disks' has no title"):
        read_shelf(shelf, "resource", {"tags": "Tags"})


def read_shelf(shelf: Path, category: str, resources: dict[str, str]) -> list[ReadRow]:
    rule = CategoryRule(category) if category in list(CategoryRule) else category
    pages = (PageSet("shelf", "api-ref/source/disks.rst", Kind.API, rule),)
    service = ServiceDecision("evs", "EVS", "EVS", "Storage", ("evs",), "XA", pages=pages, resources=resources)
    return read_rows(service, find_repositories([shelf]), (), Journal())


def test_a_folder_without_repositories(tmp_path: Path) -> None:
    with pytest.raises(ReferenceProblem, match="is no git repository and holds none"):
        find_repositories([tmp_path])
