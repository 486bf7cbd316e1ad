"""What follows a policy in its text: another one, brackets that nothing opened, or what belongs in none.

Policies side by side are several only if each of them looks like one. A list that closed too early is followed by a
statement or a key, and what that belongs to would change if it were joined to something else.
"""

import re
from collections.abc import Callable

from policybuilder.domain.findings import Wording

from .fixed_texts import ACTION
from .nodes import Array, Node, Object
from .repair_kinds import RepairKind
from .repairs import Edit, FaultFoundError
from .scanner import Scanner
from .signs import BRACKETS

_PROSE = re.compile(rf'[^"{re.escape(BRACKETS)}]*+(?={{)')
_KEYS = frozenset({"version", "statement"})
_KEYS_AROUND = ("role", "policy")
_SHOWN = 8  # brackets in a message

NO_POLICY = Wording(
    "What begins here is no policy: it has neither Version nor Statement.",
    "Remove it. If it is a statement, the brackets before it close too early.",
)


class Documents:
    """The policies of one text. Raises FaultFoundError."""

    def __init__(self, scan: Scanner) -> None:
        self._scan = scan
        self._text, self._ledger = scan.text, scan.ledger

    def read(self, first: Node, read_policy: Callable[[int], Node]) -> tuple[Node, int]:
        """The first value of the text, or the list of all policies that it begins; and where something else follows.

        `read_policy` reads the value that begins with the { at an offset.
        """
        policies, second, edits = [first], 0, [Edit(first.start, first.start, "[")]
        at, several = self._scan.skip(first.end), is_policy(first)
        while several and (begin := self._next(policies[-1].end, at, edits)) is not None:
            policies.append(read_policy(begin))
            second = second or begin
            if not is_policy(policies[-1]):
                raise FaultFoundError(begin, NO_POLICY)
            at = self._scan.skip(policies[-1].end)
        root = first
        if len(policies) > 1:
            root = Array(first.start, policies[-1].end, tuple(policies))
            edits.append(Edit(root.end, root.end, "]"))
            self._ledger.add(RepairKind.SEVERAL_POLICIES, second, edits, what=str(len(policies)))
        return root, self._past_surplus(root, at)

    def _next(self, end: int, at: int, edits: list[Edit]) -> int | None:
        """Where another policy begins, at `at` or below some prose there. `edits` part it from what ends at `end`."""
        comma = self._scan.char(at) == ","
        after = self._scan.skip(at + 1) if comma else at
        prose = _PROSE.match(self._text, after)
        if prose is None or ACTION.search(prose[0]) or (comma and prose[0]):
            return None
        if comma:
            self._scan.take(at)
        else:
            edits += [Edit(end, end, ","), *([Edit(at, prose.end(), "")] if prose[0] else [])]
        return prose.end()

    def _past_surplus(self, root: Node, at: int) -> int:
        """Past a semicolon, or past brackets that nothing opened where what they follow is whole without them."""
        if self._scan.char(at) == ";":
            self._ledger.add(RepairKind.SEMICOLONS, at, [Edit(at, at + 1, "")], what="Remove it.")
            return self._scan.skip(at + 1)
        first, edits, brackets = at, [], ""
        while (char := self._scan.char(at)) in ("]", "}"):
            edits.append(Edit(at, at + 1, ""))
            brackets += char
            at = self._scan.skip(at + 1)
        if not edits or at < len(self._text) or not is_whole(root):
            return first
        self._ledger.add(RepairKind.SURPLUS_BRACKETS, first, edits, what=brackets[:_SHOWN])
        return at


def is_policy(node: Node) -> bool:
    """Whether it looks like a policy, or like a role around one."""
    return isinstance(node, Object) and (bool(_keys(node) & _KEYS) or any(map(is_policy, _inside(node))))


def is_whole(node: Node) -> bool:
    """Whether it is a policy, a role around one, or a list of them, with no key that may belong further inside."""
    if isinstance(node, Array):
        return bool(node.items) and all(map(is_whole, node.items))
    if not isinstance(node, Object):
        return False
    keys = _keys(node)
    for known in (_KEYS, {"role"}):
        if keys & known and not keys <= known:
            return False
    return bool(keys & _KEYS) or any(map(is_whole, _inside(node)))


def _keys(node: Object) -> set[str]:
    return {member.key.value.casefold() for member in node.members}


def _inside(node: Object) -> list[Node]:
    return [found for key in _KEYS_AROUND if (found := node.get(key)) is not None]
