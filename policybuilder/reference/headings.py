"""What the columns of an action table are, told by their headings and never by their position."""

import re
from enum import StrEnum

from policybuilder.reference.problems import ReferenceProblem


class Column(StrEnum):
    TITLE = "title"
    CALLS = "calls"
    ACTIONS = "actions"
    DEPENDENCIES = "dependencies"
    IAM_PROJECT = "iam_project"
    ENTERPRISE_PROJECT = "enterprise_project"
    SCOPE = "scope"
    NOTES = "notes"
    IGNORED = "ignored"


HEADINGS = {
    "api": Column.CALLS,
    "apis": Column.CALLS,
    "api function": Column.TITLE,
    "operation": Column.TITLE,
    "function": Column.TITLE,
    "trigger/function": Column.TITLE,
    "action": Column.ACTIONS,
    "actions": Column.ACTIONS,
    "action name": Column.ACTIONS,
    "fine-grained action": Column.ACTIONS,
    "permission name": Column.ACTIONS,
    "system-defined permission": Column.ACTIONS,
    "permission (service:resource:action) (role/policy-based authorization)": Column.ACTIONS,
    "dependencies": Column.DEPENDENCIES,
    "dependency": Column.DEPENDENCIES,
    "dependency item": Column.DEPENDENCIES,
    "dependent action": Column.DEPENDENCIES,
    "dependent permission": Column.DEPENDENCIES,
    "related action": Column.DEPENDENCIES,
    "iam project": Column.IAM_PROJECT,
    "iam projects": Column.IAM_PROJECT,
    "iam (project)": Column.IAM_PROJECT,
    "iam project (project)": Column.IAM_PROJECT,
    "enterprise project": Column.ENTERPRISE_PROJECT,
    "enterprise projects": Column.ENTERPRISE_PROJECT,
    "enterprise (enterprise project)": Column.ENTERPRISE_PROJECT,
    "enterprise project (enterprise project)": Column.ENTERPRISE_PROJECT,
    "scope": Column.SCOPE,
    "authorization scope": Column.SCOPE,
    "remarks": Column.NOTES,
    # Where the action is used in the console, and what system-defined policies hold it.
    "scenario": Column.IGNORED,
    "applicable scenario": Column.IGNORED,
    "smn administrator": Column.IGNORED,
    "smn fullaccess": Column.IGNORED,
    "smn readonlyaccess": Column.IGNORED,
}
# The title beside a column of actions, the action itself where no other column is.
EITHER = ("permission", "permissions")
# The title where no other column is, else a remark.
DESCRIPTION = "description"

NAME = re.compile(r"(?<![\w:/.-])[A-Za-z][A-Za-z0-9_-]*:[A-Za-z0-9_*-]+:[A-Za-z0-9_*-]+(?![\w:/])")


def is_action_table(headings: tuple[str, ...], texts: list[str]) -> bool:
    """Whether a table must be understood: its cells hold names of actions, or it has a column of API calls."""
    known = {HEADINGS.get(_folded(heading)) for heading in headings}
    return Column.CALLS in known or any(NAME.search(text) for text in texts)


def columns(headings: tuple[str, ...], place: str) -> tuple[Column, ...]:
    """One for each heading. Raises ReferenceProblem for a heading that nobody has judged, and for two of a kind."""
    folded = [_folded(heading) for heading in headings]
    found = [HEADINGS.get(heading) for heading in folded]
    for position, heading in enumerate(folded):
        if heading in EITHER:
            found[position] = Column.TITLE if Column.ACTIONS in found else Column.ACTIONS
    for position, heading in enumerate(folded):
        if heading == DESCRIPTION:
            found[position] = Column.NOTES if Column.TITLE in found else Column.TITLE
    for heading, column in zip(headings, found, strict=True):
        if column is None:
            raise ReferenceProblem(
                place, f"heading {heading!r} is unknown: add it to reference/headings.py, or the table to other_tables."
            )
        if column is not Column.IGNORED and found.count(column) > 1:
            raise ReferenceProblem(place, f"several columns are {column}: {' | '.join(headings)}.")
    if Column.ACTIONS not in found or Column.TITLE not in found:
        raise ReferenceProblem(place, f"no column of actions or of titles among {' | '.join(headings)}.")
    return tuple(column for column in found if column)


def _folded(heading: str) -> str:
    return " ".join(heading.split()).casefold()
