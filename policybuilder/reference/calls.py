"""API calls as the vendor's tables print them, in one spelling: `METHOD /path`."""

import re
from collections.abc import Callable, Iterator

from policybuilder.reference.journal import Journal, Place
from policybuilder.reference.problems import ReferenceProblem
from policybuilder.reference.tables import Cell

METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD")
NO_CALL = frozenset({"-", "x", "n/a"})
CONSOLE_ONLY = "For Console only"

_method = re.compile(rf"^({'|'.join(METHODS)})(?![A-Za-z])\s*(.*)$", re.IGNORECASE)
_host = re.compile(r"^https?://\{\*?Endpoint\*?\}", re.IGNORECASE)
_version = re.compile(r"^/V(?=[0-9])")
_no_slash = re.compile(r"^(?=v[0-9])")
_braces = re.compile(r"\{[^{}]*\}")
_trailer = re.compile(r'^action="[\w-]+"$')
# A path, then words about its body: `, SQL statement invoking`, ` action="os-extend"` or ` with "x" in its body`.
_path = re.compile(r'^/[^\s,]*(\?[^\s]*)?(\{[^{}]*\})?(, [A-Za-z ]+| action="[\w-]+"| with "[\w-]+" in its body)?$')

_SPELLINGS: dict[str, Callable[[str], str]] = {
    "endpoint-in-path": lambda path: _host.sub("", path),
    "path-slash": lambda path: _no_slash.sub("/", path),
    "version-case": lambda path: _version.sub("/v", path),
    "blank-in-braces": lambda path: _braces.sub(lambda found: "".join(found[0].split()), path),
}


def read_calls(cell: Cell, place: Place, journal: Journal, *, by_name: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(calls, notes) of a cell. `by_name`: the table names its calls and prints no paths.

    Raises ReferenceProblem for what is neither a call nor one of the words for none.
    """
    notes = [block.text for block in cell if block.note]
    lines = [line.strip() for block in cell if not block.note for line in block.text.splitlines()]
    if len(lines) == 1 and lines[0].casefold() in NO_CALL:
        return (), tuple(notes)
    if lines == [CONSOLE_ONLY]:
        return (), (*notes, f"{CONSOLE_ONLY}.")
    if by_name:
        return tuple(lines), tuple(notes)
    calls = [_spelled(line, place, journal) for line in _joined(lines, place, journal)]
    for call in dict.fromkeys(call for call in calls if calls.count(call) > 1):
        journal.normalise("call-twice", place, call)
    return tuple(dict.fromkeys(calls)), tuple(notes)


def _joined(lines: list[str], place: Place, journal: Journal) -> Iterator[str]:
    """The lines, those that are one call in one."""
    pending = ""
    for line in lines:
        if _trailer.match(line) and pending:
            journal.normalise("call-trailer", place, line)
            pending = f"{pending} {line}"
        elif pending.upper() in METHODS or (pending.endswith("/") and line.startswith("{")):
            journal.normalise("broken-call", place, f"{pending} + {line}")
            pending = f"{pending} {line}" if pending.upper() in METHODS else pending + line
        else:
            if pending:
                yield pending
            pending = line
    if pending:
        yield pending


def _spelled(line: str, place: Place, journal: Journal) -> str:
    match = _method.match(line)
    if not match:
        if re.fullmatch(r"/[\w/*]+", line):
            return line  # every method of these paths
        raise ReferenceProblem(str(place), f"{line!r} is no API call: a method and a path were expected.")
    method, path = match.groups()
    if method != method.upper():
        journal.normalise("method-case", place, line)
    if not line[len(method) : len(method) + 1].isspace():
        journal.normalise("method-glued", place, line)
    for name, spell in _SPELLINGS.items():
        spelled = spell(path)
        if spelled != path:
            journal.normalise(name, place, line)
            path = spelled
    if not _path.match(path):
        raise ReferenceProblem(str(place), f"{line!r} is no API call: a method and a path were expected.")
    return f"{method.upper()} {path}"
