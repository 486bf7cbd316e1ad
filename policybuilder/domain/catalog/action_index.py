"""The actions of the catalogue by name, each with what is known of it from its own entry and from its operations."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from policybuilder.domain.remembering import remembered

from .action_names import ActionNameError, action_key, is_wildcard, matches, parse_action
from .entries import Access, Action, Evidence, Operation, PublishedAction, Scope, Support, combine
from .name_index import NameIndex
from .needs import Needs
from .older_names import OLDER_ACTIONS
from .prefixes import Prefixes

READING_VERBS = ("get", "list", "show", "query", "describe", "head", "search")


class ActionIndex:
    """The published actions and wildcards, described from the operations that they authorise."""

    def __init__(self, published: Sequence[PublishedAction], needs: Needs, prefixes: Prefixes):
        self._published, self._needs, self._prefixes = published, needs, prefixes

    @cached_property
    def actions(self) -> dict[str, Action]:
        """Every action by its name, sorted; wildcards are not among them."""
        named = (a for a in self._published if not is_wildcard(a.name))
        return {a.name: self._described(a) for a in sorted(named, key=lambda a: action_key(a.name))}

    @cached_property
    def single_actions(self) -> tuple[Action, ...]:
        """Those that no operation has as its own, so that they are granted by themselves or as dependencies only."""
        return tuple(action for action in self.actions.values() if not action.operations)

    @cached_property
    def wildcards(self) -> dict[str, Action]:
        """The wildcards that tables publish as actions or dependencies, by their keys (`action_key`)."""
        return {action_key(a.name): self._described(a) for a in self._published if is_wildcard(a.name)}

    @cached_property
    def names(self) -> NameIndex[str]:
        """The names of the actions; wildcards are not among them."""
        return NameIndex.of(self.actions)

    @cached_property
    def known_names(self) -> NameIndex[str]:
        """All names of which somebody knows: the catalogue's actions and the older ones; no wildcards among them."""
        older = (action.name for action in OLDER_ACTIONS if action_key(action.name) not in self.names.values)
        return NameIndex.of((*self.actions, *older))

    def labelled(self) -> Iterator[tuple[str, str]]:
        """The name of each action with its published title, else with the title of the first operation of its own."""
        for action in self.actions.values():
            titles = [row.title for row in self._needs.operations_by_action.get(action_key(action.name), ())]
            more = f" and {len(titles) - 1} more" if len(titles) > 1 else ""
            yield action.name, action.title or "".join(titles[:1]) + more

    def action(self, name: str) -> Action | None:
        """The action of that name, whatever the case of its last two parts; None where the catalogue has none."""
        try:
            known = self.names.values.get(action_key(name))
        except ActionNameError:
            return None
        return None if known is None else self.actions[known[0]]

    def described(self, name: str) -> Action | None:
        """As `action`, and of a wildcard what is published of it."""
        return self.action(name) or self.wildcards.get(action_key(name))

    def authorising(self, name: str) -> tuple[Action, ...]:
        """The action of that name; where there is none, the wildcards that cover it and authorise operations."""
        if known := self.action(name):
            return (known,)
        return tuple(a for a in self.wildcards.values() if a.operations and matches(a.name, name))

    def expand(self, name: str) -> tuple[str, ...]:
        """The catalogue's actions that `name` covers, sorted: itself, or all that a wildcard matches."""
        key = action_key(name)
        return _expanded(self, key) if is_wildcard(key) else tuple(self.names.values.get(key, ()))

    def has(self, name: str) -> bool:
        """Whether it is published, or is a wildcard that matches an action which is."""
        return action_key(name) in self.wildcards or bool(self.expand(name))

    def scopes(self, name: str) -> tuple[Scope, ...]:
        """Those of all actions that `name` covers; of a published wildcard that covers none here, its own."""
        found = tuple(self.actions[each].scope for each in self.expand(name))
        wildcard = None if found else self.wildcards.get(action_key(name))
        return (wildcard.scope,) if wildcard else found

    def _described(self, published: PublishedAction) -> Action:
        rows = self._needs.operations_by_action.get(action_key(published.name), ())
        return Action(
            name=published.name,
            title=published.title,
            access=_access_of(rows, published),
            scope=_scope_of(rows, published.scope),
            calls=published.calls or tuple(dict.fromkeys(call for row in rows for call in row.calls)),
            operations=tuple(row.id for row in rows),
            level=self._prefixes.services_by_prefix[parse_action(published.name).service].level,
            source=published.source,
        )


@remembered(150_000, weigh=lambda found, index, key: 10 + len(found))
def _expanded(index: ActionIndex, key: str) -> tuple[str, ...]:
    """Remembered, since whatever is said of a policy asks for the same wildcards. Weighed in names."""
    return tuple(index.names.covered(key))


def _access_of(rows: Iterable[Operation], published: PublishedAction) -> Access:
    """The access that is stated for the action itself, else the access of the rows that need this action alone: one
    writing row is enough.

    Rows that need other actions too say nothing about this one. Without other rows the verb decides: an action writes
    unless its verb plainly reads.
    """
    if published.access:
        return published.access
    alone = {row.access for row in rows if _needs_one_action(row)}
    if alone:
        return Access.WRITE if Access.WRITE in alone else Access.READ
    return Access.READ if parse_action(published.name).verb.lower().startswith(READING_VERBS) else Access.WRITE


def _needs_one_action(row: Operation) -> bool:
    return len({action_key(name) for name in row.all_actions()}) == 1


def _scope_of(rows: tuple[Operation, ...], published: Scope | None) -> Scope:
    """Of an action: what is published of it and of its rows, together.

    Where a row that needs other actions too has no effect in a kind of project, any of them can be why: it counts only
    if nothing else tells.
    """
    telling = [row for row in rows if _needs_one_action(row) or row.scope.enterprise_project is Support.YES]
    told = [*([published] if published else []), *(row.scope for row in telling)] or [row.scope for row in rows]
    evidences = {scope.evidence for scope in told}
    evidence = next((e for e in (Evidence.MISSING, Evidence.INFERRED) if e in evidences), Evidence.STATED)
    return Scope(
        iam_project=combine(scope.iam_project for scope in told),
        enterprise_project=combine(scope.enterprise_project for scope in told),
        evidence=evidence if told else Evidence.MISSING,
        source=next((scope.source for scope in told), None),
    )
