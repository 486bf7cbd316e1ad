"""Random policies, contexts and catalogues for the laws of evaluation. Policies are those of plain_evaluator."""

import random

from policybuilder.domain.access.conditions import Context
from policybuilder.domain.access.evaluation import GrantedPolicy, Project, Request, evaluate
from policybuilder.domain.catalog.entries import Support
from policybuilder.domain.jsontext.source import read
from tests.builders import catalog, operation, option, published
from tests.domain.policy_cases import policy

NAMES = [f"{s}:{r}:{v}" for s in ("ecs", "evs") for r in ("servers", "disks") for v in ("get", "list", "use")]
PATTERNS = [*NAMES, "ecs:*:get", "ecs:SERVERS:*", "*:disks:Use", "evs:*:*", "*:*:*", "ecs:servers:*t", "obs:a:get"]
WILDCARDS = ["ecs:*:get", "evs:servers:*"]  # that operations need
KEYS = {"g:UserName": ["anna", "ops-1", "ops-2"], "g:MFAPresent": ["true", "false"], "ecs:Tag": ["a", "b"]}
CONDITIONS = [
    {"StringMatch": {"g:UserName": ["ops-*"]}},
    {"StringNotEquals": {"g:username": ["anna", "ops-1"]}},
    {"Bool": {"g:MFAPresent": ["true"]}, "StringEqualsIfExists": {"ecs:Tag": ["a"]}},
    {"BoolIfExists": {"g:MFAPresent": ["false"]}},
    {"Null": {"ecs:Tag": ["false"]}},
    {"ForAllValues:StringEquals": {"ecs:Tag": ["a"]}, "StringStartWith": {"g:UserName": ["o"]}},
    {"ForAnyValue:StringNotEquals": {"ecs:Tag": ["a"]}},
]


def random_statement(chance):
    names = chance.sample(PATTERNS, chance.randint(1, 3))
    statement = {"Effect": chance.choice(["Allow", "Allow", "Deny"])}
    statement["NotAction" if chance.random() < 0.1 else "Action"] = names
    if chance.random() < 0.4:
        statement["Condition"] = chance.choice(CONDITIONS)
    if chance.random() < 0.08:
        statement["Resource"] = ["ecs:*:*:server:*"]
    return statement


def random_policies(chance, most=3):
    """Each as (where it is granted, statements)."""
    return [
        (chance.choice(list(Project)), [random_statement(chance) for _ in range(chance.randint(0, 3))])
        for _ in range(chance.randint(0, most))
    ]


def random_context(chance, given=0.7):
    return {
        key: chance.choices(values, k=chance.randint(0, 2)) for key, values in KEYS.items() if chance.random() < given
    }


def random_catalog(chance):
    rows = []
    for at in range(5):
        ways = [
            option(f"way-{way}", actions=chance.sample(NAMES, chance.randint(0, 1)), needs=chance.sample(NAMES, 2))
            for way in range(chance.randint(0, 2))
        ]
        actions = chance.sample(NAMES, chance.randint(0, 2))
        needs = chance.sample([*NAMES, *WILDCARDS * 2], chance.randint(0, 2))
        rows.append(
            operation(f"ecs/a/{at}", *actions, needs=needs, options=ways, enterprise=chance.choice(list(Support)))
        )
    told = [published(name, chance.choice(list(Support))) for name in NAMES if chance.random() < 0.5]
    known = {action.name for action in told}
    return catalog(*rows, actions=[*told, *(published(name) for name in NAMES if name not in known)])


def built(policies):
    return [granted(*statements, at=where) for where, statements in policies]


def lowered(context):
    return {key.lower(): values for key, values in context.items()}


def cases(seed, count):
    """Evaluated cases: (chance, catalogue, policies, context, target, project)."""
    chance = random.Random(seed)
    of = [random_catalog(chance) for _ in range(10)]
    for _ in range(count):
        catalog_ = chance.choice(of)
        target = chance.choice([*NAMES, *catalog_.operations])
        yield chance, catalog_, random_policies(chance), random_context(chance), target, chance.choice(list(Project))


def decide_all(catalog_, policies, targets, project, context):
    return evaluate(catalog_, policies, [Request(target, project, Context.of(context)) for target in targets])


def granted(*statements, at=Project.IAM):
    return GrantedPolicy.of("policy", read(policy(*statements)).root, at)
