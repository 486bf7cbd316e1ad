"""The files beside the pages, decisions and scopes: YAML in which no key may stand twice."""

from pathlib import Path
from typing import Any

from policybuilder.catalog_files.yaml_loader import Loader
from policybuilder.reference.problems import ReferenceProblem


def read_data(path: Path) -> Any:
    """What the file holds. Raises ReferenceProblem for a key that stands twice, of which YAML takes the last."""
    loader = Loader(path.read_text(encoding="utf-8"))
    data = loader.get_single_data()
    for key in loader.repeated:
        raise ReferenceProblem(f"{path}:{key.start_mark.line + 1}", f"the key {key.value!r} stands twice.")
    return data
