"""The policy in a text that was read: where it stands, and what of it has a meaning.

A policy comes as a bare document, inside of the `role` that IAM's API takes and gives, or in a list of either. Keys are
found whatever their case, so that a misspelt one does not hide everything below it; `rules` says what is wrong.
Source: IAM API reference, "Creating a Custom Policy" (POST /v3.0/OS-ROLE/roles) and "Listing Custom Policies".
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from policybuilder.domain.catalog.action_names import ActionNameError, parse_action
from policybuilder.domain.jsontext.nodes import Array, Member, Node, Object, String, path_of
from policybuilder.domain.jsontext.writer import write_compact

from .document import Condition, Document, Effect, Size, Statement

LOWER_CASE_IN_DOUBT = "Whether IAM takes a service that is not in lower case is not certain."
_IN_DOUBT = Condition("", "", (LOWER_CASE_IN_DOUBT,))
_EFFECTS = {effect.value.casefold(): effect for effect in Effect}


@dataclass(frozen=True, slots=True)
class FoundPolicy:
    """One policy of a text. `body` is what should be the document, None where a role lacks it.

    `base` is the body's path in the whole text, "" for a bare document; places of findings are relative to the body.
    `name`, `level` and `description` are the role's `display_name`, `type` and `description`.
    """

    body: Node | None
    base: str
    role: Object | None = None
    name: Node | None = None
    level: Node | None = None
    description: Node | None = None

    @property
    def role_type(self) -> str:
        """The text of the role's `type`; "" without one."""
        return self.level.value if isinstance(self.level, String) else ""


@dataclass(frozen=True, slots=True)
class ActionView:
    """One entry of Action or NotAction. `name` is its text where that is an action, in whatever list it stands.

    `owner` is None where a lone text stands in place of the list.
    """

    node: Node
    owner: Array | None
    index: int
    name: str | None

    @property
    def spelling(self) -> str:
        """Its text, whatever it is; "" where it is no text."""
        return self.node.value if isinstance(self.node, String) else ""

    @property
    def in_lower_case(self) -> str | None:
        """The action that it is but for the case of its service, None of anything else."""
        if self.name is not None:
            return None
        service, colon, rest = self.spelling.partition(":")
        meant = f"{service.lower()}{colon}{rest}"
        return meant if service != service.lower() and is_action(meant) else None


