"""A server in a process of its own, as `make run` starts it or as the development server."""

import http.client
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from tests.builders import ECS

SECONDS = 30  # for an answer that comes at once
SERVE = ("manage.py", "serve")
RUNSERVER = ("manage.py", "runserver", "--noreload")
FOREIGN = ("ALLOWED_HOSTS", "HTTPS", "BIND", "THREADS")


@dataclass
class Server:
    process: subprocess.Popen
    port: int
    log: Path

    def ask(
        self, method: str = "GET", path: str = "/", body: bytes | None = None, seconds: float = SECONDS
    ) -> tuple[int, bytes]:
        """The status and the body of an answer, over a connection of its own."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)) as connection:
            connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
            answer = connection.getresponse()
            return answer.status, answer.read()


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "tests.processes.server_settings",
        "DEBUG": "0",
        "CATALOGUE": str(ECS),
    }


@contextmanager
def serve(environment: dict[str, str], log: Path, command: tuple[str, ...] = SERVE) -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    address = [f"127.0.0.1:{port}"] if command is RUNSERVER else []
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *command, *address],
            cwd=settings.BASE_DIR,
            env=environment | {"PORT": str(port), "PYTHONUNBUFFERED": "1"},
            stdout=output,
            stderr=output,
        )
    try:
        while not {"is ready at", "Quit the server"} & set(_told(log)):
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
                pytest.fail(log.read_text())
        yield Server(process, port, log)
    finally:
        process.terminate()
        process.wait(SECONDS)


def _told(log: Path) -> Iterator[str]:
    text = log.read_text()
    return (words for words in ("is ready at", "Quit the server") if words in text)
