import subprocess
import sys
from contextlib import ExitStack

import pytest
from django.conf import settings

from tests.processes.server import environment


@pytest.fixture(scope="session")
def with_catalogue(tmp_path_factory):
    """The environment of a server whose database has the catalogue."""
    made = environment(tmp_path_factory.mktemp("slow-clients") / "policybuilder.sqlite3")
    for command in (["migrate"], ["load_catalog", "fixtures/catalogue/ecs.yaml"]):
        manage = [sys.executable, "manage.py", *command, "--verbosity", "0"]
        subprocess.run(manage, cwd=settings.BASE_DIR, env=made, check=True, timeout=60)
    return made


@pytest.fixture
def clients():
    """What is entered here is closed when the test ends."""
    with ExitStack() as clients:
        yield clients
