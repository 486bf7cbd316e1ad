"""What stands between the values of a JSON text: space, comments, and punctuation of any width."""

import re

from policybuilder.domain.findings import Wording

from .repair_kinds import RepairKind
from .repairs import Edit, FaultFoundError, Ledger
from .signs import BLANKS, FULL_WIDTH
from .strings import match_end

COMMENT_IS_OPEN = Wording("The comment that begins here is never closed.", "Remove it, or add */.")
SLASH = Wording("A slash cannot stand outside of quotes.", "Remove it.")

_SPACE = re.compile(r"[ \t\n\r]*+")
_INVISIBLE = re.compile(f"[{BLANKS}]++")
_LINE_COMMENT = re.compile(r"(?://|#)[^\r\n]*+")
_SKIPPED = frozenset("/#" + BLANKS)


class Scanner:
    """Reads the punctuation of one text. Raises FaultFoundError."""

    def __init__(self, text: str, ledger: Ledger) -> None:
        self.text = text
        self.ledger = ledger

    def char(self, at: int) -> str:
        """The character, full-width punctuation as ordinary one; nothing at the end of the text."""
        char = self.text[at : at + 1]
        return FULL_WIDTH.get(char, char)

    def take(self, at: int) -> None:
        """Lets the punctuation at `at` stand, as ordinary one."""
        if self.text[at : at + 1] in FULL_WIDTH:
            char = self.char(at)
            self.ledger.add(RepairKind.FULL_WIDTH, at, [Edit(at, at + 1, char)], what=char)

    def skip(self, at: int) -> int:
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

    def skip_commas(self, at: int) -> int:
        """Over space and commas that part nothing: each of them is one too many."""
        at = self.skip(at)
        while self.char(at) == ",":
            self.ledger.add(RepairKind.SURPLUS_COMMAS, at, [Edit(at, at + 1, "")])
            at = self.skip(at + 1)
        return at

    def _comment_end(self, at: int) -> int:
        if self.text.startswith("/*", at):
            end = self.text.find("*/", at + 2) + 2
            if end == 1:
                raise FaultFoundError(at, COMMENT_IS_OPEN)
            return end
        end = match_end(_LINE_COMMENT, self.text, at)
        if end == at:
            raise FaultFoundError(at, SLASH)
        return end
