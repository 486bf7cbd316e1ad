"""A submitted refusal, and what its buttons add to a draft. Where something cannot be added, RefusedError says it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest

from policybuilder.domain.building.blocks import Block
from policybuilder.domain.building.closure import prune
from policybuilder.domain.building.selection import Selection
from policybuilder.domain.catalog.catalog import Catalog
from policybuilder.domain.jsontext.source import MAX_BYTES
from policybuilder.domain.policy.document import MAX_STATEMENTS, Effect
from policybuilder.drafts.draft import Draft
from policybuilder.drafts.reading import read_draft
from policybuilder.drafts.selection_commands import SELECTION_COMMANDS
from policybuilder.web.commands import RefusedError

MAX_COMMAND = 300

SAMPLES = {
    "sentence": "Policy doesn't allow ecs:serverPasswords:manage to be performed.",
    "response": "HTTP/1.1 403 Forbidden\nContent-Type: application/json\n\n"
    '{"forbidden": {"message": "Policy doesn\'t allow ecs:servers:start to be performed.", "code": 403}}',
    "call": "POST https://ecs.eu-de.otc.t-systems.com/v1/0123456789abcdef/cloudservers/action\n\n"
    '{"os-stop": {"servers": [{"id": "616fb98f"}]}}',
    "iam": '{"error": {"message": "Invalid policy", "code": "IAM.1021"}}',
}


@dataclass(frozen=True, slots=True)
class RefusedSubmission:
    """`text` is what the field is to show; `replaced` when that is another text than the one that was sent.

    `command` is what is to be done with `subject`: "add" or "add-action", "" where the text is only to be explained.
    """

    draft: Draft = field(default_factory=Draft)
    text: str = ""
    replaced: bool = False
    command: str = ""
    subject: str = ""
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Added:
    """A draft with something in it that was not allowed, and the block where that stands, counted from 0."""

    draft: Draft
    at: int


def read_refused(catalog: Catalog, request: HttpRequest) -> RefusedSubmission:
    """Nothing here raises: what cannot be used is named in `problems`."""
    if request.method != "POST":
        opened = read_draft(catalog, request.GET)
        return RefusedSubmission(opened.draft, problems=opened.problems)
    try:
        data = request.POST
    except RequestDataTooBig:
        problem = f"That is far too much: at most {MAX_BYTES:,} bytes are read. Go back to have your text again."
        return RefusedSubmission(problems=(problem,))
    opened = read_draft(catalog, data)
    sent = RefusedSubmission(opened.draft, data.get("text", ""), problems=opened.problems)
    command, _, subject = data.get("do", "")[:MAX_COMMAND].partition(":")
    if command in ("add", "add-action"):
        return replace(sent, command=command, subject=subject)
    if command == "clear":
        return replace(sent, text="", replaced=True)
    if command == "sample" and subject in SAMPLES:
        return replace(sent, text=SAMPLES[subject], replaced=True)
    if command in ("", "explain"):
        return sent
    problem = f"The page sent “{command[:50]}”, which is nothing that this page can do. Reload the page."
    return replace(sent, problems=(*sent.problems, problem))


def add(catalog: Catalog, submission: RefusedSubmission) -> Added:
    """Raises RefusedError."""
    if submission.command == "add":
        return with_operation(catalog, submission.draft, submission.subject)
    return with_action(catalog, submission.draft, submission.subject)


def with_operation(catalog: Catalog, draft: Draft, id_: str) -> Added:
    """The operation ticked whole: with all options where none was on, and with dependencies that were left out.

    It goes where it is ticked already, else into the first statement that allows. Raises RefusedError.
    """
    draft, at = _place(draft, lambda selection: id_ in selection.operations)
    return _changed(catalog, draft, at, SELECTION_COMMANDS["complete"], id_)


def with_action(catalog: Catalog, draft: Draft, name: str) -> Added:
    """The action put back where it was left out, else standing by itself. Raises RefusedError."""
    draft, at = _place(draft, lambda selection: name in selection.without)
    put_back = name in draft.blocks[at].selection.without
    return _changed(catalog, draft, at, SELECTION_COMMANDS["put-back" if put_back else "add"], name)


def _changed(catalog: Catalog, draft: Draft, at: int, command: Callable[..., Selection], subject: str) -> Added:
    block = draft.blocks[at]
    selection = prune(catalog, command(catalog, block.selection, subject, frozenset()))
    return Added(draft.with_block(at, replace(block, selection=selection)), at)


def _place(draft: Draft, belongs: Callable[[Selection], bool]) -> tuple[Draft, int]:
    """The first block that allows: one where it belongs, else one without limits. Without any, a new one. Raises
    RefusedError where there is no room for that."""
    allowing = [at for at, block in enumerate(draft.blocks) if not block.kept and block.effect is Effect.ALLOW]
    if not allowing:
        if len(draft.blocks) >= MAX_STATEMENTS:
            raise RefusedError(
                f"No statement of the draft allows, and {MAX_STATEMENTS} are all that a policy takes. "
                "Remove one in the builder."
            )
        return replace(draft, blocks=(*draft.blocks, Block())), len(draft.blocks)

    def rank(at: int) -> tuple[bool, bool]:
        block = draft.blocks[at]
        return not belongs(block.selection), bool(block.conditions or block.resources)

    return draft, min(allowing, key=rank)
