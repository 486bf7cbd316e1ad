"""What IAM refuses in a statement's effect and actions. One function per error code, in the order of the codes.

Source: IAM API reference, error codes; IAM user manual, syntax of policies.
"""

import re
from collections.abc import Iterator

from policybuilder.domain.catalog.action_names import MAX_CHARACTERS, is_wildcard, parse_action
from policybuilder.domain.catalog.older_names import older_action
from policybuilder.domain.findings import Severity
from policybuilder.domain.jsontext.nodes import Array, String, described
from policybuilder.domain.policy.document import MAX_ACTIONS, Effect
from policybuilder.domain.policy.reading import ActionView, StatementView, is_action
from policybuilder.domain.words import listed, quoted

from .rule import PolicySubject, Remark, Rule, remove_item, respell, wrap

_STRANGE = re.compile(r"[^A-Za-z0-9_*:-]")
FORM = "An action is service:resourceType:verb, e.g. ecs:servers:list."


def effect_is_known(subject: PolicySubject) -> Iterator[Remark]:
    for view in subject.statements:
        node = view.effect_node
        if node is None:
            yield Remark(view.node, "The statement has no Effect.", "Add “Effect” with “Allow” or “Deny”.")
        elif view.effect is None:
            yield Remark(node, f"Effect is {described(node)}; it must be Allow or Deny.", "Write “Allow” or “Deny”.")
        elif isinstance(node, String) and node.value != view.effect.value:
            message = f"Effect is {quoted(node.value)}; it must be spelt {view.effect.value}."
            yield Remark(node, message, f"Write “{view.effect.value}”.", respell(node, view.effect.value))


def actions_are_listed(subject: PolicySubject) -> Iterator[Remark]:
    for view in subject.statements:
        if view.action is None and view.not_action is None:
            yield Remark(view.node, "The statement has no Action.", "Add “Action” with the list of actions.")
        for key, node in (("Action", view.action), ("NotAction", view.not_action)):
            if node is not None and not isinstance(node, Array):
                fix = wrap(node, "Make it a list") if isinstance(node, String) else None
                message = f"{key} must be a list; this is {described(node)}."
                yield Remark(node, message, "Put the actions in square brackets.", fix)


def one_kind_of_actions(subject: PolicySubject) -> Iterator[Remark]:
    for view in subject.statements:
        if view.action is not None and view.not_action is not None:
            message = "Action and NotAction stand in one statement."
            yield Remark(view.not_action, message, "Keep one of them, or make two statements.")


def actions_are_few(subject: PolicySubject) -> Iterator[Remark]:
    for view in subject.statements:
        for node in (view.action, view.not_action):
            if isinstance(node, Array) and len(node.items) > MAX_ACTIONS:
                message = f"The statement has {len(node.items):,} actions; IAM takes {MAX_ACTIONS}."
                yield Remark(node, message, "Make two statements of it, or make the policy shorter.")


def action_is_short(subject: PolicySubject) -> Iterator[Remark]:
    for text, entry in _faulty(subject):
        if len(text) > MAX_CHARACTERS:
            message = f"The action {quoted(text)} has {len(text):,} characters; IAM takes {MAX_CHARACTERS}."
            yield Remark(entry.node, message, FORM)


def action_is_legible(subject: PolicySubject) -> Iterator[Remark]:
    for text, entry in _faulty(subject):
        strange = _strange(text)
        if strange and len(text) <= MAX_CHARACTERS:
            meant = text.strip().replace("\N{FULLWIDTH COLON}", ":")
            fix = respell(entry.node, meant) if is_action(meant) else None
            message = f"The action {quoted(text)} holds {quoted(strange)}, which no action may hold."
            yield Remark(
                entry.node, message, "Letters, digits, hyphens, underscores, “*” and “:” may stand there.", fix
            )


def action_is_registered(subject: PolicySubject) -> Iterator[Remark]:
    """Unknown actions of services that the catalogue is stated to have whole; of others PB049 or PB022 says it."""
    for text, entry, view in _texts(subject):
        if entry.name is None:
            if len(text) > MAX_CHARACTERS or _strange(text) or is_action(text.lower()):
                continue  # another rule says so: IAM.1034, IAM.1035, PB013
            message = f"{quoted(text)} is no action." if text else "The action is empty."
            fix = None
            if not text and entry.owner:
                fix = remove_item(entry.owner, entry.index, "Take it out")
            yield Remark(entry.node, message, _form_of(text), fix)
        elif is_unregistered(subject, entry.name):
            near = subject.known.nearest(entry.name)
            hint = f"Perhaps meant: {listed(near)}." if near else "Take it out, or look it up in the catalogue."
            message = f"{parse_action(entry.name).service.upper()} has no action {quoted(entry.name)}."
            if view.effect is Effect.DENY:
                message += " The Deny protects nothing."
            yield Remark(entry.node, message, hint)


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


def _form_of(text: str) -> str:
    if text == "*":
        return "For every action write *:*:*."
    if text.count(":") == 1:
        return f"One of its three parts is missing. {FORM}"
    return FORM


RULES = (
    Rule("IAM.1029", Severity.ERROR, "Effect is neither Allow nor Deny", effect_is_known),
    Rule("IAM.1030", Severity.ERROR, "Action or NotAction is no list", actions_are_listed),
    Rule("IAM.1031", Severity.ERROR, "Action and NotAction stand in one statement", one_kind_of_actions),
    Rule("IAM.1033", Severity.ERROR, "A statement holds more than 100 actions", actions_are_few),
    Rule("IAM.1034", Severity.ERROR, "An action is longer than 128 characters", action_is_short),
    Rule("IAM.1035", Severity.ERROR, "An action holds characters that are not allowed", action_is_legible),
    Rule("IAM.1036", Severity.ERROR, "An action is not registered", action_is_registered),
)
