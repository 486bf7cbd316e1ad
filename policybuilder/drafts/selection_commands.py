"""What the builder's buttons do to the selection of one block. RefusedError is for the user to read.

No button takes something out of a Deny but those that say so: untick, none and none-…, remove. What replaces
one thing by another is for a block that allows.
"""

from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import replace

from policybuilder.domain.building.blocks import Block, block_grants
from policybuilder.domain.building.closure import close
from policybuilder.domain.building.only_reading import only_reading
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.catalog.action_names import ActionNameError, is_wildcard, parse_action
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.entries import Access, Operation
from policybuilder.domain.catalog.name_index import NameIndex
from policybuilder.domain.policy.document import Effect
from policybuilder.web.commands import RefusedError

NO_CATEGORY = "“{subject}” is no category of the catalogue (any more). Reload the page."
NO_OPERATION = "“{subject}” is no operation of the catalogue (any more). Reload the page."
NO_WILDCARD = "“{name}” is one action and no wildcard: it is granted, or left out."
NO_MATCH = "“{subject}” matches no action of the catalogue, so there is nothing to put in its place."
TYPE_AN_ACTION = "Type an action to add, e.g. ecs:servers:list."
NOT_IN_CATALOGUE = "“{name}” is not in the catalogue. Choose an action from the list."
FOUND = "found"  # as a subject: whatever was found, of all services

Command = Callable[[Catalog, Selection, str, Set[str]], Selection]


def change_block(catalog: Catalog, block: Block, name: str, subject: str, in_sight: Set[str]) -> Block:
    """The block after one of SELECTION_COMMANDS. `in_sight` are the operations that filters let through.

    Raises RefusedError, also for a command that the block's effect has no place for.
    """
    if name in NEVER and block.effect in NEVER[name]:
        raise RefusedError(NEVER[name][block.effect])
    if name in _READING:
        in_sight = only_reading(catalog, block) & in_sight
    return replace(block, selection=SELECTION_COMMANDS[name](catalog, block.selection, subject, in_sight))


def operations_below(catalog: Catalog, subject: str, in_sight: Set[str]) -> Iterator[Operation]:
    """The operations in sight, below a service or category where it is one: what the filters hide stays as it is."""
    if subject == FOUND:
        return (catalog.operations[id_] for id_ in in_sight)
    below = catalog.services_by_slug.get(subject) or catalog.categories.get(subject)
    if below is None:
        raise RefusedError(NO_CATEGORY, subject=subject[:200])
    return (operation for operation in below.operations if operation.id in in_sight)


def _ids(operations: Iterable[Operation]) -> frozenset[str]:
    return frozenset(operation.id for operation in operations)


def _operation(catalog: Catalog, subject: str) -> str:
    if subject not in catalog.operations:
        raise RefusedError(NO_OPERATION, subject=subject[:200])
    return subject


def _select_all(catalog: Catalog, selection: Selection, subject: str, in_sight: Set[str]) -> Selection:
    return selection.tick(_ids(operations_below(catalog, subject, in_sight)))


def _select_none(catalog: Catalog, selection: Selection, subject: str, in_sight: Set[str]) -> Selection:
    return selection.untick(_ids(operations_below(catalog, subject, in_sight)))


def _select_access(access: Access) -> Command:
    def select(catalog: Catalog, selection: Selection, subject: str, in_sight: Set[str]) -> Selection:
        return selection.tick(_ids(o for o in operations_below(catalog, subject, in_sight) if o.access is access))

    return select


def _unselect_access(access: Access) -> Command:
    def unselect(catalog: Catalog, selection: Selection, subject: str, in_sight: Set[str]) -> Selection:
        return selection.untick(_ids(o for o in operations_below(catalog, subject, in_sight) if o.access is access))

    return unselect


def _untick(catalog: Catalog, selection: Selection, subject: str, in_sight: Set[str]) -> Selection:
    return selection.untick([_operation(catalog, subject)])


def _swap(catalog: Catalog, selection: Selection, subject: str, in_sight: Set[str]) -> Selection:
    return selection.swap_for_enterprise(catalog, [_operation(catalog, subject)])


def _swap_all(catalog: Catalog, selection: Selection, subject: str, in_sight: Set[str]) -> Selection:
    return selection.swap_for_enterprise(catalog, selection.operations)


