"""Starting points as values for their page: templates of tasks and system-defined policies, with what they contain."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from django.utils.functional import cached_property

from policybuilder.domain.access.evaluation import Project
from policybuilder.domain.building.importing import read_blocks
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Access, Operation, Source
from policybuilder.domain.catalog.scope import PolicyScope, Verdict
from policybuilder.domain.jsontext.source import read
from policybuilder.domain.policy.document import Size, dump
from policybuilder.domain.policy.reading import FoundPolicy
from policybuilder.domain.searching.search import mark
from policybuilder.drafts.addresses import View, address
from policybuilder.drafts.compiled import compiled
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.link import encode
from policybuilder.store.judged_starting_points import (
    CompiledTemplate,
    JudgedPolicy,
    compiled_templates,
    judged_policies,
)
from policybuilder.store.searching import search_of
from policybuilder.store.starting_points import Kind
from policybuilder.web.json_html import highlighted
from policybuilder.web.wording import VerdictInWords, totals_in_words

_HEADINGS = {Project.IAM: "For IAM projects", Project.ENTERPRISE: "For enterprise projects"}
_ANYWHERE = "For IAM and enterprise projects"
_KINDS = {Kind.POLICY: "System-defined policy", Kind.ROLE: "System-defined role"}
_DOTS = {
    Verdict.IAM_ONLY: "no",
    Verdict.UNKNOWN: "unknown",
    Verdict.VARIES: "varies",
    Verdict.IAM_AND_ENTERPRISE: "yes",
}


@dataclass(frozen=True, slots=True)
class Start:
    """A policy to begin with. `here` opens its draft in the builder; the actions are those of its document.

    `operations` are those of the selection, of a system-defined policy all that it allows; `by_category` the same ones,
    each category with its name; `also_allowed` with theirs.
    """

    id: str
    heading: str
    draft: Draft
    here: str
    scope: PolicyScope
    operations: tuple[Operation, ...]
    by_category: tuple[tuple[str, tuple[Operation, ...]], ...]
    also_allowed: tuple[tuple[str, Operation], ...]
    actions: tuple[str, ...]

    @property
    def everywhere(self) -> bool:
        return self.scope.verdict is Verdict.IAM_AND_ENTERPRISE

    @property
    def verdict(self) -> str:
        return VerdictInWords(self.scope).line

    @property
    def dot(self) -> str:
        """The support that has the verdict's colour."""
        return _DOTS[self.scope.verdict]

    @property
    def access(self) -> str:
        """2 read, 6 write."""
        total, writing = len(self.operations), _writing(self.operations)
        if writing in (0, total):
            return f"{'all' if total > 1 else 'it'} {'write' if writing else 'read'}{'s' if total == 1 else ''}"
        return f"{total - writing} read, {writing} write"

    @property
    def also_writing(self) -> int:
        return _writing(operation for _, operation in self.also_allowed)


@dataclass(frozen=True, slots=True)
class Task:
    """A template: one start for each kind of project, or one for both where they are the same.

    `impossible` says why there is none for enterprise projects. `found` counts the operations with the words of the
    search, where the task itself does not have them.
    """

    slug: str
    title: str
    description: str
    starts: tuple[Start, ...]
    impossible: str
    found: int = 0

    def mentions(self, words: tuple[str, ...]) -> bool:
        return _mentions(f"{self.title}\n{self.description}", words)


@dataclass(frozen=True, slots=True)
class Published:
    """A system-defined policy, as it is published."""

    slug: str
    name: str
    kind: str
    start: Start
    size: Size
    json: str
    source: Source
    found: int = 0

    @property
    def marked(self) -> str:
        return highlighted(self.json)

    def mentions(self, words: tuple[str, ...]) -> bool:
        return _mentions("\n".join((self.name, self.kind, *self.start.actions)), words)


