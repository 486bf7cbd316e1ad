"""What is to be said of the names in a text alone: older ones, and services that are not in lower case.

For pages that judge no policy, and on which such a name would pass for one that has an effect.
"""

from dataclasses import dataclass

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.jsontext.source import JsonText, Position, read

from .check import PolicyFinding, check
from .own_actions import EFFECTLESS_NAMES

_CODES = frozenset(rule.code for rule in EFFECTLESS_NAMES)


@dataclass(frozen=True, slots=True)
class NameRemark:
    """`position` is in the text with its repairs, of which a fix is an edit."""

    found: PolicyFinding
    position: Position
    repaired_text: str

    @property
    def id(self) -> str:
        """The same for the same text: PB011:328."""
        return f"{self.found.finding.code}:{self.found.start}"

    def mended(self) -> str:
        """The text in which the name is mended, and nothing else but the repairs; the same where nothing is certain."""
        return self.found.fix.apply(self.repaired_text) if self.found.fix else self.repaired_text


def remarks_on_names(catalog: Catalog, given: JsonText) -> tuple[NameRemark, ...]:
    """In the order of the text; none about a text that cannot be read. Only of its first policy."""
    if given.root is None:
        return ()
    source = read(given.repaired_text) if given.repairs else given
    found = [each for each in check(catalog, source, rules=EFFECTLESS_NAMES).findings if each.start is not None]
    return tuple(
        NameRemark(each, source.position(each.start or 0), source.text)
        for each in sorted(found, key=lambda each: each.start or 0)
        if each.finding.code in _CODES and each.policy == 0
    )
