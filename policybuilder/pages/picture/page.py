"""The picture of a draft as values for its templates, with the same in words."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils.functional import cached_property

from policybuilder.domain.building.reach import reach
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.picture.graph import Column, Graph, Node, Relation, picture_graph
from policybuilder.domain.picture.layout import MARGIN, WIDTH, Line, Picture, lay_out
from policybuilder.domain.picture.text import legible
from policybuilder.domain.words import counted
from policybuilder.drafts.addresses import address
from policybuilder.drafts.compiled import compiled
from policybuilder.drafts.draft import Draft
from policybuilder.web.wording import chosen_in_words, file_name, reach_in_words

UNNAMED = "Policy without a name"
MOST_NODES = 300  # of more, nobody can follow the lines; all of ECS has 193


@dataclass(frozen=True)
class Described:
    """An operation in words: the actions that are its own, that it needs, and that a Deny takes from it."""

    node: Node
    own: tuple[Node, ...]
    needed: tuple[Node, ...]
    denied: tuple[Node, ...]


class PicturePage:
    """`graph` is what there is to see, `picture` where it is seen."""

    width = WIDTH
    margin = MARGIN

    def __init__(self, catalog: Catalog, draft: Draft):
        self._catalog = catalog
        self.draft = draft
        self.policy = compiled(catalog, draft)
        self.graph: Graph = picture_graph(catalog, self.policy)
        self.title = legible(draft.name) or UNNAMED

    @property
    def empty(self) -> bool:
        return not self.graph.nodes

    @property
    def too_large(self) -> str:
        """Why it is not drawn; "" where it is."""
        if len(self.graph.nodes) <= MOST_NODES:
            return ""
        return f"A picture of it would have {len(self.graph.nodes):,} boxes; up to {MOST_NODES} are drawn."

    @cached_property
    def picture(self) -> Picture:
        return lay_out(self.graph, self.title)

    @property
    def image_address(self) -> str:
        return address(self.draft, name="picture-image")

    @property
    def file_name(self) -> str:
        return file_name(self.draft.name).removesuffix(".json") + ".svg"

    @property
    def own_lines(self) -> tuple[Line, ...]:
        return self.picture.lines_of(Relation.OWN)

    @property
    def needed_lines(self) -> tuple[Line, ...]:
        return self.picture.lines_of(Relation.DEPENDENCY)

    @property
    def denied_lines(self) -> tuple[Line, ...]:
        return self.picture.lines_of(Relation.DENIED)

    @property
    def kept(self) -> tuple[int, ...]:
        """The statements that are kept as they are, counted from 1."""
        return tuple(number for number, part in enumerate(self.policy.blocks, 1) if part.block.kept)

    @property
    def counts(self) -> str:
        """4 operations; 17 actions: 5 chosen, 12 added as dependencies. A wildcard counts as what it matches."""
        operations, asked, needed = (
            [node.key for node in self.graph.nodes if node.column is column] for column in Column
        )
        selected = reach(self._catalog, asked).count
        found = reach(self._catalog, [*asked, *needed])
        actions = f"{reach_in_words(found)}: {chosen_in_words(selected, found.count - selected)}"
        return f"{counted(len(operations), 'operation')}; {actions}"

    # In words

    @cached_property
    def described(self) -> list[tuple[str, list[Described]]]:
        """The operations below the names of their categories, in the catalogue's order."""
        targets: dict[tuple[str, Relation], list[Node]] = defaultdict(list)
        actions = {node.key: node for node in self.graph.nodes if node.column is not Column.OPERATIONS}
        for edge in self.graph.edges:
            targets[edge.source, edge.relation].append(actions[edge.target])
        groups: dict[str, tuple[str, list[Described]]] = {}
        for node in self.graph.nodes:
            if node.column is Column.OPERATIONS:
                own, needed, denied = (
                    tuple(targets[node.key, relation])
                    for relation in (Relation.OWN, Relation.DEPENDENCY, Relation.DENIED)
                )
                groups.setdefault(node.group, (node.group_title, []))[1].append(Described(node, own, needed, denied))
        return list(groups.values())

    @cached_property
    def singles(self) -> tuple[Node, ...]:
        """The actions and wildcards that no operation brought."""
        brought = {edge.target for edge in self.graph.edges}
        return tuple(
            node for node in self.graph.nodes if node.column is not Column.OPERATIONS and node.key not in brought
        )

    @cached_property
    def services(self) -> list[tuple[str, list[Node]]]:
        """The actions that are there as dependencies only, below the titles of their services."""
        by_service: dict[str, tuple[str, list[Node]]] = {}
        for node in self.graph.nodes:
            if node.column is Column.NEEDED:
                by_service.setdefault(node.group, (node.group_title, []))[1].append(node)
        return list(by_service.values())
