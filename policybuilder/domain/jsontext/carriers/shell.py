r"""A policy within a curl command: -d '{"role": …}', with all that a POSIX shell does to it.

What only the shell knows, a variable or a file, is not known here. The other words of the command say nothing about the
policy and are left out with it.
"""

import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from policybuilder.domain.findings import Wording
from policybuilder.domain.jsontext.passage import Piece
from policybuilder.domain.jsontext.repair_kinds import RepairKind
from policybuilder.domain.jsontext.repairs import FaultFoundError
from policybuilder.domain.jsontext.signs import shown

from .carrier import BRACKET, FoundRepair, Unwrapped, unclear

MOST_COMMANDS = 8  # that are looked at for one with data

_COMMAND = re.compile(r"(?<![\w-])curl(?:\.exe)?(?=[ \t\\])")
_SPACE = re.compile(r"(?:[ \t]|\\\r?\n)*+")
_END = re.compile(r"[\r\n;|&]|\Z")
_PLAIN = re.compile(r"[^\s\"'\\$`;|&]++")
_DOUBLE = re.compile(r"[^\"\\$`]++")
_SINGLE = re.compile(r"[^']*+")
_ANSI = re.compile(r"[^'\\]++")
_ANSI_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|(.))", re.DOTALL)
_ANSI_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", "'": "'", '"': '"', "?": "?"}
_RUN = re.compile(r"\$(?:\w++|\{\w*+\}?|[(@*#?!])|`")
_DATA = re.compile(r"(?:--(?:data(?:-raw|-binary|-ascii)?|json)(?:=|\Z)|-[sSkvifLgG]*d)")


class _NoCommandError(Exception):
    """A quote that is never closed: no command that a shell would run."""


# A word as the command gets it, as pieces of the text.
_Word: TypeAlias = list[Piece]


def _read(text: str, word: _Word) -> str:
    return "".join(text[piece.start : piece.end] if piece.text is None else piece.text for piece in word)


def _without(word: _Word, number: int) -> _Word:
    """The word without its first characters, which stand in it as they are in the text."""
    rest = []
    for piece in word:
        cut = min(number, piece.end - piece.start)
        number -= cut
        rest.append(Piece(piece.start + cut, piece.end, piece.text))
    return [piece for piece in rest if piece.start < piece.end]


def out_of_command(text: str) -> Unwrapped | None:
    """The data of the first command that has some."""
    for number, command in enumerate(_COMMAND.finditer(text)):
        if number == MOST_COMMANDS:
            break
        try:
            shell = _Shell(text)
            words = list(shell.words(command.end()))
        except _NoCommandError:
            continue
        if data := _data(text, words):
            return _unwrapped(text, command, shell.at, data)
    return None


DATA_TWICE = Wording("The command sends data more than once.", "Leave the one that holds the policy.")
FILE_IS_SENT = Wording(
    "The command sends a file, {file}: what is in it is not known here.", "Paste what the file holds."
)
VALUE_OF_SHELL = Wording(
    "What the shell puts for {found:quoted} is not known here.", "Write the value itself in its place."
)


def _unwrapped(text: str, command: re.Match[str], end: int, data: list[_Word]) -> Unwrapped | None:
    if len(data) > 1:
        raise FaultFoundError(data[1][0].start, DATA_TWICE)
    sent = _read(text, data[0])
    if sent.startswith("@"):
        raise FaultFoundError(data[0][0].start, FILE_IS_SENT, {"file": shown(sent, 0)})
    if not BRACKET.search(sent):
        return None
    around = unclear(text, (0, command.start()), (end, len(text)))
    return Unwrapped((FoundRepair(RepairKind.COMMAND, command.start()), *around), tuple(data[0]))


def _data(text: str, words: Iterable[_Word]) -> list[_Word]:
    """What the command sends: what follows an option, in its word or in the next one."""
    found = []
    following = iter(words)
    for word in following:
        if option := _DATA.match(_read(text, word)):
            found.append(_without(word, option.end()) or next(following, []))
    return [word for word in found if word]


class _Shell:
    """Takes a command apart as a POSIX shell does. `at` is where that has come to."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self._run: re.Match[str] | None = None  # the first thing in a word that the shell would put a value for

    def words(self, at: int) -> Iterator[_Word]:
        """The words after the name of the command. Raises _NoCommandError, and FaultFoundError in what is data."""
        self.at = at
        data = False
        while True:
            self._take(_SPACE)
            if _END.match(self.text, self.at):
                return
            self._run = None
            word = self._word()
            name = _read(self.text, word)
            option = _DATA.match(name)
            if self._run is not None and (data or option):
                raise FaultFoundError(self._run.start(), VALUE_OF_SHELL, {"found": self._run[0]})
            data = option is not None and option.end() == len(name)
            yield word

    def _word(self) -> _Word:
        word: _Word = []
        begin = self.at
        while self.at < len(self.text):
            sign, start = self.text[self.at], self.at
            if sign == "'":
                self._single(word)
            elif sign == '"':
                self._double(word)
            elif self.text.startswith("$'", start):
                self._ansi(word)
            elif sign == "\\":
                self._escaped(word)
            elif sign in "$`":
                self._value(word)
            elif plain := _PLAIN.match(self.text, start):
                self._add(word, plain.end())
            else:
                break
        if self.at == begin:
            raise _NoCommandError
        return word

    def _single(self, word: _Word) -> None:
        self.at += 1
        self._add(word, self._end_of(_SINGLE))
        self._close("'")

    def _double(self, word: _Word) -> None:
        self.at += 1
        while self.at < len(self.text) and self.text[self.at] != '"':
            if self.text[self.at] == "\\":
                self._escaped(word, '"\\$`\n')
            elif self.text[self.at] in "$`":
                self._value(word)
            else:
                self._add(word, self._end_of(_DOUBLE))
        self._close('"')

    def _ansi(self, word: _Word) -> None:
        self.at += 2
        while self.at < len(self.text) and self.text[self.at] != "'":
            escape = _ANSI_ESCAPE.match(self.text, self.at)
            if escape is None:
                end = self._end_of(_ANSI)
                if end == self.at:
                    raise _NoCommandError
                self._add(word, end)
                continue
            code = escape[1] or escape[2]
            meaning = chr(int(code, 16)) if code else _ANSI_LETTERS.get(escape[3], escape[0])
            word.append(Piece(self.at, escape.end(), meaning))
            self.at = escape.end()
        self._close("'")

    def _escaped(self, word: _Word, special: str = "") -> None:
        """A backslash: it goes, and a line break after it too; within double quotes only before what is `special`."""
        sign = self.text[self.at + 1 : self.at + 2]
        if special and sign not in special:
            self._add(word, self.at + 1)
        elif sign == "\n":
            self.at += 2
        elif not sign:
            raise _NoCommandError
        else:
            self.at += 1
            self._add(word, self.at + 1)

    def _value(self, word: _Word) -> None:
        """A sign of the shell, which stands for itself unless a name or a command follows."""
        self._run = self._run or _RUN.match(self.text, self.at)
        self._add(word, self.at + 1)

    def _add(self, word: _Word, end: int) -> None:
        word.append(Piece(self.at, end))
        self.at = end

    def _end_of(self, pattern: re.Pattern[str]) -> int:
        found = pattern.match(self.text, self.at)
        return found.end() if found else self.at

    def _take(self, pattern: re.Pattern[str]) -> None:
        self.at = self._end_of(pattern)

    def _close(self, sign: str) -> None:
        if self.text[self.at : self.at + 1] != sign:
            raise _NoCommandError
        self.at += 1
