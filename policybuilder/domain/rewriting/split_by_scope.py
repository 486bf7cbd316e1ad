"""A whole policy, whoever wrote it, in two: for enterprise projects, and a companion for IAM projects.

`split` divides what somebody selected, operation by operation. Here nobody is known to have selected anything: actions
are divided, and the companion gets back what the operations need that only work in IAM projects. Hence an action can
stand in both parts. Where operations share actions the parts can hold more than those of `split`, never less.
Source: the columns "IAM Project" and "Enterprise Project" of the tables of supported actions.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from policybuilder.domain.catalog.action_names import action_key, is_wildcard, matches, service_of
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Operation, Support
from policybuilder.domain.catalog.known_actions import KnownActions
from policybuilder.domain.catalog.name_index import Budget
from policybuilder.domain.jsontext.nodes import Node, Object
from policybuilder.domain.policy.document import Effect
from policybuilder.domain.policy.reading import StatementView, is_action, statements
from policybuilder.domain.policy.rebuilding import (
    action_texts,
    in_statements,
    is_divisible,
    is_plain,
    statement_list,
    with_statements,
)

from .split_by_limits import PolicyPart, make_part

ENTERPRISE = "For enterprise projects: grant it in Enterprise Management."
COMPANION = "For IAM projects: what has no effect in enterprise projects, with what it needs. Grant it in IAM."
BOTH = "The whole policy: it needs no companion for IAM projects."
ONLY_IAM = "The whole policy, for IAM projects: nothing in it is known to work in enterprise projects."

MOST_WRITTEN = 5_000  # actions in place of wildcards; a wildcard that would need more is in the companion only

_WORKS = {Support.YES, Support.VARIES}


def split_by_scope(catalog: Catalog, body: Node) -> tuple[PolicyPart, ...]:
    """The part for enterprise projects, then its companion; one part, the body itself, where the other has no use.

    Together they allow what the body does, over the whole catalogue. The first one's verdict is never IAM-only: a
    wildcard that also covers actions without effect there is written as today's actions that have one. In the companion
    it is written so as well, unless it may cover actions that the catalogue does not know.

    Deny statements go in both: in an enterprise project the policies granted for the IAM project are looked at first,
    so each part is on its own. What cannot be divided (NotAction, keys that IAM does not know) is in the companion.
    """
    known = KnownActions(catalog)
    listed = statement_list(body)
    if listed is None or not isinstance(body, Object):
        return (make_part(known, ONLY_IAM, body),)
    by_index = {view.index: view for view in statements(body)}
    splitter = _ScopeSplitter(known, by_index.values())
    enterprise, companion = _Half(), _Half()
    for index, node in enumerate(listed.items):
        splitter.deal(node, by_index.get(index), enterprise, companion)
    if enterprise.statements == list(listed.items) and not companion.grants:
        return (make_part(known, BOTH, body),)
    only_denies = not (enterprise.grants or companion.grants)
    if not enterprise.grants and not (only_denies and enterprise.statements):
        return (make_part(known, ONLY_IAM, body),)
    return (
        make_part(known, ENTERPRISE, with_statements(body, enterprise.statements)),
        make_part(known, COMPANION, with_statements(body, companion.statements)),
    )


@dataclass
class _Half:
    statements: list[Node] = field(default_factory=list)
    grants: bool = False

    def add(self, statements: Sequence[Node], *, denies: bool = False) -> None:
        self.statements += statements
        self.grants = self.grants or (bool(statements) and not denies)


class _ScopeSplitter:
    def __init__(self, known: KnownActions, views: Iterable[StatementView]) -> None:
        self._known = known
        self._actions = known.catalog.actions
        self._expanded: dict[str, list[str]] = {}
        self._written = Budget(MOST_WRITTEN)
        self._needed = frozenset(self._needs_of_iam_only(views))
        self._needed_wildcards = sorted(filter(is_wildcard, self._needed))

    def deal(self, node: Node, view: StatementView | None, enterprise: _Half, companion: _Half) -> None:
        """Puts a statement, or what of it belongs there, into the halves."""
        if view is None or not is_divisible(view):
            denies = view is not None and view.effect is Effect.DENY
            if view is not None and denies and not any(self._without_effect(name) for name in view.names):
                enterprise.add([node], denies=True)
            companion.add([node], denies=denies)
        elif view.effect is Effect.DENY:
            enterprise.add(_with(view, self._denied_in_enterprise(view)), denies=True)
            companion.add([node], denies=True)
        else:
            working, rest = self._divided(action_texts(view))
            enterprise.add(_with(view, working))
            companion.add(_with(view, rest))

    def _divided(self, names: Iterable[str]) -> tuple[list[str], list[str]]:
        """(what works in enterprise projects, what does not or is not known to, with what that needs)"""
        working: list[str] = []
        rest: list[str] = []
        for name in dict.fromkeys(names):
            found = self._expand(name)
            good = [each for each in found if self._works(each)]
            if not good or not self._written.take(len(found)):
                rest.append(name)
                continue
            needed = [each for each in found if each in self._needed or not self._works(each)]
            needed += [each for each in self._needed_wildcards if matches(name, each)]
            if len(good) == len(found):
                working.append(name)
                rest += [name] if needed and not is_wildcard(name) else needed
            else:
                working += good
                rest += needed if self._known.is_complete(service_of(name)) else [name]
        return _each_once(working), _each_once(rest)

    def _denied_in_enterprise(self, view: StatementView) -> list[str]:
        """Without what has no effect there anyway."""
        names: list[str] = []
        for name in dict.fromkeys(action_texts(view)):
            found, without = self._expand(name), self._without_effect(name)
            if not without:
                names.append(name)
            elif self._written.take(len(found)):
                names += [each for each in found if each not in without]
        return _each_once(names)

    def _without_effect(self, name: str) -> set[str]:
        return {each for each in self._expand(name) if self._support(each) is Support.NO}

    def _expand(self, name: str) -> list[str]:
        """The actions of the catalogue, sorted; none where there is none, or too much to look at."""
        if name not in self._expanded:
            self._expanded[name] = sorted(self._known.expand(name) or ()) if is_action(name) else []
        return self._expanded[name]

    def _support(self, name: str) -> Support:
        return self._actions[name].scope.enterprise_project

    def _works(self, name: str) -> bool:
        return self._support(name) in _WORKS

    def _reach(self, views: Iterable[StatementView]) -> set[str]:
        names = dict.fromkeys(name for view in views for name in view.names)
        return {action for name in names for action in self._expand(name)}

    def _needs_of_iam_only(self, views: Iterable[StatementView]) -> Iterator[str]:
        """All that those operations need that are allowed, whatever the condition, and only work in IAM projects."""
        listed = list(views)
        allows = [view for view in listed if view.effect is Effect.ALLOW]
        allowed = self._reach(allows)
        allowed -= self._reach(view for view in listed if view.effect is Effect.DENY and is_plain(view))
        wildcards = {name for view in allows for name in view.names if is_wildcard(name)}

        def is_allowed(name: str) -> bool:
            found = self._expand(name)
            return allowed.issuperset(found) if found else any(matches(wildcard, name) for wildcard in wildcards)

        by_action = self._known.catalog.operations_by_action
        operations = {row.id: row for name in allowed for row in by_action.get(action_key(name), ())}
        for row in operations.values():
            for names in _ways(row):
                if not self._all_work(row, names) and all(map(is_allowed, names)):
                    yield from names
                    yield from (each for name in names for each in self._expand(name))

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
