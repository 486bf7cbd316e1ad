"""The words and signs of Terraform's language, in one pass over the text.

Source: HCL native syntax specification, "Lexical Elements" and "Templates".
"""

import re
from collections.abc import Iterator
from typing import NamedTuple


class Token(NamedTuple):
    """`kind` is line, name, number, string, heredoc, bad (what is never closed), end, or the sign itself.

    `inner` is where the content of a string or heredoc begins and ends; `template` where something is put into it, or
    -1.
    """

    kind: str
    start: int
    end: int
    inner: tuple[int, int] = (0, 0)
    template: int = -1


_TOKEN = re.compile(
    r"(?P<space>[^\S\r\n]+|\ufeff|\#[^\r\n]*|//[^\r\n]*)"
    r"|(?P<line>\r\n|\n|\r)"
    r"|(?P<comment>/\*)"
    r"|(?P<heredoc><<-?(?P<tag>[A-Za-z_][\w-]*)[ \t]*(?:\r\n|\n))"
    r"|(?P<name>[^\W\d][\w-]*)"
    r"|(?P<number>-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<string>\")"
    r"|(?P<sign>==|.)",
    re.DOTALL,
)
_IN_STRING = re.compile(r'(?:\$\$\{|%%\{|[^"\\$%\r\n]|\\[^\r\n]|\$(?!\{)|%(?!\{))*+')
_IN_TEMPLATE = re.compile(r'[^"{}\r\n]*+')
_LAST_LINE = re.compile(r"^[ \t]*+([A-Za-z_][\w-]*+)[ \t]*+(?=\r?\n|\Z)", re.MULTILINE)
TEMPLATE = re.compile(r"(\$\$|%%)\{|[$%]\{")


def tokens(text: str) -> Iterator[Token]:
    at = 0
    while found := _TOKEN.match(text, at):
        kind, at = found.lastgroup or "", found.end()
        if kind == "comment":
            at = text.find("*/", at) + 2
            if at == 1:
                at = len(text)
                yield Token("bad", found.start(), at)
        elif kind == "string":
            token = _string(text, found.start())
            at = token.end
            yield token
        elif found["tag"]:
            token = _heredoc(text, found)
            at = token.end
            yield token
        elif kind != "space":
            yield Token(found[0] if kind == "sign" else kind, found.start(), at)
    yield Token("end", len(text), len(text))


def _string(text: str, start: int) -> Token:
    """The string whose quote stands at `start`, with the strings in what is put into it. It ends on its line."""
    around, at, template = ['"'], start + 1, -1
    while around:
        found = (_IN_STRING if around[-1] == '"' else _IN_TEMPLATE).match(text, at)
        at = found.end() if found else at
        sign = text[at : at + 1]
        if sign in ("", "\r", "\n", "\\"):
            return Token("bad", start, at)
        if sign in "$%":
            template = at if template < 0 else template
            around.append("{")
            at += 1
        elif sign in ("}", around[-1] if around[-1] == '"' else ""):
            around.pop()
        else:
            around.append(sign)
        at += 1
    return Token("string", start, at, (start + 1, at - 1), template)


def _heredoc(text: str, opening: re.Match[str]) -> Token:
    lines = _LAST_LINE.finditer(text, opening.end())
    closing = next((line for line in lines if line[1] == opening["tag"]), None)
    if closing is None:
        return Token("bad", opening.start(), len(text))
    inner = (opening.end(), closing.start())
    template = next((each.start() for each in TEMPLATE.finditer(text, *inner) if not each[1]), -1)
    return Token("heredoc", opening.start(), closing.end(1), inner, template)
