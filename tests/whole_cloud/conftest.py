"""The catalogue of the whole cloud for all these tests."""

import pytest
from django.test import Client

from tests.builders import WHOLE


@pytest.fixture
def visitor(settings):
    """Calls to the pages. A fault of ours is a status like any other, as for a real visitor."""
    settings.CATALOGUE = WHOLE
    return Client(raise_request_exception=False)
