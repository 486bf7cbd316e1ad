"""A refusal as an administrator received it -> the actions and operations that it is about.

It can be the sentence ("Policy doesn't allow ecs:servers:start to be performed"), the JSON or the whole response that
it stands in, a refusal of a policy by IAM ("IAM.1021"), or the call that was refused. Whatever stands around it is
passed over. `explain` never raises and takes linear time.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from policybuilder.domain.catalog.action_names import ActionNameError, action_key, is_wildcard, matches, parse_action
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Action, Operation, Support
from policybuilder.domain.catalog.known_actions import KnownActions
from policybuilder.domain.catalog.older_names import OlderAction, older_action
from policybuilder.domain.findings import Finding, Severity
from policybuilder.domain.jsontext.source import MAX_BYTES
from policybuilder.domain.rules.iam_actions import FORM
from policybuilder.domain.rules.table import table
from policybuilder.domain.words import listed, printable, quoted

from .api_calls import MOST_CALLS, KnownCall, KnownCalls, NamedCall, find_calls, find_keys

MOST_NAMES = 50
MOST_CODES = 20
SHOWN_CALL = 120  # characters: two long ids and what stands around them

ONLY_IAM_PROJECTS = "PB002"
OLDER_NAME = "PB012"
NOT_IN_CATALOGUE = "PB022"
NOT_REGISTERED = "IAM.1036"
NOT_UNDERSTOOD = "PB037"
SEVERAL_OPERATIONS = "PB038"
NEEDED_BESIDE = "PB039"
READ_IN_PART = "PB040"

_CHAIN = re.compile(
    r"(?<![\w:.*-])[A-Za-z0-9_-]++(?::[A-Za-z_][A-Za-z0-9_-]*+){2,}+(?!\w|\*|:[\w*])"
)  # action names, and longer
_SENTENCE = re.compile(r"""\ballow\s{1,8}["']?([^\s"']{1,128})["']?\s{1,8}to\s{1,8}be\s{1,8}performed""", re.IGNORECASE)
_CODE = re.compile(r"(?<![A-Za-z])IAM\.(\d{4})(?!\d)", re.IGNORECASE)
_ORDER = {severity: at for at, severity in enumerate(Severity)}
_ASK_FOR_MORE = "Paste the whole answer, or the call that was refused: its method and address."


@dataclass(frozen=True, slots=True)
class Explanation:
    """`actions` are names and `operations` ids of the catalogue, the most likely first; findings, the gravest first.

    An action comes first when the refusal names it; an operation when its call is named, too. Places are empty: a
    finding names what it is about.
    """

    actions: tuple[str, ...]
    operations: tuple[str, ...]
    findings: tuple[Finding, ...]


def explain(catalog: Catalog, text: str) -> Explanation:
    """What a refusal is about. Of a text longer than MAX_BYTES, the beginning is read."""
    start = text[:MAX_BYTES].encode("utf-8", "surrogatepass")
    read = start[:MAX_BYTES].decode("utf-8", "ignore") if len(start) > MAX_BYTES else text[:MAX_BYTES]
    subject = _Refusal(catalog, read, cut=read != text)
    findings = sorted(_findings(subject), key=lambda finding: _ORDER[finding.severity])
    return Explanation(subject.actions, subject.operations, tuple(findings))


@dataclass(frozen=True, slots=True)
class _Call:
    """A call of the text, with what the catalogue has for it."""

    named: NamedCall
    found: tuple[KnownCall, ...]

    @property
    def operations(self) -> tuple[Operation, ...]:
        return tuple(dict.fromkeys(known.operation for known in self.found if known.operation))

    @property
    def actions(self) -> tuple[str, ...]:
        """Those that authorise it; where no operation has it, all that its service publishes for it."""
        own = tuple(name for operation in self.operations for name in operation.all_actions())
        return own or tuple(known.action for known in self.found)

    def __str__(self) -> str:
        shown = printable(str(self.named))
        return f"“{shown if len(shown) <= SHOWN_CALL else shown[: SHOWN_CALL - 1] + '…'}”"


@dataclass(frozen=True)
class _Refusal:
    """A text with everything that is found in it. `cut`: there was more of it."""

    catalog: Catalog
    text: str
    cut: bool

    @cached_property
    def known(self) -> KnownActions:
        return KnownActions(self.catalog)

    @cached_property
    def known_calls(self) -> KnownCalls:
        return KnownCalls(self.catalog)

    @cached_property
    def all_names(self) -> tuple[str, ...]:
        """Every action name of the text, in its order, one spelling of each. The service may be in capitals there.

        One with something before it (`action:ecs:servers:list`) counts where its service is known: else it is an URN.
        """
        names: dict[str, str] = {}
        for match in _CHAIN.finditer(self.text):
            *before, service, resource_type, verb = match[0].rsplit(":", 3)
            name = f"{service.lower()}:{resource_type}:{verb}"
            try:
                key = action_key(name)
            except ActionNameError:  # too long
                continue
            if not before or self.known.has_service(parse_action(name).service):
                names.setdefault(key, name)
        return tuple(names.values())

    @property
    def names(self) -> tuple[str, ...]:
        return self.all_names[:MOST_NAMES]

    @cached_property
    def named(self) -> tuple[Action, ...]:
        """The actions of the catalogue that the text names."""
        return tuple(action for name in self.names if (action := self.catalog.action(name)))

    @cached_property
    def older(self) -> tuple[OlderAction, ...]:
        return tuple(
            older for name in self.names if self.catalog.action(name) is None and (older := older_action(name))
        )

    @cached_property
    def unknown(self) -> tuple[str, ...]:
        """Names of nothing that is known. Of a service that is not known either, only where there is nothing else."""
        names = [name for name in self.names if not (self.catalog.action(name) or older_action(name))]
        ours = [name for name in names if self.known.has_service(parse_action(name).service)]
        return tuple(ours if self.named or self.older or ours else names)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(f"IAM.{match[1]}" for match in _CODE.finditer(self.text)))[:MOST_CODES]

    @cached_property
    def all_calls(self) -> tuple[NamedCall, ...]:
        return find_calls(self.text)

    @cached_property
    def calls(self) -> tuple[_Call, ...]:
        keys = find_keys(self.text)
        wanted = frozenset(action_key(action.name) for action in self.meant)
        found = ((call, self.known_calls.find(call, keys)) for call in self.all_calls[:MOST_CALLS])
        return tuple(_Call(call, _narrowed(known, wanted)) for call, known in found)

    @cached_property
    def meant(self) -> tuple[Action, ...]:
        """The actions that the text names, and after them those that took the place of older ones."""
        successors = (self.catalog.action(name) for older in self.older for name in older.replaced_by)
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

    @cached_property
    def dependants(self) -> dict[str, set[str]]:
        """A dependency, in the form of `action_key` -> the ids of the operations that need it."""
        found: dict[str, set[str]] = defaultdict(set)
        for operation in self.catalog.operations.values():
            for name in operation.all_dependencies():
                found[action_key(name)].add(operation.id)
        return found

    def needing(self, name: str) -> list[Operation]:
        """The operations that need an action in addition to their own, in the catalogue's order."""
        ids = set(self.dependants.get(action_key(name), ()))
        for wildcard, found in self.dependants.items():
            if is_wildcard(wildcard) and matches(wildcard, name):
                ids |= found
        return [operation for operation in self.catalog.operations.values() if operation.id in ids]


