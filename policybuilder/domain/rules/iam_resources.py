"""What IAM refuses in Resource. One function per error code, in the order of the codes.

Resource is a list of URIs service:region:account:resourceType:path, or an object {"uri": [...]} as agencies have it;
the URIs of the latter are paths, and only their length and characters are checked.
Source: IAM API reference, error codes; IAM user manual, syntax of policies.
"""

import re
from collections.abc import Iterator

from policybuilder.domain.findings import Severity
from policybuilder.domain.jsontext.nodes import Array, Node, Object, String, described
from policybuilder.domain.policy.reading import StatementView, value
from policybuilder.domain.policy.service_terms import PATH, terms_of
from policybuilder.domain.words import invisible, listed, quoted

from .rule import PolicySubject, Remark, Rule, wrap

MAX_URIS = 20  # IAM.1037
MAX_URIS_OF_OBJECT = 10  # IAM.1040
MAX_URI_CHARACTERS = 1500  # IAM.1042
FORM = "A resource is service:region:account:resourceType:path; “*” stands for all of a position."

_NAME = re.compile(r"[A-Za-z0-9_*-]+")


def uris(view: StatementView) -> tuple[Node, ...]:
    """The entries of either form of Resource, whatever they are; a lone text counts as one."""
    listed = value(view.resource, "uri") if isinstance(view.resource, Object) else view.resource
    if isinstance(listed, Array):
        return listed.items
    return (listed,) if isinstance(listed, String) else ()


def uris_are_few(subject: PolicySubject) -> Iterator[Remark]:
    for view in subject.statements:
        if isinstance(view.resource, Array) and not 1 <= len(view.resource.items) <= MAX_URIS:
            message = f"Resource lists {len(view.resource.items):,} resources; IAM takes 1 to {MAX_URIS}."
            hint = "Use “*” for resources that belong together, or take Resource out to mean all."
            yield Remark(view.resource, message, hint)


def object_uris_are_few(subject: PolicySubject) -> Iterator[Remark]:
    for view in subject.statements:
        if not isinstance(view.resource, Object):
            continue
        listed = value(view.resource, "uri")
        if not isinstance(listed, Array):
            message = "The resource object has no list of URIs under the key uri."
            yield Remark(view.resource if listed is None else listed, message, 'Write {"uri": ["/iam/agencies/…"]}.')
        elif not 1 <= len(listed.items) <= MAX_URIS_OF_OBJECT:
            message = f"The resource object holds {len(listed.items):,} URIs; IAM takes 1 to {MAX_URIS_OF_OBJECT}."
            yield Remark(listed, message, "Divide them among several statements.")


def uri_is_filled(subject: PolicySubject) -> Iterator[Remark]:
    for node in _texts(subject):
        if not node.value:
            yield Remark(node, "The resource URI is empty.", FORM)
        elif any(char.isspace() for char in node.value):
            yield Remark(node, f"The resource URI {quoted(node.value)} holds spaces.", FORM)


def uri_is_short(subject: PolicySubject) -> Iterator[Remark]:
    for node in _texts(subject):
        if len(node.value) > MAX_URI_CHARACTERS:
            message = f"The resource URI has {len(node.value):,} characters; IAM takes {MAX_URI_CHARACTERS:,}."
            yield Remark(node, message, "Shorten its path with “*”.")


def uri_has_region(subject: PolicySubject) -> Iterator[Remark]:
    for node, parts in _positions(subject):
        if len(parts) < 2 or not parts[1]:
            yield Remark(node, f"The resource URI {quoted(node.value)} names no region.", FORM)


def region_is_valid(subject: PolicySubject) -> Iterator[Remark]:
    for node, parts in _positions(subject):
        if len(parts) >= 2 and parts[1] and not _NAME.fullmatch(parts[1]):
            message = f"The region {quoted(parts[1])} of the resource URI is not valid."
            yield Remark(node, message, "Write a region such as eu-de, or “*”.")


def service_is_valid(subject: PolicySubject) -> Iterator[Remark]:
    for node, parts in _positions(subject):
        if not _NAME.fullmatch(parts[0]):
            message = f"The service {quoted(parts[0])} of the resource URI is not valid."
            yield Remark(node, message, f"Write a service such as OBS. {FORM}")


