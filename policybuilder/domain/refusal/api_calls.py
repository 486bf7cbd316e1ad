"""API calls as a text names them: `POST https://…/v1/…/cloudservers`, a line for curl, a method below its address.

A path begins with a version: `/v2.1/{project_id}/servers/{server_id}`. Where a link stands only as a value (`"href"`,
`Location`), or a file of a page, nothing is called.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

_CONTINUED = re.compile(r"[\\^`]\r?\n")  # a line that a shell reads together with the next one
_TOKEN = re.compile(
    r"""
    (?P<link>(?<![A-Za-z])(?i:href|location|referr?er)[\\"']{0,3}\s{0,4}[:=]\s{0,4}[\\"']{0,3}[^\s"'`\\]+)
    | (?:(?<![A-Za-z_])|(?<=-X))(?P<method>GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)(?![A-Za-z_])
    | (?<![A-Za-z_])(?P<small>get|post|put|patch|delete)(?=[\s("'<]{1,8}(?:https?://|/?v\d))
    | (?<![A-Za-z0-9_.-])(?P<path>v\d{1,2}(?:\.\d{1,3})?/[^\s"'`?\#\\|,;]*)
    | (?P<other>https?://(?![^\s"'`?\#\\|,;]{0,300}/v\d{1,2}(?:\.\d{1,3})?/)[^\s"'`]+)
    """,
    re.VERBOSE,
)
_FILE = re.compile(r"\.(?:css|html?|ico|js|map|png|svg|woff2?)\W*$")  # of a page, such as a console's
_CURL = re.compile(r"\bcurl\b")
_SENDS = re.compile(r"\s(?:-d|--data|--data-[a-z]+|--json)[\s='\"]")


@dataclass(frozen=True, slots=True)
class NamedCall:
    """A call that a text names. `method` is None where it only names the path."""

    method: str | None
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}" if self.method else self.path


@dataclass(frozen=True, slots=True)
class PlacedCall:
    """A call where a text names it: what belongs to it begins at `start`, its path stands from `at` to `end`.

    `call` is None where the address is none of an API with versions; something is called all the same. `guessed`: no
    method stands with it.
    """

    call: NamedCall | None
    start: int
    at: int
    end: int
    guessed: bool = False


def join_lines(text: str) -> str:
    """The text, as long as before, with the lines together that a shell reads together."""
    return _CONTINUED.sub(lambda match: " " * len(match[0]), text)


def path_of(url: str) -> str | None:
    """The path of an address from its version on; None where it has none."""
    match = next((match for match in _TOKEN.finditer(url) if match["path"]), None)
    return _path(match) if match else None


def find_calls(text: str) -> tuple[PlacedCall, ...]:
    """Every place where a text, with its lines joined, names a call, in its order.

    A method belongs to the path after it on the same line, else to the one before it, else, where it is called the
    method, to the path of the lines around it; curl has methods of its own. The only method of a text belongs to every
    path that has none.
    """
    found = _Found()
    at = 0
    for line in text.splitlines(keepends=True):
        found.read(line, at)
        at += len(line)
    only = next(iter(found.methods)) if len(found.methods) == 1 else None
    return tuple(
        replace(_with_method(placed, only), guessed=True) if placed.call and not placed.call.method else placed
        for placed in found.calls
    )


@dataclass(slots=True)
class _Found:
    """What the lines so far name. `loose` is a method whose path is yet to come; `labelled`: one is announced."""

    calls: list[PlacedCall] = field(default_factory=list)
    methods: set[str] = field(default_factory=set)
    loose: str | None = None
    labelled: bool = False

    def read(self, line: str, offset: int) -> None:
        tokens = [token for token in _TOKEN.finditer(line) if not token["link"]]
        methods = [method.upper() for token in tokens if (method := token["method"] or token["small"])]
        self.methods.update(methods)
        calls = list(_calls_of(line, offset, tokens, methods[0] if methods else _method_of_curl(line)))
        label = line.casefold()
        if not calls and len(methods) == 1 and (self.labelled or "method" in label):
            self._keep(methods[0])
        for placed in calls:
            if placed.call and not placed.call.method:
                placed = _with_method(placed, self.loose)
                self.loose = None
            self.calls.append(placed)
        self.labelled = label.rstrip(': \r\n"').endswith("method")

    def _keep(self, method: str) -> None:
        """A method on a line of its own: of the call before it, where that has none."""
        last = self.calls[-1] if self.calls else None
        if last and last.call and not last.call.method:
            self.calls[-1] = _with_method(last, method)
        else:
            self.loose = method


def _calls_of(line: str, offset: int, tokens: list[re.Match[str]], first: str | None) -> Iterator[PlacedCall]:
    """The calls of one line. An address inside what a call sends or gets is none.

    `open_`: a method stands before, or may, that has no path yet. `start`: where what belongs to the next call begins.
    """
    method, start, mark = first, 0, len(line)
    open_, inside = bool(_CURL.search(line)), False
    for token in tokens:
        inside = inside or "{" in line[mark : token.start()]
        start = token.start() if start < 0 else start
        if found := token["method"] or token["small"]:
            method, open_, inside = found.upper(), True, False
        elif (token["path"] and not inside and not _FILE.search(token["path"][-8:])) or (token["other"] and open_):
            call = NamedCall(method, _path(token)) if token["path"] else None
            yield PlacedCall(call, offset + start, offset + token.start(), offset + token.end())
            open_, start, mark = False, -1, token.end()
        mark = token.end() if mark < len(line) else mark


def _path(token: re.Match[str]) -> str:
    return "/" + token["path"].rstrip(".:)>]")


def _with_method(placed: PlacedCall, method: str | None) -> PlacedCall:
    if method is None or placed.call is None or placed.call.method:
        return placed
    return replace(placed, call=NamedCall(method, placed.call.path))


def _method_of_curl(line: str) -> str | None:
    if not _CURL.search(line):
        return None
    return "POST" if _SENDS.search(line) else "GET"
