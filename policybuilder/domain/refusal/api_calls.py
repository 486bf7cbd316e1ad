"""API calls as a text names them (`POST https://…/v1/…/cloudservers`, a line for curl), and whose calls they are.

A path begins with a version: `/v2.1/{project_id}/servers/{server_id}`. Each placeholder stands for one segment, and
where a call fits several paths, the one with the fewest placeholders counts, as it does for a server.
Several operations can share a method and a path; the key that the call's body begins with tells them apart:
`{"os-start": null}`. A few calls of the catalogue name that key, of the others the operation's own words have to fit.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from policybuilder.domain.catalog.action_names import parse_action
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import ApiCall, Operation

MOST_CALLS = 20  # of one text; each is compared with every call of the catalogue that has as many segments
MOST_KEYS = 200

_CONTINUED = re.compile(r"[\\^`]\r?\n")  # a line that a shell reads together with the next one
_TOKEN = re.compile(
    r"""
    (?:(?<![A-Za-z_])|(?<=-X))(?P<method>GET|HEAD|POST|PUT|PATCH|DELETE)(?![A-Za-z_])
    | (?<![A-Za-z_])(?P<small>get|post|put|patch|delete)(?=[\s("'<]{1,8}(?:https?://|/?v\d))
    | (?<![A-Za-z0-9_.-])(?P<path>v\d{1,2}(?:\.\d{1,3})?/[^\s"'`?\#\\|,;]*)
    """,
    re.VERBOSE,
)
_CURL = re.compile(r"\bcurl\b")
_SENDS = re.compile(r"\s(?:-d|--data|--data-[a-z]+|--json)[\s='\"]")
_KEY = re.compile(r"""["']([A-Za-z][A-Za-z0-9_-]{1,63})\\?["']""")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_LEAST_WORD = 3  # characters; shorter ones begin too many others


@dataclass(frozen=True, slots=True)
class NamedCall:
    """A call that a text names. `method` is None where it only names the path."""

    method: str | None
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}" if self.method else self.path


@dataclass(frozen=True, slots=True)
class KnownCall:
    """A call of the catalogue, with the operation that it is of, or the action where no operation has it."""

    method: str
    segments: tuple[str | None, ...]  # None: a placeholder
    key: str  # that its body begins with; empty where the catalogue does not say
    operation: Operation | None
    action: str
    words: frozenset[str]

    def fits(self, segments: tuple[str, ...]) -> bool:
        return all(own in (None, given) for own, given in zip(self.segments, segments, strict=True))

    @property
    def fixed(self) -> int:
        """How many segments are no placeholder."""
        return len(self.segments) - self.segments.count(None)

    def answers(self, key: str) -> bool:
        """Whether a body that begins with `key` can be of this call: `os-start` of “Starting an ECS”."""
        if self.key:
            return self.key == key
        wanted = [word.rstrip("e") for word in _words(key.removeprefix("os-"))]
        return bool(wanted) and all(
            len(word) >= _LEAST_WORD and any(own.startswith(word) for own in self.words) for word in wanted
        )


class KnownCalls:
    """The calls of a catalogue, to be looked up."""

    def __init__(self, catalog: Catalog) -> None:
        self._by_length: dict[int, list[KnownCall]] = defaultdict(list)
        for operation in catalog.operations.values():
            words = {operation.title, *(parse_action(name).verb for name in operation.all_actions())}
            for call in operation.calls:
                self._add(call, operation, "", words)
        for action in catalog.actions.values():
            if not action.operations:
                for call in action.calls:
                    self._add(call, None, action.name, {parse_action(action.name).verb})

    def find(self, call: NamedCall, keys: Iterable[str]) -> tuple[KnownCall, ...]:
        """Those that `call` can be, in the catalogue's order; of several, those that the first telling key leaves."""
        found = self._at(call.path, call.method)
        for key in keys if len(found) > 1 else ():
            left = tuple(known for known in found if known.answers(key))
            if left and len(left) < len(found):
                return left
        return found

    def methods(self, path: str) -> tuple[str, ...]:
        """The methods by which a path can be called, sorted; none for a path that is not known."""
        return tuple(sorted({known.method for known in self._at(path, None)}))

    def _at(self, path: str, method: str | None) -> tuple[KnownCall, ...]:
        segments = _segments(path)
        fitting = [
            known
            for known in self._by_length.get(len(segments), ())
            if method in (None, known.method) and known.fits(segments)
        ]
        most = max((known.fixed for known in fitting), default=0)
        return tuple(known for known in fitting if known.fixed == most)

    def _add(self, call: ApiCall, operation: Operation | None, action: str, texts: Iterable[str]) -> None:
        path, _, rest = call.path.partition(" ")  # /v2/…/action action="os-attach"
        key = _KEY.search(rest)
        segments = tuple(None if "{" in segment else segment for segment in _segments(path.partition("?")[0]))
        words = frozenset(word for text in texts for word in _words(text))
        known = KnownCall(call.method, segments, key[1] if key else "", operation, action, words)
        self._by_length[len(segments)].append(known)


def find_calls(text: str) -> tuple[NamedCall, ...]:
    """The calls that a text names, in its order, each once.

    A method belongs to the path after it on the same line, else to the one before it; curl has methods of its own. The
    only method of a text belongs to every path that has none.
    """
    found: list[NamedCall] = []
    methods: set[str] = set()
    for line in _CONTINUED.sub(" ", text).splitlines():
        tokens = list(_TOKEN.finditer(line))
        on_line = [method for token in tokens if (method := token["method"] or token["small"])]
        methods.update(method.upper() for method in on_line)
        last = on_line[0].upper() if on_line else _method_of_curl(line)
        for token in tokens:
            if token["path"]:
                found.append(NamedCall(last, "/" + token["path"].rstrip(".:)>]")))
            else:
                last = (token["method"] or token["small"]).upper()
    only = next(iter(methods)) if len(methods) == 1 else None
    return tuple(dict.fromkeys(call if call.method else NamedCall(only, call.path) for call in found))


def find_keys(text: str) -> tuple[str, ...]:
    """What stands in quotes and can be the key of an object, in the text's order, each once, MOST_KEYS at most."""
    keys: dict[str, None] = {}
    for match in _KEY.finditer(text):
        keys.setdefault(match[1])
        if len(keys) == MOST_KEYS:
            break
    return tuple(keys)


def _method_of_curl(line: str) -> str | None:
    if not _CURL.search(line):
        return None
    return "POST" if _SENDS.search(line) else "GET"


def _segments(path: str) -> tuple[str, ...]:
    return tuple(segment.casefold() for segment in path.split("/") if segment)


def _words(text: str) -> Iterator[str]:
    """`addSecurityGroup` -> add, security, group."""
    return (word.casefold() for word in _WORD.findall(text))
