"""Where everything of a policy's picture goes: three columns, ordered so that few lines cross, no label cut.

Lengths are pixels of a picture `WIDTH` wide; it grows in height only. The same graph always gives the same picture.
Dependencies in the last column are reached in bundles: operations that need exactly the same actions there share one
lane through the middle column, so that whatever enters a lane needs all that leaves it.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .graph import Column, Graph, Mark, Node, Relation
from .order import Key, few_crossings, spread
from .text import text_width, wrap

WIDTH = 1200
MARGIN = 20
TITLE_SIZE, HEADING_SIZE, NODE_SIZE, ACTION_SIZE, MARK_SIZE = 19, 12, 13, 11.5, 11
_TITLE_LINE, _NODE_LINE, _MARK_LINE = 26, 17, 20
_LEFT = {Column.OPERATIONS: MARGIN, Column.ASKED: 428, Column.NEEDED: 904}
_WIDE = {Column.OPERATIONS: 300, Column.ASKED: 304, Column.NEEDED: 276}
_HEADINGS = {
    Column.OPERATIONS: "Selected operations",
    Column.ASKED: "Chosen actions",
    Column.NEEDED: "Added as dependencies",
}
_PAD = 12  # between the edge of a node and its text
_FRAME = 8  # between the frame of a group and its nodes
_GAP = 8  # between nodes, and around lanes
_GROUP_GAP = 16
_LANE = 3  # the room that a lane takes
_LEGEND = 30
_MARK_PAD = 5
_UNFRAMED = frozenset({"read", "write"})


@dataclass(frozen=True, slots=True)
class Caption:
    """One line of text; `y` is its baseline."""

    text: str
    x: float
    y: float
    size: float
    width: float


@dataclass(frozen=True, slots=True)
class PlacedMark:
    """A mark with its frame, but for what is only a word."""

    mark: Mark
    label: Caption
    x: float
    y: float
    width: float
    height: float

    @property
    def framed(self) -> bool:
        return self.mark.kind not in _UNFRAMED


@dataclass(frozen=True, slots=True)
class PlacedNode:
    node: Node
    x: float
    y: float
    width: float
    height: float
    labels: tuple[Caption, ...]
    marks: tuple[PlacedMark, ...]


@dataclass(frozen=True, slots=True)
class PlacedGroup:
    """A frame around the nodes of one category or service, with its title above them."""

    labels: tuple[Caption, ...]
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    """From (x, y) to (to_x, to_y), leaving and arriving level."""

    relation: Relation
    x: float
    y: float
    to_x: float
    to_y: float

    @property
    def path(self) -> str:
        """As the `d` of an SVG path."""
        if self.y == self.to_y:
            return f"M{self.x:g} {self.y:g}H{self.to_x:g}"
        bend = (self.x + self.to_x) / 2
        return f"M{self.x:g} {self.y:g}C{bend:g} {self.y:g} {bend:g} {self.to_y:g} {self.to_x:g} {self.to_y:g}"


@dataclass(frozen=True, slots=True)
class Picture:
    """`legend_y` is the baseline of the legend, which whoever draws the picture knows."""

    height: float
    title: tuple[Caption, ...]
    legend_y: float
    headings: tuple[Caption, ...]
    groups: tuple[PlacedGroup, ...]
    nodes: tuple[PlacedNode, ...]
    lines: tuple[Line, ...]

    def lines_of(self, relation: Relation) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.relation is relation)

    def labels(self) -> Iterator[Caption]:
        """Every text of the picture but for its legend."""
        yield from (*self.title, *self.headings)
        for group in self.groups:
            yield from group.labels
        for node in self.nodes:
            yield from node.labels
            yield from (placed.label for placed in node.marks)


def lay_out(graph: Graph, title: str) -> Picture:
    """The picture of `graph` under `title`, which may be of any length."""
    head = _labels(title, MARGIN, MARGIN, WIDTH - 2 * MARGIN, TITLE_SIZE, _TITLE_LINE, bold=True)
    legend_y = MARGIN + len(head) * _TITLE_LINE + 18
    top = legend_y + _LEGEND
    present = sorted({node.column for node in graph.nodes})
    widths = {column: text_width(_HEADINGS[column], HEADING_SIZE, bold=True) for column in present}
    headings = tuple(
        Caption(_HEADINGS[column], _LEFT[column], top, HEADING_SIZE, width) for column, width in widths.items()
    )
    columns = _Columns(graph, top + 14 if present else top)
    return Picture(columns.bottom + MARGIN, head, legend_y, headings, columns.groups, columns.nodes, columns.lines)


class _Columns:
    """The nodes in their places. Keys of nodes are (column, key); a lane's is the set of actions that it leads to."""

    def __init__(self, graph: Graph, top: float):
        self._by_key: dict[Key, Node] = {(node.column, node.key): node for node in graph.nodes}
        self._links(graph)
        self._order = few_crossings(self._grouped(graph), self._neighbours)
        self._y: dict[Key, float] = {}
        self._group_tops: list[tuple[Column, str, float, float]] = []
        self._top = top
        self._stack()
        self._spread_middle()
        self._spread_groups()
        self.bottom = max([top, *(y + self._height(key) for key, y in self._y.items())]) + _FRAME
        self.nodes = tuple(_place(node, self._y[key]) for key, node in self._by_key.items())
        self.groups = tuple(_frame(*entry) for entry in self._group_tops)
        self.lines = tuple(self._lines())

    def _links(self, graph: Graph) -> None:
        """Which key is beside which, in the next column: operations beside actions and lanes, lanes beside actions."""
        columns = {node.key: node.column for node in graph.nodes if node.column is not Column.OPERATIONS}
        far: dict[str, set[str]] = defaultdict(set)
        links: dict[tuple[Key, Key, Relation], None] = {}
        for edge in graph.edges:
            if columns[edge.target] is Column.NEEDED:
                far[edge.source].add(edge.target)
            else:
                links[(Column.OPERATIONS, edge.source), (Column.ASKED, edge.target), edge.relation] = None
        self._lanes: dict[Key, None] = {}
        for source, targets in far.items():
            lane = (Column.ASKED, frozenset(targets))
            self._lanes[lane] = None
            links[(Column.OPERATIONS, source), lane, Relation.DEPENDENCY] = None
            for target in sorted(targets):
                links[lane, (Column.NEEDED, target), Relation.DEPENDENCY] = None
        self._linked = links
        self._neighbours: dict[Key, list[Key]] = defaultdict(list)
        for source_key, target_key, _ in links:
            self._neighbours[source_key].append(target_key)
            self._neighbours[target_key].append(source_key)

    def _grouped(self, graph: Graph) -> list[list[list[Key]]]:
        """The keys of each column in groups; in the middle, everything is a group of its own."""
        columns: list[dict[object, list[Key]]] = [{}, {}, {}]
        for key, node in self._by_key.items():
            group = key if node.column is Column.ASKED else node.group
            columns[node.column].setdefault(group, []).append(key)
        columns[Column.ASKED] |= {lane: [lane] for lane in self._lanes}
        return [list(groups.values()) for groups in columns]

    def _height(self, key: Key) -> float:
        node = self._by_key.get(key)
        return _LANE if node is None else _node_height(node)

    def _block(self, column: Column, group: Sequence[Key]) -> tuple[float, float]:
        """The height of a group's title and of the whole frame."""
        labels = _group_labels(self._by_key[group[0]].group_title, column, 0)
        head = len(labels) * _NODE_LINE + 2 * _FRAME
        return head, head + sum(self._height(key) + _GAP for key in group) - _GAP + _FRAME

    def _put_group(self, column: Column, group: Sequence[Key], top: float) -> float:
        """Its bottom."""
        head, height = self._block(column, group)
        self._group_tops.append((column, self._by_key[group[0]].group_title, top, height))
        y = top + head
        for key in group:
            self._y[key] = y
            y += self._height(key) + _GAP
        return top + height

    def _stack(self) -> None:
        y = self._top
        for group in self._order[Column.OPERATIONS]:
            y = self._put_group(Column.OPERATIONS, group, y) + _GROUP_GAP

    def _centre(self, key: Key) -> float:
        return self._y[key] + self._height(key) / 2

    def _beside(self, key: Key) -> float | None:
        """The mean height of what the key is linked with and has its place already."""
        found = [self._centre(other) for other in self._neighbours.get(key, ()) if other in self._y]
        return sum(found) / len(found) if found else None

    def _spread_middle(self) -> None:
        keys = [key for group in self._order[Column.ASKED] for key in group]
        heights = [self._height(key) for key in keys]
        wanted: list[float] = []
        for key, height in zip(keys, heights, strict=True):
            middle = self._beside(key)
            wanted.append(wanted[-1] if middle is None and wanted else (middle or self._top) - height / 2)
        first = self._top + _FRAME
        self._y |= zip(keys, spread(wanted, heights, _GAP, first, self._lowest()), strict=True)

    def _spread_groups(self) -> None:
        groups = self._order[Column.NEEDED]
        blocks = [self._block(Column.NEEDED, group)[1] for group in groups]
        wanted = []
        for group, height in zip(groups, blocks, strict=True):
            middles = [each for key in group if (each := self._beside(key)) is not None]
            wanted.append(sum(middles) / len(middles) - height / 2 if middles else self._top)
        for group, top in zip(groups, spread(wanted, blocks, _GROUP_GAP, self._top, self._lowest()), strict=True):
            self._put_group(Column.NEEDED, group, top)

    def _lowest(self) -> float:
        return max([self._top, *(y + self._height(key) for key, y in self._y.items())])

    def _lines(self) -> Iterator[Line]:
        middle = _LEFT[Column.ASKED], _LEFT[Column.ASKED] + _WIDE[Column.ASKED]
        for source, target, relation in self._linked:
            x = middle[1] if source in self._lanes else _LEFT[Column.OPERATIONS] + _WIDE[Column.OPERATIONS]
            to_x = _LEFT[self._by_key[target].column] if target in self._by_key else middle[0]
            yield Line(relation, x, self._centre(source), to_x, self._centre(target))
        for lane in self._lanes:
            yield Line(Relation.DEPENDENCY, middle[0], self._centre(lane), middle[1], self._centre(lane))


