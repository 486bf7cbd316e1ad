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
from .request_fields import Field, Label, label_of, speaks_of_method

VERSION = r"[vV]\d{1,2}(?:\.\d{1,3}|(?:alpha|beta)\d{1,2}|-ext)?"

_CONTINUED = re.compile(r"[\\^`]\r?\n")  # a line that a shell reads together with the next one
# A method alone on the line above an address, as browsers copy it.
_ABOVE = re.compile(
    r"^[ \t]{0,8}(?:XHR[ \t]{0,4})?(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)[ \t]{0,8}\r?\n(?=[ \t]{0,8}https?://)",
    re.MULTILINE,
)
_TOKEN = re.compile(
    r"""
    (?P<link>(?<![A-Za-z])(?i:href|location|referr?er)[\\"']{0,3}\s{0,4}[:=]\s{0,4}[\\"']{0,3}[^\s"'`\\]+)
    | (?:(?<![A-Za-z_])|(?<=-X)|(?<=XHR))(?P<method>GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)(?![A-Za-z_])
    | (?<![A-Za-z_])(?P<small>get|post|put|patch|delete)(?=[\s("'<]{1,8}(?:https?://|/?v\d))
    | (?i:method)["']?\s{0,4}[:=]\s{0,4}["'](?P<quoted>get|post|put|patch|delete)(?=["'])
    | (?P<object>https?://(?:[^\s"'`/?\#]{1,200}\.)?(?:obs|s3)\.(?:[a-z]{2}-[a-z]{2,10}\d{0,3}\.)?
        (?:(?:sc\.)?otc\.t-systems\.com|otc-tsi\.de)(?::\d{1,5})?(?:[/?][^\s"'`\\|<>]*)?)
    | (?<=calling\ the\ )(?P<named>[A-Z][A-Za-z0-9]{3,60})(?=\ operation)
    | (?<=[A-Z]\ )(?P<bare>/(?![^\s"'`?\#\\|,;]{0,300}(?<=/)VERSION/)[^\s"'`]{0,1024})(?=\ HTTP/\d)
    | (?<![A-Za-z0-9_.-])(?P<path>VERSION/[^\s"'`?\#\\|,;]*)
    | (?P<other>\0+|https?://(?![^\s"'`?\#\\|,;]{0,300}/VERSION/)[^\s"'`]+)
    """.replace("VERSION", VERSION),
    re.VERBOSE,
)
_NOT_HTTP = re.compile(r"(?!https?:)[a-z][a-z+-]{1,30}:(?!\d)", re.IGNORECASE)
# The address of a request that is no API call: another scheme (`data:…`) or a part of a page (`/static/a.js`).
_UNCALLABLE = re.compile(
    r"""
    (?:(?<![A-Za-z-])ur[il]["']?\s{0,4}[:=\t\n]|\bfetch\()[\s"'`]{0,8}
    (?P<address>
        NOT_HTTP[^\s"'`]*
        | (?![^\s"'`]{0,300}VERSION/)[\w.-]{0,200}(?::\d{1,5})?[/?][^\s"'`]*
    )
    """.replace("VERSION", VERSION).replace("NOT_HTTP", _NOT_HTTP.pattern),
    re.VERBOSE | re.IGNORECASE,
)
_FILE = re.compile(r"\.(?:css|html?|ico|js|map|png|svg|woff2?)\W*$")  # of a page, such as a console's
_CURL = re.compile(r"\bcurl\b")
_POWERSHELL = re.compile(r"\s-Uri\s", re.IGNORECASE)
_CLIENT = re.compile(r"\bcurl\b|\bfetch\(|\s-Uri\s", re.IGNORECASE)
_ASKED = re.compile(r"(?:request|for)[ _-]?ur[il]\b", re.IGNORECASE)
_CONNECTED = re.compile(r"""https?://([\w.-]{1,250})(?::\d{1,5})?[ ]"[A-Z]{3,7}[ ][^\s"]*$""")
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
    """An address where a text calls something: its part of the text begins at `start`, its path is `at` to `end`.

    `foreign`: the address is no API call. `guessed`: no method belongs to it. `asked`: the text calls it the address of
    a request. `bare`: a path without version and host, which counts at hosts of the cloud only. `pseudo`: the header
    `:path` of HTTP/2. `doubtful`: it counts only with a method. `address` is the path as the text has it.
    """

    call: NamedCall
    start: int
    at: int
    end: int
    guessed: bool = False
    bare: bool = False
    foreign: bool = False
    asked: bool = False
    pseudo: bool = False
    doubtful: bool = False
    address: str = ""

    @property
    def counts(self) -> bool:
        return bool(self.call.method) or not (self.foreign and self.doubtful)

    @property
    def api_call(self) -> NamedCall | None:
        """The call; None where the address is none of an API."""
        return None if self.foreign else self.call


