"""Catalogue files -> rows: checked as a whole, then loaded as a whole or not at all.

A file is a Django fixture in YAML (or JSON, which YAML includes) with the models of the catalogue. The files given
together are the whole catalogue: rows that none of them holds are deleted.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import models, transaction

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import CatalogError, Problem
from policybuilder.models import CATALOG_MODELS, ApiCallRecord, CategoryRecord, OperationRecord, OptionRecord

from . import signals
from .rows import build_catalog
from .yaml_loader import Loader

_MODELS = {model._meta.label_lower: model for model in CATALOG_MODELS}
_KEYS = ("model", "pk", "fields")
_ID_PARTS = {  # what an id is made of, so that no two rows can share one service/category/operation#option
    CategoryRecord: ("service", "/", "slug"),
    ApiCallRecord: ("method", " ", "path"),
    OperationRecord: ("category", "/", "slug"),
    OptionRecord: ("operation", "#", "slug"),
}


@dataclass(frozen=True)
class FileEntry:
    """One entry of a file: a row to be, with the places of its parts for error messages."""

    file: str
    node: yaml.MappingNode
    data: dict[str, Any]

    @property
    def model(self) -> type[models.Model] | None:
        name = self.data.get("model")
        return _MODELS.get(name) if isinstance(name, str) else None

    @property
    def key(self) -> tuple[Any, Any]:
        return self.data.get("model"), self.data.get("pk")

    def place(self, *path: str | int) -> str:
        """`file:line: id: field[index]`, the line being that of the part itself."""
        line, _ = _find(self.node, ("fields", *path) if path else ())
        field = "".join(f"[{part}]" if isinstance(part, int) else str(part) for part in path)
        pk = self.data.get("pk")
        return f"{self.file}:{line}: {pk or 'entry without a pk'}" + (f": {field}" if field else "")


def load_files(paths: Iterable[Path]) -> Catalog:
    """Replace the catalogue by these files and return it.

    Raises CatalogError, and then nothing changes: with every problem of the entries, or, where these are sound one by
    one, with every problem of the catalogue that they make.
    """
    problems: list[Problem] = []
    entries = [entry for path in paths for entry in _read(path, problems)]
    problems += _check(entries)
    if problems:
        raise CatalogError(problems)
    with transaction.atomic(), signals.counted_once():
        _save(entries)
        try:
            catalog = build_catalog()
        except CatalogError as error:
            raise CatalogError(_placed(error.problems, entries)) from None
        if not catalog.operations:
            raise CatalogError([Problem("catalogue", "the files hold no operation")])
    return catalog


def _read(path: Path, problems: list[Problem]) -> Iterator[FileEntry]:
    try:
        loader = Loader(path.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        data = loader.construct_document(node) if node else None
    except (OSError, ValueError, yaml.YAMLError) as error:  # ValueError: no UTF-8, or a date that does not exist
        problems.append(Problem(str(path), f"cannot be read: {error}"))
        return
    if not isinstance(data, list) or not isinstance(node, yaml.SequenceNode):
        problems.append(Problem(str(path), "is not a list of entries with model, pk and fields"))
        return
    for child, item in zip(node.value, data, strict=True):
        if isinstance(item, dict):
            yield FileEntry(str(path), child, item)
        else:
            problems.append(Problem(f"{path}:{child.start_mark.line + 1}", "is not an entry with model, pk and fields"))


def _check(entries: list[FileEntry]) -> Iterator[Problem]:
    keys = {entry.key for entry in entries if entry.model and isinstance(entry.data.get("pk"), str)}
    first: dict[tuple[Any, Any], FileEntry] = {}
    for entry in entries:
        if entry.model is None:
            yield Problem(entry.place(), f"unknown model {entry.data.get('model')!r}; known: {', '.join(_MODELS)}")
            continue
        if not isinstance(entry.data.get("pk"), str) or not entry.data["pk"]:
            yield Problem(entry.place(), f"pk is {entry.data.get('pk')!r}; a text was expected")
            continue
        if entry.key in first:
            yield Problem(entry.place(), f"duplicate id: it stands at {first[entry.key].place()} already")
        first.setdefault(entry.key, entry)
        yield from _repeated_keys(entry)
        for name in entry.data:
            if name not in _KEYS:
                yield Problem(entry.place(), f"unknown key {name!r}; known: {', '.join(_KEYS)}")
        fields = entry.data.get("fields")
        if isinstance(fields, dict):
            yield from _check_fields(entry, entry.model, fields, keys)
        else:
            yield Problem(entry.place(), "fields is missing or no mapping")


def _check_fields(
    entry: FileEntry, model: type[models.Model], fields: dict[str, Any], keys: set[tuple[Any, Any]]
) -> Iterator[Problem]:
    known = {field.name: field for field in (*model._meta.fields, *model._meta.many_to_many) if not field.primary_key}
    for name in fields:
        if name not in known:
            yield Problem(entry.place(name), f"unknown field; known: {', '.join(known)}")
    plain: dict[str, Any] = {model._meta.pk.name: entry.data["pk"]}
    for name, field in known.items():
        if name not in fields:
            if not (field.many_to_many or field.has_default() or field.null or field.blank):
                yield Problem(entry.place(), f"the field {name} is missing")
        elif field.many_to_many:
            yield from _check_references(entry, field, fields[name], keys)
        elif not field.is_relation:
            plain[name] = fields[name]
        elif fields[name] is not None:
            yield from _check_reference(entry, (name,), field, fields[name], keys)
        elif not field.null:
            yield Problem(entry.place(name), "is null; an id was expected")
    yield from _check_plain(entry, model, plain)
    yield from _check_id(entry, model, fields)


def _check_references(entry: FileEntry, field: Any, listed: Any, keys: set[tuple[Any, Any]]) -> Iterator[Problem]:
    if not isinstance(listed, list):
        yield Problem(entry.place(field.name), f"is {listed!r}; a list was expected")
        return
    for at, target in enumerate(listed):
        yield from _check_reference(entry, (field.name, at), field, target, keys)
        if listed.index(target) != at:
            yield Problem(entry.place(field.name, at), f"{target!r} stands twice")


def _check_reference(
    entry: FileEntry, path: tuple[str | int, ...], field: Any, target: Any, keys: set[tuple[Any, Any]]
) -> Iterator[Problem]:
    if not isinstance(target, str) or (field.related_model._meta.label_lower, target) not in keys:
        what = field.related_model._meta.verbose_name
        yield Problem(entry.place(*path), f"unknown {what} {target!r}: it has no entry of its own")


def _check_id(entry: FileEntry, model: type[models.Model], fields: dict[str, Any]) -> Iterator[Problem]:
    if model in _ID_PARTS:
        owner, separator, slug = _ID_PARTS[model]
        expected = f"{fields.get(owner)}{separator}{fields.get(slug)}"
        if entry.data["pk"] != expected and {owner, slug} <= fields.keys():
            yield Problem(entry.place(), f"the id is not its {owner} and {slug}, {expected!r}")


def _check_plain(entry: FileEntry, model: type[models.Model], plain: dict[str, Any]) -> Iterator[Problem]:
    """Types, lengths and choices are Django's to check; a value that is no text where one belongs is ours."""
    skipped = {f.name for f in model._meta.fields if f.is_relation or f.name not in plain}
    for name, value in plain.items():
        if isinstance(model._meta.get_field(name), models.CharField) and not isinstance(value, str):
            quoted = "; in YAML, yes and no need quotes" if isinstance(value, bool) else ""
            yield Problem(entry.place(name), f"is {value!r}; a text was expected{quoted}")
            skipped.add(name)
    try:
        model(**plain).clean_fields(exclude=skipped)
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            for message in messages:
                yield Problem(entry.place(name), f"{plain[name]!r}: {message}")


