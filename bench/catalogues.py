"""The catalogues that are measured: the file of ECS alone, and the whole cloud, which is what people are served."""

from functools import cache
from pathlib import Path

from policybuilder.catalog_files.files import read_files

WHOLE = Path(__file__).resolve().parent.parent / "fixtures" / "catalogue"
ECS = WHOLE / "ecs.yaml"


@cache
def ecs_operations() -> list[str]:
    """The ids of the operations of ECS, in the vendor's order."""
    return list(read_files([ECS]).operations)
