"""Hostile drafts: as large as a link or a form holds, and as costly as they can be."""

import json
from collections.abc import Iterator
from itertools import cycle, islice
from random import Random

from bench import hostile
from policybuilder.domain.building.bounds import MOST_ACTIONS, MOST_CONDITIONS, MOST_WILDCARDS
from policybuilder.domain.catalog.catalog import Catalog


def drafts(catalog: Catalog) -> dict[str, list[str]]:
    """Name of the attack -> lines of its link, in the first format. Many drafts are larger than a link."""
    known, operations = sorted(catalog.action_index.actions), sorted(catalog.operations)
    stars = [f"a{name}" for name in star_names(2_000)]
    values = [f"{'a*' * 400}{at}" for at in range(12)]
    conditions = [
        "c" + json.dumps(["StringMatch", "g:UserName", *values], separators=(",", ":")).replace("UserName", f"U{at}")
        for at in range(100)
    ]
    wild = hostile.numbered("e*:*{0}*:*", 6_000)
    most = range(MOST_ACTIONS)
    return {
        "as many wildcards as are taken": stars[:MOST_WILDCARDS],
        "as many that match much": [f"a{name}" for name in much(MOST_WILDCARDS)],
        "the same under everything": [
            *(f"o{id_}" for id_ in operations),
            *(f"a{name}" for name in much(MOST_WILDCARDS)),
        ],
        "the same in 20 statements": [
            line
            for at in range(20)
            for line in (*(["s"] if at else []), *(["e"] if at % 2 else []), *stars[at * 5 : at * 5 + 5])
        ],
        "as many actions as are taken": [f"aecs:servers{at:x}:list" for at in most],
        "as many of unknown services": [f"as{at:x}:servers:list" for at in most],
        "as many, nearly known": [f"a{name}x{at:x}" for at, name in zip(most, cycle(known), strict=False)],
        "as many in 20 statements": [
            line
            for at in range(20)
            for line in (*(["s"] if at else []), *(f"aecs:servers{at:x}{number:x}:list" for number in range(40)))
        ],
        "1,990 wildcards": [f"aecs:*{at:x}*:*e*{at:x}" for at in range(1_990)],
        "wildcards of many stars": stars,
        "wildcards in every service": [f"a*{at % 7}*:s*{at:x}*:*" for at in range(1_990)],
        "wildcards that match much": [f"a{name}" for name in much(1_990)],
        "unknown actions": [f"aecs:servers{at:x}:list" for at in range(1_990)],
        "unknown services": [f"as{at:x}:servers:list" for at in range(1_990)],
        "known and wildcards": [*(f"o{id_}" for id_ in operations), *(f"aecs:*{at:x}*:*" for at in range(1_000))],
        "20 statements of wildcards": [
            line
            for at in range(20)
            for line in (*(["s"] if at else []), *(["e"] if at % 2 else []), *_some(stars, at, 99))
        ],
        "20 statements of everything": [
            line for at in range(20) for line in (*(["s"] if at else []), "d", *(f"o{id_}" for id_ in operations))
        ],
        "conditions": conditions,
        "resources": [f'r"ECS:*:*:instance:{"x*" * 200}{at}"' for at in range(300)],
        "kept statements": [
            line
            for at in range(20)
            for line in (
                *(["s"] if at else []),
                "k" + json.dumps({"Effect": "Allow", "NotAction": wild[at:]}, separators=(",", ":")),
            )
        ],
        "everything and left out": [*(f"o{id_}" for id_ in operations), *(f"w{name}" for name in known)],
        "a name of 200,000 characters": ["n" + "x" * 199_000],
        "a rest that is deep": ["x" + '{"a":' * 30_000],
        "conditions on much": _under_conditions(20, 44, ["*:*:*", "*:*:*e*", "*:*e*:*", "*:*s*:*", "*:*:*t*"]),
        "few conditions on much": _under_conditions(20, 5, ["*:*:*", "*:*:*e*", "*:*e*:*", "*:*s*:*", "*:*:*t*"]),
        "conditions to be escaped": _under_conditions(20, 4, ["*:*:*"], value='"' * 200),
        "resources on much": [
            line
            for at in range(20)
            for line in (*(["s"] if at else []), "a*:*:*", *(f'r"ECS:*:*:instance:{number}"' for number in range(50)))
        ],
        "conditions on everything": [
            *(f"o{id_}" for id_ in operations),
            *(_condition(at, "a*" * 20) for at in range(MOST_CONDITIONS)),
        ],
        "a kept text that is long": ["k" + json.dumps({"Effect": "Allow", "Action": ["x" * 31_000]})],
    }


def half(lines: list[str]) -> list[str]:
    """A draft of half the size."""
    return lines[: len(lines) // 2] if len(lines) > 1 else [line[: len(line) // 2] for line in lines]


def _under_conditions(statements: int, number: int, names: list[str], value: str = "a*") -> list[str]:
    """Statements of the same actions, each under `number` conditions of its own keys."""

    def lines() -> Iterator[str]:
        for at in range(statements):
            yield from ["s"] if at else []
            yield from (f"a{name}" for name in names)
            yield from (_condition(each, value) for each in range(number))

    return list(lines())


def _condition(at: int, value: str) -> str:
    return "c" + json.dumps(["StringMatch", f"g:U{at}", value], separators=(",", ":"))


def star_names(number: int) -> list[str]:
    return list(islice((f"*:{'s*' * (at % 20)}{at:x}*:*{'e*' * (at // 60 % 20)}" for at in range(number)), number))


def much(number: int) -> list[str]:
    """Different wildcards that each match many actions."""
    random = Random(1)
    found: dict[str, None] = {}
    letters = "aeioustrlncp"
    while len(found) < number:
        parts = ("".join(f"*{random.choice(letters)}" for _ in range(random.randint(0, 2))) + "*" for _ in range(2))
        found[f"*:{':'.join(parts)}"] = None
    return list(found)


def _some(lines: list[str], at: int, number: int) -> list[str]:
    return lines[at * number : (at + 1) * number] or lines[:number]