def resource_type_is_valid(subject: PolicySubject) -> Iterator[Remark]:
    for node, parts in _positions(subject):
        if len(parts) < 4 and len(parts) >= 2 and parts[1]:
            yield Remark(node, f"The resource URI {quoted(node.value)} names no resource type.", FORM)
        elif len(parts) >= 4 and not _NAME.fullmatch(parts[3]):
            message = f"The resource type {quoted(parts[3])} of the resource URI is not valid."
            yield Remark(node, message, FORM)
        elif types := _other_types(parts):
            message = f"{parts[0].upper()} has no resource type {quoted(parts[3])}."
            yield Remark(node, message, f"Its types are {listed(types, most=len(types))}.")


def uri_is_legible(subject: PolicySubject) -> Iterator[Remark]:
    for node in _texts(subject):
        if found := invisible(node.value):
            yield Remark(node, f"The resource URI {quoted(node.value)} holds the character {found}.", "Type it anew.")
    for node, parts in _positions(subject):
        if (strange := _strange(parts)) and not invisible(node.value):
            message = f"The path of {quoted(node.value)} holds {quoted(strange)}, which the manual does not list."
            hint = "Letters, digits and -_*./\\ are listed. Write “*” in place of others."
            yield Remark(node, message, hint)


def resource_is_listed(subject: PolicySubject) -> Iterator[Remark]:
    for view in subject.statements:
        if view.resource is not None and not isinstance(view.resource, Array | Object):
            fix = wrap(view.resource, "Make it a list") if isinstance(view.resource, String) else None
            message = f"Resource must be a list or an object; this is {described(view.resource)}."
            yield Remark(view.resource, message, "Put the resources in square brackets.", fix)


def is_refused(text: str) -> bool:
    """Whether one of these rules refuses a URI of a list."""
    parts = text.split(":", 4)
    well_formed = (
        0 < len(text) <= MAX_URI_CHARACTERS
        and not any(char.isspace() for char in text)
        and not invisible(text)
        and len(parts) >= 4
        and all(_NAME.fullmatch(part) for part in (parts[0], parts[1], parts[3]))
    )
    return not well_formed or bool(_other_types(parts) or _strange(parts))


def is_refused_path(text: str) -> bool:
    """As `is_refused`, for a URI of a resource object."""
    return not 0 < len(text) <= MAX_URI_CHARACTERS or any(char.isspace() for char in text) or invisible(text) != ""


def _other_types(parts: list[str]) -> list[str]:
    """All types of the URI's service, where its manual names them and the URI's is none of them."""
    terms = terms_of(parts[0])
    if terms is None or not terms.closed_types or len(parts) < 4 or "*" in parts[3]:
        return []
    return [] if parts[3].lower() in {each.lower() for each in terms.types} else sorted(terms.types)


def _strange(parts: list[str]) -> str:
    """The first character of the path that the service's manual rules out, or ""."""
    terms = terms_of(parts[0])
    if terms is None or not terms.closed_path or len(parts) < 5:
        return ""
    return next((char for char in parts[4] if not PATH.fullmatch(char)), "")


def _texts(subject: PolicySubject) -> Iterator[String]:
    for view in subject.statements:
        for node in uris(view):
            if isinstance(node, String):
                yield node


def _positions(subject: PolicySubject) -> Iterator[tuple[String, list[str]]]:
    """URIs that are no paths and are not refused for what they hold, with their positions."""
    for view in subject.statements:
        if isinstance(view.resource, Object):
            continue
        for node in uris(view):
            if isinstance(node, String) and node.value and not any(c.isspace() for c in node.value):
                yield node, node.value.split(":", 4)


RULES = (
    Rule("IAM.1037", Severity.ERROR, "There are no resource URIs, or more than 20", uris_are_few),
    Rule("IAM.1040", Severity.ERROR, "A resource object holds no URI, or more than 10", object_uris_are_few),
    Rule("IAM.1041", Severity.ERROR, "A resource URI is empty or holds spaces", uri_is_filled),
    Rule("IAM.1042", Severity.ERROR, "A resource URI is longer than 1,500 characters", uri_is_short),
    Rule("IAM.1043", Severity.ERROR, "A resource URI names no region", uri_has_region),
    Rule("IAM.1044", Severity.ERROR, "The region of a resource URI is not valid", region_is_valid),
    Rule("IAM.1045", Severity.ERROR, "The service of a resource URI is not valid", service_is_valid),
    Rule("IAM.1046", Severity.ERROR, "The resource type of a resource URI is not valid", resource_type_is_valid),
    Rule("IAM.1047", Severity.ERROR, "A resource URI holds characters that are not allowed", uri_is_legible),
    Rule("IAM.1049", Severity.ERROR, "Resource is neither a list nor an object", resource_is_listed),
)
