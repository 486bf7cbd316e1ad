"""The file of SQLite: only `migrate` makes it, whatever it is called, and a copy of it alone has everything."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.conf import settings

from tests.builders import ECS
from tests.elements import read_elements
from tests.processes.server import RUNSERVER, SERVE, environment, serve

NAME = "a b?c#d%20e;é.sqlite3"  # all that means something in a URL


@pytest.fixture
def file(tmp_path):
    return tmp_path / NAME


def manage(file, *arguments):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=environment(file),
        capture_output=True,
        text=True,
        timeout=120,
    )


def do(file, *arguments):
    done = manage(file, *arguments, "--verbosity", "0")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("command", [SERVE, RUNSERVER], ids=["serve", "runserver"])
def test_server_makes_no_file_and_names_the_way_out(file, tmp_path_factory, command):
    with serve(environment(file), tmp_path_factory.mktemp("log") / "log", command) as server:
        status, page = server.ask()

    assert status == 503
    assert read_elements(page.decode()).main.p.get_text() == (
        "Set it up with: python manage.py migrate && python manage.py load_catalog"
    )
    assert list(file.parent.iterdir()) == []


def test_file_is_served_whatever_its_name(file, tmp_path_factory):
    do(file, "migrate")
    do(file, "load_catalog", str(ECS))
    assert [path.name for path in file.parent.iterdir()] == [NAME]

    with serve(environment(file), tmp_path_factory.mktemp("log") / "log") as server:
        assert server.ask()[0] == 200


def test_file_that_is_not_there_is_no_place_to_load_into(file):
    done = manage(file, "load_catalog", str(ECS))

    assert (done.returncode, done.stderr) == (
        1,
        "CommandError: Nothing was loaded: the database is not set up. Set it up with: python manage.py migrate\n",
    )
    assert list(file.parent.iterdir()) == []


def test_place_that_does_not_exist_is_told_in_one_line(file):
    done = manage(file.parent / "nowhere" / "at all" / NAME, "migrate")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("CommandError: The file of the database cannot be made: ")
    assert done.stderr.count("\n") == 1


def test_copy_of_the_file_alone_has_what_was_loaded(file, tmp_path_factory):
    """While a server has it open: the last connection that closes would see to it anyhow."""
    copy = tmp_path_factory.mktemp("copy") / "copy.sqlite3"
    do(file, "migrate")
    with closing(sqlite3.connect(file)) as server:
        server.execute("SELECT count(*) FROM policybuilder_operationrecord").fetchall()
        do(file, "load_catalog", str(ECS))
        shutil.copy(file, copy)

    with closing(sqlite3.connect(copy)) as database:
        assert database.execute("SELECT count(*) FROM policybuilder_operationrecord").fetchone() == (91,)


def test_copy_of_the_file_alone_has_its_tables(file, tmp_path_factory):
    copy = tmp_path_factory.mktemp("copy") / "copy.sqlite3"
    file.touch()
    with closing(sqlite3.connect(file)) as server:
        server.execute("PRAGMA journal_mode = WAL")
        server.execute("CREATE TABLE other (name)")  # now it has the log open
        do(file, "migrate")
        shutil.copy(file, copy)

    with closing(sqlite3.connect(copy)) as database:
        assert database.execute("SELECT count(*) FROM policybuilder_operationrecord").fetchone() == (0,)
