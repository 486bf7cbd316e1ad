"""How long the program takes to load a catalogue's files and to build the catalogue from its rows."""

from collections.abc import Iterator

from bench import selections
from bench.report import MEGABYTES, SECONDS, Budget, Row, Table
from bench.workspace import Site, Workspace

LOAD = Budget(3.0, of=("max",))
MEMORY = Budget(150_000_000, of=("max",))
PAGES = ("/", "/start/", "/check/", "/access/", "/compare/", "/refused/", "/sheet/", "/picture/")


def measure(workspace: Workspace) -> Iterator[Table]:
    table = Table(
        "Catalogue",
        notes=[
            "load_catalog reads and checks the files and makes the rows, the first time and over what is there.",
            "Server: resident, after each page was asked for a typical draft.",
            "Build: from the rows to the catalogue that a process holds, at its first request and after each load.",
        ],
    )
    for site in workspace.both:
        table.rows += [
            Row(f"{site.name}: load_catalog", site.loading["load"], SECONDS, LOAD),
            Row(f"{site.name}: build", site.loading["build"], SECONDS),
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
