"""Reads JSON text into nodes, strictly (RFC 8259), and repairs on the way what can be meant in one way only.

Where that ends:

    [1, 2,]       the last comma goes; [,1] and [1,,2] may lack a value
    ["a" "b"]     gets its comma; "a""b" may be one text with a quote in it, [1 2] may be one number
    “a” 'a'       closed by the next quote of that family, if what may follow a text follows: 'it's' is not clear
    "a:b:         in a list of actions, over two lines as a page wraps it, is joined without the indentation if that
       c"         makes an action, which holds no space; elsewhere a space may have stood there
    {…"Statement": […]   gets its last } where Version is there too, for nothing can follow. What ends sooner, even if
                  only ]} is missing, may lack statements or conditions
    {a: True}     keys that are names; True, False and None. Any other bare word may be anything

Where one reading is likely and others are possible (NEEDS_CONSENT), that is a fault with its readings.
"""

import re
from collections.abc import Sequence
from typing import NoReturn

from .nodes import Array, Duplicate, Member, Node, Object, String, duplicates_among
from .repairs import Edit, FaultFoundError, Ledger, LikelyReading, RepairKind
from .scalars import is_plain, read_word
from .signs import BLANKS, BRACKETS, CLOSERS, COLONS, FULL_WIDTH, shown
from .strings import StringReader, match_end

MAX_DEPTH = 32
MAX_NODES = 20_000  # keys among them

_SPACE = re.compile(r"[ \t\n\r]*+")
_INVISIBLE = re.compile(f"[{BLANKS}]++")
_LINE_COMMENT = re.compile(r"(?://|#)[^\r\n]*+")
_WORD = re.compile(r"[\w$.+-]++")
_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*+")
_COLON = re.compile(rf"[ \t\n\r{BLANKS}]*+[{COLONS}]")
_KEY = re.compile(rf'"[^"\\\r\n]*+"[ \t\n\r]*+[{COLONS}]')
_SKIPPED = frozenset("/#" + BLANKS)
_QUOTES = frozenset("".join(CLOSERS.values()))
_BRACKETS = frozenset(BRACKETS)
_ACTION_KEYS = frozenset({"action", "notaction"})  # in lower case
_KEYS_OF_A_WHOLE_DOCUMENT = frozenset({"Version", "Statement"})
# What stands between most values. Only a short cut: what it does not match is looked at piece by piece.
_COMMA = re.compile(r'[ \t\n\r]*+,[ \t\n\r]*+(?=["{\[0-9tfn-])')
_PLAIN_COLON = re.compile(r'[ \t\n\r]*+:[ \t\n\r]*+(?=["{\[0-9tfn-])')


