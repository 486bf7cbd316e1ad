"""The drafts that are measured: selections of ECS operations, and their addresses."""

from dataclasses import dataclass
from random import Random

from bench.catalogues import ecs_operations
from policybuilder.domain.building.selection import Selection
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.link import encode

TYPICAL_CATEGORIES = ("lifecycle-management", "ecs-status-management", "disk-management")


@dataclass(frozen=True)
class Step:
    """One more operation is ticked."""

    before: frozenset[str]
    ticked: str

    @property
    def after(self) -> frozenset[str]:
        return self.before | {self.ticked}

    def one_earlier(self) -> "Step":
        """A tick that led to where this one starts."""
        ticked = min(self.before)
        return Step(self.before - {ticked}, ticked)


def typical() -> list[str]:
    """What an administrator may well tick: the first four operations of three categories."""
    operations = ecs_operations()
    return [
        id_
        for category in TYPICAL_CATEGORIES
        for id_ in [operation for operation in operations if operation.startswith(f"ecs/{category}/")][:4]
    ]


def steps(size: int, count: int, seed: int) -> list[Step]:
    """Ticks that each make a selection of `size` operations, all different as far as there are so many.

    The program remembers much of what it answered last. No two of these lead to the same draft or, but for the empty
    one, start from the same: none can be answered from memory as a whole.
    """
    random = Random(seed)
    operations = ecs_operations()
    found: dict[Step, None] = {}
    for _ in range(20 * count):
        *before, ticked = random.sample(operations, size)
        found.setdefault(Step(frozenset(before), ticked))
        if len(found) == count:
            break
    return list(found)


def token(operations: frozenset[str] | list[str]) -> str:
    """The draft as it stands in an address."""
    return encode(Draft.of(Selection(frozenset(operations))))


def address(operations: frozenset[str] | list[str]) -> str:
    return f"/?draft={token(operations)}" if operations else "/"
