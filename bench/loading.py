"""How long the program takes to load a catalogue's files and to build the catalogue from its rows. No budget."""

from collections.abc import Iterator

from bench.report import SECONDS, Row, Table
from bench.workspace import Workspace


def measure(workspace: Workspace) -> Iterator[Table]:
    table = Table(
        "Catalogue",
        notes=[
            "load_catalog checks the files and makes the rows; of the small catalogue also again, over what is there.",
            "Build: from the rows to the catalogue that a process holds, at its first request and after each load.",
        ],
    )
    for site in workspace.both:
        table.rows += [
            Row(f"{site.name}: load_catalog", site.loading["load"], SECONDS),
            Row(f"{site.name}: build", site.loading["build"], SECONDS),
        ]
    yield table
