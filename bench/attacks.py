"""Hostile requests to every endpoint, as costly as anyone has made them.

Whoever finds a costlier one adds it here. Sizes are those that the server lets through: 8,190 characters of a request
line, 256 KiB of a body.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, islice
from typing import Any
from urllib.parse import urlencode

from bench import addresses, hostile, hostile_drafts
from bench.attack import BODY, LINK, Attack, api, form, token
from bench.hostile_drafts import much, star_names
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.jsontext.source import MAX_BYTES


def attacks(catalog: Catalog) -> Iterator[Attack]:
    """Attacks with something other than a draft or a single text."""
    yield from _on_changes(catalog)
    yield from _on_pairs(catalog)
    yield from _on_groups(catalog)
    yield from _on_selections(catalog)
    yield from _on_logs(catalog)
    yield from _on_lists(catalog)


def ordinary(catalog: Catalog) -> Iterator[Attack]:
    """A small draft and a small text for every address, so that its templates are there: they are made once."""
    for way in addresses.ways(addresses.DRAFTS):
        yield way("what is made once", [f"o{next(iter(catalog.operations))}"])
    for way in addresses.ways(addresses.TEXTS):
        yield way("what is made once", hostile.policy(hostile.allow(next(iter(catalog.action_index.actions)))))


def pairs(catalog: Catalog) -> Iterator[tuple[Attack, Attack]]:
    """Each hostile draft for each address that takes a draft, and each text likewise: of half the size, and whole."""
    drafts = hostile_drafts.drafts(catalog)
    for way in addresses.ways(addresses.DRAFTS):
        for what, lines in drafts.items():
            yield way(f"draft: {what}", hostile_drafts.half(lines)), way(f"draft: {what}", lines)
    texts = {what: text for what, text in hostile.texts(catalog).items() if len(text) < BODY // 3}
    smaller = hostile.texts(catalog, hostile.MOST // 2)
    for way in addresses.ways(addresses.TEXTS):
        for what, text in texts.items():
            yield way(f"text: {what}", smaller[what]), way(f"text: {what}", text)


def _on_changes(catalog: Catalog) -> Iterator[Attack]:
    """Presses of buttons in the builder: what a draft came to is compared with what it comes to now."""
    drafts = hostile_drafts.drafts(catalog)
    link = {what: token(drafts[what], LINK) for what in ("20 statements of everything", "as many that match much")}
    for what, sent in link.items():
        for goal in ("iam_project", "enterprise_project"):
            yield _press(f"{what}, for {goal}", sent, goal=goal, do="search")
            yield _press(f"{what}, all for {goal}", sent, goal=goal, do="all:ecs")
        yield _press(f"{what}, without one", sent, shown="ecs/lifecycle-management", beside="1", do="search")
        yield _press(f"{what}, after another", sent, previous=link["as many that match much"], do="undo")
    typed = {"condition-key": "g:MFAPresnt", "condition-operator": "Bool", "condition-time": "9" * 250}
    values = "\n".join(f"ture{at:x}" for at in range(12_000))
    yield _press("a condition", "", **typed, **{"condition-values": values}, do="condition-done")


def _press(name: str, draft: str, **fields: str) -> Attack:
    pressed = form(f"change: {name}", "/", {"draft": draft, **fields})
    return replace(pressed, headers={"HX-Request": "true"})


def _on_pairs(catalog: Catalog) -> Iterator[Attack]:
    for what, (before, after) in _pairs(catalog).items():
        fields = {"before": json.dumps(before), "after": json.dumps(after), "do": "compare"}
        yield form(f"pair: {what}", "/compare/", fields)
        yield api(f"pair: {what}", "compare", {"before": before, "after": after})


def _pairs(catalog: Catalog) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    texts = hostile.texts(catalog)

    def loaded(name: str) -> dict[str, Any]:
        return json.loads(texts[name])

    known = sorted(catalog.action_index.actions)[:40]
    conditions = [
        {**hostile.allow(f"ecs:*{at}*:*"), "Condition": {"StringMatch": {f"g:U{at % 3}": [f"*{'a*' * 30}{at}"] * 5}}}
        for at in range(120)
    ]
    numbers = [
        {**hostile.allow("ecs:*:*"), "Condition": {"NumberLessThan": {f"k:{at % 5}": [str(at)] * 20}}}
        for at in range(150)
    ]
    return {
        "wildcards": (loaded("32 KB of wildcards"), loaded("32 KB of wildcards in the service")),
        "wildcards that match much": (
            loaded("32 KB of wildcards that match much"),
            loaded("32 KB of wildcards that match much"),
        ),
        "actions and wildcards": (loaded("32 KB of known actions"), loaded("32 KB of wildcards")),
        "wildcards and a Deny": (
            loaded("wildcards and a Deny of the same"),
            loaded("150 statements of actions and a Deny"),
        ),
        "single actions under conditions": (
            json.loads(hostile.policy(*(_on_condition(known, "StringMatch", f"{'a*' * 20}{at}") for at in range(9)))),
            json.loads(
                hostile.policy(*(_on_condition(known, "StringNotMatch", f"{'*a' * 20}{at}") for at in range(9)))
            ),
        ),
        "conditions": (json.loads(hostile.policy(*conditions)), json.loads(hostile.policy(*reversed(conditions)))),
        "numbers": (json.loads(hostile.policy(*numbers)), json.loads(hostile.policy(*reversed(numbers)))),
        "NotAction": (
            json.loads(hostile.policy({"Effect": "Allow", "NotAction": hostile.numbered("e*:*{0}*:*", 30_000)})),
            json.loads(hostile.policy({"Effect": "Allow", "NotAction": hostile.numbered("e*:*{0}:*", 30_000)})),
        ),
    }


def _on_condition(names: list[str], operator: str, value: str) -> dict[str, Any]:
    return {**hostile.allow(*names), "Condition": {operator: {"g:UserName": [value, value[1:], value[:-1], value[2:]]}}}


def _on_groups(catalog: Catalog) -> Iterator[Attack]:
    for what, (policies, context) in _groups(catalog).items():
        texts = [json.dumps(policy, separators=(",", ":")) for policy in policies]
        fields: dict[str, str] = {"do": "show"}
        for at, text in enumerate(texts):
            fields |= {
                f"granted-{at}": ["each", "enterprise_project"][at % 2],
                f"name-{at}": f"p{at}",
                f"text-{at}": text,
            }
        for at, (key, values) in enumerate(context.items()):
            fields |= {f"key-{at}": key, f"values-{at}": "\n".join(values)}
        yield form(f"group: {what}", "/access/", fields)
        places = ("iam_project", "enterprise_project")
        asked = [{"operation": id_} for id_ in islice(cycle(catalog.operations), 180)]
        asked += [{"action": f"ecs:*{at}*:*"} for at in range(20)]
        yield api(
            f"group: {what}",
            "evaluate",
            {
                "policies": [
                    {"name": f"p{at}", "policy": policy, "granted_in": places[at % 2]}
                    for at, policy in enumerate(policies)
                ],
                "requests": [
                    {**each, "project": places[at % 2], "context": context} for at, each in enumerate(asked[:200])
                ],
            },
        )
        if context:
            yield api(
                f"group: {what}, each call its own values",
                "evaluate",
                {
                    "policies": [{"name": "p", "policy": policies[0], "granted_in": "iam_project"}],
                    "requests": [
                        {
                            "action": "ecs:servers:list",
                            "project": "iam_project",
                            "context": {key: [*values[:2], str(at)] for key, values in context.items()},
                        }
                        for at in range(150)
                    ],
                },
            )


def _groups(catalog: Catalog) -> dict[str, tuple[list[dict[str, Any]], dict[str, list[str]]]]:
    size = 8_500  # of each of 20 policies
    wide = [json.loads(hostile.policy(hostile.allow(*hostile.fitting(much(2_000), size)))) for _ in range(20)]
    few = [
        json.loads(
            hostile.policy(*(hostile.allow(*hostile.numbered(f"e*:*{{0}}{at}*:*", size // 40)) for at in range(20)))
        )
        for _ in range(20)
    ]
    excepted = [
        json.loads(hostile.policy({"Effect": "Deny", "NotAction": hostile.numbered("e*:*{0}*:*", size)}))
        for _ in range(20)
    ]
    known = sorted(catalog.action_index.actions)
    named = [json.loads(hostile.policy(hostile.allow(*hostile.fitting(cycle(known), size)))) for _ in range(20)]
    stars = "*".join("a" * 60)
    patterns = [f"*{stars}*{at}b" for at in range(10)]
    marks = ["*" + "?a" * 200 + "b" for _ in range(3)]
    names = [f"{'a' * 1_900}{at}" for at in range(40)]

    def conditioned(operator: str, values: list[str], statements: int) -> list[dict[str, Any]]:
        condition = {operator: {"g:UserName": values}}
        return [
            json.loads(hostile.policy(*[{**hostile.allow("ecs:*:*"), "Condition": condition}] * statements))
            for _ in range(3)
        ]

    return {
        "wildcards that match much": (wide, {}),
        "statements of wildcards": (few, {}),
        "NotAction": (excepted, {}),
        "known actions": (named, {}),
        "StringMatch": (conditioned("StringMatch", patterns, 8), {"g:UserName": names}),
        "StringMatch with ?": (conditioned("StringMatch", marks, 4), {"g:UserName": names}),
        "StringEquals": (conditioned("StringEquals", [f"x{at}" for at in range(300)], 8), {"g:UserName": names}),
        "StringNotMatch": (
            conditioned("ForAllValues:StringNotMatch", patterns, 8),
            {"g:UserName": [f"{name}c" for name in names]},
        ),
    }


def _on_selections(catalog: Catalog) -> Iterator[Attack]:
    operations = list(catalog.operations)
    for what, body in {
        "everything": {"operations": operations, "dependencies": "all"},
        "everything, for IAM projects": {"operations": operations, "dependencies": "all", "goal": "iam_project"},
        "everything, for enterprise projects": {"operations": operations, "goal": "enterprise_project"},
        "wildcards, for enterprise projects": {"actions": much(100), "goal": "enterprise_project"},
        "everything, denied": {"operations": operations, "effect": "Deny"},
        "100 wildcards": {"actions": star_names(100)},
        "100 wildcards that match much": {"actions": much(100), "operations": operations},
        "all actions": {
            "actions": sorted(catalog.action_index.actions)[:5_000],
            "without": sorted(catalog.action_index.actions)[:5_000],
        },
        "unknown actions": {"actions": [f"ecs:x{at}:y" for at in range(5_000)]},
        "unknown operations": {"operations": [f"ecs/x{at}/y" for at in range(5_000)]},
        "options": {"options": {f"ecs/x{at}/y": ["a"] * 10 for at in range(4_000)}},
    }.items():
        yield api(f"selection: {what}", "compile", body)


def _on_logs(catalog: Catalog) -> Iterator[Attack]:
    calls = [call for operation in catalog.operations.values() for call in operation.calls]
    lines = [f'{call.method} https://ecs.example.com{call.path} HTTP/1.1" 403' for call in calls]
    for what, text in {
        "refusals": "Policy doesn't allow ecs:servers:start to be performed. ",
        "actions": "".join(f"{name}\n" for name in catalog.action_index.actions),
        "nearly known": "".join(f"{name}x, " for name in catalog.action_index.actions),
        "calls": "\n".join(lines),
        "records": '{"a": "b", "response": {"status": 403}, "request": {"method": "GET", "url": "/v1/x/servers"}},',
        "brackets": '{"',
        "requests of clients": "REQ: curl -g -i -X POST https://ecs.example.com/v2.1/p/servers/x/action -d '{}'\n",
        "statuses": "RESP: [403] ",
        "paths": "/v1/x/cloudservers/y/",
        "codes": "IAM.1021 ",
        "quotes": '"allow ',
        "spaces": " allow  \n",
        "colons": "a:b:",
        "escapes": '\\"',
    }.items():
        long = (text * (MAX_BYTES // len(text) + 1))[:MAX_BYTES]
        yield api(f"log: {what}", "explain", {"text": long})
        yield form(f"log: {what}", "/refused/", {"text": long, "do": "explain"})


def _on_lists(catalog: Catalog) -> Iterator[Attack]:
    del catalog
    words = " ".join("e" * (1 + at % 9) for at in range(50))
    for path in ("/api/v1/operations/", "/api/v1/actions/"):
        yield Attack("list: words", f"{path}?{urlencode({'q': words[:200], 'page_size': 200})}")
        yield Attack("list: all", f"{path}?{urlencode({'page_size': 200})}")
    yield Attack(
        "list: a wildcard", "/api/v1/operations/?" + urlencode({"action": "*:" + "s*" * 30 + ":*", "page_size": 200})
    )
    yield Attack("list: unknown parameters", "/api/v1/operations/?" + "&".join(f"p{at}=1" for at in range(1_000)))
    for path in ("services", "categories", "system-policies", "templates", "rules", "schema", "docs"):
        yield Attack("list: all", f"/api/v1/{path}/")
    yield Attack("an action", "/actions/*:*:*/")
    yield Attack("an action of stars", f"/actions/*:{'s*' * 40}:{'e*' * 20}/")
    for what, text in {
        "words": words,
        "beginnings": "co cr de en qu re se st ta up as in li ma po ro su tr un us wa ac ba ch di ex fi ge im lo",
        "slips of everyday words": "resoring relasing recordet associaton clecking",
        "two slips": "resoring relasing",
        "slips": " ".join(f"{at:x}qereing" for at in range(50)),
        "names": " ".join(f"{sign}e" for sign in ":/{}*=" * 8),
        "pasted": "curl -X POST https://ecs.eu-de.otc.t-systems.com/v2.1/p/servers/x/action -d '{\"a\": {}}' " * 60,
    }.items():
        yield Attack(f"a search: {what}", "/?" + urlencode({"q": text[:4_000], "open": "x" * 4_000}))
        yield Attack(f"a search: {what}", "/api/v1/operations/?" + urlencode({"q": text[:200], "page_size": 200}))
    for path in ("/", "/found/"):
        yield Attack("a search that finds everything", f"{path}?{urlencode({'q': 'list', 'all': 1})}")
