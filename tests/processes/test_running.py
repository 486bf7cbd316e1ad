"""How the program starts on a machine: the server's own variables, and what make says without Python."""

import errno
import os
import shutil
import socket
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import call_command

from policybuilder.management.commands.serve import CANNOT_LISTEN, PORT_IS_TAKEN

# The project's own settings, not those of the tests. DEBUG, so that the server needs no collected static files.
ENVIRONMENT = os.environ | {"DJANGO_SETTINGS_MODULE": "policybuilder.settings", "DEBUG": "1"}


def run_server(**variables):
    """A server that cannot start, after it gave up."""
    return subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=settings.BASE_DIR,
        env=ENVIRONMENT | variables,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def taken_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_taken_port_is_told_with_a_way_out(taken_port):
    process = run_server(PORT=str(taken_port))

    assert process.returncode == 1
    assert "Traceback" not in process.stderr
    assert process.stderr.splitlines()[-1] == PORT_IS_TAKEN.format(port=taken_port, other=8000)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PORT", "http", "a number from 1 to 65535"),
        ("PORT", "0", "a number from 1 to 65535"),
        ("PORT", "65536", "a number from 1 to 65535"),
        ("THREADS", "many", "a number from 1 to 100"),
    ],
)
def test_wrong_number_stops_the_server(monkeypatch, name, value, expected):
    monkeypatch.setenv("BIND", "192.0.2.1")  # nothing would listen there
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as stopped:
        call_command("serve")

    assert stopped.value.code.endswith(f"{name} is {value!r}. Expected: {expected}.")


def test_wrong_number_ends_the_process_with_one_line():
    process = run_server(PORT="http")

    (line,) = process.stderr.splitlines()
    assert (process.returncode, "PORT is 'http'" in line) == (1, True)


def test_address_of_another_machine_stops_the_server():
    process = run_server(PORT="8000", BIND="192.0.2.1")  # reserved for documentation: no machine has it

    assert process.returncode == 1
    assert process.stderr.splitlines()[-1] == CANNOT_LISTEN.format(
        address="192.0.2.1", port=8000, reason=os.strerror(errno.EADDRNOTAVAIL)
    )


def test_wrong_setting_stops_the_server():
    process = run_server(HTTPS="perhaps")

    assert process.returncode == 1
    assert "HTTPS is 'perhaps'" in process.stderr.splitlines()[-1]


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_make_without_python_says_what_to_install(tmp_path):
    for name in ("Makefile", "requirements.txt"):
        shutil.copy(settings.BASE_DIR / name, tmp_path)
    (tmp_path / "bin").mkdir()
    # A command of that name that does not work is the same as none.
    for name in ("python3", "python3.11"):
        (tmp_path / "bin" / name).write_text("#!/bin/sh\nexit 127\n")
        (tmp_path / "bin" / name).chmod(0o755)

    process = subprocess.run(
        [shutil.which("make"), "run"],
        cwd=tmp_path,
        env={"PATH": str(tmp_path / "bin")},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert process.returncode == 2  # make's own: a command failed
    for told in (
        "Python 3.11",
        "'apt install python3 python3-venv'",
        "'brew install python'",
        "https://www.python.org/",
    ):
        assert told in process.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Makefile", "bin", "requirements.txt"]
