"""From a click on a box to the picture of the changed policy, in Chromium, against gunicorn."""

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
SEED = 5
SECONDS_TO_OPEN = 120
PAUSE = 150  # milliseconds between two ticks: less than a person takes
WATCH = (Path(__file__).parent / "paint.js").read_text(encoding="utf-8")
BUDGET = Budget(0.050, of=("median", "p95"))
OPEN = """prefix => {
    for (const details of document.querySelectorAll(`#tree details[id^="${prefix}"]:not([open])`))
        details.querySelector("summary").click();
}"""
STILL_EMPTY = "prefix => document.querySelector(`#tree details[id^='${prefix}'] .branch-closed`) !== null"
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


@dataclass(frozen=True)
class Tick:
    """Seconds since the click. `told`: `painted` is the browser's own word, and not the start of the second frame."""

    answered: float
    changed: float
    painted: float
    processor: float
    told: bool


def measure(workspace: Workspace) -> Iterator[Table]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium())
        for site in workspace.both:
            with site.server() as server:
                yield _measure(browser, server, site, "the categories of ECS open", "details-ecs--")
                if site is workspace.large:
                    yield _measure(browser, server, site, "every category open", "details-")
        browser.close()


def _measure(browser: Browser, server: Server, site: Site, state: str, opened: str) -> Table:
    """`opened`: how the ids of the categories begin that are opened first."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(server.address, wait_until="load")
    _open(page, opened)
    page.evaluate(WATCH)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    random = Random(SEED)
    ticks = [_tick(page, session, number, random) for number in range(1, TICKS + 1)]
    page.close()
    guessed = sum(1 for tick in ticks if not tick.told)
    return Table(
        f"Click to paint, {site.name}, {state}",
        rows=[
            Row("painted", [tick.painted for tick in ticks], MILLISECONDS, BUDGET),
            Row("of it: answer is there", [tick.answered for tick in ticks], MILLISECONDS),
            Row("of it: htmx changes the page", [tick.changed - tick.answered for tick in ticks], MILLISECONDS),
            Row("of it: layout and paint", [tick.painted - tick.changed for tick in ticks], MILLISECONDS),
            Row("processor, in the page", [tick.processor for tick in ticks], MILLISECONDS),
        ],
        notes=[
            f"The 1st to {TICKS}th tick of a draft, in a window of 1440 × 900: from the time stamp of the click to the",
            "frame that shows the new JSON, both as the browser tells them (PerformanceObserver, Element Timing).",
            *([f"Frames it did not tell: {guessed}; there, the start of the second frame counts."] if guessed else []),
        ],
    )


def _open(page: Page, prefix: str) -> None:
    """Open services and categories as a click on each of them does, and wait until the last of their rows are there."""
    page.evaluate(OPEN, prefix)
    deadline = time.monotonic() + SECONDS_TO_OPEN
    while page.evaluate(STILL_EMPTY, prefix):
        if time.monotonic() > deadline:
            raise BenchError(f"The categories are not filled in after {SECONDS_TO_OPEN} s.")
        page.wait_for_timeout(PAUSE)
        page.evaluate(OPEN, prefix)  # the categories of services that are there by now


def _tick(page: Page, session: CDPSession, number: int, random: Random) -> Tick:
    boxes = page.evaluate(BOXES)
    random.shuffle(boxes)
    box = next((box for box in boxes if page.evaluate(PLACE, box)), None)
    page.wait_for_timeout(PAUSE)
    place = page.evaluate(PLACE, box) if box else None  # once more: what came into sight can have moved it
    if place is None:
        raise BenchError(f"No box can be clicked after {number - 1} ticks.")
    before = _processor_time(session)
    page.mouse.click(*place)
    found = page.evaluate("number => bench.finished(number)", number)
    if found is None:
        raise BenchError(f"The policy did not change after tick {number}.")
    processor = _processor_time(session) - before
    return Tick(found["answered"] / 1000, found["changed"] / 1000, found["painted"] / 1000, processor, found["told"])


def _processor_time(session: CDPSession) -> float:
    """Seconds that the main thread of the page has kept a core busy."""
    metrics = {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}
    return metrics["TaskDuration"]
