"""Catalogue files: YAML -> mappings, with the line of every part."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import CatalogError, Problem

from .entry import Path as PartPath
from .reading import Facts, read_catalog
from .yaml_loader import Loader


class CatalogFile:
    """A file of one service's facts. Raises OSError, ValueError or YAMLError where it cannot be read."""

    def __init__(self, path: Path):
        self.path = path
        self._text = path.read_text(encoding="utf-8")
        loader = Loader(self._text)
        self.data: Any = loader.get_single_data()
        self._repeated = loader.repeated

    def problems(self) -> Iterator[Problem]:
        if not isinstance(self.data, dict):
            yield Problem(str(self.path), "is not a service: a mapping with service, title, categories … was expected")
        for key in self._repeated:
            yield Problem(f"{self.path}:{key.start_mark.line + 1}", f"the key {key.value!r} stands twice")

    def where(self, path: PartPath) -> str:
        """`file:line` of the part at `path`, or of the nearest part above it that is there."""
        node = self._tree
        line = 1
        for part in path:
            if isinstance(node, yaml.MappingNode):
                pairs = [(key, value) for key, value in node.value if key.value == part]
                if not pairs:
                    break
                line, node = pairs[-1][0].start_mark.line + 1, pairs[-1][1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
                node = node.value[part]
                line = node.start_mark.line + 1
            else:
                break
        return f"{self.path}:{line}"

    @cached_property
    def _tree(self) -> yaml.Node | None:
        node: yaml.Node | None = Loader(self._text).get_single_node()
        return node


def read_files(paths: Iterable[Path]) -> Catalog:
    """The catalogue of these files, and of the files in these folders.

    Raises CatalogError with every problem of the entries. Where each entry is sound by itself, it has every problem of
    the catalogue that they make.
    """
    files: list[Facts] = []
    problems: list[Problem] = []
    for path in _in_folders(paths):
        try:
            file = CatalogFile(path)
        except (OSError, ValueError, yaml.YAMLError) as error:  # ValueError: no UTF-8, or a date that does not exist
            problems.append(Problem(str(path), f"cannot be read: {error}"))
            continue
        problems += file.problems()
        if isinstance(file.data, dict):
            files.append(Facts(file.data, file.where))
    return read_catalog(files, problems)


def _in_folders(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            found = sorted(path.glob("*.yaml"))
            if not found:
                raise CatalogError([Problem(str(path), "is a folder without catalogue files (*.yaml)")])
            yield from found
        else:
            yield path
