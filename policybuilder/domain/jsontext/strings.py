"""Strings of a JSON text: where one ends, what it means, and the quotes and line breaks that are repaired in it.

What is repaired in texts of a known form only, such as actions, stands in fixed_texts.py.
"""

import re

from policybuilder.domain.findings import Wording
from policybuilder.domain.words import quoted

from .fixed_texts import ACTION, END, KEY, read_unclosed, without_invisible
from .nodes import String
from .repair_kinds import RepairKind
from .repairs import Edit, FaultFoundError, Ledger, LikelyReading
from .signs import BLANKS, BRACKETS, CLOSERS, COLONS, COMMAS, FULL_WIDTH_QUOTE, TYPOGRAPHIC_DOUBLE, shown

_KINDS = {"'": RepairKind.SINGLE_QUOTES, FULL_WIDTH_QUOTE: RepairKind.FULL_WIDTH}  # the others are typographic

_PLAIN = re.compile(r'"([^"\\\x00-\x1f\ud800-\udfff]*+)"')
_BODY = {closers: re.compile(rf"(?:[^\\\r\n{closers}]++|\\[^\r\n])*+") for closers in CLOSERS.values()}
_TYPOGRAPHIC_END = re.compile(f"[{TYPOGRAPHIC_DOUBLE}{FULL_WIDTH_QUOTE}]")
_COLON = re.compile(rf"[ \t\n\r{BLANKS}]*+[{COLONS}]")
_BREAK = re.compile(rf"(?:\r\n|\n|\r)[ \t{BLANKS}]*+")
# A line that ends or begins like this lacks a quote rather than being broken.
_BEFORE_BREAK = tuple(COMMAS + BRACKETS)
_AFTER_BREAK = (*_BEFORE_BREAK, *COLONS)
# What begins the next line where a quote is missing at the end of one.
_NEXT_VALUE = re.compile(rf"[ \t\r\n{BLANKS}]*+[{re.escape(BRACKETS + ''.join(CLOSERS))}]")
_LINE_BREAKS = frozenset("\r\n")
_SPACES = " \t" + BLANKS
_WRAPPED_AT = ("/", ":", "*")  # beside these a page wraps resources and addresses, which hold no space
_AROUND_BREAK = 24  # characters that a message shows on each side
_RAW_QUOTE = re.compile(r'\\.|(")', re.DOTALL)
_SPECIAL = re.compile(
    r"\\u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|\\u(?P<code>(?![dD][89a-fA-F])[0-9a-fA-F]{4})"
    r'|\\(?P<letter>["\\/bfnrt])'
    r"|[\\\x00-\x1f\ud800-\udfff]"
)
_LETTERS = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_LONE_SURROGATE = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}|[\ud800-\udfff]")


CLOSE_AT_LINE_END = "Close it at the end of its line"
JOIN_WITH_SPACE, JOIN_WITHOUT_SPACE = "Join it with a space", "Join it without a space"
END_IS_UNCLEAR = Wording(
    "It is not clear whether {found} ends the text here.", 'Put the text in straight double quotes (").'
)
TEXT_IS_OPEN = Wording("The text that begins here, {found}, is not closed on its line.", 'Write " where it ends.')
TEXT_IS_CUT_OFF = Wording(TEXT_IS_OPEN.message, 'Write " where it ends, or paste the rest.')
HALF_A_CHARACTER = Wording(
    "Only half of a character stands here: {found}.", "Write the character itself, or both halves."
)
BACKSLASH = Wording(
    "A backslash cannot stand here as in {found}.",
    'Write \\\\ for a backslash; only " \\ / b f n r t and uXXXX may follow one.',
)
CONTROL_CHARACTER = Wording(
    "A control character (U+{code:04X}) cannot stand in a text as it is.", "Remove it, or write {escape}."
)