def join_lines(text: str) -> str:
    """The text, as long as before, with the lines together that a shell reads together, or that are one request."""
    text = _CONTINUED.sub(lambda match: " " * len(match[0]), text)
    return _ABOVE.sub(lambda match: match[0].replace("\r", " ").replace("\n", " "), text)


def _hidden(match: re.Match[str]) -> str:
    """The same text with a NUL for each character of the address, so that places stay as they were."""
    address = match["address"]
    return match[0][: -len(address)] + "\0" * len(address)


def call_of(method: str | None, url: str) -> NamedCall | None:
    """The call of an address; None where it is none of an API, and stores no objects."""
    if _NOT_HTTP.match(url):
        return None
    for token in _TOKEN.finditer(url):
        call = _call_at(token, method, inside=False, open_=True) if not token["link"] else None
        if call:
            foreign = _is_foreign(token, call)
            return _at_host(url, PlacedCall(call, 0, token.start(), token.end(), foreign=foreign), 0, len(url)).api_call
    return None


def find_calls(text: str) -> tuple[PlacedCall, ...]:
    """Every place where a text, with its lines joined, names a call, in its order.

    A method belongs to the path after it on the same line. On a line of its own it belongs to the address of its block:
    fields of a request on successive lines, in the same order in every block. An address that is no API call has a
    method and a status as well, so it is a place without a call. curl has methods of its own. The only method of a text
    belongs to every path that has none.
    """
    found = _Found()
    at = 0
    text = _UNCALLABLE.sub(_hidden, text)
    for line in text.splitlines(keepends=True):
        found.read(line, at)
        at += len(line)
    only = next(iter(found.methods)) if len(found.methods) == 1 else None
    ends = [*(placed.start for placed in found.calls[1:]), len(text)]
    before = [0, *(placed.end for placed in found.calls)]
    placed = zip(found.calls, before, ends, strict=False)
    return tuple(_finished(_at_host(text, one, start, end), only) for one, start, end in placed if one.counts)


