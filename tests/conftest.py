"""What every test shares: static files as production serves them. Test data is made in builders.py."""

import gc

import pytest
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer

import tests.laws  # noqa: F401  loads the profile that every law of Hypothesis begins with
from tests.builders import ECS

# What thousands of tests are made of stays to the end. The garbage collector need not look at it, then or later.
gc.disable()


def pytest_collection_finish():
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def static_files():
    """Hashed and compressed static files, without which no page can name its stylesheet."""
    call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture(scope="session")
def file_of_two_levels(tmp_path_factory):
    """The catalogue file of ECS, which needs IMS, with IMS as a global service."""
    file = tmp_path_factory.mktemp("catalogue") / "ecs.yaml"
    before, images, after = ECS.read_text().partition("- service: ims\n")
    assert images
    file.write_text(before + images + after.replace("level: XA", "level: AX", 1))
    return file


@pytest.fixture
def catalogue_of_two_levels(settings, file_of_two_levels):
    settings.CATALOGUE = file_of_two_levels


@pytest.fixture(autouse=True)
def _live_server_helper():
    """Instead of pytest-django's, which empties the database after each test with a live server. There is none."""


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
