"""How long a search takes: the whole answer of the server, the search by itself, and building what it looks into."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import yaml

from bench.report import MILLISECONDS, Budget, Row, Table
from bench.wire import BROWSER_HEADERS
from bench.workspace import PROJECT, Site, Workspace

QUERIES = PROJECT / "tests" / "domain" / "searching" / "queries.yaml"
SERVER_TIME = Budget(0.020, of=("p95",))


def measure(workspace: Workspace) -> Iterator[Table]:
    queries = [query for query, *_ in yaml.safe_load(QUERIES.read_text(encoding="utf-8"))]
    file = workspace.directory / "searches.json"
    file.write_text(json.dumps(queries), encoding="utf-8")
    table = Table(
        "A search",
        notes=[
            f"The {len(queries)} queries of the search's own tests, each once, as somebody's who has selected nothing.",
            "Server: the whole application, called in its process; processor: how long that kept a core busy. Search:",
            "what is found, in its order, without the page. Index: what a process builds of its catalogue, once.",
        ],
    )
    for site in workspace.both:
        table.rows += _rows(site, workspace, file, queries)
    yield table


def _rows(site: Site, workspace: Workspace, file: Path, queries: list[str]) -> Iterator[Row]:
    sent = workspace.directory / "searches-sent.json"
    first = queries[:5]  # of a process that has to build everything
    sent.write_text(json.dumps([_sample(query) for query in [*first, *queries]]), encoding="utf-8")
    inside = site.inside("ticks", sent)[len(first) :]
    alone = site.inside("search", file)
    yield Row(f"{site.name}: server", [each["seconds"] for each in inside], MILLISECONDS, SERVER_TIME)
    yield Row(f"{site.name}: processor", [each["processor"] for each in inside], MILLISECONDS)
    yield Row(f"{site.name}: search, processor", alone["processor"], MILLISECONDS)
    yield Row(f"{site.name}: index", alone["index"], MILLISECONDS)


def _sample(query: str) -> dict[str, object]:
    """As Chromium sends the form while somebody types; the answer must say how much was found."""
    headers = BROWSER_HEADERS | {
        "Content-Type": "application/x-www-form-urlencoded",
        "HX-Request": "true",
        "HX-Trigger": "q",
    }
    return {"body": urlencode({"draft": "", "q": query}), "headers": headers, "expected": " found"}
