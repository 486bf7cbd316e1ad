"""What IAM refuses in a statement's effect and actions. One function per error code, in the order of the codes.

Source: IAM API reference, error codes; IAM user manual, syntax of policies.
"""

import re
from collections.abc import Iterator

from policybuilder.domain.catalog.action_names import MAX_CHARACTERS, is_wildcard, parse_action
from policybuilder.domain.catalog.older_names import older_action
from policybuilder.domain.findings import Severity, Wording
from policybuilder.domain.jsontext.nodes import Array, String, described
from policybuilder.domain.policy.document import MAX_ACTIONS, Effect
from policybuilder.domain.policy.reading import ActionView, StatementView, is_action

from .rule import MAKE_LIST, TAKE_OUT, PolicySubject, Remark, Rule, remove_item, respell, wrap

_STRANGE = re.compile(r"[^A-Za-z0-9_*:-]")
FORM = "An action is service:resourceType:verb, e.g. ecs:servers:list."


EFFECT_IS_MISSING = Wording("The statement has no Effect.", "Add “Effect” with “Allow” or “Deny”.")
EFFECT_IS_UNKNOWN = Wording("Effect is {found}; it must be Allow or Deny.", "Write “Allow” or “Deny”.")
EFFECT_IS_MISSPELT = Wording("Effect is {text:quoted}; it must be spelt {effect}.", "Write “{effect}”.")


def effect_is_known(subject: PolicySubject) -> Iterator[Remark]:
    for view in subject.statements:
        node = view.effect_node
        if node is None:
            yield Remark(view.node, EFFECT_IS_MISSING)
        elif view.effect is None:
            yield Remark(node, EFFECT_IS_UNKNOWN, {"found": described(node)})
        elif isinstance(node, String) and node.value != view.effect.value:
            effect = view.effect.value
            yield Remark(node, EFFECT_IS_MISSPELT, {"text": node.value, "effect": effect}, respell(node, effect))


ACTION_IS_MISSING = Wording("The statement has no Action.", "Add “Action” with the list of actions.")
ACTIONS_ARE_NO_LIST = Wording("{key} must be a list; this is {found}.", "Put the actions in square brackets.")


def actions_are_listed(subject: PolicySubject) -> Iterator[Remark]:
    for view in subject.statements:
        if view.action is None and view.not_action is None:
            yield Remark(view.node, ACTION_IS_MISSING)
        for key, node in (("Action", view.action), ("NotAction", view.not_action)):
            if node is not None and not isinstance(node, Array):
                fix = wrap(node, MAKE_LIST) if isinstance(node, String) else None
                yield Remark(node, ACTIONS_ARE_NO_LIST, {"key": key, "found": described(node)}, fix)


ACTION_AND_NOT_ACTION = Wording(
    "Action and NotAction stand in one statement.",
    "Keep one of them, or make two statements.",
)


def one_kind_of_actions(subject: PolicySubject) -> Iterator[Remark]:
    for view in subject.statements:
        if view.action is not None and view.not_action is not None:
            yield Remark(view.not_action, ACTION_AND_NOT_ACTION)


ACTIONS_ARE_MANY = Wording(
    "The statement has {n:,} actions; IAM takes {limit}.",
    "Make two statements of it, or make the policy shorter.",
)


def actions_are_few(subject: PolicySubject) -> Iterator[Remark]:
    for view in subject.statements:
        for node in (view.action, view.not_action):
            if isinstance(node, Array) and len(node.items) > MAX_ACTIONS:
                yield Remark(node, ACTIONS_ARE_MANY, {"n": len(node.items), "limit": MAX_ACTIONS})


ACTION_IS_LONG = Wording("The action {name:quoted} has {n:,} characters; IAM takes {limit}.", FORM)


def action_is_short(subject: PolicySubject) -> Iterator[Remark]:
    for text, entry in _faulty(subject):
        if len(text) > MAX_CHARACTERS:
            yield Remark(entry.node, ACTION_IS_LONG, {"name": text, "n": len(text), "limit": MAX_CHARACTERS})


ACTION_IS_STRANGE = Wording(
    "The action {name:quoted} holds {character:quoted}, which no action may hold.",
    "Letters, digits, hyphens, underscores, “*” and “:” may stand there.",
)


