"""Which tests run which functions of the program, found by running every test once."""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import CodeType

import pytest

from .changes import PRODUCT

Function = tuple[str, str]  # module, qualified name
LONGEST = 20.0  # seconds of tests for one mutant, by their time in this run


@dataclass(frozen=True)
class Reached:
    """Seconds of each test by its id, and the ids of the tests that run each function."""

    seconds: Mapping[str, float]
    tests: Mapping[Function, Sequence[str]]

    def chosen(self, module: str, functions: Sequence[Function]) -> list[str]:
        """The tests for a change of a module that shows in these functions, the most telling first: those of the test
        file of the same name, then of the same folder, then those that run the fewest functions."""
        breadth: dict[str, int] = defaultdict(int)
        for tests in self.tests.values():
            for test in tests:
                breadth[test] += 1
        reaching = {test for function in functions for test in self.tests.get(function, ())}
        reaching |= {test for test in self.seconds if not _distance(module, test)}
        ordered = sorted(reaching, key=lambda test: (_distance(module, test), breadth[test], test))
        return list(_within(LONGEST, ordered, self.seconds))


def _distance(module: str, test: str) -> int:
    """0: the test file of this module; 1: a file of the same folder; 2: another."""
    file, path = PurePosixPath(test.partition("::")[0]), PurePosixPath("tests") / module
    if file.parent != path.parent:
        return 2
    return 0 if file.stem.startswith(f"test_{path.stem}") else 1


def _within(most: float, tests: Sequence[str], seconds: Mapping[str, float]) -> Iterator[str]:
    for test in tests:
        most -= seconds[test] + 0.002
        if most < 0:
            return
        yield test


class Recorder:
    """A plugin of pytest that writes down which functions each test runs."""

    def __init__(self, file: Path, part: int, parts: int):
        self.file, self.part, self.parts = file, part, parts
        self.found: dict[str, tuple[float, list[Function]]] = {}
        self.now: set[Function] = set()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        files = sorted({item.path for item in items})
        mine = set(files[self.part :: self.parts])
        items[:] = [item for item in items if item.path in mine]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.now = set()
        sys.monitoring.restart_events()
        start = time.perf_counter()
        result = yield
        self.found[item.nodeid] = (time.perf_counter() - start, sorted(self.now))
        return result

    def pytest_sessionstart(self) -> None:
        monitoring = sys.monitoring
        monitoring.use_tool_id(monitoring.COVERAGE_ID, "mutants")
        monitoring.register_callback(monitoring.COVERAGE_ID, monitoring.events.PY_START, self._started)
        monitoring.set_events(monitoring.COVERAGE_ID, monitoring.events.PY_START)

    def pytest_sessionfinish(self) -> None:
        self.file.write_text(json.dumps(self.found), encoding="utf-8")

    def _started(self, code: CodeType, offset: int) -> object:
        if code.co_filename.startswith(str(PRODUCT)):
            name = code.co_qualname.partition(".<locals>")[0]
            self.now.add((Path(code.co_filename).relative_to(PRODUCT).as_posix(), name))
        return sys.monitoring.DISABLE


def read(files: Sequence[Path]) -> Reached:
    seconds: dict[str, float] = {}
    tests: dict[Function, list[str]] = defaultdict(list)
    for file in files:
        for test, (took, functions) in json.loads(file.read_text(encoding="utf-8")).items():
            seconds[test] = took
            for module, name in functions:
                tests[module, name].append(test)
    return Reached(seconds, tests)
