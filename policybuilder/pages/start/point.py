"""One starting point as values for its page: what it contains, what it comes to, and its draft to open."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from policybuilder.catalog_files.judged_starting_points import (
    JudgedPolicy,
    find_template,
    judged_policies,
    variants_at,
)
from policybuilder.catalog_files.starting_points import Template, Variant
from policybuilder.domain.access.evaluation import Project
from policybuilder.domain.building.compiler import CompiledPolicy
from policybuilder.domain.building.importing import read_blocks
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Access, Operation
from policybuilder.domain.catalog.rights import WITHOUT_REVEALING, Rights, operations_with
from policybuilder.domain.catalog.scope import Goal, PolicyScope, Verdict
from policybuilder.domain.policy.document import MAX_CHARACTERS
from policybuilder.domain.policy.reading import FoundPolicy
from policybuilder.drafts.addresses import address
from policybuilder.drafts.compiled import compiled
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.link import MAX_LINK, encode
from policybuilder.web.json_html import highlighted
from policybuilder.web.wording import LevelInWords, VerdictInWords, actions_in_words, free_in_words

from .left_out import LeftOut, find_left_out
from .words import ANYWHERE, HEADINGS, KINDS

_NO_EFFECT = "None of its operations has an effect there."
FEW_OPERATIONS = 40  # so many are shown without being asked for
_DOTS = {
    Verdict.IAM_ONLY: "no",
    Verdict.UNKNOWN: "unknown",
    Verdict.VARIES: "varies",
    Verdict.IAM_AND_ENTERPRISE: "yes",
}

Categories = tuple[tuple[str, tuple[Operation, ...]], ...]


@dataclass(frozen=True, slots=True)
class Json:
    """`heading` is empty where there is one policy only."""

    id: str
    heading: str
    text: str

    @property
    def marked(self) -> str:
        return highlighted(self.text)


@dataclass(frozen=True)
class Start:
    """A policy to begin with. `actions` says how many actions it has, `names` are the names in its documents.

    `operations` are those of the selection, of a system-defined policy all that it allows; `by_category` the same ones,
    each category with its name; `also_allowed` with theirs. `too_large` are the characters of a policy that IAM does
    not take. `left_out` is what it has not, since it is for one kind of project.
    """

    id: str
    heading: str
    draft: Draft
    scope: PolicyScope
    operations: tuple[Operation, ...]
    by_category: Categories
    also_allowed: tuple[tuple[str, Operation], ...]
    actions: str
    names: tuple[str, ...]
    documents: tuple[Json, ...] = ()
    divided: bool = False
    too_large: int = 0
    left_out: LeftOut | None = None

    @cached_property
    def token(self) -> str:
        return encode(self.draft)

    @property
    def linkable(self) -> bool:
        """Whether a link can open it; else a form does."""
        return len(self.token) <= MAX_LINK

    @property
    def here(self) -> str:
        """Opens it in the builder."""
        return address(self.draft)

    @property
    def shorter(self) -> str:
        """Makes it shorter or splits it."""
        return address(self.draft, name="shorten")

    @property
    def verdict(self) -> str:
        return VerdictInWords(self.scope).line

    @property
    def dot(self) -> str:
        """The support that has the verdict's colour."""
        return _DOTS[self.scope.verdict]

    @property
    def access(self) -> str:
        """2 read, 6 can change; 1 needs no authorization."""
        said = self._access
        return f"{said}; {free_in_words(self.free)}" if self.free else said

    @property
    def free(self) -> int:
        """How many of the operations need no authorization: no policy allows or denies them."""
        return sum(operation.free for operation in self.operations)

    @property
    def _access(self) -> str:
        total, writing = len(self.operations), _writing(self.operations)
        if writing in (0, total):
            does = "can change" if writing else "read" if total > 1 else "reads"
            return f"{'all' if total > 1 else 'it'} {does}"
        return f"{total - writing} read, {writing} can change"

    @property
    def also_writing(self) -> int:
        return _writing(operation for _, operation in self.also_allowed)

    @cached_property
    def unexpected(self) -> tuple[tuple[str, Operation], ...]:
        """The also allowed operations that can change something, with their names, if the selected operations read."""
        if _writing(self.operations):
            return ()
        return tuple((name, operation) for name, operation in self.also_allowed if operation.access is Access.WRITE)

    @cached_property
    def handing_out(self) -> tuple[Operation, ...]:
        """The operations whose responses are known to show contents or secrets."""
        return tuple(operation for operation in self.operations if operation.hands_out)


