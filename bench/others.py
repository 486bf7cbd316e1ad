"""What parliament and policy_sentry take for policies of AWS with as many actions. Prints JSON, run by itself.

    check         analyse a policy: seconds of each, by program and number of actions
    compaction    the shortest prefixes for its actions

They are optional: bench/requirements-compare.txt has them.
"""

import json
import sys
import warnings
from collections.abc import Callable, Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from bench import policies
from bench.report import MILLISECONDS, Row
from bench.workspace import run_child

PACKAGES = ("parliament", "policy_sentry")
NOT_INSTALLED = "Not compared: .venv/bin/python -m pip install -r bench/requirements-compare.txt installs the others."
ACCESS_LEVEL = "permissions-management"

Timed = dict[str, list[float]]


def versions() -> list[str]:
    """Both with their versions, or nothing unless both are installed."""
    try:
        return [f"{package} {version(package)}" for package in PACKAGES]
    except PackageNotFoundError:
        return []


def rows(command: str) -> list[Row]:
    """What they take, as rows to stand below ours; none where they are not installed."""
    found: dict[str, dict[str, Timed]] = run_child("bench.others", command) if versions() else {}
    return [
        Row(f"{program}, {size} actions of AWS", timed["seconds"], MILLISECONDS)
        for size in map(str, policies.SIZES)
        for program, sizes in found.items()
        for timed in [sizes[size]]
    ]


def check() -> dict[str, dict[int, Timed]]:
    from parliament import analyze_policy_string
    from policy_sentry.analysis.analyze import analyze_by_access_level

    def text(names: list[str]) -> str:
        return policies.text(names, version="2012-10-17", Resource="*")

    return {
        "parliament": _timed(analyze_policy_string, text),
        "policy_sentry": _timed(lambda policy: analyze_by_access_level(json.loads(policy), ACCESS_LEVEL), text),
    }


def compaction() -> dict[str, dict[int, Timed]]:
    from policy_sentry.querying.all import get_all_actions
    from policy_sentry.writing.minimize import minimize_statement_actions

    every = get_all_actions(lowercase=True)
    return {"policy_sentry": _timed(lambda names: minimize_statement_actions(names, every), list)}


def _timed(function: Callable[[Any], object], prepare: Callable[[list[str]], Any]) -> dict[int, Timed]:
    return {
        size: policies.timed(function, map(prepare, policies.choices(_services(), size, seed=size)))
        for size in policies.SIZES
    }


def _services() -> Iterable[list[str]]:
    """The actions of each service of AWS, as parliament has them."""
    from parliament import iam_definition

    for service in iam_definition:
        yield [f"{service['prefix']}:{privilege['privilege']}" for privilege in service["privileges"]]


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # theirs
    print(json.dumps({"check": check, "compaction": compaction}[sys.argv[1]]()))
