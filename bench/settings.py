"""The settings of production, but for the static files: a benchmark leaves the data of this checkout alone."""

import os
from pathlib import Path

from policybuilder.settings import *  # noqa: F403

STATIC_ROOT = Path(os.environ["BENCH_STATIC_ROOT"])
