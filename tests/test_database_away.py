"""A database that goes away, comes back, or was never set up: pages answer from memory, and what cannot says so.

Nothing here is pretended: the connection is really refused, or the table is really not there.
"""

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection, connections
from django.test import Client

from policybuilder.models import CatalogStateRecord
from policybuilder.store import rows
from policybuilder.store.database import without_waiting
from policybuilder.store.files import load_files
from policybuilder.store.rows import current_catalog, look_again
from tests.builders import ECS, OTHER_SERVICES
from tests.elements import read_elements

pytestmark = pytest.mark.django_db(transaction=True)  # a transaction could not outlive its connection

PAGES = ["/", "/start/", "/api/v1/services/", "/api/v1/operations/"]
AWAY = {"status": "not ready", "catalogue": "loaded", "database": "does not answer"}
READY = {"status": "ready", "catalogue": "loaded", "database": "answers"}


@pytest.fixture(autouse=True)
def new_process(monkeypatch):
    """Holds no catalogue yet, and looks into the database with every request."""
    monkeypatch.setattr(rows, "_held", rows.Held())
    monkeypatch.setattr(rows, "BETWEEN_LOOKS", 0)
    monkeypatch.setattr(rows, "AFTER_NO_ANSWER", 0)


@pytest.fixture
def visitor():
    """Calls to the pages. A fault of ours is a status like any other, as for a real visitor."""
    return Client(raise_request_exception=False)


@pytest.fixture
def away(tmp_path):
    """Where nothing answers: a directory that no server listens in, or that stands where a file was."""

    @contextmanager
    def away():
        connection.close()
        there = connection.settings_dict.copy()
        if connection.vendor == "sqlite":
            connection.settings_dict["NAME"] = f"{tmp_path.as_uri()}?mode=rw"
        else:
            connection.settings_dict["HOST"] = str(tmp_path)
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict.update(there)

    return away


@contextmanager
def no_tables():
    table = CatalogStateRecord._meta.db_table
    with connection.schema_editor() as editor:
        editor.alter_db_table(CatalogStateRecord, table, "elsewhere")
    try:
        yield
    finally:
        with connection.schema_editor() as editor:
            editor.alter_db_table(CatalogStateRecord, "elsewhere", table)


def statuses(visitor):
    return {page: visitor.get(page).status_code for page in PAGES}


def readiness(visitor):
    response = visitor.get("/readyz")
    return response.status_code, response.json()


# --- With a catalogue in memory ----------------------------------------------------------------------------------


def test_pages_answer_from_memory_and_recover(visitor, away):
    load_files([ECS])
    assert readiness(visitor) == (200, READY)

    with away():
        assert statuses(visitor) == dict.fromkeys(PAGES, 200)
        assert readiness(visitor) == (503, AWAY)

    load_files([ECS, OTHER_SERVICES])
    assert readiness(visitor) == (200, READY)
    assert len(visitor.get("/api/v1/services/").json()) > 1


def test_pages_answer_from_memory_when_the_tables_are_gone(visitor):
    load_files([ECS])
    current_catalog()

    with no_tables():
        assert statuses(visitor) == dict.fromkeys(PAGES, 200)
        assert readiness(visitor) == (503, AWAY | {"database": "is not set up"})

    assert readiness(visitor) == (200, READY)


def test_log_says_once_that_it_begins_and_once_that_it_is_over(visitor, away, caplog):
    load_files([ECS])
    current_catalog()

    with away():
        for _ in range(3):
            visitor.get("/")
    for _ in range(3):
        visitor.get("/")

    begun, over = [record for record in caplog.records if record.name == "policybuilder.store.rows"]
    assert begun.getMessage().startswith("The database does not answer; the catalogue in memory stays in use. ")
    assert (begun.levelno, begun.exc_info, begun.getMessage().count("\n")) == (logging.ERROR, None, 0)
    assert (over.getMessage(), over.levelno) == ("The database can be read again.", logging.WARNING)


def test_database_that_did_not_answer_is_left_alone_for_a_while(visitor, away, monkeypatch):
    monkeypatch.setattr(rows, "AFTER_NO_ANSWER", 3600)
    load_files([ECS])
    current_catalog()
    with away():
        assert readiness(visitor) == (503, AWAY)

    assert readiness(visitor) == (503, AWAY)
    assert statuses(visitor) == dict.fromkeys(PAGES, 200)

    look_again()
    assert readiness(visitor) == (200, READY)


def test_nobody_waits_for_the_one_who_looks():
    load_files([ECS])
    held = current_catalog()

    with rows._held.lock, ThreadPoolExecutor(1) as other:
        assert other.submit(current_catalog).result(timeout=rows.PATIENCE / 2) is held


