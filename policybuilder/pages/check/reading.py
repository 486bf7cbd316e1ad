"""A pasted text, read and checked: its repairs, and the findings in what they make of it."""

from dataclasses import dataclass

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.jsontext.source import JsonText, Repair, read
from policybuilder.domain.rules.check import Checked, check
from policybuilder.domain.work import Work

from .form import Pasted


@dataclass(frozen=True, slots=True)
class Reading:
    """`given` is the text as it was pasted. `final` is the text with the repairs, and `checked` is about that one.

    `repairs` are all that can be made, the refused ones among them; without a fault, `given` has made them all.
    """

    pasted: Pasted
    given: JsonText
    final: JsonText
    repairs: tuple[Repair, ...]
    checked: Checked

    @property
    def readable(self) -> bool:
        return self.final.root is not None

    @property
    def repaired(self) -> bool:
        """Whether the text to take away is another one than the pasted."""
        return self.readable and self.final is not self.given


def read_pasted(catalog: Catalog, pasted: Pasted, work: Work) -> Reading:
    """Ids of repairs that the text does not need (any more) are dropped."""
    given = read(pasted.text, work=work)
    repairs = given.repairs
    refused = pasted.without & {repair.id for repair in repairs}
    if refused:
        given = read(pasted.text, refused, work)
    final = read(given.repaired_text, work=work) if given.root is not None and given.repairs else given
    return Reading(Pasted(pasted.text, refused), given, final, repairs, check(catalog, final))
