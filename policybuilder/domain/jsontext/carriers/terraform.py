"""The policies in a text of Terraform: roles of the provider, and whatever attribute holds a policy as JSON.

A role (`…_identity_role…`) has its statements as blocks, or its policy as an attribute. Elsewhere a policy is known by
its key Statement: in jsonencode(…), a heredoc, a string, or an object. Only what stands there as it is counts: a
variable, a call or a sum in a policy is a fault, for nobody can see here what Terraform would make of it.
Source: Terraform provider opentelekomcloud, resource identity_role_v3; provider huaweicloud, resource identity_role.
"""

import re
from collections.abc import Iterable, Iterator

from policybuilder.domain.findings import Plural, Wording
from policybuilder.domain.jsontext.passage import Piece, Pieces
from policybuilder.domain.jsontext.repair_kinds import RepairKind
from policybuilder.domain.jsontext.repairs import FaultFoundError

from .carrier import FoundRepair, Unwrapped, unclear, whole_object
from .hcl import Attribute, Block, Encoded, Item, Leaf, Listed, Mapping, Stray, Unknown, Value, read_hcl
from .hcl_json import as_json, as_policy, content, unknown
from .roles import Role, of_roles

_SIGNS = re.compile(
    r"^[ \t]*+(?:resource|module|locals|data|variable|output|provider|terraform|import|moved)"
    r"[ \t]*+(?:\"[^\"\r\n]*+\"[ \t]*+|[\w-]++[ \t]*+){0,2}\{"
    r"|\bjsonencode[ \t]*+\("
    r"|=[ \t]*+<<-?[A-Za-z_]"
    r"|\bStatement\"?[ \t]*+=(?!=)",
    re.MULTILINE,
)
ROLE_TYPE = re.compile(r"\w+_identity_role(?:_v[0-9]+)?")
_POLICY_KEYS = frozenset({"Statement", "policy", "role", "roles"})
LEVELS = {"domain": "AX", "project": "XA"}
STATEMENT_KEYS = {"effect": "Effect", "action": "Action", "resource": "Resource", "condition": "Condition"}

TAKEN = Plural("Took a policy out of Terraform.", "Took {n:,} policies out of Terraform.")
BLOCKS_LEFT_OUT = Plural("{n:,} other block is left out.", "{n:,} other blocks are left out.")
NO_POLICY = Wording("No policy stands in this Terraform.", "Paste a role, or a policy.")
DYNAMIC_BLOCK = Wording(
    "What this dynamic block becomes is not known here.", "Write each statement as a block of its own."
)
BLOCK_IN_STATEMENT = Wording("A statement holds no block.", "Write its parts as attributes.")
ATTRIBUTE_TWICE = Wording("{name:quoted} stands twice.", "Keep one of them.")


def out_of_terraform(text: str) -> Unwrapped | None:
    """All policies of the text, several as a list. Raises FaultFoundError where one is not known, or there is none."""
    signs = _SIGNS.search(text)
    if signs is None:
        return None
    items = read_hcl(text)
    finder = _Finder(text)
    policies = [policy for item in items for policy in finder.policies(item)]
    blocks = [item for item in items if isinstance(item, Block)]
    if not policies:
        if not blocks:
            return None
        raise FaultFoundError(blocks[0].name.start, NO_POLICY)
    others = sum(1 for block in blocks if block.name.start not in finder.holding)
    said = [TAKEN.format(n=len(policies)), *([BLOCKS_LEFT_OUT.format(n=others)] if others else [])]
    taken = FoundRepair(RepairKind.TERRAFORM, policies[0][0], " ".join(said))
    return Unwrapped((taken, *unclear(text, *_prose(items))), of_roles([pieces for _, pieces in policies]))


def _prose(items: Iterable[Item]) -> Iterator[tuple[int, int]]:
    """What stands between blocks and is no Terraform."""
    for item in items:
        value = None if isinstance(item, Block) else item.value
        if isinstance(value, Unknown):
            yield item.name.start if isinstance(item, Attribute) else value.start, value.end


