"""Results that are kept for the next time, bounded by how much they weigh and not by how many there are.

`functools.lru_cache` counts entries: what somebody sends decides how large each is, and so how much memory goes.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
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

        return remembering

    return decorate
