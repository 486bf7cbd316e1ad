"""A whole policy in its shortest form, whoever wrote it, with the same meaning over the whole catalogue.

Consecutive statements of one effect, with nothing but actions, become one; in it and in statements with Condition or
Resource, actions become the patterns of `compaction`. Everything else stays as it stands: NotAction, keys that IAM does
not know, what cannot be read, actions that the catalogue does not have.

Actions of services that the catalogue knows only in part, from what others need of them, are not made into wildcards
either, and wildcards over these are kept: the few actions of VPC that ECS needs may be all that is known of VPC, but
vpc:*:* in their place would let people delete networks. Of those, only what another one covers goes.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from policybuilder.domain.catalog.action_names import action_key, is_wildcard, service_of
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.known_actions import Coverage, KnownActions
from policybuilder.domain.catalog.name_index import Budget, NameIndex
from policybuilder.domain.jsontext.nodes import Node, Object
from policybuilder.domain.jsontext.writer import write_compact
from policybuilder.domain.policy.document import MAX_STATEMENTS, Size
from policybuilder.domain.policy.reading import StatementView, is_action, measure_body, statements
from policybuilder.domain.policy.rebuilding import (
    action_texts,
    characters_of,
    in_statements,
    is_divisible,
    is_plain,
    statement_list,
    with_actions,
    with_statements,
)

from .wildcards import compact, document_order

MOST_LISTS = MAX_STATEMENTS  # of actions that are compacted, the first ones
LEAST_SHARE = 2  # all lists together: half of the work that `compact` does at most; about half a second
MOST_COMPARISONS = 8_000  # of two names that are kept; about 5 µs each


@dataclass(frozen=True, slots=True)
class CompactedPolicy:
    """`body` is the very one that was given where nothing is gained; `after` is never larger than `before`."""

    body: Node
    before: Size
    after: Size


class InexactPolicy(AssertionError):
    """The result does not mean what was given. Whatever was given, only a fault of this module leads here."""


def compact_policy(catalog: Catalog, body: Node) -> CompactedPolicy:
    """The policy `body` in its shortest form; the same body gives the same form.

    In bounded work: of a policy that is far beyond IAM's limits, parts may be left as they are. Never longer in
    characters; with more statements only where one held more actions than IAM takes. Raises InexactPolicy.
    """
    before = measure_body(body)
    listed = statement_list(body)
    if listed is None or not isinstance(body, Object):
        return CompactedPolicy(body, before, before)
    runs = tuple(_runs(listed.items, statements(body)))
    compactor = _Compactor(catalog, runs)
    made = with_statements(body, (statement for run in runs for statement in compactor.shortened(run)))
    after = measure_body(made)
    if after.characters >= before.characters:
        return CompactedPolicy(body, before, before)
    if compactor.meaning(body) != compactor.meaning(made):
        raise InexactPolicy("The compacted policy does not mean the same as the policy that was given.")
    return CompactedPolicy(made, before, after)


@dataclass(frozen=True, slots=True)
class _Run:
    """Consecutive statements that can be one, or one alone. `first` is None, and there are no names, where it stays."""

    nodes: tuple[Node, ...]
    first: Object | None = None
    names: tuple[str, ...] = ()

    @property
    def is_worth_it(self) -> bool:
        return len(self.names) > 1 or any(map(is_wildcard, self.names))


def _runs(items: Sequence[Node], views: Iterable[StatementView]) -> Iterator[_Run]:
    by_index = {view.index: view for view in views}
    joined: list[StatementView] = []
    for index, node in enumerate(items):
        view = by_index.get(index)
        if joined and not (is_plain(view) and view.effect is joined[-1].effect):
            yield _joined(joined)
            joined = []
        if is_plain(view):
            joined.append(view)
        elif is_divisible(view):
            yield _joined([view])
        else:
            yield _Run((node,))
    if joined:
        yield _joined(joined)


def _joined(views: Sequence[StatementView]) -> _Run:
    nodes = tuple(view.node for view in views)
    return _Run(nodes, nodes[0], tuple(name for view in views for name in action_texts(view)))


class _Compactor:
    """Shortens the runs of one policy. The work for all of them together is bounded."""

    def __init__(self, catalog: Catalog, runs: Sequence[_Run]) -> None:
        self._known = KnownActions(catalog)
        self._universe = [name for name in catalog.actions if self._known.is_complete(service_of(name))]
        self._comparisons = Budget(MOST_COMPARISONS)
        # What each name matches in the catalogue; nothing for a text that is no action, None if it was not looked at.
        self._reach: dict[str, frozenset[str] | None] = {}
        for name in dict.fromkeys(name for run in runs for name in run.names):
            found = self._known.expand(name) if is_action(name) else ()
            self._reach[name] = None if found is None else frozenset(found)
        self._left = min(MOST_LISTS, sum(run.is_worth_it for run in runs))
        self._share = max(LEAST_SHARE, self._left)

    def shortened(self, run: _Run) -> Sequence[Node]:
        """The shortest of: as they stand, all in one, compacted. Of equally short ones the first."""
        if run.first is None:
            return run.nodes
        together = sorted(_each_once(run.names), key=document_order)
        forms: list[Sequence[Node]] = [run.nodes, in_statements(run.first, together)]
        if run.is_worth_it and self._left:
            self._left -= 1
            patterns = self._patterns(run.names)
            if patterns is not None:
                forms.append(in_statements(run.first, patterns))
        return min(forms, key=characters_of)

    def meaning(self, body: Node) -> tuple[dict[str, frozenset[str]], Counter[tuple[str, frozenset[str]]]]:
        """What the plain statements of each effect reach together, and each other one: its text and what it reaches."""
        plain: dict[str, frozenset[str]] = defaultdict(frozenset)
        others: Counter[tuple[str, frozenset[str]]] = Counter()
        by_index = {view.index: view for view in statements(body)}
        listed = statement_list(body)
        for index, node in enumerate(listed.items if listed else ()):
            view = by_index.get(index)
            if is_plain(view) and view.effect:
                plain[view.effect] |= self._proven(action_texts(view))
            elif is_divisible(view):
                others[write_compact(with_actions(view.node, ())), self._proven(action_texts(view))] += 1
            else:
                others[write_compact(node), frozenset()] += 1
        return plain, others

    def _patterns(self, names: Sequence[str]) -> list[str] | None:
        """What these actions and wildcards become; None where that cannot be told within the bounds of the work."""
        granted: set[str] = set()
        kept: list[str] = []
        for name in _each_once(names):
            reach = self._reach[name]
            if reach is None:
                return None
            if reach and self._known.is_complete(service_of(name)):
                granted |= reach
            else:
                kept.append(name)
        covered = frozenset[str]().union(*(self._reach[name] or () for name in kept))
        patterns = compact(self._universe, granted - covered, share=self._share).patterns
        if any(self._reach.get(pattern, ()) is None for pattern in patterns):
            return None
        return sorted([*patterns, *self._uncovered(kept)], key=document_order)

    def _uncovered(self, names: Sequence[str]) -> list[str]:
        """Without the known ones that a wildcard among them covers."""
        coverage = Coverage(filter(is_action, names), self._comparisons)
        return [name for name in names if not (self._reach[name] and coverage.covering(name))]

    def _proven(self, names: Iterable[str]) -> frozenset[str]:
        """All that these match, by the rules of matching alone for what was not given; what matches nothing itself."""
        found: set[str] = set()
        for name in names:
            reach = self._reach[name] if name in self._reach else frozenset(self._whole.covered(name))
            found |= reach or {action_key(name) if is_action(name) else name}
        return frozenset(found)

    @cached_property
    def _whole(self) -> NameIndex[str]:
        """The actions of services known as a whole."""
        return NameIndex.of(self._universe)


def _each_once(names: Iterable[str]) -> list[str]:
    """Of several spellings of one action the first."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(action_key(name) if is_action(name) else name, name)
    return list(found.values())
