"""A draft as entries, which a link and a file hold alike. Each is a kind and texts; what a kind means never changes.

    name text        extra json      what else stands in the document
    goal where       iam_project or enterprise_project, where it is to be granted
    partial          a part of the draft could not be read when it was opened
    statement        the next one begins; what follows belongs to it
    label text       deny            keep json: a statement that stays as it is
    condition operator key value…    resource uri
    all-dependencies                 options-off operation# slug…
    without head name…               only-reading head wildcard…
    operations category/ slug…       actions head name…

Names have their common beginning once, and are whole otherwise: an entry that is older than the catalogue can say what
is gone, and no entry stands for a whole category, where an operation that the vendor adds later would join the draft.
A statement's limits come before its grants: a statement without its end grants no more than the whole statement. This
does not hold for a draft without its end: a Deny in a lost statement no longer denies. So a draft that was not read
completely is marked `partial`, in each later link too, until the user accepts it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby

from policybuilder.domain.building.blocks import MAX_BLOCKS, Block, kept_node
from policybuilder.domain.building.bounds import excess, excess_of
from policybuilder.domain.building.selection import Dependencies, Selection
from policybuilder.domain.catalog.action_names import is_wildcard
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.scope import Goal
from policybuilder.domain.findings import Plural, Template, fill
from policybuilder.domain.jsontext.nodes import Node, Object
from policybuilder.domain.policy.condition_terms import parse_operator
from policybuilder.domain.policy.document import Condition, Effect
from policybuilder.domain.policy.reading import is_action

from .draft import Draft, clean_name, is_text, with_editable

TOO_LARGE = "The draft was not opened: it is too large."
TOO_MANY_STATEMENTS = "The draft has more than {most} statements. The others were left out."
GONE = "“{entry}” is not in the catalogue (any more) and was left out of the draft."
MORE_GONE = Plural(
    "1 more entry is not in the catalogue (any more).", "{n} more entries are not in the catalogue (any more)."
)
UNREADABLE = "“{entry}” cannot be read and was left out. Check what the draft allows without it."
MORE_UNREADABLE = Plural("1 more entry cannot be read.", "{n} more entries cannot be read.")
NEWER = "“{entry}” is from a newer version of Policy Builder and was left out. Check what the draft allows without it."
MORE_NEWER = Plural(
    "1 more entry is from a newer version of Policy Builder.",
    "{n} more entries are from a newer version of Policy Builder.",
)

Entry = tuple[str, ...]

MAX_ENTRIES = 3000  # and names in them; more than a token of real entries holds

NAMING = ("options-off", "without", "only-reading", "operations", "actions")  # names with their beginning once
_OF_ACTIONS = ("without", "only-reading", "actions")
UNKNOWN = ""  # the kind of an entry that nobody can read, from an older format or a damaged link
_OF_DRAFT = ("name", "goal", "extra", "partial", "statement", UNKNOWN)
_OF_STATEMENT = ("label", "deny", "keep", "condition", "resource", "all-dependencies")
_NAMED = 10  # entries that could not be opened and are named one by one
PARTIAL = (
    "A part of this draft could not be read when it was opened, and is missing. Check the statements that are left: a "
    "Deny may be among the missing ones."
)


@dataclass(frozen=True, slots=True)
class Opened:
    """The draft of a link or a file, and `problems`: a sentence for each part that could not be read.

    With a problem, the draft is partial. `too_large` is the problem of a draft that was too large to open, else "".
    `note` is advice about a draft that was read completely, else "".
    """

    draft: Draft = field(default_factory=Draft)
    problems: tuple[str, ...] = ()
    too_large: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if self.problems:
            object.__setattr__(self, "draft", replace(self.draft, partial=True))

    @property
    def warnings(self) -> tuple[str, ...]:
        """The sentences to show on a page with the draft."""
        return (*self.problems, self.note) if self.note else self.problems

    @classmethod
    def refused(cls, too_much: str) -> "Opened":
        problem = f"{TOO_LARGE} {too_much}"
        return cls(problems=(problem,), too_large=problem)


def entries_of(draft: Draft) -> Iterator[Entry]:
    """Equal drafts give equal entries; an empty one gives none."""
    if draft.partial:
        yield ("partial",)
    if draft.name:
        yield "name", draft.name
    if draft.goal is not Goal.UNDECIDED:
        yield "goal", draft.goal.value
    if draft.extra:
        yield "extra", draft.extra
    if draft.blocks != (Block(),):
        for block in draft.blocks:
            yield ("statement",)
            yield from _block_entries(block)


def _block_entries(block: Block) -> Iterator[Entry]:
    selection = block.selection
    if block.label:
        yield "label", block.label
    if block.effect is Effect.DENY:
        yield ("deny",)
    if block.kept:
        yield "keep", block.kept
    for condition in block.conditions:
        yield "condition", condition.operator, condition.key, *condition.values
    yield from (("resource", uri) for uri in block.resources)
    if selection.dependencies is Dependencies.ALL:
        yield ("all-dependencies",)
    yield from _naming("options-off", (f"{id_}#{option}" for id_, option in selection.options_off), "#")
    yield from _naming("without", selection.without, ":")
    yield from _naming("only-reading", selection.only_reading, ":")
    yield from _naming("operations", selection.operations, "/")
    yield from _naming("actions", selection.actions, ":")


def _naming(kind: str, names: Iterable[str], mark: str) -> Iterator[Entry]:
    """An entry for all names that are the same up to their last `mark`."""
    parted = sorted(name.rpartition(mark) for name in names)
    for head, alike in groupby(parted, key=lambda parts: parts[0] + parts[1]):
        yield kind, head, *(tail for _, _, tail in alike)


def open_entries(catalog: Catalog, entries: Iterable[Entry], *, damaged: bool = False) -> tuple[Opened, int]:
    """The draft of these entries as far as it can be read, and how many names and other entries that are.

    `damaged`: the entries are not as they were written, so that an unknown kind is no sign of a newer version.
    """
    listed = list(entries)
    # Before anything is looked up in the catalogue, and again with what kept statements name.
    too_much = excess_of(name for entry in listed if entry[0] in _OF_ACTIONS for name in _names(entry))
    reader = _Reader(catalog)
    for entry in () if too_much else listed:
        reader.take(entry)
    draft = reader.draft()
    if too_much := too_much or excess(draft.blocks):
        return Opened.refused(too_much), 0
    return Opened(draft, tuple(reader.problems(damaged=damaged))), reader.read


def _names(entry: Entry) -> Iterator[str]:
    return (entry[1] + tail for tail in entry[2:])


class _Reader:
    """Gathers entries, and what could not be used in the order in which it was first met."""

    def __init__(self, catalog: Catalog):
        self._catalog = catalog
        self._name = self._extra = ""
        self._goal = Goal.UNDECIDED
        self._partial = False
        self._blocks: list[_BlockReader] = []
        self._too_many = False
        self._gone: dict[str, None] = {}
        self._unknown: dict[str, None] = {}
        self.read = 0

    def take(self, entry: Entry) -> None:
        kind, *parts = entry
        if kind in _OF_DRAFT:
            self._count(entry, self._take_text(kind, parts))
        elif kind not in NAMING and kind not in _OF_STATEMENT:
            self._unknown[" ".join(entry)[:200]] = None
        elif self._too_many:
            return  # of a statement that is left out
        elif kind in _OF_STATEMENT:
            self._count(entry, self._block.take_text(kind, parts))
        else:
            self._take_names(entry)

    def draft(self) -> Draft:
        return Draft(with_editable(reader.block() for reader in self._blocks), self._name, self._extra, self._goal)

    def problems(self, *, damaged: bool) -> Iterator[str]:
        if self._partial:
            yield PARTIAL
        if self._too_many:
            yield TOO_MANY_STATEMENTS.format(most=MAX_BLOCKS)
        yield from _told(self._gone, GONE, MORE_GONE)
        yield from _told(self._unknown, *((UNREADABLE, MORE_UNREADABLE) if damaged else (NEWER, MORE_NEWER)))

    def _take_text(self, kind: str, parts: list[str]) -> bool:
        match kind, parts:
            case "name", [text]:
                self._name = clean_name(text)
            case "goal", [text] if text in list(Goal):
                self._goal = Goal(text)
            case "partial", []:
                self._partial = True
            case "extra", [text] if isinstance(_json_node(text), Object):
                self._extra = text
            case "statement", [] if len(self._blocks) < MAX_BLOCKS:
                self._blocks.append(_BlockReader(self._catalog))
            case "statement", []:
                self._too_many = True
            case _:
                return False
        return True

    def _take_names(self, entry: Entry) -> None:
        names = list(_names(entry))
        for name in names:
            self._count((entry[0], name), self._block.take_name(entry[0], name))
        if not names:
            self._count(entry, False)

    def _count(self, entry: Entry, readable: bool) -> None:
        """What is said of an entry are its texts, which say more than its kind."""
        if readable:
            self.read += entry[0] not in ("statement", "partial")
        else:
            self._gone[" ".join(entry[1:] or entry)[:200]] = None

    @property
    def _block(self) -> "_BlockReader":
        if not self._blocks:
            self._blocks.append(_BlockReader(self._catalog))
        return self._blocks[-1]


def _told(left_out: Iterable[str], why: Template, more: Template) -> Iterator[str]:
    listed = list(left_out)
    yield from (fill(why, {"entry": entry}) for entry in listed[:_NAMED])
    if len(listed) > _NAMED:
        yield fill(more, {"n": len(listed) - _NAMED})


class _BlockReader:
    """Gathers the entries of one block."""

    def __init__(self, catalog: Catalog):
        self._catalog = catalog
        self._named: dict[str, set[str]] = {kind: set() for kind in NAMING}
        self._dependencies = Dependencies.DIRECT
        self._shell = Block()

    def take_text(self, kind: str, parts: list[str]) -> bool:
        """Whether the entry says something."""
        shell = self._shell
        match kind, parts:
            case "deny", []:
                self._shell = replace(shell, effect=Effect.DENY)
            case "label", [text]:
                self._shell = replace(shell, label=clean_name(text))
            case "keep", [text] if _json_node(text) is not None:
                self._shell = replace(shell, kept=text)
            case "condition", [operator, key, *values] if parse_operator(operator) and all(map(is_text, parts)):
                self._shell = replace(shell, conditions=(*shell.conditions, Condition(operator, key, tuple(values))))
            case "resource", [uri] if is_text(uri):
                self._shell = replace(shell, resources=(*shell.resources, uri))
            case "all-dependencies", []:
                self._dependencies = Dependencies.ALL
            case _:
                return False
        return True

    def take_name(self, kind: str, name: str) -> bool:
        """Whether the catalogue has it. Single actions may be any, since a pasted policy may hold any."""
        match kind:
            case "operations":
                known = name in self._catalog.operations
            case "options-off":
                known = _known_option(self._catalog, name)
            case "actions":
                known = is_action(name)
            case _:
                known = (
                    is_action(name)
                    and self._catalog.action_index.has(name)
                    and (kind == "without" or is_wildcard(name))
                )
        if known:
            self._named[kind].add(name)
        return known

    def block(self) -> Block:
        """A kept statement has nothing else in it, and only ticked operations have options."""
        if self._shell.kept:
            return Block(label=self._shell.label, kept=self._shell.kept)
        options, without, only_reading, operations, actions = map(frozenset, self._named.values())
        pairs = (tuple(value.split("#", 1)) for value in options)
        off = frozenset((id_, option) for id_, option in pairs if id_ in operations)
        selection = Selection(operations, off, actions, without, self._dependencies, only_reading)
        return replace(self._shell, selection=selection)


def _json_node(text: str) -> Node | None:
    try:
        return kept_node(text)
    except ValueError:
        return None


def _known_option(catalog: Catalog, name: str) -> bool:
    id_, _, slug = name.partition("#")
    operation = catalog.operations.get(id_)
    return operation is not None and any(option.slug == slug for option in operation.options)
