"""Policies damaged at random, the same for the same seed: slips, broken pastes, and what somebody sends on purpose."""

# Characters that are easily confused are what this is about.
# ruff: noqa: RUF001

import json
from collections.abc import Callable, Iterator
from random import Random

from policybuilder.domain.jsontext.nodes import Array, Node, Object, String, walk
from policybuilder.domain.jsontext.source import read
from tests.domain.policy_cases import LIST, SYSTEM_POLICIES, allow, deny, policy, role

RICH = policy(
    allow(LIST, "ECS:servers:list", LIST, "ecs:cloudServers:put", Resource=["OBS:*:*:bucket:x"], Sid="x"),
    deny(
        "ecs:*:*",
        Condition={"Bool": {"g:MFAPresent": [True]}, "stringEquals": {"g:UserName": "anna"}, "IpAddress": {}},
    ),
    {"Effect": "allow", "NotAction": ["iam:*:*", "ecs:cloudServers:delete"], "Resource": {"uri": ["/iam/x"]}},
)
CONDITIONS = policy(
    allow("evs:*:list", "e*:*:get", Condition={"NumberLessThan": {"g:MFAAge": ["900"]}}, Resource=["OBS:eu-de:*:a:b"]),
    allow(LIST, Condition={"StringStartWith": {"g:UserName": ["a"]}, "ForAnyValue:Bool": {"g:MFAPresent": ["true"]}}),
    deny("iam:users:list", "ecs:servers:nothing*", Condition={"DateLessThan": {"g:CurrentTime": ["2026-01-31"]}}),
)
LONG = policy(allow(*(f"ecs:servers:list{at}" for at in range(230))), allow(*(f"vpc:x:y{at}" for at in range(60))))
# Those that most rules have something to say about are taken more often.
TEXTS = (
    *(policy(allow(*names)) for names in SYSTEM_POLICIES.values()),
    json.dumps(json.loads(policy(allow(*SYSTEM_POLICIES["ECS ReadOnlyAccess"]))), indent=4),
    LONG,
    json.dumps(json.loads(policy(allow(*SYSTEM_POLICIES["ECS FullAccess"]))), indent=110),
    *[RICH, CONDITIONS, json.dumps(json.loads(RICH), indent=4), role(level="xa", description=5)] * 4,
    *[f"[{role()}, {RICH}, {role(name='a b')}]", json.dumps({"roles": [json.loads(role(level="AX"))]}, indent=1)] * 2,
)
MARKUP = ('<script>alert(1)</script>"', "<img src=x onerror=alert(1)>", "{{ 7*7 }}{% debug %}", "</textarea>&lt;'")
SNIPPETS = (
    *('{}[]",:\\' + "'/#“”’«＂：，｛\xa0\ufeff"),
    *("\x00", "\x07", "\x1b[0m", "\ud800", "\\ud800", "\\u0000", "\\u202e", "\u202e", "\u2028", "\r", "\n", "\t"),
    *("NaN", "-Infinity", "1e999", "9" * 400, "-0.0", "True", "None", "undefined", "[" * 40, '{"a":' * 40, "```json\n"),
    *("Version", "Effect", "Action", "NotAction", "Allow", "deny", LIST, "ECS:servers:list", "*:*:*", "*", "1.1", ""),
    *(' "ecs:cloudServers:put", ', '"Sid": "x",', '"Effect": "Deny", ', '"depends": [],', "// why\n", "/* why */"),
    *("x" * 1_100, "ecs:" + "*" * 130, "ä", "\U0001f600", *MARKUP),
)
VALUES = (
    *("null", "true", "0", "1.50", '""', "[]", "{}", '"Allow"', '["ecs:*:*"]', '[["a:b:c"]]', '{"uri": []}', "[null]"),
    *('"1.1"', '" xa "', '" ecs:servers:list"', '"*:*:*"', '"ecs:servers:lst"', '"ecs:*:nothing*"', '"evs:x:y"'),
    *('{"Bool": {"g:mfaage": [5]}}', '{"boolIfExists": {"g:X": "1"}}', '["OBS", "a::b:c:d", "a b", ""]', "[" * 33),
    *("1e400", "9" * 200, "NaN", f'"{"n" * 70}"', f'"{"d" * 300}"', f'"ecs:{"s" * 140}:list"', "'a'", "“Deny”"),
    *(json.dumps(markup) for markup in MARKUP),
)

