"""How long it takes to read and check a policy: ones of 10 to 800 actions, and texts that are hostile."""

from collections.abc import Iterator
from typing import Any

from bench import others, policies
from bench.report import MILLISECONDS, Budget, Row, Table
from bench.workspace import Site, Workspace

HUNDRED_ACTIONS = Budget(0.020)
HOSTILE = Budget(0.200, of=("max",))


def measure(workspace: Workspace) -> Iterator[Table]:
    measured = [(site, site.inside("check")) for site in workspace.both]
    table = Table(
        "Check of a policy",
        notes=[
            f"Reading and checking {policies.COUNT - policies.WARM_UP} different policies of each size, written "
            "without optional space, inside a",
            "process; processor: how long that kept a core busy. parliament: analyze_policy_string. policy_sentry:",
            "analyze_by_access_level, which finds actions of one level and judges nothing else.",
        ],
    )
    for site, found in measured:
        table.rows += _rows(site, found["sizes"])
    table.rows += others.rows("check")
    if not others.versions():
        table.notes.append(others.NOT_INSTALLED)
    yield table
    for site, found in measured:
        yield _hostile(site, found["hostile"])


def _rows(site: Site, sizes: dict[str, Any]) -> Iterator[Row]:
    for size, timed in sizes.items():
        budget = HUNDRED_ACTIONS if size == "100" else None
        yield Row(f"{site.name}: {size} actions", timed["seconds"], MILLISECONDS, budget)
        yield Row(f"{site.name}: {size} actions, processor", timed["processor"], MILLISECONDS)


def _hostile(site: Site, texts: dict[str, Any]) -> Table:
    table = Table(
        f"Hostile texts, {site.name}",
        notes=["Each is read and checked several times; the budget is for the slowest of them."],
    )
    table.rows += [Row(name, timed["seconds"], MILLISECONDS, HOSTILE) for name, timed in texts.items()]
    return table
