"""Where a run happens: a temporary directory with static files and servers, gone when the run ends."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from bench import catalogues
from bench.proxy import proxy
from bench.wire import Connection

PROJECT = Path(__file__).resolve().parent.parent
# What could be set where make was called, and would change what is measured.
FOREIGN = ("DEBUG", "ALLOWED_HOSTS", "HTTPS", "BIND", "THREADS")
SECONDS_TO_START = 30
SECONDS_TO_STOP = 10
SECONDS_FOR_A_CHILD = 300


class BenchError(Exception):
    """A measurement that could not be made; the text says why."""


@dataclass(frozen=True)
class Server:
    """It answers on a port of this machine. `processes` are ids, without those that nginx starts itself."""

    port: int
    processes: tuple[int, ...]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connect(self) -> Connection:
        return Connection("127.0.0.1", self.port)

    def resident(self) -> int:
        """Bytes of all its processes, as the system counts them. Raises BenchError."""
        done = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,rss="], capture_output=True, text=True, check=False)
        lines = [[int(number) for number in line.split()] for line in done.stdout.splitlines()]
        found = [kilobytes * 1024 for process, parent, kilobytes in lines if {process, parent} & {*self.processes}]
        if not found:
            raise BenchError("The server was not found among the processes.")
        return sum(found)


@dataclass(frozen=True)
class Site:
    """One of the catalogues. `loading` is what loading it told: seconds, as inside.py prints them."""

    name: str
    operations: int
    environment: dict[str, str]
    log: Path
    loading: dict[str, Any]

    def inside(self, command: str, *arguments: str | Path, seconds: int = SECONDS_FOR_A_CHILD) -> Any:
        """What a command of inside.py prints."""
        return run_child("bench.inside", command, *arguments, environment=self.environment, seconds=seconds)

    @contextmanager
    def server(self) -> Iterator[Server]:
        """The site served as `make run` does."""
        port = _free_port()
        environment = self.environment | {"PORT": str(port)}
        with self.log.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"], cwd=PROJECT, env=environment, stdout=log, stderr=log
            )
            try:
                server = Server(port, (process.pid,))
                _wait_for(server, process, self.log)
                yield server
            finally:
                _stop(process)

    @contextmanager
    def proxy(self) -> Iterator[Server]:
        """Two processes behind nginx, without TLS."""
        port = _free_port()
        with self.server() as first, self.server() as second, tempfile.TemporaryDirectory() as directory:
            changes = {
                "listen [::]:443 ssl;": "",
                "listen 443 ssl;": f"listen 127.0.0.1:{port};",
                "ssl_certificate /etc/ssl/certs/policies.example.com.pem;": "",
                "ssl_certificate_key /etc/ssl/private/policies.example.com.key;": "",
                "listen [::]:80;": "",
                "listen 80;": f"listen 127.0.0.1:{_free_port()};",
                "127.0.0.1:8001": f"127.0.0.1:{first.port}",
                "127.0.0.1:8002": f"127.0.0.1:{second.port}",
            }
            with proxy(Path(directory), port, changes) as nginx:
                yield Server(port, (*first.processes, *second.processes, nginx))


@dataclass
class Workspace:
    directory: Path
    sites: dict[str, Site] = field(default_factory=dict)

    @cached_property
    def static_files(self) -> Path:
        """Hashed and compressed as in production."""
        directory = self.directory / "static"
        environment = self._environment(catalogues.ECS, directory)
        command = [sys.executable, "-m", "django", "collectstatic", "--noinput", "--verbosity", "0"]
        done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise BenchError(f"The static files could not be collected.\n{done.stderr}")
        return directory

    @property
    def small(self) -> Site:
        return self._site(catalogues.ECS)

    @property
    def large(self) -> Site:
        return self._site(catalogues.WHOLE)

    @property
    def both(self) -> Iterator[Site]:
        yield self.small
        yield self.large

    def _site(self, files: Path) -> Site:
        key = files.stem
        if key not in self.sites:
            environment = self._environment(files, self.static_files)
            loading = run_child("bench.inside", "load", environment=environment)
            count = loading["operations"]
            log = self.directory / f"server-{key}.log"
            self.sites[key] = Site(f"{count:,} operations", count, environment, log, loading)
        return self.sites[key]

    def _environment(self, files: Path, static_files: Path) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        return kept | {
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "CATALOGUE": str(files),
            "BENCH_STATIC_ROOT": str(static_files),
        }


@contextmanager
def temporary_workspace() -> Iterator[Workspace]:
    with tempfile.TemporaryDirectory(prefix="policybuilder-bench-") as directory:
        yield Workspace(Path(directory))


def run_child(
    module: str,
    *arguments: str | Path,
    environment: dict[str, str] | None = None,
    seconds: int = SECONDS_FOR_A_CHILD,
) -> Any:
    """The JSON that a Python module prints, run in a process of its own."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    try:
        done = subprocess.run(
            command,
            cwd=PROJECT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise BenchError(f"{module} {arguments[0]} took longer than {seconds} s.") from error
    if done.returncode:
        raise BenchError(f"{module} {arguments[0]} failed.\n{done.stderr}")
    return json.loads(done.stdout)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def _wait_for(server: Server, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), server.connect() as connection:
            if connection.request("GET", "/").status == 200:
                return
        time.sleep(0.1)
    raise BenchError(f"The server does not answer.\n{log.read_text(errors='replace')[-2000:]}")


def _stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
