"""What the buttons below a refusal do: show a sample, empty the field, add what was refused to the draft."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.closure import prune
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.policy.document import MAX_STATEMENTS, Effect
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.selection_commands import SELECTION_COMMANDS
from policybuilder.web.commands import RefusedError

from .form import RefusedSubmission

SAMPLES = {
    "sentence": "Policy doesn't allow vpc:securityGroups:create to be performed.",
    "response": "HTTP/1.1 403 Forbidden\nContent-Type: application/json\n\n"
    '{"forbidden": {"message": "Policy doesn\'t allow ecs:servers:start to be performed.", "code": 403}}',
    "call": "POST https://ecs.eu-de.otc.t-systems.com/v1/0123456789abcdef/cloudservers/action\n\n"
    '{"os-stop": {"servers": [{"id": "616fb98f"}]}}',
    "iam": '{"error": {"message": "Invalid policy", "code": "IAM.1021"}}',
}
NO_ROOM = (
    f"No statement of the draft allows, and {MAX_STATEMENTS} are all that a policy takes. Remove one in the builder."
)


@dataclass(frozen=True, slots=True)
class ExtendedDraft:
    """A draft with something in it that was not allowed, and the block where that stands, counted from 0."""

    draft: Draft
    at: int


@dataclass(frozen=True, slots=True)
class RefusedChange:
    """`text` is what the field is to show; `replaced` when that is another text than the one that was sent.

    `extended` is the draft with what was added, None where nothing was to be added or could be.
    """

    text: str
    replaced: bool = False
    extended: ExtendedDraft | None = None
    problems: tuple[str, ...] = ()


def carry_out(catalog: Catalog, submission: RefusedSubmission) -> RefusedChange:
    command, problems = submission.command, submission.problems
    if command.name == "clear":
        return RefusedChange("", replaced=True, problems=problems)
    if command.name == "sample" and command.subject in SAMPLES:
        return RefusedChange(SAMPLES[command.subject], replaced=True, problems=problems)
    unchanged = RefusedChange(submission.text, problems=problems)
    if command.name in ("", "explain"):
        return unchanged
    try:
        return replace(unchanged, extended=_extended(catalog, submission))
    except RefusedError as refused:
        return replace(unchanged, problems=(*problems, str(refused)))


def _extended(catalog: Catalog, submission: RefusedSubmission) -> ExtendedDraft:
    command = submission.command
    if command.name == "add":
        return with_operation(catalog, submission.draft, command.subject)
    if command.name == "add-action":
        return with_action(catalog, submission.draft, command.subject)
    raise RefusedError(f"The page sent “{command.name[:50]}”, which this page cannot do. Reload the page.")


def with_operation(catalog: Catalog, draft: Draft, id_: str) -> ExtendedDraft:
    """The operation ticked whole: with all options where none was on, and with dependencies that were left out.

    It goes where it is ticked already, else into the first statement that allows. Raises RefusedError.
    """
    draft, at = _place(draft, lambda selection: id_ in selection.operations)
    return _changed(catalog, draft, at, SELECTION_COMMANDS["complete"], id_)


def with_action(catalog: Catalog, draft: Draft, name: str) -> ExtendedDraft:
    """The action put back where it was left out, else standing by itself. Raises RefusedError."""
    draft, at = _place(draft, lambda selection: name in selection.without)
    put_back = name in draft.blocks[at].selection.without
    return _changed(catalog, draft, at, SELECTION_COMMANDS["put-back" if put_back else "add"], name)


def _changed(catalog: Catalog, draft: Draft, at: int, command: Callable[..., Selection], subject: str) -> ExtendedDraft:
    block = draft.blocks[at]
    selection = prune(catalog, command(catalog, block.selection, subject, frozenset()))
    return ExtendedDraft(draft.with_block(at, replace(block, selection=selection)), at)


def _place(draft: Draft, belongs: Callable[[Selection], bool]) -> tuple[Draft, int]:
    """The first block that allows: one where it belongs, else one without limits. Without any, a new one. Raises
    RefusedError where there is no room for that."""
    allowing = [at for at, block in enumerate(draft.blocks) if not block.kept and block.effect is Effect.ALLOW]
    if not allowing:
        if len(draft.blocks) >= MAX_STATEMENTS:
            raise RefusedError(NO_ROOM)
        return replace(draft, blocks=(*draft.blocks, Block())), len(draft.blocks)

    def rank(at: int) -> tuple[bool, bool]:
        block = draft.blocks[at]
        return not belongs(block.selection), bool(block.conditions or block.resources)

    return draft, min(allowing, key=rank)
