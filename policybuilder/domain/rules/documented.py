"""The keys, resources and names of a policy that no manual settles: PB055 to PB058, and `NotChecked`.

A rule of IAM's codes refuses what a manual rules out. Of the rest, only what a manual lists (`policy.service_terms`) is
known to be accepted. Everything between is open: it gets a remark, and the policy is not called accepted.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from policybuilder.domain.findings import Severity, Values, Wording
from policybuilder.domain.jsontext.nodes import Node, Object, String
from policybuilder.domain.jsontext.writer import ROLE_KEYS
from policybuilder.domain.policy.condition_terms import GLOBAL_KEYS, KeyType, is_readable
from policybuilder.domain.policy.reading import ANSWERED_KEYS
from policybuilder.domain.policy.service_terms import (
    ACCOUNT,
    AGENCY_ACTION,
    AGENCY_URI,
    AGENCY_URI_CHARACTERS,
    DESCRIPTION,
    NAME,
    PATH,
    SERVICE_KEYS,
    SERVICE_TERMS,
    VALUE,
    terms_of,
)
from policybuilder.domain.words import invisible

from .iam_conditions import MAX_VALUE_CHARACTERS, Use, is_refused_value, refused_key, uses_of
from .iam_policy import LINE_ENDS, MAX_DESCRIPTION_CHARACTERS, MAX_NAME_CHARACTERS, misspelt_keys
from .iam_resources import is_refused, is_refused_path, uris
from .rule import Label, PolicySubject, Remark, Rule, UncheckedAction
from .statement_terms import StatementTerms, statement_terms

MANUALS = "the services' manuals, where they list the valid values"
COMPARE = "Compare it with the service's own documentation."
Doubt = tuple[Wording, Values]


@dataclass(frozen=True, slots=True)
class NotChecked:
    """The parts of a policy that no rule refuses and no manual lists: each text once, in the order of the policy."""

    actions: tuple[UncheckedAction, ...] = ()
    condition_keys: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    role_keys: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        labels = (self.names, self.descriptions, self.role_keys)
        return any((self.actions, self.condition_keys, self.resources, *labels))


def not_checked(subject: PolicySubject) -> NotChecked:
    """All actions count as not checked where the work was not enough to look at each of them."""
    labels = list(_open_labels(subject))
    return NotChecked(
        actions=subject.all_actions if subject.gave_up else subject.unchecked,
        condition_keys=_once(use.attribute for _, use, _ in _open_keys(subject)),
        resources=_once(node for node, _ in _open_resources(subject)),
        names=tuple(label.text or "" for label in labels if label is subject.name),
        descriptions=tuple(label.text or "" for label in labels if label is subject.description),
        role_keys=_once(_open_role_keys(subject)),
    )


MOVE = "Move the condition to a statement with such actions, or use a global key."
KEY_OF_ACTIONS = Wording("{key:quoted} can be used only with {actions:all}; the statement has none of these.", MOVE)
KEY_OF_SERVICE = Wording(
    "{key:quoted} can be used only with the actions of {service}; the statement has none of these.", MOVE
)


def key_is_taken(subject: PolicySubject) -> Iterator[Remark]:
    for terms in statement_terms(subject):
        for use in uses_of(terms.view):
            if _is_misplaced(terms, use.attribute.value):
                key = use.attribute.value
                actions = SERVICE_KEYS[key].actions
                values = {"key": key, "actions": actions, "service": key.partition(":")[0].upper()}
                yield Remark(use.attribute, KEY_OF_ACTIONS if actions else KEY_OF_SERVICE, values)


def key_is_listed(subject: PolicySubject) -> Iterator[Remark]:
    """PB055 and PB027 name keys that go with no action of the statement, and values that cannot be read."""
    for terms, use, (wording, values) in _open_keys(subject):
        if wording is not VALUE_IS_UNREADABLE and not _is_misplaced(terms, use.attribute.value):
            yield Remark(use.attribute, wording, values)


def resource_is_listed(subject: PolicySubject) -> Iterator[Remark]:
    for node, (wording, values) in _open_resources(subject):
        yield Remark(node, wording, values)


NAME_IS_OPEN = Wording(
    "The name was not checked: no manual lists the characters that it may hold.",
    "Published examples hold letters, digits, hyphens and underscores only.",
)
DESCRIPTION_IS_OPEN = Wording(
    "The description was not checked: no manual lists the characters that it may hold.",
    "Published examples hold letters, digits, spaces and “-_,.” only.",
)
ROLE_KEY_IS_OPEN = Wording("The key {key:quoted} was not checked: no manual lists it for a role.", "Take it out.")


def label_is_listed(subject: PolicySubject) -> Iterator[Remark]:
    """PB031 names a description that is too long."""
    for label in _open_labels(subject):
        of_description = label is subject.description
        if not (DESCRIPTION if of_description else NAME).fullmatch(label.text or ""):
            yield label.remark(DESCRIPTION_IS_OPEN if of_description else NAME_IS_OPEN)
    for key in _open_role_keys(subject):
        yield Remark(key, ROLE_KEY_IS_OPEN, {"key": key.value})


NULL_HAS_A_PREFIX = Wording("{key:quoted} was not checked: no manual says what {prefix} does to Null.", COMPARE)
KEY_IS_SPELT_OTHERWISE = Wording("{key:quoted} was not checked: the manual spells it {spelling}.", COMPARE)
KEYS_ARE_NOT_LISTED = Wording(
    "{key:quoted} was not checked: no manual lists the condition keys of {service:quoted} as a whole.", COMPARE
)
NO_ACTION_TAKES_KEY = Wording("{key:quoted} was not checked: no action of the statement takes it.", COMPARE)
NO_OPERATOR_FITS = Wording(
    "{key:quoted} was not checked: none of the documented operators compares its values.", COMPARE
)
VALUE_IS_UNREADABLE = Wording("{key:quoted} was not checked: a value of it cannot be read.", COMPARE)
VALUE_IS_NOT_LISTED = Wording(
    "{key:quoted} was not checked: no manual lists every character of its value {value:quoted}.", COMPARE
)


def _open_keys(subject: PolicySubject) -> Iterator[tuple[StatementTerms, Use, Doubt]]:
    for terms in statement_terms(subject):
        for use in uses_of(terms.view):
            if refused_key(use.attribute.value) is None and (doubt := _doubt_of_key(terms, use)):
                yield terms, use, doubt


def _doubt_of_key(terms: StatementTerms, use: Use) -> Doubt | None:
    """Why it is not known whether IAM takes the key with its values; None where it is."""
    text = use.attribute.value
    if use.operator and use.operator.type is KeyType.PRESENCE and use.operator.prefix:
        return NULL_HAS_A_PREFIX, {"key": text, "prefix": use.operator.prefix}
    if text not in GLOBAL_KEYS and text not in SERVICE_KEYS:
        folded = text.lower()
        listed_as = next((name for name in (*GLOBAL_KEYS, *SERVICE_KEYS) if name.lower() == folded), None)
        if listed_as:
            return KEY_IS_SPELT_OTHERWISE, {"key": text, "spelling": listed_as}
        return KEYS_ARE_NOT_LISTED, {"key": text, "service": text.partition(":")[0]}
    if _is_misplaced(terms, text):
        return NO_ACTION_TAKES_KEY, {"key": text}
    if text in SERVICE_KEYS and SERVICE_KEYS[text].type is None:
        return NO_OPERATOR_FITS, {"key": text}
    return next(filter(None, (_doubt_of_value(terms, use, node) for node in use.values)), None)


def _doubt_of_value(terms: StatementTerms, use: Use, node: Node) -> Doubt | None:
    """As for a key; None also where a rule refuses the value, its list or its operator."""
    operator = use.operator
    if operator is None or not isinstance(node, String):
        return None
    text = node.value
    refused = not 1 <= len(text) <= MAX_VALUE_CHARACTERS or invisible(text) or is_refused_value(terms, use, text)
    key = use.attribute.value
    if refused:
        return None
    if operator.type is not KeyType.STRING:
        return None if is_readable(text, operator.type) else (VALUE_IS_UNREADABLE, {"key": key})
    return None if VALUE.fullmatch(text) else (VALUE_IS_NOT_LISTED, {"key": key, "value": text})


def _is_misplaced(terms: StatementTerms, key: str) -> bool:
    """Whether a manual lists the key, and lets it be used with none of the statement's actions."""
    return key in SERVICE_KEYS and not terms.takes(key)


