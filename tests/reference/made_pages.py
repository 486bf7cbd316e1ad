"""Pages as the vendor writes them, small: grids of cells, which can hold several lines."""

from collections.abc import Sequence

from policybuilder.reference.headings import Column, columns
from policybuilder.reference.journal import Journal, Place
from policybuilder.reference.rows import PublishedRow, RowReader
from policybuilder.reference.tables import read_page


def grid(headings: Sequence[str], *rows: Sequence[str]) -> str:
    """A grid table. A line break in a cell is one on the page."""
    cells = [[cell.split("\n") for cell in row] for row in (headings, *rows)]
    widths = [max(len(line) for row in cells for line in row[at]) + 2 for at in range(len(headings))]

    def rule(sign: str) -> str:
        return "+" + "+".join(sign * width for width in widths) + "+"

    lines = [rule("-")]
    for number, row in enumerate(cells):
        for line in range(max(map(len, row))):
            texts = [cell[line] if line < len(cell) else "" for cell in row]
            lines.append(
                "|" + "|".join(f" {text:<{width - 1}}" for text, width in zip(texts, widths, strict=True)) + "|"
            )
        lines.append(rule("-" if number else "="))
    return "\n".join(lines)


def page(title: str, *parts: str) -> str:
    return "\n\n".join([f"{title}\n{'=' * len(title)}", *parts, ""])


def section(title: str) -> str:
    return f"{title}\n{'-' * len(title)}"


def read(
    text: str, *prefixes: str, by_name: bool = False, journal: Journal | None = None, manual: bool = False
) -> list[PublishedRow]:
    """The rows of all tables of a page of a service with these prefixes."""
    found = []
    for table in read_page(text, "repo/page.rst").tables:
        kinds = columns(table.headings, "repo/page.rst")
        reader = RowReader(prefixes or ("evs",), by_name, journal or Journal(), manual)
        for number, row in enumerate(table.rows, 1):
            place = Place("repo/page.rst", row.line, table.number, number)
            found.append(reader.read(dict(zip(kinds, row.cells, strict=True)), place))
    return found


def read_cells(journal: Journal | None = None, prefix: str = "evs", **cells: str) -> PublishedRow:
    """The one row of a page whose cells are these, by column; what is left out is as if nobody needed to look at it."""
    texts = {"title": "Doing", "calls": "GET /v1/x", "actions": f"{prefix}:disks:do", **cells}
    headings = {
        Column.TITLE: "Permission",
        Column.CALLS: "API",
        Column.ACTIONS: "Action",
        Column.DEPENDENCIES: "Dependencies",
        Column.IAM_PROJECT: "IAM Project",
        Column.ENTERPRISE_PROJECT: "Enterprise Project",
        Column.SCOPE: "Authorization Scope",
    }
    text = page("Disks", grid([headings[Column(name)] for name in texts], list(texts.values())))
    return read(text, prefix, journal=journal)[0]
