"""The keys, resources and names of a policy that no manual settles: PB055 to PB058, and `NotChecked`.

A rule of IAM's codes refuses what a manual rules out. Of the rest, only what a manual lists (`policy.service_terms`) is
known to be accepted. Everything between is open: it gets a remark, and the policy is not called accepted.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from policybuilder.domain.findings import PLAIN, Severity
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
from policybuilder.domain.words import counted, invisible, listed, quoted

from .iam_conditions import MAX_VALUE_CHARACTERS, Use, is_refused_value, refused_key, uses_of
from .iam_policy import LINE_ENDS, MAX_DESCRIPTION_CHARACTERS, MAX_NAME_CHARACTERS, misspelt_keys
from .iam_resources import is_refused, is_refused_path, uris
from .rule import Label, PolicySubject, Remark, Rule, UncheckedAction, plain_remark
from .statement_terms import StatementTerms, statement_terms

MANUALS = "the services' manuals, where they list the valid values"
COMPARE = "Compare it with the service's own documentation."
_UNREADABLE = "a value of it cannot be read"  # PB027 names the value


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


def key_is_taken(subject: PolicySubject) -> Iterator[Remark]:
    for terms in statement_terms(subject):
        for use in uses_of(terms.view):
            if _is_misplaced(terms, use.attribute.value):
                yield plain_remark(use.attribute, *_misplaced(use.attribute.value))


def key_is_listed(subject: PolicySubject) -> Iterator[Remark]:
    """PB055 and PB027 name keys that go with no action of the statement, and values that cannot be read."""
    for terms, use, reason in _open_keys(subject):
        text = use.attribute.value
        if reason is not _UNREADABLE and not _is_misplaced(terms, text):
            yield plain_remark(use.attribute, f"{quoted(text)} was not checked: {reason}.", COMPARE)


def resource_is_listed(subject: PolicySubject) -> Iterator[Remark]:
    for node, reason in _open_resources(subject):
        yield plain_remark(node, f"The resource {quoted(node.value)} was not checked: {reason}.", COMPARE)


def label_is_listed(subject: PolicySubject) -> Iterator[Remark]:
    """PB031 names a description that is too long."""
    for label in _open_labels(subject):
        what, common, pattern = "name", "letters, digits, hyphens and underscores", NAME
        if label is subject.description:
            what, common, pattern = "description", "letters, digits, spaces and “-_,.”", DESCRIPTION
        if not pattern.fullmatch(label.text or ""):
            message = f"The {what} was not checked: no manual lists the characters that it may hold."
            yield label.remark(PLAIN, {"message": message, "hint": f"Published examples hold {common} only."})
    for key in _open_role_keys(subject):
        yield plain_remark(
            key, f"The key {quoted(key.value)} was not checked: no manual lists it for a role.", "Take it out."
        )


def _open_keys(subject: PolicySubject) -> Iterator[tuple[StatementTerms, Use, str]]:
    for terms in statement_terms(subject):
        for use in uses_of(terms.view):
            if refused_key(use.attribute.value) is None and (reason := _doubt_of_key(terms, use)):
                yield terms, use, reason


def _doubt_of_key(terms: StatementTerms, use: Use) -> str:
    """Why it is not known whether IAM takes the key with its values; "" where it is."""
    text = use.attribute.value
    if use.operator and use.operator.type is KeyType.PRESENCE and use.operator.prefix:
        return f"no manual says what {use.operator.prefix} does to Null"
    if text not in GLOBAL_KEYS and text not in SERVICE_KEYS:
        folded = text.lower()
        listed_as = next((name for name in (*GLOBAL_KEYS, *SERVICE_KEYS) if name.lower() == folded), None)
        if listed_as:
            return f"the manual spells it {listed_as}"
        return f"no manual lists the condition keys of {quoted(text.partition(':')[0])} as a whole"
    if _is_misplaced(terms, text):
        return "no action of the statement takes it"
    if text in SERVICE_KEYS and SERVICE_KEYS[text].type is None:
        return "none of the documented operators compares its values"
    return next(filter(None, (_doubt_of_value(terms, use, node) for node in use.values)), "")


def _doubt_of_value(terms: StatementTerms, use: Use, node: Node) -> str:
    """As for a key; "" also where a rule refuses the value, its list or its operator."""
    operator = use.operator
    if operator is None or not isinstance(node, String):
        return ""
    text = node.value
    refused = not 1 <= len(text) <= MAX_VALUE_CHARACTERS or invisible(text) or is_refused_value(terms, use, text)
    if refused:
        return ""
    if operator.type is not KeyType.STRING:
        return "" if is_readable(text, operator.type) else _UNREADABLE
    return "" if VALUE.fullmatch(text) else f"no manual lists every character of its value {quoted(text)}"


def _is_misplaced(terms: StatementTerms, key: str) -> bool:
    """Whether a manual lists the key, and lets it be used with none of the statement's actions."""
    return key in SERVICE_KEYS and not terms.takes(key)


def _misplaced(key: str) -> tuple[str, str]:
    service, actions = key.partition(":")[0].upper(), SERVICE_KEYS[key].actions
    taken_by = listed(actions, most=len(actions)) if actions else f"the actions of {service}"
    message = f"{quoted(key)} can be used only with {taken_by}; the statement has none of these."
    return message, "Move the condition to a statement with such actions, or use a global key."


def _open_resources(subject: PolicySubject) -> Iterator[tuple[String, str]]:
    for terms in statement_terms(subject):
        of_agency = isinstance(terms.view.resource, Object)
        for node in uris(terms.view):
            if not isinstance(node, String) or (is_refused_path if of_agency else is_refused)(node.value):
                continue
            reason = _doubt_of_agency(terms, node.value) if of_agency else _doubt_of_resource(terms, node.value)
            if reason:
                yield node, reason


def _doubt_of_resource(terms: StatementTerms, uri: str) -> str:
    """Why it is not known whether IAM takes the resource; "" where it is."""
    service, region, account, kind, *rest = uri.split(":", 4)
    its_terms, path = terms_of(service), "".join(rest)
    if its_terms is None:
        return f"no manual lists the resources of {quoted(service)}"
    others = sorted(terms.services - SERVICE_TERMS.keys())
    doubts = (
        (bool(others), f"no manual says that {listed(each.upper() for each in others)} takes resources"),
        (service.lower() not in terms.services, f"the statement names no action of {service.upper()}"),
        (kind not in {*its_terms.types, "*"}, f"no manual lists the type {quoted(kind)}"),
        (region != "*", f"whether your account may use the region {quoted(region)} is not known"),
        (not ACCOUNT.fullmatch(account), f"{quoted(account)} is neither “*” nor an account ID"),
        (not path, "it has no path"),
        (not PATH.fullmatch(path), "no manual lists every character of its path"),
    )
    return next((reason for doubt, reason in doubts if doubt), "")


def _doubt_of_agency(terms: StatementTerms, uri: str) -> str:
    if len(uri) > AGENCY_URI_CHARACTERS or not AGENCY_URI.fullmatch(uri):
        return f"the manual gives /iam/agencies/ID, of at most {counted(AGENCY_URI_CHARACTERS, 'character')}"
    only = terms.view.not_action is None and terms.view.names == (AGENCY_ACTION,) and len(terms.view.actions) == 1
    return "" if only else f"the manual gives it with the action {AGENCY_ACTION} only"


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
