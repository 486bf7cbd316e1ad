"""A draft made shorter, and divided into policies that fit IAM's limits, as values for the template."""

from dataclasses import dataclass

from .addresses import address
from .builder_page import compiled
from .domain.blocks import CompiledPolicy
from .domain.catalog import Catalog
from .domain.document import MAX_ACTIONS, MAX_CHARACTERS, MAX_STATEMENTS, Size
from .domain.document_compaction import compact_policy
from .domain.document_split import split_by_limits
from .domain.importing import CannotEditError, read_blocks
from .domain.json_nodes import Node
from .domain.json_writer import write
from .domain.matching import is_wildcard
from .domain.policy_source import FoundPolicy, measure_body, to_document
from .domain.scope import PolicyScope, judge
from .drafts import MAX_LINK, Draft, encode, with_editable
from .json_marking import highlighted
from .wording import file_name, verdict_kind, verdict_line

MAX_NAME = 58  # so that a number after the name stays within IAM's 64 characters


@dataclass(frozen=True)
class Sheet:
    """One policy to take away. `here` opens it in the builder; "" where that cannot be."""

    id: str
    name: str
    text: str
    size: Size
    scope: PolicyScope
    purpose: str
    here: str

    @property
    def marked(self) -> str:
        return highlighted(self.text)

    @property
    def file_name(self) -> str:
        return file_name(self.name)

    @property
    def verdict_kind(self) -> str:
        return verdict_kind(self.scope)

    @property
    def verdict_line(self) -> str:
        return verdict_line(self.scope)

    @property
    def fits(self) -> bool:
        return fits(self.size)


class ShortenPage:
    """`before` is the draft as it stands; `shorter` and `parts` are what can be made of it."""

    def __init__(self, catalog: Catalog, draft: Draft):
        self.catalog = catalog
        self.draft = draft
        self.policy: CompiledPolicy = compiled(catalog, draft.blocks, draft.extra)
        self.here = address(draft)
        self.name = (draft.name or "ecs-policy")[:MAX_NAME]
        root = self.policy.source.root
        self.readable = root is not None and not self.policy.empty
        self.shorter: Sheet | None = None
        self.parts: tuple[Sheet, ...] = ()
        if root is None or self.policy.empty:
            return
        self.before = measure_body(root)
        compact = compact_policy(catalog, root)
        if compact.body is not root:
            self.shorter = self._sheet("shorter", f"{self.name}-short", compact.body, "")
        self.wildcards = _wildcards(compact.body) - _wildcards(root)
        if not fits(self.before):
            parts = split_by_limits(catalog, root)
            self.parts = tuple(
                self._sheet(f"part-{number}", f"{self.name}-{number}", part.body, part.purpose)
                for number, part in enumerate(parts, 1)
                if len(parts) > 1
            )

    @property
    def over(self) -> tuple[str, ...]:
        """By how much each limit is exceeded."""
        limits = (
            (self.before.characters, MAX_CHARACTERS, "characters"),
            (self.before.statements, MAX_STATEMENTS, "statements"),
            (self.before.largest_statement, MAX_ACTIONS, "actions in one statement"),
        )
        return tuple(
            f"{has - most:,} more than the {most:,} {what} that IAM takes" for has, most, what in limits if has > most
        )

    def _sheet(self, id_: str, name: str, body: Node, purpose: str) -> Sheet:
        document = to_document(body)
        return Sheet(
            id=id_,
            name=name,
            text=write(body) + "\n",
            size=measure_body(body),
            scope=judge(self.catalog, document.actions()),
            purpose=purpose,
            here=self._opened(body, name),
        )

    def _opened(self, body: Node, name: str) -> str:
        try:
            imported = read_blocks(self.catalog, FoundPolicy(body, ""))
        except CannotEditError:
            return ""
        draft = Draft(with_editable(imported.blocks), name, imported.extra)
        return address(draft) if len(encode(draft)) <= MAX_LINK else ""


def fits(size: Size) -> bool:
    return (
        size.characters <= MAX_CHARACTERS
        and size.statements <= MAX_STATEMENTS
        and size.largest_statement <= MAX_ACTIONS
    )


def _wildcards(body: Node) -> frozenset[str]:
    return frozenset(filter(is_wildcard, to_document(body).actions()))
