"""A browser without a screen, on the catalogue of ECS."""

import pytest
from django.test import Client

from tests.pages.tab import Tab


@pytest.fixture
def visitor():
    """Calls to the pages. A fault of ours is a status like any other, as for a real visitor."""
    return Client(raise_request_exception=False)


@pytest.fixture
def tab(visitor):
    """The empty builder, opened."""
    return Tab(visitor)


@pytest.fixture
def two_levels(visitor, catalogue_of_two_levels):
    """Calls to the pages, with IMS as a global service."""
    return visitor
