"""What a policy can begin with: the system-defined policies, and templates of tasks.

Plain data of the project, under fixtures/starting-points/, read once a process and never written. The templates are
judged against whatever catalogue is loaded: one whose operations it does not have is left out.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from policybuilder.domain.access.operations import what_allows
from policybuilder.domain.building.compiler import Policy, compile_selection
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.catalog.action_names import ActionNameError, parse_action
from policybuilder.domain.catalog.catalog import Catalog, Problem, Source
from policybuilder.domain.catalog.scope import PolicyScope, judge
from policybuilder.domain.policy.document import VERSION, Document, Effect, Size, Statement, measure

FOLDER = settings.BASE_DIR / "fixtures" / "starting-points"

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Kind(StrEnum):
    """A role is the older form of a system-defined policy; it allows the same way."""

    POLICY = "policy"
    ROLE = "role"


class Project(StrEnum):
    """Where the policy of a template is to be granted."""

    IAM = "iam_project"
    ENTERPRISE = "enterprise_project"


class StartingPointsError(ValueError):
    """A file is wrong: every problem with its place, such as `templates.yaml: create-servers: iam_project`."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


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
    policy: Policy


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


@cache
def system_policies() -> tuple[SystemPolicy, ...]:
    return read_system_policies(FOLDER / "system-policies.yaml")


@cache
def templates() -> tuple[Template, ...]:
    return read_templates(FOLDER / "templates.yaml")


def read_system_policies(path: Path) -> tuple[SystemPolicy, ...]:
    """Raises StartingPointsError with every problem."""
    reader = _Reader(path.name)
    data = reader.mapping(reader.load(path), "", ("source", "policies"))
    source = reader.mapping(data.get("source"), "source", ("title", "url", "revision", "date"))
    found = tuple(
        SystemPolicy(
            slug=slug,
            name=reader.text(entry, "name", slug),
            kind=reader.kind(entry, slug),
            document=Document(tuple(reader.statements(entry.get("document"), f"{slug}: document"))),
            source=Source(
                path.stem, reader.text(source, "title", "source"), reader.text(source, "url", "source"), *_dated(source)
            ),
        )
        for slug, entry in reader.entries(data.get("policies"), "policies", ("slug", "name", "kind", "document"))
    )
    reader.finish()
    return found


def read_templates(path: Path) -> tuple[Template, ...]:
    """Raises StartingPointsError with every problem."""
    reader = _Reader(path.name)
    keys = ("slug", "title", "description", *Project, "impossible_in_enterprise_projects")
    found = tuple(
        Template(
            slug=slug,
            title=reader.text(entry, "title", slug),
            description=reader.text(entry, "description", slug),
            variants=tuple(reader.variant(entry[key], slug, key) for key in Project if key in entry),
            impossible=reader.impossible(entry, slug),
        )
        for slug, entry in reader.entries(reader.load(path), "", keys)
    )
    reader.finish()
    return found


def _dated(source: Mapping[str, Any]) -> tuple[str, str]:
    return str(source.get("revision", "")), str(source.get("date", ""))


def _judged(catalog: Catalog, policy: SystemPolicy) -> JudgedPolicy:
    allowed = what_allows(catalog, policy.document).allowed
    return JudgedPolicy(
        policy=policy,
        operations=tuple(id_ for id_ in catalog.operations if id_ in allowed),
        scope=judge(catalog, policy.document.actions()),
        size=measure(policy.document),
    )


