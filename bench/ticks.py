"""What a tick costs: the server's time, inside its process and through the server, and the bytes of the answer."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from bench import selections
from bench.catalogues import ecs_operations
from bench.report import COUNT, KILOBYTES, MILLISECONDS, Budget, Row, Table
from bench.selections import Step
from bench.wire import BROWSER_HEADERS
from bench.workspace import BenchError, Server, Site, Workspace

TICKS = 40
WARM_UP = 10  # the first answers take longer
SERVER_TIME = Budget(0.010)
ANSWER = Budget(6_000, of=("max",))  # compressed, as it is sent
FUNCTIONS = Budget(450)


@dataclass
class Sample:
    """A tick as Chromium would send it. The answer must hold `expected`, the changed draft."""

    body: str
    headers: dict[str, str]
    expected: str


def measure(workspace: Workspace) -> Iterator[Table]:
    for site in workspace.both:
        yield _measure(workspace, site)


def _measure(workspace: Workspace, site: Site) -> Table:
    total = len(ecs_operations())
    # Not the last one of all: there is only one draft that it can lead to, and the program would remember it.
    sizes = {"1st": 1, "10th": 10, "40th": 40, f"{total - 1}th of ECS's {total}": total - 1}
    table = Table(
        f"A tick, {site.name}",
        notes=[
            "The tick of the 1st, 10th … operation while every category of ECS is open. Next: the process also",
            "answered the tick before it, as for somebody who ticks on. Unknown: it never saw the draft, as after",
            "a restart. Server: the whole application with its middleware, called in its process; processor: how",
            "long that kept a core busy, whoever else used the machine. over HTTP: from sending the request to the",
            "last byte, over an open connection. Functions: the different Python functions that one tick calls,",
            "after all others: code with a def, of Django and of Python as well; own are those of the program.",
            "Expressions that generate, lambdas, and what dataclasses generate do not count.",
        ],
    )
    with site.server() as server:
        controls = _controls(server)
        for at, (name, size) in enumerate(sizes.items()):
            steps = selections.steps(size, 2 * (TICKS + WARM_UP), seed=at)
            unknown, followed = steps[: TICKS + WARM_UP], steps[TICKS + WARM_UP :]
            if size > 1:
                table.rows += _rows(
                    workspace, site, server, f"{name}, next", _with_earlier(followed), controls, every=2
                )
            table.rows += _rows(workspace, site, server, f"{name}, unknown", unknown, controls)
    return table


def _with_earlier(steps: list[Step]) -> list[Step]:
    return [each for step in steps for each in (step.one_earlier(), step)]


def _rows(
    workspace: Workspace,
    site: Site,
    server: Server,
    name: str,
    steps: list[Step],
    controls: list[tuple[str, str]],
    every: int = 1,
) -> list[Row]:
    """The rows of the last of `every` so many steps; those before it prepare it."""
    samples = [_sample(server, controls, step) for step in steps]
    file = workspace.directory / "ticks.json"
    file.write_text(json.dumps([vars(sample) for sample in samples]), encoding="utf-8")
    measured = slice(every * WARM_UP + every - 1, None, every)
    inside = site.inside("ticks", file)[measured]
    seconds, sizes = _send(server, samples)
    return [
        Row(f"{name}: server", [tick["seconds"] for tick in inside], MILLISECONDS, SERVER_TIME),
        Row(f"{name}: processor", [tick["processor"] for tick in inside], MILLISECONDS),
        Row(f"{name}: over HTTP", seconds[measured], MILLISECONDS),
        Row(f"{name}: answer", sizes[measured], KILOBYTES, ANSWER),
        Row(f"{name}: functions", [inside[-1]["functions"]], COUNT, FUNCTIONS),
        Row(f"{name}: own functions", [inside[-1]["own"]], COUNT),
    ]


def _send(server: Server, samples: list[Sample]) -> tuple[list[float], list[int]]:
    """Seconds and bytes of each."""
    with server.connect() as connection:
        seconds, sizes = [], []
        for sample in samples:
            answer = connection.request("POST", "/", sample.body.encode(), sample.headers)
            if answer.status != 200 or sample.expected not in answer.text():
                raise BenchError(f"A tick was answered with {answer.status}, or without the changed draft.")
            seconds.append(answer.seconds)
            sizes.append(answer.size)
    return seconds, sizes


def _controls(server: Server) -> list[tuple[str, str]]:
    """What the form of the builder sends when all operations of ECS are ticked, and all its categories open with it."""
    with server.connect() as connection:
        answer = connection.request("GET", selections.address(ecs_operations()))
    form = _Form()
    form.feed(answer.text())
    ticked = [value.partition(" ")[0] for name, value in form.controls if name == "o"]  # in each of its places
    if set(ticked) != set(ecs_operations()):
        raise BenchError(f"The page of {len(ecs_operations())} selected operations has {len(ticked)} ticked boxes.")
    return form.controls


def _sample(server: Server, controls: list[tuple[str, str]], step: Step) -> Sample:
    before = selections.token(step.before)

    def sent(name: str, value: str) -> bool:
        """An option's box is turned on by the answer to the tick of its operation, not before."""
        if name == "o":
            return value.partition(" ")[0] in step.after
        return name != "p" or value.partition("#")[0] in step.before

    pairs = [(name, before if name == "draft" else value) for name, value in controls if sent(name, value)]
    headers = BROWSER_HEADERS | {
        "Content-Type": "application/x-www-form-urlencoded",
        "HX-Request": "true",
        "HX-Trigger": "builder",
        "HX-Current-URL": server.address + selections.address(step.before),
    }
    return Sample(urlencode(pairs), headers, selections.token(step.after))


@dataclass
class _Form(HTMLParser):
    """The controls of the form `builder` that a browser would send: names and values, as they stand in the page."""

    controls: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._inside = False
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self._inside = found.get("id") == "builder"
        elif tag == "select":
            self._select = found.get("name") or ""
            if self._belongs(found):
                self.controls.append((self._select, ""))
        elif tag == "option" and "selected" in found and self._select:
            self.controls[-1] = (self._select, found.get("value") or "")
        elif tag == "input" and self._belongs(found) and _is_sent(found):
            self.controls.append((found["name"] or "", found.get("value") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = ""

    def _belongs(self, attributes: Mapping[str, Any]) -> bool:
        return bool(attributes.get("name")) and (self._inside or attributes.get("form") == "builder")


def _is_sent(attributes: Mapping[str, Any]) -> bool:
    if "disabled" in attributes or attributes.get("type") in ("submit", "button"):
        return False
    return attributes.get("type") not in ("checkbox", "radio") or "checked" in attributes
