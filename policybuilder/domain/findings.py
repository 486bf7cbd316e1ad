"""What is said about a policy: how grave it is, where it is, what is wrong and what to do."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """ERROR: IAM would refuse it. WARNING: it works, but hardly as meant. NOTE: worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """`message` says what is wrong, `hint` what to do. `place` counts from 0: `Statement[2].Action[0]`."""

    code: str
    severity: Severity
    place: str
    message: str
    hint: str
