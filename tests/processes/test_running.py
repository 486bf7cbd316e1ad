"""How the program starts on a machine: the server's own variables, and what make says without Python."""

import os
import shutil
import socket
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import call_command

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
    assert process.stderr.splitlines()[-1] == (f"Port {taken_port} is taken. Choose another: make run PORT=8000")


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

    assert stopped.value.code == f"Policy Builder does not start: {name} is {value!r}. Expected: {expected}."


def test_wrong_number_ends_the_process_with_one_line():
    process = run_server(PORT="http")

    told = "Policy Builder does not start: PORT is 'http'. Expected: a number from 1 to 65535.\n"
    assert (process.returncode, process.stderr) == (1, told)


def test_address_of_another_machine_stops_the_server():
    process = run_server(PORT="8000", BIND="192.0.2.1")  # reserved for documentation: no machine has it

    assert process.returncode == 1
    assert process.stderr.splitlines()[-1] == (
        "Policy Builder does not start: cannot listen on 192.0.2.1:8000 (Cannot assign requested address)."
    )


def test_wrong_setting_stops_the_server():
    process = run_server(HTTPS="perhaps")

    assert process.returncode == 1
    assert process.stderr.splitlines()[-1].startswith("Policy Builder does not start: HTTPS is 'perhaps'")


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
    assert process.stderr.splitlines()[:3] == [
        "Policy Builder needs Python 3.11 or newer with its venv module, and found none on the PATH.",
        "Install it: 'apt install python3 python3-venv' on Debian and Ubuntu, 'brew install python' on macOS,",
        "or from https://www.python.org/downloads/. Then run make again.",
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Makefile", "bin", "requirements.txt"]
