"""A text, as it was pasted, cut into exchanges: a call, what was sent with it, its status and what was answered.

A status belongs to the call before it, or to the one on its line. What stands in front of the first call, and what
people write after an answer, belongs to no exchange.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from .api_calls import NamedCall, PlacedCall, call_of, find_calls, join_lines
from .object_storage import no_refusal
from .records import Record, RecordedPart, find_records
from .statuses import FORBIDDEN, UNAUTHORIZED, Status, authentication_failed, find_statuses

MOST_KEYS = 200

SENTENCE = re.compile(r"""\ballow\s{1,8}["']?([^\s"']{1,128})["']?\s{1,8}to\s{1,8}be\s{1,8}performed""", re.IGNORECASE)
# An answer with status 401 that is about permissions; IAM API Reference, "Error Codes".
_NO_PERMISSION = re.compile(r"\bIAM\.0064\b|\bno\s{1,8}permission\s{1,8}for\s{1,8}action\b", re.IGNORECASE)
_REFUSED_WORDS = re.compile(
    r"\b(?:refused|forbidden|denied|not[ ](?:allowed|permitted|authori[sz]ed))\b", re.IGNORECASE
)
_KEY = re.compile(r"""["']([A-Za-z][A-Za-z0-9_-]{1,63})\\?["']""")
_BODY = re.compile(r"""\{\s{0,40}\\?["']([A-Za-z][A-Za-z0-9_-]{0,63})\\?["']\s{0,8}:""")
_SENT = re.compile(
    r"""(?:request[ _-]?(?:payload|body)|\bpayload)[\\"']{0,3}\s{0,8}[:=]?\s{0,8}(?=\{)""", re.IGNORECASE
)
_NO_BODY = re.compile(
    r"""headers|method|url|body|request|response|log  # the object that holds a call
    |message|errors?|error_?(?:code|msg|message)|code|status|title|type|reason|details?|timestamp  # answers
    |forbidden|unauthorized|badRequest|itemNotFound|conflictingRequest|computeFault
    |(?:request|trace|job)_?id|trace_name""",
    re.VERBOSE | re.IGNORECASE,
)
_HEADER = re.compile(r"[\w-]{1,64}:(?:\s|$)|[A-Z][\w-]{0,40}(?: [A-Z][\w-]{0,40}){1,2}:")
_LINE_BEGUN = re.compile(r"^[ \t]{0,8}(?:https?:/)?/(?:[^\s\"'`]{0,260}/)?\Z", re.MULTILINE)  # up to a path's version
_MOST_BEGUN = 300
_MOST_AHEAD = 2_000  # characters between a status and the call below it, such as a stack trace
_SENTENCE_END = re.compile(r"[.;!?]\s")
_SIGNS = frozenset("{}[]<>|=")


class Outcome(Enum):
    """UNAUTHENTICATED: the service did not accept who called, so that it looked at no policy. FAILED: for another
    reason. UNKNOWN: the text does not tell."""

    REFUSED = "refused"
    UNAUTHENTICATED = "unauthenticated"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A call and what came of it.

    `call` is None where only its answer is there or the address is none of an API. `body` is the key that what was sent
    begins with, "" where that is not known; `keys` are what stands in quotes and can be keys. `before` is what people
    write in front of it, `sent` what was sent, `answer` what came back; all of a text with no status is `before`.
    `asked` is all that can be of the request: its address, headers and body.
    """

    call: NamedCall | None
    outcome: Outcome
    body: str = ""
    keys: tuple[str, ...] = ()
    before: str = ""
    sent: str = ""
    answer: str = ""
    asked: str = ""


def cut(text: str) -> tuple[Exchange | str, ...]:
    """The exchanges of a text, and what belongs to none as it stands there, in its order. Takes linear time."""
    text = join_lines(text)
    recorded = tuple(find_records(text))
    found: list[tuple[int, Exchange | str]] = []
    for part in recorded:
        found += [(part.start, _recorded(record)) for record in part.records]
    text = _without(text, recorded)
    for whole in _pieces(text):
        piece = replace(whole, start=_after_sentences(text, whole))
        found.append((whole.start, text[whole.start : piece.start]))
        end = piece.start
        if piece.placed or piece.status:
            end = _end_of_answer(text, piece) if piece.status else piece.end
            found.append((piece.start, _exchange(text, piece, end)))
        found.append((end, text[end : piece.end]))
    found.sort(key=lambda pair: pair[0])
    return tuple(part for _, part in found if part)


def find_keys(text: str) -> tuple[str, ...]:
    """What stands in quotes and can be the key of an object, in the text's order, each once, MOST_KEYS at most."""
    keys: dict[str, None] = {}
    for match in _KEY.finditer(text):
        keys.setdefault(match[1])
        if len(keys) == MOST_KEYS:
            break
    return tuple(keys)


@dataclass(slots=True)
class _Piece:
    """A part of a text with at most one call and one status. `weak` is a status for want of a better one, `lead` one
    before the call."""

    start: int
    end: int = 0
    placed: PlacedCall | None = None
    status: Status | None = None
    weak: Status | None = None
    lead: Status | None = None


def _pieces(text: str) -> Iterator[_Piece]:
    """The text cut where a call begins, and where an answer begins that is not that of the call before."""
    calls = find_calls(text)
    events: list[PlacedCall | Status] = [*calls, *find_statuses(text, calls)]
    events.sort(key=lambda event: (event.start, isinstance(event, Status)))
    piece = _Piece(0)
    first = next((event for event in events if isinstance(event, PlacedCall) or event.leads or event.head), None)
    leading = isinstance(first, Status) and first.leads  # the text tells each status before its call
    for event, after in zip(events, [*events[1:], None], strict=False):
        if isinstance(event, Status) and leading and event.leads:
            piece.end = event.start
            yield _told(piece)
            piece = _Piece(event.start, lead=event)
            continue
        if isinstance(event, PlacedCall) and _is_led(event, piece):
            piece.placed = event
            continue
        if isinstance(event, Status) and not _opens(event, piece):
            _note(piece, event)
        elif isinstance(event, Status) or _answered_itself(text, event, after) or not _in_answer(event, piece):
            piece.end = event.start
            yield _told(piece)
            piece = _begun(event)
    piece.end = len(text)
    yield _told(piece)


def _after_sentences(text: str, piece: _Piece) -> int:
    """Where a call begins on a line with whole sentences before it."""
    at = piece.placed.at if piece.placed else piece.start
    ends = [match.end() for match in _SENTENCE_END.finditer(text, piece.start, at)]
    return ends[-1] if ends else piece.start


def _begun(event: PlacedCall | Status) -> _Piece:
    if isinstance(event, Status):
        return _Piece(event.start, status=event)
    return _Piece(event.start, placed=event)


def _is_led(placed: PlacedCall, piece: _Piece) -> bool:
    """Whether the status at the beginning of a piece is the status of this call."""
    return piece.lead is not None and not piece.placed and placed.start - piece.lead.end <= _MOST_AHEAD


def _note(piece: _Piece, status: Status) -> None:
    """A status outside an exchange is no more than a number."""
    if piece.placed and status.weak:
        piece.weak = piece.weak or status
    elif piece.placed:
        piece.status = piece.status or status


def _told(piece: _Piece) -> _Piece:
    return replace(piece, status=piece.status or (piece.lead if piece.placed else None) or piece.weak)


def _opens(status: Status, piece: _Piece) -> bool:
    """Whether another answer begins: the call of the piece has one already, or there is no call."""
    if not status.head:
        return False
    return not piece.placed if piece.status is None else piece.status.head or piece.status.code != status.code


def _in_answer(placed: PlacedCall, piece: _Piece) -> bool:
    """Whether an address without a method is part of an answer, so that nothing is called there."""
    return piece.status is not None and placed.guessed and not placed.asked


def _answered_itself(text: str, placed: PlacedCall, after: PlacedCall | Status | None) -> bool:
    """Whether an address begins a line and a status follows on the same line: `https://…/servers 403`."""
    begun = _LINE_BEGUN.search(text, max(0, placed.at - _MOST_BEGUN), placed.at)
    return bool(begun) and isinstance(after, Status) and "\n" not in text[placed.end : after.start].rstrip()


def _exchange(text: str, piece: _Piece, end: int) -> Exchange:
    """Of a piece that has a call or a status, up to `end`."""
    called, status = piece.placed, piece.status
    at, path_end = (called.at, called.end) if called else (piece.start, piece.start)
    outcome = _outcome(status, text[piece.start : end], path_end - piece.start)
    answer_at = _answer_at(text, status, path_end)
    told = find_keys(text[path_end:end])
    call = called.api_call if called else None
    if outcome is Outcome.UNKNOWN:
        rest = text[piece.start : end]
        return Exchange(call, outcome, _body(text[path_end:end]), told, before=rest, asked=rest)
    labelled = _SENT.search(text, path_end, end)
    body = _body(
        text[labelled.end() : end] if labelled else text[path_end : answer_at if answer_at > path_end else end]
    )
    sent, answer = text[path_end:answer_at], text[answer_at:end]
    asked = text[piece.start : max(path_end, answer_at)]
    return Exchange(call, outcome, body, told, text[piece.start : at], sent, answer, asked)


def _answer_at(text: str, status: Status | None, path_end: int) -> int:
    """Where the answer begins: with its status; where that comes first or is a value in the answer, after the path."""
    if status is None or status.start < path_end or text[status.start - 1 : status.start] in ('"', "'", "{"):
        return path_end
    return status.start


def _recorded(record: Record) -> Exchange:
    return Exchange(
        call=call_of(record.method, record.url),
        outcome=_by_status(record.status, record.answer),
        body=_body(record.sent),
        keys=find_keys(record.sent),
        answer=record.answer,
        asked=record.sent,
    )


def _outcome(status: Status | None, text: str, at: int) -> Outcome:
    """By its status; without one, the sentence of a refusal tells, or a word on the call's line. The call ends `at`."""
    line = text[:at] + text[at:].partition("\n")[0]
    if status is None and _REFUSED_WORDS.search(line) and not (no_refusal(text) or authentication_failed(text)):
        return Outcome.REFUSED
    return _by_status(status.code if status else None, text)


def _by_status(code: int | None, text: str) -> Outcome:
    """A call that failed with any status was refused where the answer says so: some services answer 400 or 401."""
    if code is not None and code < 400:
        return Outcome.SUCCEEDED
    if SENTENCE.search(text) or _NO_PERMISSION.search(text):
        return Outcome.REFUSED
    if code in (FORBIDDEN, None) and no_refusal(text):
        return Outcome.FAILED
    if code == FORBIDDEN:
        return Outcome.REFUSED
    if code == UNAUTHORIZED or (code is None and authentication_failed(text)):
        return Outcome.UNAUTHENTICATED
    return Outcome.UNKNOWN if code is None else Outcome.FAILED


def _body(sent: str) -> str:
    """The key that a body begins with, "" where there is none or answers have it, too."""
    match = _BODY.search(sent)
    return match[1] if match and not _NO_BODY.fullmatch(match[1]) else ""


def _without(text: str, parts: tuple[RecordedPart, ...]) -> str:
    """The text, as long as before, with spaces for the parts."""
    pieces, at = [], 0
    for part in parts:
        pieces += [text[at : part.start], " " * (part.end - part.start)]
        at = part.end
    return "".join([*pieces, text[at:]])


def _end_of_answer(text: str, piece: _Piece) -> int:
    """Where people go on writing after an answer: the first line below its status that is prose, else the end."""
    places = [piece.start, piece.status.end if piece.status else 0, piece.placed.end if piece.placed else 0]
    at = text.find("\n", max(places), piece.end) + 1
    for line in text[at : piece.end].splitlines(keepends=True) if at else ():
        if _is_prose(line.strip()):
            return at
        at += len(line)
    return piece.end


def _is_prose(line: str) -> bool:
    """Whether a line is of no header, log or JSON, but of people; or the sentence of a refusal, standing alone."""
    if line[:1] in ("", '"') or not _SIGNS.isdisjoint(line) or '":' in line:
        return False
    if SENTENCE.search(line):
        return True
    return line[0].isalpha() and len(line.split()) > 2 and not _HEADER.match(line)
