"""nginx with the site of deploy/nginx.conf, on free ports. Tests and benchmarks run the same attacks through it."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

SITE = Path(__file__).resolve().parent.parent / "deploy" / "nginx.conf"
# Debian keeps it where only root's PATH leads.
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
SECONDS_TO_START = 10
CONNECTIONS = 4096  # of a worker process; docs/deployment.md asks for them

WHOLE = """
daemon off;
user {user};
pid {directory}/pid;
error_log {directory}/log;
worker_processes 2;
worker_rlimit_nofile {files};
events {{ worker_connections {connections}; }}
http {{
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    include {directory}/site;
}}
"""


@contextmanager
def proxy(directory: Path, port: int, changes: Mapping[str, str]) -> Iterator[int]:
    """nginx, once it listens on `port`; the id of its first process. `changes` replace texts of the site."""
    site = SITE.read_text()
    for old, new in {"/var/log/nginx/policybuilder.log": f"{directory}/site.log", **changes}.items():
        if old not in site:
            raise ValueError(f"{SITE.name} does not have {old!r}.")
        site = site.replace(old, new)
    (directory / "site").write_text(site)
    (directory / "whole").write_text(
        WHOLE.format(
            directory=directory,
            user=pwd.getpwuid(os.geteuid()).pw_name,
            connections=CONNECTIONS,
            files=2 * CONNECTIONS,
        )
    )
    with (directory / "output").open("wb") as output:
        process = subprocess.Popen([NGINX or "nginx", "-c", directory / "whole"], stdout=output, stderr=output)
    try:
        _wait_for(port, process, directory / "output")
        yield process.pid
    finally:
        process.terminate()
        process.wait(SECONDS_TO_START)


def _wait_for(port: int, process: subprocess.Popen, output: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"nginx does not listen.\n{output.read_text()}")
