"""What a policy can begin with, as the files say it: the system-defined policies, and templates of tasks.

Plain data of the project, under fixtures/starting-points/, read once a process and never written. Nobody but us writes
these files, so they are taken as they are: a test holds them to their form.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from policybuilder.domain.access.evaluation import Project
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Operation, Service, Source, Support
from policybuilder.domain.catalog.rights import Rights, operations_with
from policybuilder.domain.jsontext.source import JsonText, read
from policybuilder.domain.policy.document import VERSION, Document
from policybuilder.domain.policy.reading import to_document
from policybuilder.domain.remembering import built_once

from . import FIXTURES
from .yaml_loader import Loader

FOLDER: Path = FIXTURES / "starting-points"
SYSTEM_POLICIES, SYSTEM_POLICY_NAMES = FOLDER / "system-policies.yaml", FOLDER / "system-policy-names.yaml"
TEMPLATES = FOLDER / "templates.yaml"
SERVICE_RIGHTS = (Rights.READ, Rights.OPERATE, Rights.EVERYTHING)

_TITLES = {Rights.READ: "Read {}", Rights.OPERATE: "Operate {}", Rights.EVERYTHING: "Everything in {}"}
_DESCRIPTIONS = {
    Rights.READ: "Everything in {} that only reads.",
    Rights.OPERATE: (
        "Look at everything in {}, and run what is there, as far as there are operations for it: start, stop, switch, "
        "change how it is set. Nothing is created, deleted or ordered. Passwords, keys, permissions and who may get at "
        "what stay as they are."
    ),
    Rights.EVERYTHING: "Every operation of {}.",
}


class Kind(StrEnum):
    """A role is the older form of a system-defined policy."""

    POLICY = "policy"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class SystemPolicy:
    """`text` is the JSON as published, written as the console prints it, `source_text` the same one read; `document` is
    what of it has a meaning. `note` says what of it is not as it seems, or is empty.
    """

    slug: str
    name: str
    kind: Kind
    description: str
    note: str
    text: str
    source_text: JsonText
    document: Document
    source: Source
    version: str

    @property
    def older_form(self) -> bool:
        """Whether it is a role of Version 1.0, whose actions are not those of a policy ("dws:dws:*" means all of DWS):
        nothing can be said about what it allows."""
        return self.version != VERSION

    @property
    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.text)
        return found


@dataclass(frozen=True, slots=True)
class PolicyName:
    """A system-defined policy of which nothing else is published. `kind` and `scope` are None and "" where these are
    not, either."""

    name: str
    kind: Kind | None
    scope: str
    description: str
    source: Source


@dataclass(frozen=True, slots=True)
class PolicyNames:
    """Those of one service, which the catalogue need not have; `group` is the heading of the vendor's page."""

    service: str
    group: str
    policies: tuple[PolicyName, ...]


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
class Rule:
    """Operations by what is done with them, of `services` (slugs; none means all), and the ids in `also`."""

    rights: Rights
    services: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    def variants(self, catalog: Catalog) -> tuple[Variant, ...]:
        """What it comes to in this catalogue, for enterprise projects with what takes effect there. None where the
        catalogue does not have a service or an operation that is named."""
        if any(slug not in catalog.services_by_slug for slug in self.services):
            return ()
        if any(id_ not in catalog.operations for id_ in self.also):
            return ()
        operations = self._operations(catalog)
        found = {Project.IAM: operations, Project.ENTERPRISE: tuple(_in_enterprise_projects(catalog, operations))}
        return tuple(
            Variant(project, tuple(operation.id for operation in listed))
            for project, listed in found.items()
            if any(not operation.free for operation in listed)
        )

    def _operations(self, catalog: Catalog) -> tuple[Operation, ...]:
        wanted = {o.id for slug in self.services for o in catalog.services_by_slug[slug].operations}
        rightful = {o.id for o in operations_with(catalog, self.rights) if not self.services or o.id in wanted}
        return tuple(o for o in catalog.operations.values() if o.id in rightful or o.id in self.also)


@dataclass(frozen=True, slots=True)
class Template:
    """A task in an administrator's words. `impossible` says why there is no variant for enterprise projects.

    `service` is a slug, or "" for several services. `console` are the ids of reading operations that the console's
    pages for the task call. `judged_starting_points.known_templates` adds them to the variants, leaves out what has no
    effect, and makes the variants of a rule: the catalogue decides all three.
    """

    slug: str
    title: str
    description: str
    variants: tuple[Variant, ...]
    impossible: str = ""
    rule: Rule | None = None
    service: str = ""
    console: tuple[str, ...] = ()

    def variant(self, project: Project) -> Variant | None:
        return next((variant for variant in self.variants if variant.project is project), None)


