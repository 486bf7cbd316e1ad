"""Endless requests of which no two are alike, for what a process might keep of them.

Most are small and quickly answered, every fiftieth is as large as they come.
"""

import json
from urllib.parse import urlencode

from bench import hostile
from bench.attack import LINK, Attack, api, form, token
from bench.hostile_drafts import much
from policybuilder.domain.building.bounds import MOST_ACTIONS

NAME = "different"


def different(at: int) -> Attack:
    """Request number `at`."""
    if at % 50 == 0:
        return large(at // 50)
    return _SMALL[at % len(_SMALL)](at)


def large(at: int) -> Attack:
    """Large request number `at`."""
    return _LARGE[at % len(_LARGE)](at)


def _page(path: str, *lines: str) -> Attack:
    return Attack(NAME, f"{path}?{urlencode({'draft': token(lines, LINK)})}")


def _actions(at: int) -> Attack:
    return _page("/policy.json", *(f"adns:z{at}x{each}:get" for each in range(40)))


def _builder(at: int) -> Attack:
    return _page("/", *(f"adns:z{at}x{each}:get" for each in range(10)))


def _kept(at: int) -> Attack:
    return _page("/policy.json", _kept_line(at, 500))


def _action(at: int) -> Attack:
    return Attack(NAME, f"/actions/ecs:{'s' * 60}{at}:list/")


def _patterns(at: int) -> Attack:
    return _evaluated(at, length=20, number=5)


def _wildcards(at: int) -> Attack:
    return api(NAME, "check", {"text": hostile.policy(hostile.allow(*(f"e{at}:*{each}*:x" for each in range(40))))})


def _condition(at: int) -> Attack:
    typed = {"condition-key": f"k:{at}", "condition-operator": "StringEquals", "condition-values": f"{at}" * 900}
    return form(NAME, "/", typed)


def _refusal(at: int) -> Attack:
    return api(NAME, "explain", {"text": f"Policy doesn't allow ecs:x{at}:start to be performed. " * 9})


def _nowhere(at: int) -> Attack:
    return Attack(NAME, f"/{at}/{'x' * 3_000}", headers={"Cookie": f"a{at}={'x' * 500}"})


def _forged(at: int) -> Attack:
    return Attack(NAME, "/api/v1/rules/", headers={"Host": f"h{at}.example", "Accept-Language": f"x-{at}"})


def _large_kept(at: int) -> Attack:
    return _page("/", _kept_line(at, 15_000))


def _large_text(at: int) -> Attack:
    return form(NAME, "/check/", {"text": json.dumps({"Statement": [], f"{at}": [[{}]] * 4_000})})


def _large_patterns(at: int) -> Attack:
    return _evaluated(at, length=450, number=30)


def _large_draft(at: int) -> Attack:
    return _page("/", *(f"a{'z' * 60}{at}:x{each}:get" for each in range(MOST_ACTIONS)))


def _large_policy(at: int) -> Attack:
    return api(NAME, "compact", {"policy": json.loads(hostile.policy(hostile.allow(*much(300), f"a:b:{at}")))})


def _kept_line(at: int, number: int) -> str:
    return "k" + json.dumps({"Effect": "Deny", "NotAction": [f"e{at}:*:*"], "x": [1] * number}, separators=(",", ":"))


def _evaluated(at: int, *, length: int, number: int) -> Attack:
    condition = {"StringMatch": {"g:UserName": [f"*{'a*' * length}{at}x{each}" for each in range(number)]}}
    policy = json.loads(hostile.policy(hostile.allow("ecs:*:*", Condition=condition)))
    asked = {"action": f"ecs:x{at}:list", "project": "iam_project", "context": {"g:UserName": [f"a{at}"]}}
    granted = {"name": f"p{at}", "policy": policy, "granted_in": "iam_project"}
    return api(NAME, "evaluate", {"policies": [granted], "requests": [asked]})


_SMALL = (
    _actions,
    _builder,
    _kept,
    _action,
    _patterns,
    _wildcards,
    _condition,
    _refusal,
    _nowhere,
    _forged,
)
_LARGE = (_large_kept, _large_text, _large_patterns, _large_draft, _large_policy)
