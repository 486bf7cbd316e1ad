"""What a policy was wrapped in goes, layer by layer, until what is left reads as an object or a list.

The order: what says of itself what it is (a BOM, a fence) goes first. Text that reads as an object or a list is wrapped
in nothing more, whatever stands in its strings; only what it holds by itself can be taken out of it. All else is tried
from the outside to the inside: a mail before what it quotes, the source of a page before what it shows, a command or a
program before its strings, and prose last, since everything else has text around its brackets too.
"""

from collections.abc import Callable
from dataclasses import dataclass

from policybuilder.domain.findings import Wording
from policybuilder.domain.jsontext.nodes import Array, Duplicate, Node, Object
from policybuilder.domain.jsontext.passage import Passage
from policybuilder.domain.jsontext.reader import Reader
from policybuilder.domain.jsontext.repair_kinds import NEEDS_CONSENT
from policybuilder.domain.jsontext.repairs import Edit, FaultFoundError, Ledger, LikelyReading
from policybuilder.domain.work import Work

from .carrier import Unwrapped
from .entities import without_entities
from .escaped import out_of_string
from .fences import without_bom, without_fences
from .mail import without_mail_quotes
from .policy_strings import out_of_policy_strings
from .prose import without_prose
from .shell import out_of_command
from .state import out_of_state
from .terraform import out_of_terraform

MAX_LAYERS = 8
STEPS_A_NODE, STEPS_A_REPAIR = 2, 16  # of work, for each value that is read, and each place that is repaired
CHARACTERS_A_STEP = 4  # of a text in which a wrapping is looked for

Form = Callable[[str], Unwrapped | None]
_SEEN_AT_ONCE: tuple[Form, ...] = (without_bom, without_fences)
_FORMS: tuple[Form, ...] = (
    without_mail_quotes,
    without_entities,
    out_of_terraform,
    out_of_command,
    out_of_string,
    without_prose,
)

MANY_LAYERS = Wording("The policy is wrapped in more than {limit} layers.", "Paste it by itself.")
LEAVE_OUT = "Leave out the text around the policy"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One reading of the JSON in a passage, with its repairs in `ledger`. Without a fault there is a root."""

    passage: Passage
    ledger: Ledger
    root: Node | None = None
    duplicates: tuple[Duplicate, ...] = ()
    fault: FaultFoundError | None = None


def attempt(
    passage: Passage,
    refused: frozenset[str] = frozenset(),
    *,
    consenting: bool = False,
    literal: bool = False,
    bounded: bool = True,
    work: Work | None = None,
) -> Attempt:
    """Raises WorkSpentError where there is `work`."""
    ledger = Ledger(refused, consenting=consenting, literal=literal, origin=passage.origin)
    reader = Reader(passage.text, ledger, bounded=bounded)
    try:
        root = reader.read()
    except FaultFoundError as found:
        return Attempt(passage, ledger, fault=found)
    finally:
        if work:
            work.spend(STEPS_A_NODE * reader.nodes + STEPS_A_REPAIR * ledger.places)
    return Attempt(passage, ledger, root, tuple(reader.duplicates))


def unwrap(text: str, ledger: Ledger, work: Work, *, consenting: bool) -> Attempt:
    """The reading of what is in the text when nothing is refused; what was taken off goes into the ledger.

    Whether a text is wrapped, and in what, does not depend on what is refused: else, to refuse a repair of the JSON
    could have something taken for its wrapping. Raises FaultFoundError, whose offset is of `text`, and WorkSpentError.
    """
    passage, layers = Passage(text), 0
    while True:
        try:
            found, tried = _next_layer(passage, work, consenting=consenting)
        except FaultFoundError as fault:
            raise FaultFoundError(passage.origin(fault.offset), fault.wording, fault.values) from None
        if found is None:
            return tried
        if layers == MAX_LAYERS:
            raise FaultFoundError(0, MANY_LAYERS, {"limit": MAX_LAYERS})
        passage = _taken_off(found, passage, text, ledger)
        layers += 1


def _next_layer(passage: Passage, work: Work, *, consenting: bool) -> tuple[Unwrapped | None, Attempt]:
    tried = Attempt(passage, Ledger(frozenset()))
    for form in _SEEN_AT_ONCE:
        if found := form(passage.text):
            return found, tried
    tried = attempt(passage, consenting=consenting, work=work)
    if isinstance(tried.root, Object | Array):
        return out_of_state(passage.text, tried.root) or out_of_policy_strings(passage.text, tried.root), tried
    work.spend(len(passage.text) // CHARACTERS_A_STEP)
    return next(filter(None, (form(passage.text) for form in _FORMS)), None), tried


def _taken_off(found: Unwrapped, passage: Passage, text: str, ledger: Ledger) -> Passage:
    rebuilt = passage.rebuilt(found.pieces)
    for repair in found.repairs:
        place = passage.origin(repair.offset)
        if repair.kind in NEEDS_CONSENT:
            reading = LikelyReading(LEAVE_OUT, (Edit(0, len(text), rebuilt.text),))
            ledger.propose(repair.kind, place, [reading], repair.what)
        else:
            ledger.add(repair.kind, place, (), repair.what)
    return rebuilt
