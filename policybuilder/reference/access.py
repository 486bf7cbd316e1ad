"""Whether an operation reads or writes, told by its calls, its title and the verbs of its actions."""

import re

from policybuilder.reference.rows import PublishedRow

_READING_METHODS = frozenset({"GET", "HEAD"})
# Titles begin so: "Querying …", "List …". "Obtaining …" is not among them: it can create what is obtained.
_READING_TITLE = re.compile(r"^(quer(y|ies)|list|check|search|view|show|display|describ|count|filter)", re.IGNORECASE)
_READING_VERB = re.compile(r"^(get|list|head|show|query|check|count|search|describe|display)", re.IGNORECASE)


def row_access(row: PublishedRow) -> str:
    """`read` where all calls are GET or HEAD, or the title says so; of rows without method the action's verb tells."""
    methods = {call.split(" /")[0] for call in row.calls if " /" in call}
    if methods:
        reads = methods <= _READING_METHODS or bool(_READING_TITLE.match(row.title))
    elif row.all_actions:
        reads = verbs_read(row)
    else:
        reads = bool(_READING_TITLE.match(row.title))
    return "read" if reads else "write"


def verbs_read(row: PublishedRow) -> bool:
    return bool(row.all_actions) and all(_READING_VERB.match(action.split(":")[2]) for action in row.all_actions)


def reads_by_title(row: PublishedRow) -> bool:
    """Whether only the title says that it reads: what a person should look at."""
    methods = {call.split(" /")[0] for call in row.calls if " /" in call}
    return bool(methods) and not methods <= _READING_METHODS and bool(_READING_TITLE.match(row.title))
