"""Catalogue files as YAML: keys in the order of their entries, without defaults, lines of 120 characters."""

from typing import Any

import yaml

from policybuilder.reference.services import Entry

_INLINE = (
    {"iam_project", "enterprise_project", "by_instance", "by_tag", "evidence", "source"},
    {"call", "enterprise_project"},
    {"title", "url"},
    {"kinds", "fields", "source"},
)
_DEFAULTS = {"native": False, "level_evidence": "stated"}
_EMPTY: tuple[Any, ...] = ("", None, [], {})
_SAYING_NONE = frozenset({"kinds"})  # an empty list of these is a fact
WIDTH = 120


def catalogue_text(file: Entry, header: str) -> str:
    """The same file gives the same text."""
    lines = "".join(f"# {line}\n" for line in header.splitlines())
    return lines + yaml.dump(
        _without_defaults(file),
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=WIDTH - 10,  # PyYAML ends a line only behind the word that passes it
        default_flow_style=False,
    )


def _without_defaults(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _without_defaults(item)
            for key, item in value.items()
            if (item not in _EMPTY or key in _SAYING_NONE) and _DEFAULTS.get(key) != item
        }
    if isinstance(value, list):
        return [_without_defaults(item) for item in value]
    return value


class _Dumper(yaml.SafeDumper):
    """Short lists, scopes and links to pages in one line; lists indented as their keys are."""

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> yaml.MappingNode:
        inline = any(set(mapping) <= keys for keys in _INLINE) and len(str(mapping)) < WIDTH
        return super().represent_mapping(tag, mapping, flow_style=inline)

    def represent_sequence(self, tag: str, sequence: Any, flow_style: bool | None = None) -> yaml.SequenceNode:
        texts = all(isinstance(item, str) for item in sequence)
        inline = texts and not any(" " in item for item in sequence) and len(str(sequence)) < WIDTH - 40
        return super().represent_sequence(tag, sequence, flow_style=inline)
