"""What the starting points mean in whatever catalogue is loaded: what each allows, and where it works.

A template whose operations the catalogue does not have is left out. Of a system-defined policy whose text has no
certain meaning nothing is said.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from policybuilder.domain.access.document_scope import judge_document
from policybuilder.domain.access.evaluation import Project
from policybuilder.domain.access.operations import what_allows
from policybuilder.domain.building.compiler import CompiledPolicy, compile_selection
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Operation, Service, Support
from policybuilder.domain.catalog.known_actions import KnownActions
from policybuilder.domain.catalog.rights import Rights
from policybuilder.domain.catalog.scope import Goal, PolicyScope, works_at
from policybuilder.domain.jsontext.nodes import Array, Node
from policybuilder.domain.policy.document import Size
from policybuilder.domain.policy.reading import measure_body
from policybuilder.domain.policy.unclear import unclear_parts
from policybuilder.domain.remembering import built_once

from .starting_points import Rule, SystemPolicy, Template, Variant, service_templates, system_policies, templates

_OLDER_FORM = (
    "It is a role of Version 1.0: its actions are of an older form, and which operations they allow is not published. "
    "So nothing is said about that, and there is no copy: a custom policy cannot be written like this."
)
_NONE_IN_ENTERPRISE = "Of none of these operations is it published that it works in enterprise projects."


@dataclass(frozen=True, slots=True)
class JudgedPolicy:
    """A system-defined policy with what it allows. `operations` are ids in the catalogue's order.

    `obstacle` says why nothing can be said about what it allows; it is empty where `scope` is there.
    """

    policy: SystemPolicy
    operations: tuple[str, ...]
    scope: PolicyScope | None
    size: Size
    obstacle: str = ""


@dataclass(frozen=True, slots=True)
class CompiledTemplate:
    """One variant of a template with the policy that it makes."""

    template: Template
    variant: Variant
    policy: CompiledPolicy


@dataclass(frozen=True, slots=True)
class StartingService:
    """A service with what it can be given as a whole. Of templates that are the same there is the first only."""

    service: Service
    templates: tuple[Template, ...]

    def template(self, rights: Rights) -> Template | None:
        return next((t for t in self.templates if t.rule and t.rule.rights is rights), None)


@built_once
def judged_policies(catalog: Catalog) -> tuple[JudgedPolicy, ...]:
    """The system-defined policies in their file's order. A catalogue is judged once."""
    return tuple(_judged(catalog, policy) for policy in system_policies())


@built_once
def compiled_templates(catalog: Catalog) -> tuple[CompiledTemplate, ...]:
    """Every variant of a task that the catalogue knows, in their file's order. A catalogue's are compiled once."""
    return tuple(found for template in starting_tasks(catalog) for found in compile_template(catalog, template))


def compile_template(catalog: Catalog, template: Template) -> tuple[CompiledTemplate, ...]:
    """The policies of its variants, which the catalogue knows."""
    return tuple(
        CompiledTemplate(template, variant, compile_selection(catalog, variant.selection(catalog)))
        for variant in variants_at(catalog, template, Goal.UNDECIDED)
    )


@built_once
def starting_tasks(catalog: Catalog) -> tuple[Template, ...]:
    """The templates of tasks, in their file's order, with those of their variants that the catalogue knows."""
    return tuple(known_templates(catalog, templates()))


def known_templates(catalog: Catalog, among: Iterable[Template]) -> Iterator[Template]:
    """The templates with those of their variants that the catalogue knows; none without a variant.

    Of a rule the variants are those that it makes there.
    """
    for template in among:
        known = _by_rule(catalog, template, template.rule) if template.rule else _as_listed(catalog, template)
        if known.variants:
            yield known


@built_once
def starting_services(catalog: Catalog) -> tuple[StartingService, ...]:
    """The services that publish operations, in the catalogue's order."""
    return tuple(
        StartingService(service, _told_apart(known_templates(catalog, service_templates(service))))
        for service in catalog.services
        if service.categories
    )


