"""Sends requests as fast as they are answered, over connections that stay open, and prints what it saw as JSON.

    python -m bench.load PORT BODIES SECONDS CONNECTIONS

It is a process of its own, so that measuring it does not slow it down. BODIES is a file with a list of bodies.
"""

import json
import sys
import threading
import time
from itertools import cycle, islice
from pathlib import Path

from bench.wire import Connection

HEADERS = {"Content-Type": "application/json", "Accept-Encoding": "gzip, deflate"}


class Caller(threading.Thread):
    """One connection and what came of it."""

    def __init__(self, port: int, bodies: list[bytes], deadline: float):
        super().__init__()
        self._port, self._bodies, self._deadline = port, bodies, deadline
        self.seconds: list[float] = []
        self.errors = 0

    def run(self) -> None:
        bodies = cycle(self._bodies)
        while time.monotonic() < self._deadline:
            try:
                with Connection("127.0.0.1", self._port) as connection:
                    while time.monotonic() < self._deadline:
                        answer = connection.request("POST", "/api/v1/compile/", next(bodies), HEADERS)
                        if answer.status == 200:
                            self.seconds.append(answer.seconds)
                        else:
                            self.errors += 1
            except OSError:
                self.errors += 1


def call(port: int, bodies: list[bytes], seconds: float, connections: int) -> dict[str, object]:
    started = time.monotonic()
    callers = [
        Caller(port, list(islice(cycle(bodies), at, at + len(bodies))), started + seconds) for at in range(connections)
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    return {
        "elapsed": time.monotonic() - started,
        "seconds": [value for caller in callers for value in caller.seconds],
        "errors": sum(caller.errors for caller in callers),
    }


if __name__ == "__main__":
    port, file, seconds, connections = sys.argv[1:]
    texts = json.loads(Path(file).read_text(encoding="utf-8"))
    print(json.dumps(call(int(port), [text.encode() for text in texts], float(seconds), int(connections))))
