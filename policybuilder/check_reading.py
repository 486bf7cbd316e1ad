"""A pasted text, read and checked: its repairs, and the findings in what they make of it."""

from dataclasses import dataclass

from .check_forms import Pasted
from .domain.catalog import Catalog
from .domain.json_nodes import Node
from .domain.json_source import Repair, Source, read
from .domain.json_writer import write
from .domain.policy_check import Checked, check


@dataclass(frozen=True, slots=True)
class Reading:
    """`given` is the text as it was pasted. `final` is the text with the repairs, and `checked` is about that one.

    `repairs` are all that can be made, the refused ones among them; without a fault, `given` has made them all.
    """

    pasted: Pasted
    given: Source
    final: Source
    repairs: tuple[Repair, ...]
    checked: Checked

    @property
    def readable(self) -> bool:
        return self.final.root is not None

    @property
    def repaired(self) -> bool:
        """Whether the text to take away is another one than the pasted."""
        return self.readable and self.final is not self.given


def read_pasted(catalog: Catalog, pasted: Pasted) -> Reading:
    """Ids of repairs that the text does not need (any more) are dropped."""
    given = read(pasted.text)
    repairs = given.repairs
    refused = pasted.without & {repair.id for repair in repairs}
    if refused:
        given = read(pasted.text, refused)
    final = read(given.repaired_text) if given.root is not None and given.repairs else given
    return Reading(Pasted(pasted.text, refused), given, final, repairs, check(catalog, final))


def console_form(node: Node) -> str:
    """A policy as the console prints it, as a text of its own."""
    return write(node) + "\n"