MEMBERS = (
    *('"depends": []', '"Sid": "x"', '"Effect": "Deny"', '"effect": "Allow"', '"Action": ["ecs:*:*"]'),
    *('"Version": "1.1"', '"version": 1.1', '"Statement": []', '"statement": {}', '"Principal": "*"', '"": null'),
    *('"NotAction": []', '"Resource": []'),
    *('"Resource": ["OBS:eu de:*:a:b", "x:e\u00e4:*:a", "OBS:*:*:\u00fc:x\\u0007"]', '"display_name": "a\\u0007"'),
    *('"Condition": {"Bool": {"g:UserName": ["\\u0007"]}}', '"Display_Name": "x"', '"type": "AX"', '"Type": "xa"'),
    *('"Condition": {}', '"policy": {"Version": "1.1", "Statement": []}', '"role": {}', '"roles": []', '"a.b[0]": 1'),
    *(f'"description": "{"d" * 257}"', f'"{"k" * 500}": 1', f'"Resource": ["OBS:*:*:a:{"b" * 1_500}"]'),
)

Mutation = Callable[[Random, str], str]


def documents(seed: int, number: int) -> Iterator[str]:
    """`number` texts, each a policy with one to three mutations, the later ones of what the earlier ones left."""
    random = Random(seed)
    for _ in range(number):
        text = random.choice(TEXTS)
        for _ in range(random.randint(1, 3)):
            text = random.choice(MUTATIONS)(random, text)
        yield text


def delete(random: Random, text: str) -> str:
    at = random.randint(0, len(text))
    return text[:at] + text[at + random.choice((1, 1, 1, 2, 12)) :]


def double(random: Random, text: str) -> str:
    at = random.randint(0, len(text))
    end = at + random.choice((1, 1, 2, 30))
    return text[:end] + text[at:]


def swap(random: Random, text: str) -> str:
    at = random.randint(0, len(text))
    return text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]


def insert(random: Random, text: str) -> str:
    at = random.randint(0, len(text))
    return text[:at] + random.choice(SNIPPETS) + text[at:]


def truncate(random: Random, text: str) -> str:
    return text[: random.randint(0, len(text))]


def retype(random: Random, text: str) -> str:
    """Another value in place of one."""
    node = _any_node(random, text)
    return text if node is None else text[: node.start] + random.choice(VALUES) + text[node.end :]


def restyle(random: Random, text: str) -> str:
    """Other quotes around every text, as word processors and other languages have them."""
    opening, closing = random.choice(("“”", "„“", "''", "«»", "＂＂"))
    parts = text.split('"')
    return "".join(part + (closing if at % 2 else opening) for at, part in enumerate(parts[:-1])) + parts[-1]


def mark_up(random: Random, text: str) -> str:
    """Markup in one of the texts, or in a key."""
    node = _any_node(random, text, String, keys=True)
    return text if node is None else text[: node.start + 1] + random.choice(MARKUP[1:]) + text[node.end - 1 :]


def recase(random: Random, text: str) -> str:
    node = _any_node(random, text, String, keys=True)
    return text if node is None else text[: node.start] + text[node.start : node.end].swapcase() + text[node.end :]


def repeat(random: Random, text: str) -> str:
    """A statement, an action or another item twice, or a key with its value."""
    owner = _any_node(random, text, Array, Object)
    spans = []
    if isinstance(owner, Array):
        spans = [(item.start, item.end) for item in owner.items]
    elif isinstance(owner, Object):
        spans = [(each.key.start, each.value.end) for each in owner.members]
    if not spans:
        return text
    start, end = random.choice(spans)
    return text[:end] + ", " + text[start:end] + text[end:]


def add_member(random: Random, text: str) -> str:
    """One more key in some object, in front of the others."""
    node = _any_node(random, text, Object)
    if not isinstance(node, Object):
        return text
    comma = ", " if node.members else ""
    return text[: node.start + 1] + random.choice(MEMBERS) + comma + text[node.start + 1 :]


def surround(random: Random, text: str) -> str:
    before, after = random.choice(
        (("\ufeff", ""), ("```json\n", "\n```"), ("[", "]"), ('{"role":', "}"), ("x = ", ";"))
    )
    return before + text + after


# Those that leave JSON of it are more frequent: rules see nothing of the others.
MUTATIONS: tuple[Mutation, ...] = (
    *(delete, double, swap, insert, truncate, surround, restyle, insert),
    *(retype, mark_up, recase, repeat, add_member) * 3,
)


def _any_node(random: Random, text: str, *kinds: type, keys: bool = False) -> Node | None:
    """A node of these kinds (of any, if none is named), or None where there is none."""
    root = read(text).root
    nodes = [] if root is None else list(walk(root))
    if keys:
        nodes += [each.key for node in nodes if isinstance(node, Object) for each in node.members]
    fitting = [node for node in nodes if not kinds or isinstance(node, kinds)]
    return random.choice(fitting) if fitting else None