def _also_deny(catalog: Catalog, selection: Selection, subject: str, in_sight: Set[str]) -> Selection:
    """The operation stays; the operations that do its job join it, unless an action denies them already.

    Operations with few actions come first: their actions often deny the others, whose further actions would deny more.
    """
    ways = map(catalog.operation, catalog.needs.other_ways.get(_operation(catalog, subject), ()))
    for way in sorted(ways, key=lambda each: len(each.all_actions())):
        denied = NameIndex.of(grant.action for grant in block_grants(catalog, Block(selection, Effect.DENY)))
        if not any(name in denied for name in way.all_actions()):
            selection = selection.tick([way.id])
    return selection


def _complete(catalog: Catalog, selection: Selection, subject: str, in_sight: Set[str]) -> Selection:
    """Whatever the operation lacks: it is selected, its options are on and its dependencies are as published."""
    operation = catalog.operations[_operation(catalog, subject)]
    pairs = {(operation.id, option.slug) for option in operation.options}
    if selection.chosen_options(operation):
        pairs = set()
    whole = selection.tick([operation.id]).take_dependencies(operation.all_dependencies())
    return replace(whole, options_off=selection.options_off - pairs)


def _leave_out(catalog: Catalog, selection: Selection, subject: str, in_sight: Set[str]) -> Selection:
    return selection.leave_out(_action(catalog, subject))


def _put_back(catalog: Catalog, selection: Selection, subject: str, in_sight: Set[str]) -> Selection:
    return selection.take_dependencies([subject])


def _only_reading(catalog: Catalog, selection: Selection, subject: str, in_sight: Set[str]) -> Selection:
    """The actions that read in the place of a wildcard that an operation depends on."""
    name = _action(catalog, subject)
    if not is_wildcard(name):
        raise RefusedError(NO_WILDCARD, name=name)
    return selection.read_only(name)


def _add(catalog: Catalog, selection: Selection, subject: str, in_sight: Set[str]) -> Selection:
    return replace(selection, actions=selection.actions | {_action(catalog, subject)})


def _remove(catalog: Catalog, selection: Selection, subject: str, in_sight: Set[str]) -> Selection:
    return replace(selection, actions=selection.actions - {subject})


def _expand(catalog: Catalog, selection: Selection, subject: str, in_sight: Set[str]) -> Selection:
    """A wildcard's actions of today in its place, without those that are selected anyhow."""
    others = replace(selection, actions=selection.actions - {subject})
    granted = NameIndex.of(grant.action for grant in close(catalog, others) if grant.selected)
    matching = catalog.action_index.expand(subject) if subject in selection.actions else ()
    if not matching:
        raise RefusedError(NO_MATCH, subject=subject[:200])
    return replace(others, actions=others.actions.union(name for name in matching if name not in granted))


def _action(catalog: Catalog, name: str) -> str:
    """The action as the catalogue spells it. A wildcard stays as it is, if it matches something."""
    if not name:
        raise RefusedError(TYPE_AN_ACTION)
    try:
        parse_action(name)
    except ActionNameError as error:
        raise RefusedError(str(error)) from None
    known = catalog.action_index.action(name)
    if known is None and not catalog.action_index.has(name):
        raise RefusedError(NOT_IN_CATALOGUE, name=name)
    return known.name if known else name


SELECTION_COMMANDS: dict[str, Command] = {
    "all": _select_all,
    "none": _select_none,
    "reading": _select_access(Access.READ),
    "changing": _select_access(Access.WRITE),
    "none-reading": _unselect_access(Access.READ),
    "none-changing": _unselect_access(Access.WRITE),
    "untick": _untick,
    "swap": _swap,
    "swap-all": _swap_all,
    "also-deny": _also_deny,
    "complete": _complete,
    "leave-out": _leave_out,
    "put-back": _put_back,
    "only-reading": _only_reading,
    "add": _add,
    "remove": _remove,
    "expand": _expand,
}

_READING = frozenset({"reading", "none-reading"})
_NO_SWAP = (
    "A Deny keeps what it denies, so nothing was swapped. To deny the other ways as well, press “Also deny” in the "
    "row of the operation."
)
NEVER = {
    "swap": {Effect.DENY: _NO_SWAP},
    "swap-all": {Effect.DENY: _NO_SWAP},
    "complete": {
        Effect.DENY: "A Deny names the own actions of an operation only, so there is nothing to add for it here. "
        "Edit the statement that allows it."
    },
    "leave-out": {Effect.DENY: "A Deny names no dependencies, so there is none to leave out."},
    "only-reading": {Effect.DENY: "A Deny names no dependencies, so there is none to narrow."},
    "expand": {
        Effect.DENY: "A wildcard in a Deny stays as it is: the actions of today in its place would let out older "
        "names, and what is added later. To deny less, remove it and tick what is to stay denied."
    },
    "also-deny": {Effect.ALLOW: "This statement allows, so nothing was added to it. Reload the page."},
}