def _repeated_keys(entry: FileEntry) -> Iterator[Problem]:
    for node in (entry.node, _find(entry.node, ("fields",))[1]):
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, _ in node.value:
                if key.value in seen:
                    place = f"{entry.file}:{key.start_mark.line + 1}: {entry.data.get('pk')}"
                    yield Problem(place, f"the key {key.value!r} stands twice")
                seen.add(key.value)


def _find(node: yaml.Node, path: tuple[str | int, ...]) -> tuple[int, yaml.Node]:
    """The line, from 1, and the node at `path`, or of the nearest part above it that is there."""
    line = node.start_mark.line + 1
    for part in path:
        if isinstance(node, yaml.MappingNode):
            pairs = [(key, value) for key, value in node.value if key.value == part]
            if not pairs:
                break
            line, node = pairs[-1][0].start_mark.line + 1, pairs[-1][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
    return line, node


def _save(entries: list[FileEntry]) -> None:
    saved: dict[type[models.Model], set[Any]] = {model: set() for model in CATALOG_MODELS}
    order = {model._meta.label_lower: at for at, model in enumerate(CATALOG_MODELS)}
    rows = sorted((entry.data for entry in entries), key=lambda data: order[data["model"]])
    for deserialized in serializers.deserialize("python", rows):
        # A list that is left out of the file is empty, whatever was there.
        lists = {field.name: () for field in type(deserialized.object)._meta.many_to_many}
        deserialized.m2m_data = {**lists, **(deserialized.m2m_data or {})}
        deserialized.save()
        saved[type(deserialized.object)].add(deserialized.object.pk)
    for model in reversed(CATALOG_MODELS):
        gone = set(model.objects.values_list("pk", flat=True)) - saved[model]
        model.objects.filter(pk__in=gone).delete()


def _placed(problems: Iterable[Problem], entries: list[FileEntry]) -> Iterator[Problem]:
    """The problems of a built catalogue, whose places are ids, with the file and line of the entry."""
    entry_of = {entry.data["pk"]: entry for model in CATALOG_MODELS for entry in entries if entry.model is model}
    for problem in problems:
        pk, separator, rest = problem.place.partition(": ")
        entry = entry_of.get(pk)
        yield Problem(f"{entry.place()}{separator}{rest}" if entry else problem.place, problem.message)
