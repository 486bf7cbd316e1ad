"""The pages of one service, read into rows with the categories that they stand in."""

import re
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from policybuilder.reference.decisions import CategoryRule, Correction, Kind, PageSet, ServiceDecision
from policybuilder.reference.headings import NAME, Column, columns, is_action_table
from policybuilder.reference.journal import Journal, Place
from policybuilder.reference.links import Links, page_url
from policybuilder.reference.problems import ReferenceProblem
from policybuilder.reference.repositories import Repository, folder_of
from policybuilder.reference.rows import PublishedRow, RowReader
from policybuilder.reference.tables import Block, Cell, Document, Table, read_page, text_of

SAYING_NOTHING = frozenset({"Supported Actions", "Permissions Policies and Supported Actions", "Action List"})

# What a title says around its subject: `Table 1 Namespace management actions`, `Supported Actions of the Quota APIs`.
_around_subject = re.compile(
    r"^(?:Table \d+ )?(?:Supported Actions of the )?(.+?)(?: API Permissions| APIs?| actions)?$"
)


@dataclass(frozen=True)
class Source:
    title: str
    url: str
    revision: str
    date: str


@dataclass(frozen=True)
class ReadRow:
    """`category` is a title; `manual`: the row describes an action and is no operation."""

    row: PublishedRow
    section: str
    category: str
    source: Source
    pages: tuple[tuple[str, str], ...]
    manual: bool


def read_rows(
    service: ServiceDecision, repositories: dict[str, Repository], corrections: tuple[Correction, ...], journal: Journal
) -> list[ReadRow]:
    """All rows of a service's pages, in the order of its page sets and of their tables of contents.

    Raises ReferenceProblem for a repository or page that is not there, and for what on a page nobody has judged.
    """
    found: list[ReadRow] = []
    for page_set in sorted(service.pages, key=lambda pages: pages.kind is Kind.DUPLICATE):
        repository = repositories[page_set.repository]
        links = Links(repository, page_set.path.partition("/source/")[0])
        pages = _documents(repository, page_set.path)
        if not pages:
            raise ReferenceProblem(f"{repository.name}/{page_set.path}", "there is no such page or folder.")
        if page_set.kind is Kind.DUPLICATE:
            _remark_on_more(pages, page_set, found, journal)
            continue
        for path, document in pages:
            found += _PageReader(service, page_set, repository, corrections, journal, links).read(path, document)
        tables = [table for _, document in pages for table in document.tables]
        there = {name for table in tables for name in (table.title, " | ".join(table.headings))}
        for other in page_set.other_tables:
            if other not in there:
                raise ReferenceProblem(f"decisions, service {service.slug}", f"there is no table {other!r} any more.")
    return found


def _remark_on_more(
    pages: list[tuple[str, Document]], page_set: PageSet, rows: list[ReadRow], journal: Journal
) -> None:
    """What a page that should repeat others names beyond these."""
    known = {name.casefold() for read in rows for name in (*read.row.all_actions, *read.row.all_dependencies)}
    for path, document in pages:
        cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
        for name in dict.fromkeys(name for cell in cells for name in NAME.findall(text_of(cell))):
            if name.casefold() not in known:
                journal.remark("actions that only a repeating page has", f"{page_set.repository}/{path}: {name}")


def _documents(repository: Repository, path: str) -> list[tuple[str, Document]]:
    """The pages under `path`, in the order of the tables of contents; those in none of these last."""
    paths = repository.paths(path)
    documents = {page: read_page(text, f"{repository.name}/{page}") for page, text in repository.read(paths).items()}
    order: list[str] = []

    def follow(page: str) -> None:
        if page in documents and page not in order:
            order.append(page)
            for entry in documents[page].contents:
                follow(str(PurePosixPath(folder_of(page)) / f"{entry}.rst"))

    follow(f"{path}/index.rst")
    for page in paths:
        follow(page)
    return [(page, documents[page]) for page in order]


