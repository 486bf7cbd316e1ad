"""Calls that no operation of the catalogue has, and calls that several operations have: what to add to the text."""

from collections.abc import Iterator
from typing import Any

from policybuilder.domain.findings import Finding, Plural, Severity, Values, Wording

from . import object_storage
from .known_calls import takes_statement
from .subject import Subject, SubjectCall

NOT_UNDERSTOOD = "PB037"
SEVERAL_OPERATIONS = "PB038"
ASK_FOR_MORE = "Paste the whole answer, or the call that was refused: its method and address."
_NO_OPERATION = "No operation of the catalogue has the call {call}."
_CHECK_QUERY = "Check the method, and what stands behind the question mark of the address."
NAMED_CALL_UNKNOWN = Wording(_NO_OPERATION, ASK_FOR_MORE)
OBJECT_CALL_UNKNOWN = Wording(_NO_OPERATION, _CHECK_QUERY)
SUB_RESOURCE_UNKNOWN = Wording("The sub-resource {sub_resource:quoted} of the call {call} is not known.", _CHECK_QUERY)
BODY_UNKNOWN = Wording(
    "No operation of the catalogue is known for the body {body:quoted} of the call {call}.",
    "Check the key that the body begins with: it tells which operation is called.",
)
METHOD_UNKNOWN = Wording(_NO_OPERATION, "At that address it has {methods:all}: check the method.")
ADDRESS_UNKNOWN = Wording(_NO_OPERATION, "Check the address: its version, and that no part of it is missing.")
_CHECK_HOST = "Check the host. Pasted without one, the call is taken for theirs."
HOST_OF_OTHERS = Wording(
    Plural(
        "The call {call} went to {host:quoted}, the host of {own:listed}, where it is not known. {theirs:listed} has "
        "one like it, at {hosts:listed}.",
        "The call {call} went to {host:quoted}, the host of {own:listed}, where it is not known. {theirs:listed} have "
        "one like it, at {hosts:listed}.",
    ),
    _CHECK_HOST,
)
HOST_OF_NOBODY = Wording(
    Plural(
        "The call {call} went to {host:quoted}, the host of no service of the catalogue. {theirs:listed} has one like "
        "it, at {hosts:listed}.",
        "The call {call} went to {host:quoted}, the host of no service of the catalogue. {theirs:listed} have one like "
        "it, at {hosts:listed}.",
    ),
    _CHECK_HOST,
)
ONLY_WITH_A_KEY = Wording(
    "The call {call} needs {names:listed} only with {key:quoted} in its body, which the text does not show.",
    "Add the body of the call.",
)
_CAN_BE = "The call {call} can be {titles:titles}."
CAN_BE_OF_ANOTHER_HOST = Wording(
    _CAN_BE,
    "{other_host:quoted} is not one of the catalogue's hosts: paste the call with the host of its service, such as "
    "{host}.",
)
CAN_BE_WITHOUT_HOST = Wording(_CAN_BE, "Add the host of the call, such as {host}: it tells which service.")
CAN_BE_WITHOUT_METHOD = Wording(_CAN_BE, "Add the method of the call, such as GET or POST.")
CAN_BE_BY_STATEMENT = Wording(
    _CAN_BE, "The statement in its body is not read: these are the operations that it can be."
)
CAN_BE_WITHOUT_BODY = Wording(_CAN_BE, 'Add the body of the call, such as {{"os-start": null}}: it tells which.')


def unknown_calls(subject: Subject) -> Iterator[Finding]:
    """Beside something that is understood, a call that is not known is no matter: unless it was refused, and its answer
    names no action."""
    understood = bool(subject.actions or subject.operations or subject.codes)
    for call in subject.calls:
        explained = any(subject.catalog.action_index.action(name) for name in call.refused.named)
        if not call.found and not explained and (call.refused.sure or call.others or not understood):
            yield _unknown_call(subject, call)


def _unknown_call(subject: Subject, call: SubjectCall) -> Finding:
    if call.elsewhere:
        return _call_of_another_host(subject, call)
    values: dict[str, Any] = {"call": str(call)}
    if call.refused.call.is_name:
        wording = NAMED_CALL_UNKNOWN
    elif call.refused.call.of_objects:
        unknown = object_storage.unknown_sub_resource(call.refused.call.host, call.refused.call.path)
        wording = SUB_RESOURCE_UNKNOWN if unknown else OBJECT_CALL_UNKNOWN
        values["sub_resource"] = unknown
    elif call.others:
        wording = BODY_UNKNOWN
        values["body"] = call.refused.body
    elif methods := subject.known_calls.methods(call.refused.call):
        wording = METHOD_UNKNOWN
        values["methods"] = methods
    else:
        wording = ADDRESS_UNKNOWN
    return Finding(NOT_UNDERSTOOD, Severity.WARNING, "", wording, values)


def _call_of_another_host(subject: Subject, call: SubjectCall) -> Finding:
    """Its path is one that other services have, so that without its host it would be taken for theirs."""
    endpoints, host, region = subject.known_calls.endpoints, call.refused.call.host, call.region
    own = endpoints.services(host)
    labels = [service.label for service in subject.catalog.services if service.slug in own]
    hosts = (endpoints.example(service.slug, region) for service in call.elsewhere)
    values = {
        "call": str(call),
        "host": host,
        "own": labels,
        "theirs": [service.label for service in call.elsewhere],
        "n": len(call.elsewhere),
        "hosts": list(dict.fromkeys(filter(None, hosts))),
    }
    return Finding(NOT_UNDERSTOOD, Severity.WARNING, "", HOST_OF_OTHERS if labels else HOST_OF_NOBODY, values)


def several_operations(subject: Subject) -> Iterator[Finding]:
    for call in subject.calls:
        if len(call.operations) > 1:
            wording, values = _can_be(subject, call)
            titles = subject.titles(call.operations)
            yield Finding(
                SEVERAL_OPERATIONS, Severity.NOTE, "", wording, {**values, "call": str(call), "titles": titles}
            )
        elif call.unseen:
            values = {"call": str(call), "names": call.actions, "key": call.unseen}
            yield Finding(SEVERAL_OPERATIONS, Severity.NOTE, "", ONLY_WITH_A_KEY, values)


def _can_be(subject: Subject, call: SubjectCall) -> tuple[Wording, Values]:
    """The words for a call that can be of several operations: what to add to it."""
    named, services = call.refused.call, subject.services(call.found)
    hosts = [host for service in services if (host := subject.known_calls.endpoints.example(service.slug))]
    if not (named.host or named.of_objects) and len(set(hosts)) > 1:
        if named.other_host:
            return CAN_BE_OF_ANOTHER_HOST, {"other_host": named.other_host, "host": hosts[0]}
        return CAN_BE_WITHOUT_HOST, {"host": hosts[0]}
    if named.method is None and (named.of_objects or len({known.method for known in call.found}) > 1):
        return CAN_BE_WITHOUT_METHOD, {}
    return CAN_BE_BY_STATEMENT if takes_statement(call.found) else CAN_BE_WITHOUT_BODY, {}
