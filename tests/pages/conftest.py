"""The catalogue that the project ships, loaded once for all tests of the pages, and a browser without a screen."""

import pytest
from django.core.management import call_command
from django.test import Client

from tests.builders import ECS
from tests.levels import make_images_global
from tests.pages.tab import Tab


@pytest.fixture(scope="package")
def catalog_rows(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        call_command("load_catalog", str(ECS), verbosity=0)
        yield
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def visitor(catalog_rows, db):
    """Calls to the pages. A fault of ours is a status like any other, as for a real visitor."""
    return Client(raise_request_exception=False)


@pytest.fixture
def tab(visitor):
    """The empty builder, opened."""
    return Tab(visitor)


@pytest.fixture
def two_levels(visitor):
    """The catalogue with IMS as a global service."""
    make_images_global()
    return visitor
