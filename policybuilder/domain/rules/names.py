"""What is to be said of the names in a text alone: older ones, and services that are not in lower case.

For pages that judge no policy, and on which such a name would pass for one that has an effect.
"""

from dataclasses import dataclass

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.jsontext.nodes import find
from policybuilder.domain.jsontext.source import JsonText, Position, read
from policybuilder.domain.policy.reading import find_policies

from .check import PolicyFinding, run_rules
from .own_actions import EFFECTLESS_NAMES

_CODES = frozenset(rule.code for rule in EFFECTLESS_NAMES)


@dataclass(frozen=True, slots=True)
class NameRemark:
    """`position` is in the text as it was pasted; a fix is an edit of the one with its repairs."""

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
    found = run_rules(catalog, source, EFFECTLESS_NAMES)
    names = [each for each in found if each.finding.code in _CODES and each.policy == 0 and each.start is not None]
    return tuple(
        NameRemark(each, _position(given, each), source.text)
        for each in sorted(names, key=lambda each: each.start or 0)
    )


def _position(given: JsonText, found: PolicyFinding) -> Position:
    """Repairs leave every value at its place in the document, wherever that stands in the text."""
    body = find_policies(given.root, 1)[0].body if given.root is not None else None
    node = find(body, found.finding.place) if body is not None else None
    return given.position_of(node) if node is not None else given.position(0)
