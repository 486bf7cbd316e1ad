"""How the program starts on a machine: the server's own variables, the local key, and what make says without Python."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.conf import settings

KEY = "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# The project's own settings, not those of the tests. DEBUG, so that the server needs no collected static files.
ENVIRONMENT = os.environ | {"DJANGO_SETTINGS_MODULE": "policybuilder.settings", "DEBUG": "1"}

WITHOUT_KEY = {name: value for name, value in ENVIRONMENT.items() if name not in {"SECRET_KEY", "DATABASE_URL"}}


def run_server(**variables):
    """A server that cannot start, after it gave up."""
    return subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=settings.BASE_DIR,
        env=ENVIRONMENT | {"SECRET_KEY": KEY} | variables,
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
def test_wrong_number_stops_the_server(name, value, expected):
    process = run_server(**{name: value})

    assert (process.returncode, process.stderr) == (
        1,
        f"Policy Builder does not start: {name} is {value!r}. Expected: {expected}.\n",
    )


def test_address_of_another_machine_stops_the_server():
    process = run_server(PORT="8000", BIND="192.0.2.1")  # reserved for documentation: no machine has it

    assert process.returncode == 1
    assert process.stderr.splitlines()[-1] == (
        "Policy Builder does not start: cannot listen on 192.0.2.1:8000 (Cannot assign requested address)."
    )


def test_wrong_setting_stops_the_server():
    process = run_server(DEBUG="0", SECRET_KEY="short")

    assert process.returncode == 1
    assert process.stderr.splitlines()[-1].startswith("Policy Builder does not start: SECRET_KEY is not usable")


def test_local_key_is_made_once_and_readable_by_its_owner_only(tmp_path):
    for name in ("manage.py", "alone.py"):
        shutil.copy(settings.BASE_DIR / name, tmp_path)
    key_file = tmp_path / "var" / "secret_key"

    def run_command():
        # Any command that needs no more than the settings; these come from the project, the key from the copy.
        subprocess.run(
            [sys.executable, tmp_path / "manage.py", "diffsettings"],
            env=WITHOUT_KEY | {"PYTHONPATH": str(settings.BASE_DIR)},
            check=True,
            capture_output=True,
            timeout=60,
        )
        return key_file.read_text()

    first = run_command()
    assert run_command() == first
    assert len(first.strip()) >= 50
    assert key_file.stat().st_mode & 0o777 == 0o600


@pytest.fixture
def fresh_checkout(tmp_path):
    """The program as it is got, before anything ran in it."""
    for name in ("policybuilder", "fixtures", "static", "templates"):
        shutil.copytree(settings.BASE_DIR / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("manage.py", "alone.py", "requirements.txt"):
        shutil.copy(settings.BASE_DIR / name, tmp_path)
    return tmp_path


def run_at_once(checkout, command, count=4):
    """What each of several processes that start together prints. All must succeed."""
    processes = [
        subprocess.Popen(
            ["sh", "-c", command],
            cwd=checkout,
            env=WITHOUT_KEY | {"PYTHON": sys.executable},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            umask=0,
        )
        for _ in range(count)
    ]
    answers = [process.communicate(timeout=240) for process in processes]
    assert [(process.returncode, errors) for process, (_, errors) in zip(processes, answers, strict=True)] == [
        (0, "")
    ] * count
    return [printed for printed, _ in answers]


def test_starts_side_by_side_agree_on_one_key(fresh_checkout):
    print_key = "import sys; sys.argv[1:] = ['check', '-v', '0']; import manage; print(manage.local_secret_key())"

    keys = run_at_once(fresh_checkout, f'exec "$PYTHON" -c "{print_key}"', count=8)

    assert len(set(keys)) == 1
    assert len(keys[0].strip()) >= 50
    [key_file] = (fresh_checkout / "var").iterdir()  # no draft is left
    assert (key_file.name, key_file.read_text(), key_file.stat().st_mode & 0o777) == ("secret_key", keys[0], 0o600)


def test_key_that_another_start_made_first_is_kept(fresh_checkout):
    make = "manage.make_secret_key(); print(manage.KEY_FILE.read_text(), end='')"

    first, second = subprocess.run(
        [sys.executable, "-c", f"import manage; {make}; {make}"],
        cwd=fresh_checkout,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()

    assert first == second
    assert len(list((fresh_checkout / "var").iterdir())) == 1


def test_starts_side_by_side_load_one_after_the_other(fresh_checkout):
    manage = '"$PYTHON" manage.py'

    answers = run_at_once(fresh_checkout, f"{manage} migrate -v 0 && {manage} load_catalog fixtures/catalogue/ecs.yaml")

    assert answers == ["Loaded 91 operations in 17 categories of 4 services, 102 actions.\n"] * 4

    with closing(sqlite3.connect(fresh_checkout / "var" / "policybuilder.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM policybuilder_operationrecord").fetchone() == (91,)


def test_command_waits_until_the_one_before_it_ends(fresh_checkout):
    """The lock of a process that was killed is gone with it; as long as it lives, nobody else goes on."""
    hold, run = (
        [sys.executable, "alone.py", sys.executable, "-c", program]
        for program in ("print('held', flush=True); input()", "print('went on')")
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(hold, cwd=fresh_checkout, **pipes) as holder:
        assert holder.stdout.readline() == "held\n"
        with subprocess.Popen(run, cwd=fresh_checkout, **pipes) as waiting:
            assert waiting.stderr.readline() == "Waiting for another make of this checkout.\n"
            assert waiting.poll() is None
            holder.kill()
            assert waiting.communicate(timeout=60) == ("went on\n", "")


def test_where_no_lock_is_to_be_had_commands_go_on(fresh_checkout):
    """Windows has no fcntl."""
    program = (
        "import sys; sys.modules['fcntl'] = None; sys.argv[1:] = ['migrate', '-v', '0']; import manage; manage.main()"
    )

    done = subprocess.run([sys.executable, "-c", program], cwd=fresh_checkout, env=WITHOUT_KEY, timeout=60)

    assert done.returncode == 0
    assert (fresh_checkout / "var" / "policybuilder.sqlite3").exists()


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
