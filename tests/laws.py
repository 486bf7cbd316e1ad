"""How often a law is tried: what is written beside it is for "full", and "ci" takes three tenths of that, "quick" two.

HYPOTHESIS_PROFILE in the environment chooses; `make test` is quick, .ci/run as thorough as its ten minutes let it be.
"""

import os
from typing import Any

from hypothesis import settings

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "quick")

# A busy machine makes no example wrong.
settings.register_profile("quick", deadline=None, max_examples=20)
settings.register_profile("ci", deadline=None, max_examples=30)
settings.register_profile("full", deadline=None, max_examples=100)
settings.load_profile(PROFILE)


def examples(in_full: int) -> int:
    """As many as in "full", or the profile's share of them."""
    return -(-in_full * settings().max_examples // 100)


def tried(in_full: int, **more: Any) -> settings:
    """A law that is tried on so many examples, on the same ones in every run."""
    return settings(max_examples=examples(in_full), deadline=None, derandomize=True, **more)
