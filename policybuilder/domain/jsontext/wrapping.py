"""What stands around a policy in a chat or a file and is no part of it: an invisible mark (BOM), code fences."""

import re

from .repairs import Edit, Ledger, RepairKind
from .signs import BRACKETS

_FENCE = re.compile(r"^[\ufeff \t]*+(```)`*+[ \t]*+[\w+-]*+[ \t]*+\r?(?:\n|\Z)", re.MULTILINE)
_BRACKET = re.compile(f"[{re.escape(BRACKETS)}]")


def unwrap(text: str, ledger: Ledger) -> tuple[str, int]:
    """The text without what stands behind a closing code fence, and where it begins after a BOM and an opening one."""
    begin = 0
    if text.startswith("\ufeff"):
        ledger.add(RepairKind.BOM, 0, [Edit(0, 1, "")])
        begin = 1
    fence = _FENCE.search(text)
    if fence and not _BRACKET.search(text, 0, fence.start()):
        ledger.add(RepairKind.FENCE, fence.start(1), [Edit(begin, fence.end(), "")], what="before")
        begin = fence.end()
        fence = _FENCE.search(text, begin)
    if fence and not _BRACKET.search(text, fence.end()):
        ledger.add(RepairKind.FENCE, fence.start(1), [Edit(fence.start(), len(text), "")], what="after")
        text = text[: fence.start()]
    return text, begin
