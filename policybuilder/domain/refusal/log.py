"""What was refused, of all that a text holds: calls and names of actions.

A call counts that was answered with 403, or whose answer the text does not tell. An answer of 401 counts only if it
names an action: otherwise authentication failed, before any policy was looked at. The same call can come again: when
people quote it, when a library logs it once more, when it is tried again. All that is one call, and one that succeeds
in the end was not refused: it has been granted by then. A call that fails later for another reason is still refused. A
body that differs makes another call, as far as the text shows it.

Of the names in the text only those count that it says are refused: in the answer to a call that was, in the sentence of
a refusal, beside a word such as "denied". Where it says that of none, those count that it only names; and the ones that
it calls granted only where there is neither another one nor a call. What stands in the exchange of a call that was not
refused does not count.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from policybuilder.domain.catalog.action_names import action_key
from policybuilder.domain.catalog.known_actions import KnownActions

from .api_calls import NamedCall
from .exchanges import Exchange, Outcome, cut, find_keys
from .mentions import Mention, Said, mentions
from .object_storage import no_refusal

_FINAL = (Outcome.SUCCEEDED, Outcome.FAILED, Outcome.UNAUTHENTICATED)
_OTHER_FAILURES = (Outcome.FAILED, Outcome.UNAUTHENTICATED)


@dataclass(frozen=True, slots=True)
class RefusedCall:
    """`sure`: the text says that it was refused. `named`: the actions that its answer says were. `asked`: the text of
    its request."""

    call: NamedCall
    sure: bool
    body: str
    keys: tuple[str, ...]
    named: tuple[str, ...]
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Log:
    """`calls` and `names` are what was refused, in the text's order, each once; `mentioned` names are passed over.

    `succeeded`, `failed`: how many calls are passed over; `again`: how many of them succeeded after a refusal.
    `unauthenticated` are the calls whose authentication failed, None for an answer without its call. `words` is all of
    the text that does not belong to these.
    """

    calls: tuple[RefusedCall, ...]
    names: tuple[str, ...]
    mentioned: tuple[str, ...]
    succeeded: int
    failed: int
    again: int
    unauthenticated: tuple[NamedCall | None, ...]
    words: str

    @property
    def left_out(self) -> int:
        """How many calls neither were refused nor failed to authenticate."""
        return self.succeeded + self.failed

    @property
    def called(self) -> bool:
        """Whether the text has a call, whatever came of it."""
        return bool(self.calls or self.left_out or self.unauthenticated)


@dataclass(slots=True, eq=False)
class _Attempts:
    """One call with all that the text has of it."""

    call: NamedCall | None
    body: str = ""
    outcome: Outcome = Outcome.UNKNOWN
    keys: dict[str, None] = field(default_factory=dict)
    exchanges: list[Exchange] = field(default_factory=list)

    def add(self, exchange: Exchange) -> None:
        failed_later = self.outcome is Outcome.REFUSED and exchange.outcome in _OTHER_FAILURES
        if not (exchange.outcome is Outcome.UNKNOWN or failed_later):
            self.outcome = exchange.outcome
        self.body = self.body or exchange.body
        self.keys.update(dict.fromkeys(exchange.keys))
        self.exchanges.append(exchange)

    def takes(self, exchange: Exchange) -> bool:
        """Whether an exchange that may be of this call is: where one of the two shows no body, only what fits.

        An answer without its request is of what was last asked; another answer to a call that has one is not.
        """
        if exchange.body:
            return not self.body and self.outcome is Outcome.UNKNOWN
        last = self.exchanges[-1]
        asked = last.outcome is Outcome.UNKNOWN and last.body
        return not self.body or bool(asked) or exchange.outcome in (Outcome.UNKNOWN, self.outcome)

    @property
    def passed_over(self) -> bool:
        return self.outcome in _FINAL

    @property
    def refused_at_first(self) -> bool:
        return self.outcome is Outcome.SUCCEEDED and any(one.outcome is Outcome.REFUSED for one in self.exchanges)


def read_log(text: str, known: KnownActions) -> Log:
    """What a text says was refused. Takes linear time, whatever the text."""
    parts = cut(text)
    attempts = _Calls([part.call for part in parts if isinstance(part, Exchange) and part.call])
    found: list[Mention] = []
    words: list[str] = []
    owners = [(part, None if isinstance(part, str) else attempts.add(part)) for part in parts]
    for part, owner in owners:
        if owner is None or not owner.passed_over:
            found += _mentions(part, known)
            words += _words(part)
        elif isinstance(part, Exchange):
            words += [said for said in (part.before, part.answer) if no_refusal(said)]
    calls = tuple(_refused(one, one.call, known) for one in attempts.all if one.call and not one.passed_over)
    if len(attempts.all) == 1 and calls:  # its body may stand anywhere
        calls = (replace(calls[0], keys=find_keys(text), asked=text),)
    names, mentioned = _chosen(found, called=bool(attempts.all))
    return Log(
        calls=calls,
        names=names,
        mentioned=mentioned,
        succeeded=sum(one.outcome is Outcome.SUCCEEDED for one in attempts.all),
        failed=sum(one.outcome is Outcome.FAILED for one in attempts.all),
        again=sum(one.refused_at_first for one in attempts.all),
        unauthenticated=tuple(one.call for one in attempts.all if one.outcome is Outcome.UNAUTHENTICATED),
        words="\n".join(words),
    )


class _Calls:
    """The calls of a text, each once, in the order in which they come first."""

    def __init__(self, named: Iterable[NamedCall]) -> None:
        self.all: list[_Attempts] = []
        self._last: dict[str, NamedCall] = {}  # path -> the last call of it that has a method, or the first to come
        self._host: dict[str, str] = {}  # path -> the same of its host
        for call in named:
            if call.method:
                self._last.setdefault(_path(call), call)
            if call.host:
                self._host.setdefault(_path(call), call.host)
        self._latest: dict[tuple[str | None, str, str], _Attempts] = {}
        self._by_body: dict[tuple[str | None, str, str, str], _Attempts] = {}

    def add(self, exchange: Exchange) -> _Attempts:
        """The call that an exchange is of, with it."""
        call = exchange.call
        if call is None:
            found = _Attempts(None)
            self.all.append(found)
        else:
            call = self._completed(call)
            found = self._same(call, exchange)
        found.add(exchange)
        if call:
            self._latest[_place(call)] = found
            self._by_body[*_place(call), found.body] = found
        return found

    def _completed(self, call: NamedCall) -> NamedCall:
        """The call with the method and host that others of its path have, where it has none."""
        path = _path(call)
        last = self._last.get(path, call)
        self._host[path] = call.host or self._host.get(path, "")
        self._last[path] = replace(call, method=call.method or last.method, host=self._host[path])
        return self._last[path]

    def _same(self, call: NamedCall, exchange: Exchange) -> _Attempts:
        same = self._by_body.get((*_place(call), exchange.body)) if exchange.body else None
        latest = self._latest.get(_place(call))
        if same is None and latest and latest.takes(exchange):
            same = latest
        if same is None:
            same = _Attempts(call)
            self.all.append(same)
        return same


def _path(call: NamedCall) -> str:
    """Objects have names in which capitals count."""
    return call.path if call.of_objects else call.path.rstrip("/").casefold()


def _place(call: NamedCall) -> tuple[str | None, str, str]:
    return call.method, call.host.casefold(), _path(call)


def _words(part: Exchange | str) -> tuple[str, ...]:
    if isinstance(part, str):
        return (part,)
    return () if part.outcome in _FINAL else (part.before, part.sent, part.answer)


def _mentions(part: Exchange | str, known: KnownActions) -> tuple[Mention, ...]:
    """What people say, and of an exchange that was refused its answer; names that were sent say nothing."""
    if isinstance(part, str):
        return mentions(part, known)
    if part.outcome in _FINAL:
        return ()
    return (*mentions(part.before, known), *mentions(part.answer, known, plain=Said.REFUSED))


def _refused(one: _Attempts, call: NamedCall, known: KnownActions) -> RefusedCall:
    found = (mention for exchange in one.exchanges for mention in _mentions(exchange, known))
    named = tuple(dict.fromkeys(mention.name for mention in found if mention.said is Said.REFUSED))
    asked = "\n".join(exchange.asked for exchange in one.exchanges)
    return RefusedCall(call, one.outcome is Outcome.REFUSED, one.body, tuple(one.keys), named, asked)


def _chosen(found: Iterable[Mention], *, called: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names that count, and those that are passed over; one spelling of each, in the text's order."""
    said: dict[str, Mention] = {}
    for mention in found:
        key = action_key(mention.name)
        first = said.setdefault(key, mention)
        said[key] = Mention(first.name, min(first.said, mention.said))
    best = min((mention.said for mention in said.values()), default=Said.NAMED)
    if called and best is Said.GRANTED:
        best = Said.NAMED
    return (
        tuple(mention.name for mention in said.values() if mention.said is best),
        tuple(mention.name for mention in said.values() if mention.said is not best),
    )
