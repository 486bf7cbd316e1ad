"""Reads JSON text into nodes, strictly (RFC 8259), and repairs on the way what can be meant in one way only.

Where that ends:

    [1, 2,] [,1]  what nothing stands before or after goes, as in [1,,2]; a semicolon is a comma, or goes with what ends
    ["a" "b"]     gets its comma; "a""b" may be one text with a quote in it, [1 2] may be one number
    “a” 'a'       closed by the next quote of that family, if what may follow a text follows: 'it's' is not clear
    "a:b:         in a list of actions, over two lines as a page wraps it, is joined without the indentation if that
       c"         makes an action, which holds no space; elsewhere a space may have stood there
    {…"Statement": […]   gets its last } where Version is there too, for nothing can follow. What ends sooner, even if
                  only ]} is missing, may lack statements or conditions
    {…}]} {…}{…}  what was never opened goes after a policy that is whole; policies side by side are a list of them.
                  What else follows a policy may belong into it
    {a: True}     keys that are names; True, False and None; an action or effect in its place. Any other bare word may
                  be anything

What is mended in actions, effects and keys alone stands in fixed_texts.py, what comes after a policy in documents.py.
Where one reading is likely and others are possible (NEEDS_CONSENT), that is a fault with its readings.
"""

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import NoReturn

from policybuilder.domain.findings import Wording

from .documents import Documents
from .fixed_texts import ACTION, form_of, read_bare, read_plain, read_several
from .nodes import Array, Duplicate, Member, Node, Object, String, duplicates_among
from .repair_kinds import RepairKind
from .repairs import Edit, FaultFoundError, Ledger, LikelyReading
from .scalars import is_plain, read_word
from .scanner import Scanner
from .signs import BLANKS, BRACKETS, CLOSERS, COLONS, shown
from .strings import StringReader

MAX_DEPTH = 32
MAX_NODES = 20_000  # keys among them

_WORD = re.compile(r"[\w$.+-]++")
_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*+")
_COLON = re.compile(rf"[ \t\n\r{BLANKS}]*+[{COLONS}]")
_KEY = re.compile(rf'"[^"\\\r\n]*+"[ \t\n\r]*+[{COLONS}]')
_QUOTES = frozenset("".join(CLOSERS.values()))
_BRACKETS = frozenset(BRACKETS)
_KEYS_OF_A_WHOLE_DOCUMENT = frozenset({"Version", "Statement"})
# What stands between most values. Only a short cut: what it does not match is looked at piece by piece.
_COMMA = re.compile(r'[ \t\n\r]*+,[ \t\n\r]*+(?=["{\[0-9tfn-])')
_PLAIN_COLON = re.compile(r'[ \t\n\r]*+:[ \t\n\r]*+(?=["{\[0-9tfn-])')

NO_JSON = Wording("There is no JSON in this text.", "Paste a policy, from its first {{ on.")
TEXT_SHOULD_END = Wording(
    "The text should end here; found {found}.", "Remove the rest, or check the closing brackets before it."
)
TEXT_SHOULD_BEGIN = Wording("The text should begin with {{; found {found}.", "Remove what stands before the first {{.")
POLICY_IS_NOT_WHOLE = Wording("The policy that begins here is not whole.", "Complete it first.")
VALUE_IS_MISSING = Wording("A value is missing here; found {found}.", "Add it, or remove what calls for it.")
VALUE_IS_CUT_OFF = Wording(VALUE_IS_MISSING.message, "Paste the rest of the text.")
KEY_IS_MISSING = Wording("A key in double quotes is missing here; found {found}.", 'Write "key": value.')
_CLOSE_LIST = "A list has no keys: close it with ] before the key."
COMMA_SHOULD_STAND = Wording(
    "A comma or {closer} should stand here; found {found}.",
    'Check the quotes before it: inside a text a quote is written \\".',
)
KEY_SHOULD_NOT_STAND = Wording(COMMA_SHOULD_STAND.message, _CLOSE_LIST)
COMMA_IS_MISSING = Wording("A comma or {closer} is missing here.", "Add it, or what else is missing between the two.")
KEY_IN_LIST = Wording(COMMA_IS_MISSING.message, _CLOSE_LIST)
COLON_IS_MISSING = Wording("A colon is missing after the key {found}.", 'Write "key": value.')
BRACKET_IS_MISSING = Wording("{closer} is missing before this {found}.", "Add {closer} before it, or remove it.")
TOO_DEEP = Wording(
    "Brackets are nested more than {limit} deep here.", "A policy needs far fewer; check the brackets before it."
)
TOO_MANY_VALUES = Wording("The text holds more than {limit:,} values.", "Paste a smaller one.")
END_THE_TEXT, ADD_THE_MISSING = "End the text with {missing}", "Add the missing {missing}"