@built_once
def system_policies() -> tuple[SystemPolicy, ...]:
    data = load(SYSTEM_POLICIES)
    sources = _sources(data)
    return tuple(_system_policy(entry, sources) for entry in data["policies"])


def current_system_policies() -> tuple[SystemPolicy, ...]:
    """Those whose actions mean what a policy's mean, so that they can be compared and evaluated."""
    return tuple(policy for policy in system_policies() if not policy.older_form)


def find_system_policy(slug: str) -> SystemPolicy | None:
    """One of those that can be compared and evaluated."""
    return next((policy for policy in current_system_policies() if policy.slug == slug), None)


@built_once
def system_policy_names() -> tuple[PolicyNames, ...]:
    """Those of which no contents are published, in their file's order."""
    data = load(SYSTEM_POLICY_NAMES)
    sources = _sources(data)
    return tuple(
        PolicyNames(
            entry["service"],
            entry["group"],
            tuple(
                PolicyName(
                    name=each["name"],
                    kind=Kind(each["kind"]) if "kind" in each else None,
                    scope=each.get("scope", ""),
                    description=each["description"],
                    source=sources[each.get("source", "iam")],
                )
                for each in entry["policies"]
            ),
        )
        for entry in data["services"]
    )


@built_once
def templates() -> tuple[Template, ...]:
    return tuple(
        Template(
            slug=entry["slug"],
            title=entry["title"],
            description=entry["description"],
            variants=tuple(_variants(entry)) if "operations" in entry else (),
            impossible=entry.get("impossible_in_enterprise_projects", ""),
            rule=_rule(entry["rule"]) if "rule" in entry else None,
            service=entry.get("service", ""),
            console=tuple(entry.get("console", ())),
        )
        for entry in load(TEMPLATES)
    )


def service_templates(service: Service) -> tuple[Template, ...]:
    """What a service can be given as a whole: to read, to operate, everything."""
    name = service.title if service.label == service.title else f"{service.title} ({service.label})"
    return tuple(
        Template(
            slug=f"{service.slug}-{rights}",
            title=_TITLES[rights].format(service.label),
            description=_DESCRIPTIONS[rights].format(name),
            variants=(),
            rule=Rule(rights, (service.slug,)),
        )
        for rights in SERVICE_RIGHTS
    )


def load(path: Path) -> Any:
    """A file of starting points, as YAML has it."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=Loader)  # noqa: S506, a safe loader


def _sources(data: Mapping[str, Any]) -> dict[str, Source]:
    return {slug: Source(slug=slug, **entry) for slug, entry in data["sources"].items()}


def _system_policy(entry: Mapping[str, Any], sources: Mapping[str, Source]) -> SystemPolicy:
    text = json.dumps(entry["document"], indent=4, ensure_ascii=False) + "\n"
    source_text = read(text)
    return SystemPolicy(
        slug=entry["slug"],
        name=entry["name"],
        kind=Kind(entry["kind"]),
        description=entry["description"],
        note=entry.get("note", ""),
        text=text,
        source_text=source_text,
        document=to_document(source_text.root),
        source=sources[entry["source"]],
        version=entry["document"]["Version"],
    )


def _variants(entry: Mapping[str, Any]) -> Iterator[Variant]:
    options = tuple((id_, tuple(slugs)) for id_, slugs in entry.get("options", {}).items())
    for project in Project:
        if project is Project.IAM or "impossible_in_enterprise_projects" not in entry:
            yield Variant(project, tuple(entry["operations"]), options)


def _rule(data: Mapping[str, Any]) -> Rule:
    return Rule(Rights(data["rights"]), tuple(data.get("services", ())), tuple(data.get("also", ())))


def _in_enterprise_projects(catalog: Catalog, operations: Iterable[Operation]) -> Iterator[Operation]:
    """Those that take effect there, with everything that they need."""
    for operation in operations:
        scopes = (
            operation.scope,
            *(scope for name in operation.names() for scope in catalog.action_index.scopes(name)),
        )
        if operation.free or all(scope.enterprise_project is Support.YES for scope in scopes):
            yield operation
