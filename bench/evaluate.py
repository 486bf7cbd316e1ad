"""How long it takes to decide about every operation under twenty policies, and to find what is hardly meant in them."""

from collections.abc import Iterator

from bench.report import MILLISECONDS, Budget, Row, Table
from bench.workspace import Workspace

MATRIX = Budget(0.100)


def measure(workspace: Workspace) -> Iterator[Table]:
    table = Table(
        "Evaluation of a group",
        notes=[
            "Twenty policies of eight statements, some of them Denies, some under a condition, half of them granted in",
            "Enterprise Management; both decisions about every operation, then the warnings. Different groups.",
        ],
    )
    for site in workspace.both:
        found = site.inside("evaluate")
        table.rows += [
            Row(f"{site.name}: decisions", found["matrix"]["seconds"], MILLISECONDS, MATRIX),
            Row(f"{site.name}: decisions, processor", found["matrix"]["processor"], MILLISECONDS),
            Row(f"{site.name}: warnings", found["warnings"]["seconds"], MILLISECONDS),
        ]
    yield table