class StringReader:
    """Reads the strings of one text. Raises FaultFoundError."""

    def __init__(self, text: str, ledger: Ledger) -> None:
        self.text = text
        self.ledger = ledger

    def read(self, start: int, form: re.Pattern[str] | None) -> String:
        """The value whose opening quote, of whatever kind, stands at `start`. `form` is what it should be, if known."""
        plain = _PLAIN.match(self.text, start)
        if plain and (form is None or form.fullmatch(plain[1])):
            return String(start, plain.end(), plain[1], plain[0])
        pieces = self._pieces(start)
        ends = pieces and END.match(self.text, pieces[-1][1] + 1)
        if form and not ends and (unclosed := read_unclosed(self.text, start, form, self.ledger)):
            return unclosed
        if not pieces:
            return self._closed_with_its_line(start)
        string = self._joined(start, pieces, action=form is ACTION)
        return without_invisible(string, form, self.ledger) if form else string

    def read_key(self, start: int) -> String:
        """The key whose opening quote stands at `start`."""
        plain = _PLAIN.match(self.text, start)
        if plain and KEY.fullmatch(plain[1]):
            return String(start, plain.end(), plain[1], plain[0])
        if not (pieces := self._pieces(start)):
            raise self._endless(start)
        return without_invisible(self._joined(start, pieces, action=False), KEY, self.ledger)

    def looks_like_key(self, start: int) -> bool:
        """Whether the string at `start` closes on its line and a colon follows."""
        end = self._line_end(start + 1, self.text[start])
        return self._is_closer(end, self.text[start]) and _COLON.match(self.text, end + 1) is not None

    def _line_end(self, begin: int, opener: str) -> int:
        """The first closing quote from `begin` on, or where the line ends before one."""
        return match_end(_BODY[CLOSERS[opener]], self.text, begin)

    def _is_closer(self, at: int, opener: str) -> bool:
        return at < len(self.text) and self.text[at] in CLOSERS[opener]

    def _typographic_end(self, begin: int, end: int) -> int | None:
        """The only typographic quote on the line, of a string that a straight one opened and none closes."""
        found = list(_TYPOGRAPHIC_END.finditer(self.text, begin, end))
        if len(found) == 1 and END.match(self.text, found[0].end()):
            return found[0].start()
        return None

    def _pieces(self, start: int) -> list[tuple[int, int]]:
        """Where the string at `start` stands, without quotes and line break; nowhere if that is not clear."""
        opener = self.text[start]
        end = self._line_end(start + 1, opener)
        if self._is_closer(end, opener):
            return [(start + 1, end)] if opener == '"' or END.match(self.text, end + 1) else []
        if opener == '"' and (closed := self._typographic_end(start + 1, end)):
            return [(start + 1, closed)]
        return self._two_lines(start, end)

    def _two_lines(self, start: int, line_end: int) -> list[tuple[int, int]]:
        """Both pieces of a string that a line break cuts in two, without the space around the break."""
        opener = self.text[start]
        begin = match_end(_BREAK, self.text, line_end)
        end = self._line_end(begin, opener)
        before = self.text[start + 1 : line_end].rstrip(_SPACES)
        after = self.text[begin:end]
        clear = before and after and not before.endswith(_BEFORE_BREAK) and not after.startswith(_AFTER_BREAK)
        if clear and self._is_closer(end, opener) and END.match(self.text, end + 1):
            return [(start + 1, start + 1 + len(before)), (begin, end)]
        return []

    def _joined(self, start: int, pieces: list[tuple[int, int]], *, action: bool) -> String:
        decoded = [self._decode(begin, end) for begin, end in pieces]
        self._repair(start, pieces)
        glue = self._glue(start, pieces, decoded, action=action) if len(pieces) == 2 else ""
        end = pieces[-1][1] + 1
        return String(start, end, glue.join(decoded), self.text[start:end])

    def _closed_with_its_line(self, start: int) -> String:
        """With consent: where the next line begins with something else, the quote is most likely missing at its end."""
        line_end = self._line_end(start + 1, self.text[start])
        line = self.text[start + 1 : line_end].rstrip(_SPACES)
        line = (line[:-1] if line.endswith(tuple(COMMAS)) else line).rstrip(_SPACES)
        broken = self.text[line_end : line_end + 1] in _LINE_BREAKS and _NEXT_VALUE.match(self.text, line_end)
        if not broken or not line or self.text[start] != '"' or line.endswith((*_BEFORE_BREAK, *COLONS)):
            raise self._endless(start)
        end = start + 1 + len(line)
        value = self._decode(start + 1, end)
        reading = LikelyReading(CLOSE_AT_LINE_END, (Edit(end, end, '"'),))
        self.ledger.propose(RepairKind.UNCLOSED_TEXT, start, [reading], shown(self.text, start))
        return String(start, end, value, self.text[start:end])

    def _endless(self, start: int) -> FaultFoundError:
        """The fault of a string whose end is not there, or not clear."""
        end = self._line_end(start + 1, self.text[start])
        if self._is_closer(end, self.text[start]):
            return FaultFoundError(end, END_IS_UNCLEAR, {"found": shown(self.text, end, 1)})
        wording = TEXT_IS_CUT_OFF if end == len(self.text) else TEXT_IS_OPEN
        return FaultFoundError(start, wording, {"found": shown(self.text, start)})

    def _glue(self, start: int, pieces: list[tuple[int, int]], decoded: list[str], *, action: bool) -> str:
        """What comes in place of the line break: nothing in an action, which holds no space; else nobody knows."""
        begin, end = pieces[0][1], pieces[1][0]
        if action:
            if not ACTION.fullmatch("".join(decoded)):
                raise self._endless(start)
            self.ledger.add(RepairKind.BROKEN_STRING, start, [Edit(begin, end, "")])
            return ""
        before, after = decoded[0][-_AROUND_BREAK:], decoded[1][:_AROUND_BREAK]
        spaced = LikelyReading(JOIN_WITH_SPACE, (Edit(begin, end, " "),))
        joined = LikelyReading(JOIN_WITHOUT_SPACE, (Edit(begin, end, ""),))
        either = f"{quoted(f'{before} {after}')} or {quoted(before + after)}"
        wrapped = before.endswith(_WRAPPED_AT) or after.startswith(_WRAPPED_AT)
        readings = [joined, spaced] if wrapped else [spaced, joined]
        return self.ledger.propose(RepairKind.LINE_BREAK, start, readings, either).edits[0].text

    def _decode(self, begin: int, end: int) -> str:
        def meaning(match: re.Match[str]) -> str:
            if match["letter"]:
                return _LETTERS[match["letter"]]
            if match["code"]:
                return chr(int(match["code"], 16))
            if match["high"]:
                return chr(0x10000 + ((int(match["high"], 16) - 0xD800) << 10) + int(match["low"], 16) - 0xDC00)
            raise self._unreadable(begin + match.start())

        return _SPECIAL.sub(meaning, self.text[begin:end])

    def _unreadable(self, at: int) -> FaultFoundError:
        if _LONE_SURROGATE.match(self.text, at):
            return FaultFoundError(at, HALF_A_CHARACTER, {"found": shown(self.text, at, 6)})
        if self.text[at] == "\\":
            return FaultFoundError(at, BACKSLASH, {"found": shown(self.text, at, 2)})
        code = ord(self.text[at])
        return FaultFoundError(
            at, CONTROL_CHARACTER, {"code": code, "escape": "\\t" if code == 9 else f"\\u{code:04x}"}
        )

    def _repair(self, start: int, pieces: list[tuple[int, int]]) -> None:
        opener, end = self.text[start], pieces[-1][1]
        edits = [Edit(at, at + 1, '"') for at in (start, end) if self.text[at] != '"']
        if '"' not in CLOSERS[opener] and '"' in self.text[start:end]:
            for piece in pieces:
                edits += [Edit(at.start(), at.start(), "\\") for at in _RAW_QUOTE.finditer(self.text, *piece) if at[1]]
        if edits:
            kind = _KINDS.get(opener, RepairKind.TYPOGRAPHIC_QUOTES)
            self.ledger.add(kind, edits[0].start, edits, what='"')


def match_end(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Where `pattern` ends that begins at `at`: `at` itself where it does not match."""
    match = pattern.match(text, at)
    return match.end() if match else at
