"""A whole policy in a short form, whoever wrote it, that allows and denies the same of all that anybody knows.

Consecutive statements of one effect, with nothing but actions, become one; in it and in statements with Condition or
Resource, actions become wildcards. Everything else stays as it stands: NotAction, keys that IAM does not know, what
cannot be read, actions that nobody knows, and wildcards, unless a wider one makes them needless.

New wildcards are for services only that the catalogue states to be complete: the few actions of VPC that ECS needs may
be all that is known of VPC, but vpc:*:* in their place would let people delete networks. No new wildcard matches an
older name, or one that stands elsewhere in the policy, unless that was allowed, or denied, before. What no one can know
are the names that a vendor adds later: these are the price of a wildcard, and have to be told.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from policybuilder.domain.access.evaluation import level_of_policy
from policybuilder.domain.catalog.action_names import action_key, is_wildcard, service_of
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Level
from policybuilder.domain.jsontext.nodes import Node, Object
from policybuilder.domain.policy.document import MAX_STATEMENTS, Size
from policybuilder.domain.policy.reading import StatementView, is_action, measure_body, statements, to_document
from policybuilder.domain.policy.rebuilding import (
    action_texts,
    characters_of,
    in_statements,
    is_divisible,
    is_plain,
    statement_list,
    with_statements,
)

from .wildcards import compact

MOST_LISTS = MAX_STATEMENTS  # of actions that are compacted, the first ones
MOST_WILDCARDS = 50  # of one list; with more it is left as it is


@dataclass(frozen=True, slots=True)
class CompactedPolicy:
    """`body` is the very one that was given where nothing is gained; `after` is never larger than `before`."""

    body: Node
    before: Size
    after: Size


def compact_policy(catalog: Catalog, body: Node, level: Level | None = None) -> CompactedPolicy:
    """The policy `body` in a short form; the same body gives the same form.

    In bounded work: of a policy that is far beyond IAM's limits, parts may be left as they are. Never longer in
    characters; with more statements only where one held more actions than IAM takes. `level` is the one at which the
    policy is created; without it, the services that the policy names give its level, and the short form keeps that.
    """
    before = measure_body(body)
    listed = statement_list(body)
    if listed is None or not isinstance(body, Object):
        return CompactedPolicy(body, before, before)
    views = statements(body)
    compactor = _Compactor(catalog, views)
    runs = _runs(listed.items, views)
    made = with_statements(body, [statement for run in runs for statement in compactor.shortened(run)])
    after = measure_body(made)
    other_level = level is None and _named_level(catalog, made) is not _named_level(catalog, body)
    if after.characters >= before.characters or other_level:
        return CompactedPolicy(body, before, before)
    return CompactedPolicy(made, before, after)


def _named_level(catalog: Catalog, body: Node) -> Level | None:
    return level_of_policy(catalog, to_document(body))


@dataclass(frozen=True, slots=True)
class _Run:
    """Consecutive statements that can be one, or one alone. `first` is None, and there are no names, where it stays."""

    nodes: tuple[Node, ...]
    first: Object | None = None
    names: tuple[str, ...] = ()

    @property
    def is_worth_it(self) -> bool:
        return len(self.names) > 1 and sum(map(is_wildcard, self.names)) <= MOST_WILDCARDS


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
    """Shortens the runs of one policy, the first MOST_LISTS of which it is worth."""

    def __init__(self, catalog: Catalog, views: Iterable[StatementView]) -> None:
        known = [name for names in catalog.action_index.known_names.values.values() for name in names]
        self._known = [name for name in known if catalog.prefixes.is_complete(service_of(name))]
        written = {e.name for view in views for e in (*view.actions, *view.not_actions) if e.name is not None}
        self._others = sorted(name for name in written if not is_wildcard(name))
        self._left = MOST_LISTS

    def shortened(self, run: _Run) -> Sequence[Node]:
        """The shortest of: as they stand, all in one, compacted. Of equally short ones the first."""
        if run.first is None:
            return run.nodes
        forms: list[Sequence[Node]] = [run.nodes, in_statements(run.first, sorted(_each_once(run.names), key=_order))]
        if run.is_worth_it and self._left:
            self._left -= 1
            kept = [name for name in _each_once(run.names) if not is_action(name)]
            patterns = compact(self._known, [name for name in run.names if is_action(name)], self._others)
            forms.append(in_statements(run.first, sorted([*patterns, *kept], key=_order)))
        return min(forms, key=characters_of)


def _order(name: str) -> tuple[str, str, str]:
    """As a document sorts its actions, whatever texts they are."""
    return name.partition(":")[0], name.casefold(), name


def _each_once(names: Iterable[str]) -> list[str]:
    """Of several spellings of one action the first."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(action_key(name) if is_action(name) else name, name)
    return list(found.values())
