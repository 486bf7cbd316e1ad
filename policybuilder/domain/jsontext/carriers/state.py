"""The policies in the state or the plan of Terraform: terraform show -json, and the state file.

Source: Terraform, "JSON Output Format"; the state file as of version 4.
"""

from collections.abc import Iterator

from policybuilder.domain.findings import Plural, Wording
from policybuilder.domain.jsontext.nodes import Array, Literal, Node, Object, String
from policybuilder.domain.jsontext.passage import Piece, Pieces, between
from policybuilder.domain.jsontext.reader import MAX_DEPTH
from policybuilder.domain.jsontext.repair_kinds import RepairKind
from policybuilder.domain.jsontext.repairs import FaultFoundError

from .carrier import FoundRepair, Unwrapped, whole_object
from .escaped import decoded
from .roles import Role, of_roles
from .terraform import LEVELS, ROLE_TYPE, STATEMENT_KEYS

TAKEN = Plural("Took a policy out of Terraform’s JSON.", "Took {n:,} policies out of Terraform’s JSON.")
RESOURCES_LEFT_OUT = Plural("{n:,} other resource is left out.", "{n:,} other resources are left out.")


def out_of_state(text: str, root: Node) -> Unwrapped | None:
    """The policies of all resources. A state without one is left as it is: it is no policy, and the rules say so."""
    resources = list(_resources(root))
    found = [(at, pieces) for kind, attributes in resources for at, pieces in _policies(text, kind, attributes)]
    if not found:
        return None
    holding = {at for at, _ in found}
    others = sum(1 for _, attributes in resources if attributes.start not in holding)
    said = [TAKEN.format(n=len(found)), *([RESOURCES_LEFT_OUT.format(n=others)] if others else [])]
    repair = FoundRepair(RepairKind.TERRAFORM, found[0][0], " ".join(said))
    return Unwrapped((repair,), of_roles([pieces for _, pieces in found]))


def _resources(root: Node) -> Iterator[tuple[str, Object]]:
    """Type and attributes of each resource that is managed, once for each of its instances. A policy holds none."""
    if not isinstance(root, Object) or root.get("Statement") is not None:
        return
    if _is_state(root):
        for resource in _objects(root.get("resources")):
            for instance in _objects(resource.get("instances")):
                yield from _resource(resource, instance.get("attributes"))
    for key in ("values", "planned_values"):
        inside = root.get(key)
        module = inside.get("root_module") if isinstance(inside, Object) else None
        if isinstance(module, Object):
            yield from _of_module(module)


def _is_state(root: Object) -> bool:
    return root.get("terraform_version") is not None or root.get("lineage") is not None


def _of_module(module: Object, depth: int = 0) -> Iterator[tuple[str, Object]]:
    for resource in _objects(module.get("resources")):
        yield from _resource(resource, resource.get("values"))
    for child in _objects(module.get("child_modules")) if depth < MAX_DEPTH else ():
        yield from _of_module(child, depth + 1)


def _resource(resource: Object, attributes: Node | None) -> Iterator[tuple[str, Object]]:
    kind, mode = resource.get("type"), resource.get("mode")
    managed = not isinstance(mode, String) or mode.value == "managed"
    if managed and isinstance(kind, String) and isinstance(attributes, Object):
        yield kind.value, attributes


def _policies(text: str, kind: str, attributes: Object) -> Iterator[tuple[int, Pieces]]:
    if ROLE_TYPE.fullmatch(kind):
        yield attributes.start, _role(text, attributes)
        return
    for node in (member.value for member in attributes.members):
        if isinstance(node, String) and "Statement" in node.value and node.value.lstrip().startswith("{"):
            yield attributes.start, _embedded(text, node)


def _role(text: str, attributes: Object) -> Pieces:
    policy = _given(attributes, "policy")
    name = _given(attributes, "display_name") or _given(attributes, "name")
    level = _given(attributes, "display_layer") or _given(attributes, "type")
    description = _given(attributes, "description")
    layer = LEVELS.get(level.value) if isinstance(level, String) else None
    return Role(
        at=attributes.start,
        name=_copied(name) if name else None,
        level=(Piece(level.start, level.end, f'"{layer}"'),) if level and layer else _copied(level) if level else None,
        description=_copied(description) if description else None,
        policy=_document(text, policy) if policy else None,
        statements=tuple(_statements(text, attributes.get("statement"))),
    ).pieces()


NO_STATEMENT = Wording("A statement of a role was expected here.", "Paste the state as it was.")


def _statements(text: str, node: Node | None) -> Iterator[dict[str, Pieces]]:
    for item in node.items if isinstance(node, Array) else ():
        yield _statement(text, item)


def _statement(text: str, node: Node) -> dict[str, Pieces]:
    """What the provider keeps empty was not given. Raises FaultFoundError for what is no statement."""
    if not isinstance(node, Object):
        raise FaultFoundError(node.start, NO_STATEMENT)
    found = {}
    for member in node.members:
        value, key = member.value, member.key.value
        empty = isinstance(value, Array) and not value.items and key not in ("action", "effect")
        if _is_null(value) or empty or (key == "condition" and isinstance(value, String) and not value.value):
            continue
        write = _document(text, value) if key == "condition" else _copied(value)
        found[STATEMENT_KEYS.get(key, key)] = write
    return found


def _document(text: str, node: Node) -> Pieces:
    return _embedded(text, node) if isinstance(node, String) else _copied(node)


def _embedded(text: str, node: String) -> Pieces:
    return whole_object(text, between(node.start + 1, node.end - 1, decoded(text, node.start + 1, node.end - 1) or []))


def _copied(node: Node) -> Pieces:
    return (Piece(node.start, node.end),)


def _given(attributes: Object, key: str) -> Node | None:
    node = attributes.get(key)
    return None if node is None or _is_null(node) else node


def _is_null(node: Node) -> bool:
    return isinstance(node, Literal) and node.value is None


def _objects(node: Node | None) -> Iterator[Object]:
    return (item for item in node.items if isinstance(item, Object)) if isinstance(node, Array) else iter(())
