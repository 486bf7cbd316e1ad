"""A selection -> every action that it grants, each with its reasons.

Source: the "Dependencies" column of the API references' tables of supported actions.
"""

from collections import defaultdict
from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from policybuilder.domain.catalog.action_names import action_key, is_wildcard
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Access, Operation
from policybuilder.domain.remembering import remembered

from .reach import reach
from .selection import Dependencies, Selection


@dataclass(frozen=True, slots=True)
class Grant:
    """One granted action. `selected`: an operation's own action or a single one. `needed_by`: ids, sorted."""

    action: str
    selected: bool
    needed_by: tuple[str, ...]


class Choice(StrEnum):
    """What is granted of a wildcard that an operation depends on."""

    AS_PUBLISHED = "as-published"
    ONLY_READING = "only-reading"
    LEFT_OUT = "left-out"


@dataclass(frozen=True, slots=True)
class WildcardNeed:
    """A wildcard that operations depend on, whose ids are sorted, and what is granted of it."""

    name: str
    needed_by: tuple[str, ...]
    choice: Choice


@dataclass(frozen=True, slots=True)
class Cascade:
    """The actions that switching on the dependencies of dependencies would add, sorted, and how many of these write."""

    actions: tuple[str, ...]
    writing: int


@lru_cache(maxsize=64)
def close(catalog: Catalog, selection: Selection) -> tuple[Grant, ...]:
    """Every action that `selection` grants, sorted, with the ids of the operations that need it.

    A dependency that was left out is not granted, and nothing follows from it. Of a wildcard of which only reading is
    wanted, what it matches and only reads is granted by name. An operation's own action and a single action stay: to
    lose these, one unticks them. Names are spelled as in the catalogue, those that it does not have as they came.
    Raises UnknownOperation with the id.
    """
    asked = {action_key(name): _spelled(catalog, name) for name in sorted(selection.actions)}
    needed: dict[str, set[str]] = defaultdict(set)
    spelled = dict(asked)
    for id_ in selection.operations:
        operation = catalog.operation(id_)
        for name in own_actions(operation, selection):
            asked.setdefault(action_key(name), name)
        for name in dependencies(catalog, operation, selection):
            needed[action_key(name)].add(id_)
            spelled.setdefault(action_key(name), name)
    spelled |= asked
    return tuple(
        Grant(spelled[key], key in asked, tuple(sorted(needed.get(key, ())))) for key in sorted({*asked, *needed})
    )


def own_actions(operation: Operation, selection: Selection) -> tuple[str, ...]:
    """The operation's own actions, those of its chosen options included."""
    return (
        *operation.actions,
        *(name for option in selection.chosen_options(operation) for name in option.actions),
    )


def dependencies(catalog: Catalog, operation: Operation, selection: Selection) -> frozenset[str]:
    """What is granted for `operation` besides its own actions, by the selection's options, switch and choices."""
    without, narrowed = _keys(selection.without), _keys(selection.only_reading)
    if not without and not narrowed:
        return frozenset(_wanted(catalog, operation, selection, without))
    granted: set[str] = set()
    for name in _wanted(catalog, operation, selection, without):
        if (key := action_key(name)) in without:
            continue
        if key in narrowed and is_wildcard(key):
            granted.update(read for read in reading(catalog, name) if action_key(read) not in without)
        else:
            granted.add(name)
    return frozenset(granted)


def reading(catalog: Catalog, wildcard: str) -> tuple[str, ...]:
    """The actions that it matches and that only read, sorted."""
    return tuple(
        name
        for name in catalog.action_index.expand(wildcard)
        if catalog.action_index.actions[name].access is Access.READ
    )


def left_out(catalog: Catalog, selection: Selection) -> dict[str, tuple[str, ...]]:
    """Each dependency that was left out and would be granted otherwise -> the ids of the operations that need it."""
    if not selection.without:
        return {}
    granted = {action_key(grant.action) for grant in close(catalog, selection)}
    wanted = _wanted_among(catalog, selection, selection.without)
    return {name: ids for name, ids in wanted.items() if action_key(name) not in granted}


