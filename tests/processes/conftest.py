from contextlib import ExitStack

import pytest


@pytest.fixture
def clients():
    """What is entered here is closed when the test ends."""
    with ExitStack() as clients:
        yield clients
