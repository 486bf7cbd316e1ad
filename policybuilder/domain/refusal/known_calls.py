"""Whose calls a text names: the operations of the catalogue, or the actions where no operation has the call.

Each placeholder of a path, as in `/v2.1/{project_id}/servers/{server_id}`, stands for one segment, and where a call
fits several paths, the one with the fewest placeholders counts, as it does for a server.
Several operations can share a method and a path; the key that the call's body begins with tells them apart:
`{"os-start": null}`. A few calls of the catalogue name that key, of the others the operation's own words have to fit.
An address that takes any SQL statement is of every operation that it is published for.

Several services can have the same call: the host says whose it is. A call that is published by its name only, as those
of object storage are, is found by the actions that it needs.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property

from policybuilder.domain.catalog.action_names import parse_action, service_of
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import ApiCall, Operation
from policybuilder.domain.remembering import built_once

from . import object_storage
from .api_calls import VERSION, NamedCall
from .hosts import Endpoints

_KEY = re.compile(r"""["']([A-Za-z][A-Za-z0-9_-]{1,63})\\?["']""")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_LEAST_WORD = 3  # characters; shorter ones begin too many others
_PATH = re.compile(r"(?:\{+[^{}?]*\}+|[^\s,?{])*")  # of a call's text; what follows says more of it
_VERSION = re.compile(VERSION)
_WITHIN = re.compile(r'\bwith "([A-Za-z_-]{1,64})" in its body')
_STATEMENT = re.compile(r"\bstatements?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class KnownCall:
    """A call of the catalogue, with the operation that it is of, or the action where no operation has it."""

    method: str
    path: str  # as it is published, without what is said of it beside
    segments: tuple[str | None, ...]  # None: a placeholder
    key: str  # that its body begins with; empty where the catalogue does not say
    operation: Operation | None
    action: str
    words: frozenset[str]
    services: frozenset[str]  # slugs of those that publish it
    by_statement: bool  # the catalogue says that a statement is sent
    within: str = ""  # the key that its body holds somewhere; without it, the same call is another one

    def fits(self, segments: tuple[str, ...]) -> bool:
        return all(own in (None, given) for own, given in zip(self.segments, segments, strict=True))

    @property
    def actions(self) -> tuple[str, ...]:
        return self.operation.all_actions() if self.operation else (self.action,)

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
        self._objects: list[KnownCall] = []  # all that object storage has
        self._all: list[KnownCall] = []
        self.endpoints = Endpoints(catalog)
        for operation in catalog.operations.values():
            words = {operation.title, *(parse_action(name).verb for name in operation.all_actions())}
            slugs = frozenset(service.slug for service in catalog.services_of(operation))
            for call in operation.calls:
                self._add(call, operation, "", words, slugs)
            if {service_of(name) for name in operation.all_actions()} == {object_storage.PREFIX}:
                self._objects.append(KnownCall("", "", (), "", operation, "", frozenset(), slugs, by_statement=False))
        for action in catalog.action_index.actions.values():
            if not action.operations:
                prefix = service_of(action.name)
                slugs = frozenset(service.slug for service in catalog.services if prefix in service.prefixes)
                for call in action.calls:
                    self._add(call, None, action.name, {parse_action(action.name).verb}, slugs)
                if prefix == object_storage.PREFIX:
                    self._objects.append(
                        KnownCall("", "", (), "", None, action.name, frozenset(), slugs, by_statement=False)
                    )

    def find(self, call: NamedCall, body: str = "", keys: Iterable[str] = (), asked: str = "") -> tuple[KnownCall, ...]:
        """Those that `call` can be, in the catalogue's order. `asked` is the text of the request.

        Of several that its body tells apart, only those whose body begins with `body`, which can be none at all; where
        that key is not known (""), those that the first telling one of `keys` leaves, which may be some of its body.
        All where the body is a statement.
        """
        if call.of_objects:
            return self._of_objects(call, asked)
        listed = tuple(keys)
        found = tuple(known for known in self._at(call) if not (known.within and body) or known.within in listed)
        if takes_statement(found):
            return found
        if body and _told_apart(found):
            shared = frozenset.intersection(*(known.words for known in found))
            return tuple(known for known in found if known.answers(body, shared))
        for key in listed if len(found) > 1 else ():
            left = tuple(known for known in found if known.answers(key))
            if left and len(left) < len(found):
                return left
        return found

    def methods(self, call: NamedCall) -> tuple[str, ...]:
        """The methods by which its address can be called, sorted; none for one that is not known."""
        if call.of_objects:
            return ()
        return tuple(sorted({known.method for known in self._at(replace(call, method=None))}))

    @cached_property
    def segments(self) -> frozenset[str]:
        """All that stand in paths, other than placeholders."""
        return frozenset(segment for known in self._all for segment in known.segments if segment)

    def _at(self, call: NamedCall) -> tuple[KnownCall, ...]:
        segments = _segments(call.path)
        fitting = self._at_host(
            call.host,
            [
                known
                for known in self._by_length.get(len(segments), ())
                if call.method in (None, known.method) and known.fits(segments)
            ],
        )
        most = max((known.fixed for known in fitting), default=0)
        return tuple(known for known in fitting if known.fixed == most)

    def _at_host(self, host: str, found: list[KnownCall]) -> list[KnownCall]:
        """Those of the host's services; without one of these, those of services whose hosts are not known."""
        if not host:
            return found
        services = self.endpoints.services(host)
        own = [known for known in found if known.services & services]
        return own or [known for known in found if not any(map(self.endpoints.example, known.services))]

    def _of_objects(self, call: NamedCall, asked: str) -> tuple[KnownCall, ...]:
        """Those that need exactly the actions of a request; where there are none, all that these actions are for."""
        found: dict[KnownCall, None] = {}
        for verbs in object_storage.needed(call.host, call.method, call.path, asked):
            wanted = {verb.casefold() for verb in verbs}
            having = [
                (known, {parse_action(name).verb.casefold() for name in known.actions}) for known in self._objects
            ]
            exact = [known for known, own in having if own == wanted]
            found |= dict.fromkeys(exact or (known for known, own in having if own & wanted))
        return tuple(found)

    def _add(
        self, call: ApiCall, operation: Operation | None, action: str, texts: Iterable[str], services: frozenset[str]
    ) -> None:
        if not call.method:  # known by its name only
            return
        match = _PATH.match(call.path)
        path = match[0] if match else ""
        rest = call.path[len(path) :]  # /v2/…/action action="os-attach"
        within = _WITHIN.search(rest)
        key = None if within else _KEY.search(rest)
        segments = tuple(None if "{" in segment else segment for segment in _segments(path))
        words = frozenset(word for text in texts for word in _words(text))
        known = KnownCall(
            call.method,
            path,
            segments,
            key[1] if key else "",
            operation,
            action,
            words,
            services,
            bool(_STATEMENT.search(rest)),
            within[1] if within else "",
        )
        self._by_length[len(segments)].append(known)
        self._all.append(known)


@built_once
def calls_of(catalog: Catalog) -> KnownCalls:
    """The calls of a catalogue; the latest are kept, for every refusal asks for them."""
    return KnownCalls(catalog)


def takes_statement(found: Sequence[KnownCall]) -> bool:
    """Whether the body of a call that can be any of these is a statement, which does not tell them apart."""
    return len(found) > 1 and any(known.by_statement for known in found)


def _told_apart(found: tuple[KnownCall, ...]) -> bool:
    """Whether the body of a call tells which of these it is: they are of one method, and several operations."""
    operations = {known.operation.id if known.operation else "" for known in found}
    alike = len({known.method for known in found}) == 1
    return alike and (len(operations) > 1 or any(known.key for known in found))


def _segments(path: str) -> tuple[str, ...]:
    """From the version on, where a path has one: texts do not tell where an address begins."""
    segments = [segment.casefold() for segment in path.split("/") if segment]
    version = next((at for at, segment in enumerate(segments) if _VERSION.fullmatch(segment)), 0)
    return tuple(segments[version:])


def _words(text: str) -> Iterator[str]:
    """`addSecurityGroup` -> add, security, group."""
    return (word.casefold() for word in _WORD.findall(text))