class Reader:
    """One reading of one text. Raises FaultFoundError at the first thing that it may not repair."""

    def __init__(self, text: str, ledger: Ledger) -> None:
        self.text = text
        self.ledger = ledger
        self.duplicates: list[Duplicate] = []
        self._strings = StringReader(text, ledger)
        self._open: list[str] = []  # the brackets that are still to come
        self._ended = False  # and were added, because the text ended before them
        self._resumed = False  # what is around goes on here, for what was in it lacks its bracket
        self._nodes = 0

    def read(self) -> Node:
        at = self._skip(0)
        if at == len(self.text):
            raise FaultFoundError(at, "There is no JSON in this text.", "Paste a policy, from its first { on.")
        root = self._value(at)
        at = self._skip(root.end)
        if at < len(self.text):
            self._stop(at, "The text should end here", "Remove the rest, or check the closing brackets before it.")
        return root

    def _value(self, at: int, key: str = "") -> Node:
        """`key` is that of the value, or of the list that it stands in."""
        self._count(at)
        char = self._char(at)
        if char in CLOSERS:
            return self._strings.read(at, action=key.lower() in _ACTION_KEYS)
        if char == "{":
            return self._object(at)
        if char == "[":
            return self._array(at, key)
        word = _WORD.match(self.text, at)
        if word and (self._open or is_plain(word[0])):
            return read_word(self.text, at, word[0], self.ledger)
        if not self._open:
            self._stop(at, "The text should begin with {", "Remove what stands before the first {.")
        hint = "Add it, or remove what calls for it." if char else "Paste the rest of the text."
        self._stop(at, "A value is missing here", hint)

    def _object(self, start: int) -> Object:
        self._enter(start, "}")
        members: list[Member] = []
        at = self._skip(start + 1)
        closing = self._closes(at)
        while not closing:
            key = self._key(at)
            value = self._value(self._colon(key), key.value)
            members.append(Member(key, value))
            at, closing = self._next(value.end, members)
            closing = closing or self._ends_early(value.end, at)
        self.duplicates += duplicates_among(members)
        return Object(start, self._leave(at), tuple(members))

    def _array(self, start: int, key: str) -> Array:
        self._enter(start, "]")
        items: list[Node] = []
        at = self._skip(start + 1)
        closing = self._closes(at)
        while not closing:
            item = self._value(at, key)
            items.append(item)
            at, closing = self._next(item.end)
            closing = closing or self._ends_early(item.end, at)
        return Array(start, self._leave(at), tuple(items))

    def _key(self, at: int) -> String:
        self._count(at)
        if self._char(at) in CLOSERS:
            return self._strings.read(at)
        name = _NAME.match(self.text, at)
        if name and _COLON.match(self.text, name.end()):
            edit = Edit(at, name.end(), f'"{name[0]}"')
            self.ledger.add(RepairKind.BARE_KEYS, at, [edit], what=f"“{name[0][:24]}”")
            return String(at, name.end(), name[0], name[0])
        self._stop(at, "A key in double quotes is missing here", 'Write "key": value.')

    def _next(self, end: int, members: Sequence[Member] = ()) -> tuple[int, bool]:
        """From the end of a value to the next one, or to the closing bracket and True.

        `members` are those of the object that the value is in, as far as they are read.
        """
        if self._resumed:
            self._resumed = False
            return end, False
        if comma := _COMMA.match(self.text, end):
            return comma.end(), False
        at = self._skip(end)
        char = self._char(at)
        if not char:
            self._close_all(end, members)
        elif char == ",":
            return self._after_comma(at)
        elif not self._closes(at):
            self._add_comma(end, at)
            return at, False
        return at, True

    def _after_comma(self, comma: int) -> tuple[int, bool]:
        at = self._skip(comma + 1)
        char = self._char(at)
        if not char:
            self._cut_off(comma, comma + 1)
            return at, True
        if char in "]}":
            self.ledger.add(RepairKind.TRAILING_COMMA, comma, [Edit(comma, comma + 1, "")], what=char)
            return at, self._closes(at)
        self._take(comma)
        return at, False

    def _add_comma(self, end: int, at: int) -> None:
        """Between a value and what follows it without a comma, if it is clear that both stand side by side."""
        closer = self._open[-1]
        if self._belongs_around(at):
            self._end_early(at, Edit(end, end, closer + ","))
            return
        is_key = self._looks_like_key(at)
        in_list = "A list has no keys: close it with ] before the key." if closer == "]" else ""
        word = _WORD.match(self.text, at)
        if not (is_key or self.text[at] in CLOSERS or self._char(at) in "[{" or (word and is_plain(word[0]))):
            hint = in_list if self._char(at) == ":" else ""
            hint = hint or 'Check the quotes before it: inside a text a quote is written \\".'
            self._stop(at, f"A comma or {closer} should stand here", hint)
        ends = {self.text[end - 1], self.text[at]}
        gap = self.text[end:at]
        apart = ends & _BRACKETS or (gap and ends & _QUOTES) or "\n" in gap or "\r" in gap
        if not apart or is_key != (closer == "}"):
            hint = (is_key and in_list) or "Add it, or what else is missing between the two."
            raise FaultFoundError(end, f"A comma or {closer} is missing here.", hint)
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
        at = self._skip(key.end)
        if self._char(at) != ":":
            found = shown(self.text, key.start)
            raise FaultFoundError(key.end, f"A colon is missing after the key {found}.", 'Write "key": value.')
        self._take(at)
        return self._skip(at + 1)

    def _close_all(self, end: int, members: Sequence[Member]) -> None:
        """Once for all that is open. Nothing can follow in a document, none around it, that has all of its keys."""
        if self._ended:
            return
        if self._open == ["}"] and {member.key.value for member in members} >= _KEYS_OF_A_WHOLE_DOCUMENT:
            self.ledger.add(RepairKind.MISSING_BRACKETS, end, [Edit(end, end, "}")], what="}")
            self._ended = True
        else:
            self._cut_off(end, end)

    def _cut_off(self, start: int, end: int) -> None:
        missing = "".join(reversed(self._open))
        reading = LikelyReading(f"End the text with {missing}", (Edit(start, end, missing),))
        self.ledger.propose(RepairKind.CUT_OFF, start, [reading], missing)
        self._ended = True

    def _closes(self, at: int) -> bool:
        """Whether what was opened last is closed here, with consent also by the bracket of what is around it."""
        char, closer = self._char(at), self._open[-1]
        if char in ("]", "}") and char != closer:
            if self._open[-2:-1] != [char]:
                hint = f"Add {closer} before it, or remove it."
                raise FaultFoundError(at, f"{closer} is missing before this {char}.", hint)
            self._propose_bracket(at, Edit(at, at, closer))
            return True
        return char == closer

    def _belongs_around(self, at: int) -> bool:
        """Whether what stands here can only be in what is around what was opened last: a key, or an object."""
        opened = self._open[-2:]
        return (opened == ["}", "]"] and _KEY.match(self.text, at) is not None) or (
            opened == ["]", "}"] and self._char(at) == "{"
        )

    def _ends_early(self, end: int, at: int) -> bool:
        """Whether what was opened last lacks its bracket at `end`, before a comma. With consent it ends there."""
        if not self._resumed and self._belongs_around(at):
            self._end_early(at, Edit(end, end, self._open[-1]))
        return self._resumed

    def _end_early(self, at: int, edit: Edit) -> None:
        self._propose_bracket(at, edit)
        self._resumed = True

    def _propose_bracket(self, at: int, edit: Edit) -> None:
        closer = self._open[-1]
        reading = LikelyReading(f"Add the missing {closer}", (edit,))
        self.ledger.propose(RepairKind.MISSING_BRACKET, at, [reading], closer)

    def _enter(self, at: int, closer: str) -> None:
        if len(self._open) == MAX_DEPTH:
            hint = "A policy needs far fewer; check the brackets before it."
            raise FaultFoundError(at, f"Brackets are nested more than {MAX_DEPTH} deep here.", hint)
        self._take(at)
        self._open.append(closer)

    def _leave(self, at: int) -> int:
        """Past the bracket that closes what was opened last, if it stands there."""
        if self._char(at) != self._open.pop():
            return at
        self._take(at)
        return at + 1

    def _char(self, at: int) -> str:
        """The character, full-width punctuation as ordinary one; nothing at the end of the text."""
        char = self.text[at : at + 1]
        return FULL_WIDTH.get(char, char)

    def _take(self, at: int) -> None:
        """Lets the punctuation at `at` stand, as ordinary one."""
        if self.text[at : at + 1] in FULL_WIDTH:
            char = self._char(at)
            self.ledger.add(RepairKind.FULL_WIDTH, at, [Edit(at, at + 1, char)], what=char)

    def _skip(self, at: int) -> int:
        """Over space, and over what is removed here: invisible characters and comments."""
        text = self.text
        at = match_end(_SPACE, text, at)
        while text[at : at + 1] in _SKIPPED:
            if text[at] in BLANKS:
                end = match_end(_INVISIBLE, text, at)
                spaces = "".join(" " for char in text[at:end] if char.isspace())
                self.ledger.add(RepairKind.SPACES, at, [Edit(at, end, spaces)])
            else:
                end = self._comment_end(at)
                self.ledger.add(RepairKind.COMMENTS, at, [Edit(at, end, "")])
            at = match_end(_SPACE, text, end)
        return at

    def _comment_end(self, at: int) -> int:
        if self.text.startswith("/*", at):
            end = self.text.find("*/", at + 2) + 2
            if end == 1:
                raise FaultFoundError(at, "The comment that begins here is never closed.", "Remove it, or add */.")
            return end
        end = match_end(_LINE_COMMENT, self.text, at)
        if end == at:
            raise FaultFoundError(at, "A slash cannot stand outside of quotes.", "Remove it.")
        return end

    def _count(self, at: int) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise FaultFoundError(at, f"The text holds more than {MAX_NODES:,} values.", "Paste a smaller one.")

    def _stop(self, at: int, message: str, hint: str) -> NoReturn:
        raise FaultFoundError(at, f"{message}; found {shown(self.text, at)}.", hint)
