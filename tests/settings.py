"""The settings of the tests: production's, whatever the environment says, with the catalogue of ECS alone.

Files go to a directory that is removed at the end: a test run leaves the data of this checkout alone.
"""

import atexit
import os
import tempfile
from pathlib import Path

for variable in ("DEBUG", "ALLOWED_HOSTS", "CATALOGUE", "HTTPS"):
    os.environ.pop(variable, None)

from policybuilder.settings import *  # noqa: E402, F403
from tests.builders import ECS  # noqa: E402

CATALOGUE = ECS

_directory = tempfile.TemporaryDirectory(prefix="policybuilder-tests-")
atexit.register(_directory.cleanup)

# Hashed and compressed as in production; conftest.py collects them once per run.
STATIC_ROOT = Path(_directory.name) / "static"
# Compressing the large scripts would take longer than most test runs.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["js", "map"]
# Looks files up when they are asked for. Otherwise every test client would read the whole directory first.
WHITENOISE_AUTOREFRESH = True
