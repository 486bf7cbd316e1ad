"""What a catalogue is made of: services, categories, operations and actions, and what each of them says."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Support(StrEnum):
    """Whether something takes effect in a kind of project. VARIES: some of an action's API calls do, others do not."""

    YES = "yes"
    NO = "no"
    VARIES = "varies"
    UNKNOWN = "unknown"


def combine(values: Iterable[Support]) -> Support:
    """The support of several rows or calls: equal values stay, yes and no together vary, a gap leaves it unknown."""
    found = set(values)
    if len(found) == 1:
        return found.pop()
    if Support.VARIES in found or {Support.YES, Support.NO} <= found:
        return Support.VARIES
    return Support.UNKNOWN


class Access(StrEnum):
    READ = "read"
    WRITE = "write"

    @property
    def verb(self) -> str:
        """As every page says it."""
        return "Reads" if self is Access.READ else "Can change"


class Revealed(StrEnum):
    """A kind of data in a response. CONTENT: what people keep in a service. SECRET: keys, passwords, tokens, consoles.
    PERSONAL: names, addresses and phone numbers of people."""

    CONTENT = "content"
    SECRET = "secret"  # noqa: S105, a kind of data
    PERSONAL = "personal"


_REVEALED = {Revealed.CONTENT: "contents", Revealed.SECRET: "secrets", Revealed.PERSONAL: "personal data"}


class Level(StrEnum):
    """XA: services of a region's projects. AX: global services. One policy holds one kind only."""

    XA = "XA"
    AX = "AX"


class Evidence(StrEnum):
    """How a scope is known: read in a published table, concluded from what says it of like actions, or not at all."""

    STATED = "stated"
    INFERRED = "inferred"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Source:
    slug: str
    title: str
    url: str
    revision: str
    date: str


@dataclass(frozen=True, slots=True)
class Scope:
    iam_project: Support
    enterprise_project: Support
    evidence: Evidence = Evidence.MISSING
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One HTTP call. `enterprise_project` is known only where a table says it for the call alone.

    Of a call that is published by its name only, `method` is empty and `path` is the name.
    """

    method: str
    path: str
    enterprise_project: Support | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.path}" if self.method else self.path


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the vendor's documentation about one operation."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Reveals:
    """The kinds of data that the response to an operation's own call shows; no kinds: the response shows none of them.

    `fields` are the names of the response's fields on the page `source`, which shows it.
    """

    kinds: tuple[Revealed, ...]
    fields: tuple[str, ...]
    source: Source

    @property
    def in_words(self) -> str:
        """Contents and secrets."""
        return " and ".join(_REVEALED[kind] for kind in self.kinds).capitalize()


@dataclass(frozen=True, slots=True)
class Option:
    """One way of making an operation's calls, with the actions and dependencies that only this way needs."""

    slug: str
    title: str
    actions: tuple[str, ...]
    dependencies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """One row of a table. `actions` are needed together; none at all means that no authorization is required.

    `same_job` are ids of operations that do the same job, beside the `enterprise_alternative`.

    `notes` say what a row says beside its columns, and what was corrected in it. `reveals` is None where nobody has
    judged the response.
    """

    id: str
    service: str
    category: str
    slug: str
    title: str
    access: Access
    native: bool
    calls: tuple[ApiCall, ...]
    actions: tuple[str, ...]
    dependencies: tuple[str, ...]
    options: tuple[Option, ...]
    scope: Scope
    by_instance: Support
    by_tag: Support
    enterprise_alternative: str | None
    pages: tuple[Page, ...]
    notes: tuple[str, ...] = ()
    same_job: tuple[str, ...] = ()
    reveals: Reveals | None = None

    @property
    def category_id(self) -> str:
        """Its own category; other tables can publish the same row, and of a catalogue of these only it is not there."""
        return f"{self.service}/{self.category}"

    def all_actions(self) -> tuple[str, ...]:
        """Own actions, those of every option included."""
        return (*self.actions, *(name for option in self.options for name in option.actions))

    @property
    def free(self) -> bool:
        """Whether a call needs no authorization: it is let through, in every project, and nothing can deny it."""
        return not self.all_actions()

    @property
    def hands_out(self) -> bool:
        """Whether the response is known to show what people keep in the service, or a secret."""
        return self.reveals is not None and not {Revealed.CONTENT, Revealed.SECRET}.isdisjoint(self.reveals.kinds)

    def all_dependencies(self) -> tuple[str, ...]:
        return (*self.dependencies, *(name for option in self.options for name in option.dependencies))

    def names(self) -> tuple[str, ...]:
        return (*self.all_actions(), *self.all_dependencies())


@dataclass(frozen=True, slots=True)
class Category:
    """One published table of operations; `source` is that table.

    `section` is the title of what it belongs to where a service has several sets of tables ("API v3"), or empty. A row
    that tables of two services publish is one operation, which is among the `operations` of both.
    """

    id: str
    service: str
    slug: str
    title: str
    source: Source
    operations: tuple[Operation, ...]
    section: str = ""

    @property
    def full_title(self) -> str:
        return f"{self.section}: {self.title}" if self.section else self.title


@dataclass(frozen=True, slots=True)
class ManualNeeds:
    """The dependencies of an action in its service's user manual, which the API reference does not list, and remarks.

    A dependency can be a wildcard. `source` is the manual's page.
    """

    action: str
    dependencies: tuple[str, ...]
    notes: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Service:
    """`prefixes` are the first parts of its actions' names; they can differ from the slug (eip: vpc, config: rms).

    `short` is what people call it ("EVS"), `group` what it is sold under ("Storage"). `level_evidence` is INFERRED
    where no page states the level. `complete` says why all actions that are published for it are known here, so that
    others do not exist; it is empty where nobody states that. `endpoints` are the hosts that its calls go to, with
    {region} in the place of the region. `queries_never_refused` is the address of the page that says that a query
    without permission is answered with 200 and an empty list; "" for a service that refuses such a query.
    """

    slug: str
    title: str
    prefixes: tuple[str, ...]
    level: Level
    complete: str
    categories: tuple[Category, ...]
    short: str = ""
    group: str = ""
    level_evidence: Evidence = Evidence.STATED
    endpoints: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    queries_never_refused: str = ""
    manual: tuple[ManualNeeds, ...] = ()

    @property
    def label(self) -> str:
        """What it is called where there is little room."""
        return self.short or self.title

    @property
    def operations(self) -> Iterator[Operation]:
        return (operation for category in self.categories for operation in category.operations)


@dataclass(frozen=True, slots=True)
class PublishedAction:
    """What is published about an action itself, apart from the operations that it authorises.

    `access` and `scope` are None where only the operations' rows tell. A name can be a wildcard, since some tables
    give one as a dependency. `source` is the page that describes it.
    """

    name: str
    title: str
    access: Access | None = None
    scope: Scope | None = None
    calls: tuple[ApiCall, ...] = ()
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """An action with everything the catalogue knows of it. `operations` are the ids that it authorises.

    `source` is the page that describes the action itself; None where only rows of operations name it.
    """

    name: str
    title: str
    access: Access
    scope: Scope
    calls: tuple[ApiCall, ...]
    operations: tuple[str, ...]
    level: Level
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One error of a catalogue. `place` is the id of the entry and its field: `ecs/…/deleting-ecss: actions[0]`."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class CatalogError(ValueError):
    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UnknownOperation(LookupError):
    def __init__(self, operation_id: str):
        self.operation_id = operation_id
        super().__init__(f"There is no operation {operation_id!r} in the catalogue.")
