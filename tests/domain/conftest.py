"""The domain knows no pages."""

import pytest


@pytest.fixture(scope="session")
def static_files():
    """Not collected here: there is no page to name its stylesheet."""
