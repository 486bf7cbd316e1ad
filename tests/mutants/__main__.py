"""Runs the mutants, two at a time, and lists the survivors. `python -m tests.mutants --help` tells how.

A function is changed in a copy of a process that has collected all tests; a limit or a row in a process that reads the
changed module anew, as other constants may be made of it. A mutant is killed when a test fails. One that runs too long
is stopped, and listed with the survivors.
"""

import argparse
import ast
import gc
import importlib.abc
import importlib.machinery
import json
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import TypeVar

import django.test  # noqa: F401  loaded once, for all copies of this process
import hypothesis  # noqa: F401
import lxml.html  # noqa: F401
import playwright.sync_api  # noqa: F401
import pytest
import pytest_django.plugin  # noqa: F401
import xdist.plugin  # noqa: F401
import yaml  # noqa: F401

from . import changes, reach
from .changes import ROOT, Mutant

T = TypeVar("T")

LIMITS = "tests/test_limits.py"  # knows every limit, so it is asked first
TEXTS = "tests/test_readme.py"  # knows every text, and is asked last
LEFT_OUT = ("browser", "processes", "bench")
OPTIONS = ["-q", "-x", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
AT_ONCE = 2
SLOWEST = 60  # seconds, then a mutant is stopped
SAMPLE = 300
SOME = 20
SURVIVED, STOPPED = "survived", "ran too long"
BROKEN = 99  # the exit code of a run that could not be made


def main() -> int:
    parser = argparse.ArgumentParser(prog="mutants", description=__doc__)
    parser.add_argument("--seed", type=int, default=25, help="of the sample")
    parser.add_argument("--sample", type=int, default=SAMPLE, help="places in functions")
    parser.add_argument("--only", default="", help="part of a module's path")
    parser.add_argument("--kinds", default="limit,row,place")
    parser.add_argument("--record", type=Path, help="a directory that keeps which tests run what, for the next time")
    chosen = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ["HYPOTHESIS_PROFILE"] = "quick"
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutants-") as directory:
        tempfile.tempdir = directory
        reached = _record(chosen.record or Path(directory))
        print(f"{len(reached.seconds):,} tests, {time.monotonic() - started:.0f} s to see what they run", flush=True)
        survivors = _tried(chosen, reached, started)
    _list(survivors)
    return 0


def _mutants(chosen: argparse.Namespace) -> Iterator[tuple[str, list[Mutant]]]:
    kinds = {"limit": changes.limits, "row": changes.rows, "place": changes.places}
    for kind in chosen.kinds.split(","):
        found = [mutant for mutant in kinds[kind]() if chosen.only in mutant.module]
        if kind == "place":
            found = random.Random(chosen.seed).sample(found, min(chosen.sample, len(found)))
        yield kind, found


def _tried(chosen: argparse.Namespace, reached: reach.Reached, started: float) -> dict[Mutant, str]:
    survivors: dict[Mutant, str] = {}
    for kind, mutants in _mutants(chosen):
        if kind == "place":
            lived = _in_copies(mutants, reached)
        else:
            readers = _readers()
            runs = [(mutant, _cold(mutant, _choose(mutant, readers, reached))) for mutant in mutants]
            lived = _survivors(runs)
        counts = Counter(lived.values())
        share = f"of {len(mutants)}, {counts[SURVIVED]} {SURVIVED}, {counts[STOPPED]} {STOPPED}"
        print(f"{kind}s: {share}, after {time.monotonic() - started:.0f} s", flush=True)
        survivors |= lived
    return survivors


def _record(directory: Path) -> reach.Reached:
    """Runs all tests once, in two processes, unless the directory has their records."""
    directory.mkdir(parents=True, exist_ok=True)
    if files := sorted(directory.glob("*.json")):
        return reach.read(files)

    def run(part: int) -> Callable[[], int]:
        recorder = reach.Recorder(directory / f"{part}.json", part, AT_ONCE)
        return lambda: _pytest(_every_test(), [recorder])

    statuses = dict(_finished([(part, run(part)) for part in range(AT_ONCE)], limit=900))
    if any(statuses.values()):
        raise SystemExit("The tests fail without any change. Run `make test`.")
    return reach.read(sorted(directory.glob("*.json")))


def _every_test() -> list[str]:
    return ["tests", *(f"--ignore=tests/{name}" for name in LEFT_OUT)]


def _pytest(arguments: Sequence[str], plugins: Sequence[object] = ()) -> int:
    return int(pytest.main([*OPTIONS, *arguments], plugins=list(plugins)))


# Limits and rows: the changed module is read anew


def _cold(mutant: Mutant, tests: Sequence[str]) -> Callable[[], int]:
    def run() -> int:
        sys.meta_path.insert(0, _Changed(mutant))
        return next((status for part in _parts(tests) if (status := _pytest(part))), 0)

    return run


def _parts(tests: Sequence[str]) -> Iterator[Sequence[str]]:
    """The tests of the first file, some more, and the rest: most mutants are killed before all files are collected."""
    own = [test for test in tests if test.partition("::")[0] == tests[0].partition("::")[0]]
    others = [test for test in tests if test not in own]
    return filter(None, (own, others[:SOME], others[SOME:]))


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the changed source of one module."""

    def __init__(self, mutant: Mutant):
        self.mutant = mutant
        parts = ("policybuilder", *Path(mutant.module).with_suffix("").parts)
        self.name = ".".join(parts).removesuffix(".__init__")

    def find_spec(self, name: str, path: object = None, target: object = None) -> importlib.machinery.ModuleSpec | None:
        if name != self.name:
            return None
        spec = importlib.machinery.ModuleSpec(name, self, origin=str(self.mutant.path))
        spec.has_location = True
        if self.mutant.path.name == "__init__.py":
            spec.submodule_search_locations = [str(self.mutant.path.parent)]
        return spec

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.mutant.source, str(self.mutant.path), "exec"), module.__dict__)  # noqa: S102


def _readers() -> dict[str, set[reach.Function]]:
    """Name of a constant -> the functions that read it, or another constant that is made of it."""
    functions: dict[str, set[reach.Function]] = {}
    made_of: dict[str, set[str]] = {}
    for module, tree in changes.modules():
        for function, name in changes.functions(tree):
            for each in _names(function):
                functions.setdefault(_known_as(module, each), set()).add((module, name))
        for name, node in changes.constants(tree):
            for each in _names(node):
                made_of.setdefault(_known_as(module, each), set()).add(_known_as(module, name))
    for _ in range(4):
        for part, wholes in made_of.items():
            for whole in wholes - {part}:
                functions.setdefault(part, set()).update(functions.get(whole, ()))
    return functions


def _known_as(module: str, name: str) -> str:
    """The name of a constant; a private one with its module, since no other module reads it."""
    return f"{module} {name}" if name.startswith("_") else name


def _names(node: ast.AST) -> set[str]:
    found = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    return found | {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}


def _choose(mutant: Mutant, readers: dict[str, set[reach.Function]], reached: reach.Reached) -> list[str]:
    chosen = reached.chosen(mutant.module, sorted(readers.get(_known_as(mutant.module, mutant.subject), ())))
    return [LIMITS, *chosen] if mutant.kind == "limit" else [*chosen, TEXTS]


# Places in functions: changed in a process that has collected all tests


class _InCopies:
    """A plugin of pytest that runs no test itself, but lets copies of its process run those of each mutant."""

    def __init__(self, mutants: Sequence[Mutant], reached: reach.Reached, file: Path):
        self.mutants, self.reached, self.file = mutants, reached, file

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        runs = []
        for mutant in self.mutants:
            tests = self.reached.chosen(mutant.module, [(mutant.module, mutant.subject)])
            runs.append((mutant, self._run(session, mutant, [items[test] for test in tests if test in items])))
        lived = {self.mutants.index(mutant): how for mutant, how in _survivors(runs).items()}
        self.file.write_text(json.dumps(lived), encoding="utf-8")
        return True

    def _run(self, session: pytest.Session, mutant: Mutant, items: list[pytest.Item]) -> Callable[[], int]:
        def run() -> int:
            _replace_code(mutant)
            for index, item in enumerate(items):
                following = items[index + 1] if index + 1 < len(items) else None
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if session.testsfailed:
                    return 1
            return 0

        return run


def _replace_code(mutant: Mutant) -> None:
    file, name = str(mutant.path), mutant.subject
    gc.unfreeze()
    functions = (each for each in gc.get_objects() if type(each) is FunctionType)
    codes = _codes(compile(mutant.source, file, "exec"))
    found = [each for each in functions if (each.__code__.co_filename, each.__code__.co_qualname) == (file, name)]
    new = [code for code in codes if code.co_qualname == name]
    if len(found) != 1 or len(new) != 1:
        raise LookupError(f"{mutant}: {len(found)} functions, {len(new)} codes")
    found[0].__code__ = new[0]


def _codes(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _codes(each)


def _in_copies(mutants: Sequence[Mutant], reached: reach.Reached) -> dict[Mutant, str]:
    file = Path(tempfile.gettempdir()) / "survivors.json"
    plugin = _InCopies(mutants, reached, file)
    dict(_finished([(None, lambda: _pytest(_every_test(), [plugin]))], limit=3_600))
    return {mutants[int(at)]: how for at, how in json.loads(file.read_text(encoding="utf-8")).items()}


# Processes


def _survivors(runs: Sequence[tuple[Mutant, Callable[[], int]]]) -> dict[Mutant, str]:
    how = {0: SURVIVED, signal.SIGALRM: STOPPED}
    return {mutant: how[status] for mutant, status in _finished(runs, limit=SLOWEST) if status in how}


def _finished(runs: Sequence[tuple[T, Callable[[], int]]], limit: int) -> Iterator[tuple[T, int]]:
    """Runs each in a process of its own, AT_ONCE side by side -> its status; the clock's signal is one."""
    running: dict[int, T] = {}
    waiting = list(reversed(runs))
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            name, run = waiting.pop()
            running[_start(run, limit)] = name
        process, status = os.wait()
        if os.waitstatus_to_exitcode(status) == BROKEN:
            raise SystemExit(f"This could not be tried: {running[process]}")
        yield running.pop(process), status


def _start(run: Callable[[], int], limit: int) -> int:
    process = os.fork()
    if process:
        return process
    status = BROKEN
    try:
        signal.alarm(limit)
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        status = run()
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(status)


def _list(survivors: Mapping[Mutant, str]) -> None:
    for mutant, how in survivors.items():
        print(f"{mutant.kind} {how}: {mutant}")


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