@dataclass
class _Reader:
    """Reads the parts of one file. What is wrong is noted with its place and read as empty: all of it is told."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def load(self, path: Path) -> Any:
        try:
            return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506, a safe loader
        except (OSError, ValueError, yaml.YAMLError) as error:  # ValueError: no UTF-8, or a date that does not exist
            raise StartingPointsError([Problem(self.file, f"cannot be read: {error}")]) from None

    def finish(self) -> None:
        if self.problems:
            raise StartingPointsError(self.problems)

    def mapping(self, data: Any, place: str, keys: Iterable[str]) -> Mapping[str, Any]:
        if not isinstance(data, dict):
            self._note(place, f"is {data!r}; keys with values were expected: {', '.join(keys)}")
            return {}
        for key in data:
            if key not in keys:
                self._note(place, f"unknown key {key!r}; known: {', '.join(keys)}")
        return data

    def entries(self, data: Any, place: str, keys: Iterable[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The entries of a list, each with its slug."""
        seen: set[str] = set()
        for at, item in enumerate(self._list(data, place)):
            entry = self.mapping(item, f"{place}[{at}]", keys)
            slug = self.text(entry, "slug", f"{place}[{at}]")
            if slug in seen - {""}:
                self._note(slug, "the slug stands twice")
            seen.add(slug)
            yield slug, entry

    def text(self, entry: Mapping[str, Any], key: str, place: str) -> str:
        value = entry.get(key)
        if isinstance(value, str) and value.strip():
            return value
        self._note(f"{place}: {key}", f"is {value!r}; a text was expected")
        return ""

    def kind(self, entry: Mapping[str, Any], place: str) -> Kind:
        value = self.text(entry, "kind", place)
        if value in set(Kind):
            return Kind(value)
        self._note(f"{place}: kind", f"is {value!r}; allowed: {', '.join(Kind)}")
        return Kind.POLICY

    def statements(self, data: Any, place: str) -> Iterator[Statement]:
        document = self.mapping(data, place, ("Version", "Statement"))
        if document.get("Version") != VERSION:
            self._note(f"{place}.Version", f"is {document.get('Version')!r}; {VERSION!r} was expected")
        for at, item in enumerate(self._list(document.get("Statement"), f"{place}.Statement")):
            here = f"{place}.Statement[{at}]"
            statement = self.mapping(item, here, ("Effect", "Action"))
            effect = statement.get("Effect")
            if effect not in tuple(Effect):
                self._note(f"{here}.Effect", f"is {effect!r}; allowed: {', '.join(Effect)}")
                effect = Effect.ALLOW
            actions = self._texts(statement.get("Action"), f"{here}.Action")
            for number, name in enumerate(actions):
                try:
                    parse_action(name)
                except ActionNameError as error:
                    self._note(f"{here}.Action[{number}]", str(error))
            yield Statement(Effect(effect), actions)

    def variant(self, data: Any, slug: str, key: Project) -> Variant:
        place = f"{slug}: {key}"
        entry = self.mapping(data, place, ("operations", "options"))
        operations = self._texts(entry.get("operations"), f"{place}: operations")
        options = entry.get("options", {})
        if not isinstance(options, dict):
            self._note(f"{place}: options", f"is {options!r}; operations with their options were expected")
            options = {}
        for id_ in options:
            if id_ not in operations:
                self._note(f"{place}: options", f"{id_!r} does not stand among the operations")
        chosen = tuple((id_, self._texts(slugs, f"{place}: options: {id_}")) for id_, slugs in options.items())
        return Variant(key, operations, chosen)

    def impossible(self, entry: Mapping[str, Any], slug: str) -> str:
        """Why there is no variant for enterprise projects; one of the two has to be there."""
        key = "impossible_in_enterprise_projects"
        if Project.IAM not in entry:
            self._note(slug, f"{Project.IAM} is missing")
        if (key in entry) == (Project.ENTERPRISE in entry):
            self._note(slug, f"either {Project.ENTERPRISE} or {key} was expected")
        return self.text(entry, key, slug) if key in entry else ""

    def _texts(self, data: Any, place: str) -> tuple[str, ...]:
        """A list of texts, each once, at least one."""
        items = self._list(data, place)
        for at, item in enumerate(items):
            if not isinstance(item, str) or not item:
                self._note(f"{place}[{at}]", f"is {item!r}; a text was expected")
            elif items.index(item) != at:
                self._note(f"{place}[{at}]", f"{item!r} stands twice")
        return tuple(str(item) for item in items)

    def _list(self, data: Any, place: str) -> list[Any]:
        if isinstance(data, list) and data:
            return data
        self._note(place, f"is {data!r}; a list was expected")
        return []

    def _note(self, place: str, message: str) -> None:
        self.problems.append(Problem(f"{self.file}: {place}" if place else self.file, message))
