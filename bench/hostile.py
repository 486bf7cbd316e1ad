"""Hostile texts: as large as IAM takes them or larger, and as costly as they can be."""

import json
from collections.abc import Iterable, Iterator
from itertools import count, cycle, islice
from typing import Any

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.jsontext.source import MAX_BYTES

MOST = MAX_BYTES - 200  # bytes of names and values in a policy


def texts(catalog: Catalog, most: int = MOST) -> dict[str, str]:
    """Name of the attack -> text of about `most` bytes, unless the name gives its size.

    The texts name actions of `catalog` and names like them.
    """
    return (
        _policies(sorted(catalog.action_index.actions), most)
        | _odd_values(most)
        | _broken_texts(most)
        | _wrapped_texts(most)
    )


def _policies(known: list[str], most: int) -> dict[str, str]:
    """Policies that can be read, and take long to look at. `known` are actions."""
    long = "x" * most
    return {
        "a text of a megabyte": policy(allow("x" * (30 * most))),
        "an action of 32 KB": policy(allow(long)),
        "an action of 32 KB of stars": policy(allow(f"ecs:*:{'*' * (most - 6)}")),
        "a key of 32 KB": policy({long: 1}),
        "a value of 32 KB": policy(allow("a:b:c", Condition={"StringEquals": {"g:UserName": [long[:-100]]}})),
        "1,000 statements": policy(*[allow()] * (most // 33)),
        "600 statements of one wildcard": policy(*[{"Effect": "Deny", "Action": ["*:*:*"]}] * (most // 54)),
        "150 statements of actions and a Deny": policy(deny("ecs:*:x*", "*:*y:*"), *_statements(known, most // 216)),
        "32 KB of known actions": policy(allow(*fitting(cycle(known), most))),
        "32 KB of nearly known actions": policy(allow(*fitting(cycle(f"{name[:-1]}x" for name in known), most))),
        "32 KB of unknown services": policy(allow(*numbered("s{}:b:c", most))),
        "32 KB of wildcards": policy(allow(*numbered("ecs:*{0}*:*e*{0}", most))),
        "32 KB of wildcards in the service": policy(allow(*numbered("e*{0}:*s:l*", most))),
        "32 KB of wildcards that match much": policy(allow(*fitting(map(_stars, count()), most))),
        "wildcards and a Deny of the same": policy(
            allow(*numbered("e*:*{0}*:*", most // 2)), deny(*numbered("e*:*{0}*:*", most // 2))
        ),
        "wildcards and actions that are nearly known": policy(
            allow(*numbered("ecs:*{0}*:*e*{0}", most // 2)),
            allow(*fitting((f"{name[:-1]}x" for name in cycle(known)), most // 2)),
        ),
        "50 policies": "[" + ",".join([policy(allow(*islice(cycle(known), 15)))] * (most // 650)) + "]",
        "10,000 policies": "[" + ",".join(["{}"] * (most // 3)) + "]",
    }


def _odd_values(most: int) -> dict[str, str]:
    return {
        "32 KB of operators": policy(allow(Condition=dict.fromkeys(numbered("StringEqual{}", most - most // 5), 1))),
        "32 KB of nearly known keys": policy(
            allow(Condition={"Bool": {key: ["ture"] for key in numbered("g:MFAPresnt{}", most // 2)}})
        ),
        "32 KB of values that are no Booleans": policy(
            allow(Condition={"Bool": {"g:MFAPresent": numbered("{}tru", most - 100)}})
        ),
        "32 KB of one key": policy("@").replace('"@"', "{" + ",".join(['"Effect":1'] * (most // 11)) + "}"),
        "32 KB of lists": policy("@").replace('"@"', ",".join(["[]"] * (most // 3))),
        "NaN": policy("@").replace('"@"', "NaN"),
        "a huge exponent": policy("@").replace('"@"', "1e999999"),
        "a number of 32 KB": policy("@").replace('"@"', "9" * most),
        "half a character": policy(allow("@")).replace("@", "\ud800"),
        "half a character, escaped": policy(allow("\udfff")),
        "a control character": policy(allow("@")).replace("@", "\0"),
    }


def _broken_texts(most: int) -> dict[str, str]:
    return {
        "brackets 100,000 deep": "[" * (3 * most),
        "brackets as deep as 32 KB": "[" * most,
        "objects as deep as 32 KB": '{"a":' * (most // 5),
        "32 KB of control characters": "\a" * most,
        "32 KB of quotes": '"' * most,
        "32 KB of typographic quotes": "“" * (most // 3),
        "32 KB of typographic texts": "[" + ",".join(["“a”"] * (most // 9)) + "]",
        "32 KB of single quotes": "[" + ",".join(["'\"'"] * (most // 4)) + "]",
        "32 KB of backslashes": '["' + "\\" * most + '"]',
        "32 KB of commas": "[" + "," * most + "]",
        "32 KB of missing commas": "[" + '"a"\n' * (most // 4) + "]",
        "32 KB of comments": "/**/" * (most // 4) + "[]",
        "32 KB of open comments": "[" + "/*" * (most // 2),
        "32 KB of code fences": "```\n" * (most // 4),
        "32 KB of invisible space": "[" + "\u200b " * (most // 4) + "]",
        "32 KB of lines": "\n" * most + "[",
    }


def _wrapped_texts(most: int) -> dict[str, str]:
    """What looks as if a policy were in it, and takes long to find that there is none, or where it ends."""
    inside = policy(allow("ecs:servers:list"))
    return {
        "32 KB of mail quotes": "> {\n" * (most // 4),
        "32 KB of entities": "{" + "&quot;" * (most // 6),
        "32 KB of brackets in prose": "a [b] {c} " * (most // 11) + inside,
        "32 KB of names in prose": "ecs:servers:list " * (most // 18) + inside,
        "32 KB of plus in Terraform": f"policy = jsonencode({inside} " + "+ 1 " * (most // 4) + ")",
        "32 KB of blocks in Terraform": 'resource "a_identity_role" "b" { statement { } }\n' * (most // 50),
        "32 KB of heredocs": "policy = <<EOF\n{\nEOF\n" * (most // 23),
        "32 KB of quotes for a shell": "curl -d " + "'\\''" * (most // 4),
        "32 KB of escapes": '"' + '{\\"a\\":' * (most // 9),
        "8 levels of strings": _nested_in_strings(inside, 8, most),
        "policies in a row": '{"Version":"1.1"}' * (most // 17),
        "32 KB of repairs in 8 layers": _wrapped_repairs(8, most),
        "32 KB of Effects in lower case": policy(*[{"Effect": "allow"}] * (most // 19)),
        "32 KB of Effects in lower case, once": policy("@").replace(
            '"@"', "{" + ",".join(['"Effect":"allow"'] * (most // 17)) + "}"
        ),
        "32 KB of actions in a text": policy(allow("ecs:servers:list " * (most // 18))),
    }


def _nested_in_strings(text: str, levels: int, most: int) -> str:
    """Each level nearly doubles the backslashes: as many as fit."""
    for _ in range(levels):
        longer = json.dumps(text)
        text = longer if len(longer) < most else text
    return text


def _wrapped_repairs(levels: int, most: int) -> str:
    """Objects that need repairs, then a string in a string: each layer that goes has all of them read again."""
    inside = '{"Statement":1}'
    for _ in range(levels):
        inside = json.dumps(inside)[1:-1]
    return "[" + "{a:'b'}," * ((most - len(inside)) // 8) + inside + "]"


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
