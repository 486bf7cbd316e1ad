"""Which tests run which functions of the program, found by running every test once."""

import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
        """The tests for a change of a module that shows in these functions, for LONGEST seconds.

        The tests in the module's own test file come first, then the tests in its folder, then all others. In the folder
        and among the others, one case of every test function comes before a second one, quick cases first.
        """
        reaching = {test for function in functions for test in self.tests.get(function, ())}
        own = {test for test in self.seconds if _is_of(module, test)}
        folder = str(PurePosixPath("tests") / module).rpartition("/")[0]
        near = {test for test in reaching - own if test.startswith(folder)}
        ordered = [*sorted(own), *self._in_turns(near), *self._in_turns(reaching - own - near)]
        return list(_within(LONGEST, ordered, self.seconds))

    def _in_turns(self, tests: Iterable[str]) -> list[str]:
        cases: Counter[str] = Counter()
        turns = []
        for test in sorted(tests, key=lambda test: self.seconds[test]):
            function = test.partition("[")[0]
            cases[function] += 1
            turns.append((cases[function], test))
        return [test for _, test in sorted(turns)]


def _is_of(module: str, test: str) -> bool:
    """Whether the file of the test is that of the module: own_limits.py has test_own_limits.py and the like."""
    file, path = PurePosixPath(test.partition("::")[0]), PurePosixPath("tests") / module
    return file.parent == path.parent and file.stem.startswith(f"test_{path.stem}")


def _within(most: float, tests: Sequence[str], seconds: Mapping[str, float]) -> Iterator[str]:
    for test in tests:
        most -= seconds[test] + 0.002
        if most > 0:
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
