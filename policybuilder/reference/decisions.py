"""fixtures/decisions.yaml: what no page tells. Which pages are read, facts of services, corrections of texts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from policybuilder.domain.catalog.entries import Revealed
from policybuilder.reference.data import read_data
from policybuilder.reference.problems import ReferenceProblem

T = TypeVar("T")


class Kind(StrEnum):
    API = "api-ref"
    MANUAL = "user manual"
    DUPLICATE = "duplicate"  # repeats other pages: looked at for names that these do not have


class CategoryRule(StrEnum):
    """What the categories of a page are."""

    SECTION = "section"  # the section that a table stands in; of a page without sections, its title
    TABLE = "table"  # the table's own title
    RESOURCE = "resource"  # the second part of the actions' names


@dataclass(frozen=True)
class PageSet:
    """`path` is a page or a folder of pages. `section`: the second level of categories, None where there is none."""

    repository: str
    path: str
    kind: Kind
    category: CategoryRule | str = CategoryRule.SECTION  # a text is the category's title
    section: str = ""
    calls_by_name: bool = False
    other_tables: tuple[str, ...] = ()  # first headings of tables with names of actions that are not tables of actions


@dataclass(frozen=True)
class Correction:
    """On `page` (repository/path), `column` says `old` where `new` is meant."""

    page: str
    column: str
    old: str
    new: str
    reason: str


@dataclass(frozen=True)
class SameJob:
    """Operations, by id, that do the same job. `page` shows it."""

    operations: tuple[str, ...]
    page: str
    reason: str


@dataclass(frozen=True)
class FactSource:
    """A page that levels and hosts of services were read from."""

    title: str
    url: str
    revision: str
    date: str


@dataclass(frozen=True)
class RevealsDecision:
    """The kinds of data that a response shows, by its `fields` on `page` (repository/path); no kinds: none of them.

    Without `fields`, the response as a whole is the data.
    """

    kinds: tuple[str, ...]
    page: str
    fields: tuple[str, ...] = ()

    @property
    def repository(self) -> str:
        return self.page.partition("/")[0]


@dataclass(frozen=True)
class ServiceDecision:
    slug: str
    title: str
    short: str
    group: str
    prefixes: tuple[str, ...]
    level: str
    position: int | None = None  # in the list of services; those without stand after those with
    level_evidence: str = ""
    complete: str = ""
    endpoints: tuple[str, ...] = ()
    queries_never_refused: str = ""  # the page that says so
    notes: tuple[str, ...] = ()
    pages: tuple[PageSet, ...] = ()
    resources: Mapping[str, str] = field(default_factory=dict)  # category titles, by second part of an action's name
    access: Mapping[str, str] = field(default_factory=dict)  # by id of an operation or name of an action
    ids: Mapping[str, str] = field(default_factory=dict)  # kept ids, by those that are made from titles
    operation_notes: Mapping[str, str] = field(default_factory=dict)  # by id of an operation
    alternatives: Mapping[str, str] = field(default_factory=dict)  # enterprise alternatives, by id of an operation
    reveals: Mapping[str, RevealsDecision] = field(default_factory=dict)  # by id of an operation; from fixtures/reveals

    @property
    def repositories(self) -> frozenset[str]:
        """The names of the repositories that its entry is read from."""
        pages, reveals = self.pages, self.reveals.values()
        return frozenset((*(page.repository for page in pages), *(each.repository for each in reveals)))


@dataclass(frozen=True)
class Decisions:
    services: tuple[ServiceDecision, ...]
    corrections: tuple[Correction, ...]
    sources: tuple[FactSource, ...] = ()
    same_jobs: tuple[SameJob, ...] = ()

    def owner(self, prefix: str) -> ServiceDecision | None:
        """The service whose actions begin with `prefix`: of those that share it, the one that is called so."""
        having = [service for service in self.services if prefix in service.prefixes]
        return next((service for service in having if service.slug == prefix), having[0] if having else None)


def read_decisions(path: Path) -> Decisions:
    """The decisions of `path`, and what responses reveal from the folder `reveals` beside it, a file for each service.

    Raises ReferenceProblem with the entry for what is missing, unknown or of the wrong type.
    """
    data = read_data(path)
    _only(data, ("sources", "services", "same_jobs", "corrections"), str(path))
    services = tuple(_service(entry, path) for entry in data.get("services", ()))
    corrections = tuple(
        _made(Correction, entry, f"{path}, corrections[{number}]")
        for number, entry in enumerate(data.get("corrections", ()))
    )
    sources = tuple(
        _made(FactSource, entry, f"{path}, sources[{number}]") for number, entry in enumerate(data.get("sources", ()))
    )
    same_jobs = tuple(
        _made(SameJob, entry, f"{path}, same_jobs[{number}]") for number, entry in enumerate(data.get("same_jobs", ()))
    )
    return Decisions(services, corrections, sources, same_jobs)


def _service(entry: dict[str, Any], path: Path) -> ServiceDecision:
    place = f"{path}, service {entry.get('service')}"
    values = {("slug" if key == "service" else key): value for key, value in entry.items()}
    pages = tuple(
        _page_set(page, f"{place}, pages[{number}]") for number, page in enumerate(values.pop("pages", None) or ())
    )
    _only(values, ServiceDecision.__dataclass_fields__.keys() - {"reveals"}, place)
    reveals = _read_reveals(path.parent / "reveals" / f"{values.get('slug')}.yaml")
    return _made(ServiceDecision, {**values, "pages": pages, "reveals": reveals}, place)


def _read_reveals(path: Path) -> dict[str, RevealsDecision]:
    """By id of an operation; empty where there is no file."""
    entries = read_data(path) if path.exists() else {}
    return {identifier: _reveals(entry, f"{path}, {identifier}") for identifier, entry in entries.items()}


def _reveals(entry: dict[str, Any], place: str) -> RevealsDecision:
    made = _made(RevealsDecision, entry, place)
    for kind in made.kinds:
        if kind not in list(Revealed):
            raise ReferenceProblem(place, f"kind {kind!r} is none of {', '.join(Revealed)}.")
    return made


def _page_set(entry: dict[str, Any], place: str) -> PageSet:
    values = dict(entry)
    try:
        values["kind"] = Kind(values.get("kind", ""))
    except ValueError as unknown:
        raise ReferenceProblem(place, f"kind {entry.get('kind')!r} is none of {', '.join(Kind)}.") from unknown
    if values.get("category") in list(CategoryRule):
        values["category"] = CategoryRule(values["category"])
    return _made(PageSet, values, place)


def _made(kind: type[T], values: Mapping[str, Any], place: str) -> T:
    """Lists become tuples."""
    known = kind.__dataclass_fields__  # type: ignore[attr-defined]
    _only(values, known, place)
    try:
        return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in values.items()})
    except TypeError as missing:
        raise ReferenceProblem(place, str(missing)) from missing


def _only(values: Mapping[str, Any], known: Iterable[str], place: str) -> None:
    for key in values:
        if key not in known:
            raise ReferenceProblem(place, f"key {key!r} is unknown; known are {', '.join(known)}.")
