"""What can be wrong with the database, and how the file of SQLite is made, read without waiting, and kept whole."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from django.core.exceptions import ImproperlyConfigured
from django.db import Error, OperationalError, ProgrammingError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

# Whatever connecting and reading can raise: a host name can be one that Python cannot encode, a name be too long.
FAULTS = (Error, OSError, UnicodeError, ImproperlyConfigured)

# Milliseconds that a reader and a writer wait for another program's lock on the file of SQLite, as in settings.py.
READER_WAITS, WRITER_WAITS = 500, 10_000


class Fault(StrEnum):
    """Why there is nothing to read, in the words of /readyz."""

    NO_ANSWER = "does not answer"
    NOT_SET_UP = "is not set up"


def fault_of(error: Exception, connection: BaseDatabaseWrapper) -> Fault:
    """What one of FAULTS means. Tables are missing too where they are older than the program."""
    if isinstance(error, ProgrammingError):
        return Fault.NOT_SET_UP
    if connection.vendor == "sqlite" and isinstance(error, OperationalError):
        missing = str(error).startswith(("no such table", "no such column"))
        # Not Path.exists(), which raises where one may not even look.
        return Fault.NOT_SET_UP if missing or not os.path.exists(sqlite_file(connection)) else Fault.NO_ANSWER
    return Fault.NO_ANSWER


def one_line(error: Exception) -> str:
    """What an error says, for a log: drivers break their messages into lines."""
    return " ".join(f"{error}".split())[:300] or type(error).__name__


@contextmanager
def without_waiting(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Reading that a lock of another program stops after half a second, where a writer would wait for its end.

    Only SQLite has such locks, and few programs take one: readers and writers are not in each other's way. SQLite waits
    inside the process, which answers nobody meanwhile.
    """
    connection.ensure_connection()
    if connection.vendor != "sqlite":
        yield
        return
    connection.connection.execute(f"PRAGMA busy_timeout = {READER_WAITS}")
    try:
        yield
    finally:
        connection.connection.execute(f"PRAGMA busy_timeout = {WRITER_WAITS}")


def sqlite_file(connection: BaseDatabaseWrapper) -> Path:
    """The file behind a name as settings.py writes it, file:///…?mode=rw, or behind a plain one, as tests have it."""
    name = os.fspath(connection.settings_dict["NAME"])
    return Path(url2pathname(urlsplit(name).path)) if name.startswith("file:") else Path(name)


def make_sqlite_file(alias: str) -> None:
    """An empty database where there is no file yet. Raises OSError."""
    connection = connections[alias]
    if connection.vendor == "sqlite":
        file = sqlite_file(connection)
        file.parent.mkdir(exist_ok=True)
        file.touch()


def complete_sqlite_file(alias: str) -> None:
    """Moves what was written from the log beside SQLite's file into the file, so that a copy of it alone has all.

    SQLite does that itself when the last connection closes; while a server runs, that may be never. A reader that is at
    work just then keeps the last of it back until the next time.
    """
    connection = connections[alias]
    if connection.vendor == "sqlite" and not connection.in_atomic_block:  # what is not committed cannot be moved
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