@dataclass(slots=True)
class _Found:
    """The calls that the lines so far name, and the fields of a block whose address has not come yet.

    `loose` and `pseudo` are methods (of a label, of HTTP/2) whose address is yet to come; `lent`: the last address took
    `loose`, and a method that follows it is a better one. `first` is the field that the text's blocks begin with, and
    `block` the place of the latest one. `label` announces the value on the next line. `address` is the last one, where
    a request line or `:path` can repeat it.
    """

    calls: list[PlacedCall] = field(default_factory=list)
    methods: set[str] = field(default_factory=set)
    loose: str | None = None
    pseudo: str | None = None
    lent: bool = False
    first: Field | None = None
    block: int | None = None
    label: Label | None = None
    address: str = ""

    def read(self, line: str, offset: int) -> None:
        tokens = [token for token in _TOKEN.finditer(line) if not token["link"]]
        methods = [method for token in tokens if (method := _method_of(token))]
        self.methods.update(methods)
        label = label_of(line) or self.label
        self._begin(label, offset)
        calls = list(_calls_of(line, offset, tokens, methods[0] if methods else _method_of_client(line), label))
        if not calls and len(methods) == 1 and (_of_method(label) or speaks_of_method(line)):
            self._keep(methods[0], label.field if label else Field.METHOD)
        for placed in calls:
            self._place(placed, label)
        self.label = label if label and label.alone and label is not self.label else None

    @property
    def _last(self) -> PlacedCall | None:
        return self.calls[-1] if self.calls else None

    def _begin(self, label: Label | None, offset: int) -> None:
        """Note the field that begins the blocks, and where one begins."""
        own = label.field if label and label is not self.label else None
        waiting = self._last is not None and not self._last.call.method
        begins = own in (Field.ADDRESS, Field.METHOD) or (own is Field.STATUS and not self.calls)
        if self.first is None and begins and not (own is Field.METHOD and waiting):
            self.first = own
        if own is not None and own is self.first and own is not Field.ADDRESS:
            self.block = offset

    def _keep(self, method: str, named: Field) -> None:
        """A method on a line of its own: of the address before it, where that has none, else of the one after it."""
        last = self._last
        if named is Field.PSEUDO_METHOD and not (last and last.pseudo):
            self.pseudo = method
        elif last and (not last.call.method or (self.lent and self.first is Field.ADDRESS)):
            self.calls[-1] = replace(last, call=replace(last.call, method=None if last.call.is_name else method))
            self.lent = False
        elif named is Field.PSEUDO_METHOD:
            self.pseudo = method
        else:
            self.loose = method

    def _place(self, placed: PlacedCall, label: Label | None) -> None:
        """Add an address with the method that waits for it; one that repeats the last address is the same request."""
        pseudo = label is not None and label.field is Field.PATH
        last = self._last
        if last and (pseudo or placed.bare) and self.address and self.address.endswith(placed.address):
            self.calls[-1] = _with_method(last, self.pseudo or placed.call.method)
        else:
            waiting = self.pseudo if pseudo else self.loose
            self.lent = not placed.call.method and not pseudo and bool(waiting)
            placed = _with_method(replace(placed, pseudo=pseudo), waiting)
            if self.block is not None and not pseudo:
                placed = replace(placed, start=min(self.block, placed.start))
            self.calls.append(placed)
            self.address = "" if pseudo or placed.bare else placed.address
            self.loose = self.block = None
        self.pseudo = None


def _calls_of(
    line: str, offset: int, tokens: list[re.Match[str]], first: str | None, label: Label | None
) -> Iterator[PlacedCall]:
    """The addresses of one line that something is called at. An address inside what a call sends or gets is none.

    `open_`: a method, client or label before, which has no address yet. `start`: where what belongs to the next call
    begins.
    """
    method, start, mark = first, 0, len(line)
    labelled = label is not None and label.field in (Field.ADDRESS, Field.PATH)
    open_, inside = bool(_CLIENT.search(line)) or labelled, False
    for token in tokens:
        inside = inside or "{" in line[mark : token.start()]
        start = token.start() if start < 0 else start
        asked = bool(_ASKED.search(line[start : token.start()][-80:]))
        if found := _method_of(token):
            method, open_, inside = found, True, False
        elif call := _call_at(token, method, inside=inside, open_=open_ or asked):
            target = _TARGET_END.match(line, token.start())
            yield PlacedCall(
                call,
                *(offset + start, offset + token.start(), offset + token.end()),
                bare=bool(token["bare"]),
                foreign=_is_foreign(token, call),
                asked=asked or (labelled and not label.plain) if label else asked,
                doubtful=bool(label and label.plain) and not asked,
                address=(target[0] if target else "").rstrip("]),;"),
            )
            open_, start, mark = False, -1, token.end()
        mark = token.end() if mark < len(line) else mark


def _call_at(token: re.Match[str], method: str | None, *, inside: bool, open_: bool) -> NamedCall | None:
    """The call of an address, None where nothing is called there. A file of a page needs a sign that it was called."""
    if token["path"]:
        return None if inside or (_is_file(token) and not open_) else _named(method, token)
    if token["other"]:
        host, path = _split_address(token["other"])
        path = path.partition("?")[0].rstrip(".:)>],;") if host else "/"
        return NamedCall(method, path, host) if open_ else None
    if (token["object"] and not inside) or token["named"] or (token["bare"] and open_):
        return _named(method, token)
    return None


