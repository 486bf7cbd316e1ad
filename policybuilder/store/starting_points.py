"""What a policy can begin with, as the files say it: the system-defined policies, and templates of tasks.

Plain data of the project, under fixtures/starting-points/, read once a process and never written. Nobody but us writes
these files, so they are taken as they are: a test holds them to their form.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from policybuilder.catalog_files.yaml_loader import Loader
from policybuilder.domain.access.evaluation import Project
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Source
from policybuilder.domain.policy.document import Document, Effect, Statement

FOLDER: Path = settings.BASE_DIR / "fixtures" / "starting-points"
SYSTEM_POLICIES, TEMPLATES = FOLDER / "system-policies.yaml", FOLDER / "templates.yaml"


class Kind(StrEnum):
    """A role is the older form of a system-defined policy; it allows the same way."""

    POLICY = "policy"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class SystemPolicy:
    """`document` is as published, its actions in their order."""

    slug: str
    name: str
    kind: Kind
    document: Document
    source: Source


@dataclass(frozen=True, slots=True)
class Variant:
    """A template for one kind of project. `options`: id of an operation -> the slugs of its options that are on."""

    project: Project
    operations: tuple[str, ...]
    options: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def is_known_to(self, catalog: Catalog) -> bool:
        """Whether the catalogue has every operation and option."""
        return all(id_ in catalog.operations for id_ in self.operations) and all(
            slug in {option.slug for option in catalog.operation(id_).options}
            for id_, slugs in self.options
            for slug in slugs
        )

    def selection(self, catalog: Catalog) -> Selection:
        """Raises UnknownOperation where the variant is not known to the catalogue."""
        off = {
            (id_, option.slug)
            for id_, slugs in self.options
            for option in catalog.operation(id_).options
            if option.slug not in slugs
        }
        return Selection(operations=frozenset(self.operations), options_off=frozenset(off))


@dataclass(frozen=True, slots=True)
class Template:
    """A task in an administrator's words. `impossible` says why there is no variant for enterprise projects."""

    slug: str
    title: str
    description: str
    variants: tuple[Variant, ...]
    impossible: str = ""

    def variant(self, project: Project) -> Variant | None:
        return next((variant for variant in self.variants if variant.project is project), None)


@cache
def system_policies() -> tuple[SystemPolicy, ...]:
    data = load(SYSTEM_POLICIES)
    source = Source(slug=SYSTEM_POLICIES.stem, **data["source"])
    return tuple(
        SystemPolicy(
            slug=entry["slug"],
            name=entry["name"],
            kind=Kind(entry["kind"]),
            document=_document(entry["document"]),
            source=source,
        )
        for entry in data["policies"]
    )


def find_system_policy(slug: str) -> SystemPolicy | None:
    return next((policy for policy in system_policies() if policy.slug == slug), None)


@cache
def templates() -> tuple[Template, ...]:
    return tuple(
        Template(
            slug=entry["slug"],
            title=entry["title"],
            description=entry["description"],
            variants=tuple(_variant(project, entry[project]) for project in Project if project in entry),
            impossible=entry.get("impossible_in_enterprise_projects", ""),
        )
        for entry in load(TEMPLATES)
    )


def load(path: Path) -> Any:
    """A file of starting points, as YAML has it."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=Loader)  # noqa: S506, a safe loader


def _document(data: Mapping[str, Any]) -> Document:
    return Document(tuple(Statement(Effect(each["Effect"]), tuple(each["Action"])) for each in data["Statement"]))


def _variant(project: Project, data: Mapping[str, Any]) -> Variant:
    options = ((id_, tuple(slugs)) for id_, slugs in data.get("options", {}).items())
    return Variant(project, tuple(data["operations"]), tuple(options))
