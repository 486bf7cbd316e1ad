"""fixtures/scopes/<service>.yaml: scopes that other documentations of the same software state, and what is known of
actions that no table has. Read beside the vendor's own tables, which come first where they say something.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from policybuilder.reference.problems import ReferenceProblem

FIELDS = ("iam_project", "enterprise_project", "by_instance", "by_tag")
_ENTRY = {"action", "calls", "source", "evidence", *FIELDS}
_ACTION = {"action", "title", "access", "calls", "source", "evidence", *FIELDS}


@dataclass(frozen=True)
class ScopeFile:
    """`scopes` by action ignoring case; `actions` by action, with all that is known of it."""

    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    scopes: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    actions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def of(self, actions: Iterable[str], calls: Iterable[str]) -> dict[str, str]:
        """The scope of a row: of each action that of the entry with its calls, else what all entries of it agree on.

        Where the row needs several actions, no beats yes. Empty where nothing is stated.
        """
        chosen = [self._of_action(action, set(calls)) for action in actions]
        chosen = [scope for scope in chosen if scope]
        found: dict[str, str] = {}
        for name in FIELDS:
            values = {scope[name] for scope in chosen if name in scope}
            if values:
                found[name] = "no" if "no" in values else min(values)
        if found:
            found["evidence"] = "stated" if all(scope["evidence"] == "stated" for scope in chosen) else "inferred"
            found["source"] = chosen[0]["source"]
        return found

    def _of_action(self, action: str, calls: set[str]) -> dict[str, str]:
        entries = self.scopes.get(action.casefold(), ())
        same = [entry for entry in entries if set(entry.get("calls", ())) == calls]
        some = [entry for entry in entries if calls & set(entry.get("calls", ()))]
        return _agreed(same or some or list(entries))


def read_scopes(path: Path) -> ScopeFile:
    """An empty one where there is no such file. Raises ReferenceProblem for an entry that is not as described."""
    if not path.exists():
        return ScopeFile()
    data = yaml.safe_load(path.read_text())
    scopes: dict[str, tuple[Mapping[str, Any], ...]] = {}
    for number, entry in enumerate(data.get("scopes", ())):
        _check(entry, _ENTRY, data["sources"], f"{path}, scopes[{number}]")
        key = entry["action"].casefold()
        scopes[key] = (*scopes.get(key, ()), entry)
    for number, entry in enumerate(data.get("actions", ())):
        _check(entry, _ACTION, data["sources"], f"{path}, actions[{number}]")
    return ScopeFile(data["sources"], scopes, {entry["action"]: entry for entry in data.get("actions", ())})


def _check(entry: Mapping[str, Any], known: set[str], sources: Mapping[str, Any], place: str) -> None:
    if unknown := set(entry) - known:
        raise ReferenceProblem(place, f"{', '.join(sorted(unknown))}: unknown; known are {', '.join(sorted(known))}.")
    if entry["source"] not in sources:
        raise ReferenceProblem(place, f"source {entry['source']!r} is not among the file's sources.")


def _agreed(entries: list[Mapping[str, Any]]) -> dict[str, str]:
    """What all entries say alike; empty where that is nothing."""
    found = {}
    for name in FIELDS:
        values = {entry.get(name) for entry in entries}
        if len(values) == 1 and (value := values.pop()) is not None:
            found[name] = value
    if found:
        found["evidence"] = entries[0].get("evidence", "inferred")
        found["source"] = entries[0]["source"]
    return found
