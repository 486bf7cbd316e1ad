"""What the builder's buttons do: to the draft, and to what of it is shown."""

from collections.abc import Callable, Set
from dataclasses import replace

from policybuilder.catalog_files.searching import search_of
from policybuilder.domain.building.bounds import DRAFT_TOO_LARGE, excess
from policybuilder.domain.building.closure import prune
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.catalog.scope import works_at
from policybuilder.domain.searching.search import split_words
from policybuilder.drafts.addresses import View
from policybuilder.drafts.entries import PARTIAL
from policybuilder.drafts.omitted import SELECTING, Pressed, find_omitted
from policybuilder.drafts.selection_commands import FOUND, NO_CATEGORY, SELECTION_COMMANDS, change_block
from policybuilder.drafts.statement_commands import STATEMENT_COMMANDS, DraftChange, restoring, with_complete_condition
from policybuilder.web.commands import Command, RefusedError

from .form import Submission
from .rail import services_with_operations

NOTHING_SEARCHED = "Nothing is searched, so there is nothing that was found. Search, or choose a service."
NO_COMMAND = "The page sent “{name}”, which is nothing that the builder can do. Reload the page."
NO_SERVICE = "There is no service “{slug}” with operations in the catalogue. Choose one from the list of services."


def carry_out(catalog: Catalog, submission: Submission) -> DraftChange:
    """A command that is refused leaves the draft as the boxes and fields make it."""
    change, problems = DraftChange(submission.filled_in, submission.view, submission.fields.typed), submission.problems
    change = with_complete_condition(catalog, change)
    try:
        change = _done(catalog, submission, change)
    except RefusedError as refused:
        problems = (*problems, str(refused))
    view = replace(change.view, at=change.draft.editable(change.view.at))
    block = change.draft.blocks[view.at]
    after = change.draft.with_block(view.at, replace(block, selection=prune(catalog, block.selection)))
    command, before = submission.command, submission.before.blocks[submission.shown.at]
    if command == Command("add", change.typed.action) and block.selection.actions > before.selection.actions:
        change = replace(change, typed=replace(change.typed, action=""))
    pressed = Pressed.read(f"{command.name}:{command.subject}")
    return DraftChange(
        after,
        view,
        change.typed,
        problems=(*(submission.unread or (PARTIAL,)), *problems) if after.partial else problems,
        omitted=find_omitted(catalog, after.blocks[view.at], after.goal, pressed, _in_sight(catalog, submission))
        if pressed and not problems
        else None,
    )


def _done(catalog: Catalog, submission: Submission, change: DraftChange) -> DraftChange:
    """The change with the command carried out. Raises RefusedError."""
    name, subject = submission.command.name, submission.command.subject
    if name in SELECTION_COMMANDS:
        if subject == FOUND and not submission.shown.wanted.active:
            raise RefusedError(NOTHING_SEARCHED)
        in_sight = _in_sight(catalog, submission)
        if name in _BY_GOAL:
            in_sight = {id_ for id_ in in_sight if works_at(catalog.operations[id_], change.draft.goal)}
        return _within_bounds(change.with_block(change_block(catalog, change.block, name, subject, in_sight)))
    if name in STATEMENT_COMMANDS:
        return _within_bounds(STATEMENT_COMMANDS[name](catalog, change, subject))
    if submission.undone is not None:
        return restoring(change, *submission.undone)
    if name in _VIEW_COMMANDS:
        return replace(change, view=_VIEW_COMMANDS[name](catalog, change.view, subject))
    if name not in ("", "search"):
        raise RefusedError(NO_COMMAND, name=name[:50])
    return change


def _service(catalog: Catalog, view: View, subject: str) -> View:
    if subject not in (service.slug for service in services_with_operations(catalog)):
        raise RefusedError(NO_SERVICE, slug=subject[:50])
    return view.showing(subject)


def _category(catalog: Catalog, view: View, subject: str) -> View:
    if subject not in catalog.categories:
        raise RefusedError(NO_CATEGORY, subject=subject[:200])
    return view.showing(catalog.categories[subject].service, subject)


# They change what is shown, and nothing of the draft.
_VIEW_COMMANDS: dict[str, Callable[[Catalog, View, str], View]] = {
    "open": lambda catalog, view, subject: view.opening(subject),
    "clear": lambda catalog, view, subject: View(at=view.at, service=view.service),
    "find": lambda catalog, view, subject: view.searching(subject, split_words(subject)),
    "list-all": lambda catalog, view, subject: replace(view, all=True),
    "service": _service,
    "category": _category,
}


# The buttons that select several operations with an effect at the goal, or take them back.
_BY_GOAL = frozenset((*SELECTING, "none-reading", "none-changing"))


def _within_bounds(change: DraftChange) -> DraftChange:
    """Raises RefusedError for a draft that could not be opened again."""
    if too_much := excess(change.draft.blocks):
        raise RefusedError(DRAFT_TOO_LARGE.format(too_much=too_much))
    return change


def _in_sight(catalog: Catalog, submission: Submission) -> Set[str]:
    """The operations that the filters let through: those in the form, and those that are not on the screen yet."""
    shown = submission.shown
    if not shown.wanted.active:
        return catalog.operations.keys()
    before = submission.before.blocks[shown.at].selection
    found = search_of(catalog).operations(shown.wanted, before.operations)
    return submission.boxes.listed.union(operation.id for operation in found)