def _titled(node: Node) -> tuple[str, ...]:
    room = _WIDE[node.column] - 2 * _PAD
    if node.column is Column.OPERATIONS:
        return wrap(node.title, room, NODE_SIZE)
    return wrap(node.title, room, ACTION_SIZE, mono=True)


def _mark_rows(node: Node) -> list[list[tuple[Mark, float]]]:
    """The marks in rows that fit the node, each with its width."""
    rows: list[list[tuple[Mark, float]]] = []
    left = 0.0
    for mark in node.marks:
        width = text_width(mark.text, MARK_SIZE, bold=True) + 2 * _MARK_PAD
        if not rows or width > left:
            rows.append([])
            left = _WIDE[node.column] - 2 * _PAD
        rows[-1].append((mark, width))
        left -= width + _MARK_PAD
    return rows


def _node_height(node: Node) -> float:
    return len(_titled(node)) * _NODE_LINE + len(_mark_rows(node)) * _MARK_LINE + 12


def _place(node: Node, top: float) -> PlacedNode:
    x, y = _LEFT[node.column], top + 6
    mono = node.column is not Column.OPERATIONS
    size = ACTION_SIZE if mono else NODE_SIZE
    labels = []
    for text in _titled(node):
        labels.append(Caption(text, x + _PAD, y + 13, size, text_width(text, size, mono=mono)))
        y += _NODE_LINE
    marks = []
    for row in _mark_rows(node):
        at = float(x + _PAD)
        for mark, width in row:
            inset = 0 if mark.kind in _UNFRAMED else _MARK_PAD
            label = Caption(mark.text, at + inset, y + 14, MARK_SIZE, width - 2 * _MARK_PAD)
            marks.append(PlacedMark(mark, label, at, y + 2, width, _MARK_LINE - 3))
            at += width + _MARK_PAD
        y += _MARK_LINE
    return PlacedNode(node, x, top, _WIDE[node.column], _node_height(node), tuple(labels), tuple(marks))


def _frame(column: Column, title: str, top: float, height: float) -> PlacedGroup:
    x, width = _LEFT[column] - _FRAME, _WIDE[column] + 2 * _FRAME
    return PlacedGroup(_group_labels(title, column, top), x, top, width, height)


def _group_labels(title: str, column: Column, top: float) -> tuple[Caption, ...]:
    return _labels(title, _LEFT[column], top + 6, _WIDE[column], HEADING_SIZE, _NODE_LINE, bold=True)


def _labels(
    text: str, x: float, top: float, room: float, size: float, line: float, *, bold: bool
) -> tuple[Caption, ...]:
    return tuple(
        Caption(each, x, top + at * line + 0.8 * line, size, text_width(each, size, bold=bold))
        for at, each in enumerate(wrap(text, room, size, bold=bold))
    )
