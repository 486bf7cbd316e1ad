"""A page of reStructuredText as the tables in it, each cell as its paragraphs.

docutils knows grids, escapes and inline markup; what Sphinx adds is put in here as far as the vendor's pages use it:
the role `ref`, and directives that have no tables.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

try:
    from docutils import core, nodes, utils
    from docutils.parsers.rst import Directive, directives, roles
except ModuleNotFoundError as missing:
    raise ImportError(
        "Reading the vendor's pages needs docutils, which is not installed: `make install-dev` installs it."
    ) from missing

from policybuilder.reference.problems import ReferenceProblem


@dataclass(frozen=True, slots=True)
class Reference:
    """A link of the role `ref`: its text, and the label that it leads to."""

    title: str
    label: str


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of a cell. `depth` counts the lists that it is in; `starts` says that it begins a list item."""

    text: str
    depth: int = 0
    starts: bool = False
    note: bool = False
    references: tuple[Reference, ...] = ()


Cell = tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`sections` are the titles that it stands under, the page's own first; `number` counts the page's from 1."""

    number: int
    title: str
    sections: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Document:
    title: str
    tables: tuple[Table, ...]
    contents: tuple[str, ...]  # what the page's toctree names


def text_of(cell: Cell) -> str:
    return " ".join(" ".join(block.text.split()) for block in cell)


def read_page(text: str, place: str) -> Document:
    """Raises ReferenceProblem for a table that docutils cannot read, and for one with cells that span others."""
    _prepare()
    settings = {
        "report_level": 5,
        "halt_level": 5,
        "file_insertion_enabled": False,
        "raw_enabled": False,
        "input_encoding": "unicode",
        "doctitle_xform": False,
        "_disable_config": True,
    }
    document = core.publish_doctree(text, settings_overrides=settings)
    for message in document.findall(nodes.system_message):
        if "table" in message.astext().lower():
            raise ReferenceProblem(f"{place}:{message.get('line', '?')}", message.astext())
    tables = tuple(_table(node, number, place) for number, node in enumerate(document.findall(nodes.table), 1))
    title = document.next_node(nodes.title)
    contents = [entry for node in document.findall(_Contents) for entry in node["entries"]]
    return Document(title.astext() if title else "", tables, tuple(contents))


class _Reference(nodes.inline):
    pass


class _Contents(nodes.comment):
    pass


class _TocTree(Directive):
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {"maxdepth": directives.unchanged, "hidden": directives.flag}

    def run(self) -> list[nodes.Node]:
        return [_Contents(entries=[line.strip() for line in self.content if line.strip()])]


class _Nothing(Directive):
    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = None

    def run(self) -> list[nodes.Node]:
        return []


def _reference(name: str, rawtext: str, text: str, *_: Any) -> Any:
    title, _sign, label = utils.unescape(text).rpartition("<")
    return [_Reference(rawtext, title.strip() or label.strip(), label=label.removesuffix(">").strip())], []


@cache
def _prepare() -> None:
    roles.register_local_role("ref", _reference)
    directives.register_directive("toctree", _TocTree)
    directives.register_directive("only", _Nothing)


def _table(node: nodes.table, number: int, place: str) -> Table:
    where = f"{place}:{_line(node)}, table {number}"
    if any(entry.get("morerows") or entry.get("morecols") for entry in node.findall(nodes.entry)):
        raise ReferenceProblem(where, "has cells that span others; only plain grids are read.")
    head = node.next_node(nodes.thead)
    title = node.next_node(nodes.title)
    body = node.next_node(nodes.tbody)
    rows = tuple(_row(row) for row in body.findall(nodes.row)) if body else ()
    headings = tuple(" ".join(entry.astext().split()) for entry in head.findall(nodes.entry)) if head else ()
    return Table(number, title.astext() if title else "", tuple(_sections(node)), headings, rows)


def _row(node: nodes.row) -> Row:
    return Row(_line(node), tuple(tuple(_blocks(entry)) for entry in node.findall(nodes.entry)))


def _line(node: nodes.Element) -> int:
    return min((found.line for found in node.findall(nodes.paragraph) if found.line), default=0)


def _sections(node: nodes.Node) -> list[str]:
    titles = []
    while node.parent is not None:
        node = node.parent
        title = node.next_node(nodes.title) if isinstance(node, nodes.section) else None
        if title is not None:
            titles.append(title.astext())
    return titles[::-1]


def _blocks(node: nodes.Element, depth: int = 0, *, note: bool = False) -> Iterator[Block]:
    for position, child in enumerate(node.children):
        if isinstance(child, nodes.system_message):
            continue
        if isinstance(child, nodes.bullet_list | nodes.enumerated_list):
            for item in child.children:
                if isinstance(item, nodes.Element):
                    yield from _blocks(item, depth + 1, note=note)
        elif isinstance(child, nodes.Element) and isinstance(child, nodes.Admonition):
            yield from _blocks(child, depth, note=True)
        elif isinstance(child, nodes.Element):
            references = tuple(Reference(found.astext(), found["label"]) for found in child.findall(_Reference))
            starts = isinstance(node, nodes.list_item) and position == 0
            yield Block(child.astext().strip(), depth, starts, note, references)
