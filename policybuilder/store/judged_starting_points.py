"""What the starting points mean in whatever catalogue is loaded: what each allows, and where it works.

A template whose operations the catalogue does not have is left out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from policybuilder.domain.access.document_scope import judge_document
from policybuilder.domain.access.operations import what_allows
from policybuilder.domain.building.compiler import CompiledPolicy, compile_selection
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.known_actions import KnownActions
from policybuilder.domain.catalog.scope import PolicyScope
from policybuilder.domain.policy.document import Size, measure

from .starting_points import SystemPolicy, Template, Variant, system_policies, templates


@dataclass(frozen=True, slots=True)
class JudgedPolicy:
    """A system-defined policy with what it allows. `operations` are ids in the catalogue's order."""

    policy: SystemPolicy
    operations: tuple[str, ...]
    scope: PolicyScope
    size: Size


@dataclass(frozen=True, slots=True)
class CompiledTemplate:
    """One variant of a template with the policy that it makes."""

    template: Template
    variant: Variant
    policy: CompiledPolicy


@lru_cache(maxsize=1)
def judged_policies(catalog: Catalog) -> tuple[JudgedPolicy, ...]:
    """The system-defined policies in their file's order. A catalogue is judged once."""
    return tuple(_judged(catalog, policy) for policy in system_policies())


@lru_cache(maxsize=1)
def compiled_templates(catalog: Catalog) -> tuple[CompiledTemplate, ...]:
    """Every variant that the catalogue knows, in their file's order. A catalogue's are compiled once."""
    return tuple(
        CompiledTemplate(template, variant, compile_selection(catalog, variant.selection(catalog)))
        for template in known_templates(catalog, templates())
        for variant in template.variants
    )


def known_templates(catalog: Catalog, among: Iterable[Template]) -> Iterator[Template]:
    """The templates with those of their variants that the catalogue knows; none without a variant."""
    for template in among:
        variants = tuple(variant for variant in template.variants if variant.is_known_to(catalog))
        if variants:
            yield replace(template, variants=variants)


def _judged(catalog: Catalog, policy: SystemPolicy) -> JudgedPolicy:
    allowed = what_allows(catalog, policy.document).allowed
    return JudgedPolicy(
        policy=policy,
        operations=tuple(id_ for id_ in catalog.operations if id_ in allowed),
        scope=judge_document(KnownActions(catalog), policy.document),
        size=measure(policy.document),
    )
