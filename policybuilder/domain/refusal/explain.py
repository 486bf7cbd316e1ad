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
from policybuilder.domain.catalog.entries import Operation, Support
from policybuilder.domain.catalog.older_names import Status
from policybuilder.domain.findings import Finding, Plural, Severity, Wording
from policybuilder.domain.jsontext.source import MAX_BYTES
from policybuilder.domain.rules.iam_actions import FORM
from policybuilder.domain.rules.own_manual import MANUAL_NAME, NAMED_BY_MANUAL
from policybuilder.domain.rules.table import table

from . import object_storage
from .calls_in_doubt import ASK_FOR_MORE, NOT_UNDERSTOOD, several_operations, unknown_calls
from .exchanges import SENTENCE
from .left_out import wording_of
from .subject import MOST_CALLS, MOST_NAMES, Subject, shown

ONLY_IAM_PROJECTS = "PB002"
OLDER_NAME = "PB012"
NOT_IN_CATALOGUE = "PB022"
MAY_EXIST = "PB049"
NOT_REGISTERED = "IAM.1036"
NEEDED_BESIDE = "PB039"
READ_IN_PART = "PB040"
LEFT_OUT = "PB047"
UNAUTHENTICATED = "PB054"

_ORDER = {severity: at for at, severity in enumerate(Severity)}
_AUTHENTICATE = (
    "Check the user name, account and password, or the access key and secret key. Renew an expired token. Check "
    "the caller's clock. Use a token for the project and region of the call."
)
NOT_AUTHENTICATED = Wording(
    "Authentication failed (401): no policy is involved, so there is nothing to add to the draft.", _AUTHENTICATE
)
CALLS_NOT_AUTHENTICATED = Wording(
    Plural(
        "Authentication failed (401) for the call {call}: no policy is involved, so there is nothing to add to the "
        "draft.",
        "Authentication failed (401) for {n:,} calls, the first {call}: no policy is involved, so there is nothing to "
        "add to the draft.",
    ),
    _AUTHENTICATE,
)
CODE_OF_NO_RULE = Wording(
    "{code} stands for no rule about policies.", "Look it up among the error codes of the IAM API reference."
)
IAM_REFUSED_SOMETHING = Wording("IAM refused something with {code}: {note}.", ASK_FOR_MORE)
IAM_REFUSED_A_POLICY = Wording("IAM refused a policy: {reason}.", "Check the policy: the check shows the place.")
OLDER_AND_REPLACED = Wording(
    "{name:quoted} is an older name; granting it may allow nothing.", "Today its calls need {names:all}."
)
OLDER_AND_GONE = Wording(
    "{name:quoted} is an older name; granting it may allow nothing.",
    "Nothing is known to replace it; last seen in documentation of {last_seen}.",
)
ALLOW_MANUAL_NAME = Wording(
    NAMED_BY_MANUAL.message, "Allow it, and {names:all} as well, which the tables list for the same job."
)
_PERHAPS = "Perhaps meant: {near:listed}."
NO_SUCH_ACTION = Wording("{service} has no action {name:quoted}.", ASK_FOR_MORE)
NO_SUCH_ACTION_BUT_NEAR = Wording(NO_SUCH_ACTION.message, _PERHAPS)
ACTION_UNKNOWN = Wording(
    "{name:quoted} is not in the catalogue, which may not have all actions of its service.", ASK_FOR_MORE
)
ACTION_UNKNOWN_BUT_NEAR = Wording(ACTION_UNKNOWN.message, _PERHAPS)
SERVICE_UNKNOWN = Wording("{name:quoted} is not in the catalogue, and neither is its service.", ASK_FOR_MORE)
SERVICE_UNKNOWN_BUT_NEAR = Wording(SERVICE_UNKNOWN.message, _PERHAPS)
NEEDS_NO_AUTHORIZATION = Wording(
    Plural(
        "{titles:titles 2} needs no authorization: no policy refused the call.",
        "{titles:titles 2} need no authorization: no policy refused the call.",
    ),
    "Look for another cause, such as the token, a quota or another service: its answer may tell which.",
)
WITHOUT_EFFECT_IN_ENTERPRISE = Plural(
    "{names:listed} has no effect in an enterprise project: only a grant for an IAM project counts.",
    "{names:listed} have no effect in an enterprise project: only a grant for an IAM project counts.",
)
IAM_PROJECTS_ONLY = Wording(WITHOUT_EFFECT_IN_ENTERPRISE, "Grant it for the IAM project.")
IAM_PROJECTS_OR_ANOTHER = Wording(
    WITHOUT_EFFECT_IN_ENTERPRISE, "Grant it for the IAM project, or use {alternatives:titles 1} instead."
)
OPERATION_NEEDS_MORE = Wording(
    Plural(
        "{titles:titles 2} needs {name:quoted} beside its own action.",
        "{n:,} operations need {name:quoted} beside their own actions: {titles:titles 2}.",
    ),
    "Select the operation: what it needs comes with it.",
)
NO_REFUSAL = Wording("{code:quoted} is no refusal by a policy: {reason}.", "No policy changes that.")
_PASTE_REQUEST = "Paste the request as well: its method and address, with what stands behind the question mark."
ACCESS_REFUSED = Wording(
    "{service} refused access to the {place} {resource:quoted}; the answer does not say what was to be done there.",
    _PASTE_REQUEST,
)
ACCESS_TO_SOMETHING_REFUSED = Wording(
    "{service} refused access to something; the answer does not say what was to be done there.", _PASTE_REQUEST
)
NO_NAME_OF_AN_ACTION = Wording(f"{{text:quoted}} is refused, which is no name of an action. {FORM}", ASK_FOR_MORE)
TEXT_IS_LONG = Wording(
    "The text is long: its first {bytes:,} bytes, {names} actions and {calls} refused calls count.",
    "Paste the refusal alone.",
)
NOTHING_FOUND = Wording("There is no action, no call and no error code of IAM in the text.", ASK_FOR_MORE)
NAMES_LEFT_OUT = Wording(
    Plural(
        "The text also names {names:listed}, without saying that it was refused: left out.",
        "The text also names {names:listed}, without saying that they were refused: left out.",
    ),
    Plural("Where it was refused, paste its refusal alone.", "Where one of them was refused, paste its refusal alone."),
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """`actions` are names and `operations` ids of the catalogue, the most likely first; findings, the gravest first.

    An action comes first when the refusal names it; an operation when its call is named, too. Places are empty: a
    finding names what it is about. `left_out`: how many calls of the text were not refused. `unauthenticated`: how many
    failed to authenticate. `regions`: where the refused calls went, as far as the text tells.
    """

    actions: tuple[str, ...]
    operations: tuple[str, ...]
    findings: tuple[Finding, ...]
    left_out: int = 0
    regions: tuple[str, ...] = ()
    unauthenticated: int = 0


def explain(catalog: Catalog, text: str) -> Explanation:
    """What a refusal is about. Of a text longer than MAX_BYTES, the beginning is read."""
    start = text[:MAX_BYTES].encode("utf-8", "surrogatepass")
    read = start[:MAX_BYTES].decode("utf-8", "ignore") if len(start) > MAX_BYTES else text[:MAX_BYTES]
    subject = Subject(catalog, read, cut=read != text)
    findings = sorted(_findings(subject), key=lambda finding: _ORDER[finding.severity])
    regions = tuple(dict.fromkeys(call.region for call in subject.calls if call.region))
    unauthenticated = len(subject.unauthenticated)
    return Explanation(
        subject.actions, subject.operations, tuple(findings), subject.log.left_out, regions, unauthenticated
    )


def _findings(subject: Subject) -> Iterator[Finding]:
    yield from _authentication_failed(subject)
    yield from _policy_was_refused(subject)
    yield from _older_names(subject)
    yield from _unknown_names(subject)
    yield from unknown_calls(subject)
    yield from _needs_no_authorization(subject)
    yield from _only_iam_projects(subject)
    yield from several_operations(subject)
    yield from _needed_beside(subject)
    yield from _left_out(subject)
    if subject.cut or len(subject.log.names) > MOST_NAMES or len(subject.log.calls) > MOST_CALLS:
        values = {"bytes": MAX_BYTES, "names": MOST_NAMES, "calls": MOST_CALLS}
        yield Finding(READ_IN_PART, Severity.NOTE, "", TEXT_IS_LONG, values)
    of_objects = tuple(_object_storage(subject))
    yield from of_objects
    understood = subject.actions or subject.operations or subject.older or subject.unknown or subject.codes
    if not (of_objects or understood or subject.unauthenticated):
        yield from _nothing_found(subject)


def _authentication_failed(subject: Subject) -> Iterator[Finding]:
    """A 401: the service does not know who calls, so no policy was looked at."""
    calls = tuple(dict.fromkeys(call for call in subject.unauthenticated if call))
    if calls:
        values = {"n": len(calls), "call": shown(calls[0])}
        yield Finding(UNAUTHENTICATED, Severity.WARNING, "", CALLS_NOT_AUTHENTICATED, values)
    elif subject.unauthenticated:
        yield Finding(UNAUTHENTICATED, Severity.WARNING, "", NOT_AUTHENTICATED)


def _policy_was_refused(subject: Subject) -> Iterator[Finding]:
    entries = {entry.code: entry for entry in table()}
    for code in subject.codes:
        entry = entries.get(code)
        if entry is None:
            yield Finding(NOT_UNDERSTOOD, Severity.WARNING, "", CODE_OF_NO_RULE, {"code": code})
        elif entry.severity is None:
            yield Finding(code, Severity.NOTE, "", IAM_REFUSED_SOMETHING, {"code": code, "note": entry.note})
        else:
            reason = f"{entry.title[0].lower()}{entry.title[1:]}"
            yield Finding(code, Severity.ERROR, "", IAM_REFUSED_A_POLICY, {"reason": reason})


def _older_names(subject: Subject) -> Iterator[Finding]:
    for older in subject.older:
        if older.status is Status.IN_MANUAL:
            values = {"name": older.name, "names": older.replaced_by}
            yield Finding(MANUAL_NAME, Severity.NOTE, "", ALLOW_MANUAL_NAME, values)
        elif older.replaced_by:
            values = {"name": older.name, "names": older.replaced_by}
            yield Finding(OLDER_NAME, Severity.WARNING, "", OLDER_AND_REPLACED, values)
        else:
            values = {"name": older.name, "last_seen": older.last_seen}
            yield Finding(OLDER_NAME, Severity.WARNING, "", OLDER_AND_GONE, values)


def _unknown_names(subject: Subject) -> Iterator[Finding]:
    for name in subject.unknown:
        near = subject.known.nearest(name)
        service = parse_action(name).service
        values = {"name": name, "near": near, "service": service.upper()}
        if subject.known.is_complete(service):
            wording = NO_SUCH_ACTION_BUT_NEAR if near else NO_SUCH_ACTION
            yield Finding(NOT_REGISTERED, Severity.ERROR, "", wording, values)
        elif subject.known.has_service(service):
            yield Finding(MAY_EXIST, Severity.NOTE, "", ACTION_UNKNOWN_BUT_NEAR if near else ACTION_UNKNOWN, values)
        else:
            wording = SERVICE_UNKNOWN_BUT_NEAR if near else SERVICE_UNKNOWN
            yield Finding(NOT_IN_CATALOGUE, Severity.NOTE, "", wording, values)


def _needs_no_authorization(subject: Subject) -> Iterator[Finding]:
    """Unless the text names an action that was refused: that one tells more than the call."""
    for call in subject.calls:
        if call.free and not subject.names:
            values = {"titles": subject.titles(call.operations), "n": len(call.operations)}
            yield Finding(NOT_UNDERSTOOD, Severity.WARNING, "", NEEDS_NO_AUTHORIZATION, values)


def _left_out(subject: Subject) -> Iterator[Finding]:
    """What the text holds beside the refusal, so that nobody wonders where it is."""
    log = subject.log
    if log.left_out:
        values = {"n": log.left_out, "succeeded": log.succeeded, "failed": log.failed, "again": log.again}
        yield Finding(LEFT_OUT, Severity.NOTE, "", wording_of(log), values)
    found = {action_key(name) for name in subject.actions}
    rest = [name for name in log.mentioned if action_key(name) not in found]
    known = [name for name in rest if subject.known.has_service(parse_action(name).service)]
    if known:
        yield Finding(LEFT_OUT, Severity.NOTE, "", NAMES_LEFT_OUT, {"n": len(known), "names": known})


def _only_iam_projects(subject: Subject) -> Iterator[Finding]:
    scopes = {name: subject.catalog.action_index.scopes(name) for name in subject.actions}
    without = [name for name, of in scopes.items() if any(scope.enterprise_project is Support.NO for scope in of)]
    if not without:
        return
    alternatives = _alternatives(subject)
    values = {"names": without, "n": len(without), "alternatives": subject.titles(alternatives)}
    wording = IAM_PROJECTS_OR_ANOTHER if alternatives else IAM_PROJECTS_ONLY
    yield Finding(ONLY_IAM_PROJECTS, Severity.WARNING, "", wording, values)


def _alternatives(subject: Subject) -> list[Operation]:
    """What does the job of the found operations in enterprise projects."""
    found = (subject.catalog.operation(id_).enterprise_alternative for id_ in subject.operations)
    return [subject.catalog.operation(id_) for id_ in dict.fromkeys(found) if id_]


def _needed_beside(subject: Subject) -> Iterator[Finding]:
    """Actions that the operation of the call depends on; without such a call, those that only others depend on."""
    called = {operation.id for call in subject.calls for operation in call.operations}
    for action in subject.meant:
        if not called.isdisjoint(action.operations):
            continue
        needing = subject.catalog.needs.depending_on(action.name)
        wanted = tuple(operation for operation in needing if operation.id in called)
        if not wanted and not action.operations:
            wanted = needing
        if not wanted:
            continue
        values = {"titles": subject.titles(wanted), "n": len(wanted), "name": action.name}
        yield Finding(NEEDED_BESIDE, Severity.NOTE, "", OPERATION_NEEDS_MORE, values)


def _object_storage(subject: Subject) -> Iterator[Finding]:
    """What an error of object storage tells that stands for no refusal, or without its request."""
    error = subject.object_error
    if error is None:
        return
    service = subject.catalog.prefixes.services_by_prefix.get(object_storage.PREFIX)
    whose = service.label if service else "Object storage"
    reason = object_storage.NO_REFUSAL_BY_A_POLICY.get(error.code)
    if reason:
        yield Finding(NOT_UNDERSTOOD, Severity.WARNING, "", NO_REFUSAL, {"code": error.code, "reason": reason})
    elif error.code == object_storage.ACCESS_DENIED and not (subject.calls or subject.actions):
        wording = ACCESS_REFUSED if error.resource else ACCESS_TO_SOMETHING_REFUSED
        values = {"service": whose, "place": error.place.value, "resource": error.resource}
        yield Finding(NOT_UNDERSTOOD, Severity.WARNING, "", wording, values)


def _nothing_found(subject: Subject) -> Iterator[Finding]:
    refused = SENTENCE.search(subject.log.words)
    if refused:
        yield Finding(NOT_UNDERSTOOD, Severity.WARNING, "", NO_NAME_OF_AN_ACTION, {"text": refused[1]})
    elif not subject.log.called:
        yield Finding(NOT_UNDERSTOOD, Severity.WARNING, "", NOTHING_FOUND)
