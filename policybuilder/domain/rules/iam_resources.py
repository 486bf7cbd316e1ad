"""What IAM refuses in Resource. One function per error code, in the order of the codes.

Resource is a list of URIs service:region:account:resourceType:path, or an object {"uri": [...]} as agencies have it;
the URIs of the latter are paths, and only their length and characters are checked.
Source: IAM API reference, error codes; IAM user manual, syntax of policies.
"""

import re
from collections.abc import Iterator

from policybuilder.domain.findings import Severity, Wording
from policybuilder.domain.jsontext.nodes import Array, Node, Object, String, described
from policybuilder.domain.policy.reading import StatementView, value
from policybuilder.domain.policy.service_terms import PATH, terms_of
from policybuilder.domain.words import invisible

from .rule import MAKE_LIST, PolicySubject, Remark, Rule, wrap

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


URIS_ARE_WRONG_IN_NUMBER = Wording(
    "Resource lists {n:,} resources; IAM takes 1 to {limit}.",
    "Use “*” for resources that belong together, or take Resource out to mean all.",
)


def uris_are_few(subject: PolicySubject) -> Iterator[Remark]:
    for view in subject.statements:
        if isinstance(view.resource, Array) and not 1 <= len(view.resource.items) <= MAX_URIS:
            values = {"n": len(view.resource.items), "limit": MAX_URIS}
            yield Remark(view.resource, URIS_ARE_WRONG_IN_NUMBER, values)


OBJECT_HAS_NO_LIST = Wording(
    "The resource object has no list of URIs under the key uri.",
    'Write {{"uri": ["/iam/agencies/…"]}}.',
)
OBJECT_URIS_ARE_WRONG_IN_NUMBER = Wording(
    "The resource object holds {n:,} URIs; IAM takes 1 to {limit}.",
    "Divide them among several statements.",
)


def object_uris_are_few(subject: PolicySubject) -> Iterator[Remark]:
    for view in subject.statements:
        if not isinstance(view.resource, Object):
            continue
        listed = value(view.resource, "uri")
        if not isinstance(listed, Array):
            yield Remark(view.resource if listed is None else listed, OBJECT_HAS_NO_LIST)
        elif not 1 <= len(listed.items) <= MAX_URIS_OF_OBJECT:
            values = {"n": len(listed.items), "limit": MAX_URIS_OF_OBJECT}
            yield Remark(listed, OBJECT_URIS_ARE_WRONG_IN_NUMBER, values)


URI_IS_EMPTY = Wording("The resource URI is empty.", FORM)
URI_HAS_SPACES = Wording("The resource URI {uri:quoted} holds spaces.", FORM)


def uri_is_filled(subject: PolicySubject) -> Iterator[Remark]:
    for node in _texts(subject):
        if not node.value:
            yield Remark(node, URI_IS_EMPTY)
        elif any(char.isspace() for char in node.value):
            yield Remark(node, URI_HAS_SPACES, {"uri": node.value})


URI_IS_LONG = Wording(
    "The resource URI has {n:,} characters; IAM takes {limit:,}.",
    "Shorten its path with “*”.",
)


def uri_is_short(subject: PolicySubject) -> Iterator[Remark]:
    for node in _texts(subject):
        if len(node.value) > MAX_URI_CHARACTERS:
            yield Remark(node, URI_IS_LONG, {"n": len(node.value), "limit": MAX_URI_CHARACTERS})


REGION_IS_MISSING = Wording("The resource URI {uri:quoted} names no region.", FORM)


def uri_has_region(subject: PolicySubject) -> Iterator[Remark]:
    for node, parts in _positions(subject):
        if len(parts) < 2 or not parts[1]:
            yield Remark(node, REGION_IS_MISSING, {"uri": node.value})


REGION_IS_INVALID = Wording(
    "The region {region:quoted} of the resource URI is not valid.",
    "Write a region such as eu-de, or “*”.",
)


def region_is_valid(subject: PolicySubject) -> Iterator[Remark]:
    for node, parts in _positions(subject):
        if len(parts) >= 2 and parts[1] and not _NAME.fullmatch(parts[1]):
            yield Remark(node, REGION_IS_INVALID, {"region": parts[1]})


SERVICE_IS_INVALID = Wording(
    "The service {service:quoted} of the resource URI is not valid.",
    f"Write a service such as OBS. {FORM}",
)


def service_is_valid(subject: PolicySubject) -> Iterator[Remark]:
    for node, parts in _positions(subject):
        if not _NAME.fullmatch(parts[0]):
            yield Remark(node, SERVICE_IS_INVALID, {"service": parts[0]})


TYPE_IS_MISSING = Wording("The resource URI {uri:quoted} names no resource type.", FORM)
TYPE_IS_INVALID = Wording("The resource type {type:quoted} of the resource URI is not valid.", FORM)
TYPE_IS_UNKNOWN = Wording("{service} has no resource type {type:quoted}.", "Its types are {types:all}.")


def resource_type_is_valid(subject: PolicySubject) -> Iterator[Remark]:
    for node, parts in _positions(subject):
        if len(parts) < 4 and len(parts) >= 2 and parts[1]:
            yield Remark(node, TYPE_IS_MISSING, {"uri": node.value})
        elif len(parts) >= 4 and not _NAME.fullmatch(parts[3]):
            yield Remark(node, TYPE_IS_INVALID, {"type": parts[3]})
        elif types := _other_types(parts):
            yield Remark(node, TYPE_IS_UNKNOWN, {"service": parts[0].upper(), "type": parts[3], "types": types})


URI_HAS_INVISIBLE = Wording("The resource URI {uri:quoted} holds the character {character}.", "Type it anew.")
PATH_IS_STRANGE = Wording(
    "The path of {uri:quoted} holds {character:quoted}, which the manual does not list.",
    "Letters, digits and -_*./\\ are listed. Write “*” in place of others.",
)


def uri_is_legible(subject: PolicySubject) -> Iterator[Remark]:
    for node in _texts(subject):
        if found := invisible(node.value):
            yield Remark(node, URI_HAS_INVISIBLE, {"uri": node.value, "character": found})
    for node, parts in _positions(subject):
        if (strange := _strange(parts)) and not invisible(node.value):
            yield Remark(node, PATH_IS_STRANGE, {"uri": node.value, "character": strange})


RESOURCE_IS_NO_LIST = Wording(
    "Resource must be a list or an object; this is {found}.",
    "Put the resources in square brackets.",
)


def resource_is_listed(subject: PolicySubject) -> Iterator[Remark]:
    for view in subject.statements:
        if view.resource is not None and not isinstance(view.resource, Array | Object):
            fix = wrap(view.resource, MAKE_LIST) if isinstance(view.resource, String) else None
            yield Remark(view.resource, RESOURCE_IS_NO_LIST, {"found": described(view.resource)}, fix)


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
