"""A refusal as an administrator received it -> the actions and operations that it is about.

It can be the sentence ("Policy doesn't allow ecs:servers:start to be performed"), the JSON or the whole response that
it stands in, a refusal of a policy by IAM ("IAM.1021"), the call that was refused, or a log of many. What stands around
it is passed over, and so are the calls that succeeded: log.py says which count. `explain` never raises and takes linear
time.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from policybuilder.domain.catalog.action_names import action_key, parse_action
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Support
from policybuilder.domain.findings import Finding, Severity
from policybuilder.domain.jsontext.source import MAX_BYTES
from policybuilder.domain.rules.iam_actions import FORM
from policybuilder.domain.rules.table import table
from policybuilder.domain.words import counted, listed, quoted

from .exchanges import SENTENCE
from .log import Log
from .subject import MOST_CALLS, MOST_NAMES, Subject, SubjectCall

ONLY_IAM_PROJECTS = "PB002"
OLDER_NAME = "PB012"
NOT_IN_CATALOGUE = "PB022"
MAY_EXIST = "PB049"
NOT_REGISTERED = "IAM.1036"
NOT_UNDERSTOOD = "PB037"
SEVERAL_OPERATIONS = "PB038"
NEEDED_BESIDE = "PB039"
READ_IN_PART = "PB040"
LEFT_OUT = "PB047"

_ORDER = {severity: at for at, severity in enumerate(Severity)}
_ASK_FOR_MORE = "Paste the whole answer, or the call that was refused: its method and address."


@dataclass(frozen=True, slots=True)
class Explanation:
    """`actions` are names and `operations` ids of the catalogue, the most likely first; findings, the gravest first.

    An action comes first when the refusal names it; an operation when its call is named, too. Places are empty: a
    finding names what it is about. `left_out`: how many calls of the text were not refused.
    """

    actions: tuple[str, ...]
    operations: tuple[str, ...]
    findings: tuple[Finding, ...]
    left_out: int = 0


def explain(catalog: Catalog, text: str) -> Explanation:
    """What a refusal is about. Of a text longer than MAX_BYTES, the beginning is read."""
    start = text[:MAX_BYTES].encode("utf-8", "surrogatepass")
    read = start[:MAX_BYTES].decode("utf-8", "ignore") if len(start) > MAX_BYTES else text[:MAX_BYTES]
    subject = Subject(catalog, read, cut=read != text)
    findings = sorted(_findings(subject), key=lambda finding: _ORDER[finding.severity])
    left_out = subject.log.succeeded + subject.log.failed
    return Explanation(subject.actions, subject.operations, tuple(findings), left_out)


def _findings(subject: Subject) -> Iterator[Finding]:
    yield from _policy_was_refused(subject)
    yield from _older_names(subject)
    yield from _unknown_names(subject)
    yield from _unknown_calls(subject)
    yield from _only_iam_projects(subject)
    yield from _several_operations(subject)
    yield from _needed_beside(subject)
    yield from _left_out(subject)
    if subject.cut or len(subject.log.names) > MOST_NAMES or len(subject.log.calls) > MOST_CALLS:
        parts = f"its first {MAX_BYTES:,} bytes, {MOST_NAMES} actions and {MOST_CALLS} refused calls"
        message = f"The text is long: {parts} count."
        yield Finding(READ_IN_PART, Severity.NOTE, "", message, "Paste the refusal alone.")
    if not (subject.actions or subject.operations or subject.older or subject.unknown or subject.codes):
        yield from _nothing_found(subject)


def _policy_was_refused(subject: Subject) -> Iterator[Finding]:
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


def _older_names(subject: Subject) -> Iterator[Finding]:
    for older in subject.older:
        message = f"{quoted(older.name)} is an older name; granting it may allow nothing."
        if older.replaced_by:
            hint = f"Today its calls need {listed(older.replaced_by, most=len(older.replaced_by))}."
        else:
            hint = f"Nothing is known to replace it; last seen in documentation of {older.last_seen}."
        yield Finding(OLDER_NAME, Severity.WARNING, "", message, hint)


def _unknown_names(subject: Subject) -> Iterator[Finding]:
    for name in subject.unknown:
        near = subject.known.nearest(name)
        hint = f"Perhaps meant: {listed(near)}." if near else _ASK_FOR_MORE
        service = parse_action(name).service
        if subject.known.is_complete(service):
            message = f"{service.upper()} has no action {quoted(name)}."
            yield Finding(NOT_REGISTERED, Severity.ERROR, "", message, hint)
        elif subject.known.has_service(service):
            message = f"{quoted(name)} is not in the catalogue, which may not have all actions of its service."
            yield Finding(MAY_EXIST, Severity.NOTE, "", message, hint)
        else:
            message = f"{quoted(name)} is not in the catalogue, and neither is its service."
            yield Finding(NOT_IN_CATALOGUE, Severity.NOTE, "", message, hint)


def _unknown_calls(subject: Subject) -> Iterator[Finding]:
    """Beside something that is understood, a call that is not known is no matter: unless it was refused, and its answer
    names no action."""
    understood = bool(subject.actions or subject.operations or subject.codes)
    for call in subject.calls:
        explained = any(subject.catalog.action(name) for name in call.refused.named)
        if not call.found and not explained and (call.refused.sure or call.others or not understood):
            yield _unknown_call(subject, call)


def _unknown_call(subject: Subject, call: SubjectCall) -> Finding:
    methods = subject.known_calls.methods(call.refused.call.path)
    message = f"No operation of the catalogue has the call {call}."
    if call.others:
        message = f"No operation of the catalogue is known for the body {quoted(call.refused.body)} of the call {call}."
        hint = "Check the key that the body begins with: it tells which operation is called."
    elif methods:
        hint = f"At that address it has {listed(methods, most=len(methods))}: check the method."
    else:
        hint = "Check the address: its version, and that no part of it is missing."
    return Finding(NOT_UNDERSTOOD, Severity.WARNING, "", message, hint)


def _left_out(subject: Subject) -> Iterator[Finding]:
    """What the text holds beside the refusal, so that nobody wonders where it is."""
    log = subject.log
    if log.succeeded or log.failed:
        what = "it" if log.succeeded + log.failed == 1 else "one of them"
        hint = f"Where {what} was refused all the same, paste its refusal alone."
        yield Finding(LEFT_OUT, Severity.NOTE, "", _calls_left_out(log), hint)
    found = {action_key(name) for name in subject.actions}
    rest = [name for name in log.mentioned if action_key(name) not in found]
    known = [name for name in rest if subject.known.has_service(parse_action(name).service)]
    if known:
        were, what = ("it was", "it") if len(known) == 1 else ("they were", "one of them")
        message = f"The text also names {listed(known)}, without saying that {were} refused: left out."
        yield Finding(LEFT_OUT, Severity.NOTE, "", message, f"Where {what} was refused, paste its refusal alone.")


def _calls_left_out(log: Log) -> str:
    again = f", {log.again:,} of them after a refusal," if log.again else ""
    if 0 < log.again == log.succeeded:
        again = " after a refusal"
    were = "was" if log.succeeded + log.failed == 1 else "were"
    reason = "failed for another reason than a refusal"
    if not log.failed:
        return f"{counted(log.succeeded, 'call')} in the text succeeded{again} and {were} left out."
    if not log.succeeded:
        return f"{counted(log.failed, 'call')} in the text {reason} and {were} left out."
    return f"{counted(log.succeeded, 'call')} in the text succeeded{again} and {log.failed:,} {reason}: left out."


def _only_iam_projects(subject: Subject) -> Iterator[Finding]:
    scopes = {name: subject.catalog.scopes(name) for name in subject.actions}
    without = [name for name, of in scopes.items() if any(scope.enterprise_project is Support.NO for scope in of)]
    if not without:
        return
    have = "has" if len(without) == 1 else "have"
    message = f"{listed(without)} {have} no effect in an enterprise project: only a grant for an IAM project counts."
    alternatives = _alternatives(subject)
    hint = "Grant it for the IAM project."
    if alternatives:
        hint = f"Grant it for the IAM project, or use {listed(alternatives, most=1)} instead."
    yield Finding(ONLY_IAM_PROJECTS, Severity.WARNING, "", message, hint)


def _alternatives(subject: Subject) -> list[str]:
    """The titles of what does the job of the found operations in enterprise projects."""
    found = (subject.catalog.operation(id_).enterprise_alternative for id_ in subject.operations)
    return [f"“{subject.catalog.operation(id_).title}”" for id_ in dict.fromkeys(found) if id_]


def _several_operations(subject: Subject) -> Iterator[Finding]:
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


def _needed_beside(subject: Subject) -> Iterator[Finding]:
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


def _nothing_found(subject: Subject) -> Iterator[Finding]:
    refused = SENTENCE.search(subject.log.words)
    if refused:
        message = f"{quoted(refused[1])} is refused, which is no name of an action. {FORM}"
        yield Finding(NOT_UNDERSTOOD, Severity.WARNING, "", message, _ASK_FOR_MORE)
    elif not (subject.log.calls or subject.log.succeeded or subject.log.failed):
        message = "There is no action, no call and no error code of IAM in the text."
        yield Finding(NOT_UNDERSTOOD, Severity.WARNING, "", message, _ASK_FOR_MORE)
