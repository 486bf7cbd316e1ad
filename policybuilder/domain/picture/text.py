"""Texts of a picture: how wide they are at most, and where to break them so that none is cut.

Which font a reader has is not known, so widths are those of wide fonts (DejaVu Sans and DejaVu Sans Mono).
"""

import re
import unicodedata

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NARROW, _BROAD = frozenset("iljtfrI.,:;'|!()[] "), frozenset("mwMW@%")
_MONO = 0.61


def legible(text: str) -> str:
    """The text with a sign in place of every character that XML forbids."""
    return _FORBIDDEN.sub("\ufffd", text)


def text_width(text: str, size: float, *, mono: bool = False, bold: bool = False) -> float:
    """Pixels at most, for a font of `size` pixels."""
    ems = sum(_ems(character, mono) for character in text)
    return ems * size * (1.1 if bold else 1)


def wrap(text: str, room: float, size: float, *, mono: bool = False, bold: bool = False) -> tuple[str, ...]:
    """The text in lines of at most `room` pixels, broken after a space, ":" or "/", else anywhere. At least one."""
    lines, line = [], ""
    for piece in re.findall(r"[^\s:/]*[\s:/]?", legible(text)):
        if line and text_width((line + piece).rstrip(), size, mono=mono, bold=bold) > room:
            lines.append(line.rstrip())
            line = ""
        for character in piece:
            if line and text_width(line + character, size, mono=mono, bold=bold) > room and not character.isspace():
                lines.append(line)
                line = ""
            line += character
    return (*lines, line.rstrip()) if line.rstrip() or not lines else tuple(lines)


def _ems(character: str, mono: bool) -> float:
    if unicodedata.east_asian_width(character) in "WF" or ord(character) > 0x2E80:
        return 1.1
    if mono:
        return _MONO
    if not character.isascii():
        return 1.0
    if character in _NARROW:
        return 0.42
    return 1.0 if character in _BROAD else 0.68 if character.isupper() else 0.63
