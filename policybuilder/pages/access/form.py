"""A submitted access page -> the policies of the group, what is known of a call, and what is to be shown and done.

Nothing that is sent is a fault: what cannot be used is named in `problems`. Whatever was made travels with the form.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict

from policybuilder.catalog_files.starting_points import find_system_policy
from policybuilder.domain.access.evaluation import Project
from policybuilder.domain.access.group_warnings import MOST_POLICIES
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.searching.search import Filter, split_words
from policybuilder.drafts.draft import clean_name
from policybuilder.drafts.file import read_policy_file
from policybuilder.drafts.reading import read_query
from policybuilder.web.commands import Command, read_command
from policybuilder.web.uploads import MAX_KEY, MAX_VALUES, line_feeds

MAX_TOTAL = 180_000  # bytes of all texts; DATA_UPLOAD_MAX_MEMORY_SIZE leaves room for one more that is pasted
MAX_KEYS = 50
DECISIONS = ("allowed", "incomplete", "denied", "depends", "not_allowed", "free")


class GrantedIn(StrEnum):
    """Where a policy is granted. EACH: nobody said so yet, and each kind of project is judged as if it were there."""

    IAM = "iam_project"
    ENTERPRISE = "enterprise_project"
    EACH = "each"

    def judged_for(self, project: Project) -> Project:
        """The place to assume where calls in `project` are judged."""
        return project if self is GrantedIn.EACH else Project(self.value)


@dataclass(frozen=True, slots=True)
class PolicyEntry:
    """One policy as it stands in the form: a `text`, or the slug of a `system`-defined one. `name` can be empty."""

    name: str = ""
    text: str = ""
    system: str = ""
    granted_in: GrantedIn = GrantedIn.IAM

    @property
    def size(self) -> int:
        """In bytes, as a form sends it: each line feed as two."""
        return len(self.text.encode("utf-8", "surrogatepass")) + self.text.count("\n")


@dataclass(frozen=True, slots=True)
class KeyField:
    """What is said of one key: its values, one a line, or that the call does not have it. Neither: nothing is known."""

    key: str
    values: str = ""
    absent: bool = False

    def read(self) -> tuple[str, ...] | None:
        if self.absent:
            return ()
        return tuple(line.strip() for line in self.values.splitlines() if line.strip()) or None


@dataclass(frozen=True, slots=True)
class Shown:
    """What of the matrix is shown. `decision` is one of DECISIONS or "" for all.

    `opened` are ids of categories and slugs of services.
    """

    query: str = ""
    wanted: Filter = field(default_factory=Filter)
    decision: str = ""
    opened: frozenset[str] = frozenset()

    @property
    def filtered(self) -> bool:
        return self.wanted.active or bool(self.decision)


@dataclass(frozen=True, slots=True)
class PolicyInput:
    """What is to be added: a text, a file with its name, or a system-defined policy; and where it is granted."""

    text: str = ""
    system: str = ""
    granted_in: GrantedIn = GrantedIn.IAM
    file: str | None = None
    file_name: str = ""


@dataclass(frozen=True, slots=True)
class AccessSubmission:
    """`removed` is what was taken away last, with its place; `fields` are those of the keys that the form had.

    `undecided`: the browser shows no decisions, since there was too much to evaluate.
    """

    entries: tuple[PolicyEntry, ...] = ()
    removed: tuple[int, PolicyEntry] | None = None
    fields: tuple[KeyField, ...] = ()
    shown: Shown = field(default_factory=Shown)
    added: PolicyInput = field(default_factory=PolicyInput)
    command: Command = Command()
    problems: tuple[str, ...] = ()
    undecided: bool = False


def read_access(catalog: Catalog, request: HttpRequest) -> AccessSubmission:
    data = request.POST
    command = read_command(data)
    added, problems = _read_added(data, request.FILES.get("file") if command.name == "add" else None)
    entries = tuple(entry for at in range(MOST_POLICIES) if (entry := _read_entry(data, str(at))) is not None)
    removed = _read_entry(data, "removed")
    place = data.get("removed-at", "")
    return AccessSubmission(
        entries=entries,
        removed=None if removed is None else (int(place) if place in _PLACES else len(entries), removed),
        fields=tuple(_read_fields(data)),
        shown=_read_shown(catalog, data),
        added=added,
        command=command,
        problems=problems,
        undecided=data.get("undecided") == "1",
    )


_PLACES = frozenset(map(str, range(MOST_POLICIES)))


def _read_entry(data: QueryDict, at: str) -> PolicyEntry | None:
    """The policy whose fields end with `at`. Where it is granted is the field that each has."""
    if f"granted-{at}" not in data:
        return None
    system = data.get(f"system-{at}", "")
    return PolicyEntry(
        name=clean_name(data.get(f"name-{at}", "")),
        text=line_feeds(data.get(f"text-{at}", "")),
        system=system if find_system_policy(system) else "",
        granted_in=_granted_in(data.get(f"granted-{at}", "")),
    )


def _read_added(data: QueryDict, file: "UploadedFile[bytes] | None") -> tuple[PolicyInput, tuple[str, ...]]:
    content, problem = (None, "") if file is None else read_policy_file(file)
    added = PolicyInput(
        text=line_feeds(data.get("text", "")),
        system=data.get("system", ""),
        granted_in=_granted_in(data.get("granted", "")),
        file=None if problem else content,
        file_name="" if file is None else clean_name((file.name or "").rpartition(".")[0]),
    )
    return added, (problem,) if problem else ()


def _read_fields(data: QueryDict) -> list[KeyField]:
    """One for each key; what is said of it twice is said by the first."""
    fields: dict[str, KeyField] = {}
    for at in range(MAX_KEYS):
        key = data.get(f"key-{at}", "")[:MAX_KEY].strip()
        if key:
            values = line_feeds(data.get(f"values-{at}", ""))[:MAX_VALUES]
            fields.setdefault(key.casefold(), KeyField(key, values, data.get(f"absent-{at}") == "1"))
    return list(fields.values())


def _read_shown(catalog: Catalog, data: QueryDict) -> Shown:
    query = read_query(catalog, data.get("q", ""))
    wanted = Filter(
        words=split_words(query),
        reading=data.get("reading") == "1",
        enterprise=data.get("enterprise") == "1",
        native={"native": True, "own": False}.get(data.get("api", "")),
    )
    decision = data.get("decision", "")
    opened = frozenset(id_ for id_ in data.getlist("open") if can_be_opened(catalog, id_))
    return Shown(query, wanted, decision if decision in DECISIONS else "", opened)


def can_be_opened(catalog: Catalog, id_: str) -> bool:
    return id_ in catalog.categories or id_ in catalog.services_by_slug


def _granted_in(value: str) -> GrantedIn:
    return GrantedIn(value) if value in set(GrantedIn) else GrantedIn.IAM