class StartPage:
    """What passes a search and the filter. `draft` is the one that somebody came with."""

    def __init__(self, catalog: Catalog, draft: Draft, view: View):
        self.catalog = catalog
        self.draft = draft
        self.view = view

    @property
    def token(self) -> str:
        return encode(self.draft)

    @property
    def has_draft(self) -> bool:
        return not self.draft.empty or bool(self.draft.name)

    @property
    def in_builder(self) -> str:
        """The same search among the operations."""
        return address(self.draft, View(self.view.query))

    @property
    def draft_summary(self) -> str:
        return totals_in_words(self.catalog, compiled(self.catalog, self.draft), self.draft.editable(0))

    @property
    def unfiltered(self) -> str:
        return address(self.draft, name="start")

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        """Those with the words in the title come first, last those with only operations that have them."""
        words = self.view.wanted.words
        shown = []
        for task in tasks(self.catalog):
            starts = tuple(start for start in task.starts if start.everywhere or not self.view.wanted.enterprise)
            if not starts:
                continue
            matching = 0
            if not task.mentions(words):
                matching = _matching(self.catalog, {o for start in starts for o in start.operations}, words)
            if matching or task.mentions(words):
                impossible = "" if self.view.wanted.enterprise else task.impossible
                shown.append(replace(task, starts=starts, impossible=impossible, found=matching))
        return tuple(sorted(shown, key=lambda task: (bool(task.found), not _mentions(task.title, words))))

    @cached_property
    def published(self) -> tuple[Published, ...]:
        words = self.view.wanted.words
        shown = []
        for policy in published(self.catalog):
            if self.view.wanted.enterprise and not policy.start.everywhere:
                continue
            matching = 0 if policy.mentions(words) else _matching(self.catalog, policy.start.operations, words)
            if matching or policy.mentions(words):
                shown.append(replace(policy, found=matching))
        return tuple(sorted(shown, key=lambda policy: bool(policy.found)))

    @property
    def none_in_enterprise(self) -> bool:
        """Whether the filter alone leaves no system-defined policy."""
        return self.view.wanted.enterprise and not any(p.start.everywhere for p in published(self.catalog))

    def pieces(self, text: str) -> list[tuple[str, bool]]:
        """The text with what the search found in it."""
        return list(mark(text, self.view.wanted.words))

    def marked_tasks(self) -> Iterator[tuple[Task, list[tuple[str, bool]], list[tuple[str, bool]]]]:
        return ((task, self.pieces(task.title), self.pieces(task.description)) for task in self.tasks)

    def marked_published(self) -> Iterator[tuple[Published, list[tuple[str, bool]]]]:
        return ((policy, self.pieces(policy.name)) for policy in self.published)


@lru_cache(maxsize=1)
def tasks(catalog: Catalog) -> tuple[Task, ...]:
    """Every template that the catalogue knows, in their order."""
    by_slug: dict[str, list[CompiledTemplate]] = {}
    for compiled_template in compiled_templates(catalog):
        by_slug.setdefault(compiled_template.template.slug, []).append(compiled_template)
    return tuple(
        Task(
            slug=slug,
            title=variants[0].template.title,
            description=variants[0].template.description,
            starts=tuple(_variants(catalog, variants)),
            impossible=variants[0].template.impossible,
        )
        for slug, variants in by_slug.items()
    )


@lru_cache(maxsize=1)
def published(catalog: Catalog) -> tuple[Published, ...]:
    return tuple(_published(catalog, judged) for judged in judged_policies(catalog))


def _variants(catalog: Catalog, variants: list[CompiledTemplate]) -> Iterator[Start]:
    same = len({each.policy.blocks[0].block.selection for each in variants}) == 1 < len(variants)
    for each in variants[:1] if same else variants:
        yield _variant(catalog, each, _ANYWHERE if same else _HEADINGS[each.variant.project])


def _variant(catalog: Catalog, made: CompiledTemplate, heading: str) -> Start:
    access, slug = made.policy.operations, made.template.slug
    operations = tuple(catalog.operation(id_) for id_ in access.selected)
    service = catalog.operation(made.variant.operations[0]).service
    ending = "-enterprise" if heading == _HEADINGS[Project.ENTERPRISE] else ""
    draft = Draft.of(made.policy.blocks[0].block.selection, f"{service}-{slug}{ending}")
    return Start(
        id=f"{slug}{ending}",
        heading=heading,
        draft=draft,
        here=address(draft),
        scope=made.policy.scope,
        operations=operations,
        by_category=_by_category(catalog, operations),
        also_allowed=tuple((catalog.operation_name(o), o) for o in map(catalog.operation, access.also_allowed)),
        actions=made.policy.document.actions(),
    )


def _published(catalog: Catalog, judged: JudgedPolicy) -> Published:
    policy = judged.policy
    json = dump(policy.document)
    operations = tuple(catalog.operation(id_) for id_ in judged.operations)
    draft = Draft(read_blocks(catalog, FoundPolicy(read(json).root, "")).blocks, f"{policy.slug}-copy")
    start = Start(
        id=policy.slug,
        heading="A copy to edit",
        draft=draft,
        here=address(draft),
        scope=judged.scope,
        operations=operations,
        by_category=_by_category(catalog, operations),
        also_allowed=(),
        actions=policy.document.actions(),
    )
    return Published(policy.slug, policy.name, _KINDS[policy.kind], start, judged.size, json, policy.source)


def _by_category(catalog: Catalog, operations: tuple[Operation, ...]) -> tuple[tuple[str, tuple[Operation, ...]], ...]:
    found = catalog.by_category(operations)
    return tuple((catalog.category_name(category), inside) for category, inside in found)


def _mentions(text: str, words: tuple[str, ...]) -> bool:
    text = text.casefold()
    return all(word in text for word in words)


def _matching(catalog: Catalog, operations: Iterable[Operation], words: tuple[str, ...]) -> int:
    search = search_of(catalog)
    return sum(search.meets(operation, words) for operation in operations)


def _writing(operations: Iterable[Operation]) -> int:
    return sum(operation.access is Access.WRITE for operation in operations)