@dataclass(frozen=True, slots=True)
class StatementView:
    """One statement as it stands, however wrong. `effect` is read without regard to case, None where there is none."""

    node: Object
    index: int
    effect: Effect | None
    effect_node: Node | None
    action: Node | None
    not_action: Node | None
    resource: Node | None
    condition: Node | None
    actions: tuple[ActionView, ...]
    not_actions: tuple[ActionView, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The well-formed actions, those of NotAction not among them."""
        return tuple(entry.name for entry in self.actions if entry.name is not None)

    @property
    def doubtful(self) -> bool:
        """Whether IAM may not take it: the service of an action, or of one in NotAction, is not in lower case."""
        return any(e.in_lower_case for e in (*self.actions, *self.not_actions) if e.name is None)

    @property
    def everywhere(self) -> bool:
        """Whether it holds without condition and for every resource."""
        return self.condition is None and self.resource is None


def entries(root: Node) -> tuple[Node, ...]:
    """What should be policies: the items of a list, or of IAM's answer to a listing, {"roles": [...]}; else the root.

    Anything that is no policy counts as one, and is refused.
    """
    if isinstance(root, Array):
        return root.items
    if isinstance(root, Object) and not _is_document(root) and isinstance(roles := root.get("roles"), Array):
        return roles.items
    return (root,)


def find_policies(root: Node, most: int | None = None) -> tuple[FoundPolicy, ...]:
    """The first `most` policies of the text (or all), in its order. Only an empty list has none."""
    return tuple(_found(root, entry) for entry in entries(root)[:most])


def member(node: Node | None, key: str) -> Member | None:
    """The member `key` of an object, of several the last; one in another case where that is all there is."""
    if not isinstance(node, Object):
        return None
    inexact = None
    for found in reversed(node.members):
        if found.key.value == key:
            return found
        if inexact is None and found.key.value.casefold() == key.casefold():
            inexact = found
    return inexact


def value(node: Node | None, key: str) -> Node | None:
    found = member(node, key)
    return None if found is None else found.value


def statements(body: Node | None) -> tuple[StatementView, ...]:
    """The statements that are objects; `index` counts the others too."""
    listed = value(body, "Statement")
    if isinstance(listed, Object):
        return (view_statement(listed),)
    if not isinstance(listed, Array):
        return ()
    return tuple(view_statement(item, index) for index, item in enumerate(listed.items) if isinstance(item, Object))


def to_document(body: Node | None) -> Document:
    """What of the body can be understood, for scope, size and ticks, not for writing back."""
    return document_of(statements(body))


def document_of(views: Iterable[StatementView]) -> Document:
    return Document(tuple(statement for view in views if (statement := understand(view)) is not None))


def understand(view: StatementView) -> Statement | None:
    """The statement with its well-formed actions, None where it has no effect.

    Resources are the URIs of a list as well as those of an object. Where a condition or resource cannot be read, an
    empty one stands for it: it limits, nobody knows how. So it is where a service is not in lower case, which IAM asks
    for and the vendor's own pages do not keep to: all that the statement can come to is possible then, and nothing
    certain.
    """
    if view.effect is None:
        return None
    conditions = read_conditions(view.condition) or (Condition("", "", ()),)
    conditions = () if view.condition is None else conditions
    resources = uris(view.resource) or ("",)
    not_actions = tuple(entry.name for entry in view.not_actions if entry.name is not None)
    return Statement(
        effect=view.effect,
        actions=tuple(possible_names(view)),
        not_actions=not_actions,
        conditions=(*conditions, _IN_DOUBT) if view.doubtful else conditions,
        resources=() if view.resource is None else resources,
    )


def possible_names(view: StatementView) -> Iterator[str]:
    """The actions, and every action where it is not certain that NotAction leaves out a single one."""
    yield from (name for entry in view.actions if (name := entry.name or entry.in_lower_case))
    if view.doubtful and view.not_actions and all(entry.name is None for entry in view.not_actions):
        yield "*:*:*"


def read_conditions(node: Node | None) -> tuple[Condition, ...] | None:
    """The tests of a Condition in their order; None where not all of it is operator -> key -> list of texts."""
    if not isinstance(node, Object):
        return None
    tests = [(operator, key) for operator in node.members for key in _members(operator.value)]
    if len(tests) < len(node.members) or any(not _members(operator.value) for operator in node.members):
        return None
    found = [(operator.key.value, key.key.value, texts(key.value)) for operator, key in tests]
    if any(values is None for _, _, values in found):
        return None
    return tuple(Condition(operator, key, values or ()) for operator, key, values in found)


def measure_body(body: Node | None) -> Size:
    """Counts what stands there, meaningful or not; NotAction counts as actions."""
    if body is None:
        return Size(0, 0, 0)
    listed = value(body, "Statement")
    items = listed.items if isinstance(listed, Array) else () if listed is None else (listed,)
    largest = max((_listed(item, key) for item in items for key in ("Action", "NotAction")), default=0)
    return Size(compact_characters(body), len(items), largest)


def compact_characters(node: Node) -> int:
    """How many characters the JSON has without optional space; numbers count as they are spelt."""
    return len(write_compact(node))


def is_action(text: str) -> bool:
    try:
        parse_action(text)
    except ActionNameError:
        return False
    return True


def _members(node: Node) -> tuple[Member, ...]:
    return node.members if isinstance(node, Object) else ()


def texts(node: Node | None) -> tuple[str, ...] | None:
    """A list of texts, None where it is anything else."""
    if not isinstance(node, Array):
        return None
    found = tuple(item.value for item in node.items if isinstance(item, String))
    return found if len(found) == len(node.items) else None


def uris(node: Node | None) -> tuple[str, ...] | None:
    """The URIs of a Resource: of a list, or of an object {"uri": [...]} with nothing else in it; None of anything else.

    Source: IAM API reference, custom policies of agencies.
    """
    if not isinstance(node, Object):
        return texts(node)
    return texts(node.get("uri")) if len(node.members) == 1 else None


def _is_document(node: Object) -> bool:
    return any(found.key.value.casefold() in {"statement", "version"} for found in node.members)


def _found(root: Node, entry: Node) -> FoundPolicy:
    at = entry
    if isinstance(at, Object) and not _is_document(at) and (inner := value(at, "role")) is not None:
        at = inner
    if not isinstance(at, Object) or _is_document(at) or not (member(at, "policy") or member(at, "display_name")):
        return FoundPolicy(at, path_of(root, at))
    body = value(at, "policy")
    return FoundPolicy(
        body=body,
        base=path_of(root, at if body is None else body),
        role=at,
        name=value(at, "display_name"),
        level=value(at, "type"),
        description=value(at, "description"),
    )


def view_statement(node: Object, index: int = 0) -> StatementView:
    effect, action, not_action = value(node, "Effect"), value(node, "Action"), value(node, "NotAction")
    return StatementView(
        node=node,
        index=index,
        effect=_EFFECTS.get(effect.value.casefold()) if isinstance(effect, String) else None,
        effect_node=effect,
        action=action,
        not_action=not_action,
        resource=value(node, "Resource"),
        condition=value(node, "Condition"),
        actions=tuple(_action_views(action)),
        not_actions=tuple(_action_views(not_action)),
    )


def _listed(statement: Node, key: str) -> int:
    found = value(statement, key)
    return len(found.items) if isinstance(found, Array) else int(isinstance(found, String))


def _action_views(listed: Node | None) -> Iterator[ActionView]:
    owner = listed if isinstance(listed, Array) else None
    items = owner.items if owner else (listed,) if isinstance(listed, String) else ()
    for index, node in enumerate(items):
        name = node.value if isinstance(node, String) and is_action(node.value) else None
        yield ActionView(node, owner, index, name)


# Further keys of a role in IAM's answers. Source: IAM API reference, "Querying Custom Policy Details", "Querying a Role
# List".
ANSWERED_KEYS = (
    *("id", "name", "domain_id", "description_cn", "catalog"),
    *("references", "flag", "links", "created_time", "updated_time"),
)
NAMES_ONLY = frozenset({"Sid", "Id"})  # of bucket policies; without them nothing changes
