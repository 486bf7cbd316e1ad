"""The one loader of YAML: libyaml's where PyYAML was built with it, which is as safe and eight times as fast."""

from typing import Any

import yaml

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Loader(_Base):  # type: ignore[misc]
    """Keeps the `repeated` keys: YAML takes the last of two equal ones and says nothing."""

    def __init__(self, stream: str):
        super().__init__(stream)
        self.repeated: list[yaml.ScalarNode] = []

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        if len(mapping) < len(node.value):
            seen: set[Any] = set()
            for key, _ in node.value:
                if key.value in seen:
                    self.repeated.append(key)
                seen.add(key.value)
        return mapping
