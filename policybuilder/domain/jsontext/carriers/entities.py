"""A policy out of the source of a web page: &quot; where a quote should stand.

Only where it is the quotes of the JSON that are written so, and none of them is a plain one: in JSON with quotes of its
own, an entity in a value is part of the value.
"""

import html
import re

from policybuilder.domain.jsontext.passage import Piece, between
from policybuilder.domain.jsontext.repair_kinds import RepairKind

from .carrier import FoundRepair, Unwrapped

# Also what stands there where the source shows a quoted mail or a string.
_SPACE = r"(?:\s|&nbsp;|&#160;|&#[xX][aA]0;|&gt;|\\{1,7}[nrt])*+"
_QUOTE = r"&(?:quot|apos|#0*+(?:34|39)|#[xX]0*+2[27]);"
_FIRST = re.compile(rf"[\[{{]{_SPACE}(?:[\[{{]{_SPACE}){{0,4}}+\\{{0,7}}+({_QUOTE})|\bresource[ \t]*+({_QUOTE})")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def without_entities(text: str) -> Unwrapped | None:
    first = _FIRST.search(text)
    end = max(text.rfind("}"), text.rfind("]"))
    if first is None or '"' in text[first.start() : end]:
        return None
    pieces = (Piece(found.start(), found.end(), html.unescape(found[0])) for found in _ENTITY.finditer(text))
    return Unwrapped(
        (FoundRepair(RepairKind.ENTITIES, first.start(first.lastindex or 0)),), tuple(between(0, len(text), pieces))
    )
