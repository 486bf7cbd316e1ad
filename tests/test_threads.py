"""Requests in threads that interrupt each other get the answers that they get one after the other.

The same and different drafts run side by side, on every page and every call of the API, from empty caches.
"""

import json
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.test import override_settings

from policybuilder.api.openapi import EXAMPLES
from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.catalog.scope import Goal
from policybuilder.domain.policy.document import Condition, Effect
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.link import encode
from tests.builders import WHOLE
from tests.pages.tab import ATTACH, CREATE, EVERYTHING, HTMX, LOCK, START, STOP, selection
from tests.server import Answer, Sent, answer, form, fresh_application

THREADS = 3
SWITCH = 1e-5  # seconds until a thread is interrupted; Python's own interval is 5e-3

MARKUP = "<script>alert(1)</script>\"'&amp;{{ 7 }}"
DRAFTS = {
    "empty": Draft(),
    "typical": Draft.of(selection(ATTACH, START), "disk-team"),
    "other": Draft.of(selection(CREATE, STOP, actions=["ecs:servers:*"], without=["ecs:servers:list"]), "operators"),
    "both levels": Draft(
        (
            Block(selection(ATTACH, CREATE, actions=["iam:users:list*", "obs:bucket:*"])),
            Block(selection(LOCK), Effect.DENY, "no lock", (Condition("StringEquals", "g:UserName", ("ops",)),)),
        ),
        goal=Goal.ENTERPRISE_PROJECT,
    ),
    "everything": Draft.of(EVERYTHING, "everything"),
    "hostile": Draft(
        (
            Block(Selection(actions=frozenset(f"ecs:*:*{letter}*" for letter in "abcdefghijklmnopqrstuvwxyz"))),
            Block(selection(CREATE), Effect.DENY, MARKUP, (Condition("StringMatch", MARKUP, (MARKUP, "*a*a*b")),)),
            Block(kept=json.dumps({"Effect": MARKUP, MARKUP: [MARKUP]})),
        ),
        MARKUP,
    ),
}
TOKENS = {name: encode(draft) for name, draft in DRAFTS.items()}
PAGES_OF_A_DRAFT = [
    "/", "/policy.json", "/causes/", "/split/", "/shorten/", "/picture/", "/picture.svg", "/sheet/", "/sheet.csv",
    "/summary.md", "/start/", "/refused/", "/access/", "/compare/", "/next/", "/found/",
    "/categories/ecs/disk-management/",
]  # fmt: skip
OTHER_PAGES = [
    "/", "/?q=attach%20disk", "/?q=festplatte", "/start/start-stop-restart/", "/start/?q=disk", "/check/", "/guide/",
    "/action-names/?q=ecs", f"/operations/{ATTACH}/", "/actions/ecs:servers:get/", "/nowhere/", "/split?draft=1abc",
    "/api/v1/docs/", "/api/v1/schema/", "/api/v1/nothing/", "/healthz",
]  # fmt: skip


def policy(*actions: str) -> str:
    return json.dumps({"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": actions}]})


def evaluated(statements: int) -> Sent:
    """Evaluating values against many patterns: two statements take most of the work of a request, eight too much."""
    stars = {"StringMatch": {"g:UserName": [f"*{'a*' * 60}{at}b" for at in range(10)]}}
    statement = {"Effect": "Allow", "Action": ["ecs:*:*"], "Condition": stars}
    text = json.dumps({"Version": "1.1", "Statement": [statement] * statements})
    values = "\n".join(f"{'a' * 180}{at}" for at in range(60))
    fields = {"granted-0": "each", "name-0": "stars", "text-0": text, "key-0": "g:UserName", "values-0": values}
    return form("/access/", **fields)


WILDCARDS = policy(*(f"ecs:*:*{first}*{second}*" for first in "abcdefgh" for second in "abcdefgh"))
BROKEN = '{"Version": "1.1", "Statement": [{"Effect": "allow" "Action": [ecs:servers:strat]}'
REFUSED = "Policy doesn't allow ecs:servers:start to be performed."


def requests() -> Iterator[Sent]:
    drafts = [token for name, token in TOKENS.items() if name != "empty"]
    for at, where in enumerate(PAGES_OF_A_DRAFT):  # each page with two drafts, each draft on some pages
        for token in (drafts[at % len(drafts)], drafts[(at + 1) % len(drafts)]):
            yield Sent(f"{where}?draft={token}")
    yield from map(Sent, OTHER_PAGES)
    for token in TOKENS.values():
        yield form("/", HTMX, draft=token, do="all:ecs")
        yield form("/shorten/", draft=token)
    for text in (WILDCARDS, BROKEN):
        yield form("/check/", text=text)
        yield form("/compare/", before=policy("ecs:servers:*"), after=text)
    yield form("/refused/", draft=TOKENS["typical"], text=REFUSED)
    yield from map(evaluated, (2, 8))
    for example in json.loads(EXAMPLES.read_text(encoding="utf-8")):
        asked = example["request"]
        body = json.dumps(asked["body"]) if "body" in asked else ""
        yield Sent(asked["url"], asked["method"], body, "application/json" if body else "")


@pytest.fixture(scope="module")
def two_levels(tmp_path_factory):
    """The catalogue of services of both levels."""
    folder = tmp_path_factory.mktemp("catalogue")
    for name in ("ecs.yaml", "iam.yaml"):
        shutil.copy(WHOLE / name, folder)
    with override_settings(CATALOGUE=folder):
        yield


@pytest.fixture
def impatient():
    """Threads interrupt each other after a few steps each."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH)
    yield
    sys.setswitchinterval(before)


@pytest.fixture(scope="module")
def in_order(two_levels, static_files) -> tuple[list[Sent], list[Answer]]:
    """Requests, and what each is answered where only one runs at a time."""
    sent = list(requests())
    application = fresh_application()
    answers = [answer(application, each) for each in sent]
    assert not [each.path for each, found in zip(sent, answers, strict=True) if found.status.startswith("5")]
    return sent, answers


def side_by_side(work: Callable[[int], list[Answer]]) -> list[list[Answer]]:
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(work, range(THREADS)))


def differing(sent: Sequence[Sent], expected: Sequence[Answer], found: Sequence[Answer]) -> list[tuple[str, ...]]:
    """The requests with another answer, and both statuses."""
    both = zip(sent, expected, found, strict=True)
    return [(each.method, each.path[:60], one.status, other.status) for each, one, other in both if one != other]


@pytest.mark.usefixtures("impatient")
def test_same_request_in_all_threads_at_once_is_answered_as_in_one(in_order):
    sent, expected = in_order
    application, barrier = fresh_application(), Barrier(THREADS, timeout=60)

    def work(_: int) -> list[Answer]:
        found = []
        for each in sent:
            barrier.wait()
            found.append(answer(application, each))
        return found

    for found in side_by_side(work):
        assert differing(sent, expected, found) == []


@pytest.mark.usefixtures("impatient")
def test_different_requests_at_once_are_answered_as_one_after_the_other(in_order):
    sent, expected = in_order
    application, barrier = fresh_application(), Barrier(THREADS, timeout=60)

    def work(thread: int) -> list[Answer]:
        first = len(sent) * thread // THREADS
        barrier.wait()
        turned = [answer(application, each) for each in (*sent[first:], *sent[:first])]
        return [*turned[len(sent) - first :], *turned[: len(sent) - first]]

    for found in side_by_side(work):
        assert differing(sent, expected, found) == []
