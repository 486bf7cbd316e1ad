"""Whether people are served while hundreds of clients take their time: to send a head, to send a body, to read."""

import json
import re
import select
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from bench.catalogues import ecs_operations
from bench.report import MILLISECONDS, Budget, Check, Row, Table
from bench.wire import Connection
from bench.workspace import BenchError, Server, Workspace

CLIENTS = 300  # of each kind
SECONDS = 6  # less than the server gives anybody for a head
PAUSE = 0.05  # between two requests of the one who is in a hurry
EVERY = 1.0  # seconds after which each slow client sends a byte more
LONGEST = 1.0  # second, the budget
AT_ONCE = 8
SMALL_SEGMENT = 536  # bytes; makes the buffers of the system small, so that it does not read in the client's place

HEAD = b"POST /api/v1/compile/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
BODY = b"POST /api/v1/compile/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999\r\n\r\n{"


def measure(workspace: Workspace) -> Iterator[Table]:
    site = workspace.small
    with site.server() as server:
        yield _measure(server, "nobody else", [])
    # A server of its own for each kind: none begins with what another has left behind.
    with site.server() as server:
        yield _measure(server, f"{CLIENTS} half-sent heads", [(HEAD, b"a")])
    with site.server() as server:
        yield _measure(server, f"{CLIENTS} half-sent bodies", [(BODY, b" ")])
    with site.server() as server:
        yield _measure(server, f"{CLIENTS} clients that do not read", [(_large_request(server), b"")])
    with site.server() as server:
        yield _measure(
            server, f"{CLIENTS} half-sent heads and {CLIENTS} half-sent bodies", [(HEAD, b"a"), (BODY, b" ")]
        )


def _measure(server: Server, title: str, kinds: list[tuple[bytes, bytes]]) -> Table:
    body = json.dumps({"operations": ecs_operations()[:10]}).encode()
    calls: dict[str, Callable[[], float]] = {
        "page": lambda: _seconds(server, "GET", "/"),
        "compile call": lambda: _seconds(server, "POST", "/api/v1/compile/", body),
    }
    times: dict[str, list[float]] = {name: [] for name in calls}
    _warm_up(calls.values())
    with ExitStack() as opened:
        # One of each kind in turn: they are among each other, as they come.
        clients = [
            (opened.enter_context(_connect(server, first)), more) for _ in range(CLIENTS) for first, more in kinds
        ]
        started = time.monotonic()
        trickled = started
        while time.monotonic() < started + SECONDS:
            for name, call in calls.items():
                times[name].append(call())
            if time.monotonic() > trickled + EVERY:
                trickled = time.monotonic()
                for client, more in clients:
                    client.sendall(more)
            time.sleep(PAUSE)
        connected = sum(_is_connected(client) for client, _ in clients)
    table = Table(
        f"slow clients: {title}",
        notes=["A connection of its own for each request, as from somebody who comes just then."],
    )
    table.rows = [Row(name, times[name], MILLISECONDS, Budget(LONGEST, of=("max",))) for name in calls]
    if clients:
        table.checks.append(
            Check("all are still connected", connected == len(clients), f"{connected} of {len(clients)}")
        )
    return table


def _warm_up(calls: Iterable[Callable[[], float]]) -> None:
    """Several at once, so that each process of the server has answered: its first answer takes a second."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done in [pool.submit(call) for call in calls for _ in range(3 * AT_ONCE)]:
            done.result()


def _seconds(server: Server, method: str, path: str, body: bytes = b"") -> float:
    headers = {"Content-Type": "application/json", "Accept-Encoding": "gzip"}
    started = time.perf_counter()
    with Connection("127.0.0.1", server.port) as connection:
        answer = connection.request(method, path, body, headers)
    if answer.status != 200:
        raise BenchError(f"{method} {path} was answered with {answer.status}.")
    return time.perf_counter() - started


def _connect(server: Server, first: bytes) -> socket.socket:
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)  # as little as the system allows
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SMALL_SEGMENT)
    client.settimeout(30)
    client.connect(("127.0.0.1", server.port))
    client.sendall(first)
    return client


def _is_connected(client: socket.socket) -> bool:
    """Whether the server has neither closed the connection nor broken it off."""
    poll = select.poll()
    poll.register(client, getattr(select, "POLLRDHUP", 0))
    return not poll.poll(0)


def _large_request(server: Server) -> bytes:
    """For the stylesheet: far longer than what the system's buffers hold, and soon found."""
    with server.connect() as connection:
        page = connection.request("GET", "/", headers={}).text()
    found = re.search(r'href="(/static/[^"]+\.css)"', page)
    if not found:
        raise BenchError("The page names no stylesheet.")
    return f"GET {found[1]} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