@dataclass(frozen=True, slots=True)
class TemplatePoint:
    """A task, or what a service can be given as a whole: one start for each kind of project that the goal leaves open,
    or one for both where they are the same. `impossible` says why there is none, `impossible_where` for what kind.

    `left_out` and `revealing` are the reading operations of a rule's services that the rule leaves out, with their
    names: those that need an action that writes, and those with an action that opens contents or secrets. `not_judged`
    counts the operations of these starts with an unjudged response, for a rule that leaves revealing operations out."""

    title: str
    description: str
    starts: tuple[Start, ...]
    impossible: str
    impossible_where: str
    left_out: tuple[tuple[str, Operation], ...]
    revealing: tuple[tuple[str, Operation], ...] = ()
    not_judged: int = 0

    @property
    def few(self) -> bool:
        return all(len(start.operations) <= FEW_OPERATIONS for start in self.starts)


@dataclass(frozen=True, slots=True)
class PolicyPoint:
    """A system-defined policy, as it is published. Without a `start` there is no copy to begin with: the obstacle
    of `judged` says why."""

    judged: JudgedPolicy
    kind: str
    start: Start | None
    json: Json
    comparable: bool

    @property
    def title(self) -> str:
        return self.judged.policy.name

    @property
    def description(self) -> str:
        return self.judged.policy.description

    @property
    def few(self) -> bool:
        return self.start is not None and len(self.start.operations) <= FEW_OPERATIONS


def find_point(catalog: Catalog, slug: str, goal: Goal) -> TemplatePoint | PolicyPoint | None:
    if template := find_template(catalog, slug):
        return _template_point(catalog, template, goal)
    judged = next((each for each in judged_policies(catalog) if each.policy.slug == slug), None)
    return None if judged is None else _policy_point(catalog, judged, goal)


def _template_point(catalog: Catalog, template: Template, goal: Goal) -> TemplatePoint:
    starts = tuple(_starts(catalog, template, goal))
    only_read = {operation.id for operation in operations_with(catalog, Rights.READ)}
    gone = _left_out(catalog, template)
    where = Project.IAM if goal is Goal.IAM_PROJECT else Project.ENTERPRISE
    stated = template.impossible if where is Project.ENTERPRISE else ""
    return TemplatePoint(
        title=template.title,
        description=template.description,
        starts=starts,
        impossible=stated or ("" if starts else _NO_EFFECT),
        impossible_where=HEADINGS[where],
        left_out=tuple((catalog.titles.operation_name(o), o) for o in gone if o.id not in only_read),
        revealing=tuple((catalog.titles.operation_name(o), o) for o in gone if o.id in only_read),
        not_judged=_not_judged(catalog, template, starts),
    )


def _left_out(catalog: Catalog, template: Template) -> tuple[Operation, ...]:
    """The reading operations of a rule's services that no variant contains."""
    if template.rule is None:
        return ()
    services = template.rule.services or tuple(catalog.services_by_slug)
    there = dict.fromkeys(o for slug in services for o in catalog.services_by_slug[slug].operations)
    inside = {id_ for variant in template.variants for id_ in variant.operations}
    return tuple(each for each in there if each.access is Access.READ and each.id not in inside)


