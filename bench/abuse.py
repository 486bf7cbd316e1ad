"""The cost of hostile requests: the worst known ones, and the memory that a process keeps after many others.

`slow_clients` measures clients that send or read slowly.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from bench import slow_clients
from bench.floods import different
from bench.report import MEGABYTES, MILLISECONDS, Budget, Check, Row, Table
from bench.wire import BROWSER_HEADERS, Connection
from bench.workspace import Server, Site, Workspace

REQUESTS = 20_000
SECONDS_FOR_ATTACKS = 1_800
SLOW = 0.1  # seconds; the growth of a faster request shows the fixed cost of every request
REQUEST = Budget(0.500, of=("max",))
PEAK = Budget(20_000_000, of=("max",))
ANSWER = Budget(5_000_000, of=("max",))
MEMORY = Budget(150_000_000, of=("max",))


def measure(workspace: Workspace) -> Iterator[Table]:
    """The whole cloud only: with the file of ECS alone, every attack costs less."""
    yield from _worst(workspace.large)
    yield _memory(workspace.large)
    yield from slow_clients.measure(workspace)


def _worst(site: Site) -> Iterator[Table]:
    found = site.inside("abuse", seconds=SECONDS_FOR_ATTACKS)
    number = sum(map(len, found.values()))
    for title, cost, unit, budget in (
        ("How long a core is busy", "seconds", MILLISECONDS, REQUEST),
        ("Memory at the peak, beyond what was in use", "memory", MEGABYTES, PEAK),
        ("The size of the answer, unpacked", "bytes", MEGABYTES, ANSWER),
    ):
        table = Table(
            f"{title}: the worst known requests, {site.name}",
            notes=[f"Each of {number:,} requests is sent to a copy of a process. Of each endpoint the worst, with its"],
        )
        table.notes.append("status, and how many times as much it costs as half of it where it is slow.")
        worst = [(endpoint, max(each, key=lambda sent: sent[cost])) for endpoint, each in found.items()]
        table.rows += [
            Row(f"{endpoint} ({sent['name']}): {sent['status']}{_growth(sent)}", [sent[cost]], unit, budget)
            for endpoint, sent in sorted(worst, key=lambda each: -each[1][cost])
        ]
        yield table
    faults = [
        f"{endpoint} ({sent['name']}): {sent['status'] or 'died'}"
        for endpoint, each in found.items()
        for sent in each
        if not 0 < sent["status"] < 500
    ]
    yield Table(
        "Answers to the worst known requests",
        checks=[Check("No answer is a fault", not faults, f"{faults or 'none'}")],
    )


def _growth(sent: dict[str, Any]) -> str:
    """What doubling a slow request did to its time: 2 is what grows with its size."""
    return f", x {sent['growth']:.1f}" if sent.get("growth") and sent["seconds"] > SLOW else ""


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