@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_connection_that_broke_is_replaced(visitor):
    load_files([ECS])
    current_catalog()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    killer = connections.create_connection("default")
    with killer.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 60000)", [pid])
    killer.close()

    assert readiness(visitor) == (503, AWAY)
    connection.close_if_unusable_or_obsolete()  # as Django does at the end of a request
    assert readiness(visitor) == (200, READY)


@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_reader_does_not_wait_for_a_lock_as_long_as_a_writer():
    def patience():
        with connection.cursor() as cursor:
            return cursor.execute("PRAGMA busy_timeout").fetchone()[0]

    connection.close()

    assert patience() == 10_000
    with without_waiting(connection):
        assert patience() == 500
    assert patience() == 10_000


# --- Without one -------------------------------------------------------------------------------------------------

LOAD = "python manage.py load_catalog"


def expect_unavailable(visitor, title, way_out, code, message, state):
    """503 with Retry-After: a page in our design, the API's shape, and what a probe is told."""
    page = visitor.get("/")
    assert (page.status_code, page["Retry-After"]) == (503, "5")
    main = read_elements(page.content.decode()).main
    assert [main.h1.get_text(), main.p.get_text()] == [title, way_out]

    for call in (visitor.get("/api/v1/services/"), visitor.post("/api/v1/explain/", {"text": ""}, "application/json")):
        assert (call.status_code, call["Retry-After"]) == (503, "5")
        assert call.json() == {"error": {"code": code, "message": message, "details": []}}

    probe = visitor.get("/readyz")
    assert (probe.status_code, probe["Retry-After"]) == (503, "5")
    assert probe.json() == {"status": "not ready", "catalogue": "missing", "database": state}
    assert visitor.get("/healthz").status_code == 200


def test_503_where_no_catalogue_is_loaded(visitor):
    expect_unavailable(
        visitor,
        "No catalogue is loaded yet",
        f"Load it with: {LOAD}",
        "catalog_missing",
        "No catalogue is loaded yet.",
        "answers",
    )


def test_503_where_the_database_does_not_answer(visitor, away, caplog):
    load_files([ECS])  # nobody looked yet

    with away():
        expect_unavailable(
            visitor,
            "The database does not answer",
            "Try again in a moment.",
            "unavailable",
            "The database does not answer. Try again.",
            "does not answer",
        )

    assert [record for record in caplog.records if record.exc_info] == []
    assert statuses(visitor) == dict.fromkeys(PAGES, 200)


def test_503_where_tables_are_missing(visitor, caplog):
    with no_tables():
        expect_unavailable(
            visitor,
            "The database is not set up yet",
            f"Set it up with: python manage.py migrate && {LOAD}",
            "unavailable",
            "The database is not set up yet.",
            "is not set up",
        )

    assert [record for record in caplog.records if record.exc_info] == []


@pytest.mark.skipif("connection.vendor != 'sqlite'")
@pytest.mark.parametrize("name", ["missing.sqlite3", "missing/missing.sqlite3", "x" * 300])
def test_503_where_there_is_no_file(visitor, tmp_path, monkeypatch, name):
    connection.close()
    with monkeypatch.context() as elsewhere:
        elsewhere.setitem(connection.settings_dict, "NAME", f"{(tmp_path / name).as_uri()}?mode=rw")
        answers = [visitor.get(page).status_code for page in (*PAGES, "/readyz")]

    assert answers == [503] * len(answers)
    assert list(tmp_path.iterdir()) == []


def test_what_needs_no_catalogue_is_there(visitor, away):
    with away():
        answers = [visitor.get(page).status_code for page in ("/api/v1/docs/", "/api/v1/rules/", "/nowhere/")]

    assert answers == [200, 200, 404]


# --- Probes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["/healthz", "/readyz"])
@pytest.mark.parametrize("method", ["get", "head"])
def test_probe_comes_by_address_and_without_tls(settings, where, method):
    settings.SECURE_SSL_REDIRECT = True
    load_files([ECS])

    response = getattr(Client(headers={"Host": "10.1.2.3:8000"}), method)(where)

    assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
    assert response["Content-Type"] == "application/json"
    assert bool(response.content) == (method == "get")
    assert response.cookies == {}


@pytest.mark.parametrize(
    ("where", "answer"), [("/healthz", {"status": "alive"}), ("/readyz", READY)], ids=["healthz", "readyz"]
)
def test_probe_is_told_in_a_few_words(visitor, where, answer):
    load_files([ECS])

    assert json.loads(visitor.get(where).content) == answer
    assert (visitor.post(where).status_code, visitor.post(where)["Allow"]) == (405, "GET, HEAD")


def test_probes_look_no_more_often_than_pages(visitor, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(rows, "BETWEEN_LOOKS", 3600)
    load_files([ECS])
    visitor.get("/readyz")

    with django_assert_num_queries(0):
        assert readiness(visitor) == (200, READY)
