"""Texts that nobody writes who wants a policy: as large as IAM takes them or larger, and as costly as they can be."""

import json
from collections.abc import Iterable, Iterator
from itertools import count, cycle, islice
from typing import Any

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.jsontext.source import MAX_BYTES

MEGABYTE = 1_000_000
MOST = MAX_BYTES - 200  # of what stands in a policy


def texts(catalog: Catalog) -> dict[str, str]:
    """What is hostile about it -> the text. The actions are those of `catalog`, or look like them."""
    return _policies(sorted(catalog.actions)) | _odd_values() | _broken_texts() | _wrapped_texts()


def _policies(known: list[str]) -> dict[str, str]:
    """Policies that can be read, and take long to look at. `known` are actions."""
    long = "x" * MOST
    return {
        "a text of a megabyte": policy(allow("x" * MEGABYTE)),
        "an action of 32 KB": policy(allow(long)),
        "an action of 32 KB of stars": policy(allow(f"ecs:*:{'*' * (MOST - 6)}")),
        "a key of 32 KB": policy({long: 1}),
        "a value of 32 KB": policy(allow("a:b:c", Condition={"StringEquals": {"g:UserName": [long[:-100]]}})),
        "1,000 statements": policy(*[allow()] * 1_000),
        "600 statements of one wildcard": policy(*[{"Effect": "Deny", "Action": ["*:*:*"]}] * 600),
        "150 statements of actions and a Deny": policy(deny("ecs:*:x*", "*:*y:*"), *_statements(known, 150)),
        "32 KB of known actions": policy(allow(*fitting(cycle(known)))),
        "32 KB of nearly known actions": policy(allow(*fitting(cycle(f"{name[:-1]}x" for name in known)))),
        "32 KB of unknown services": policy(allow(*numbered("s{}:b:c"))),
        "32 KB of wildcards": policy(allow(*numbered("ecs:*{0}*:*e*{0}"))),
        "32 KB of wildcards in the service": policy(allow(*numbered("e*{0}:*s:l*"))),
        "32 KB of wildcards that match much": policy(allow(*fitting(map(_stars, count())))),
        "wildcards and a Deny of the same": policy(
            allow(*numbered("e*:*{0}*:*", MOST // 2)), deny(*numbered("e*:*{0}*:*", MOST // 2))
        ),
        "wildcards and actions that are nearly known": policy(
            allow(*numbered("ecs:*{0}*:*e*{0}", MOST // 2)),
            allow(*fitting((f"{name[:-1]}x" for name in cycle(known)), MOST // 2)),
        ),
        "50 policies": "[" + ",".join([policy(allow(*islice(cycle(known), 15)))] * 50) + "]",
        "10,000 policies": "[" + ",".join(["{}"] * 10_000) + "]",
    }


def _odd_values() -> dict[str, str]:
    return {
        "32 KB of operators": policy(allow(Condition=dict.fromkeys(numbered("StringEqual{}", MOST - 6000), 1))),
        "32 KB of nearly known keys": policy(
            allow(Condition={"Bool": {key: ["ture"] for key in numbered("g:MFAPresnt{}", MOST // 2)}})
        ),
        "32 KB of values that are no Booleans": policy(
            allow(Condition={"Bool": {"g:MFAPresent": numbered("{}tru", MOST - 100)}})
        ),
        "32 KB of one key": policy("@").replace('"@"', "{" + ",".join(['"Effect":1'] * 2_900) + "}"),
        "32 KB of lists": policy("@").replace('"@"', ",".join(["[]"] * 9_900)),
        "NaN": policy("@").replace('"@"', "NaN"),
        "a huge exponent": policy("@").replace('"@"', "1e999999"),
        "a number of 32 KB": policy("@").replace('"@"', "9" * MOST),
        "half a character": policy(allow("@")).replace("@", "\ud800"),
        "half a character, escaped": policy(allow("\udfff")),
        "a control character": policy(allow("@")).replace("@", "\0"),
    }


def _broken_texts() -> dict[str, str]:
    return {
        "brackets 100,000 deep": "[" * 100_000,
        "brackets as deep as 32 KB": "[" * MAX_BYTES,
        "objects as deep as 32 KB": '{"a":' * (MAX_BYTES // 5),
        "32 KB of control characters": "\a" * MAX_BYTES,
        "32 KB of quotes": '"' * MAX_BYTES,
        "32 KB of typographic quotes": "“" * (MAX_BYTES // 3),
        "32 KB of typographic texts": "[" + ",".join(["“a”"] * 4_000) + "]",
        "32 KB of single quotes": "[" + ",".join(["'\"'"] * 8_000) + "]",
        "32 KB of backslashes": '["' + "\\" * MOST + '"]',
        "32 KB of commas": "[" + "," * MOST + "]",
        "32 KB of missing commas": "[" + '"a"\n' * 8_000 + "]",
        "32 KB of comments": "/**/" * 8_000 + "[]",
        "32 KB of open comments": "[" + "/*" * 16_000,
        "32 KB of code fences": "```\n" * 8_000,
        "32 KB of invisible space": "[" + "\u200b " * 8_000 + "]",
        "32 KB of lines": "\n" * MOST + "[",
    }


def _wrapped_texts() -> dict[str, str]:
    """What looks as if a policy were in it, and takes long to find that there is none, or where it ends."""
    inside = policy(allow("ecs:servers:list"))
    return {
        "32 KB of mail quotes": "> {\n" * 8_000,
        "32 KB of entities": "{" + "&quot;" * 5_000,
        "32 KB of brackets in prose": "a [b] {c} " * 3_000 + inside,
        "32 KB of names in prose": "ecs:servers:list " * 1_800 + inside,
        "32 KB of plus in Terraform": f"policy = jsonencode({inside} " + "+ 1 " * 8_000 + ")",
        "32 KB of blocks in Terraform": 'resource "a_identity_role" "b" { statement { } }\n' * 660,
        "32 KB of heredocs": "policy = <<EOF\n{\nEOF\n" * 1_400,
        "32 KB of quotes for a shell": "curl -d " + "'\\''" * 8_000,
        "32 KB of escapes": '"' + '{\\"a\\":' * 3_500,
        "8 levels of strings": _nested_in_strings(inside, 8),
        "policies in a row": '{"Version":"1.1"}' * 1_900,
        "32 KB of actions in a text": policy(allow("ecs:servers:list " * 1_800)),
    }


def _nested_in_strings(text: str, levels: int) -> str:
    """Each level nearly doubles the backslashes: as many as fit."""
    for _ in range(levels):
        longer = json.dumps(text)
        text = longer if len(longer) < MAX_BYTES else text
    return text


def policy(*statements: Any) -> str:
    return json.dumps({"Version": "1.1", "Statement": statements}, separators=(",", ":"))


def allow(*actions: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, **more}


def deny(*actions: str) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": actions}


def numbered(pattern: str, most: int = MOST) -> list[str]:
    return fitting((pattern.format(f"{at:x}") for at in count()), most)


def fitting(names: Iterable[str], most: int = MOST) -> list[str]:
    """As many of the names as fit into `most` characters of a list."""

    def found() -> Iterator[str]:
        left = most
        for name in names:
            left -= len(name) + 3
            if left < 0:
                return
            yield name

    return list(found())


def _statements(names: list[str], number: int) -> Iterator[dict[str, Any]]:
    left = cycle(names)
    return (allow(*islice(left, 5)) for _ in range(number))


def _stars(at: int) -> str:
    """Wildcards that take long to compare, all different."""
    return f"*:{'s*' * (at % 20)}*:*{'e*' * (at // 20)}"
