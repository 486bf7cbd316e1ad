"""What it costs to answer those who mean harm: the worst known requests, and what a process keeps of many others.

`slow_clients` measures clients that send or read slowly.
"""

from collections.abc import Iterator
from contextlib import suppress

from bench import slow_clients
from bench.floods import different
from bench.report import MEGABYTES, MILLISECONDS, Budget, Check, Row, Table
from bench.wire import BROWSER_HEADERS, Connection
from bench.workspace import Server, Site, Workspace

REQUESTS = 20_000
REQUEST = Budget(0.500, of=("max",))
MEMORY = Budget(150_000_000, of=("max",))


def measure(workspace: Workspace) -> Iterator[Table]:
    for site in workspace.both:
        yield _worst(site)
    yield _memory(workspace.large)
    yield from slow_clients.measure(workspace)


def _worst(site: Site) -> Table:
    found = site.inside("abuse")
    table = Table(
        f"The worst known requests, {site.name}",
        notes=[
            f"How long a core is busy with each of {found['number']:,} requests, sent once each inside a process. Of",
            "each endpoint the longest, with the status of the answer.",
        ],
    )
    worst = sorted(found["worst"].items(), key=lambda entry: -entry[1][0])
    table.rows += [
        Row(f"{endpoint} ({name}): {status}", [seconds], MILLISECONDS, REQUEST)
        for endpoint, (seconds, status, name) in worst
    ]
    table.checks.append(Check("No answer is a fault", not found["faults"], f"{found['faults'] or 'none'}"))
    return table


def _memory(site: Site) -> Table:
    table = Table(
        "Memory of the server",
        notes=[f"Resident, before and after {REQUESTS:,} hostile requests of which no two are alike."],
    )
    with site.server() as server:
        before = server.resident()
        faults = sum(status >= 500 for status in _statuses(server))
        after = server.resident()
    table.rows += [
        Row(f"{site.name}: after the start", [before], MEGABYTES),
        Row(f"{site.name}: after {REQUESTS:,} requests", [after], MEGABYTES, MEMORY),
    ]
    table.checks.append(Check("No answer is a fault", not faults, f"{faults} of {REQUESTS:,}"))
    return table


def _statuses(server: Server) -> Iterator[int]:
    connection = server.connect()
    for at in range(REQUESTS):
        attack = different(at)
        headers = {**BROWSER_HEADERS, **attack.headers}
        if attack.body:
            headers["Content-Type"] = attack.content_type
        try:
            yield connection.request(attack.method, attack.path, attack.body.encode(), headers).status
        except OSError:  # refused before it was read, and the connection closed
            with suppress(OSError):
                connection.close()
            connection = Connection("127.0.0.1", server.port)
    connection.close()
