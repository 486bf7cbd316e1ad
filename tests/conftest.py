"""What every test shares: static files as production serves them. Test data is made in builders.py."""

import gc

import pytest
from django.conf import settings
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer

import tests.laws  # noqa: F401  loads the profile that every law of Hypothesis begins with
from policybuilder.store.rows import look_again

# These need the admin's apps. test_admin_switch.py has them run by a process where the admin is switched on.
collect_ignore = [] if settings.ADMIN else ["test_admin.py"]


# What thousands of tests are made of stays to the end. The garbage collector need not look at it, then or later.
gc.disable()


def pytest_collection_finish():
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def static_files():
    """Hashed and compressed static files, without which no page can name its stylesheet."""
    call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture(autouse=True)
def fresh_look():
    """The rows are other ones than in the test before, whose changes were rolled back within the same second."""
    look_again()


@pytest.fixture(scope="session")
def live_server(static_files):
    """pytest-django's live server, with static files from WhiteNoise as in production.

    pytest-django would put Django's own handler for static files before the application, and that one knows neither
    hashed names nor compression nor our headers.
    """
    server = LiveServer("localhost", start=False)
    server.thread.static_handler = lambda application: application
    server.start()
    yield server
    server.stop()
