"""What a refusal is about: the names, calls and codes of a text, looked up in the catalogue."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from policybuilder.domain.catalog.action_names import action_key, parse_action
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Action, Operation, Service
from policybuilder.domain.catalog.known_actions import KnownActions
from policybuilder.domain.catalog.older_names import OlderAction, older_action
from policybuilder.domain.words import printable, quoted

from .api_calls import NamedCall
from .hosts import read_host
from .known_calls import KnownCall, KnownCalls, calls_of
from .log import Log, RefusedCall, read_log
from .object_storage import ObjectError, find_error
from .statuses import says_unauthenticated

MOST_NAMES = 50
MOST_CALLS = 20  # refused ones; each is compared with every call of the catalogue that has as many segments
MOST_CODES = 20
SHOWN_CALL = 120  # characters: two long ids and what stands around them

_CODE = re.compile(r"(?<![A-Za-z])IAM\.(\d{4})(?!\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SubjectCall:
    """A refused call with what the catalogue has for it; `others`: with another body it would have some. `elsewhere`
    are the services that have it, at hosts that are not its own."""

    refused: RefusedCall
    found: tuple[KnownCall, ...]
    others: bool
    elsewhere: tuple[Service, ...] = ()

    @property
    def operations(self) -> tuple[Operation, ...]:
        return tuple(dict.fromkeys(known.operation for known in self.found if known.operation))

    @property
    def actions(self) -> tuple[str, ...]:
        """Those that authorise it; where no operation has it, all that its service publishes for it."""
        own = tuple(name for operation in self.operations for name in operation.all_actions())
        return own or tuple(known.action for known in self.found if not known.operation)

    @property
    def free(self) -> bool:
        """Whether it needs no authorization, whichever operation it is."""
        return bool(self.found) and not self.actions

    @property
    def unseen(self) -> str:
        """The key in its body that makes it this call rather than another one, where the text does not show it."""
        shown = {self.refused.body, *self.refused.keys}
        return next((known.within for known in self.found if known.within not in shown), "")

    @property
    def region(self) -> str:
        return region_of(self.refused.call)

    def __str__(self) -> str:
        return shown(self.refused.call)


def region_of(call: NamedCall) -> str:
    """Where a call went, "" where the text does not tell."""
    host = read_host(call.host)
    return host.region if host else ""


def shown(call: NamedCall) -> str:
    """A call for a message, shortened, with its region."""
    text = printable(str(call))
    region = f" in {region_of(call)}" if region_of(call) else ""
    return f"“{text if len(text) <= SHOWN_CALL else text[: SHOWN_CALL - 1] + '…'}”{region}"


@dataclass(frozen=True)
class Subject:
    """A text with everything that is found in it. `cut`: there was more of it."""

    catalog: Catalog
    text: str
    cut: bool

    @cached_property
    def known(self) -> KnownActions:
        return KnownActions(self.catalog)

    @property
    def known_calls(self) -> KnownCalls:
        return calls_of(self.catalog)

    @cached_property
    def log(self) -> Log:
        return read_log(self.text, self.known)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of actions that are refused, known or not. The service may be in capitals in the text."""
        return self.log.names[:MOST_NAMES]

    @cached_property
    def named(self) -> tuple[Action, ...]:
        """The actions of the catalogue that the text names, or that a wildcard of a table covers."""
        return tuple(
            dict.fromkeys(action for name in self.names for action in self.catalog.action_index.authorising(name))
        )

    @cached_property
    def older(self) -> tuple[OlderAction, ...]:
        return tuple(
            older
            for name in self.names
            if self.catalog.action_index.action(name) is None and (older := older_action(name))
        )

    @cached_property
    def unknown(self) -> tuple[str, ...]:
        """Names of nothing that is known. Of a service that is not known either, only where there is nothing else."""
        names = [name for name in self.names if not (self.catalog.action_index.authorising(name) or older_action(name))]
        ours = [name for name in names if self.known.has_service(parse_action(name).service)]
        return tuple(ours if self.named or self.older or ours else names)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(f"IAM.{match[1]}" for match in _CODE.finditer(self.log.words)))[:MOST_CODES]

    @cached_property
    def unauthenticated(self) -> tuple[NamedCall | None, ...]:
        """The calls whose authentication failed; None for one that the text does not name."""
        bare = not (self.log.called or self.log.names) and says_unauthenticated(self.log.words)
        return self.log.unauthenticated or ((None,) if bare else ())

    @cached_property
    def object_error(self) -> ObjectError | None:
        return find_error(self.log.words)

    @cached_property
    def calls(self) -> tuple[SubjectCall, ...]:
        return tuple(self._call(refused) for refused in self.log.calls[:MOST_CALLS])

    def _call(self, refused: RefusedCall) -> SubjectCall:
        """Of several operations that a call can be, its answer may tell which, else the rest of the text."""
        found = self.known_calls.find(refused.call, refused.body, refused.keys, refused.asked)
        own = frozenset(
            action_key(action.name) for name in refused.named if (action := self.catalog.action_index.action(name))
        )
        wanted = own or frozenset(action_key(action.name) for action in self.meant)
        others = not found and bool(self.known_calls.find(refused.call))
        lost = not (found or others or refused.call.of_objects)
        anywhere = self.known_calls.find(replace(refused.call, host="")) if lost else ()
        return SubjectCall(refused, _narrowed(found, wanted), others, self.services(anywhere))

    def services(self, found: Iterable[KnownCall]) -> tuple[Service, ...]:
        """Those that publish some of these, in the catalogue's order."""
        slugs = {slug for known in found for slug in known.services}
        return tuple(service for service in self.catalog.services if service.slug in slugs)

    def titles(self, operations: Iterable[Operation]) -> list[str]:
        """The names of operations for a message, the title of each cut."""
        name = self.catalog.titles.operation_name
        return [f"{quoted(one.title)[1:-1]}{name(one).removeprefix(one.title)}" for one in operations]

    @cached_property
    def meant(self) -> tuple[Action, ...]:
        """The actions that the text names, and after them those that took the place of older ones."""
        successors = (self.catalog.action_index.action(name) for older in self.older for name in older.replaced_by)
        return tuple(dict.fromkeys((*self.named, *(action for action in successors if action))))

    @cached_property
    def actions(self) -> tuple[str, ...]:
        of_calls = (name for call in self.calls for name in call.actions)
        return tuple(dict.fromkeys((*(action.name for action in self.meant), *of_calls)))

    @cached_property
    def operations(self) -> tuple[str, ...]:
        by_action = dict.fromkeys(id_ for action in self.meant for id_ in action.operations)
        by_call = dict.fromkeys(operation.id for call in self.calls for operation in call.operations)
        both = [id_ for id_ in by_call if id_ in by_action]
        return tuple(dict.fromkeys((*both, *by_call, *by_action)))


def _narrowed(found: tuple[KnownCall, ...], wanted: frozenset[str]) -> tuple[KnownCall, ...]:
    """Of several operations those that an action which the text names authorises; else those that depend on it."""
    own = tuple(k for k in found if k.operation and _among(k.operation.all_actions(), wanted))
    return own or tuple(k for k in found if k.operation and _among(k.operation.all_dependencies(), wanted)) or found


def _among(names: Iterable[str], keys: frozenset[str]) -> bool:
    return any(action_key(name) in keys for name in names)
