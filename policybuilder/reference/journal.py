"""What happened while reading: which normalisations and corrections were used where, and what a person must look at."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

# Each is a slip of writing with one possible reading. What needs judgement is a correction in fixtures/decisions.yaml.
NORMALISATIONS = {
    "name-case": "a name in the spelling of its own service's first table that has it",
    "prefix-case": "the service's prefix in lower case (`CCI:` is `cci:`)",
    "joined-titles": "blanks put around the slash between two titles (`Adding …/Deleting …`)",
    "title-stop": "a full stop behind a title left out",
    "title-grants": "`Grants permission to` before what an action allows left out",
    "title-sentences": "of a title of several sentences the first taken, the others as a note",
    "quoted-name": "quotation marks or a comma around a name left out",
    "own-action": "an action of the row that stands among its dependencies too, or above them, left out of them",
    "broken-call": "a call broken over two paragraphs put together",
    "call-trailer": "what the call's body must say put behind its path",
    "call-twice": "a call that a row prints twice taken once",
    "method-case": "a method in capitals (`Get` is `GET`)",
    "method-glued": "a blank put between method and path (`PUT/v1`)",
    "path-slash": "a slash put before a path (`GET v3.0/…`)",
    "blank-in-braces": "blanks inside braces left out (`{ key_id }`)",
    "version-case": "the version of a path in lower case (`/V2/`)",
    "endpoint-in-path": "the host before a path left out (`https://{Endpoint}/v3`)",
    "equal-scopes": "a scope that stands once for each action, always the same, taken once",
}


class Place(NamedTuple):
    """Where a text stands: repository/path, line of the row, number of the table."""

    page: str
    line: int
    table: int
    row: int

    def __str__(self) -> str:
        return f"{self.page}:{self.line}, table {self.table}, row {self.row}"


@dataclass
class Journal:
    """Fills while pages are read; `report.py` prints it."""

    normalised: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    corrected: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    remarks: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def normalise(self, name: str, place: object, detail: str) -> None:
        if name not in NORMALISATIONS:
            raise KeyError(name)
        self.normalised[name].append(f"{place}: {detail}")

    def remark(self, group: str, text: str) -> None:
        self.remarks[group].append(text)
