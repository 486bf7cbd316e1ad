"""What in a policy has no certain meaning. Nothing can be proven about a policy that holds any of it.

`reading.understand` reads what it can and leaves out the rest, which is enough to look at a policy and too little
to promise something about it: a misspelt key may be a condition, and a list that is no list may hold actions. IAM
refuses all of this, so that no policy in force has it. Of conditions and resources only double keys count,
since what cannot be read there is known to limit. Source: IAM API reference, error codes.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from policybuilder.domain.jsontext.nodes import Array, Node, Object, described, path_of, walk
from policybuilder.domain.jsontext.writer import BODY_KEYS, STATEMENT_KEYS
from policybuilder.domain.words import quoted

from .document import Statement
from .reading import NAMES_ONLY, StatementView, statements, understand, value

NO_STATEMENTS = "There is no list of statements here."
NO_EFFECT = "The statement says neither Allow nor Deny."
NO_ACTION = "The statement names no action."
BOTH_LISTS = "The statement has both Action and NotAction."
NO_POLICY = "This is {found}; a policy was expected."
NO_STATEMENT = "This is {found}; a statement was expected."
UPPER_CASE_SERVICE = "The service of {name} is not in lower case: IAM may not take it."
NO_ACTION_NAME = "{name} is no action. Expected service:resourceType:verb."
UNKNOWN_KEY = "A {place} has no key {key}."
KEY_TWICE = "The key {key} stands twice in this {place}."


@dataclass(frozen=True, slots=True)
class Unclear:
    """`node` is what has no certain meaning, `place` its path in the policy (`Statement[0].Action[2]`)."""

    node: Node
    place: str
    message: str


def unclear_parts(body: Node) -> Iterator[Unclear]:
    """Every such part of a policy, statement by statement; none of a policy that is clear."""
    if not isinstance(body, Object):
        yield Unclear(body, "", NO_POLICY.format(found=described(body)))
        return
    for node, message in (*_keys(body, BODY_KEYS, "policy"), *_statements(body)):
        yield Unclear(node, path_of(body, node), message)


def clear_statement(view: StatementView) -> Statement | None:
    """The statement, None where something in it has no certain meaning. Conditions and resources are left aside."""
    unclear = (*_keys(view.node, STATEMENT_KEYS, "statement"), *_actions(view))
    return None if unclear else understand(view)


def _statements(body: Object) -> Iterator[tuple[Node, str]]:
    listed = value(body, "Statement")
    if not isinstance(listed, Array | Object):
        yield listed or body, NO_STATEMENTS
    for item in listed.items if isinstance(listed, Array) else ():
        if not isinstance(item, Object):
            yield item, NO_STATEMENT.format(found=described(item))
    for view in statements(body):
        yield from _keys(view.node, STATEMENT_KEYS, "statement")
        if view.effect is None:
            yield view.effect_node or view.node, NO_EFFECT
        yield from _actions(view)
        for node in walk(view.condition) if view.condition else ():
            if isinstance(node, Object):
                yield from _twice(node, "condition")


def _actions(view: StatementView) -> Iterator[tuple[Node, str]]:
    if not (view.actions or view.not_actions):
        yield view.not_action or view.action or view.node, NO_ACTION
    elif view.action is not None and view.not_action is not None:
        yield view.not_action, BOTH_LISTS
    for entry in (*view.actions, *view.not_actions):
        if entry.in_lower_case:
            yield entry.node, UPPER_CASE_SERVICE.format(name=described(entry.node))
        elif entry.name is None:
            yield entry.node, NO_ACTION_NAME.format(name=described(entry.node))


def _keys(node: Object, known: tuple[str, ...], what: str) -> Iterator[tuple[Node, str]]:
    meant = {key.casefold() for key in (*known, *NAMES_ONLY)}
    for member in node.members:
        if member.key.value.casefold() not in meant:
            yield member.value, UNKNOWN_KEY.format(place=what, key=quoted(member.key.value))
    yield from _twice(node, what)


def _twice(node: Object, what: str) -> Iterator[tuple[Node, str]]:
    """Keys that stand twice, whatever their case."""
    seen: set[str] = set()
    for member in node.members:
        key = member.key.value.casefold()
        if key in seen:
            yield member.value, KEY_TWICE.format(key=quoted(member.key.value), place=what)
        seen.add(key)