class _Finder:
    """Finds policies, each as where it begins and the pieces of its JSON. `holding` are the blocks that have some."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.holding: set[int] = set()

    def policies(self, item: Item) -> Iterator[tuple[int, Pieces]]:
        if isinstance(item, Block):
            found = self._in_block(item)
            if found:
                self.holding.add(item.name.start)
            yield from found
        elif not (isinstance(item, Stray) and isinstance(item.value, Unknown)):
            yield from self._in_value(item.value)

    def _in_block(self, block: Block) -> list[tuple[int, Pieces]]:
        labels = [self.text[label.start : label.end].strip('"') for label in block.labels]
        kind = self.text[block.name.start : block.name.end]
        if kind == "resource" and labels and ROLE_TYPE.fullmatch(labels[0]):
            return [(block.name.start, self._role(block))]
        return [found for item in block.body for found in self.policies(item)]

    def _in_value(self, value: Value) -> Iterator[tuple[int, Pieces]]:
        if isinstance(value, Encoded) and self._keys(value.value) & _POLICY_KEYS:
            yield value.start, tuple(as_json(self.text, value.value))
        elif isinstance(value, Mapping) and "Statement" in self._keys(value):
            yield value.start, tuple(as_json(self.text, value))
        elif isinstance(value, Leaf) and self._holds_policy(value):
            yield value.start, whole_object(self.text, content(self.text, value))
        elif isinstance(value, Mapping | Listed):
            inside = [entry.value for entry in value.entries] if isinstance(value, Mapping) else value.items
            for each in inside:
                yield from self._in_value(each)
        elif isinstance(value, Unknown | Encoded) and "Statement" in self.text[value.start : value.end]:
            raise unknown(self.text, value)

    def _keys(self, value: Value) -> set[str]:
        if not isinstance(value, Mapping):
            return set()
        return {self.text[entry.key.start : entry.key.end].strip('"') for entry in value.entries}

    def _holds_policy(self, value: Leaf) -> bool:
        start, end = value.token.inner
        inside = self.text[start:end]
        return "Statement" in inside and inside.lstrip().startswith("{")

    def _role(self, block: Block) -> Pieces:
        """Attributes that say nothing about the policy, such as count or provider, are left out."""
        given = self._attributes(block)
        statements = []
        for item in block.body:
            if isinstance(item, Stray):
                raise unknown(self.text, item.value)
            if isinstance(item, Block) and self._is(item, "dynamic"):
                raise FaultFoundError(item.name.start, DYNAMIC_BLOCK)
            if isinstance(item, Block) and self._is(item, "statement"):
                statements.append(self._statement(item))
        name, level = given.get("display_name", given.get("name")), given.get("display_layer")
        return Role(
            at=block.name.start,
            name=None if name is None else tuple(as_json(self.text, name)),
            level=self._level(level if level is not None else given.get("type")),
            description=tuple(as_json(self.text, given["description"])) if "description" in given else None,
            policy=tuple(as_policy(self.text, given["policy"])) if "policy" in given else None,
            statements=tuple(statements),
        ).pieces()

    def _level(self, value: Value | None) -> Pieces | None:
        if value is None:
            return None
        layer = LEVELS.get(self.text[slice(*value.token.inner)]) if isinstance(value, Leaf) else None
        return (Piece(value.start, value.end, f'"{layer}"'),) if layer else tuple(as_json(self.text, value))

    def _statement(self, block: Block) -> dict[str, Pieces]:
        """Key -> value. A condition is JSON in a string; keys that are not known are kept, so that they are seen."""
        for item in block.body:
            if isinstance(item, Block):
                raise FaultFoundError(item.name.start, BLOCK_IN_STATEMENT)
            if isinstance(item, Stray):
                raise unknown(self.text, item.value)
        return {
            STATEMENT_KEYS.get(name, name): tuple((as_policy if name == "condition" else as_json)(self.text, value))
            for name, value in self._attributes(block).items()
        }

    def _attributes(self, block: Block) -> dict[str, Value]:
        """Those that are given: null is none. Raises FaultFoundError where one stands twice."""
        found: dict[str, Value] = {}
        for item in block.body:
            if isinstance(item, Attribute):
                name = self.text[item.name.start : item.name.end]
                if name in found:
                    raise FaultFoundError(item.name.start, ATTRIBUTE_TWICE, {"name": name})
                found[name] = item.value
        return {name: value for name, value in found.items() if self.text[value.start : value.end] != "null"}

    def _is(self, block: Block, name: str) -> bool:
        return self.text[block.name.start : block.name.end] == name
