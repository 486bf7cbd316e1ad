"""Results that are kept for the next request, in whatever thread it runs.

`remembered` bounds what it keeps by weight. `functools.lru_cache` counts entries, and the sender decides how large each
is. `built_once` keeps one large result, and builds it in one thread.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from threading import Lock
from typing import ParamSpec, TypeVar


class _Key(tuple[Hashable, ...]):
    """Arguments, of which the hash is made once: of a draft it takes as long as what is looked for may."""

    def __init__(self, parts: tuple[Hashable, ...]):
        self._hash = hash(parts)

    def __hash__(self) -> int:
        return self._hash


P = ParamSpec("P")
R = TypeVar("R")


def remembered(most: int, weigh: Callable[..., int]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep the latest results of a function of hashable arguments, as long as they weigh no more than `most` together.

    `weigh(result, *arguments)` says what one weighs. Of more than a quarter of `most`, it is not kept.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        kept: OrderedDict[Hashable, tuple[R, int]] = OrderedDict()
        lock = Lock()
        total = 0

        def clear() -> None:
            nonlocal total
            with lock:
                kept.clear()
                total = 0

        @wraps(function)
        def remembering(*args: P.args, **kwargs: P.kwargs) -> R:
            nonlocal total
            key = _Key((args, *sorted(kwargs.items())))
            with lock:
                if found := kept.get(key):
                    kept.move_to_end(key)
                    return found[0]
            result = function(*args, **kwargs)
            weight = weigh(result, *args, **kwargs)
            with lock:
                if weight <= most // 4 and key not in kept:
                    kept[key] = result, weight
                    total += weight
                    while total > most:
                        _, (_, lightened) = kept.popitem(last=False)
                        total -= lightened
            return result

        remembering.cache_clear = clear  # type: ignore[attr-defined]  # as `lru_cache` calls it
        return remembering

    return decorate


def built_once(function: Callable[P, R]) -> Callable[P, R]:
    """Keep the latest result of `function`. While one thread builds it, the others wait for that result.

    For results that are large and slow to build, such as the index of the search. With `lru_cache` alone, every one of
    the first requests after a start builds its own. A function with this decorator may call others, but never itself:
    then no thread waits for itself, and no two wait for each other.
    """
    kept = lru_cache(maxsize=1)(function)
    lock = Lock()

    @wraps(function)
    def built(*args: P.args, **kwargs: P.kwargs) -> R:
        with lock:
            return kept(*args, **kwargs)  # type: ignore[arg-type]  # hashable ones, as `lru_cache` wants

    built.cache_clear = kept.cache_clear  # type: ignore[attr-defined]
    return built