RESOURCES_ARE_NOT_LISTED = Wording(
    "The resource {uri:quoted} was not checked: no manual lists the resources of {service:quoted}.", COMPARE
)
OTHERS_TAKE_NO_RESOURCES = Wording(
    "The resource {uri:quoted} was not checked: no manual says that {others:listed} takes resources.", COMPARE
)
NO_ACTION_OF_SERVICE = Wording(
    "The resource {uri:quoted} was not checked: the statement names no action of {service}.", COMPARE
)
TYPE_IS_NOT_LISTED = Wording(
    "The resource {uri:quoted} was not checked: no manual lists the type {type:quoted}.", COMPARE
)
REGION_IS_OPEN = Wording(
    "The resource {uri:quoted} was not checked: whether your account may use the region {region:quoted} is not known.",
    COMPARE,
)
NO_ACCOUNT = Wording(
    "The resource {uri:quoted} was not checked: {account:quoted} is neither “*” nor an account ID.", COMPARE
)
NO_PATH = Wording("The resource {uri:quoted} was not checked: it has no path.", COMPARE)
PATH_IS_NOT_LISTED = Wording(
    "The resource {uri:quoted} was not checked: no manual lists every character of its path.", COMPARE
)
NO_AGENCY = Wording(
    "The resource {uri:quoted} was not checked: the manual gives /iam/agencies/ID, of at most {n:,} characters.",
    COMPARE,
)
AGENCY_WITH_OTHER_ACTIONS = Wording(
    "The resource {uri:quoted} was not checked: the manual gives it with the action {action} only.", COMPARE
)