def wildcard_needs(catalog: Catalog, selection: Selection) -> tuple[WildcardNeed, ...]:
    """The wildcards that operations of the selection depend on, sorted, but for those that are selected anyhow."""
    needed: dict[str, list[str]] = defaultdict(list)
    spelled: dict[str, str] = {}
    without, narrowed = _keys(selection.without), _keys(selection.only_reading)
    for id_ in sorted(selection.operations):
        for name in _wanted(catalog, catalog.operation(id_), selection, without):
            if is_wildcard(name):
                needed[action_key(name)].append(id_)
                spelled.setdefault(action_key(name), name)
    asked = {action_key(grant.action) for grant in close(catalog, selection) if grant.selected} if needed else ()
    return tuple(
        WildcardNeed(spelled[key], tuple(needed[key]), _choice(key, without, narrowed))
        for key in sorted(needed)
        if key not in asked
    )


def _choice(key: str, without: Set[str], narrowed: Set[str]) -> Choice:
    if key in without:
        return Choice.LEFT_OUT
    return Choice.ONLY_READING if key in narrowed else Choice.AS_PUBLISHED


def prune(catalog: Catalog, selection: Selection) -> Selection:
    """The selection without choices about dependencies that nothing needs any more, which would surprise at the next
    tick.

    One that is needed and only granted for another reason stays: else ticking that reason and unticking it would bring
    the dependency back.
    """
    return replace(
        selection,
        without=frozenset(_wanted_among(catalog, selection, selection.without)),
        only_reading=frozenset(_wanted_among(catalog, selection, selection.only_reading)),
    )


# In names, of the selections as well.
@remembered(20_000, weigh=lambda cascade, catalog, selection: 50 + len(cascade.actions) + len(selection.operations))
def preview_cascade(catalog: Catalog, selection: Selection) -> Cascade:
    """What `Dependencies.ALL` adds to the selection, beyond what `Dependencies.DIRECT` grants."""
    direct, everything = (
        reach(catalog, (grant.action for grant in close(catalog, replace(selection, dependencies=which)))).actions
        for which in (Dependencies.DIRECT, Dependencies.ALL)
    )
    added = reach(catalog, everything - direct)
    return Cascade(tuple(sorted(added.actions, key=action_key)), added.writing)


@lru_cache(maxsize=16)
def _keys(names: frozenset[str]) -> frozenset[str]:
    """Asked for once for each operation of a selection."""
    return frozenset(map(action_key, names))


def _spelled(catalog: Catalog, name: str) -> str:
    known = catalog.action_index.action(name)
    return name if known is None else known.name


def _wanted_among(catalog: Catalog, selection: Selection, names: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Each of the names that some operation needs, sorted -> the ids of these operations, sorted."""
    if not names:
        return {}
    without, among = _keys(selection.without), _keys(names)
    needed: dict[str, list[str]] = defaultdict(list)
    for id_ in sorted(selection.operations):
        for name in _wanted(catalog, catalog.operation(id_), selection, without):
            needed[action_key(name)].append(id_)
    named = {action_key(name): _spelled(catalog, name) for name in sorted(names)}
    return {named[key]: tuple(needed[key]) for key in sorted(among) if key in needed}


def _wanted(catalog: Catalog, operation: Operation, selection: Selection, left_out: Set[str]) -> Iterator[str]:
    """The operation's dependencies, left-out ones included; only single ones that stay are followed further."""
    waiting = list(operation.dependencies)
    for option in selection.chosen_options(operation):
        waiting.extend(option.dependencies)
    if selection.dependencies is Dependencies.DIRECT:
        yield from dict.fromkeys(waiting)
        return
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if (key := action_key(name)) in seen:
            continue
        seen.add(key)
        yield name
        if key not in left_out:
            waiting.extend(catalog.needs.shared_dependencies(name))
