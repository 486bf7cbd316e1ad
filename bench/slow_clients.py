"""The waiting time of ordinary clients beside hostile ones: the crowds of crowd.py, and costly requests in a loop."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from threading import Event, Thread

from bench.catalogues import ecs_operations
from bench.crowd import KINDS
from bench.floods import large
from bench.proxy import NGINX
from bench.report import MEGABYTES, MILLISECONDS, Budget, Row, Table
from bench.wire import Connection
from bench.workspace import PROJECT, BenchError, Server, Workspace

CLIENTS = 1_200  # clients of every other kind
FEW = 8  # clients that send as fast as they can
IN_A_LOOP = 4
SECONDS = 8
TO_GATHER = 2  # seconds
PAUSE = 0.05  # between two requests of the one who is in a hurry
PATIENCE = 20  # seconds
LONGEST = Budget(1.0, of=("max",))
MEMORY = Budget(500_000_000, of=("max",))
ADDRESS = "127.0.0.2"  # of the crowd: the proxy limits the connections of an address


def measure(workspace: Workspace) -> Iterator[Table]:
    with workspace.small.server() as server:
        yield _measure(server, "by itself", FEW)
    if NGINX and sys.platform == "linux":
        with workspace.small.proxy() as server:
            yield _measure(server, "two processes behind nginx", CLIENTS)


def _measure(server: Server, title: str, fast: int) -> Table:
    table = Table(
        f"slow and hostile clients: {title}",
        notes=[
            "A page and a compile call in turn, each over a connection of its own. The hostile clients use the same",
            "cores. Memory: the highest sum over all processes of the server.",
        ],
    )
    _warm_up(server)
    path = _large_file(server)
    table.rows += _rows("nobody else", *_times(server))
    for kind, how in KINDS.items():
        clients = fast if how.seconds == 0 else CLIENTS
        with _crowd(kind, clients, server.port, path):
            table.rows += _rows(f"{clients:,} {kind}", *_times(server))
    with _loop(server):
        table.rows += _rows(f"{IN_A_LOOP} that ask for much, in a loop", *_times(server))
    return table


def _rows(label: str, times: list[float], memory: list[float]) -> Iterator[Row]:
    yield Row(label, times, MILLISECONDS, LONGEST)
    yield Row(f"{label}: memory", [max(memory)], MEGABYTES, MEMORY)


def _times(server: Server) -> tuple[list[float], list[float]]:
    """Seconds of each request, and bytes of the server at some moments."""
    body = json.dumps({"operations": ecs_operations()[:10]}).encode()
    times, memory = [], [float(server.resident())]
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        times += [_seconds(server, "GET", "/"), _seconds(server, "POST", "/api/v1/compile/", body)]
        memory.append(server.resident())
        time.sleep(PAUSE)
    return times, memory


def _seconds(server: Server, method: str, path: str, body: bytes = b"") -> float:
    headers = {"Content-Type": "application/json", "Accept-Encoding": "gzip"}
    started = time.perf_counter()
    try:
        with Connection("127.0.0.1", server.port, PATIENCE) as connection:
            answer = connection.request(method, path, body, headers)
    except TimeoutError:
        return time.perf_counter() - started
    if answer.status != 200:
        raise BenchError(f"{method} {path} was answered with {answer.status}.")
    return time.perf_counter() - started


def _warm_up(server: Server) -> None:
    """Each process of the server has answered: its first answer takes a second."""
    for _ in range(20):
        _seconds(server, "GET", "/")


@contextmanager
def _crowd(kind: str, clients: int, port: int, path: str) -> Iterator[None]:
    address = ADDRESS if sys.platform == "linux" else "127.0.0.1"
    command = [sys.executable, "-m", "bench.crowd", kind, str(clients), str(port), address, path]
    with subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        try:
            if process.stdout.readline() != b"connected\n":
                raise BenchError(f"The crowd of {kind} did not come.")
            time.sleep(TO_GATHER)
            yield
        finally:
            process.stdin.close()


@contextmanager
def _loop(server: Server) -> Iterator[None]:
    ended = Event()
    threads = [Thread(target=_ask_for_much, args=(server, ended, start)) for start in range(IN_A_LOOP)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def _ask_for_much(server: Server, ended: Event, start: int) -> None:
    for at in count(start, IN_A_LOOP):
        if ended.is_set():
            return
        attack = large(at)
        with Connection("127.0.0.1", server.port) as connection:
            connection.request(attack.method, attack.path, attack.body.encode(), {"Content-Type": attack.content_type})


def _large_file(server: Server) -> str:
    """The stylesheet: far longer than what the system's buffers hold, and soon found."""
    with server.connect() as connection:
        page = connection.request("GET", "/", headers={}).text()
    found = re.search(r'href="(/static/[^"]+\.css)"', page)
    if not found:
        raise BenchError("The page names no stylesheet.")
    return found[1]
