"""Dependencies of a granted action (PB059) and names of actions (PB060) that only user manuals have."""

from collections.abc import Iterator
from dataclasses import replace

from policybuilder.domain.catalog.action_names import action_key
from policybuilder.domain.catalog.name_index import NameIndex
from policybuilder.domain.catalog.older_names import Status, older_action
from policybuilder.domain.findings import Plural, Severity, Template, Wording
from policybuilder.domain.policy.document import Effect
from policybuilder.domain.policy.reading import ActionView
from policybuilder.domain.work import WorkSpentError

from .rule import Fix, PolicySubject, Remark, Rule, insert_after

MANUAL_NEEDS = "PB059"
MANUAL_NAME = "PB060"
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
                    yield Remark(entry.node, NEEDED_BY_MANUAL, values, _adding(subject, entry, names, ADD))
    except WorkSpentError:
        return


def _adding(subject: PolicySubject, entry: ActionView, names: list[str], title: Template) -> Fix | None:
    """An offer: more is allowed, or denied, than before."""
    if entry.owner is None:
        return None
    return replace(insert_after(entry.owner, entry.index, names, subject.text, title), certain=False)


def _lacks(subject: PolicySubject, allowed: NameIndex[str], action: str, name: str) -> bool:
    level_of = subject.catalog.prefixes.level_of
    if level_of(name) is not level_of(action) or name in allowed:
        return False
    covered = subject.known.expand(name)
    return not covered or not all(each in allowed for each in covered)


ADD_BESIDE = "Add {names:all}"
NAMED_BY_MANUAL = Wording(
    "{name:quoted} is in no table of actions, but an example policy of the current ECS user manual has it.",
    "Keep it, and add {names:all}, which the tables list for the same job.",
)


def manual_name_has_its_action_beside_it(subject: PolicySubject) -> Iterator[Remark]:
    """The rules PB011 and PB012 are about names that the current manual does not have any more."""
    for view in subject.statements:
        for entries in (view.actions, view.not_actions):
            keys = {action_key(entry.name) for entry in entries if entry.name is not None}
            for entry in entries:
                older = older_action(entry.name or "")
                if older is None or older.status is not Status.IN_MANUAL:
                    continue
                if names := [name for name in older.replaced_by if action_key(name) not in keys]:
                    values = {"name": older.name, "names": names}
                    yield Remark(entry.node, NAMED_BY_MANUAL, values, _adding(subject, entry, names, ADD_BESIDE))


RULES = (
    Rule(
        MANUAL_NEEDS,
        Severity.NOTE,
        "A dependency that the user manual lists is not allowed",
        manual_needs_are_allowed,
        MANUALS,
    ),
    Rule(
        MANUAL_NAME,
        Severity.NOTE,
        "A name of the user manual is in no table of actions",
        manual_name_has_its_action_beside_it,
        "ECS user manual, custom policies",
    ),
)
