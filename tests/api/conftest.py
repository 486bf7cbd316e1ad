"""A caller of the API, on the catalogue of ECS."""

import shutil

import pytest

from tests.api.caller import Api
from tests.builders import ECS, OTHER_SERVICES


@pytest.fixture
def api():
    return Api()


@pytest.fixture
def ecs_and_other_services(settings, tmp_path):
    """A function after which the catalogue has other services beside ECS."""

    def use():
        settings.CATALOGUE = shutil.copytree(OTHER_SERVICES, tmp_path / "catalogue")
        shutil.copy(ECS, settings.CATALOGUE)

    return use