def _open_resources(subject: PolicySubject) -> Iterator[tuple[String, Doubt]]:
    for terms in statement_terms(subject):
        of_agency = isinstance(terms.view.resource, Object)
        for node in uris(terms.view):
            if not isinstance(node, String) or (is_refused_path if of_agency else is_refused)(node.value):
                continue
            if doubt := (_doubt_of_agency if of_agency else _doubt_of_resource)(terms, node.value):
                yield node, doubt


def _doubt_of_resource(terms: StatementTerms, uri: str) -> Doubt | None:
    """Why it is not known whether IAM takes the resource; None where it is."""
    service, region, account, kind, *rest = uri.split(":", 4)
    its_terms, path = terms_of(service), "".join(rest)
    if its_terms is None:
        return RESOURCES_ARE_NOT_LISTED, {"uri": uri, "service": service}
    others = sorted(terms.services - SERVICE_TERMS.keys())
    doubts = (
        (bool(others), OTHERS_TAKE_NO_RESOURCES),
        (service.lower() not in terms.services, NO_ACTION_OF_SERVICE),
        (kind not in {*its_terms.types, "*"}, TYPE_IS_NOT_LISTED),
        (region != "*", REGION_IS_OPEN),
        (not ACCOUNT.fullmatch(account), NO_ACCOUNT),
        (not path, NO_PATH),
        (not PATH.fullmatch(path), PATH_IS_NOT_LISTED),
    )
    wording = next((wording for doubt, wording in doubts if doubt), None)
    values = {"uri": uri, "service": service.upper(), "type": kind, "region": region, "account": account}
    return (wording, {**values, "others": [each.upper() for each in others]}) if wording else None


def _doubt_of_agency(terms: StatementTerms, uri: str) -> Doubt | None:
    if len(uri) > AGENCY_URI_CHARACTERS or not AGENCY_URI.fullmatch(uri):
        return NO_AGENCY, {"uri": uri, "n": AGENCY_URI_CHARACTERS}
    only = terms.view.not_action is None and terms.view.names == (AGENCY_ACTION,) and len(terms.view.actions) == 1
    return None if only else (AGENCY_WITH_OTHER_ACTIONS, {"uri": uri, "action": AGENCY_ACTION})


def _open_labels(subject: PolicySubject) -> Iterator[Label]:
    name, description = subject.name, subject.description
    if name and name.text and not NAME.fullmatch(name.text) and not _is_refused_name(name.text):
        yield name
    if description and description.text and not _is_listed_description(description.text):
        yield from () if invisible(description.text, allowed=LINE_ENDS) else (description,)


def _is_listed_description(text: str) -> bool:
    return len(text) <= MAX_DESCRIPTION_CHARACTERS and DESCRIPTION.fullmatch(text) is not None


def _open_role_keys(subject: PolicySubject) -> Iterator[String]:
    """The keys of a role that IAM's manual lists neither for requests nor for answers, without those of IAM.1059."""
    role = subject.found.role
    if role is None:
        return
    misspelt = {remark.node for remark in misspelt_keys(role)}
    for each in role.members:
        if each.key.value not in (*ROLE_KEYS, *ANSWERED_KEYS) and each.key not in misspelt:
            yield each.key


def _is_refused_name(text: str) -> bool:
    return len(text) > MAX_NAME_CHARACTERS or any(char.isspace() for char in text) or invisible(text) != ""


def _once(nodes: Iterable[String]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(node.value for node in nodes))


RULES = (
    Rule("PB055", Severity.WARNING, "A condition key goes with no action of its statement", key_is_taken, MANUALS),
    Rule("PB056", Severity.NOTE, "A condition key or its values were not checked", key_is_listed, MANUALS),
    Rule("PB057", Severity.NOTE, "A resource was not checked", resource_is_listed, MANUALS),
    Rule("PB058", Severity.NOTE, "The name, the description or a role key was not checked", label_is_listed, MANUALS),
)