def _narrowed(found: tuple[KnownCall, ...], wanted: frozenset[str]) -> tuple[KnownCall, ...]:
    """Of several operations those that an action which the text names authorises; else those that depend on it."""
    own = tuple(k for k in found if k.operation and _among(k.operation.all_actions(), wanted))
    return own or tuple(k for k in found if k.operation and _among(k.operation.all_dependencies(), wanted)) or found


def _among(names: Iterable[str], keys: frozenset[str]) -> bool:
    return any(action_key(name) in keys for name in names)


def _findings(subject: _Refusal) -> Iterator[Finding]:
    yield from _policy_was_refused(subject)
    yield from _older_names(subject)
    yield from _unknown_names(subject)
    yield from _unknown_calls(subject)
    yield from _only_iam_projects(subject)
    yield from _several_operations(subject)
    yield from _needed_beside(subject)
    if subject.cut or len(subject.all_names) > MOST_NAMES or len(subject.all_calls) > MOST_CALLS:
        message = f"The text is long: its first {MAX_BYTES:,} bytes, {MOST_NAMES} actions and {MOST_CALLS} calls count."
        yield Finding(READ_IN_PART, Severity.NOTE, "", message, "Paste the refusal alone.")
    if not (subject.actions or subject.operations or subject.older or subject.unknown or subject.codes):
        yield from _nothing_found(subject)


def _policy_was_refused(subject: _Refusal) -> Iterator[Finding]:
    entries = {entry.code: entry for entry in table()}
    for code in subject.codes:
        entry = entries.get(code)
        if entry is None:
            message = f"{code} stands for no rule about policies."
            hint = "Look it up among the error codes of the IAM API reference."
            yield Finding(NOT_UNDERSTOOD, Severity.WARNING, "", message, hint)
        elif entry.severity is None:
            yield Finding(code, Severity.NOTE, "", f"IAM refused something with {code}: {entry.note}.", _ASK_FOR_MORE)
        else:
            message = f"IAM refused a policy: {entry.title[0].lower()}{entry.title[1:]}."
            yield Finding(code, Severity.ERROR, "", message, "Check the policy: the check shows the place.")