def find_template(catalog: Catalog, slug: str) -> Template | None:
    """A task, or what a service can be given as a whole; None where the catalogue has no such one."""
    of_services = (template for each in starting_services(catalog) for template in each.templates)
    return next((template for template in (*starting_tasks(catalog), *of_services) if template.slug == slug), None)


def variants_at(catalog: Catalog, template: Template, goal: Goal) -> tuple[Variant, ...]:
    """Those that fit: all while nothing is decided, else the one for that kind of project, if there is one. None has an
    operation that has no effect where it is for."""
    wanted = (variant for variant in template.variants if goal in (Goal.UNDECIDED, Goal(variant.project.value)))
    return tuple(found for variant in wanted if (found := _with_effect(catalog, variant)).operations)


def left_out(template: Template, variant: Variant) -> frozenset[str]:
    """The ids of what its variants have, and this one does not."""
    return frozenset(id_ for each in template.variants for id_ in each.operations).difference(variant.operations)


def _with_effect(catalog: Catalog, variant: Variant) -> Variant:
    goal = Goal(variant.project.value)
    return replace(
        variant,
        operations=tuple(id_ for id_ in variant.operations if works_at(catalog.operation(id_), goal)),
    )


def _as_listed(catalog: Catalog, template: Template) -> Template:
    """With what the console needs, as far as the catalogue has it. In enterprise projects only operations that are
    published to work there."""
    console = tuple(id_ for id_ in template.console if id_ in catalog.operations)
    known = (variant for variant in template.variants if variant.is_known_to(catalog))
    variants = (replace(variant, operations=(*variant.operations, *console)) for variant in known)
    return replace(template, variants=tuple(_working(catalog, variant) for variant in variants))


def _working(catalog: Catalog, variant: Variant) -> Variant:
    if variant.project is Project.IAM:
        return variant
    working = (id_ for id_ in variant.operations if _works_in_enterprise(catalog.operation(id_)))
    return replace(variant, operations=tuple(working))


def _works_in_enterprise(operation: Operation) -> bool:
    return operation.free or operation.scope.enterprise_project is Support.YES


def _by_rule(catalog: Catalog, template: Template, rule: Rule) -> Template:
    variants = rule.variants(catalog)
    takes_effect = any(variant.project is Project.ENTERPRISE for variant in variants)
    return replace(template, variants=variants, impossible="" if takes_effect else _NONE_IN_ENTERPRISE)


def _told_apart(given: Iterable[Template]) -> tuple[Template, ...]:
    """Without operating where that is no more than reading, and everything where that is no more than one of both."""
    found: dict[tuple[str, ...], Template] = {}
    for template in given:
        found.setdefault(template.variants[0].operations, template)
    return tuple(found.values())


def _judged(catalog: Catalog, policy: SystemPolicy) -> JudgedPolicy:
    size = measure_body(policy.source_text.root)
    if obstacle := _obstacle(policy):
        return JudgedPolicy(policy, (), None, size, obstacle)
    allowed = what_allows(catalog, policy.document).allowed
    return JudgedPolicy(
        policy=policy,
        operations=tuple(id_ for id_ in catalog.operations if id_ in allowed),
        scope=judge_document(KnownActions(catalog), policy.document),
        size=size,
    )


def _obstacle(policy: SystemPolicy) -> str:
    """Why nothing is said about what it allows, or "". That it depends on nothing ("Depends": []) is clear enough."""
    if policy.older_form:
        return _OLDER_FORM
    root = policy.source_text.root
    unclear = [part for part in unclear_parts(root) if not _is_empty(part.node)] if root else []
    return f"{unclear[0].message} So nothing is said about what it allows, and there is no copy." if unclear else ""


def _is_empty(node: Node) -> bool:
    return isinstance(node, Array) and not node.items
