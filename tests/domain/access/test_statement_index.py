import random

import pytest

from policybuilder.domain.access.statement_index import StatementIndex
from policybuilder.domain.catalog.action_names import ActionNameError
from policybuilder.domain.policy.document import Effect, Statement
from tests.domain.plain_evaluator import stands_for

STATEMENTS = [
    Statement(Effect.ALLOW, ("ecs:servers:get", "ecs:servers:get*")),
    Statement(Effect.DENY, ("ecs:*:GET",)),
    Statement(Effect.ALLOW, ("*:servers:*",)),
    Statement(Effect.ALLOW, (), not_actions=("ecs:Servers:get", "evs:*:*")),
    Statement(Effect.DENY, (), not_actions=("ecs:disks:*",)),
]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ecs:servers:get", [0, 1, 2, 4]),
        ("ecs:SERVERS:getTags", [0, 2, 3, 4]),
        ("ecs:disks:get", [1, 3]),
        ("evs:volumes:get", [4]),
        ("ECS:servers:get", None),
        ("ecs:servers:*", [1, 2, 4]),  # an Allow has to cover all of it, a Deny any of it
        ("ecs:servers:get*", [0, 1, 2, 4]),
        ("ecs:disks:*", [1, 3]),
        ("vpc:*:*", [3, 4]),
        ("servers", None),
    ],
)
def test_statements_that_speak_of_a_name(name, expected):
    index = StatementIndex(STATEMENTS)

    if expected is None:
        with pytest.raises(ActionNameError):
            index.concerned(name)
    else:
        assert index.concerned(name) == expected


def test_index_agrees_with_asking_each_statement():
    chance = random.Random(7)
    patterns = [
        f"{service}:{resource}:{verb}"
        for service in ("ecs", "evs", "e*", "*")
        for resource in ("servers", "Servers*", "*s", "*")
        for verb in ("get", "GET*", "*t", "*")
    ]
    names = [
        f"{s}:{r}:{v}" for s in ("ecs", "evs", "vpc") for r in ("servers", "serversX", "disk") for v in ("get", "set")
    ]
    for _ in range(300):
        chosen = [tuple(chance.sample(patterns, chance.randint(1, 3))) for _ in range(6)]
        excepting = [chance.random() < 0.3 for _ in chosen]
        index = StatementIndex(
            [
                Statement(Effect.ALLOW, () if but else listed, not_actions=listed if but else ())
                for listed, but in zip(chosen, excepting, strict=True)
            ]
        )
        for name in names:
            assert index.concerned(name) == [
                number
                for number, (listed, but) in enumerate(zip(chosen, excepting, strict=True))
                if any(stands_for(pattern, name) for pattern in listed) != but
            ]