def _older_names(subject: _Refusal) -> Iterator[Finding]:
    for older in subject.older:
        message = f"{quoted(older.name)} is an older name; granting it may allow nothing."
        if older.replaced_by:
            hint = f"Today its calls need {listed(older.replaced_by, most=len(older.replaced_by))}."
        else:
            hint = f"Nothing is known to replace it; last seen in documentation of {older.last_seen}."
        yield Finding(OLDER_NAME, Severity.WARNING, "", message, hint)


def _unknown_names(subject: _Refusal) -> Iterator[Finding]:
    for name in subject.unknown:
        near = subject.known.nearest(name)
        hint = f"Perhaps meant: {listed(near)}." if near else _ASK_FOR_MORE
        service = parse_action(name).service
        if subject.known.is_complete(service):
            message = f"{service.upper()} has no action {quoted(name)}."
            yield Finding(NOT_REGISTERED, Severity.ERROR, "", message, hint)
        elif subject.known.has_service(service):
            message = f"{quoted(name)} is not in the catalogue, which has only part of its service."
            yield Finding(NOT_IN_CATALOGUE, Severity.NOTE, "", message, hint)
        else:
            message = f"{quoted(name)} is not in the catalogue, and neither is its service."
            yield Finding(NOT_IN_CATALOGUE, Severity.NOTE, "", message, hint)


def _unknown_calls(subject: _Refusal) -> Iterator[Finding]:
    """Beside something that is understood, a call that is not known is no matter."""
    if subject.actions or subject.operations or subject.codes:
        return
    for call in subject.calls:
        methods = subject.known_calls.methods(call.named.path)
        if methods:
            hint = f"At that address it has {listed(methods, most=len(methods))}: check the method."
        else:
            hint = "Check the address: its version, and that no part of it is missing."
        message = f"No operation of the catalogue has the call {call}."
        yield Finding(NOT_UNDERSTOOD, Severity.WARNING, "", message, hint)


def _only_iam_projects(subject: _Refusal) -> Iterator[Finding]:
    actions = [subject.catalog.actions[name] for name in subject.actions]
    without = [action.name for action in actions if action.scope.enterprise_project is Support.NO]
    if not without:
        return
    have = "has" if len(without) == 1 else "have"
    message = f"{listed(without)} {have} no effect in an enterprise project: only a grant for an IAM project counts."
    alternatives = _alternatives(subject)
    hint = "Grant it for the IAM project."
    if alternatives:
        hint = f"Grant it for the IAM project, or use {listed(alternatives, most=1)} instead."
    yield Finding(ONLY_IAM_PROJECTS, Severity.WARNING, "", message, hint)


def _alternatives(subject: _Refusal) -> list[str]:
    """The titles of what does the job of the found operations in enterprise projects."""
    found = (subject.catalog.operation(id_).enterprise_alternative for id_ in subject.operations)
    return [f"“{subject.catalog.operation(id_).title}”" for id_ in dict.fromkeys(found) if id_]


def _several_operations(subject: _Refusal) -> Iterator[Finding]:
    for call in subject.calls:
        if len(call.operations) < 2:
            continue
        titles = listed((f"“{operation.title}”" for operation in call.operations), most=3)
        message = f"The call {call} can be {titles}."
        if len({known.method for known in call.found}) > 1:
            hint = "Add the method of the call, such as GET or POST."
        else:
            hint = 'Add the body of the call, such as {"os-start": null}: it tells which.'
        yield Finding(SEVERAL_OPERATIONS, Severity.NOTE, "", message, hint)


def _needed_beside(subject: _Refusal) -> Iterator[Finding]:
    """Actions that the operation of the call depends on; without such a call, those that only others depend on."""
    called = {operation.id for call in subject.calls for operation in call.operations}
    for action in subject.meant:
        needing = subject.needing(action.name)
        if not called.isdisjoint(action.operations):
            continue
        wanted = [operation for operation in needing if operation.id in called]
        if not wanted and not action.operations:
            wanted = needing
        if not wanted:
            continue
        titles = listed((f"“{operation.title}”" for operation in wanted), most=2)
        if len(wanted) == 1:
            message = f"{titles} needs {quoted(action.name)} beside its own action."
        else:
            message = f"{len(wanted):,} operations need {quoted(action.name)} beside their own actions: {titles}."
        yield Finding(NEEDED_BESIDE, Severity.NOTE, "", message, "Select the operation: what it needs comes with it.")


def _nothing_found(subject: _Refusal) -> Iterator[Finding]:
    refused = _SENTENCE.search(subject.text)
    if refused:
        message = f"{quoted(refused[1])} is refused, which is no name of an action. {FORM}"
        yield Finding(NOT_UNDERSTOOD, Severity.WARNING, "", message, _ASK_FOR_MORE)
    elif not subject.all_calls:
        message = "There is no action, no call and no error code of IAM in the text."
        yield Finding(NOT_UNDERSTOOD, Severity.WARNING, "", message, _ASK_FOR_MORE)
