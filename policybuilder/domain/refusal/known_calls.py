"""Whose calls a text names: the operations of the catalogue, or the actions where no operation has the call.

Each placeholder of a path, as in `/v2.1/{project_id}/servers/{server_id}`, stands for one segment, and where a call
fits several paths, the one with the fewest placeholders counts, as it does for a server.
Several operations can share a method and a path; the key that the call's body begins with tells them apart:
`{"os-start": null}`. A few calls of the catalogue name that key, of the others the operation's own words have to fit.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

from policybuilder.domain.catalog.action_names import parse_action
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import ApiCall, Operation

from .api_calls import NamedCall

_KEY = re.compile(r"""["']([A-Za-z][A-Za-z0-9_-]{1,63})\\?["']""")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_LEAST_WORD = 3  # characters; shorter ones begin too many others


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

    def answers(self, key: str, shared: Set[str] = frozenset()) -> bool:
        """Whether a body that begins with `key` can be of this call: `os-start` of “Starting an ECS”.

        By words that are all `shared` with other calls, it cannot.
        """
        if self.key:
            return self.key == key
        wanted = [word.rstrip("e") for word in _words(key.removeprefix("os-"))]
        begun = [{own for own in self.words if len(word) >= _LEAST_WORD and own.startswith(word)} for word in wanted]
        return bool(begun) and all(begun) and not set().union(*begun) <= shared


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

    def find(self, call: NamedCall, body: str = "", keys: Iterable[str] = ()) -> tuple[KnownCall, ...]:
        """Those that `call` can be, in the catalogue's order.

        Of several that its body tells apart, only those whose body begins with `body`, which can be none at all; where
        that key is not known (""), those that the first telling one of `keys` leaves, which may be some of its body.
        """
        found = self._at(call.path, call.method)
        if body and _told_apart(found):
            shared = frozenset.intersection(*(known.words for known in found))
            return tuple(known for known in found if known.answers(body, shared))
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


def _told_apart(found: tuple[KnownCall, ...]) -> bool:
    """Whether the body of a call tells which of these it is: they are of one method, and several operations."""
    operations = {known.operation.id if known.operation else "" for known in found}
    alike = len({known.method for known in found}) == 1
    return alike and (len(operations) > 1 or any(known.key for known in found))


def _segments(path: str) -> tuple[str, ...]:
    return tuple(segment.casefold() for segment in path.split("/") if segment)


def _words(text: str) -> Iterator[str]:
    """`addSecurityGroup` -> add, security, group."""
    return (word.casefold() for word in _WORD.findall(text))
