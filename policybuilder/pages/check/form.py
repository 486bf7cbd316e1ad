"""A submitted text -> what it is and what to do with it. What cannot be used is named instead."""

from dataclasses import dataclass

from django.http import HttpRequest

from policybuilder.domain.jsontext.repairs import MAX_REPAIRS
from policybuilder.domain.jsontext.source import MAX_BYTES
from policybuilder.drafts.file import read_policy_file
from policybuilder.web.commands import Command, read_command
from policybuilder.web.uploads import line_feeds, text_to_undo_to

MAX_PREVIOUS = 3 * MAX_BYTES  # characters


@dataclass(frozen=True, slots=True)
class Pasted:
    """A text as somebody pasted it, and the ids of the repairs that they refused. Its line breaks are line feeds."""

    text: str = ""
    without: frozenset[str] = frozenset()

    @property
    def blank(self) -> bool:
        return not self.text.strip()


@dataclass(frozen=True, slots=True)
class CheckSubmission:
    """`sent` is the text in the field; where a file was `uploaded`, `pasted` is the file's.

    `previous` is the text before its last change, None where there was none.
    """

    pasted: Pasted = Pasted()
    sent: str = ""
    previous: str | None = None
    command: Command = Command()
    uploaded: bool = False
    problems: tuple[str, ...] = ()


def read_check(request: HttpRequest) -> CheckSubmission:
    data = request.POST
    sent = line_feeds(data.get("text", ""))
    pasted = Pasted(sent, frozenset(data.getlist("without")[:MAX_REPAIRS]))
    held = data.get("previous")
    previous = None if held is None else text_to_undo_to(line_feeds(held), MAX_PREVIOUS)
    command, file = read_command(data), request.FILES.get("file")
    if command.name != "check" or file is None:
        return CheckSubmission(pasted, sent, previous, command)
    text, problem = read_policy_file(file)
    if problem:
        return CheckSubmission(pasted, sent, previous, command, uploaded=True, problems=(problem,))
    if not pasted.blank and sent != text:
        previous = text_to_undo_to(sent, MAX_PREVIOUS)
    return CheckSubmission(Pasted(text), sent, previous, command, uploaded=True)
