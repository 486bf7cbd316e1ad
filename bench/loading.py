"""How long a start takes to read and check the catalogue files, and how much memory a process needs."""

from collections.abc import Iterator

from bench import selections
from bench.report import MEGABYTES, SECONDS, Budget, Row, Table
from bench.workspace import Site, Workspace

LOAD = Budget(0.3, of=("median",))
MEMORY = Budget(150_000_000, of=("max",))
PAGES = ("/", "/start/", "/check/", "/access/", "/compare/", "/refused/", "/sheet/", "/picture/")


def measure(workspace: Workspace) -> Iterator[Table]:
    table = Table(
        "Catalogue",
        notes=[
            "Load: from the files to the checked catalogue, at each start.",
            "Server: resident, after each page was asked for a typical draft.",
        ],
    )
    for site in workspace.both:
        table.rows += [
            Row(f"{site.name}: load", site.loading["load"], SECONDS, LOAD),
            Row(f"{site.name}: server", [_memory(site)], MEGABYTES, MEMORY),
        ]
    yield table


def _memory(site: Site) -> int:
    """Bytes of a server that answered every page for a typical draft."""
    query = selections.address(selections.typical()).partition("?")[2]
    with site.server() as server:
        with server.connect() as connection:
            for page in PAGES:
                connection.request("GET", f"{page}?{query}")
        return server.resident()
