"""What the cells of an action table say: names of actions with what they are for, and scopes."""

import re
from dataclasses import dataclass, field

from policybuilder.reference.headings import NAME
from policybuilder.reference.journal import Journal, Place
from policybuilder.reference.problems import ReferenceProblem
from policybuilder.reference.tables import Block, Cell, text_of

NO_ACTION = frozenset({"none", "n/a", "-", "--", "/", "not required", "no authorization required"})
GUEST = "Included in the Tenant Guest permissions."
YES, NO = "yes", "no"
SCOPE_WORDS = {"y": YES, "x": NO, "supported": YES, "not supported": NO, "-": None}
# iam_project, enterprise_project
SCOPE_SENTENCES = {
    "projects are supported.": (YES, NO),
    "both projects and enterprise projects are supported.": (YES, YES),
    "supported: iam projects enterprise projects": (YES, YES),
    "supported: projects enterprise projects": (YES, YES),
    "not supported: enterprise projects supported: projects": (YES, NO),
    "supported: projects": (YES, None),
}
LONGEST_HEADING = 60

_quoted = re.compile(rf'^["“]?({NAME.pattern})["”]?[,;]?$')
_conditioned = re.compile(rf"^({NAME.pattern})\s*\((.+)\)$")
# Words that do more than join names.
_other_words = re.compile(r"\b(?!and\b)[A-Za-z]{2,}")
_labelled = re.compile(rf"^([A-Z][\w ]+?):\s*({NAME.pattern})$")


@dataclass
class Group:
    """Names that stand under one heading, or with one condition; those without have the heading ''."""

    heading: str = ""
    depth: int = 0  # lists that the heading is in
    names: list[str] = field(default_factory=list)


@dataclass
class Names:
    groups: list[Group] = field(default_factory=lambda: [Group()])
    notes: list[str] = field(default_factory=list)

    def of(self, heading: str) -> list[str]:
        return [name for group in self.groups if group.heading == heading for name in group.names]

    @property
    def headings(self) -> list[str]:
        return list(dict.fromkeys(group.heading for group in self.groups if group.heading and group.names))

    def all(self) -> list[str]:
        return [name for group in self.groups for name in group.names]


class NamesReader:
    """Reads the cells of actions and of dependencies of one row."""

    def __init__(self, place: Place, journal: Journal):
        self.place = place
        self.journal = journal

    def read(self, cell: Cell, *, prose: bool) -> Names:
        """The names in a cell of actions or dependencies. With `prose`, sentences between them are notes, but for
        those that only introduce names: `It also requires these permissions:`.

        Raises ReferenceProblem for a text that is neither a name, a heading of names nor one of the words for none.
        """
        found = Names()
        if cell and text_of(cell).casefold() not in NO_ACTION:
            lines = [(line.strip(), block) for block in cell for line in block.text.splitlines()]
            for position, (line, block) in enumerate(lines):
                more = any(NAME.search(later) for later, _ in lines[position + 1 :])
                introduces = (
                    line.endswith(":") and position + 1 < len(lines) and bool(NAME.search(lines[position + 1][0]))
                )
                if introduces and prose:
                    found.groups.append(Group())
                else:
                    self._take(line, block, found, prose=prose, more=more)
        return found

    def read_remarks(self, cell: Cell) -> Names:
        """The names in a user manual's cell of dependencies or remarks, wherever they stand in its sentences.

        Notes are the lines with other words. One that only introduces names ends with them: `Required for an agency:
        iam:agencies:listAgencies`.
        """
        found = Names()
        if not cell or text_of(cell).casefold() in NO_ACTION:
            return found
        for line in (line.strip() for block in cell for line in block.text.splitlines()):
            names = [self._name(name) for name in NAME.findall(line)]
            found.groups[-1].names += names
            note = found.notes.pop() if found.notes else ""
            if note.endswith(":"):
                found.notes.append(f"{note} {line}")
            elif _other_words.search(NAME.sub("", line)):
                found.notes += [note, line] if note else [line]
            elif note and names and not note.endswith("."):
                found.notes.append(f"{note}{',' if NAME.search(note) else ':'} {', '.join(names)}")
            elif note:
                found.notes.append(note)
        return found

    def _take(self, line: str, block: Block, found: Names, *, prose: bool, more: bool) -> None:
        """Puts a line's names into the last group of `found`, or opens another."""
        if block.note or (line.startswith("(") and line.endswith(")")):
            found.notes.append(line.strip("()"))
        elif match := _conditioned.match(line):
            found.groups.append(Group(match[2], block.depth, [self._name(match[1])]))
        elif match := _labelled.match(line):
            found.groups.append(Group(match[1], block.depth, [self._name(match[2])]))
        elif match := _quoted.match(line):
            if match[1] != line:
                self.journal.normalise("quoted-name", self.place, line)
            if block.starts and block.depth <= found.groups[-1].depth:
                found.groups.append(Group(depth=block.depth))
            found.groups[-1].names.append(self._name(match[1]))
        elif prose and (len(line) > LONGEST_HEADING or line.endswith((".", ":")) or not more):
            found.notes.append(line)
            found.groups.append(Group())
        elif more and len(line) <= LONGEST_HEADING:
            found.groups.append(Group(line.rstrip(".:"), block.depth))
        else:
            raise ReferenceProblem(str(self.place), f"{line!r} is neither an action nor a word for none.")

    def _name(self, name: str) -> str:
        prefix, _, rest = name.partition(":")
        if prefix != prefix.lower():
            self.journal.normalise("prefix-case", self.place, name)
        return f"{prefix.lower()}:{rest}"


@dataclass(frozen=True, slots=True)
class PublishedScope:
    """`yes`, `no`, or None where the table does not say."""

    iam_project: str | None = None
    enterprise_project: str | None = None


def read_scope_word(cell: Cell, place: Place, journal: Journal) -> str | None:
    words = [block.text.casefold() for block in cell]
    if len(words) > 1 and len(set(words)) == 1:
        journal.normalise("equal-scopes", place, " ".join(words))
    unknown = [word for word in words if word not in SCOPE_WORDS]
    if unknown or len(set(words)) != 1:
        raise ReferenceProblem(str(place), f"{text_of(cell)!r} is no scope: {', '.join(SCOPE_WORDS)} are known.")
    return SCOPE_WORDS[words[0]]


def read_scope_sentence(cell: Cell, place: Place) -> PublishedScope:
    text = text_of(cell).casefold()
    if text not in SCOPE_SENTENCES:
        raise ReferenceProblem(str(place), f"{text_of(cell)!r} is no sentence about scope that is known.")
    return PublishedScope(*SCOPE_SENTENCES[text])