def action_is_legible(subject: PolicySubject) -> Iterator[Remark]:
    for text, entry in _faulty(subject):
        strange = _strange(text)
        if strange and len(text) <= MAX_CHARACTERS:
            meant = text.strip().replace("\N{FULLWIDTH COLON}", ":")
            fix = respell(entry.node, meant) if is_action(meant) else None
            yield Remark(entry.node, ACTION_IS_STRANGE, {"name": text, "character": strange}, fix)


ACTION_IS_EMPTY = Wording("The action is empty.", FORM)
ACTION_IS_A_STAR = Wording("{name:quoted} is no action.", "For every action write *:*:*.")
ACTION_LACKS_A_PART = Wording("{name:quoted} is no action.", f"One of its three parts is missing. {FORM}")
ACTION_IS_NONE = Wording("{name:quoted} is no action.", FORM)

_NO_ACTION = "{service} has no action {name:quoted}."
_NO_ACTION_DENIED = "{service} has no action {name:quoted}. The Deny protects nothing."
_LOOK_UP = "Take it out, or look it up in the catalogue."
ALLOWED_IS_UNKNOWN = Wording(_NO_ACTION, _LOOK_UP)
ALLOWED_IS_MISSPELT = Wording(_NO_ACTION, "Perhaps meant: {near:listed}.")
DENIED_IS_UNKNOWN = Wording(_NO_ACTION_DENIED, _LOOK_UP)
DENIED_IS_MISSPELT = Wording(_NO_ACTION_DENIED, "Perhaps meant: {near:listed}.")


def action_is_registered(subject: PolicySubject) -> Iterator[Remark]:
    """Unknown actions of services that the catalogue is stated to have whole; of others PB049 or PB022 says it."""
    for text, entry, view in _texts(subject):
        if entry.name is None:
            if len(text) > MAX_CHARACTERS or _strange(text) or is_action(text.lower()):
                continue  # another rule says so: IAM.1034, IAM.1035, PB013
            if text:
                yield Remark(entry.node, _no_action(text), {"name": text})
            else:
                fix = remove_item(entry.owner, entry.index, TAKE_OUT) if entry.owner else None
                yield Remark(entry.node, ACTION_IS_EMPTY, fix=fix)
        elif is_unregistered(subject, entry.name):
            near = subject.known.nearest(entry.name)
            values = {"service": parse_action(entry.name).service.upper(), "name": entry.name, "near": near}
            if view.effect is Effect.DENY:
                yield Remark(entry.node, DENIED_IS_MISSPELT if near else DENIED_IS_UNKNOWN, values)
            else:
                yield Remark(entry.node, ALLOWED_IS_MISSPELT if near else ALLOWED_IS_UNKNOWN, values)


def _no_action(text: str) -> Wording:
    if text == "*":
        return ACTION_IS_A_STAR
    return ACTION_LACKS_A_PART if text.count(":") == 1 else ACTION_IS_NONE


def is_unregistered(subject: PolicySubject, name: str) -> bool:
    if name in subject.catalog.action_index.actions or is_wildcard(name) or older_action(name):
        return False
    return subject.known.is_complete(parse_action(name).service) and subject.catalog.action_index.action(name) is None


def _faulty(subject: PolicySubject) -> Iterator[tuple[str, ActionView]]:
    """The texts that are no actions."""
    for view in subject.statements:
        for entry in (*view.actions, *view.not_actions):
            if entry.name is None and isinstance(entry.node, String):
                yield entry.node.value, entry


def _texts(subject: PolicySubject) -> Iterator[tuple[str, ActionView, StatementView]]:
    for view in subject.statements:
        for entry in (*view.actions, *view.not_actions):
            if isinstance(entry.node, String):
                yield entry.node.value, entry, view


def _strange(text: str) -> str:
    """The first character that no action may hold, or ""."""
    found = _STRANGE.search(text)
    return found[0] if found else ""


RULES = (
    Rule("IAM.1029", Severity.ERROR, "Effect is neither Allow nor Deny", effect_is_known),
    Rule("IAM.1030", Severity.ERROR, "Action or NotAction is no list", actions_are_listed),
    Rule("IAM.1031", Severity.ERROR, "Action and NotAction stand in one statement", one_kind_of_actions),
    Rule("IAM.1033", Severity.ERROR, "A statement holds more than 100 actions", actions_are_few),
    Rule("IAM.1034", Severity.ERROR, "An action is longer than 128 characters", action_is_short),
    Rule("IAM.1035", Severity.ERROR, "An action holds characters that are not allowed", action_is_legible),
    Rule("IAM.1036", Severity.ERROR, "An action is not registered", action_is_registered),
)
