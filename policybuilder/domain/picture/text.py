"""Texts of a picture: how wide they are at most, and where to break them so that none is cut.

Which font a reader has is not known, so widths are those of wide fonts (DejaVu Sans and DejaVu Sans Mono).
"""

import re
import unicodedata
from functools import lru_cache

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NARROW, _BROAD = frozenset("iljtfrI.,:;'|!()[] "), frozenset("mwMW@%")
_MONO = 0.61


def legible(text: str) -> str:
    """The text with a sign in place of every character that XML forbids."""
    return _FORBIDDEN.sub("\ufffd", text)


def text_width(text: str, size: float, *, mono: bool = False, bold: bool = False) -> float:
    """Pixels at most, for a font of `size` pixels."""
    return sum(_ems(character, mono) for character in text) * _em(size, bold)


def wrap(text: str, room: float, size: float, *, mono: bool = False, bold: bool = False) -> tuple[str, ...]:
    """The text in lines of at most `room` pixels, broken after a space, ":" or "/", else anywhere. At least one."""
    most = room / _em(size, bold)
    lines, line, ems = [], "", 0.0
    for piece in re.findall(r"[^\s:/]*[\s:/]?", legible(text)):
        if line and piece.strip() and ems + sum(_ems(character, mono) for character in piece.rstrip()) > most:
            lines.append(line.rstrip())
            line, ems = "", 0.0
        for character in piece:
            if line and ems + _ems(character, mono) > most and not character.isspace():
                lines.append(line)
                line, ems = "", 0.0
            line += character
            ems += _ems(character, mono)
    return (*lines, line.rstrip()) if line.rstrip() or not lines else tuple(lines)


def _em(size: float, bold: bool) -> float:
    """One em in pixels."""
    return size * (1.1 if bold else 1)


@lru_cache(maxsize=1024)
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
