"""How many policies the API compiles in a second."""

import json
from collections.abc import Iterator
from pathlib import Path

from bench import selections
from bench.catalogues import ecs_operations
from bench.report import MILLISECONDS, PER_SECOND, Check, Row, Table
from bench.workspace import Server, Site, Workspace, run_child

CONNECTIONS = 8  # as many as the server has threads
SECONDS = 3
WARM_UP = 1
BODIES = 50


def measure(workspace: Workspace) -> Iterator[Table]:
    for site in workspace.both:
        with site.server() as server:
            yield _measure(workspace, site, server)


def _measure(workspace: Workspace, site: Site, server: Server) -> Table:
    table = Table(
        f"compile calls, {site.name}",
        notes=[
            f"One process; {CONNECTIONS} connections that stay open, each calling again as soon as",
            f"it is answered, for {SECONDS} s. The generator runs on the same machine and shares its cores.",
        ],
    )
    calls = errors = 0
    for size in (1, 10, len(ecs_operations())):
        file = workspace.directory / "bodies.json"
        file.write_text(json.dumps(_bodies(size)), encoding="utf-8")
        _call(server, file, WARM_UP)
        seen = _call(server, file, SECONDS)
        calls += len(seen["seconds"])
        errors += seen["errors"]
        table.rows += [
            Row(f"selection of {size}: calls", [len(seen["seconds"]) / seen["elapsed"]], PER_SECOND),
            Row(f"selection of {size}: answer", seen["seconds"], MILLISECONDS),
        ]
    table.checks.append(Check("no call fails", errors == 0, f"{errors} of {calls + errors:,} did"))
    return table


def _bodies(size: int) -> list[str]:
    """Different requests of `size` operations; one, where that is all operations."""
    steps = selections.steps(size, BODIES, seed=size) if size < len(ecs_operations()) else []
    chosen = [sorted(step.after) for step in steps] or [ecs_operations()]
    return [json.dumps({"operations": operations}) for operations in chosen]


def _call(server: Server, file: Path, seconds: float) -> dict:
    return run_child("bench.load", str(server.port), file, str(seconds), str(CONNECTIONS))
