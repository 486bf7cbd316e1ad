"""What a form of wrapping answers, and what counts as text that may be left out around a policy."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from policybuilder.domain.findings import Wording
from policybuilder.domain.jsontext.nodes import Array, Node, Object
from policybuilder.domain.jsontext.passage import Passage, Piece, Pieces
from policybuilder.domain.jsontext.reader import Reader
from policybuilder.domain.jsontext.repair_kinds import RepairKind
from policybuilder.domain.jsontext.repairs import FaultFoundError, Ledger
from policybuilder.domain.jsontext.signs import BRACKETS, shown

ONE_OBJECT = Wording("A policy of one object was expected here.", "Write it from its {{ to its }}.")
BRACKET = re.compile(f"[{re.escape(BRACKETS)}]")
# What something in a policy is called, so that text which has nothing of the kind is not taken for one.
NAMES = re.compile("statement|effect|action|policy|role", re.IGNORECASE)
_KEYS = frozenset({"statement", "policy", "role", "roles"})
# Text that may say what a policy is to allow: a bracket may open a part of it, and these are names and words of one. A
# key among them may be that of what follows: "Statement": [ … ] is no list of policies.
_TELLING = re.compile(
    rf"[{re.escape(BRACKETS)}]"
    r"|(?<![\w*:-])(?:[A-Za-z][\w-]*+|\*):(?=[\w-]*[A-Za-z*])[\w*-]++(?![/@]|\.\w)"
    r"|\b(?:Version|Statement|Effect|Action|NotAction|Resource|Condition|Allow|Deny)s?\b"
    r"|\b(?i:effect|action|notaction|resource|condition)s?[\"'”]?[ \t]*+[:=]"
)


@dataclass(frozen=True, slots=True)
class FoundRepair:
    """`offset` is of the text in which the form was found; `what` goes into the words of the repair."""

    kind: RepairKind
    offset: int
    what: str = ""


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """What is in a wrapping, as pieces of the text, and what has to be said of it."""

    repairs: tuple[FoundRepair, ...]
    pieces: Pieces


def unclear(text: str, *parts: tuple[int, int]) -> tuple[FoundRepair, ...]:
    """The repair that needs consent, if one of these parts of the text cannot be left out without asking."""
    for start, end in parts:
        if found := _TELLING.search(text, start, end):
            return (FoundRepair(RepairKind.AROUND_UNCLEAR, found.start(), shown(text, found.start())),)
    return ()


def read_plainly(text: str) -> Node:
    """The JSON of a text with the repairs that it needs, none of them refused. Raises FaultFoundError."""
    return Reader(text, Ledger(frozenset())).read()


def is_policy(text: str) -> bool:
    """Whether the text can be read, and has a key that every policy has: to be offered, and not to be acted upon."""
    try:
        root = read_plainly(text)
    except FaultFoundError:
        return False
    return any(_has_keys(node) for node in (root.items if isinstance(root, Array) else (root,)))


def _has_keys(node: Node) -> bool:
    return isinstance(node, Object) and any(member.key.value.casefold() in _KEYS for member in node.members)


def whole_object(text: str, pieces: Iterable[Piece]) -> Pieces:
    """The pieces, if what they make is one object from its first bracket to its last.

    It is read by itself before it gets into another text, where a bracket that it lacks could be taken from what is
    around it. Raises FaultFoundError.
    """
    kept = tuple(pieces)
    passage = Passage(text).rebuilt(kept)
    try:
        root = read_plainly(passage.text)
        rest = passage.text[root.end :]
        if not isinstance(root, Object) or passage.text[root.end - 1] != "}" or rest.strip():
            at = root.end if isinstance(root, Object) else root.start
            raise FaultFoundError(at, ONE_OBJECT)
    except FaultFoundError as found:
        raise FaultFoundError(passage.origin(found.offset), found.wording, found.values) from None
    return kept
