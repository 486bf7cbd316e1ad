"""What a policy can begin with, as values for the list of it: tasks, services as a whole, system-defined policies.

Nothing is compiled here: what each comes to, its own page says (`point`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from django.urls import reverse

from policybuilder.catalog_files.judged_starting_points import (
    JudgedPolicy,
    StartingService,
    judged_policies,
    starting_services,
    starting_tasks,
    variants_at,
)
from policybuilder.catalog_files.searching import search_of
from policybuilder.catalog_files.starting_points import (
    SERVICE_RIGHTS,
    PolicyName,
    PolicyNames,
    SystemPolicy,
    Template,
    Variant,
    system_policy_names,
)
from policybuilder.domain.access.evaluation import Project
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Service
from policybuilder.domain.catalog.rights import Rights
from policybuilder.domain.catalog.scope import Goal
from policybuilder.domain.searching.search import Filter, mark
from policybuilder.domain.words import counted
from policybuilder.drafts.addresses import View, address
from policybuilder.drafts.draft import Draft
from policybuilder.web.wording import VerdictInWords

from .kept_draft import KeptDraft
from .left_out import find_left_out
from .words import KINDS

Pieces = list[tuple[str, bool]]
# What people look for and nobody can give them here; in German, too.
_BILLING = ("bill", "bss", "cost", "invoic", "pric", "expens", "spend", "abrechn", "kosten", "rechnung")


@dataclass(frozen=True, slots=True)
class TaskRow:
    """`variants` are those that fit the goal; then `left_out` counts the operations that the one of them lacks
    and whose job no other in it does.

    `found` counts the operations with the words of the search, where the task itself does not have them.
    """

    template: Template
    title: Pieces
    description: Pieces
    found: int
    goal: Goal
    variants: tuple[Variant, ...]
    left_out: int

    @property
    def numbers(self) -> str:
        """26 operations, 11 of them in enterprise projects; with a goal, 11 operations, 8 left out."""
        if not self.variants:
            return f"Not possible in {self.goal.place}"
        total = len(self.variants[0].operations)
        said = counted(total, "operation")
        if self.goal is not Goal.UNDECIDED:
            return f"{said}, {self.left_out:,} left out" if self.left_out else said
        enterprise = [v for v in self.variants if v.project is Project.ENTERPRISE]
        if not enterprise:
            return f"{said}, for IAM projects only"
        working = len(enterprise[0].operations)
        return said if working == total else f"{said}, {working:,} of them in enterprise projects"


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """The tasks of one service, or of several services. `label` is the short name, for links."""

    slug: str
    title: str
    label: str
    rows: tuple[TaskRow, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """What a service can be given: how many operations that is, and the slug of its page."""

    slug: str
    name: str
    operations: int


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """`cells` are to read, to operate and everything, None where the goal has no such one. `found` as for tasks."""

    title: Pieces
    short: str
    group: str
    cells: tuple[Cell | None, ...]
    found: int

    @property
    def possible(self) -> bool:
        return any(self.cells)


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """`verdict` says where it works, where there is a goal and that can be told."""

    policy: SystemPolicy
    name: Pieces
    kind: str
    judged: bool
    verdict: str
    found: int


@dataclass(frozen=True, slots=True)
class NameRow:
    policy: PolicyName
    name: Pieces
    kind: str

    @property
    def said(self) -> str:
        """What kind it is and where it is granted, as far as that is published."""
        return ", ".join(filter(None, (self.kind, self.policy.scope)))


class StartPage(KeptDraft):
    """What passes a search, and what each comes to at the goal. `draft` is the one that somebody came with."""

    def __init__(self, catalog: Catalog, draft: Draft, goal: Goal, view: View):
        super().__init__(catalog, draft, goal, view.query)
        self.view = view
        self.words = view.wanted.words
        self._search = search_of(catalog)
        self._has = self._search.teller(self.words)
        self._marks = self._search.marks(view.wanted)

    @property
    def in_builder(self) -> str:
        """The same search among the operations."""
        return address(replace(self.draft, goal=self.goal), View(self.view.query))

    @property
    def unfiltered(self) -> str:
        return reverse("start") + self.query

    @property
    def about_billing(self) -> bool:
        return any(word.startswith(_BILLING) for word in self.words)

    @cached_property
    def tasks(self) -> tuple[TaskRow, ...]:
        """Those with the words in the title come first, those with only operations that have them later, last what is
        not possible."""
        rows = [row for template in starting_tasks(self.catalog) if (row := self._task(template))]
        return tuple(
            sorted(rows, key=lambda row: (not row.variants, bool(row.found), not self._has(row.template.title)))
        )

    @cached_property
    def services(self) -> tuple[ServiceRow, ...]:
        return tuple(row for each in starting_services(self.catalog) if (row := self._service(each)))

    @property
    def task_groups(self) -> tuple[TaskGroup, ...]:
        """The tasks by service, in the order in which the services come up."""
        slugs = dict.fromkeys(row.template.service for row in self.tasks)
        return tuple(self._group(slug) for slug in slugs)

    @property
    def groups(self) -> tuple[tuple[str, tuple[ServiceRow, ...]], ...]:
        """The services by what they are sold under, in the order in which the groups come up."""
        names = dict.fromkeys(row.group for row in self.services)
        return tuple((name, tuple(row for row in self.services if row.group == name)) for name in names)

    @cached_property
    def published(self) -> tuple[PolicyRow, ...]:
        rows = [row for judged in judged_policies(self.catalog) if (row := self._policy(judged))]
        return tuple(sorted(rows, key=lambda row: bool(row.found)))

    @cached_property
    def names(self) -> tuple[tuple[str, tuple[NameRow, ...]], ...]:
        """Of each service those of which no contents are published."""
        found = ((each.service, tuple(self._names(each))) for each in system_policy_names())
        return tuple((service, rows) for service, rows in found if rows)

    @property
    def named(self) -> int:
        return sum(len(rows) for _, rows in self.names)

    @property
    def nothing(self) -> bool:
        return not (self.tasks or self.services or self.published or self.names)

    @property
    def impossible(self) -> str:
        """Where that cannot be granted of which nothing fits the goal."""
        return self.goal.place

    def _group(self, slug: str) -> TaskGroup:
        rows = tuple(row for row in self.tasks if row.template.service == slug)
        if not slug:
            return TaskGroup("several", "Several services", "Several services", rows)
        service = self.catalog.services_by_slug[slug]
        title = service.title if service.label == service.title else f"{service.title} ({service.label})"
        return TaskGroup(slug, title, service.label, rows)

    def _task(self, template: Template) -> TaskRow | None:
        variants = variants_at(self.catalog, template, self.goal)
        within = variants[0].operations if variants else ()
        found = self._found(f"{template.title}\n{template.description}", within)
        if found is None:
            return None
        missing = find_left_out(self.catalog, template, variants[0]).missing if variants else ()
        title, description = self._pieces(template.title), self._pieces(template.description)
        return TaskRow(template, title, description, found, self.goal, variants, len(missing))

    def _service(self, starting: StartingService) -> ServiceRow | None:
        service = starting.service
        cells = tuple(self._cell(starting, rights) for rights in SERVICE_RIGHTS)
        found = self._found(_names_of(service), {operation.id for operation in service.operations})
        if found is None or not starting.templates:
            return None
        short = "" if service.short == service.title else service.short
        return ServiceRow(self._pieces(service.title), short, service.group, cells, found)

    def _cell(self, starting: StartingService, rights: Rights) -> Cell | None:
        template = starting.template(rights)
        variants = variants_at(self.catalog, template, self.goal) if template else ()
        return Cell(template.slug, template.title, len(variants[0].operations)) if template and variants else None

    def _policy(self, judged: JudgedPolicy) -> PolicyRow | None:
        policy = judged.policy
        text = "\n".join((policy.name, KINDS[policy.kind], policy.description, policy.text))
        found = self._found(text, set(judged.operations))
        if found is None:
            return None
        told = self.goal is Goal.ENTERPRISE_PROJECT
        verdict = VerdictInWords(judged.scope).line if judged.scope and told else ""
        name = self._pieces(policy.name)
        return PolicyRow(policy, name, KINDS[policy.kind], judged.scope is not None, verdict, found)

    def _names(self, of_service: PolicyNames) -> Iterator[NameRow]:
        for policy in of_service.policies:
            kind = KINDS[policy.kind] if policy.kind else ""
            if self._has(f"{of_service.service}\n{policy.name}\n{kind}\n{policy.description}"):
                yield NameRow(policy, self._pieces(policy.name), kind)

    def _found(self, text: str, operations: Iterable[str]) -> int | None:
        """0 where the text has the words of the search, else how many operations have them; None where none has."""
        if self._has(text):
            return 0
        return len(self._matching.intersection(operations)) or None

    @cached_property
    def _matching(self) -> frozenset[str]:
        return frozenset(o.id for o in self._search.operations(Filter(self.words), frozenset()))

    def _pieces(self, text: str) -> Pieces:
        """The text with what the search found in it."""
        return list(mark(text, self._marks))


def _names_of(service: Service) -> str:
    return f"{service.title}\n{service.short}\n{service.slug}"
