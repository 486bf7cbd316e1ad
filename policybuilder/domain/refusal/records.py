"""Calls that a text holds as JSON: the entries of a HAR file, traces of Cloud Trace Service, lines of a structured log.

A record is an object with an address and a method or a status, beside each other or in its `request` and `response`,
or a trace with its code. Sources: HAR 1.2, http://www.softwareishard.com/blog/har-12-spec/; CTS user guide, "Trace
Structure".
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

MOST_READ = 8  # times the text's length, for a text with many beginnings of JSON that do not end
MOST_TRIED = 2_000  # beginnings; each that is none costs a look back to the start of the text

_URLS = ("url", "uri", "path", "requesturl", "requesturi", "requestpath", "httppath", "endpoint")
_METHODS = ("method", "httpmethod", "requestmethod", "verb")
_STATUSES = ("status", "statuscode", "responsestatus", "responsecode", "httpstatus", "httpstatuscode", "httpcode")
_TRACES = ("traceid", "tracename")
_BEGINNING = re.compile(r'\{\s{0,200}"')
# After the request of an entry that does not end, as its answer begins.
_ANSWER = re.compile(r'\s{0,200},\s{0,200}"response"\s{0,8}:\s{0,8}\{\s{0,200}"status"\s{0,8}:\s{0,8}(\d{3})(?!\d)')
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Record:
    """A call with its answer. `sent` and `answer` are the bodies as text; what is not known is None or ""."""

    method: str | None
    url: str
    status: int | None
    sent: str
    answer: str


@dataclass(frozen=True, slots=True)
class RecordedPart:
    """A piece of JSON in a text, from `start` to `end`, and the records in it; at least one."""

    start: int
    end: int
    records: tuple[Record, ...]


def find_records(text: str) -> Iterator[RecordedPart]:
    """The pieces of JSON in a text that hold records, in its order. Of one that does not end, what is whole inside.

    Of an entry that does not end, all that is there of its answer belongs to it. Each piece is decoded from its
    beginning; MOST_READ and MOST_TRIED keep that linear.
    """
    left, end = MOST_READ * len(text), 0
    for beginning in islice(_BEGINNING.finditer(text), MOST_TRIED):
        at = beginning.start()
        if at < end or left <= 0:
            continue
        try:
            value, end = _DECODER.raw_decode(text, at)
        except json.JSONDecodeError as error:
            left -= error.pos - at
        except (RecursionError, ValueError):  # nested too deep, or a number of thousands of digits
            return
        else:
            left -= end - at
            records = tuple(_records(value))
            answer = _ANSWER.match(text, end)
            if len(records) == 1 and answer:
                following = text.find('"request"', end)
                end = following if following >= 0 else len(text)
                records = (replace(records[0], status=int(answer[1]), answer=text[answer.end() : end]),)
            if records:
                yield RecordedPart(at, end, records)


def _records(value: Any) -> Iterator[Record]:
    """The outermost records in a value, in its order."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        record = _record(one) if isinstance(one, dict) else None
        if record:
            yield record
        elif isinstance(one, dict | list):
            waiting.extend(reversed(list(one.values()) if isinstance(one, dict) else one))


def _record(entry: dict[str, Any]) -> Record | None:
    own = _plain(entry)
    request, response = own.get("request"), own.get("response")
    asked = own | _plain(request) if isinstance(request, dict) else own
    answered = own | _plain(response) if isinstance(response, dict) else own
    method, url = _text(asked, _METHODS), _text(asked, _URLS)
    status = _number(answered, _STATUSES)
    traced = any(name in own for name in _TRACES)
    if traced and status is None:
        status = _number(own, ("code",))
    if not (url and (method or status)) and not (traced and status):
        return None
    answer = "\n".join(_texts([response, own.get("message")] if response else [entry]))
    return Record(method.upper() or None, url, status, _sent(request, own), answer)


def _sent(request: Any, own: dict[str, Any]) -> str:
    """The body of the request, as text; of one that is an object here, its first key."""
    inside = _plain(request) if isinstance(request, dict) else own
    posted = inside.get("postdata")
    body = posted.get("text") if isinstance(posted, dict) else posted or inside.get("body") or request
    if isinstance(body, dict) and body and body is not request:
        return json.dumps({next(iter(body)): None})
    return body if isinstance(body, str) else ""


def _plain(entry: dict[str, Any]) -> dict[str, Any]:
    """With its keys in one spelling: `status_code`, `statusCode` -> `statuscode`."""
    return {key.replace("_", "").replace("-", "").casefold(): value for key, value in entry.items()}


def _text(entry: dict[str, Any], names: tuple[str, ...]) -> str:
    return next((value for name in names if isinstance(value := entry.get(name), str) and value), "")


def _number(entry: dict[str, Any], names: tuple[str, ...]) -> int | None:
    for name in names:
        value = entry.get(name)
        shown = str(value) if isinstance(value, int | str) else ""
        if len(shown) == 3 and shown.isdecimal() and shown.isascii():
            return int(shown)
    return None


def _texts(values: list[Any]) -> Iterator[str]:
    """Every text in the values, in their order."""
    waiting = list(reversed(values))
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict | list):
            waiting.extend(reversed(list(one.values()) if isinstance(one, dict) else one))