class Reader:
    """One reading of one text. Raises FaultFoundError at the first thing that it may not repair.

    `bounded`: what is nested deeper than MAX_DEPTH, or holds more than MAX_NODES values, is such a thing.
    """

    def __init__(self, text: str, ledger: Ledger, *, bounded: bool = True) -> None:
        self.text = text
        self.ledger = ledger
        self._bounded = bounded
        self.duplicates: list[Duplicate] = []
        self._scan = Scanner(text, ledger)
        self._strings = StringReader(text, ledger)
        self._open: list[str] = []  # the brackets that are still to come
        self._ended = False  # and were added, because the text ended before them
        self._resumed = False  # what is around goes on here, for what was in it lacks its bracket
        self._completed = -1  # where several of them were added, which close one after the other
        self._several = False  # a policy is read that stands behind another one
        self._deepest = 0
        self.nodes = 0  # that were read, keys among them

    def read(self) -> Node:
        at = self._scan.skip(0)
        if at == len(self.text):
            raise FaultFoundError(at, NO_JSON)
        root, at = Documents(self._scan).read(self._value(at), self._policy)
        if at < len(self.text):
            self._stop(at, TEXT_SHOULD_END)
        return root

    def _policy(self, begin: int) -> Node:
        """A further policy. None that is cut off: two repairs would add brackets in one place."""
        self._several = True
        policy = self._value(begin)
        if self._ended or self._deepest == MAX_DEPTH:
            raise FaultFoundError(begin, POLICY_IS_NOT_WHOLE)
        return policy

    def _value(self, at: int, key: str = "") -> Node:
        """`key` is that of the value, or of the list that it stands in."""
        self._count(at)
        char = self._scan.char(at)
        form = form_of(key)
        if char in CLOSERS:
            return self._strings.read(at, form)
        if char == "{":
            return self._object(at)
        if char == "[":
            return self._array(at, key)
        if form and (bare := read_bare(self.text, at, form, self.ledger)):
            return bare
        word = _WORD.match(self.text, at)
        if word and (self._open or is_plain(word[0])):
            return read_word(self.text, at, word[0], self.ledger)
        if not self._open:
            self._stop(at, TEXT_SHOULD_BEGIN)
        self._stop(at, VALUE_IS_MISSING if char else VALUE_IS_CUT_OFF)

    def _object(self, start: int) -> Object:
        self._enter(start, "}")
        members: list[Member] = []
        at = self._scan.skip_commas(start + 1)
        closing = self._closes(at)
        while not closing:
            key = self._key(at)
            value = self._member_value(self._colon(key), key.value)
            members.append(Member(key, value))
            at, closing = self._next(value.end, members)
            closing = closing or self._ends_early(value.end, at)
        self.duplicates += duplicates_among(members)
        return Object(start, self._leave(at), tuple(members))

    def _array(self, start: int, key: str) -> Array:
        self._enter(start, "]")
        items: list[Node] = []
        at = self._scan.skip_commas(start + 1)
        closing = self._closes(at)
        while not closing:
            items += self._actions(at, key, in_list=True) or [self._value(at, key)]
            end = items[-1].end
            at, closing = self._next(end)
            closing = closing or self._ends_early(end, at)
        return Array(start, self._leave(at), tuple(items))

    def _member_value(self, at: int, key: str) -> Node:
        actions = self._actions(at, key, in_list=False)
        if len(actions) > 1:
            return Array(at, actions[-1].end, tuple(actions))
        return actions[0] if actions else self._value(at, key)

    def _actions(self, at: int, key: str, *, in_list: bool) -> Sequence[Node]:
        """The plain actions of a list from `at` on, or those that one text holds in place of one."""
        if form_of(key) is not ACTION or self._scan.char(at) not in CLOSERS:
            return ()
        plain = read_plain(self.text, at) if in_list else ()
        actions = plain or read_several(self.text, at, self.ledger, in_list=in_list)
        for action in actions:
            self._count(action.start)
        return actions

    def _key(self, at: int) -> String:
        self._count(at)
        if self._scan.char(at) in CLOSERS:
            return self._strings.read_key(at)
        name = _NAME.match(self.text, at)
        if name and _COLON.match(self.text, name.end()):
            edit = Edit(at, name.end(), f'"{name[0]}"')
            self.ledger.add(RepairKind.BARE_KEYS, at, [edit], what=f"“{name[0][:24]}”")
            return String(at, name.end(), name[0], name[0])
        self._stop(at, KEY_IS_MISSING)

    def _next(self, end: int, members: Sequence[Member] = ()) -> tuple[int, bool]:
        """From the end of a value to the next one, or to the closing bracket and True.

        `members` are those of the object that the value is in, as far as they are read.
        """
        if self._resumed:
            self._resumed = False
            return end, False
        if comma := _COMMA.match(self.text, end):
            return comma.end(), False
        at = self._scan.skip(end)
        char = self._scan.char(at)
        if not char:
            self._close_all(end, members)
        elif char in (",", ";"):
            return self._after_comma(at)
        elif not self._closes(at):
            self._add_comma(end, at)
            return at, False
        return at, True

    def _after_comma(self, comma: int) -> tuple[int, bool]:
        at = self._scan.skip_commas(comma + 1)
        char, semicolon = self._scan.char(at), self.text[comma] == ";"
        if not char:
            self._cut_off(comma, comma + 1)
            return at, True
        if char in "]}":
            kind = RepairKind.SEMICOLONS if semicolon else RepairKind.TRAILING_COMMA
            self.ledger.add(kind, comma, [Edit(comma, comma + 1, "")], what="Remove it." if semicolon else char)
            return at, self._closes(at)
        if semicolon:
            self.ledger.add(RepairKind.SEMICOLONS, comma, [Edit(comma, comma + 1, ",")], what="Write a comma instead.")
        self._scan.take(comma)
        return at, False

    def _add_comma(self, end: int, at: int) -> None:
        """Between a value and what follows it without a comma, if it is clear that both stand side by side."""
        closer = self._open[-1]
        if self._belongs_around(at):
            self._end_early(at, Edit(end, end, closer + ","))
            return
        is_key = self._looks_like_key(at)
        in_list = closer == "]"
        word = _WORD.match(self.text, at)
        if not (is_key or self.text[at] in CLOSERS or self._scan.char(at) in "[{" or (word and is_plain(word[0]))):
            key_in_list = in_list and self._scan.char(at) == ":"
            self._stop(at, KEY_SHOULD_NOT_STAND if key_in_list else COMMA_SHOULD_STAND, closer=closer)
        ends = {self.text[end - 1], self.text[at]}
        gap = self.text[end:at]
        apart = ends & _BRACKETS or (gap and ends & _QUOTES) or "\n" in gap or "\r" in gap
        if not apart or is_key != (closer == "}"):
            wording = KEY_IN_LIST if is_key and in_list else COMMA_IS_MISSING
            raise FaultFoundError(end, wording, {"closer": closer})
        self.ledger.add(RepairKind.MISSING_COMMA, end, [Edit(end, end, ",")], what=closer)

    def _looks_like_key(self, at: int) -> bool:
        if self.text[at] in CLOSERS:
            return self._strings.looks_like_key(at)
        name = _NAME.match(self.text, at)
        return name is not None and _COLON.match(self.text, name.end()) is not None

    def _colon(self, key: String) -> int:
        """The place of the value that belongs to the key."""
        if colon := _PLAIN_COLON.match(self.text, key.end):
            return colon.end()
        at = self._scan.skip(key.end)
        if self._scan.char(at) != ":":
            raise FaultFoundError(key.end, COLON_IS_MISSING, {"found": shown(self.text, key.start)})
        self._scan.take(at)
        return self._scan.skip(at + 1)

    def _close_all(self, end: int, members: Sequence[Member]) -> None:
        """Once for all that is open. Nothing can follow in a document, none around it, that has all of its keys."""
        if self._ended:
            return
        if (
            self._open == ["}"]
            and not self._several
            and {member.key.value for member in members} >= _KEYS_OF_A_WHOLE_DOCUMENT
        ):
            self.ledger.add(RepairKind.MISSING_BRACKETS, end, [Edit(end, end, "}")], what="}")
            self._ended = True
        else:
            self._cut_off(end, end)

    def _cut_off(self, start: int, end: int) -> None:
        missing = "".join(reversed(self._open))
        reading = LikelyReading(END_THE_TEXT, (Edit(start, end, missing),), {"missing": missing})
        self.ledger.propose(RepairKind.CUT_OFF, start, [reading], missing)
        self._ended = True

    def _closes(self, at: int) -> bool:
        """Whether what was opened last is closed here, with consent also by the bracket of what is around it."""
        char, closer = self._scan.char(at), self._open[-1]
        if char in ("]", "}") and char != closer and at != self._completed:
            if char not in self._open:
                raise FaultFoundError(at, BRACKET_IS_MISSING, {"closer": closer, "found": char})
            missing = "".join(takewhile(lambda each: each != char, reversed(self._open)))
            self._propose_brackets(at, missing, Edit(at, at, missing))
            self._completed = at
        return char == closer or at == self._completed

    def _belongs_around(self, at: int) -> bool:
        """Whether what stands here can only be in what is around what was opened last: a key, or an object."""
        opened = self._open[-2:]
        return (opened == ["}", "]"] and _KEY.match(self.text, at) is not None) or (
            opened == ["]", "}"] and self._scan.char(at) == "{"
        )

    def _ends_early(self, end: int, at: int) -> bool:
        """Whether what was opened last lacks its bracket at `end`, before a comma. With consent it ends there."""
        if not self._resumed and self._belongs_around(at):
            self._end_early(at, Edit(end, end, self._open[-1]))
        return self._resumed

    def _end_early(self, at: int, edit: Edit) -> None:
        self._propose_brackets(at, self._open[-1], edit)
        self._resumed = True

    def _propose_brackets(self, at: int, missing: str, edit: Edit) -> None:
        reading = LikelyReading(ADD_THE_MISSING, (edit,), {"missing": missing})
        self.ledger.propose(RepairKind.MISSING_BRACKET, at, [reading], missing)

    def _enter(self, at: int, closer: str) -> None:
        if self._bounded and len(self._open) == MAX_DEPTH:
            raise FaultFoundError(at, TOO_DEEP, {"limit": MAX_DEPTH})
        self._scan.take(at)
        self._open.append(closer)
        self._deepest = max(self._deepest, len(self._open))

    def _leave(self, at: int) -> int:
        """Past the bracket that closes what was opened last, if it stands there."""
        if self._scan.char(at) != self._open.pop():
            return at
        self._scan.take(at)
        return at + 1

    def _count(self, at: int) -> None:
        self.nodes += 1
        if self._bounded and self.nodes > MAX_NODES:
            raise FaultFoundError(at, TOO_MANY_VALUES, {"limit": MAX_NODES})

    def _stop(self, at: int, wording: Wording, **values: str) -> NoReturn:
        raise FaultFoundError(at, wording, {**values, "found": shown(self.text, at)})
