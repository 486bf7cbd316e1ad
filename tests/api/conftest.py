"""The catalogue that the project ships, loaded once for all tests of the API, and a caller."""

import pytest
from django.core.management import call_command

from tests.api.caller import Api
from tests.builders import ECS


@pytest.fixture(scope="package")
def catalog_rows(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        call_command("load_catalog", str(ECS), verbosity=0)
        yield
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def api(catalog_rows, db):
    return Api()
