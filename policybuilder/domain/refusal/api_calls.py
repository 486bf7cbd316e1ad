"""API calls as a text names them: `POST https://…/v1/…/cloudservers`, a line for curl, a method below its address.

A path begins with a version: `/v2.1/{project_id}/servers/{server_id}`. Where a link stands only as a value (`"href"`,
`Location`), or a file of a page, nothing is called. A path without one counts at a host of the cloud, which stands in
the address or in the header `Host`; so do all of object storage, or it is known by the name that tools give its
operation.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from .hosts import read_host

VERSION = r"[vV]\d{1,2}(?:\.\d{1,3}|(?:alpha|beta)\d{1,2}|-ext)?"

_CONTINUED = re.compile(r"[\\^`]\r?\n")  # a line that a shell reads together with the next one
_TOKEN = re.compile(
    r"""
    (?P<link>(?<![A-Za-z])(?i:href|location|referr?er)[\\"']{0,3}\s{0,4}[:=]\s{0,4}[\\"']{0,3}[^\s"'`\\]+)
    | (?:(?<![A-Za-z_])|(?<=-X))(?P<method>GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)(?![A-Za-z_])
    | (?<![A-Za-z_])(?P<small>get|post|put|patch|delete)(?=[\s("'<]{1,8}(?:https?://|/?v\d))
    | (?P<object>https?://(?:[^\s"'`/?\#]{1,200}\.)?(?:obs|s3)\.(?:[a-z]{2}-[a-z]{2,10}\d{0,3}\.)?
        (?:(?:sc\.)?otc\.t-systems\.com|otc-tsi\.de)(?::\d{1,5})?(?:[/?][^\s"'`\\|<>]*)?)
    | (?<=calling\ the\ )(?P<named>[A-Z][A-Za-z0-9]{3,60})(?=\ operation)
    | (?<=[A-Z]\ )(?P<bare>/(?![^\s"'`?\#\\|,;]{0,300}(?<=/)VERSION/)[^\s"'`]{0,1024})(?=\ HTTP/\d)
    | (?<![A-Za-z0-9_.-])(?P<path>VERSION/[^\s"'`?\#\\|,;]*)
    | (?P<other>https?://(?![^\s"'`?\#\\|,;]{0,300}/VERSION/)[^\s"'`]+)
    """.replace("VERSION", VERSION),
    re.VERBOSE,
)
_FILE = re.compile(r"\.(?:css|html?|ico|js|map|png|svg|woff2?)\W*$")  # of a page, such as a console's
_CURL = re.compile(r"\bcurl\b")
_SENDS = re.compile(r"\s(?:-d|--data|--data-[a-z]+|--json)[\s='\"]")
_UPLOADS = re.compile(r"\s(?:-T|--upload-file)[\s='\"]")
_TARGET_END = re.compile(r"[^\s\"'`\\|<>]*")
_BEFORE_TARGET = " \t\r\n\"'`<>=(,;|\\"
_HOST = re.compile(r"^[>\s]{0,8}(?:host|:authority)\s{0,4}:\s{0,4}([\w.:-]{1,260})\s*$", re.IGNORECASE | re.MULTILINE)
_MOST_BEFORE = 300  # characters of an address before its version
_MOST_HEADERS = 2_000  # characters of them that are read for the host


@dataclass(frozen=True, slots=True)
class NamedCall:
    """A call that a text names. `method` is None where it only names the path.

    `host` is one of the cloud, or ""; `other_host` one that is not. At one that stores objects the path is all of it,
    with what is behind the question mark; without a slash it is the name of an operation there. Else it begins with a
    version, where it has one, and `front` is what stands before: `/api` of `/api/v1/namespaces`.
    """

    method: str | None
    path: str
    host: str = ""
    front: str = ""
    other_host: str = ""

    @property
    def of_objects(self) -> bool:
        host = read_host(self.host)
        return self.is_name or (host is not None and host.stores_objects)

    @property
    def is_name(self) -> bool:
        return not self.path.startswith("/")

    def __str__(self) -> str:
        shown = f"{self.host}{self.path}" if self.host and self.of_objects else f"{self.front}{self.path}"
        return f"{self.method} {shown}" if self.method else shown


@dataclass(frozen=True, slots=True)
class PlacedCall:
    """A call where a text names it: what belongs to it begins at `start`, its path stands from `at` to `end`.

    `call` is None where the address is none of an API with versions; something is called all the same. `guessed`: no
    method stands with it. `bare`: it is a path without version and host, which counts at hosts of the cloud only.
    """

    call: NamedCall | None
    start: int
    at: int
    end: int
    guessed: bool = False
    bare: bool = False


def join_lines(text: str) -> str:
    """The text, as long as before, with the lines together that a shell reads together."""
    return _CONTINUED.sub(lambda match: " " * len(match[0]), text)


def call_of(method: str | None, url: str) -> NamedCall | None:
    """The call of an address; None where it is none of an API with versions, and stores no objects."""
    match = next((match for match in _TOKEN.finditer(url) if match["path"] or match["object"]), None)
    if match is None:
        return None
    placed = PlacedCall(_named(method, match), 0, match.start(), match.end())
    return _at_host(url, placed, len(url)).call


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
    ends = [*(placed.start for placed in found.calls[1:]), len(text)]
    calls = [_at_host(text, placed, end) for placed, end in zip(found.calls, ends, strict=False)]
    return tuple(
        replace(_with_method(placed, only), guessed=True) if placed.call and not placed.call.method else placed
        for placed in calls
        if not placed.bare
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
        elif _is_called(token, inside=inside, open_=open_):
            call = _elsewhere(method, token["other"]) if token["other"] else _named(method, token)
            places = offset + start, offset + token.start(), offset + token.end()
            yield PlacedCall(call, *places, bare=bool(token["bare"]))
            open_, start, mark = False, -1, token.end()
        mark = token.end() if mark < len(line) else mark


def _is_called(token: re.Match[str], *, inside: bool, open_: bool) -> bool:
    if token["path"]:
        return not inside and not _FILE.search(token["path"][-8:])
    return bool((token["object"] and not inside) or token["named"] or (open_ and (token["bare"] or token["other"])))


def _named(method: str | None, token: re.Match[str]) -> NamedCall:
    if token["named"]:
        return NamedCall(None, token["named"])
    if token["object"]:
        host, path = _split_address(token["object"])
        return NamedCall(method, path.rstrip(".:)>],;"), host)
    return NamedCall(method, token["bare"] or "/" + token["path"].rstrip(".:)>]"))


def _elsewhere(method: str | None, address: str) -> NamedCall | None:
    """The call of an address without a version, where it is one of a region's hosts: a console has none."""
    host, path = _split_address(address)
    read = read_host(host)
    return NamedCall(method, path.partition("?")[0].rstrip(".:)>],;"), host) if read and read.region else None


def _at_host(text: str, placed: PlacedCall, end: int) -> PlacedCall:
    """The call with its host, where the text tells it before `end`; one that is `bare` is none elsewhere."""
    call = placed.call
    if call is None or call.host or call.is_name:
        return placed
    before = text[max(0, placed.at - _MOST_BEFORE) : placed.at]
    before = before[max(before.rfind(sign) for sign in _BEFORE_TARGET) + 1 :]
    host, path = _split_address(before)
    if not host:
        header = _HOST.search(text, placed.end, min(end, placed.end + _MOST_HEADERS))
        host, path = header[1].partition(":")[0] if header else "", before
    read = read_host(host)
    if read and read.stores_objects and (rest := _TARGET_END.match(text, placed.at)):
        return replace(placed, call=replace(call, path=path + rest[0], host=host), bare=placed.bare and not read.region)
    front = path.rstrip("/") if path.startswith("/") else ""
    if read is None:
        return replace(placed, call=replace(call, front=front, other_host=host))
    called = replace(call, path=call.path.partition("?")[0], host=host, front=front)
    return replace(placed, call=called, bare=placed.bare and not read.region)


def _split_address(address: str) -> tuple[str, str]:
    """The host of an address, "" where it has none, and the rest, which begins with a slash."""
    host, slash, rest = address.partition("://")[2].partition("/") if "://" in address else address.partition("/")
    host, mark, parameters = host.partition("?")
    host = host.partition(":")[0]
    return (host, (slash or "/") + (mark + parameters) + rest) if "." in host else ("", address)


def _with_method(placed: PlacedCall, method: str | None) -> PlacedCall:
    if method is None or placed.call is None or placed.call.method or placed.call.is_name:
        return placed
    return replace(placed, call=replace(placed.call, method=method))


def _method_of_curl(line: str) -> str | None:
    if not _CURL.search(line):
        return None
    if _UPLOADS.search(line):
        return "PUT"
    return "POST" if _SENDS.search(line) else "GET"
