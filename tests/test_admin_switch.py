"""The admin, its accounts and its sessions are there only where ADMIN says so. These tests run without, as it is."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from tests.elements import read_elements

pytestmark = pytest.mark.django_db

APPS = {f"django.contrib.{name}" for name in ("admin", "auth", "contenttypes", "messages", "sessions")}


@pytest.mark.parametrize("where", ["/admin/", "/admin/login/", "/admin/policybuilder/actionrecord/"])
def test_without_it_there_is_no_such_page(where):
    answer = Client(headers={"Cookie": 'sessionid="\\000"'}).get(where)

    assert answer.status_code == 404
    assert read_elements(answer.content.decode()).main.h1.get_text() == "There is no such page"
    assert answer.cookies.output() == ""


def test_without_it_nothing_of_it_is_there():
    parts = [*settings.MIDDLEWARE, *settings.TEMPLATES[0]["OPTIONS"]["context_processors"]]

    assert APPS & set(settings.INSTALLED_APPS) == set()
    assert [part for part in parts if part.startswith(tuple(APPS))] == []
    assert [name for name in connection.introspection.table_names() if not name.startswith("policybuilder_")] == [
        "django_migrations"
    ]


@pytest.mark.skipif(settings.ADMIN, reason="it is switched on here already")
def test_with_it_everything_in_test_admin_holds(tmp_path):
    """In a process of its own: which apps there are is settled when Django starts."""
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", f"--output={tmp_path}"]
    tests = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/test_admin.py", *options],
        cwd=settings.BASE_DIR,
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST")} | {"ADMIN": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )

    assert tests.returncode == 0, tests.stdout + tests.stderr
