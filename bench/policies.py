"""The policies that are checked and compacted: their actions come by whole categories, as people choose them."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import Any

from policybuilder.domain.policy.document import MAX_ACTIONS

SIZES = (10, 100, 800)  # actions; of 800, a policy has IAM's eight statements of a hundred
COUNT = 35  # policies of each size, all different
WARM_UP = 5  # those of them that are not counted
DENIES, CONDITIONS = 0.05, 0.2  # shares of the statements of a group


def choices(groups: Iterable[Iterable[str]], size: int, seed: int) -> list[list[str]]:
    """COUNT lists of `size` different actions: groups in some order, the last one cut. Empty if there are too few."""
    random = Random(seed)
    left = [list(group) for group in groups]
    if len({name for group in left for name in group}) < size:
        return []
    chosen = []
    for _ in range(COUNT):
        random.shuffle(left)
        names = dict.fromkeys(name for group in left for name in group)
        chosen.append(list(names)[:size])
    return chosen


def document(names: list[str], version: str = "1.1", **more: Any) -> dict[str, Any]:
    """The policy that allows them, in statements as large as IAM takes them; `more` stands in each."""
    parts = [names[at : at + MAX_ACTIONS] for at in range(0, len(names), MAX_ACTIONS)]
    return {"Version": version, "Statement": [{"Effect": "Allow", "Action": part, **more} for part in parts]}


def text(names: list[str], **more: Any) -> str:
    return json.dumps(document(names, **more), separators=(",", ":"))


def groups(names: list[str], count: int) -> Iterator[list[dict[str, Any]]]:
    """The documents of `count` user groups: twenty policies of eight statements each, over the actions `names`."""
    random = Random(count)
    condition = {"StringEquals": {"g:UserName": ["anna"]}}

    def statement() -> dict[str, Any]:
        effect = "Deny" if random.random() < DENIES else "Allow"
        more = {"Condition": condition} if random.random() < CONDITIONS else {}
        return {"Effect": effect, "Action": random.sample(names, 10), **more}

    for _ in range(count):
        yield [{"Version": "1.1", "Statement": [statement() for _ in range(8)]} for _ in range(20)]


def timed(
    function: Callable[[Any], object], arguments: Iterable[Any], warm_up: int = WARM_UP
) -> dict[str, list[float]]:
    """Seconds of each call, and for how long it kept a processor busy; without the first `warm_up`."""
    seconds, processor = [], []
    for argument in arguments:
        started, busy = time.perf_counter(), time.process_time()
        function(argument)
        seconds.append(time.perf_counter() - started)
        processor.append(time.process_time() - busy)
    return {"seconds": seconds[warm_up:], "processor": processor[warm_up:]}
