"""How much the first page weighs: all that a browser with an empty cache receives, headers included, and from whom."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from bench import selections
from bench.machine import chromium
from bench.report import KILOBYTES, Budget, Check, Row, Table
from bench.workspace import BenchError, Server, Workspace

LOADS = 3
PAGES = {"/": 40_000, "/access/": 100_000}  # bytes of the page itself, for an empty and for a typical draft
SECONDS_TO_LOAD = 20
BUDGET = Budget(100_000, of=("max",))


@dataclass(frozen=True)
class Load:
    """Address -> bytes of everything received, and every host that was asked."""

    sizes: dict[str, int]
    hosts: set[str]


def measure(workspace: Workspace) -> Iterator[Table]:
    table = Table(
        "Weight of the first page",
        notes=[
            "Compressed bytes of all responses with their headers, as Chromium counts them, its cache being empty;",
            "the icon is fetched and counted apart where Chromium does not tell of it.",
        ],
    )
    drafts = {"empty page": [], f"draft of {len(selections.typical())} operations": selections.typical()}
    hosts: set[str] = set()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium())
        for site in workspace.both:
            with site.server() as server:
                own = urlsplit(server.address).netloc
                for name, operations in drafts.items():
                    loads = [_load(browser, server, selections.address(operations)) for _ in range(LOADS)]
                    totals = [sum(load.sizes.values()) for load in loads]
                    table.rows.append(Row(f"{site.name}, {name}", totals, KILOBYTES, BUDGET))
                    table.notes.append(f"{site.name}, {name}: {_parts(loads)}")
                    query = selections.address(operations).partition("?")[2]
                    for path, most in PAGES.items():
                        size = _fetch(server, f"{path}?{query}")
                        table.rows.append(
                            Row(f"{site.name}, {name}, {path} itself", [size], KILOBYTES, Budget(most, of=("max",)))
                        )
                    hosts |= set().union(*(load.hosts for load in loads)) - {own}
        browser.close()
    table.checks.append(Check("no other host is asked", not hosts, ", ".join(sorted(hosts)) or "none was"))
    yield table


def _load(browser: Browser, server: Server, path: str) -> Load:
    context = browser.new_context()
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    asked: dict[str, str] = {}  # addresses and bytes by the browser's number of the request
    received: dict[str, int] = {}
    session.on("Network.requestWillBeSent", lambda event: asked.update({event["requestId"]: event["request"]["url"]}))
    session.on(
        "Network.loadingFinished",
        lambda event: received.update({event["requestId"]: int(event["encodedDataLength"])}),
    )
    response = page.goto(server.address + path, wait_until="networkidle")
    icon = page.evaluate("document.querySelector('link[rel~=icon]')?.href ?? new URL('/favicon.ico', location).href")
    deadline = time.monotonic() + SECONDS_TO_LOAD
    while missing := {address for number, address in asked.items() if number not in received} - {icon}:
        if time.monotonic() > deadline:
            raise BenchError(f"Chromium did not receive {', '.join(sorted(missing))}.")
        page.wait_for_timeout(50)  # its events come in meanwhile
    context.close()
    if response is None or response.status != 200:
        raise BenchError(f"Chromium could not load {path}.")
    sizes = {asked[number]: size for number, size in received.items()}
    if icon not in sizes:
        sizes[icon] = _fetch(server, urlsplit(icon).path)
    hosts = {urlsplit(address).netloc for address in [*asked.values(), icon] if not address.startswith("data:")}
    return Load(sizes, hosts)


def _fetch(server: Server, path: str) -> int:
    with server.connect() as connection:
        answer = connection.request("GET", path)
    if answer.status != 200:
        raise BenchError(f"{path} was answered with {answer.status}")
    return answer.size


def _parts(loads: list[Load]) -> str:
    """The files by name, without the hash of their content, and the median of their kilobytes."""
    parts = []
    for address in sorted(loads[0].sizes):
        name = re.sub(r"\.[0-9a-f]{12}(?=\.)", "", urlsplit(address).path.rpartition("/")[2]) or "HTML"
        parts.append(f"{name} {KILOBYTES.show(median(load.sizes[address] for load in loads))}")
    return ", ".join(parts)