@dataclass(frozen=True)
class _PageReader:
    service: ServiceDecision
    page_set: PageSet
    repository: Repository
    corrections: tuple[Correction, ...]
    journal: Journal
    links: Links

    def read(self, path: str, document: Document) -> list[ReadRow]:
        page = f"{self.repository.name}/{path}"
        found = [row for table in document.tables if self._is_read(table, page) for row in self._rows(table, page)]
        if not found and PurePosixPath(path).name not in ("index.rst", "introduction.rst"):
            self.journal.remark("pages without a table of actions", page)
        kind = "API Reference" if self.page_set.kind is Kind.API else "User Manual"
        title = f"Open Telekom Cloud, {self.service.short} {kind}: {document.title}"
        url = page_url(self.repository.name, path)
        source = Source(title, url, self.repository.revision, self.repository.date)
        return [
            ReadRow(
                row,
                self.page_set.section,
                self._category(document, table, row),
                source,
                self.links.pages(row.references, row.place, self.journal),
                self.page_set.kind is Kind.MANUAL,
            )
            for table, row in found
        ]

    def _is_read(self, table: Table, page: str) -> bool:
        texts = [text_of(cell) for row in table.rows for cell in row.cells]
        other = self.page_set.other_tables
        if is_action_table(table.headings, texts) and not {table.title, " | ".join(table.headings)} & set(other):
            return True
        self.journal.remark("other tables", f"{page}, table {table.number}: {' | '.join(table.headings)}")
        return False

    def _rows(self, table: Table, page: str) -> list[tuple[Table, PublishedRow]]:
        kinds = columns(table.headings, f"{page}:{table.rows[0].line if table.rows else 0}, table {table.number}")
        reader = RowReader(
            self.service.prefixes, self.page_set.calls_by_name, self.journal, self.page_set.kind is Kind.MANUAL
        )
        found = []
        for number, row in enumerate(table.rows, 1):
            place = Place(page, row.line, table.number, number)
            cells, notes = self._corrected(dict(zip(kinds, row.cells, strict=True)), place)
            read = reader.read(cells, place)
            found.append((table, replace(read, notes=(*read.notes, *notes))))
        return found

    def _corrected(self, cells: dict[Column, Cell], place: Place) -> tuple[dict[Column, Cell], list[str]]:
        """The cells with the decided corrections, and what is to be said about each of these."""
        notes = []
        for number, correction in enumerate(self.corrections):
            if correction.page != place.page or correction.column not in cells:
                continue
            column = Column(correction.column)
            changed = tuple(_replaced(block, correction) for block in cells[column])
            if changed != cells[column]:
                cells = {**cells, column: changed}
                self.journal.corrected[number].append(str(place))
                notes.append(f"The page says “{correction.old}”, read as “{correction.new}”: {correction.reason}")
        return cells, notes

    def _category(self, document: Document, table: Table, row: PublishedRow) -> str:
        rule = self.page_set.category
        if rule is CategoryRule.RESOURCE:
            return self._resource(row)
        if rule is CategoryRule.TABLE:
            return _subject(table.title)
        if rule is not CategoryRule.SECTION:
            return rule
        title = next((title for title in reversed(table.sections) if title not in SAYING_NOTHING), "")
        if not title and self.page_set.kind is Kind.API:
            raise ReferenceProblem(
                f"{row.place.page}:{row.place.line}", "no title says what the rows are about: decide on a category."
            )
        return _subject(title or document.title)

    def _resource(self, row: PublishedRow) -> str:
        if not row.all_actions:
            raise ReferenceProblem(str(row.place), "a row without action has no resource: decide on another category.")
        resource = row.all_actions[0].split(":")[1]
        titles = {name.casefold(): title for name, title in self.service.resources.items()}
        if resource.casefold() not in titles:
            raise ReferenceProblem(str(row.place), f"resource {resource!r} has no title: add it to resources.")
        return titles[resource.casefold()]


def _subject(title: str) -> str:
    match = _around_subject.match(title)
    return match[1] if match else title


def _replaced(block: Block, correction: Correction) -> Block:
    pattern = rf"(?<![\w:-]){re.escape(correction.old)}(?![\w:-])"
    return replace(block, text=re.sub(pattern, lambda _: correction.new, block.text))
