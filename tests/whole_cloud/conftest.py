"""The whole catalogue that the project ships, loaded once for all tests of it."""

import pytest
from django.core.management import call_command
from django.test import Client


@pytest.fixture(scope="package")
def whole_rows(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        call_command("load_catalog", verbosity=0)
        yield
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def visitor(whole_rows, db):
    """Calls to the pages. A fault of ours is a status like any other, as for a real visitor."""
    return Client(raise_request_exception=False)
