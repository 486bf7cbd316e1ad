"""fixtures/scopes/<service>.yaml: scopes from pages other than the vendor's own tables of actions, and facts about
actions that no table has. Every scope from there is inferred. The vendor's tables win where they say something.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from policybuilder.reference.data import read_data
from policybuilder.reference.problems import ReferenceProblem

FIELDS = ("iam_project", "enterprise_project", "by_instance", "by_tag")
_ENTRY = {"action", "calls", "source", *FIELDS}
_ACTION = {*_ENTRY, "title", "access"}


@dataclass(frozen=True)
class ScopeFile:
    """`scopes` by action ignoring case; `actions` by action, with all that is known of it."""

    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    scopes: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    actions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def of(self, actions: Iterable[str], calls: Iterable[str]) -> dict[str, str]:
        """The scope of a row: of each action that of the entry with its calls, else what all entries of it agree on.

        Where the row needs several actions, one no is enough, and all must be yes. Empty where nothing is stated.
        """
        compared = {_compared(call) for call in calls}
        scopes = [self._of_action(action, compared) for action in actions]
        found: dict[str, str] = {}
        for name in FIELDS:
            values = {scope.get(name, "") for scope in scopes}
            if "no" in values or values == {"yes"}:
                found[name] = "no" if "no" in values else "yes"
        if found:
            found |= {"evidence": "inferred", "source": next(scope["source"] for scope in scopes if scope)}
        return found

    def _of_action(self, action: str, calls: set[str]) -> dict[str, str]:
        entries = self.scopes.get(action.casefold(), ())
        same = [entry for entry in entries if set(map(_compared, entry.get("calls", ()))) == calls]
        some = [entry for entry in entries if calls & set(map(_compared, entry.get("calls", ())))]
        return _agreed(same or some or list(entries))


def read_scopes(path: Path) -> ScopeFile:
    """An empty one where there is no such file. Raises ReferenceProblem for an entry that is not as described."""
    if not path.exists():
        return ScopeFile()
    data = read_data(path)
    scopes: dict[str, tuple[Mapping[str, Any], ...]] = {}
    for number, entry in enumerate(data.get("scopes", ())):
        _check(entry, _ENTRY, data["sources"], f"{path}, scopes[{number}]")
        key = entry["action"].casefold()
        scopes[key] = (*scopes.get(key, ()), entry)
    for number, entry in enumerate(data.get("actions", ())):
        _check(entry, _ACTION, data["sources"], f"{path}, actions[{number}]")
    actions = {entry["action"]: _with_evidence(entry) for entry in data.get("actions", ())}
    return ScopeFile(data["sources"], scopes, actions)


def _with_evidence(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**entry, "evidence": "inferred"} if set(FIELDS) & set(entry) else entry


def _check(entry: Mapping[str, Any], known: set[str], sources: Mapping[str, Any], place: str) -> None:
    if unknown := set(entry) - known:
        raise ReferenceProblem(place, f"{', '.join(sorted(unknown))}: unknown; known are {', '.join(sorted(known))}.")
    if entry.get("source") not in sources and {"source", *FIELDS} & set(entry):
        raise ReferenceProblem(place, f"source {entry.get('source')!r} is not among the file's sources.")


def _compared(call: str) -> str:
    """Two documentations name parameters differently, and print queries or not."""
    return re.sub(r"\{[^{}]*\}", "{}", re.sub(r"\?\S*", "", call)).casefold()


def _agreed(entries: list[Mapping[str, Any]]) -> dict[str, str]:
    """What all entries say alike; empty where that is nothing."""
    found = {}
    for name in FIELDS:
        values = {entry.get(name) for entry in entries}
        if len(values) == 1 and (value := values.pop()) is not None:
            found[name] = value
    if found:
        found["source"] = entries[0]["source"]
    return found
