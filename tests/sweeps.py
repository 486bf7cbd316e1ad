"""Many cases in one test: pytest makes thousands of tests slowly, and set-up is done once."""

import inspect
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

import pytest


def sweep(names: str | tuple[str, ...], cases: Iterable[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """`pytest.mark.parametrize` in one test, which tries every case and then lists each that fails.

    The cases share the fixtures: a test that changes one of them needs `parametrize`.
    """
    arguments = names.split(", ") if isinstance(names, str) else names
    rows = [(case,) if len(arguments) == 1 else tuple(case) for case in cases]
    assert rows

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        @wraps(test)
        def every_case(**fixtures: Any) -> None:
            faults = {}
            for number, row in enumerate(rows):
                try:
                    test(**fixtures, **dict(zip(arguments, row, strict=True)))
                except (Exception, pytest.fail.Exception) as fault:
                    faults[number] = fault
            if faults:
                lines = [f"{rows[number]!r:.300}: {type(fault).__name__}: {fault}" for number, fault in faults.items()]
                message = "\n".join([f"{len(faults)} of {len(rows)} cases fail:", *lines])
                raise AssertionError(message.replace("\n", "\n  ")) from next(iter(faults.values()))

        signature = inspect.signature(test)
        fixtures = [each for name, each in signature.parameters.items() if name not in arguments]
        assert len(signature.parameters) - len(fixtures) == len(arguments)
        every_case.__signature__ = signature.replace(parameters=fixtures)  # type: ignore[attr-defined]
        return every_case

    return decorate
