"""How often a law is tried. What is written beside a law is the number for "ci", and "quick" takes a fifth of that.

HYPOTHESIS_PROFILE in the environment chooses; `make test` is quick, and .ci/run takes its time.
"""

import os
from typing import Any

from hypothesis import settings

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "quick")

# A busy machine makes no example wrong.
settings.register_profile("quick", deadline=None, max_examples=20)
settings.register_profile("ci", deadline=None, max_examples=100)
settings.load_profile(PROFILE)


def examples(in_ci: int) -> int:
    """As many as in "ci", or the profile's share of them."""
    return -(-in_ci * settings().max_examples // 100)


def tried(in_ci: int, **more: Any) -> settings:
    """A law that is tried on so many examples, on the same ones in every run."""
    return settings(max_examples=examples(in_ci), deadline=None, derandomize=True, **more)
