"""From a click on a box to the picture of the changed policy, and from the answer to a search to the picture of what it
found, in Chromium, against the server."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from bench.machine import chromium
from bench.report import MILLISECONDS, Budget, Row, Table
from bench.workspace import BenchError, Server, Site, Workspace

TICKS = 30
SEARCHES = 10  # for each word
SEED = 5
SECONDS_TO_OPEN = 120
PAUSE = 150  # milliseconds between two ticks: less than a person takes
WATCH = (Path(__file__).parent / "paint.js").read_text(encoding="utf-8")
BUDGET = Budget(0.050, of=("median", "p95"))
OPEN = """() => {
    for (const details of document.querySelectorAll("#tree .branch > details:not([open])"))
        details.querySelector("summary").click();
}"""
STILL_EMPTY = "() => document.querySelector('#tree .branch-closed') !== null"
# Boxes that change the policy: one whose operation is allowed already adds nothing.
BOXES = """() => Array.from(document.querySelectorAll("input[name=o][value^='ecs/']:not(:checked)"))
    .filter((box) => box.checkVisibility() && !box.closest(".row").querySelector(".badge-also"))
    .map((box) => box.id)
"""
# Where to click: the middle of the box, scrolled into sight; null where something covers it.
PLACE = """id => {
    const box = document.getElementById(id);
    box.scrollIntoView({ block: "center", behavior: "instant" });
    const { x, y, width, height } = box.getBoundingClientRect();
    const middle = [x + width / 2, y + height / 2];
    return document.elementFromPoint(...middle) === box ? middle : null;
}"""
# In the whole catalogue they find few operations, as many as come at once, and many more.
WORDS = ("keypair", "snapshot", "delete")
SEARCH = """word => {
    const field = document.getElementById("q");
    field.value = word;
    field.dispatchEvent(new Event("input", { bubbles: true }));
}"""


@dataclass(frozen=True)
class Step:
    """Seconds since the click or the input. `told`: `painted` is the browser's own word, and not the start of the
    second frame. `text` is what the change is seen by."""

    answered: float
    changed: float
    painted: float
    told: bool
    text: str
    processor: float


def measure(workspace: Workspace) -> Iterator[Table]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium())
        for site in workspace.both:
            with site.server() as server:
                yield _ticks(browser, server, site)
                if site is workspace.large:
                    yield _searches(browser, server, site)
        browser.close()


def _ticks(browser: Browser, server: Server, site: Site) -> Table:
    page, session = _page(browser, server)
    _open(page)
    page.evaluate(WATCH)
    random = Random(SEED)
    steps = [_tick(page, session, number, random) for number in range(1, TICKS + 1)]
    page.close()
    return Table(
        f"Click to paint, {site.name}, every category of ECS open",
        rows=[
            Row("painted", [step.painted for step in steps], MILLISECONDS, BUDGET),
            Row("of it: answer is there", [step.answered for step in steps], MILLISECONDS),
            Row("of it: the page is changed", [step.changed - step.answered for step in steps], MILLISECONDS),
            Row("of it: layout and paint", [step.painted - step.changed for step in steps], MILLISECONDS),
            Row("processor, in the page", [step.processor for step in steps], MILLISECONDS),
        ],
        notes=[
            f"The 1st to {TICKS}th tick of a draft, in a window of 1440 × 900: from the time stamp of the click to the",
            "frame that shows the new JSON, both as the browser tells them (PerformanceObserver, Element Timing).",
            *_guessed(steps),
        ],
    )


def _searches(browser: Browser, server: Server, site: Site) -> Table:
    page, session = _page(browser, server)
    page.evaluate(WATCH)
    found: dict[str, list[Step]] = {word: [] for word in WORDS}
    for _ in range(SEARCHES):
        for word in WORDS:
            number = 2 * sum(map(len, found.values())) + 1
            found[word].append(_search(page, session, number, word))
            _search(page, session, number + 1, "")
    page.close()
    return Table(
        f"Answer to paint of a search, {site.name}",
        rows=[
            Row(
                f"“{word}”, {steps[0].text.partition(' found')[0]}",
                [step.painted - step.answered for step in steps],
                MILLISECONDS,
                BUDGET,
            )
            for word, steps in found.items()
        ],
        notes=[
            "From the last byte of the answer to the frame that shows how much was found, in a window of 1440 × 900.",
            *_guessed([step for steps in found.values() for step in steps]),
        ],
    )


def _guessed(steps: list[Step]) -> list[str]:
    guessed = sum(1 for step in steps if not step.told)
    return [f"Frames it did not tell: {guessed}; there, the start of the second frame counts."] if guessed else []


def _page(browser: Browser, server: Server) -> tuple[Page, CDPSession]:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(server.address, wait_until="load")
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    return page, session


def _open(page: Page) -> None:
    """Open the categories as a click on each of them does, and wait until the last of their rows are there."""
    page.evaluate(OPEN)
    deadline = time.monotonic() + SECONDS_TO_OPEN
    while page.evaluate(STILL_EMPTY):
        if time.monotonic() > deadline:
            raise BenchError(f"The categories are not filled in after {SECONDS_TO_OPEN} s.")
        page.wait_for_timeout(PAUSE)


def _tick(page: Page, session: CDPSession, number: int, random: Random) -> Step:
    boxes = page.evaluate(BOXES)
    random.shuffle(boxes)
    box = next((box for box in boxes if page.evaluate(PLACE, box)), None)
    page.wait_for_timeout(PAUSE)
    place = page.evaluate(PLACE, box) if box else None  # once more: what came into sight can have moved it
    if place is None:
        raise BenchError(f"No box can be clicked after {number - 1} ticks.")
    before = _processor_time(session)
    page.mouse.click(*place)
    return _step(page, session, number, before)


def _search(page: Page, session: CDPSession, number: int, word: str) -> Step:
    page.wait_for_timeout(PAUSE)
    before = _processor_time(session)
    page.evaluate(SEARCH, word)
    return _step(page, session, number, before)


def _step(page: Page, session: CDPSession, number: int, before: float) -> Step:
    """The step of that number, counted from 1. `before` is the processor's time when it began."""
    found = page.evaluate("number => bench.finished(number)", number)
    if found is None:
        raise BenchError(f"Nothing changed after step {number}.")
    return Step(
        answered=found["answered"] / 1000,
        changed=found["changed"] / 1000,
        painted=found["painted"] / 1000,
        told=found["told"],
        text=found["text"],
        processor=_processor_time(session) - before,
    )


def _processor_time(session: CDPSession) -> float:
    """Seconds that the main thread of the page has kept a core busy."""
    metrics = {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}
    return metrics["TaskDuration"]
