"""The signs that stand in pasted text where JSON has others, and how any sign is shown in a message."""

# Characters that are easily confused are what this is about.
# ruff: noqa: RUF001
import re

from policybuilder.domain.words import printable

# Space that is none in JSON, and what nobody sees, as web pages and word processors leave them behind.
BLANKS = "".join(
    chr(code)
    for first, last in (
        (0x0B, 0x0C),
        (0x85, 0x85),
        (0xA0, 0xA0),
        (0xAD, 0xAD),
        (0x1680, 0x1680),
        (0x180E, 0x180E),
        (0x2000, 0x200F),
        (0x2028, 0x202F),
        (0x205F, 0x2064),
        (0x2066, 0x206F),
        (0x3000, 0x3000),
        (0xFEFF, 0xFEFF),
    )
    for code in range(first, last + 1)
)

FULL_WIDTH = {"，": ",", "：": ":", "［": "[", "］": "]", "｛": "{", "｝": "}"}
BRACKETS = "[]{}［］｛｝"
COMMAS = ",，;"  # and what people type in place of one
COLONS = ":："
CLOSING = "]}］｝"

TYPOGRAPHIC_DOUBLE = "“”„‟″"
FULL_WIDTH_QUOTE = "＂"
# What closes a string, by what opens it. Languages use the same signs in different order, so any of a family does.
CLOSERS = {
    '"': '"',
    "'": "'",
    FULL_WIDTH_QUOTE: FULL_WIDTH_QUOTE + '"',
    **dict.fromkeys(TYPOGRAPHIC_DOUBLE, TYPOGRAPHIC_DOUBLE + '"'),
    **dict.fromkeys("‘’‚‛", "‘’‚‛'"),
    **dict.fromkeys("«»", "«»"),
    **dict.fromkeys("‹›", "‹›"),
}

_TOKEN = re.compile(r"[^\s,{}\[\]]{1,24}|.", re.DOTALL)


def shown(text: str, at: int, most: int = 24) -> str:
    """What stands at `at`, for a message: short, and nothing in it that is invisible or has no UTF-8."""
    token = _TOKEN.match(text, at)
    if token is None:
        return "the end of the text"
    if not text[at].isprintable():
        return f"the character U+{ord(text[at]):04X}"
    return f"“{printable(token[0][:most])}”"
