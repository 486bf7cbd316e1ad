"""How long it takes to find wildcards for the actions of a policy, and what they save. No budget."""

from collections.abc import Iterator

from bench import others, policies
from bench.report import MILLISECONDS, Row, Table
from bench.workspace import Workspace


def measure(workspace: Workspace) -> Iterator[Table]:
    table = Table(
        "Compaction",
        notes=[
            f"Short wildcards for the actions of {policies.COUNT - policies.WARM_UP} different policies of each "
            "size, over the whole",
            "catalogue. policy_sentry: minimize_statement_actions, over the 20,000 actions of AWS; prefixes only, and",
            "not the shortest.",
        ],
    )
    for site in workspace.both:
        for size, timed in site.inside("compaction").items():
            table.rows.append(Row(f"{site.name}: {size} actions", timed["seconds"], MILLISECONDS))
            table.rows.append(Row(f"{site.name}: {size} actions, processor", timed["processor"], MILLISECONDS))
            before, after = timed["characters"]
            table.notes.append(f"{site.name}, {size} actions: {after / before:.0%} of the characters are left.")
    table.rows += others.rows("compaction")
    if not others.versions():
        table.notes.append(others.NOT_INSTALLED)
    yield table
