"""The policies that a draft makes, as the builder shows them, and where its links lead."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import cached_property

from policybuilder.domain.building.bounds import excess
from policybuilder.domain.building.compiler import CompiledPolicy
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.findings import Finding
from policybuilder.domain.policy.document import MAX_ACTIONS, MAX_CHARACTERS, MAX_STATEMENTS
from policybuilder.domain.rules.check import PolicyFinding
from policybuilder.domain.rules.own_manual import MANUAL_NEEDS
from policybuilder.drafts.addresses import View, address
from policybuilder.drafts.carrying import Carried
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.link import MAX_LINK, encode
from policybuilder.web.json_changes import Touched, touched_lines
from policybuilder.web.json_html import JsonPiece, pieces
from policybuilder.web.wording import LevelInWords, file_name, policy_name

from .wildcards import WildcardChoice

LINK_TOO_SMALL = (
    "This draft is too large for a link: the address and the links to other pages cannot hold it, only this tab does. "
    "As a file it is kept, and can be sent on."
)
ROOM_FOR = (
    "The link is nearly full: there is room for about {n} more operations. Beyond that, only a file keeps the draft."
)
ROOM_FOR_NONE = "The link is nearly full: the next operation may be too much. Beyond that, only a file keeps the draft."
NEARLY_FULL = MAX_LINK * 85 // 100
OPERATION = 12  # characters of a link that one more operation takes, as a rule
OPENED = "PB050"
_SAID_BY_THE_VERDICT = {"PB002", "PB003", "PB004"}
_NOT_AT_THE_GOAL = "PB052"


class Links:
    """Addresses of one draft. `token` is the draft as addresses and forms hold it."""

    def __init__(self, draft: Draft, view: View, previous: Draft | None):
        self._draft = draft
        self._view = view
        self._previous = previous

    @cached_property
    def token(self) -> str:
        return encode(self._draft)

    @cached_property
    def previous_token(self) -> str | None:
        return None if self._previous is None else encode(self._previous)

    @cached_property
    def linkable(self) -> bool:
        """Whether an address holds the draft, and can be opened."""
        return len(self.token) <= MAX_LINK and not excess(self._draft.blocks)

    @property
    def carried(self) -> Carried:
        """The draft as it goes along to other pages, and the way back to what of it is shown."""
        return Carried.of(self.token, self.here) if self.linkable else Carried()

    @property
    def room(self) -> str:
        """What is to be said of the room in the link, "" while there is plenty of it."""
        left = MAX_LINK - len(self.token)
        if left < 0:
            return LINK_TOO_SMALL
        if len(self.token) < NEARLY_FULL:
            return ""
        return ROOM_FOR.format(n=left // OPERATION) if left >= OPERATION else ROOM_FOR_NONE

    @property
    def here(self) -> str:
        """Without the draft where an address does not hold it: better none than an older one."""
        return address(self._draft if self.linkable else Draft(), self._view)

    @property
    def here_from(self) -> str:
        """The address with what the draft was before, for a browser without JavaScript to undo the change, where it has
        room for both."""
        before = self.previous_token
        fits = before is not None and len(before) + len(self.token) <= MAX_LINK
        return address(self._draft, self._view, **{"from": before or ""} if fits else {})

    def policy_name(self, level: Level | None) -> str:
        return policy_name(self._draft.name, level)

    def download_of(self, level: Level | None) -> str:
        """Of the policy of that level, where there are several."""
        if level is None:
            return address(self._draft, name="download")
        return address(self._draft, name="download", level=level.value)

    @property
    def causes(self) -> str:
        """Those of the statement that is shown: what can be done about them is done there."""
        return address(self._draft, View(at=self._view.at), name="causes")


@dataclass(frozen=True)
class ShownFinding:
    """A finding, where there is a place for it the words and the element of the line of JSON that it is about.

    `mended` is the command that corrects it, "" where none does, and `title` what that does. `wildcard` if it is about
    one that an operation needs.
    """

    finding: Finding
    place: str = ""
    anchor: str = ""
    mended: str = ""
    title: str = ""
    wildcard: WildcardChoice | None = None


class ShownDocument:
    """One of the policies to create, counted from 0.

    `suffix` is at the end of the ids of its elements, "" for one alone, of which `words` are None. `before` is what the
    draft came to before the last change, None where there was none.
    """

    max_characters = MAX_CHARACTERS
    max_actions = MAX_ACTIONS

    def __init__(
        self,
        catalog: Catalog,
        policy: CompiledPolicy,
        number: int,
        links: Links,
        wildcards: tuple[WildcardChoice, ...],
        before: CompiledPolicy | None,
    ):
        self._catalog = catalog
        self._wildcards = wildcards
        self._policy = policy
        self.document = policy.documents[number]
        self.number = number + 1
        self.level = self.document.level
        self.suffix = f"-{self.level.lower()}" if self.level else ""
        self.words = LevelInWords(self.level) if self.level else None
        self.name = links.policy_name(self.level)
        self.file_name = file_name(self.name)
        self.download = links.download_of(self.level)
        self._before = before

    @property
    def holds(self) -> str:
        return self.words.holds(self._catalog, self.document.document) if self.words else ""

    @property
    def json(self) -> tuple[JsonPiece, ...]:
        return pieces(self.document.text, self.severities)

    @property
    def near_a_limit(self) -> bool:
        size = self.document.size
        limits = (
            (size.characters, MAX_CHARACTERS),
            (size.statements, MAX_STATEMENTS),
            (size.largest_statement, MAX_ACTIONS),
        )
        return any(number * 2 >= most for number, most in limits)

    @property
    def touched(self) -> tuple[Touched | None, ...]:
        """What the last change did to each line, to the last one that it touched; of a policy that there was before."""
        documents = self._before.documents if self._before else ()
        was = next((each for each in documents if each.level == self.level), None)
        if was is None or was.text == self.document.text:
            return ()
        lines = touched_lines(was.text, self.document.text)
        return tuple(lines.get(number) for number in range(1, max(lines, default=0) + 1))

    @cached_property
    def severities(self) -> dict[int, str]:
        """Those of the lines that something is to be said about, counted from 1; of several the gravest."""
        gravest: dict[int, str] = {}
        for line, found in self._placed:
            if line is not None:
                gravest.setdefault(line, found.finding.severity.value)
        return gravest

    @cached_property
    def _placed(self) -> list[tuple[int | None, PolicyFinding]]:
        """Each finding with its line, counted from 1, or None."""
        source = self.document.source
        return [
            (None if found.start is None else source.position(found.start).line, found)
            for found in shown_findings(self._policy, self.document.findings)
        ]

    @property
    def findings(self) -> Iterator[ShownFinding]:
        which = f"policy {self.number}, " if self.level else ""
        for line, found in self._placed:
            place = f"{which}line {line}" if line else which.rstrip(", ")
            anchor = f"line{self.suffix}-{line}" if line else f"document{self.suffix}" if self.level else ""
            mending = self._mending(found)
            if mending is None or mending.fix is None:
                yield ShownFinding(found.finding, place, anchor, wildcard=self._wildcard(found))
            else:
                command = f"fix:{mending.finding.code}@{mending.start}"
                if found.finding.code == MANUAL_NEEDS:  # reading the text again would select other operations
                    command = f"add-manual:{found.finding.values['action']}"
                yield ShownFinding(found.finding, place, anchor, command, mending.fix.title)

    def _wildcard(self, found: PolicyFinding) -> WildcardChoice | None:
        if found.finding.code != OPENED:
            return None
        name = self.document.text[found.start : found.end].strip('"')
        return next((choice for choice in self._wildcards if choice.name == name), None)

    def _mending(self, found: PolicyFinding) -> PolicyFinding | None:
        """The same finding of the draft as one text, in which corrections are made: of what is written alike."""
        if found.fix is None or not self.level:
            return found
        said = (found.finding.code, found.fix.title, self.document.text[found.start : found.end])
        text = self._policy.text
        return next(
            (
                each
                for each in self._policy.findings
                if each.fix and (each.finding.code, each.fix.title, text[each.start : each.end]) == said
            ),
            None,
        )


def shown_findings(policy: CompiledPolicy, findings: Iterable[PolicyFinding]) -> Iterator[PolicyFinding]:
    """All but the scope, which the verdict says already, and the emptiness of a draft that has nothing selected.

    The verdict counts actions: of an operation that has no effect at the goal though its actions have, it says nothing.
    """
    hidden = _SAID_BY_THE_VERDICT | ({"IAM.1028"} if policy.empty and not policy.asked else set())
    hidden |= {_NOT_AT_THE_GOAL} if policy.excluded.actions else set()
    return (found for found in findings if found.finding.code not in hidden)