def _not_judged(catalog: Catalog, template: Template, starts: Iterable[Start]) -> int:
    if template.rule is None or template.rule.rights not in WITHOUT_REVEALING:
        return 0
    return len({each.id for start in starts for each in start.operations if each.reveals is None})


def _starts(catalog: Catalog, template: Template, goal: Goal) -> Iterator[Start]:
    every = variants_at(catalog, template, Goal.UNDECIDED)
    if len({variant.selection(catalog) for variant in every}) == 1 < len(every):
        yield _start(catalog, template, every[0], ANYWHERE, goal)
        return
    for variant in variants_at(catalog, template, goal):
        yield _start(catalog, template, variant, HEADINGS[variant.project], Goal(variant.project.value))


def _start(catalog: Catalog, template: Template, variant: Variant, heading: str, goal: Goal) -> Start:
    ending = "-enterprise" if heading == HEADINGS[Project.ENTERPRISE] else ""
    service = "" if template.rule else f"{template.service}-"
    draft = replace(Draft.of(variant.selection(catalog), f"{service}{template.slug}{ending}"), goal=goal)
    policy = compiled(catalog, draft)
    operations = tuple(catalog.operation(id_) for id_ in policy.operations.selected)
    largest = max(document.size.characters for document in policy.documents)
    return Start(
        id=f"{template.slug}{ending}",
        heading=heading,
        draft=draft,
        scope=policy.scope,
        operations=operations,
        by_category=_by_category(catalog, operations),
        also_allowed=tuple((catalog.titles.operation_name(o), o) for o in _writing_first(catalog, policy)),
        actions=actions_in_words(catalog, policy.document),
        names=policy.document.actions(),
        documents=tuple(_documents(policy, f"{template.slug}{ending}")),
        divided=policy.divided,
        too_large=largest if largest > MAX_CHARACTERS else 0,
        left_out=find_left_out(catalog, template, variant),
    )


def _documents(policy: CompiledPolicy, id_: str) -> Iterator[Json]:
    for document in policy.documents:
        level = f"-{document.level.value.lower()}" if document.level else ""
        heading = LevelInWords(document.level).heading if document.level else ""
        yield Json(f"json-{id_}{level}", heading, document.text)


def _policy_point(catalog: Catalog, judged: JudgedPolicy, goal: Goal) -> PolicyPoint:
    policy = judged.policy
    return PolicyPoint(
        judged=judged,
        kind=KINDS[policy.kind],
        start=None if judged.scope is None else _copy(catalog, judged, judged.scope, goal),
        json=Json(f"json-{policy.slug}", "", policy.text),
        comparable=not policy.older_form,
    )


def _copy(catalog: Catalog, judged: JudgedPolicy, scope: PolicyScope, goal: Goal) -> Start:
    policy = judged.policy
    operations = tuple(catalog.operation(id_) for id_ in judged.operations)
    blocks = read_blocks(catalog, FoundPolicy(policy.source_text.root, "")).blocks
    draft = Draft(blocks, f"{policy.slug}-copy", goal=goal)
    return Start(
        id=policy.slug,
        heading="A copy to edit",
        draft=draft,
        scope=scope,
        operations=operations,
        by_category=_by_category(catalog, operations),
        also_allowed=(),
        actions=actions_in_words(catalog, policy.document),
        names=policy.document.actions(),
    )


def _by_category(catalog: Catalog, operations: tuple[Operation, ...]) -> Categories:
    found = catalog.by_category(operations)
    return tuple((catalog.titles.category_name(category), inside) for category, inside in found)


def _writing_first(catalog: Catalog, policy: CompiledPolicy) -> list[Operation]:
    """What a policy also allows."""
    return sorted(map(catalog.operation, policy.operations.also_allowed), key=lambda o: o.access is Access.READ)


def _writing(operations: Iterable[Operation]) -> int:
    return sum(operation.access is Access.WRITE for operation in operations)
