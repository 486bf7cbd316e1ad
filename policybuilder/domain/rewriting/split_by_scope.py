"""A whole policy, whoever wrote it, in two: for enterprise projects, and a companion for IAM projects.

`building.selection_split` divides what somebody selected, operation by operation. Here nobody is known to have selected
anything: the actions that are allowed are divided, and the companion gets back what the operations need that only work
in IAM projects. Hence an action can stand in both parts. Which Denies each of them keeps, `building.division` says.
Source: the columns "IAM Project" and "Enterprise Project" of the tables of supported actions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from policybuilder.domain.access.evaluation import Project
from policybuilder.domain.building.division import Denials
from policybuilder.domain.building.scope_division import (
    BOTH,
    MOST_MATCHES,
    MOST_WRITTEN,
    ONE_LIST,
    ONLY_DENIES,
    ONLY_IAM,
    TOO_LARGE,
    UNDIVIDED,
    WORKS,
    why_whole,
)
from policybuilder.domain.catalog.action_names import action_key, is_wildcard, matches
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Level, Operation, Support
from policybuilder.domain.catalog.known_actions import KnownActions
from policybuilder.domain.jsontext.nodes import Node, Object
from policybuilder.domain.policy.document import Effect, Statement
from policybuilder.domain.policy.reading import (
    StatementView,
    document_of,
    is_action,
    statements,
    to_document,
    view_statement,
)
from policybuilder.domain.policy.rebuilding import (
    action_texts,
    in_statements,
    is_divisible,
    is_plain,
    statement_list,
    with_statements,
)
from policybuilder.domain.policy.unclear import clear_statement
from policybuilder.domain.work import Work, WorkSpentError

from .parts import MIXED, PolicyPart, at_level, level_of_body, make_part, too_large
from .split_by_limits import split_by_limits

ENTERPRISE = "For enterprise projects: grant it in Enterprise Management."
COMPANION = (
    "For IAM projects: what has no effect in enterprise projects, with what it needs; wildcards that cover more than "
    "that stand as they are written. Grant it in IAM."
)


def split_by_scope(catalog: Catalog, body: Node, role_type: str = "") -> tuple[PolicyPart, ...]:
    """The part for enterprise projects, then its companion; one part, the body itself, where the other has no use.

    Together they allow what the body does. The first one's verdict is never IAM-only: in place of a wildcard that also
    covers actions without effect there, it names those of today that have one. The companion keeps such a wildcard as
    it is written. An Allow that cannot be divided (NotAction, keys that IAM does not know) keeps the policy whole if it
    allows something in enterprise projects (`building.scope_division`), and is in the companion otherwise. A part that
    names services of both levels is several, one after the other. In a policy that has a level, a wildcard stands for
    the actions of that level only. `role_type` is the type of the role around the body, "" where there is none.
    """
    level = level_of_body(catalog, body, role_type)
    parts = (each for part in _in_two(catalog, body, level) for each in of_one_level(catalog, part))
    return tuple(at_level(catalog, part, level) for part in parts)


def of_one_level(catalog: Catalog, part: PolicyPart) -> tuple[PolicyPart, ...]:
    """What IAM takes in place of a part with actions of both levels; where it cannot be divided the part, saying so."""
    if not catalog.prefixes.mixes_levels(to_document(part.body).actions()):
        return (part,)
    divided = split_by_limits(catalog, part.body)
    if len(divided) == 1:
        (whole,) = divided
        return (replace(part, purpose=f"{part.purpose} {MIXED} {whole.mixed}", mixed=whole.mixed),)
    return tuple(
        replace(each, purpose=f"{part.purpose} {each.purpose}", granted_in=part.granted_in) for each in divided
    )


def _in_two(catalog: Catalog, body: Node, level: Level | None) -> tuple[PolicyPart, ...]:
    known = KnownActions(catalog, MOST_MATCHES)
    listed = statement_list(body)
    if listed is None or not isinstance(body, Object):
        return (make_part(known, f"{UNDIVIDED} {ONE_LIST}", body),)
    views = statements(body)
    if too_large(views):
        return (make_part(known, TOO_LARGE, body),)
    if why := why_whole(known, document_of(views), views):
        return (make_part(known, why, body),)
    splitter = _ScopeSplitter(known, views, level)
    by_index = {view.index: view for view in views}
    try:
        dealt = [splitter.dealt(node, by_index.get(index)) for index, node in enumerate(listed.items)]
    except WorkSpentError:
        return (make_part(known, TOO_LARGE, body),)
    enterprise, companion = (any(each.allows[half] for each in dealt) for half in (0, 1))
    if not companion:
        only_denies = not enterprise and any(view.effect is Effect.DENY for view in views)
        return (make_part(known, ONLY_DENIES if only_denies else BOTH, body),)
    if not enterprise:
        return (make_part(known, ONLY_IAM, body, Project.IAM),)
    first, second = _with_denies(dealt)
    return (
        make_part(known, ENTERPRISE, with_statements(body, first), Project.ENTERPRISE),
        make_part(known, COMPANION, with_statements(body, second), Project.IAM),
    )


@dataclass(frozen=True, slots=True)
class _Dealt:
    """What becomes of a statement: what of it is allowed in each of the two parts, or a Deny, or what means nothing."""

    node: Node
    allows: tuple[Sequence[Node], Sequence[Node]] = ((), ())
    deny: StatementView | None = None


def _with_denies(dealt: Sequence[_Dealt]) -> tuple[list[Node], list[Node]]:
    """The statements of the two parts, in the order of the text."""
    denies = [each for each in dealt if each.deny]
    denials = Denials([clear_statement(each.deny) for each in denies if each.deny])
    standing = denials.dealt([_clear(node for each in dealt for node in each.allows[half]) for half in (0, 1)])
    number = {id(each): at for at, each in enumerate(denies)}
    parts: tuple[list[Node], list[Node]] = [], []
    for half, part in enumerate(parts):
        for each in dealt:
            if not each.deny:
                part += each.allows[half]
                part += [each.node] if half and not any(each.allows) else []
            elif number[id(each)] in standing[half]:
                part.append(each.node)
    return parts


def _clear(allows: Iterable[Node]) -> list[Statement | None]:
    return [clear_statement(view_statement(node)) for node in allows if isinstance(node, Object)]


class _ScopeSplitter:
    def __init__(self, known: KnownActions, views: Iterable[StatementView], level: Level | None) -> None:
        self._known = known
        self._level = level
        self._actions = known.catalog.action_index.actions
        self._expanded: dict[str, list[str]] = {}
        self._written = Work(MOST_WRITTEN)
        self._needed: set[str] = set()  # by operations that only work in IAM projects
        self._served: set[str] = set()  # what operations need that work in enterprise projects
        self._look_at_operations(list(views))
        self._needed_wildcards = sorted(filter(is_wildcard, self._needed))

    def dealt(self, node: Node, view: StatementView | None) -> _Dealt:
        """Raises WorkSpentError where more than MOST_WRITTEN actions would have to be written."""
        if view is None:
            return _Dealt(node)
        if view.effect is not Effect.ALLOW:
            return _Dealt(node, deny=view)
        if not is_divisible(view):
            return _Dealt(node, ((), (node,)))
        working, rest = self._divided(action_texts(view))
        return _Dealt(node, (_with(view, working), _with(view, rest)))

    def _divided(self, names: Iterable[str]) -> tuple[list[str], list[str]]:
        """(what works in enterprise projects, what does not or is not known to, with what that needs)"""
        working: list[str] = []
        rest: list[str] = []
        for name in dict.fromkeys(names):
            found = self._expand(name)
            good = [each for each in found if self._works(each)]
            if not good:
                rest.append(name)
            elif len(good) < len(found):
                self._written.spend(len(found))
                working += good
                rest.append(name)
            else:
                working.append(name)
                needed = [each for each in found if self._is_needed(each)]
                rest += [name] if needed and not is_wildcard(name) else needed
                rest += [each for each in self._needed_wildcards if matches(name, each)]
        return _each_once(working), _each_once(rest)

    def _is_needed(self, name: str) -> bool:
        """In IAM projects as well: for operations that only work there, or for calls of its own that do."""
        return name in self._needed or (name not in self._served and self._support(name) is Support.VARIES)

    def _expand(self, name: str) -> list[str]:
        """The actions of the catalogue at the policy's level, sorted; none where there is too much to look at, which is
        so for Denies only (`why_whole`)."""
        if name not in self._expanded:
            found = self._known.expand(name) or () if is_action(name) else ()
            self._expanded[name] = sorted(each for each in found if self._is_of_level(each))
        return self._expanded[name]

    def _is_of_level(self, name: str) -> bool:
        return self._level is None or self._known.catalog.prefixes.counted_level(name) is self._level

    def _support(self, name: str) -> Support:
        return self._actions[name].scope.enterprise_project

    def _works(self, name: str) -> bool:
        return self._support(name) in WORKS

    def _reach(self, views: Iterable[StatementView]) -> set[str]:
        names = dict.fromkeys(name for view in views for name in view.names)
        return {action for name in names for action in self._expand(name)}

    def _look_at_operations(self, views: Sequence[StatementView]) -> None:
        """At all that are allowed, whatever the condition: whether they work in enterprise projects."""
        allows = [view for view in views if view.effect is Effect.ALLOW]
        allowed = self._reach(allows)
        allowed -= self._reach(view for view in views if view.effect is Effect.DENY and is_plain(view))
        wildcards = {name for view in allows for name in view.names if is_wildcard(name)}

        def is_allowed(name: str) -> bool:
            found = self._expand(name)
            if found:
                return allowed.issuperset(found)
            return self._is_of_level(name) and any(matches(wildcard, name) for wildcard in wildcards)

        by_action = self._known.catalog.needs.operations_by_action
        operations = {row.id: row for name in allowed for row in by_action.get(action_key(name), ())}
        for row in operations.values():
            for names in _ways(row):
                if all(map(is_allowed, names)):
                    into = self._served if self._all_work(row, names) else self._needed
                    into.update(names)
                    into.update(each for name in names for each in self._expand(name))

    def _all_work(self, row: Operation, names: Iterable[str]) -> bool:
        covered = [self._expand(name) for name in names]
        works = all(found and all(map(self._works, found)) for found in covered)
        return works and row.scope.enterprise_project is not Support.NO


def _ways(operation: Operation) -> list[tuple[str, ...]]:
    """Everything that is needed, for each option where there are some."""
    own = (*operation.actions, *operation.dependencies)
    return [(*own, *option.actions, *option.dependencies) for option in operation.options] or [own]


def _with(view: StatementView, names: list[str]) -> list[Object]:
    """The statement with these actions, itself where they are its own."""
    return [view.node] if names == list(action_texts(view)) else in_statements(view.node, names)


def _each_once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