def _is_file(token: re.Match[str]) -> bool:
    return bool(_FILE.search(token["path"][-8:]))


def _is_foreign(token: re.Match[str], call: NamedCall) -> bool:
    """Whether an address is no API call: a file, or without a version at another host than a region's."""
    if token["other"]:
        host = read_host(call.host)
        return host is None or not host.region
    return bool(token["path"]) and _is_file(token)


def _method_of(token: re.Match[str]) -> str:
    return (token["method"] or token["small"] or token["quoted"] or "").upper()


def _of_method(label: Label | None) -> bool:
    return label is not None and label.field in (Field.METHOD, Field.PSEUDO_METHOD)


def _named(method: str | None, token: re.Match[str]) -> NamedCall:
    if token["named"]:
        return NamedCall(None, token["named"])
    if token["object"]:
        host, path = _split_address(token["object"])
        return NamedCall(method, path.rstrip(".:)>],;"), host)
    return NamedCall(method, token["bare"] or "/" + token["path"].rstrip(".:)>]"))


def _finished(placed: PlacedCall, only: str | None) -> PlacedCall:
    """The place as it is told: without a call where the address is none of an API."""
    guessed = not placed.call.method
    return replace(_with_method(placed, only), guessed=guessed, foreign=placed.foreign or placed.bare)


def _at_host(text: str, placed: PlacedCall, start: int, end: int) -> PlacedCall:
    """The call with the host that the text names between `start` and `end`. A `bare` call elsewhere is foreign."""
    call = placed.call
    if placed.foreign or call.host or call.is_name:
        return placed
    window = text[max(0, placed.at - _MOST_BEFORE) : placed.at]
    before = window[max(window.rfind(sign) for sign in _BEFORE_TARGET) + 1 :]
    host, path = _split_address(before)
    if not host:
        host, path = _host_beside(text, placed, start, end) or _connected(window), before
    read = read_host(host)
    if read and read.stores_objects and (rest := _TARGET_END.match(text, placed.at)):
        return replace(placed, call=replace(call, path=path + rest[0], host=host), bare=placed.bare and not read.region)
    front = path.rstrip("/") if path.startswith("/") else ""
    if read is None:
        return replace(placed, call=replace(call, front=front, other_host=host))
    called = replace(call, path=call.path.partition("?")[0], host=host, front=front)
    return replace(placed, call=called, bare=placed.bare and not read.region)


def _host_beside(text: str, placed: PlacedCall, start: int, end: int) -> str:
    """The host that a header tells: below the address, or above the `:path` of HTTP/2."""
    header = _HOST.search(text, placed.end, min(end, placed.end + _MOST_HEADERS))
    if placed.pseudo:
        above = list(_HOST.finditer(text, max(start, placed.at - _MOST_HEADERS), placed.at))
        header = above[-1] if above else header
    return header[1].partition(":")[0] if header else ""


def _connected(before: str) -> str:
    """The host of a line that Python's urllib3 logs: `https://ecs…:443 "GET /v1/…`."""
    match = _CONNECTED.search(before)
    return match[1] if match else ""


def _split_address(address: str) -> tuple[str, str]:
    """The host of an address, "" where it has none, and the rest, which begins with a slash."""
    host, slash, rest = address.partition("://")[2].partition("/") if "://" in address else address.partition("/")
    host, mark, parameters = host.partition("?")
    host = host.partition(":")[0]
    return (host, (slash or "/") + (mark + parameters) + rest) if "." in host else ("", address)


def _with_method(placed: PlacedCall, method: str | None) -> PlacedCall:
    if method is None or placed.call.method or placed.call.is_name:
        return placed
    return replace(placed, call=replace(placed.call, method=method))


def _method_of_client(line: str) -> str | None:
    """The method of a command that names none."""
    if _POWERSHELL.search(line):
        return "GET"
    if not _CURL.search(line):
        return None
    if _UPLOADS.search(line):
        return "PUT"
    return "POST" if _SENDS.search(line) else "GET"
