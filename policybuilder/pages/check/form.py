"""A submitted text -> what it is and what to do with it. Nothing here raises: what cannot be used is named instead."""

from dataclasses import dataclass

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest

from policybuilder.domain.jsontext.repairs import MAX_REPAIRS
from policybuilder.domain.jsontext.source import MAX_BYTES
from policybuilder.web.uploads import line_feeds, read_file

MAX_REQUEST = 1_000_000  # bytes; the field, what it held before, and a file
MAX_PREVIOUS = 3 * MAX_BYTES  # characters
MAX_COMMAND = 200


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
    command: str = ""
    subject: str = ""
    uploaded: bool = False
    problems: tuple[str, ...] = ()


def read_check(request: HttpRequest) -> CheckSubmission:
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_REQUEST:
            raise RequestDataTooBig  # before a large file is written to the disk
        data, file = request.POST, request.FILES.get("file")
    except (RequestDataTooBig, ValueError):
        problem = f"That is far too much: a policy has at most {MAX_BYTES:,} bytes. Go back to have your text again."
        return CheckSubmission(problems=(problem,))
    sent = line_feeds(data.get("text", ""))
    pasted = Pasted(sent, frozenset(data.getlist("without")[:MAX_REPAIRS]))
    previous = kept(line_feeds(data["previous"])) if "previous" in data else None
    command, _, subject = data.get("do", "")[:MAX_COMMAND].partition(":")
    if command != "check" or file is None:
        return CheckSubmission(pasted, sent, previous, command, subject)
    text, problem = read_file(file)
    if problem:
        return CheckSubmission(pasted, sent, previous, command, subject, uploaded=True, problems=(problem,))
    if not pasted.blank and sent != text:
        previous = kept(sent)
    return CheckSubmission(Pasted(text), sent, previous, command, subject, uploaded=True)


def kept(text: str) -> str | None:
    """A text as the previous one. What is far longer than any policy does not travel with every submission."""
    return text if len(text) <= MAX_PREVIOUS else None
