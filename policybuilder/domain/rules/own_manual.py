"""The dependencies of a granted action that only its service's user manual lists: PB059."""

from collections.abc import Iterator

from policybuilder.domain.catalog.action_names import action_key
from policybuilder.domain.catalog.name_index import NameIndex
from policybuilder.domain.findings import Plural, Severity, Wording
from policybuilder.domain.policy.document import Effect
from policybuilder.domain.work import WorkSpentError

from .rule import PolicySubject, Remark, Rule, insert_after

MANUAL_NEEDS = "PB059"
MANUALS = "the services' user manuals, tables of actions"
ADD = Plural("Add {names:all}", "Add these {n} actions")
NEEDED_BY_MANUAL = Wording(
    Plural(
        "The user manual lists a dependency of {action:quoted} that is not allowed: {names:all}.",
        "The user manual lists {n} dependencies of {action:quoted} that are not allowed: {names:all}.",
    ),
    Plural(
        "Add it if people work in the console or a call is refused: the API reference does not list it.",
        "Add them if people work in the console or a call is refused: the API reference does not list them.",
    ),
)


def manual_needs_are_allowed(subject: PolicySubject) -> Iterator[Remark]:
    """For each action that stands by name in an Allow. Dependencies of the other level belong in another policy.

    Dependencies do not cascade: an action that another one here needs is passed over, unless they need each other. A
    wildcard among the dependencies counts as allowed if all its known matches are.
    """
    allowing = [view for view in subject.statements if view.effect is Effect.ALLOW]
    if any(view.not_action is not None for view in allowing):
        return
    manual = subject.catalog.needs.manual
    named = {action_key(name) for view in allowing for name in view.names} & manual.keys()
    needs = {key: set(map(action_key, manual[key].dependencies)) for key in named}
    seen = {key for key in named for other in named if key in needs[other] and other not in needs[key]}
    try:
        allowed = NameIndex.of((name for view in allowing for name in view.names), subject.comparisons)
        for view in allowing:
            for entry in view.actions:
                key = action_key(entry.name) if entry.name else ""
                if key not in manual or key in seen:
                    continue
                seen.add(key)
                needed = manual[key].dependencies
                if names := [name for name in needed if _lacks(subject, allowed, key, name)]:
                    values = {"action": entry.name, "names": names, "n": len(names)}
                    owner = entry.owner
                    fix = insert_after(owner, entry.index, names, subject.text, ADD) if owner else None
                    yield Remark(entry.node, NEEDED_BY_MANUAL, values, fix)
    except WorkSpentError:
        return


def _lacks(subject: PolicySubject, allowed: NameIndex[str], action: str, name: str) -> bool:
    level_of = subject.catalog.prefixes.level_of
    if level_of(name) is not level_of(action) or name in allowed:
        return False
    covered = subject.known.expand(name)
    return not covered or not all(each in allowed for each in covered)


RULES = (
    Rule(
        MANUAL_NEEDS,
        Severity.NOTE,
        "A dependency that the user manual lists is not allowed",
        manual_needs_are_allowed,
        MANUALS,
    ),
)
